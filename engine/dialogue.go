package engine

import (
	"bytes"
	"context"
	"fmt"
	"sync"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/storage"
)

// dialoguesKept is how many dialogues are remembered as they were read.
const dialoguesKept = 128

// dialogues reads dialogues. Each is read several times for every turn, and is
// long, for it holds the vendor's lists: what was read last is remembered with
// the text that it was read from, and read again only when that has changed. A
// dialogue is a value that nobody changes in place.
type dialogues struct {
	mu   sync.Mutex
	last map[chat.Key]readDialogue

	machine *conversation.Machine
}

type readDialogue struct {
	text     []byte
	dialogue conversation.Dialogue
}

// get reads a dialogue in a transaction.
func (c *dialogues) get(tx storage.Tx, key chat.Key) (conversation.Dialogue, bool, error) {
	text, err := tx.Get(dialogueKey(key))
	if err != nil || text == nil {
		return conversation.Dialogue{}, false, err
	}
	c.mu.Lock()
	known, ok := c.last[key]
	c.mu.Unlock()
	if ok && bytes.Equal(known.text, text) {
		return known.dialogue, true, nil
	}
	d, err := decodeDialogue(c.machine, dialogueKey(key), text)
	if err != nil {
		return d, false, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == nil || len(c.last) >= dialoguesKept {
		c.last = make(map[chat.Key]readDialogue)
	}
	c.last[key] = readDialogue{text: bytes.Clone(text), dialogue: d}
	return d, true, nil
}

// decodeDialogue reads a dialogue from its JSON. An error is [storage.ErrRecord]; it
// names the key, and nothing of the value.
func decodeDialogue(m *conversation.Machine, key string, text []byte) (conversation.Dialogue, error) {
	d, err := m.Decode(text)
	if err != nil {
		return conversation.Dialogue{}, fmt.Errorf("%w: %q, not a dialogue (%T)", storage.ErrRecord, key, err)
	}
	return d, nil
}

// dialogue reads a dialogue.
func (e *Engine) dialogue(ctx context.Context, key chat.Key) (d conversation.Dialogue, found bool, err error) {
	err = e.store.View(ctx, func(tx storage.Tx) error {
		d, found, err = e.dialogues.get(tx, key)
		return err
	})
	return d, found, err
}
