package engine

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// emptyStore is a store in a file that is there until the test ends.
func emptyStore(t *testing.T) storage.Store {
	t.Helper()
	generated, err := storage.GenerateKey("k")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := storage.ParseKeys(generated)
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), "bolt:"+t.TempDir()+"/bot.db", keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// TestQueueOfAnAccount: a purchase that waits for approvals with nothing in the
// cart is in nobody's way, is due when its time is up, and once it is approved
// waits for its turn like the others.
func TestQueueOfAnAccount(t *testing.T) {
	store := emptyStore(t)
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	e := New(Config{Store: store, Now: func() time.Time { return now }})
	e.chat = new(chats) // none has moved, and nothing is sent
	key := chat.Key{Chat: 1, User: 1}
	five := zomro.Money{Amount: decimal.NewFromInt(5), Currency: "EUR"}
	begin := func(tx storage.Tx, id string, approval *purchase.Approval) {
		t.Helper()
		r := purchase.New(purchase.Opening{ID: id, Account: "acc", Quote: purchase.Quote{Total: five}, Approval: approval}, now)
		in := transaction{engine: e, tx: tx, key: key}
		if err := errors.Join(
			in.keepPlace(r, purchase.Next(r, now)),
			storage.Put(tx, journal.PurchaseKey(id), journal.Entry{Record: r, Owner: key}),
		); err != nil {
			t.Fatal(err)
		}
	}
	move := func(tx storage.Tx, id string, event purchase.Event) transaction {
		t.Helper()
		was, _, err := storage.Get[journal.Entry](tx, journal.PurchaseKey(id))
		if err != nil {
			t.Fatal(err)
		}
		in := transaction{engine: e, tx: tx, key: key}
		if err := in.move(was, event); err != nil {
			t.Fatalf("%s, %T: %v", id, event, err)
		}
		return in
	}
	queued := func(tx storage.Tx, want ...string) {
		t.Helper()
		queue, _, err := storage.Get[[]string](tx, queueKey("acc"))
		if err != nil || !slices.Equal(queue, want) {
			t.Fatalf("in the queue: %v (%v), want %v", queue, err, want)
		}
	}
	err := store.Update(t.Context(), func(tx storage.Tx) error {
		begin(tx, "ASKED", &purchase.Approval{Needed: 2, Requester: 1})
		begin(tx, "OTHER", nil)
		queued(tx, "OTHER")
		first := move(tx, "ASKED", purchase.Approved{By: 2, Name: "Boris", Terms: 1})
		due, found, err := storage.Get[bool](tx, dueKey(now.Add(24*time.Hour), duePurchase, "ASKED"))
		if err != nil || !found || !due || !first.due.Equal(now.Add(24*time.Hour)) {
			t.Errorf("the end of its time is not due (%v)", err)
		}
		queued(tx, "OTHER")
		move(tx, "ASKED", purchase.Approved{By: 3, Name: "Vera", Terms: 1})
		queued(tx, "OTHER", "ASKED")
		if in := move(tx, "OTHER", purchase.Cancelled{}); !slices.Contains(in.purchases, "ASKED") {
			t.Error("the next one is not looked at")
		}
		queued(tx, "ASKED")
		move(tx, "ASKED", purchase.Started{})
		queued(tx, "ASKED")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
