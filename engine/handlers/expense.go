package handlers

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

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
		reasons, err := d.reasons(ctx, key.User, load.Account)
		var services []zomro.Service
		var charged zomro.Expenses
		var copies []zomro.Copy
		if err == nil {
			err = d.Accounts.With(ctx, key.User, load.Account, lang, func(auth zomro.Auth) (err error) {
				if services, err = d.Vendor.Services(ctx, auth); err != nil {
					return err
				}
				if charged, err = d.Vendor.ChargesSince(ctx, auth, expense.Since(d.Now())); err != nil || len(charged.Charges) == 0 {
					return err
				}
				var untold error
				if copies, untold = d.Vendor.Images(ctx, auth); untold != nil {
					d.Log.Info("which copies there are is not told; they explain no charge", "dialogue", key.String(), "error", untold)
				}
				return nil
			})
		}
		if err != nil {
			event.Problem = d.Problem("costs", key, err)
			return event, nil
		}
		// The list of now comes first: by it a server is called.
		all := slices.Concat(expense.OfServers(services), expense.OfCopies(copies), reasons)
		event.Rows, event.From = expense.Explain(charged.Charges, all), charged.From
		return event, nil
	}
}

// reasons are what the store knows that money of a person's account is, or was, taken for.
func (d *Desk) reasons(ctx context.Context, user int64, id string) ([]expense.Reason, error) {
	a, err := d.Accounts.Get(ctx, user, id)
	if err != nil {
		return nil, err
	}
	reasons, err := d.Resizes(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	err = d.Store.Scan(ctx, journal.PurchasePrefix, "", func(name string, value []byte) (bool, error) {
		p, err := storage.Decode[journal.Entry](name, value)
		if err != nil {
			d.Log.Error("a purchase cannot be read; it explains no charge", "error", err)
			return true, nil
		}
		if r := p.Record; r.Account == a.ID && p.Payer() == user && r.Charged() != purchase.NotCharged {
			reasons = append(reasons, ofPurchase(r))
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
