package engine

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/storage"
)

// dialoguesKept is how many dialogues are remembered.
const dialoguesKept = 1024

// dialogues reads and writes dialogues. Each is read several times for every turn: what
// was read or written last is remembered with its text, and read again only when that
// has changed. So what a transaction wrote that failed is never taken for what is kept.
// A dialogue is a value that nobody changes in place.
type dialogues struct {
	mu   sync.Mutex
	last map[chat.Key]keptDialogue

	lists   lists
	machine *conversation.Machine
	log     *slog.Logger
}

// keptDialogue is a dialogue with the text that is kept of it; the zero value is none.
type keptDialogue struct {
	text     []byte
	stands   []byte // where its card stands, as it is kept with it; nil: it is not
	dialogue conversation.Dialogue
	lists    map[string]any // that it holds, by name
	drawn    *drawnCard     // shared by all copies
}

// drawnCard is the card of a dialogue, whose look hangs on nothing else: it is drawn once
// until it stands in the chat.
type drawnCard struct {
	once sync.Once
	picture
	ok bool
}

// card draws the dialogue's card; false: it has none.
func (k keptDialogue) card(m *conversation.Machine) (picture, bool) {
	drawn := k.drawn
	if drawn == nil {
		drawn = &drawnCard{}
	}
	drawn.once.Do(func() {
		drawn.screen, drawn.ok = m.Render(k.dialogue)
		drawn.matter = m.Matter(k.dialogue)
		drawn.lang = k.dialogue.Language()
		drawn.digest = digest(drawn.lang, drawn.screen)
	})
	return drawn.picture, drawn.ok
}

// get reads a dialogue in a transaction. An error may be [storage.ErrRecord]; it names the
// key, and nothing of the value.
func (c *dialogues) get(tx storage.Tx, key chat.Key) (kept keptDialogue, found bool, err error) {
	record, err := tx.Get(dialogueKey(key))
	if err != nil || record == nil {
		return keptDialogue{}, false, err
	}
	text, stands := parts(record)
	c.mu.Lock()
	known, ok := c.last[key]
	c.mu.Unlock()
	if ok && bytes.Equal(known.text, text) {
		known.stands = stands
		return known, true, nil
	}
	shelf := c.shelf(tx)
	d, err := c.machine.Decode(text, shelf)
	if shelf.failed != nil {
		return keptDialogue{}, false, shelf.failed
	}
	if err != nil {
		return keptDialogue{}, false, fmt.Errorf("%w: %q, not a dialogue (%T)", storage.ErrRecord, dialogueKey(key), err)
	}
	kept = keptDialogue{text, stands, d, shelf.held, &drawnCard{}}
	c.remember(key, kept)
	return kept, true, nil
}

// put writes a dialogue that was read before in the same transaction, if it has changed.
func (c *dialogues) put(tx storage.Tx, key chat.Key, was keptDialogue, d conversation.Dialogue) error {
	shelf := c.shelf(tx)
	text, d, err := c.machine.Encode(d, shelf)
	if err != nil {
		return err
	}
	drawn := was.drawn
	if !bytes.Equal(text, was.text) {
		drawn = &drawnCard{}
		if err := shelf.settle(was.lists); err != nil {
			return err
		}
		if err := tx.Put(dialogueKey(key), joined(text, was.stands)); err != nil {
			return err
		}
	}
	c.remember(key, keptDialogue{text, was.stands, d, shelf.held, drawn})
	return nil
}

func (c *dialogues) shelf(tx storage.Tx) *shelf {
	return &shelf{lists: &c.lists, tx: tx, log: c.log, held: map[string]any{}}
}

// shown has a dialogue's card be drawn anew when it is wanted again. A screen takes many
// times what the dialogue takes, and what stands in the chat is mostly drawn no more.
func (c *dialogues) shown(key chat.Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if kept, known := c.last[key]; known {
		kept.drawn = &drawnCard{}
		c.last[key] = kept
	}
}

func (c *dialogues) remember(key chat.Key, kept keptDialogue) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == nil {
		c.last = make(map[chat.Key]keptDialogue)
	}
	if _, known := c.last[key]; !known && len(c.last) >= dialoguesKept {
		for other := range c.last { // any
			delete(c.last, other)
			break
		}
	}
	c.last[key] = kept
}

// dialogue reads a dialogue.
func (e *Engine) dialogue(ctx context.Context, key chat.Key) (conversation.Dialogue, bool, error) {
	kept, found, err := e.keptDialogue(ctx, key)
	return kept.dialogue, found, err
}

// keptDialogue reads a dialogue with what is remembered of it.
func (e *Engine) keptDialogue(ctx context.Context, key chat.Key) (kept keptDialogue, found bool, err error) {
	err = e.store.View(ctx, func(tx storage.Tx) error {
		kept, found, err = e.dialogues.get(tx, key)
		return err
	})
	return kept, found, err
}
