package storage

import (
	"bytes"
	"errors"
	"fmt"
)

// longestKey is how many bytes a key may have: what every backend can keep.
const longestKey = 32768

var errTxOver = errors.New("storage: the transaction is over")

// sharedTx is a transaction of the backend in which several functions have their
// turns, one after the other.
type sharedTx struct {
	raw     Tx
	written bool // by one that has had its turn
	used    size // by those that have had their turns
}

// size is how much is written.
type size struct{ writes, bytes int }

func (s size) plus(other size) size {
	return size{s.writes + other.writes, s.bytes + other.bytes}
}

func (s size) within(room size) bool { return s.writes <= room.writes && s.bytes <= room.bytes }

func (t *sharedTx) Get(key string) ([]byte, error) { return t.raw.Get(key) }

func (t *sharedTx) Put(key string, value []byte) error {
	t.written = true
	return t.raw.Put(key, value)
}

// Delete removes a key; one that is not there is left alone.
func (t *sharedTx) Delete(key string) error {
	there, err := t.raw.Get(key)
	if err != nil || there == nil {
		return err
	}
	t.written = true
	return t.raw.Delete(key)
}

// overlay holds what a function writes until it has come to its end, so that
// nothing of it is written when it fails.
type overlay struct {
	below  Tx
	keys   []string          // in the order in which they were first written
	wrote  map[string][]byte // nil: deleted
	broken error             // what reading has come upon that is damaged, whatever the function makes of it
	over   bool              // the function has ended
}

// size is how much the function has written: whole records of the store, sealed.
func (o *overlay) size() size {
	n := size{writes: len(o.keys)}
	for _, key := range o.keys {
		n.bytes += len(key) + len(o.wrote[key]) + RecordBytes
	}
	return n
}

func newOverlay(below Tx) *overlay { return &overlay{below: below, wrote: make(map[string][]byte)} }

func (o *overlay) Get(key string) ([]byte, error) {
	if o.over {
		return nil, errTxOver
	}
	if value, ok := o.wrote[key]; ok {
		return bytes.Clone(value), nil
	}
	value, err := o.below.Get(key)
	if errors.Is(err, ErrDamaged) {
		o.broken = err
	}
	return value, err
}

func (o *overlay) Put(key string, value []byte) error {
	switch {
	case key == "":
		return errors.New("storage: put: empty key")
	case len(key) > longestKey:
		return fmt.Errorf("storage: put %.40q…: a key of %d bytes, at most %d", key, len(key), longestKey)
	case len(value) == 0:
		return fmt.Errorf("storage: put %q: empty value", key)
	}
	return o.set(key, bytes.Clone(value))
}

func (o *overlay) Delete(key string) error { return o.set(key, nil) }

func (o *overlay) set(key string, value []byte) error {
	if o.over {
		return errTxOver
	}
	if _, again := o.wrote[key]; !again {
		o.keys = append(o.keys, key)
	}
	o.wrote[key] = value
	return nil
}

// apply writes it all below. What is there already is not written again.
func (o *overlay) apply() error {
	for _, key := range o.keys {
		value := o.wrote[key]
		if value == nil {
			if err := o.below.Delete(key); err != nil {
				return err
			}
			continue
		}
		if is, err := o.below.Get(key); err == nil && bytes.Equal(is, value) {
			continue
		}
		if err := o.below.Put(key, value); err != nil {
			return err
		}
	}
	return nil
}
