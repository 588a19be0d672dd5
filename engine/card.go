package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"zomrobot/chat"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// card is where a card stands in the chat, and what it shows.
type card struct {
	spot
	Shown string `json:"shown"` // digest of the screen and its language; "" after its buttons were taken off
}

// loadCard reads where the card is that is kept under name. One of a former chat
// is out of reach: it stands nowhere.
func (e *Engine) loadCard(ctx context.Context, to chat.Key, name string) (c card, found bool, err error) {
	err = e.store.View(ctx, func(tx storage.Tx) error {
		c, found, err = getCard(tx, name)
		return err
	})
	if shown, ok := e.edited.get(name); ok {
		c.Shown = shown
	}
	if c.Chat == 0 {
		c.Chat = to.Chat
	}
	if e.chat.former(c.Chat) {
		c = card{}
	}
	return c, found, err
}

// showCard brings a dialogue's card up to date.
func (e *Engine) showCard(ctx context.Context, er errand, asNew bool) error {
	key, lang := er.key, er.lang
	shown, ok, err := e.drawCard(ctx, key)
	if err != nil {
		return err
	}
	if ok {
		draw := func() (picture, error) {
			newer, ok, err := e.drawCard(ctx, key)
			if !ok {
				return shown, err // it will be retired
			}
			return newer, err
		}
		err = e.place(ctx, er, cardKey(key), draw, asNew)
	} else {
		err = e.retireCard(ctx, key, cardKey(key))
	}
	if err != nil {
		return err
	}
	return e.showPrompt(ctx, key, lang)
}

func (e *Engine) drawCard(ctx context.Context, key chat.Key) (picture, bool, error) {
	kept, _, err := e.keptDialogue(ctx, key)
	if err != nil {
		return picture{}, false, err
	}
	drawn, ok := kept.card(e.machine)
	return drawn, ok, nil
}

// place shows what is drawn as the card that is kept under name: by an edit where
// the card stands, or as a new message. It is drawn when its turn has come.
func (e *Engine) place(ctx context.Context, er errand, name string, draw func() (picture, error), asNew bool) error {
	to, lang := er.key, er.lang
	now, _, err := e.loadCard(ctx, to, name)
	if err != nil {
		return err
	}
	var shown string
	drawn := func() (chat.Screen, error) {
		drawn, err := draw()
		if err == nil {
			shown = drawn.digestIn(lang)
		}
		return drawn.screen, err
	}
	if now.Message != 0 && !asNew && now.Chat == e.chat.current(to.Chat) {
		if _, err := drawn(); err != nil {
			return err
		}
		if now.Shown == shown && !er.again {
			if _, pending := e.edited.get(name); pending && er.tail != nil {
				er.tail.edited = name
			}
			return nil
		}
		e.edited.note(name, "") // until it is known what became of the edit
		err := e.chat.Edit(ctx, now.spot, lang, drawn)
		if err == nil {
			if er.tail == nil {
				return e.keepCard(ctx, name, card{spot: now.spot, Shown: shown})
			}
			er.tail.edited = name
			e.edited.note(name, shown)
			return nil
		}
		if !errors.Is(err, telegram.ErrRefused) || errors.Is(err, telegram.ErrGone) {
			return fmt.Errorf("edit card: %w", err)
		}
	}
	at, err := e.chat.Send(ctx, to, lang, drawn, false)
	if err != nil {
		return fmt.Errorf("send card: %w", err)
	}
	if err := e.keepCard(ctx, name, card{spot: at, Shown: shown}); err != nil {
		return err
	}
	if now.Message != 0 {
		e.strip(ctx, to, now.spot)
	}
	return nil
}

// retireCard takes the buttons off a card that has nothing more to show.
func (e *Engine) retireCard(ctx context.Context, to chat.Key, name string) error {
	now, found, err := e.loadCard(ctx, to, name)
	if err != nil || !found {
		return err
	}
	if now.Message != 0 {
		e.strip(ctx, to, now.spot)
	}
	e.edited.forget(name)
	return e.store.Update(ctx, func(tx storage.Tx) error { return deleteCard(tx, name) })
}

// strip takes the buttons off a message. Buttons that stay are harmless: a tap
// on them is told that they are old.
func (e *Engine) strip(ctx context.Context, to chat.Key, at spot) {
	if err := e.chat.Strip(ctx, at); err != nil {
		e.log.Debug("buttons of an old card stay", "dialogue", to.String(), "error", err)
	}
}

// keepCard notes where a card stands, also when the program is about to stop:
// the message is in the chat.
func (e *Engine) keepCard(ctx context.Context, name string, c card) error {
	e.edited.forget(name)
	return e.store.Update(context.WithoutCancel(ctx), func(tx storage.Tx) error { return putCard(tx, name, c) })
}

// edits are what cards show that were edited, until it is written down: editing one again
// does no harm, so that this can wait for a commit of somebody else.
type edits struct {
	mu    sync.Mutex
	shown map[string]string // digests, by the names of the cards; "": nobody knows
}

func (e *edits) note(name, shown string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.shown == nil {
		e.shown = make(map[string]string)
	}
	e.shown[name] = shown
}

func (e *edits) get(name string) (shown string, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	shown, ok = e.shown[name]
	return shown, ok
}

func (e *edits) forget(name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.shown, name)
}

// write writes down what a card shows by now, and returns it.
func (e *edits) write(tx storage.Tx, name string) (shown string, err error) {
	shown, ok := e.get(name)
	if !ok {
		return "", nil
	}
	c, found, err := getCard(tx, name)
	if err != nil || !found {
		return "", err
	}
	c.Shown = shown
	return shown, putCard(tx, name, c)
}

// wrote notes that it is on disk what a card shows, unless it has been edited since.
func (e *edits) wrote(name, shown string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.shown[name] == shown {
		delete(e.shown, name)
	}
}

// picture is a screen, and its digest where it is known.
type picture struct {
	screen       chat.Screen
	lang, digest string // of the digest; "": it is not known
}

// drawing draws what is nowhere remembered.
func drawing(draw telegram.Draw) func() (picture, error) {
	return func() (picture, error) {
		screen, err := draw()
		return picture{screen: screen}, err
	}
}

// digestIn returns the digest of the picture in a language.
func (p picture) digestIn(lang string) string {
	if p.digest != "" && p.lang == lang {
		return p.digest
	}
	return digest(lang, p.screen)
}
