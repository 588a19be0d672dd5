package engine

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/conversation/bill"
	loadflow "zomrobot/conversation/load"
	orderflow "zomrobot/conversation/order"
	prolongflow "zomrobot/conversation/prolong"
	serverflow "zomrobot/conversation/server"
	teamflow "zomrobot/conversation/team"
	"zomrobot/storage"
)

// allFlows is the whole dialogue.
var allFlows = conversation.Assemble(
	conversation.Basics(), accountflow.Flow(), serverflow.Flow(), loadflow.Flow(), prolongflow.Flow(), bill.Flow(),
	orderflow.Flow(), teamflow.Flow(),
)

// shelved is a store with dialogues in it, read and written as the engine does.
type shelved struct {
	t     *testing.T
	store storage.Store
	c     *dialogues
	wrote map[string]int // how often each key was written or deleted, by the first part of it
}

func newShelved(t *testing.T) *shelved {
	t.Helper()
	s := &shelved{t: t, store: testEngine(t).store}
	s.restart()
	return s
}

// restart forgets all that is remembered.
func (s *shelved) restart() {
	e := New(Config{Store: s.store, Machine: allFlows})
	s.c = &e.dialogues
}

// recorder counts what a transaction writes.
type recorder struct {
	storage.Tx
	wrote map[string]int
}

func (r recorder) note(key string) {
	begin, _, _ := strings.Cut(key, "/")
	r.wrote[begin]++
}

func (r recorder) Put(key string, value []byte) error {
	r.note(key)
	return r.Tx.Put(key, value)
}

func (r recorder) Delete(key string) error {
	r.note(key)
	return r.Tx.Delete(key)
}

var errUndone = errors.New("undone")

// turn changes a person's dialogue in a transaction, which ends with an error.
func (s *shelved) turn(person int64, change func(*conversation.Dialogue), end error) {
	s.t.Helper()
	s.wrote = map[string]int{}
	key := chat.Key{Chat: person, User: person}
	err := s.store.Update(s.t.Context(), func(tx storage.Tx) error {
		tx = recorder{tx, s.wrote}
		was, found, err := s.c.get(tx, key)
		if err != nil {
			return err
		}
		d := was.dialogue
		if !found {
			d = conversation.New(key)
		}
		if d.Draft != nil {
			draft := *d.Draft
			d.Draft = &draft
		}
		change(&d)
		return errors.Join(s.c.put(tx, key, was, d), end)
	})
	if !errors.Is(err, end) {
		s.t.Fatal(err)
	}
}

func (s *shelved) read(person int64) conversation.Dialogue {
	s.t.Helper()
	var kept keptDialogue
	err := s.store.View(s.t.Context(), func(tx storage.Tx) (err error) {
		kept, _, err = s.c.get(tx, chat.Key{Chat: person, User: person})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return kept.dialogue
}

// counted returns how many dialogues hold each list, after a look whether that is so.
func (s *shelved) counted() map[string]int {
	s.t.Helper()
	held, said, there := map[string]int{}, map[string]int{}, map[string]bool{}
	err := s.store.Scan(s.t.Context(), "", "", func(key string, value []byte) (bool, error) {
		begin, rest, _ := strings.Cut(key, "/")
		switch begin + "/" {
		case "dialogue/":
			var d struct {
				Lists map[string]string `json:"lists"`
			}
			if err := json.Unmarshal(value, &d); err != nil {
				return false, err
			}
			for _, name := range slices.Compact(slices.Sorted(maps.Values(d.Lists))) {
				held[name]++
			}
		case listHeldPrefix:
			var n int
			if err := json.Unmarshal(value, &n); err != nil {
				return false, err
			}
			said[rest] = n
		case listPrefix:
			there[rest] = true
		}
		return true, nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if !maps.Equal(held, said) || !slices.Equal(slices.Sorted(maps.Keys(held)), slices.Sorted(maps.Keys(there))) {
		s.t.Fatalf("dialogues hold %v, counted are %v, there are %v", held, said, there)
	}
	return held
}

// earlier returns the dialogues that an earlier version has kept with their lists in
// them, by place.
func earlier(t testing.TB) map[string]json.RawMessage {
	t.Helper()
	file, err := os.Open("../conversation/testdata/stored.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]json.RawMessage{}
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var kept struct {
			Place    string          `json:"place"`
			Dialogue json.RawMessage `json:"dialogue"`
		}
		if err := json.Unmarshal(lines.Bytes(), &kept); err != nil {
			t.Fatal(err)
		}
		all[kept.Place] = kept.Dialogue
	}
	if err := lines.Err(); err != nil || len(all) < 60 {
		t.Fatalf("%d dialogues were read: %v", len(all), err)
	}
	return all
}

// earlierDraft is a draft at a place, as an earlier version has kept it.
func earlierDraft(t testing.TB, place string) *conversation.Draft {
	t.Helper()
	d, err := allFlows.Decode(earlier(t)[place], nil)
	if err != nil {
		t.Fatal(err)
	}
	return d.Draft
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDialoguesOfAStoreWithListsInThem: what an earlier version has kept is read, is
// short once it was written again, and says the same after a restart.
func TestDialoguesOfAStoreWithListsInThem(t *testing.T) {
	s := newShelved(t)
	people := map[int64]conversation.Dialogue{}
	for _, place := range slices.Sorted(maps.Keys(earlier(t))) {
		person := int64(1000 + len(people))
		key := chat.Key{Chat: person, User: person}
		err := s.store.Update(t.Context(), func(tx storage.Tx) error { return tx.Put(dialogueKey(key), earlier(t)[place]) })
		if err != nil {
			t.Fatal(err)
		}
		people[person] = s.read(person)
	}
	s.counted()
	for person, was := range people {
		s.turn(person, func(d *conversation.Dialogue) { d.Rev++ }, nil)
		was.Rev++
		people[person] = was
	}
	if held := s.counted(); len(held) < 10 {
		t.Errorf("only %d lists are kept apart", len(held))
	}
	for range 2 {
		for person, want := range people {
			if is := s.read(person); asJSON(t, is) != asJSON(t, want) {
				t.Errorf("the dialogue\n%s\nis read as\n%s", asJSON(t, want), asJSON(t, is))
			}
		}
		s.restart()
	}
	err := s.store.Scan(t.Context(), "dialogue/", "", func(key string, value []byte) (bool, error) {
		if len(value) > 2048 {
			t.Errorf("%s still has %d bytes", key, len(value))
		}
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestListsAreHeld: a list is kept once for all who hold it, is not written again while
// they do, and goes with the last of them.
func TestListsAreHeld(t *testing.T) {
	s := newShelved(t)
	begin := func(d *conversation.Dialogue) { d.Draft = earlierDraft(t, "review") } // loaded anew by each
	s.turn(1, begin, nil)
	first := s.counted()
	if len(first) < 3 || s.wrote["list"] != len(first) {
		t.Fatalf("a draft holds %v, and %v was written", first, s.wrote)
	}
	s.turn(2, begin, nil)
	for name, n := range s.counted() {
		if first[name] != 1 || n != 2 {
			t.Errorf("%s is held %d times, and was before %d times", name, n, first[name])
		}
	}
	if s.wrote["list"] != 0 {
		t.Errorf("a list that was there was written again: %v", s.wrote)
	}
	if one, other := s.read(1).Draft, s.read(2).Draft; one.Catalogue != other.Catalogue || &one.Form.Images[0] != &other.Form.Images[0] {
		t.Error("two dialogues do not share a list")
	}
	for range 2 {
		s.turn(1, func(d *conversation.Dialogue) { d.Draft.Page++ }, nil)
		if want := map[string]int{"dialogue": 1}; !maps.Equal(s.wrote, want) {
			t.Errorf("the turn of a page has written %v", s.wrote)
		}
		s.restart()
	}
	s.turn(1, func(*conversation.Dialogue) {}, nil)
	if len(s.wrote) != 0 {
		t.Errorf("a turn that changes nothing has written %v", s.wrote)
	}
	s.turn(1, func(d *conversation.Dialogue) { d.Draft = nil }, errUndone)
	s.turn(1, func(d *conversation.Dialogue) { d.Draft = nil }, nil)
	for name, n := range s.counted() {
		if n != 1 {
			t.Errorf("%s is held %d times once one is gone", name, n)
		}
	}
	known := s.read(2).Draft
	s.turn(2, func(d *conversation.Dialogue) { d.Draft = nil }, nil)
	if held := s.counted(); len(held) != 0 {
		t.Errorf("once all are gone, held are %v", held)
	}
	// It is still known here, and has to be written again.
	again := func(d *conversation.Dialogue) { d.Draft = known }
	s.turn(2, again, errUndone)
	s.turn(2, again, nil)
	if held := s.counted(); !maps.Equal(held, first) {
		t.Errorf("a draft holds %v now, and did %v", held, first)
	}
	s.restart()
	if s.read(2).Draft.Catalogue == nil {
		t.Error("the list is lost")
	}
}

// TestDamagedLists: a dialogue whose lists cannot be read keeps its draft, and what is
// loaded again mends them for all. A count that cannot be read lets its list stay.
func TestDamagedLists(t *testing.T) {
	s := newShelved(t)
	for person := range int64(3) {
		s.turn(person, func(d *conversation.Dialogue) { d.Draft = earlierDraft(t, "review") }, nil)
	}
	keys, err := storage.Keys(t.Context(), s.store, "list")
	if err != nil {
		t.Fatal(err)
	}
	spoil := func(prefix string) {
		t.Helper()
		err := s.store.Update(t.Context(), func(tx storage.Tx) error {
			for _, key := range keys {
				if strings.HasPrefix(key, prefix) {
					if err := tx.Put(key, []byte(`"a canary"`)); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s.restart()
	}
	spoil(listPrefix)
	for person := range int64(2) {
		if d := s.read(person); d.Draft == nil || d.Draft.Catalogue != nil || d.Draft.Form != nil || d.Draft.Name == "" {
			t.Fatalf("the dialogue is read as %s", asJSON(t, d))
		}
	}
	s.turn(0, func(d *conversation.Dialogue) { d.Draft = earlierDraft(t, "review") }, nil)
	s.counted()
	s.restart()
	for person := range int64(3) {
		if d := s.read(person); d.Draft.Catalogue == nil || d.Draft.Plan == nil {
			t.Errorf("%d has still lost the lists", person)
		}
	}
	spoil(listNamesKey)
	s.turn(0, func(d *conversation.Dialogue) { d.Draft = earlierDraft(t, "review") }, nil)
	s.counted()
	if keys, err = storage.Keys(t.Context(), s.store, "list"); err != nil {
		t.Fatal(err)
	}
	spoil(listHeldPrefix)
	for person := range int64(3) {
		s.turn(person, func(d *conversation.Dialogue) { d.Draft = nil }, nil)
	}
	s.turn(1, func(d *conversation.Dialogue) { d.Draft = earlierDraft(t, "review") }, nil)
	s.restart()
	if s.read(1).Draft.Catalogue == nil {
		t.Error("the list has gone")
	}
}

// TestListsKnown: no more than so many bytes of lists are remembered, and the same list
// by another type is not taken for it.
func TestListsKnown(t *testing.T) {
	var l lists
	for i := range 100 {
		l.learn(string(rune('a'+i)), []time.Time{time.Unix(int64(i), 0)}, listsKept/10)
		if l.size > listsKept || len(l.known) != len(l.names) || len(l.known) != min(i+1, 10) {
			t.Fatalf("%d lists of %d bytes are known, and %d names", len(l.known), l.size, len(l.names))
		}
	}
	l.learn("of another type", []int{1}, 1)
	if list := l.learn("of another type", []string{"a"}, 1); !reflect.DeepEqual(list, []string{"a"}) {
		t.Errorf("the list is %v", list)
	}
}

// TestNamesOfLists: nobody who has only the names can tell whether a list says what they
// think it does.
func TestNamesOfLists(t *testing.T) {
	name := func() (name string) {
		s := newShelved(t)
		err := s.store.Update(t.Context(), func(tx storage.Tx) (err error) {
			name, err = nameList(tx, []byte("a list"))
			again, errAgain := nameList(tx, bytes.Clone([]byte("a list")))
			if again != name {
				t.Errorf("one list is called %s and %s", name, again)
			}
			return errors.Join(err, errAgain)
		})
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	if one, other := name(), name(); one == other {
		t.Error("a list has the same name in two stores")
	}
}

// TestDialoguesRemembered: a thousand people who look at the same lists take little
// memory, also when each has seen a card.
func TestDialoguesRemembered(t *testing.T) {
	const people, most = 1000, 8 << 10
	s := newShelved(t)
	inUse := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	review := earlier(t)["review"]
	before := inUse()
	for person := range int64(people) {
		loaded, err := allFlows.Decode(review, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.turn(person, func(d *conversation.Dialogue) { d.Draft = loaded.Draft }, nil)
		key := chat.Key{Chat: person, User: person}
		if _, ok := s.c.last[key].card(allFlows); !ok {
			t.Fatal("there is no card")
		}
		s.c.shown(key)
	}
	if len(s.c.last) != people {
		t.Fatalf("%d dialogues are remembered", len(s.c.last))
	}
	if each := (inUse() - before) / people; each > most {
		t.Errorf("a dialogue that is remembered takes %d bytes", each)
	} else {
		t.Logf("%d bytes each", each)
	}
	runtime.KeepAlive(s)
}

// BenchmarkTurn measures what of a turn reads and writes the dialogue.
func BenchmarkTurn(b *testing.B) {
	store := map[string][]byte{}
	tx := memoryTx(store)
	e := New(Config{Machine: allFlows})
	key := chat.Key{Chat: 1, User: 1}
	d := conversation.New(key)
	d.Draft = earlierDraft(b, "review")
	if err := e.dialogues.put(tx, key, keptDialogue{}, d); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		was, _, err := e.dialogues.get(tx, key)
		if err != nil {
			b.Fatal(err)
		}
		d := was.dialogue
		d.Rev++
		if err := e.dialogues.put(tx, key, was, d); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(store[dialogueKey(key)])), "bytes")
}

// memoryTx is a transaction on a map.
type memoryTx map[string][]byte

func (m memoryTx) Get(key string) ([]byte, error) { return m[key], nil }

func (m memoryTx) Put(key string, value []byte) error {
	m[key] = value
	return nil
}

func (m memoryTx) Delete(key string) error {
	delete(m, key)
	return nil
}
