package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/storage"
	"zomrobot/storage/storagetest"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// firstDrafter is the id of the first of those who have a draft in a filled store.
const firstDrafter = 700_000_001

// drafts returns what the store holds of somebody who began an order at a time: the
// dialogue with a draft, its card, when it wants a tick, an account, an update's id.
func drafts(t testing.TB, at time.Time) func(i int) []storage.Record {
	return func(i int) []storage.Record {
		user := int64(firstDrafter + i)
		key := chat.Key{Chat: user, User: user}
		d := conversation.New(key)
		d.Heard, d.Name, d.Account = "en", "Drafter", fmt.Sprintf("drafter-%d@example.com", i)
		d.Draft = &conversation.Draft{
			ID: conversation.DraftID(key, fmt.Sprint(i)), Touched: at, Place: "period", Reviewed: true,
			Datacenter: zomro.Datacenter{ID: "3", Name: "Netherlands-3"}, Name: "web-1", Named: true, Count: 1,
		}
		d.Wake = at.Add(conversation.DraftLives)
		d.Reminders.Next = at.Add(20 * time.Hour)
		value := func(v any) []byte {
			text, err := json.Marshal(v)
			if err != nil {
				t.Error(err)
			}
			return text
		}
		name := key.String()
		return []storage.Record{
			{Key: "reminders/begun", Value: value(true)}, // it is not the first start of this version
			{Key: "dialogue/" + name, Value: value(d)},
			{Key: "card/" + name, Value: value(map[string]any{"chat": user, "message": 17, "digest": "0123456789abcdef"})},
			{Key: fmt.Sprintf("due/%020d/dialogue/%s", d.Wake.UnixNano(), name), Value: value(true)},
			{Key: fmt.Sprintf("draft/%s/%s", name, d.Draft.ID), Value: value("ABCDEFGH")},
			{Key: fmt.Sprintf("account/%d", user), Value: value(map[string]any{"list": []any{}})},
			{Key: fmt.Sprintf("seen/%s/%d", at.UTC().Format(time.DateOnly), 900_000_000+i), Value: value(true)},
		}
	}
}

// fill puts drafts into the store of a bot that is stopped.
func (w *world) fill(n int, at time.Time) {
	w.t.Helper()
	store, err := w.openStore(w.t.Context())
	if err == nil {
		err = storagetest.Fill(w.t.Context(), store, n, drafts(w.t, at))
		err = cmp.Or(err, store.Close())
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestStartDoesNotGrowWithTheStore: from the opening to the first poll and until
// everything rests, a bot reads no more of a store with ten times as many drafts; nor
// does it afterwards, a day later.
func TestStartDoesNotGrowWithTheStore(t *testing.T) {
	t.Parallel()
	reads := func(n int) (start, day int) {
		var counted *storagetest.Counted
		w := newWorldOf(t, sandbox.Config{}, func(p *Program) {
			p.wrapStore = func(s storage.Store) storage.Store {
				counted = &storagetest.Counted{Store: s}
				return counted
			}
		})
		w.login(anna)
		w.stopBot()
		w.fill(n, w.clock.Now().Add(10*time.Hour)) // nothing of it is due in a day
		w.start()
		w.until(w.chats.Polling)
		w.settle()
		start = counted.Reads()
		counted.Reset()
		for range 24 {
			w.pass(30 * time.Minute)
		}
		return start, counted.Reads()
	}
	start, day := reads(150)
	if more, later := reads(1500); more > start || later > day+day/10 { // how often it looks is not quite the same
		t.Errorf("a start reads %d records and half a day %d, with ten times as many drafts %d and %d", start, day, more, later)
	}
}

// TestMuchIsDueAtOnce: after a long stop more is due than one look gives ticks. All get
// theirs, and whoever writes meanwhile is answered.
func TestMuchIsDueAtOnce(t *testing.T) {
	t.Parallel()
	const n = 300
	w := newWorld(t, sandbox.Config{})
	w.stopBot()
	w.fill(n, w.clock.Now().Add(-5*24*time.Hour))
	w.start()
	w.say(anna, "/help")
	w.wantSaid(anna, "/order")
	w.settle()
	store, now := w.program.Store, w.clock.Now()
	err := storage.EachKey(t.Context(), store, "due/", "", func(key string) (bool, error) {
		if at := fmt.Sprintf("due/%020d/", now.UnixNano()); key <= at {
			t.Errorf("%s is due", key)
			return false, nil
		}
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// None of them has ever written here, so the message and the card are kept for them.
	if told, err := storage.Keys(t.Context(), store, "missed/"); err != nil || len(told) != 2*n {
		t.Errorf("%d messages are kept for %d people (%v)", len(told), n, err)
	}
}

// TestPurchaseBeforeWhatIsBehind: dialogues that were due long ago wait until what
// follows from the ones before is said, which can take hours. A purchase that is
// followed does not wait for them.
func TestPurchaseBeforeWhatIsBehind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: 48 * time.Hour})
	w.buy(anna, "")
	w.pass(time.Minute)
	w.stopBot()
	w.fill(700, w.clock.Now().Add(-5*24*time.Hour))
	for _, method := range []string{"sendMessage", "editMessageText"} {
		if err := w.chats.Break(emulator.Fault{Method: method, Kind: emulator.Failure, Times: 1 << 20}); err != nil {
			t.Fatal(err)
		}
	}
	looks := w.called("instances")
	w.start()
	for minutes := 0; w.called("instances") < looks+3; minutes++ {
		if minutes == 2000 {
			t.Fatalf("the servers were looked at %d times", w.called("instances")-looks)
		}
		w.clock.move(time.Minute)
		if _, err := w.program.Engine.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	first, err := storage.FirstKeys(t.Context(), w.program.Store, "due/", "", 1)
	if err != nil || len(first) == 0 || !strings.Contains(first[0], "/dialogue/7") {
		t.Errorf("nothing is behind: %v, %v", first, err)
	}
}
