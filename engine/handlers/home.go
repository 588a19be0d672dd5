package handlers

import (
	"cmp"
	"context"
	"slices"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/conversation/bill"
	"zomrobot/conversation/home"
	orderflow "zomrobot/conversation/order"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// LoadStore answers LoadStore from the journal.
func (d *Desk) LoadStore(key chat.Key, _ string, _ home.LoadStore) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		var open, ended []home.Purchase
		err := d.Store.Scan(ctx, journal.PurchasePrefix, "", func(name string, value []byte) (bool, error) {
			p, err := storage.Decode[journal.Entry](name, value)
			if err != nil {
				d.Log.ErrorContext(ctx, "a purchase cannot be read; the home card leaves it out", "error", err)
				return true, nil
			}
			ofGroup := !key.Private() && p.Owner.Chat == key.Chat && p.Owner.Thread == key.Thread
			if p.Owner != key && !ofGroup {
				return true, nil
			}
			r := p.Record
			one := home.Purchase{ID: r.ID, What: cmp.Or(r.Order.ServerName, r.PlanTitle), Stage: string(bill.StageOf(r.Shown())), Opened: r.Opened, Deleted: p.Gone()}
			if on := r.Prolong; on != nil {
				one.What = on.Name
				if r.State == purchase.StateActive {
					one.Stage = "renewed"
				}
			}
			if r.State.Ended() {
				ended = append(ended, one)
			} else {
				open = append(open, one)
			}
			return true, nil
		})
		if err != nil {
			return home.StoreTold{Problem: d.Problem(ctx, "purchases", key, err)}, nil
		}
		newest := func(a, b home.Purchase) int { return b.Opened.Compare(a.Opened) }
		slices.SortStableFunc(open, newest)
		slices.SortStableFunc(ended, newest)
		told := home.StoreTold{Open: open[:min(len(open), home.MostOpen)]}
		told.More = len(open) - len(told.Open)
		if len(ended) > 0 {
			told.Last = &ended[0]
		}
		return told, nil
	}
}

// LoadVendor answers LoadVendor: what the vendor says of each account.
func (d *Desk) LoadVendor(key chat.Key, lang string, _ home.LoadVendor) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		as, err := account.Of(ctx, d.Store, key.User)
		var states []accountflow.State
		if err == nil {
			states, err = d.reserved(ctx, key.User, as)
		}
		if err != nil {
			return home.VendorTold{Problem: d.Problem(ctx, "accounts", key, err)}, nil
		}
		told := home.VendorTold{Accounts: make([]home.Account, len(as.List))}
		for i, a := range as.List {
			told.Accounts[i] = d.accountAtHome(ctx, key, lang, a, states[i])
		}
		return told, nil
	}
}

// accountAtHome reads what the home card shows of an account. The balance and what it
// lasts for are the same as on the card of the accounts.
func (d *Desk) accountAtHome(ctx context.Context, key chat.Key, lang string, a account.Account, state accountflow.State) home.Account {
	shown := home.Account{ID: a.ID}
	_, err := d.Accounts.Reach(ctx, key.User, a, lang, func(auth zomro.Auth) error {
		balance, err := d.Vendor.Balance(ctx, auth)
		if err != nil {
			return err
		}
		services, err := d.Vendor.Services(ctx, auth)
		if err != nil {
			return err
		}
		spendable := balance.Spendable()
		state.Balance, shown.Balance = &balance, &spendable
		if all := zomro.SpendingOf(services); all.Count > 0 && all.Unread == 0 {
			state.Daily = &all.Day
		}
		if days, ok := state.DaysLeft(); ok {
			shown.Daily, shown.Days = state.Daily, days
		}
		shown.Servers = make(map[string]int)
		for _, s := range services {
			if s.Status != zomro.StatusDeleted {
				shown.Servers[conversation.ServerMark(s)]++
			}
		}
		return nil
	})
	if err != nil {
		return home.Account{ID: a.ID, Problem: d.Problem(ctx, "an account", key, err)}
	}
	return shown
}

// LoadExample answers LoadExample from the newest price list that is known.
func (d *Desk) LoadExample(key chat.Key, lang string, _ home.LoadExample) Asked {
	return func(context.Context) (chat.Event, []func(storage.Tx) error) {
		catalogue := d.catalogue.last(lang, d.Now())
		example := home.ExampleLoaded{Line: "/order " + orderflow.Example(catalogue), Owner: d.Owner(key.User)}
		if cpu, memory, place, found := orderflow.ExampleWish(catalogue); found {
			example.Wish = &home.Wish{CPU: cpu, Memory: memory, Place: place}
		}
		return example, nil
	}
}
