package telegram

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"zomrobot/chat"
)

// answerWithin limits how long an answer to a press is tried: later ones are
// of no use to the person.
const answerWithin = 10 * time.Second

// askWithin limits how long a call that a press waits for is tried: Telegram takes
// no answer to a press much later.
const askWithin = 10 * time.Second

// noPreview keeps links from growing into pictures.
func noPreview() *models.LinkPreviewOptions {
	off := true
	return &models.LinkPreviewOptions{IsDisabled: &off}
}

// Draw returns what a message must show. It is called when the message's turn has
// come, and again before each new attempt, so that a message that has waited shows
// the newest state. An error ends the call.
type Draw func() (chat.Screen, error)

// Still draws a screen that does not change.
func Still(s chat.Screen) Draw {
	return func() (chat.Screen, error) { return s, nil }
}

// drawError ends a call whose screen could not be drawn.
type drawError struct{ error }

func (e drawError) Unwrap() error { return e.error }

// drawn is a screen as Telegram takes it.
type drawn struct {
	text     string
	mode     models.ParseMode
	keyboard models.ReplyMarkup
	off      bool   // it has buttons that cannot be pressed
	picture  []byte // a PNG, of which text is the caption; nil: text alone
}

// manner is how much of a screen is shown.
type manner int

const (
	whole manner = iota
	bare         // without its picture
	plain        // without markup and buttons, too
)

// draw draws a screen. A picture that cannot be drawn is left out: the text says what
// matters of it.
func (b *Bot) draw(lang string, draw Draw, how manner) (drawn, error) {
	s, err := draw()
	if err != nil {
		return drawn{}, drawError{err}
	}
	var shown drawn
	if s.Picture != nil && how == whole {
		if shown.picture, err = b.render.picture(lang, *s.Picture); err != nil {
			b.log.Error("a picture is left out", "title", s.Picture.Title.Key, "error", err)
		}
		b.afterPicture()
	}
	if shown.picture == nil {
		s.Picture = nil
	}
	if how == plain {
		text, _ := b.render.screen(lang, s)
		return drawn{text: withoutMarkup(text)}, nil
	}
	s, shown.off = b.offs(s)
	shown.text, shown.keyboard = b.render.screen(lang, s)
	shown.mode = models.ParseModeHTML
	return shown, nil
}

// withoutPicture reports whether a message was refused that may be taken without its
// picture: a group may not let pictures in.
func (d drawn) withoutPicture(err error) bool {
	return d.picture != nil && errors.Is(err, ErrRefused) &&
		!errors.Is(err, ErrNoMessage) && !errors.Is(err, errNotModified) && !errors.Is(err, errNoThread)
}

// offs returns a screen as this server of Telegram's takes it, and whether it has buttons
// that cannot be pressed: a server of somebody's own may be older than those are.
func (b *Bot) offs(s chat.Screen) (chat.Screen, bool) {
	off := func(button chat.Button) bool { return button.Off }
	has := func(row []chat.Button) bool { return slices.ContainsFunc(row, off) }
	if !slices.ContainsFunc(s.Rows, has) {
		return s, false
	}
	if !b.noOffs.Load() {
		return s, true
	}
	rows := s.Rows
	s.Rows = nil
	for _, row := range rows {
		s.Rows = append(s.Rows, slices.DeleteFunc(slices.Clone(row), off))
	}
	return s, false
}

// learnOffs notes that Telegram refuses buttons that cannot be pressed, if a message that
// has some was refused for a reason that is not known, and reports whether it has learned
// that just now. The message is then tried again.
func (b *Bot) learnOffs(off bool, err error) bool {
	if !off || !errors.Is(err, errUnlisted) || !b.noOffs.CompareAndSwap(false, true) {
		return false
	}
	b.log.Warn("Telegram refuses a message with a disabled button; there will be none", "error", err)
	return true
}

// say draws a screen and makes the call that shows it. A server that does not know moments
// gets it once more without, and all that comes later.
func (b *Bot) say(lang string, draw Draw, how manner, call func(drawn) error) error {
	shown, err := b.draw(lang, draw, how)
	if err != nil {
		return err
	}
	err = call(shown)
	if err == nil || !strings.Contains(strings.ToLower(err.Error()), `start tag "`+momentTag+`"`) {
		return err
	}
	b.log.Warn("the Bot API server does not know moments; they are sent as text", "error", err)
	b.render.textual.Store(true)
	if shown, err = b.draw(lang, draw, how); err != nil {
		return err
	}
	return call(shown)
}

// Send shows a screen as a new message in the dialogue's chat and topic, and
// returns the message's id. lang is "en" or "ru". protect turns forwarding and
// saving off. A picture that the chat does not take is left out.
//
// It waits for the chat's pace as long as ctx allows. It fails with
// [ErrGone], [ErrRefused], [ErrUnsent], a [TooManyError] or a [MigratedError]
// when nothing was sent, and with [ErrUncertain] when the message may have
// arrived: it is for the caller to decide whether to send it again.
//
// A message that Telegram refuses for an unknown reason is tried without markup and
// buttons, and one whose topic is gone, or that is still refused, in the chat
// itself: said badly is better than not said.
func (b *Bot) Send(ctx context.Context, key chat.Key, lang string, draw Draw, protect bool) (message int, err error) {
	for _, how := range []manner{whole, plain} {
		message, err = b.send(ctx, key, lang, draw, protect, how)
		if !errors.Is(err, errUnlisted) {
			break
		}
		b.log.WarnContext(ctx, "Telegram refuses a message", "plain", how == plain, "error", err)
	}
	if key.Thread != 0 && (errors.Is(err, errUnlisted) || errors.Is(err, errNoThread)) {
		key.Thread = 0
		return b.Send(ctx, key, lang, draw, protect)
	}
	return message, err
}

func (b *Bot) send(ctx context.Context, key chat.Key, lang string, draw Draw, protect bool, how manner) (message int, err error) {
	var shown drawn
	err = b.deliver(ctx, "send message", key.Chat, newMessage, false, func() error {
		err := b.say(lang, draw, how, func(s drawn) (err error) {
			shown = s
			message, err = b.post(ctx, key, s, protect)
			return err
		})
		if err == nil && message == 0 {
			return fmt.Errorf("%w: answer without a message", ErrUncertain)
		}
		return err
	})
	switch {
	case shown.withoutPicture(err):
		b.log.InfoContext(ctx, "a picture is not taken; the text is sent alone", "error", err)
		return b.send(ctx, key, lang, draw, protect, bare)
	case b.learnOffs(shown.off, err):
		return b.send(ctx, key, lang, draw, protect, how)
	}
	return message, err
}

// post makes the call that shows a new message, and returns its id.
func (b *Bot) post(ctx context.Context, key chat.Key, shown drawn, protect bool) (int, error) {
	if shown.picture != nil {
		return b.sendPicture(ctx, key, shown, protect)
	}
	var sent struct {
		ID int `json:"message_id"`
	}
	err := b.caller.call(ctx, "sendMessage", &bot.SendMessageParams{
		ChatID:             key.Chat,
		MessageThreadID:    key.Thread,
		Text:               shown.text,
		ParseMode:          shown.mode,
		LinkPreviewOptions: noPreview(),
		ProtectContent:     protect,
		ReplyMarkup:        shown.keyboard,
	}, &sent)
	return sent.ID, err
}

// Edit makes a message of the bot show a screen, also a picture where there was none; one
// that has a picture cannot lose it, and is refused with an error that is
// neither [ErrGone] nor [ErrNoMessage]. A message that already shows the screen is a success. It fails as [Bot.Send] does, and with [ErrNoMessage] when the message
// can no longer be edited; an edit whose outcome is not known was repeated and may
// be repeated again.
func (b *Bot) Edit(ctx context.Context, key chat.Key, lang string, message int, draw Draw) error {
	return b.edit(ctx, key, lang, message, draw, whole)
}

func (b *Bot) edit(ctx context.Context, key chat.Key, lang string, message int, draw Draw, how manner) error {
	var shown drawn
	err := b.deliver(ctx, "edit message", key.Chat, edit, true, func() error {
		return b.say(lang, draw, how, func(s drawn) error {
			shown = s
			if s.picture != nil {
				return b.editPicture(ctx, key, message, s)
			}
			return b.caller.call(ctx, "editMessageText", &bot.EditMessageTextParams{
				ChatID:             key.Chat,
				MessageID:          message,
				Text:               s.text,
				ParseMode:          s.mode,
				LinkPreviewOptions: noPreview(),
				ReplyMarkup:        s.keyboard,
			}, nil)
		})
	})
	switch {
	case shown.withoutPicture(err):
		b.log.InfoContext(ctx, "a picture is not taken; the text is shown alone", "error", err)
		return b.edit(ctx, key, lang, message, draw, bare)
	case b.learnOffs(shown.off, err):
		return b.edit(ctx, key, lang, message, draw, how)
	}
	return unless(err, errNotModified)
}

// Strip removes the buttons of a message of the bot. One without buttons is a
// success. It fails as [Bot.Edit] does.
func (b *Bot) Strip(ctx context.Context, key chat.Key, message int) error {
	err := b.deliver(ctx, "strip message", key.Chat, other, true, func() error {
		return b.caller.call(ctx, "editMessageReplyMarkup", &bot.EditMessageReplyMarkupParams{ChatID: key.Chat, MessageID: message}, nil)
	})
	return unless(err, errNotModified)
}

// Delete removes a message: the bot's own, or in a private chat a person's. A
// message that is already gone is a success. It fails as [Bot.Edit] does;
// [ErrNoMessage] then says that the message stays (it is older than 48 hours, or in
// a group without the right to delete).
func (b *Bot) Delete(ctx context.Context, key chat.Key, message int) error {
	err := b.deliver(ctx, "delete message", key.Chat, other, true, func() error {
		return b.caller.call(ctx, "deleteMessage", &bot.DeleteMessageParams{ChatID: key.Chat, MessageID: message}, nil)
	})
	return unless(err, errDeleted)
}

// Remove removes messages of one chat, as Delete does each of them. It fails with
// [ErrNoMessage] when one of them stays; the others are gone.
func (b *Bot) Remove(ctx context.Context, key chat.Key, messages []int) error {
	if len(messages) == 1 {
		return b.Delete(ctx, key, messages[0])
	}
	err := b.deliver(ctx, "delete messages", key.Chat, other, true, func() error {
		return b.caller.call(ctx, "deleteMessages", &bot.DeleteMessagesParams{ChatID: key.Chat, MessageIDs: messages}, nil)
	})
	if !errors.Is(err, ErrNoMessage) {
		return err
	}
	// Telegram removes none of them when one has to stay.
	var stays error
	for _, message := range messages {
		stays = errors.Join(stays, b.Delete(ctx, key, message))
	}
	return stays
}

// Typing shows in the dialogue's chat and topic for a few seconds that the bot is at
// work. It is tried once, for it is of no use later.
func (b *Bot) Typing(ctx context.Context, key chat.Key) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	err := classify(b.caller.call(ctx, "sendChatAction", &bot.SendChatActionParams{ChatID: key.Chat, MessageThreadID: key.Thread, Action: models.ChatActionTyping}, nil))
	if err != nil {
		return fmt.Errorf("show typing in chat %d: %w", key.Chat, err)
	}
	return nil
}

// Answer answers a press: without a text it only stops the spinner. alert shows
// the text in a window that must be closed. A press that is too old to be
// answered is a success. It waits for no message and takes at most 10 seconds.
func (b *Bot) Answer(ctx context.Context, press, lang string, text *chat.Phrase, alert bool) error {
	params := &bot.AnswerCallbackQueryParams{CallbackQueryID: press}
	if text != nil {
		params.Text, params.ShowAlert = b.render.toast(lang, *text), alert
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	err := b.pace.insist(ctx, nil, other, true, func() error {
		return b.caller.call(ctx, "answerCallbackQuery", params, nil)
	})
	if err = unless(err, errTooOld); err != nil {
		return fmt.Errorf("answer press: %w", err)
	}
	return nil
}

// deliver makes a call in a chat's lane. harmless: it may be repeated when its outcome
// is not known.
func (b *Bot) deliver(ctx context.Context, what string, chat int64, k kind, harmless bool, call func() error) error {
	if err := b.pace.do(ctx, chat, k, harmless, call); err != nil {
		return fmt.Errorf("%s in chat %d: %w", what, chat, err)
	}
	return nil
}

// ask makes a reading call about a chat, which a press waits for. It does not queue
// with the chat's messages, which may wait long for their pace.
func (b *Bot) ask(ctx context.Context, what string, chat int64, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if err := b.pace.ask(ctx, chat, func() error { return call(ctx) }); err != nil {
		return fmt.Errorf("%s in chat %d: %w", what, chat, err)
	}
	return nil
}

// unless returns err, or nil when err is of the kind that does not matter.
func unless(err, kind error) error {
	if errors.Is(err, kind) {
		return nil
	}
	return err
}
