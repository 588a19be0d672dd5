package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// card is where a card stands in the chat, and what it shows.
type card struct {
	spot
	appearance
}

// appearance is what a card shows.
type appearance struct {
	Shown   string `json:"shown"`             // digest of the screen and its language; "": nobody knows
	Matter  string `json:"matter,omitempty"`  // what it is about, see [conversation.Machine.Matter]
	Picture bool   `json:"picture,omitempty"` // it has a picture, which no edit takes away
}

// loadCard reads where the card is that is kept under name. One of a former chat
// is out of reach: it stands nowhere.
func (e *Engine) loadCard(ctx context.Context, to chat.Key, name string) (c card, found bool, err error) {
	err = e.store.View(ctx, func(tx storage.Tx) error {
		c, found, err = getCard(tx, name)
		return err
	})
	if shown, ok := e.edited.get(name); ok {
		c.appearance = shown
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
func (e *Engine) showCard(ctx context.Context, er errand, how placing) error {
	key, lang := er.key, er.lang
	shown, ok, err := e.drawCard(ctx, key)
	if err != nil {
		return err
	}
	switch {
	case ok:
		draw := func() (picture, error) {
			newer, ok, err := e.drawCard(ctx, key)
			if !ok {
				return shown, err // it will be retired
			}
			return newer, err
		}
		err = e.place(ctx, er, cardKey(key), draw, how)
		e.dialogues.shown(key)
	case shown.handed:
		// The purchase comes next, and takes it over.
	default:
		err = e.retireCard(ctx, key, cardKey(key), how.typed)
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
	drawn.handed = kept.dialogue.Handed
	return drawn, ok, nil
}

// placing is how a card is shown.
type placing struct {
	asNew bool   // as a new message
	typed int    // with asNew: the person's message that it answers, which goes; 0: none does
	over  string // the card that it takes over if it stands nowhere yet; "": none
}

// standing reads where the card is that is kept under name, or the one that it takes over,
// whose name is taken then.
func (e *Engine) standing(ctx context.Context, to chat.Key, name string, how placing) (now card, taken string, err error) {
	now, _, err = e.loadCard(ctx, to, name)
	if err != nil || now.Message != 0 || how.over == "" {
		return now, "", err
	}
	now, _, err = e.loadCard(ctx, to, how.over)
	now.Shown = ""
	return now, how.over, err
}

// place shows what is drawn as the card that is kept under name: by an edit where
// the card stands, or as a new message. It is drawn when its turn has come.
func (e *Engine) place(ctx context.Context, er errand, name string, draw func() (picture, error), how placing) error {
	to, lang := er.key, er.lang
	now, taken, err := e.standing(ctx, to, name, how)
	if err != nil {
		return err
	}
	var shown appearance
	drawn := func() (chat.Screen, error) {
		drawn, err := draw()
		if err == nil {
			shown = appearance{Shown: drawn.digestIn(lang), Matter: drawn.matter, Picture: drawn.screen.Picture != nil}
		}
		return drawn.screen, err
	}
	if now.Message != 0 && !how.asNew && now.Chat == e.chat.current(to.Chat) {
		if _, err := drawn(); err != nil {
			return err
		}
		if shown.Picture || !now.Picture { // no edit takes a picture away
			err := e.editCard(ctx, er, name, now, taken, &shown, drawn)
			if !errors.Is(err, telegram.ErrRefused) || errors.Is(err, telegram.ErrGone) {
				return err
			}
		}
	}
	at, err := e.chat.Send(ctx, to, lang, drawn, false)
	if err != nil {
		return fmt.Errorf("send card: %w", err)
	}
	if err := e.keepCard(ctx, name, card{at, shown}, taken); err != nil {
		return err
	}
	e.tidy(ctx, to, now, shown.Matter, how.typed)
	return nil
}

// editCard edits a card where it stands, unless it shows that already; shown is what drawn
// has drawn last. taken is the name that the card has had before; "": none.
func (e *Engine) editCard(ctx context.Context, er errand, name string, now card, taken string, shown *appearance, drawn telegram.Draw) error {
	if now.Shown == shown.Shown && !er.again {
		if _, pending := e.edited.get(name); pending && er.tail != nil {
			er.tail.edited = name
		}
		return nil
	}
	e.edited.note(name, appearance{Matter: now.Matter, Picture: now.Picture}) // until it is known what became of the edit
	if err := e.chat.Edit(ctx, now.spot, er.lang, drawn); err != nil {
		return fmt.Errorf("edit card: %w", err)
	}
	if er.tail == nil || taken != "" {
		return e.keepCard(ctx, name, card{now.spot, *shown}, taken)
	}
	er.tail.edited = name
	e.edited.note(name, *shown)
	return nil
}

// retireCard removes a card that has nothing more to show, or its buttons.
func (e *Engine) retireCard(ctx context.Context, to chat.Key, name string, typed int) error {
	now, found, err := e.loadCard(ctx, to, name)
	if err != nil || !found {
		return err
	}
	e.tidy(ctx, to, now, now.Matter, typed)
	e.edited.forget(name)
	return e.store.Update(ctx, func(tx storage.Tx) error { return deleteCard(tx, name) })
}

// tidy removes from the chat what is of no more use: a card after which there is another
// of a matter, or a picture, which no edit makes into that one, and what the person had typed for it. A card that holds what they may want
// loses its buttons. It is done once, as well as Telegram lets the bot: what stays does
// no harm, and nothing waits for it or is kept of it.
func (e *Engine) tidy(ctx context.Context, to chat.Key, was card, matter string, typed int) {
	var gone []int
	goes := was.Picture || was.Matter == conversation.MatterAsked || was.Matter != "" && was.Matter == matter
	if was.Message != 0 && goes {
		gone = append(gone, was.Message)
	}
	in := e.chat.current(to.Chat)
	if typed != 0 && (len(gone) == 0 || was.Chat == in) {
		gone = append(gone, typed)
	}
	if len(gone) > 0 {
		if goes && was.Message != 0 {
			in = was.Chat
		}
		err := e.chat.Remove(ctx, in, gone)
		if err == nil {
			gone = nil
		} else {
			e.log.DebugContext(ctx, "a message that is of no more use stays", "dialogue", to.String(), "error", err)
		}
	}
	if was.Message != 0 && (!goes || len(gone) > 0) {
		e.strip(ctx, to, was.spot)
	}
}

// strip takes the buttons off a message. Buttons that stay are harmless: a tap
// on them is told that they are old.
func (e *Engine) strip(ctx context.Context, to chat.Key, at spot) {
	if err := e.chat.Strip(ctx, at); err != nil {
		e.log.DebugContext(ctx, "buttons of an old card stay", "dialogue", to.String(), "error", err)
	}
}

// keepCard notes where a card stands, also when the program is about to stop: the
// message is in the chat. taken is the card that it was before; "": none.
func (e *Engine) keepCard(ctx context.Context, name string, c card, taken string) error {
	e.edited.forget(name)
	if taken != "" {
		e.edited.forget(taken)
	}
	return e.store.Update(context.WithoutCancel(ctx), func(tx storage.Tx) error {
		if taken != "" {
			if err := deleteCard(tx, taken); err != nil {
				return err
			}
		}
		return putCard(tx, name, c)
	})
}

// edits are what cards show that were edited, until it is written down: editing one again
// does no harm, so that this can wait for a commit of somebody else.
type edits struct {
	mu    sync.Mutex
	shown map[string]appearance // by the names of the cards
}

func (e *edits) note(name string, shown appearance) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.shown == nil {
		e.shown = make(map[string]appearance)
	}
	e.shown[name] = shown
}

func (e *edits) get(name string) (shown appearance, ok bool) {
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
func (e *edits) write(tx storage.Tx, name string) (shown appearance, err error) {
	shown, ok := e.get(name)
	if !ok {
		return appearance{}, nil
	}
	c, found, err := getCard(tx, name)
	if err != nil || !found {
		return appearance{}, err
	}
	c.appearance = shown
	return shown, putCard(tx, name, c)
}

// wrote notes that it is on disk what a card shows, unless it has been edited since.
func (e *edits) wrote(name string, shown appearance) {
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
	matter       string // see [conversation.Machine.Matter]
	handed       bool   // of a dialogue without a card: a purchase takes it over
}

// digestIn returns the digest of the picture in a language.
func (p picture) digestIn(lang string) string {
	if p.digest != "" && p.lang == lang {
		return p.digest
	}
	return digest(lang, p.screen)
}
