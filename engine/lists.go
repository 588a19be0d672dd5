package engine

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"sync"

	"zomrobot/storage"
)

const (
	// leastList is how many bytes a list has at least that is kept apart: a record of
	// its own costs as much.
	leastList = 128
	// listsKept is how many bytes of lists are remembered, as they are written; read
	// they take a few times as much.
	listsKept = 4 << 20
)

// The keys of lists: what each says, by its name; how many dialogues hold it; and what
// makes names of lists, so that a name does not give away what nobody may read.
const (
	listPrefix     = "list/"
	listHeldPrefix = "list-held/"
	listNamesKey   = "list-names"
)

// lists remembers lists that were read or kept. A list is a value that nobody changes
// in place.
type lists struct {
	mu    sync.Mutex
	known map[string]knownList
	names map[listID]string
	size  int // of all that are known
}

type knownList struct {
	list any
	size int
}

// listID tells a list from others for as long as it is known: where it is, and what.
type listID struct {
	at  uintptr
	len int
	of  reflect.Type
}

func idOf(list any) listID {
	v := reflect.ValueOf(list)
	id := listID{at: v.Pointer(), of: v.Type()}
	if v.Kind() == reflect.Slice {
		id.len = v.Len()
	}
	return id
}

// named returns the name of a list that is known.
func (l *lists) named(list any) (name string, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	name, ok = l.names[idOf(list)]
	return name, ok
}

// get returns the list of a name that is known.
func (l *lists) get(name string) (list any, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known, ok := l.known[name]
	return known.list, ok
}

// learn remembers a list of so many bytes, and returns the one that is shared from then
// on: one of that name that is known already, else this one.
func (l *lists) learn(name string, list any, size int) any {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil {
		l.known, l.names = map[string]knownList{}, map[listID]string{}
	}
	if known, ok := l.known[name]; ok && reflect.TypeOf(known.list) == reflect.TypeOf(list) {
		return known.list
	}
	l.forget(name)
	for old := range l.known { // any: what is wanted again is read again
		if l.size+size <= listsKept {
			break
		}
		l.forget(old)
	}
	l.known[name], l.names[idOf(list)] = knownList{list, size}, name
	l.size += size
	return list
}

func (l *lists) forget(name string) {
	if known, ok := l.known[name]; ok {
		delete(l.names, idOf(known.list))
		delete(l.known, name)
		l.size -= known.size
	}
}

// shelf is the [conversation.Shelf] of one dialogue within a transaction.
type shelf struct {
	*lists
	tx   storage.Tx
	log  *slog.Logger
	held map[string]any // the lists that the dialogue holds, by name; nil for one that is lost

	failed error // of the store, while a list was read
}

// Keep keeps a list, unless it is short. It is kept for good once the dialogue is, see
// [shelf.settle].
func (s *shelf) Keep(list any) (string, any, error) {
	if name, ok := s.named(list); ok {
		s.held[name] = list
		return name, list, nil
	}
	text, err := json.Marshal(list)
	if err != nil {
		return "", nil, fmt.Errorf("encode a list: %w", err)
	}
	if len(text) < leastList {
		return "", list, nil
	}
	name, err := nameList(s.tx, text)
	if err != nil {
		return "", nil, err
	}
	// It came from outside, so it also mends one that cannot be read.
	if err := s.write(name, text); err != nil {
		return "", nil, err
	}
	list = s.learn(name, list, len(text))
	s.held[name] = list
	return name, list, nil
}

// nameList makes the name of a list from what it says.
func nameList(tx storage.Tx, text []byte) (string, error) {
	key, found, err := storage.Get[[]byte](tx, listNamesKey)
	if err != nil && !storage.Damaged(err) {
		return "", err
	}
	if !found { // or it cannot be read: the same lists get other names
		key = make([]byte, sha256.Size)
		if _, err := rand.Read(key); err != nil {
			return "", fmt.Errorf("make a key for the names of lists: %w", err)
		}
		if err := storage.Put(tx, listNamesKey, key); err != nil {
			return "", err
		}
	}
	sum := hmac.New(sha256.New, key)
	sum.Write(text)
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:12]), nil
}

// write writes a list, unless it is there.
func (s *shelf) write(name string, text []byte) error {
	there, err := s.tx.Get(listPrefix + name)
	if err != nil && !storage.Damaged(err) {
		return err
	}
	if bytes.Equal(there, text) {
		return nil
	}
	return s.tx.Put(listPrefix+name, text)
}

// Find reads a list.
func (s *shelf) Find(name string, list any) (bool, error) {
	s.held[name] = nil
	into := reflect.ValueOf(list).Elem()
	if known, ok := s.get(name); ok && reflect.TypeOf(known) == into.Type() {
		s.held[name] = known
		into.Set(reflect.ValueOf(known))
		return true, nil
	}
	text, err := s.tx.Get(listPrefix + name)
	if err != nil && !storage.Damaged(err) {
		s.failed = err
		return false, err
	}
	switch {
	case err != nil:
	case text == nil:
		err = errors.New("there is none")
	default:
		if why := json.Unmarshal(text, list); why != nil {
			err = fmt.Errorf("%w: not a list (%T)", storage.ErrRecord, why) // the cause may quote it
		}
	}
	if err != nil {
		s.log.Error("a list of a dialogue is lost and has to be loaded again", "list", name, "error", err)
		into.SetZero()
		return false, nil
	}
	shared := s.learn(name, into.Interface(), len(text))
	into.Set(reflect.ValueOf(shared))
	s.held[name] = shared
	return true, nil
}

// settle counts the lists that a dialogue holds now and did not hold before, and those
// that it does not hold any more. One that no dialogue holds goes.
func (s *shelf) settle(before map[string]any) error {
	for name, list := range s.held {
		if _, had := before[name]; !had {
			if err := s.hold(name, list); err != nil {
				return err
			}
		}
	}
	for name := range before {
		if _, has := s.held[name]; !has {
			if err := s.release(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// hold counts a dialogue more.
func (s *shelf) hold(name string, list any) error {
	n, found, err := storage.Get[int](s.tx, listHeldPrefix+name)
	if storage.Damaged(err) {
		return nil // nobody can tell any more when it may go
	}
	if err == nil && !found {
		// Another dialogue may have let it go since it was read.
		var text []byte
		if text, err = json.Marshal(list); err == nil {
			err = s.write(name, text)
		}
	}
	if err != nil {
		return err
	}
	return storage.Put(s.tx, listHeldPrefix+name, n+1)
}

// release counts a dialogue less.
func (s *shelf) release(name string) error {
	n, _, err := storage.Get[int](s.tx, listHeldPrefix+name)
	switch {
	case storage.Damaged(err):
		return nil
	case err != nil:
		return err
	case n > 1:
		return storage.Put(s.tx, listHeldPrefix+name, n-1)
	default:
		return errors.Join(s.tx.Delete(listPrefix+name), s.tx.Delete(listHeldPrefix+name))
	}
}
