package engine

import (
	"context"
	"fmt"
	"maps"
	"time"

	"zomrobot/engine/journal"
	"zomrobot/job"
	"zomrobot/storage"
)

// deletedServer is a server that the account has shown to be gone after it was deleted here.
type deletedServer struct {
	Account string    `json:"account"`
	Server  string    `json:"server"` // its id
	At      time.Time `json:"at"`     // when that was seen
}

// tellDeleted has the purchase of a server say that it is deleted, once a job has seen that.
func (t *transaction) tellDeleted(was, is job.Record) error {
	if is.Order.Op != job.Delete || is.Stage != job.Done || was.Stage == is.Stage {
		return nil
	}
	return t.post(post{To: is.Owner, Deleted: &deletedServer{Account: is.Order.Account, Server: is.Order.Server, At: is.Over}})
}

// noteDeleted keeps with the purchases of a server when it was deleted, and draws their cards
// again. A server that somebody has bought otherwise has none.
func (e *Engine) noteDeleted(ctx context.Context, gone deletedServer) error {
	var ids []string
	err := e.store.Scan(ctx, journal.PurchasePrefix, "", func(key string, value []byte) (bool, error) {
		p, err := storage.Decode[journal.Entry](key, value)
		if err != nil {
			e.log.ErrorContext(ctx, "a purchase cannot be read; it may have a server that was deleted", "error", err)
		} else if p.Record.Account == gone.Account && p.Bought(gone.Server) {
			ids = append(ids, p.Record.ID)
		}
		return true, nil
	})
	for _, id := range ids {
		if err == nil {
			err = e.beside(ctx, func(t *transaction) error { return t.noteDeletedOf(id, gone) })
		}
	}
	if err != nil {
		return fmt.Errorf("note that the server %s is deleted: %w", gone.Server, err)
	}
	return nil
}

func (t *transaction) noteDeletedOf(id string, gone deletedServer) error {
	p, _, err := storage.Get[journal.Entry](t.tx, journal.PurchaseKey(id))
	if err != nil || !p.Deleted[gone.Server].IsZero() || !p.Bought(gone.Server) {
		return err
	}
	t.key = p.Owner
	all := maps.Clone(p.Deleted)
	if all == nil {
		all = map[string]time.Time{}
	}
	all[gone.Server], p.Deleted = gone.At, all
	if err := storage.Put(t.tx, journal.PurchaseKey(id), p); err != nil {
		return err
	}
	if err := t.settleAlarms(p); err != nil {
		return err
	}
	_, stands, err := getCard(t.tx, purchaseCardKey(id))
	if err != nil || !stands {
		return err
	}
	return t.post(post{To: p.Owner, Purchase: id})
}
