package engine

import (
	"reflect"
	"testing"

	"github.com/shopspring/decimal"

	"zomrobot/audit"
	"zomrobot/book"
	"zomrobot/chat"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// TestBooksOfATeam: what concerns a team's purchase and its settings is in the
// team's book, under whoever did it, and nothing of it is in a person's own.
func TestBooksOfATeam(t *testing.T) {
	e := testEngine(t)
	anna := chat.Person{ID: 1001, Name: "Anna"}
	total := zomro.Money{Amount: decimal.RequireFromString("5.76"), Currency: "EUR"}
	own := journal.Entry{Owner: chat.Key{Chat: 1001, User: 1001}, Record: purchase.Record{ID: "A7K-42", State: purchase.StateDrafted, Quote: purchase.Quote{Total: total}}}
	team := own
	team.Team, team.Record.ID, team.Record.State = "-1001:7", "B7K-42", purchase.StateAwaiting
	drafted := team
	drafted.Record.State = purchase.StateDrafted
	err := e.store.Update(t.Context(), func(tx storage.Tx) error {
		turn := transaction{engine: e, tx: tx, who: anna}
		for _, record := range []func() error{
			func() error { return turn.recordMove(step{is: own.Record}, own) },
			func() error { return turn.recordMove(step{is: team.Record}, team) },
			func() error {
				return turn.record(book.OfTeam(team.Team), audit.Entry{What: audit.Changed{Setting: "rule", Was: "0", Is: "1"}})
			},
			func() error {
				turn.who = chat.Person{}
				return turn.recordMove(step{event: purchase.Approved{By: 1002, Name: "Boris", Terms: 1}, was: team.Record, is: drafted.Record}, drafted)
			},
			func() error {
				return turn.recordMove(step{event: purchase.Started{}, was: drafted.Record, is: drafted.Record}, drafted)
			},
		} {
			if err := record(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	type told struct {
		Book  string
		Who   int64
		Name  string
		Event string
		State string
	}
	var all []told
	names, err := Books(t.Context(), e.store)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if faults, _, err := book.Check(t.Context(), e.store, name); err != nil || len(faults) > 0 {
			t.Errorf("book %s: %v, %v", name, faults, err)
		}
		err := book.Scan(t.Context(), e.store, name, func(n int64, text []byte) (bool, error) {
			l, err := book.ReadLine(name, n, text)
			all = append(all, told{l.Book, l.Who, l.Name, l.Event, l.State})
			return true, err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	want := []told{
		{"team/-1001:7", 1001, "Anna", "opened", "awaiting"},
		{"team/-1001:7", 1001, "Anna", "changed", ""},
		{"team/-1001:7", 1002, "Boris", "approved", "drafted"},
		{"team/-1001:7", 0, "", "moved", "drafted"},
		{"user/1001", 1001, "Anna", "opened", "drafted"},
	}
	if !reflect.DeepEqual(all, want) {
		t.Errorf("the books tell\n%+v, want\n%+v", all, want)
	}
}
