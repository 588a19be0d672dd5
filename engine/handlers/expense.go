package handlers

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/sync/singleflight"

	"zomrobot/chat"
	"zomrobot/conversation/expense"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// LoadCosts answers LoadCosts: what the account was charged, and what of it the list of
// servers, the journal and the jobs explain.
func (d *Desk) LoadCosts(key chat.Key, lang string, load expense.LoadCosts) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := expense.CostsLoaded{Account: load.Account}
		costs, err := d.costs(ctx, key.User, load.Account, lang)
		if err != nil {
			event.Problem = d.Problem(ctx, "costs", key, err)
			return event, nil
		}
		event.Rows, event.From = costs.rows, costs.from
		return event, nil
	}
}

// costsFor is how long what was charged to an account is told again: it takes many calls.
const costsFor = 30 * time.Second

// ledger is what was charged to accounts, for a while.
type ledger struct {
	mu    sync.Mutex
	known map[string]costs
	group singleflight.Group
}

// costs is what was charged to an account, as it was read at a time.
type costs struct {
	rows []expense.Row
	from time.Time
	at   time.Time
}

// get returns one that is new enough.
func (b *ledger) get(name string, now time.Time) (costs, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	found, ok := b.known[name]
	return found, ok && found.fresh(now)
}

// put keeps one, and drops those that are too old.
func (b *ledger) put(name string, read costs) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.known == nil {
		b.known = make(map[string]costs)
	}
	maps.DeleteFunc(b.known, func(_ string, old costs) bool { return !old.fresh(read.at) })
	b.known[name] = read
}

func (b costs) fresh(now time.Time) bool {
	age := now.Sub(b.at)
	return age >= 0 && age < costsFor
}

// costs returns what was charged to a person's account, and what explains it. One that was
// just read is told again, and those who ask at the same time share one reading.
func (d *Desk) costs(ctx context.Context, user int64, id, lang string) (costs, error) {
	a, err := d.Accounts.Get(ctx, user, id)
	if err != nil {
		return costs{}, err
	}
	name := fmt.Sprint(user, "/", a.ID)
	answer, err, _ := d.ledger.group.Do(name, func() (any, error) {
		if known, ok := d.ledger.get(name, d.Now()); ok {
			return known, nil
		}
		read, err := d.readCosts(ctx, user, a.ID, lang)
		if err == nil {
			d.ledger.put(name, read)
		}
		return read, err
	})
	read, _ := answer.(costs)
	return read, err
}

func (d *Desk) readCosts(ctx context.Context, user int64, id, lang string) (costs, error) {
	reasons, err := d.reasons(ctx, user, id)
	if err != nil {
		return costs{}, err
	}
	var services []zomro.Service
	var charged zomro.Expenses
	var copies []zomro.Copy
	err = d.Accounts.With(ctx, user, id, lang, func(auth zomro.Auth) (err error) {
		if services, err = d.Vendor.Services(ctx, auth); err != nil {
			return err
		}
		if charged, err = d.Vendor.ChargesSince(ctx, auth, expense.Since(d.Now())); err != nil || len(charged.Charges) == 0 {
			return err
		}
		var untold error
		if copies, untold = d.Vendor.Images(ctx, auth); untold != nil {
			d.Log.InfoContext(ctx, "which copies there are is not told; they explain no charge", "account", id, "error", untold)
		}
		return nil
	})
	if err != nil {
		return costs{}, err
	}
	// The list of now comes first: by it a server is called.
	all := slices.Concat(expense.OfServers(services), expense.OfCopies(copies), reasons)
	return costs{rows: expense.Explain(charged.Charges, all), from: charged.From, at: d.Now()}, nil
}

// reasons are what the store knows that money of a person's account is, or was, taken for.
func (d *Desk) reasons(ctx context.Context, user int64, id string) ([]expense.Reason, error) {
	a, err := d.Accounts.Get(ctx, user, id)
	if err != nil {
		return nil, err
	}
	reasons, err := d.Spent(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	err = d.Store.Scan(ctx, journal.PurchasePrefix, "", func(name string, value []byte) (bool, error) {
		p, err := storage.Decode[journal.Entry](name, value)
		if err != nil {
			d.Log.ErrorContext(ctx, "a purchase cannot be read; it explains no charge", "error", err)
			return true, nil
		}
		if r := p.Record; r.Account == a.ID && r.Charged() != purchase.NotCharged {
			reason := ofPurchase(r)
			if p.Payer() != user {
				reason.Of = "" // somebody else with the same account of the vendor's
			}
			reasons = append(reasons, reason)
			reasons = append(reasons, expense.OfServers(r.Services)...)
		}
		return true, nil
	})
	return reasons, err
}

// ofPurchase is what was, or may have been, taken for a purchase: in all, or for each of
// its servers.
func ofPurchase(r purchase.Record) expense.Reason {
	reason := expense.Reason{By: expense.ByPurchase, Of: r.ID, Names: []string{r.Order.ServerName}, Day: r.PaidAt, Most: max(1, r.Order.Count)}
	if reason.Day.IsZero() {
		reason.Day = r.Sent
	}
	if on := r.Prolong; on != nil {
		reason.ID, reason.Names = on.Server, append(reason.Names, on.Name)
	}
	for _, s := range r.Services {
		reason.Names = append(reason.Names, s.Name, s.ServerName)
	}
	for _, c := range r.Charges {
		reason.Listed = append(reason.Listed, c.ID)
	}
	for _, sum := range []*zomro.Money{r.Taken, r.CartTotal, &r.Quote.Total} {
		if sum == nil || sum.Amount.Sign() <= 0 {
			continue
		}
		reason.Sums = append(reason.Sums, *sum)
		count := decimal.NewFromInt(int64(reason.Most))
		if each := sum.Amount.Div(count); reason.Most > 1 && each.Mul(count).Equal(sum.Amount) {
			reason.Sums = append(reason.Sums, zomro.Money{Amount: each, Currency: sum.Currency})
		}
	}
	return reason
}
