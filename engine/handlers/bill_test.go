package handlers_test

import (
	"fmt"
	"testing"

	"zomrobot/audit"
	"zomrobot/book"
	"zomrobot/chat"
	"zomrobot/conversation/bill"
	"zomrobot/engine/handlers"
	"zomrobot/storage"
	"zomrobot/storage/storagetest"
)

// TestOlderPageOfABook: is offered where an older line is told, however many that are not told
// are between, and not where all that are older are such.
func TestOlderPageOfABook(t *testing.T) {
	t.Parallel()
	store := storagetest.Open(t)
	desk := &handlers.Desk{Store: store}
	key := chat.Key{Chat: 42, User: 42}
	var write func(what audit.Event, count int)
	write = func(what audit.Event, count int) {
		t.Helper()
		const some = 500 // in a transaction
		for ; count > some; count -= some {
			write(what, some)
		}
		err := store.Update(t.Context(), func(tx storage.Tx) error {
			for range count {
				if err := book.Append(tx, book.OfUser(42), audit.Entry{Purchase: "A7K-42", What: what}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	pages := func() (lines []int) {
		t.Helper()
		for before := int64(0); ; {
			answer, _ := desk.LoadAudit(key, "en", bill.LoadAudit{Before: before})(t.Context())
			loaded, ok := answer.(bill.AuditLoaded)
			if !ok || loaded.Problem != nil {
				t.Fatalf("%+v", answer)
			}
			lines = append(lines, len(loaded.Entries))
			if before = loaded.Older; before == 0 {
				return lines
			}
		}
	}
	for _, step := range []struct {
		told, untold int
		want         string
	}{{0, 3, "[0]"}, {6, 2, "[6]"}, {1, 5100, "[6 1]"}, {7, 0, "[6 6 2]"}} {
		write(audit.Cancelled{}, step.told)
		write(audit.Called{Call: "add"}, step.untold)
		if got := fmt.Sprint(pages()); got != step.want {
			t.Errorf("with %d more lines that are told and %d that are not the pages have %s, want %s", step.told, step.untold, got, step.want)
		}
	}
}
