package engine

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/engine/journal"
	"zomrobot/locales"
	"zomrobot/storage"
)

// anonymousEvery is how often at the most a group is told how an anonymous
// administrator can order.
const anonymousEvery = time.Hour

// group is what is kept of a group as such.
type group struct {
	Title   string    `json:"title,omitempty"`
	Lang    string    `json:"lang,omitempty"`    // heard last in it; "": nothing yet
	Greeted bool      `json:"greeted,omitempty"` // since the bot was added
	Refused bool      `json:"refused,omitempty"` // it was told that the bot is not for it
	Advised time.Time `json:"advised,omitzero"`  // when an anonymous administrator was told last
}

func (e *Engine) group(ctx context.Context, chat int64) (group, error) {
	g, _, err := storage.Read[group](ctx, e.store, groupKey(chat))
	return g, err
}

// noteGroup changes what is kept of a group; nothing is kept of a private chat.
func noteGroup(tx storage.Tx, key chat.Key, change func(*group)) error {
	if key.Private() {
		return nil
	}
	was, _, err := storage.Get[group](tx, groupKey(key.Chat))
	is := was
	change(&is)
	if err != nil || is == was {
		return err
	}
	return storage.Put(tx, groupKey(key.Chat), is)
}

// heardIn joins the turn of what a person did: it notes how the group is called,
// and which language is spoken there.
func heardIn(key chat.Key, title string, event chat.Event) func(storage.Tx) error {
	return func(tx storage.Tx) error {
		return noteGroup(tx, key, func(g *group) {
			g.Lang = chat.LanguageOf(event)
			if title != "" {
				g.Title = title
			}
		})
	}
}

// memberLeft closes what somebody was doing in a group that they have left, in all
// of its topics, and takes them out of its teams. Purchases that nobody has to
// approve any more go on.
func (e *Engine) memberLeft(ctx context.Context, chat, user int64, taken func(storage.Tx) error) error {
	keys, err := e.dialoguesIn(ctx, chat)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if key.User != user {
			continue
		}
		if err := e.turn(ctx, key, conversation.Left{}); err != nil {
			return fmt.Errorf("%d has left chat %d: %w", user, chat, err)
		}
	}
	if err := e.leaveTeams(ctx, chat, user); err != nil {
		return err
	}
	return e.membersChanged(ctx, chat, taken)
}

// membersChanged looks again at what is held up in a group in which somebody has
// joined or left.
func (e *Engine) membersChanged(ctx context.Context, chat int64, taken func(storage.Tx) error) error {
	return e.beside(ctx, func(t *transaction) error {
		t.held = append(t.held, inChat(chat))
		return nil
	}, taken)
}

// dialoguesIn lists the dialogues of a chat, in all of its topics.
func (e *Engine) dialoguesIn(ctx context.Context, group int64) ([]chat.Key, error) {
	names, err := storage.Keys(ctx, e.store, journal.DialoguePrefix+strconv.FormatInt(group, 10)+"/")
	if err != nil {
		return nil, err
	}
	keys := make([]chat.Key, len(names))
	for i, name := range names {
		if keys[i], err = chat.ParseKey(strings.TrimPrefix(name, journal.DialoguePrefix)); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// botChanged takes in what the bot may do now in a chat: where it was added it
// greets, and where it can write again it says what was missed.
func (e *Engine) botChanged(ctx context.Context, key chat.Key, title string, event chat.BotChanged, taken func(storage.Tx) error) error {
	match := func(k chat.Key) bool { return k.User == key.User }
	if !key.Private() {
		match = func(k chat.Key) bool {
			return k.Chat == key.Chat && (key.Thread == 0 || k.Thread == key.Thread)
		}
	}
	var shown []post
	if event.Is == chat.StandingWrite {
		err := e.catchUp(ctx, match)
		if err == nil && !key.Private() {
			shown, err = e.underWay(ctx, key.Chat)
			shown = slices.DeleteFunc(shown, func(p post) bool { return !match(p.To) })
		}
		if err == nil {
			shown, err = e.postMany(ctx, shown)
		}
		if err == nil && !key.Private() && event.Was == chat.StandingAway {
			err = e.ownersHere(ctx, key.Chat)
		}
		if err != nil {
			return err
		}
	}
	err := e.beside(ctx, func(t *transaction) error {
		t.held = append(t.held, inChat(key.Chat))
		for _, p := range shown {
			if err := t.post(p); err != nil {
				return err
			}
		}
		return t.greet(key, title, event)
	}, taken)
	if err != nil {
		return fmt.Errorf("the bot's rights in chat %d: %w", key.Chat, err)
	}
	return nil
}

// greet says in a group that the bot was added to what it does, or that it is not
// for this group.
func (t *transaction) greet(key chat.Key, title string, event chat.BotChanged) error {
	var said *chat.Screen
	say := func(s chat.Screen) { said = &s }
	lang := chat.LanguageOf(event)
	err := noteGroup(t.tx, key, func(g *group) {
		if title != "" {
			g.Title = title
		}
		switch {
		case event.Is == chat.StandingAway:
			g.Greeted = false
		case event.Was != chat.StandingAway:
		case !t.engine.chatAllowed(key):
			if !g.Refused {
				g.Refused = true
				say(conversation.ChatRefused())
			}
		case !g.Greeted:
			g.Greeted, g.Lang = true, lang
			say(conversation.GroupGreeting())
		}
	})
	if err != nil || said == nil {
		return err
	}
	return t.post(post{To: key, Lang: lang, Effect: &outward{conversation.Notify{Screen: *said}}})
}

// anonymous tells who writes in the name of the group or a channel how to order, from time to time:
// nobody knows who it is, so nobody could be asked to pay.
func (e *Engine) anonymous(ctx context.Context, key chat.Key, event chat.Anonymous, taken func(storage.Tx) error) error {
	if !e.chatAllowed(key) {
		return e.refuse(ctx, key, event, taken)
	}
	err := e.beside(ctx, func(t *transaction) error {
		now, due := e.now(), false
		langs := locales.Languages()
		err := noteGroup(t.tx, key, func(g *group) {
			if g.Lang != "" {
				langs = []string{g.Lang}
			}
			if due = now.Sub(g.Advised) >= anonymousEvery; due {
				g.Advised = now
			}
		})
		if err != nil || !due {
			return err
		}
		for _, lang := range langs {
			advice := conversation.Notify{Screen: conversation.Advice(event)}
			if err := t.post(post{To: key, Lang: lang, Effect: &outward{advice}}); err != nil {
				return err
			}
		}
		return nil
	}, taken)
	if err != nil {
		return fmt.Errorf("advise an anonymous administrator of chat %d: %w", key.Chat, err)
	}
	return nil
}
