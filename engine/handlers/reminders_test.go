package handlers_test

import (
	"maps"
	"testing"
	"time"

	"zomrobot/account"
	"zomrobot/engine/handlers"
	"zomrobot/engine/journal"
	"zomrobot/storage"
	"zomrobot/storage/storagetest"
	"zomrobot/watch"
)

// TestWatchedOfAForgottenAccount: a look, or a job, that comes to its end after the account was
// forgotten leaves nothing behind.
func TestWatchedOfAForgottenAccount(t *testing.T) {
	t.Parallel()
	store := storagetest.Open(t)
	remembered := func(id string) watch.Record {
		t.Helper()
		var r watch.Record
		err := store.Update(t.Context(), func(tx storage.Tx) (err error) {
			err = handlers.Watched(tx, 42, id, func(r watch.Record) watch.Record { return r.Ask("51", time.Unix(0, 0).UTC()) })
			if err == nil {
				r, _, err = storage.Get[watch.Record](tx, journal.WatchedKey(42, id))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := remembered("7"); len(r) > 0 {
		t.Errorf("%v is remembered of an account that is not connected", r)
	}
	as := account.Connected{List: []account.Account{{ID: "7"}}, Default: "7"}
	if err := store.Update(t.Context(), func(tx storage.Tx) error { return as.Save(tx, 42) }); err != nil {
		t.Fatal(err)
	}
	if r := remembered("7"); !maps.Equal(r, watch.Record{}.Ask("51", time.Unix(0, 0).UTC())) {
		t.Errorf("%v is remembered", r)
	}
	if r := remembered("8"); len(r) > 0 {
		t.Errorf("%v is remembered of another account", r)
	}
}
