package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"zomrobot/engine/journal"
	"zomrobot/storage"
)

// Where a dialogue's card stands is kept in the dialogue's record, behind what the
// dialogue itself is: both are written at each tap, and a record of its own costs a person
// a hundred bytes more and each commit a page. Other cards have records of their own, and so
// has the card of a dialogue that an earlier version wrote, until the card is shown again.

// cardMember begins where the card stands, the last member of a dialogue's record.
const cardMember = `,"stands":`

// parts takes a dialogue's record apart: what the dialogue is, and where its card stands,
// nil when that is not in there.
func parts(record []byte) (dialogue, card []byte) {
	at := bytes.LastIndex(record, []byte(cardMember))
	if at < 0 {
		return record, nil
	}
	end := len(record) - len("}")
	return append(bytes.Clone(record[:at]), '}'), record[at+len(cardMember) : end]
}

// joined is what parts takes apart.
func joined(dialogue, card []byte) []byte {
	if card == nil {
		return dialogue
	}
	return bytes.Join([][]byte{dialogue[:len(dialogue)-len("}")], []byte(cardMember), card, []byte("}")}, nil)
}

// withCard returns the record that the card of that name is kept in; nil: there is none, or
// it is damaged.
func withCard(tx storage.Tx, name string) (key string, record []byte, err error) {
	of, isDialogues := strings.CutPrefix(name, cardPrefix)
	if !isDialogues {
		return "", nil, nil
	}
	key = journal.DialoguePrefix + of
	record, err = tx.Get(key)
	if !bytes.HasSuffix(record, []byte("}")) {
		record = nil
	}
	return key, record, err
}

// getCard reads where a card stands.
func getCard(tx storage.Tx, name string) (c card, found bool, err error) {
	_, record, err := withCard(tx, name)
	if err != nil {
		return card{}, false, err
	}
	if _, text := parts(record); text != nil {
		c, err = storage.Decode[card](name, text)
		return c, err == nil, err
	}
	return storage.Get[card](tx, name)
}

// putCard writes where a card stands.
func putCard(tx storage.Tx, name string, c card) error {
	key, record, err := withCard(tx, name)
	if err != nil {
		return err
	}
	if record == nil {
		return storage.Put(tx, name, c)
	}
	text, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode where %q stands: %w", name, err)
	}
	dialogue, _ := parts(record)
	return errors.Join(tx.Put(key, joined(dialogue, text)), tx.Delete(name))
}

// deleteCard forgets where a card stands.
func deleteCard(tx storage.Tx, name string) error {
	key, record, err := withCard(tx, name)
	if err != nil {
		return err
	}
	if dialogue, text := parts(record); text != nil {
		return errors.Join(tx.Put(key, dialogue), tx.Delete(name))
	}
	return tx.Delete(name)
}
