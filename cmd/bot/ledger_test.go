package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"zomrobot/audit"
	"zomrobot/engine"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/zomro/sandbox"
)

const (
	bigBook   = "team/-1000000000007"
	bigLedger = "ledger/-1000000000007"
)

// tamper changes the store while the bot is stopped.
func (w *world) tamper(change func(storage.Tx) error) {
	w.t.Helper()
	w.withStore(func(store storage.Store) error { return store.Update(w.t.Context(), change) })
}

// withStore does something with the store while the bot is stopped.
func (w *world) withStore(do func(storage.Store) error) {
	w.t.Helper()
	store, err := w.openStore(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	if err := errors.Join(do(store), store.Close()); err != nil {
		w.t.Fatal(err)
	}
}

// TestLedgerIsTiedToTheBook: a ledger that was deleted, put back, emptied or damaged in
// the file lifts no limit; that is seen by verify, said, and repaired from the book.
func TestLedgerIsTiedToTheBook(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(storage.Tx, []byte) error{
		"deleted":                     func(tx storage.Tx, _ []byte) error { return tx.Delete(bigLedger) },
		"restored from an older copy": func(tx storage.Tx, older []byte) error { return tx.Put(bigLedger, older) },
		"emptied":                     func(tx storage.Tx, _ []byte) error { return tx.Put(bigLedger, []byte(`{}`)) },
		"damaged":                     func(tx storage.Tx, _ []byte) error { return tx.Put(bigLedger, []byte(`"a canary"`)) },
		"cheaper": func(tx storage.Tx, _ []byte) error {
			l, _, err := storage.Get[team.Ledger](tx, bigLedger)
			l.Expenses[0].Amount = eur(0)
			return errors.Join(err, storage.Put(tx, bigLedger, l))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newBigTeam(t, sandbox.Config{ActivationDelay: time.Minute}, func(*Config) {})
			w.sayIn(anna, bigTeam, "/team")
			w.tapIn(anna, bigTeam, "💶 Limits", "")
			w.tapIn(anna, bigTeam, "Above: refused", "")
			w.tapIn(anna, bigTeam, "Whole team per month", "")
			w.reply(anna, bigTeam, "12")
			w.settle()
			buy := func(server string) {
				w.sayIn(boris, bigTeam, strings.Replace(shortOrder, "web-1", server, 1))
				w.tapIn(boris, bigTeam, "✅", server)
				w.pass(30 * time.Second)
			}
			buy("web-1")
			older, _ := json.Marshal(w.ledger())
			buy("web-2")
			w.sayIn(boris, bigTeam, strings.Replace(shortOrder, "web-1", "web-4", 1)+" promocode=NOSUCH")
			w.booksHold()
			w.stopBot()
			w.tamper(func(tx storage.Tx) error { return change(tx, older) })
			w.start()
			w.sayIn(boris, bigTeam, "/team")
			w.sayIn(boris, bigTeam, strings.Replace(shortOrder, "web-1", "web-3", 1))
			_ = w.tapStarting(boris, bigTeam, "✅")
			w.settle()
			w.pass(2 * time.Minute)
			w.wantSaid(bigTeam, "Запись о расходах команды повреждена")
			if n := w.sold(); n != 2 {
				t.Errorf("%d orders were paid, want the 2 before", n)
			}
			if faults, _, err := faultsOf(t.Context(), w.program.Store); err != nil || len(faults) != 1 || !strings.Contains(faults[0].What, "ledger") {
				t.Errorf("verify finds %v, %v", faults, err)
			}
			w.stopBot()
			w.withStore(func(store storage.Store) error { return engine.RebuildLedger(t.Context(), store, bigBook) })
			w.start()
			w.booksHold()
			if spent := w.ledger().Used(team.LimitTeamMonth, 0, "EUR", "", w.clock.Now()); spent.Amount.StringFixed(2) != "11.52" {
				t.Errorf("made from the book, the ledger has %v", spent.Amount)
			}
			w.sayIn(boris, bigTeam, strings.Replace(shortOrder, "web-1", "web-5", 1))
			_ = w.tapStarting(boris, bigTeam, "✅")
			w.settle()
			if n := w.sold(); n != 2 {
				t.Errorf("%d orders were paid, want 2 within the limit", n)
			}
		})
	}
}

// TestUnsoundLedgerStopsAPayment: what was agreed to before waits, and what a
// purchase in payment takes meanwhile counts once the ledger is rebuilt.
func TestUnsoundLedgerStopsAPayment(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.sayIn(boris, bigTeam, shortOrder+" promocode=NOSUCH")
	w.tapIn(boris, bigTeam, "✅", "web-1") // asks about the code
	w.stopBot()
	w.tamper(func(tx storage.Tx) error { return tx.Delete(bigLedger) })
	w.start()
	w.settle()
	w.tapIn(boris, bigTeam, "Без промокода", "")
	toasts := w.chats.Toasts(boris)
	if n := len(toasts); n == 0 || !strings.Contains(toasts[n-1].Text, "повреждена") {
		t.Errorf("he is told %+v", toasts)
	}
	w.tapIn(boris, bigTeam, "Отменить", "")
	w.wantSaid(bigTeam, "Покупка отменена")
	w.stopBot()
	w.withStore(func(store storage.Store) error { return engine.RebuildLedger(t.Context(), store, bigBook) })
	w.start()
	w.booksHold()
	if l := w.ledger(); len(l.Expenses) != 0 {
		t.Errorf("a cancelled order is reserved: %+v", l)
	}
}

// TestLedgerOfBefore: a ledger that its book does not tell of yet is taken as it is,
// and told whole.
func TestLedgerOfBefore(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.sayIn(boris, bigTeam, shortOrder)
	w.tapIn(boris, bigTeam, "✅", "web-1")
	w.pass(30 * time.Second)
	w.stopBot()
	w.tamper(func(tx storage.Tx) error { // as an earlier version has left it
		head, _, err := storage.Get[audit.Head](tx, "audit-head/"+bigBook)
		head.Ledger = ""
		return errors.Join(err, storage.Put(tx, "audit-head/"+bigBook, head))
	})
	w.start()
	w.sayIn(boris, bigTeam, strings.Replace(shortOrder, "web-1", "web-2", 1))
	w.tapIn(boris, bigTeam, "✅", "web-2")
	w.booksHold()
	if n := w.sold(); n != 2 {
		t.Errorf("%d orders were paid, want 2", n)
	}
}
