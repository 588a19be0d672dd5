package engine

import (
	"context"
	"fmt"
	"maps"
	"time"

	accountflow "zomrobot/conversation/account"
	"zomrobot/conversation/bill"
	"zomrobot/engine/journal"
	"zomrobot/job"
	"zomrobot/purchase"
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

// noteDeleted keeps with the purchases of a server when it was deleted.
func (e *Engine) noteDeleted(ctx context.Context, gone deletedServer) error {
	return e.noteServers(ctx, gone.Account, func(p *journal.Entry) bool {
		if !p.Deleted[gone.Server].IsZero() || !p.Bought(gone.Server) {
			return false
		}
		p.Deleted = with(p.Deleted, gone.Server, gone.At)
		return true
	})
}

// noteMissing keeps with the purchases of servers since when they are missing. Of what was
// not charged for the purchase itself says what has become of it.
func (e *Engine) noteMissing(ctx context.Context, note accountflow.NoteMissing) error {
	return e.noteServers(ctx, note.Account, func(p *journal.Entry) (changed bool) {
		for _, m := range note.Missing {
			if p.Missing[m.Server].IsZero() && p.Bought(m.Server) && p.Record.Charged() == purchase.WasCharged {
				p.Missing, changed = with(p.Missing, m.Server, m.Since), true
			}
		}
		for _, id := range note.Back {
			if !p.Missing[id].IsZero() {
				p.Missing, changed = with(p.Missing, id, time.Time{}), true
			}
		}
		return changed
	})
}

// with is a map with one more time.
func with(times map[string]time.Time, id string, at time.Time) map[string]time.Time {
	all := maps.Clone(times)
	if all == nil {
		all = map[string]time.Time{}
	}
	all[id] = at
	return all
}

// noteServers notes something of their servers with the purchases of an account, and draws
// the cards again of those that note changes. Servers that somebody has bought otherwise have
// none.
func (e *Engine) noteServers(ctx context.Context, account string, note func(*journal.Entry) bool) error {
	var ids []string
	err := e.store.Scan(ctx, journal.PurchasePrefix, "", func(key string, value []byte) (bool, error) {
		p, err := storage.Decode[journal.Entry](key, value)
		if err != nil {
			e.log.ErrorContext(ctx, "a purchase cannot be read; it may have a server that is gone", "error", err)
		} else if p.Record.Account == account && note(&p) {
			ids = append(ids, p.Record.ID)
		}
		return true, nil
	})
	for _, id := range ids {
		if err == nil {
			err = e.beside(ctx, func(t *transaction) error { return t.noteServersOf(id, note) })
		}
	}
	if err != nil {
		return fmt.Errorf("note what has become of servers of the account %s: %w", account, err)
	}
	return nil
}

func (t *transaction) noteServersOf(id string, note func(*journal.Entry) bool) error {
	p, _, err := storage.Get[journal.Entry](t.tx, journal.PurchaseKey(id))
	missing := p.Gone().Missing
	if err != nil || !note(&p) {
		return err
	}
	t.key = p.Owner
	if p.Record.State == purchase.StateActivating && p.Gone().Missing > missing { // its card says that news will come
		news := bill.MissingNews(journal.View(p, 0))
		if err := t.post(post{To: p.Owner, Notice: &news}); err != nil {
			return err
		}
	}
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
