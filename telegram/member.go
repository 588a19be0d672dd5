package telegram

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"zomrobot/chat"
)

// The statuses of people who are not in a group, in Telegram's words.
const (
	statusLeft       = string(models.ChatMemberTypeLeft)
	statusRestricted = string(models.ChatMemberTypeRestricted)
)

// Member returns what a person is in the dialogue's group now, in Telegram's
// words: "creator", "administrator", "member", "restricted", "left" or "kicked".
// Somebody whom the group has never seen has "left", and so has somebody restricted
// who is not there. It fails as [Bot.Edit] does. It waits for no message to the
// group, and no longer than 10 seconds: a press waits for it.
func (b *Bot) Member(ctx context.Context, in chat.Key, user int64) (status string, err error) {
	err = b.ask(ctx, "ask for a member", in.Chat, func(ctx context.Context) error {
		member, err := b.api.GetChatMember(ctx, &bot.GetChatMemberParams{ChatID: in.Chat, UserID: user})
		if err != nil {
			return err
		}
		status = string(member.Type)
		if status == statusRestricted && member.Restricted != nil && !member.Restricted.IsMember {
			status = statusLeft
		}
		return nil
	})
	if errors.Is(err, ErrRefused) && unknownPerson(err) {
		return statusLeft, nil
	}
	return status, err
}

// Administrators returns the people who run the dialogue's group: its creator
// first, without bots and those who act in the group's name. It fails, and waits,
// as [Bot.Member] does.
func (b *Bot) Administrators(ctx context.Context, in chat.Key) (people []chat.Person, err error) {
	err = b.ask(ctx, "ask for the administrators", in.Chat, func(ctx context.Context) error {
		members, err := b.api.GetChatAdministrators(ctx, &bot.GetChatAdministratorsParams{ChatID: in.Chat})
		if err != nil {
			return err
		}
		people = people[:0]
		for _, m := range members {
			switch {
			case m.Owner != nil && m.Owner.User != nil && !m.Owner.IsAnonymous:
				people = slices.Insert(people, 0, personOf(*m.Owner.User))
			case m.Administrator != nil && !m.Administrator.User.IsBot && !m.Administrator.IsAnonymous:
				people = append(people, personOf(m.Administrator.User))
			}
		}
		return nil
	})
	return people, err
}

func personOf(u models.User) chat.Person {
	return person(wireUser{ID: u.ID, FirstName: u.FirstName, LastName: u.LastName, Language: u.LanguageCode})
}

// unknownPerson reports whether Telegram does not know the person in the group.
func unknownPerson(err error) bool {
	text := strings.ToLower(err.Error())
	for _, part := range []string{"user not found", "member not found", "participant_id_invalid", "user_id_invalid"} {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}
