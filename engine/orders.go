package engine

import (
	"cmp"
	"context"
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation/bill"
	orderflow "zomrobot/conversation/order"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// loadOrders answers LoadOrders from the journal.
func (e *Engine) loadOrders(er errand, _ bill.LoadOrders) asked {
	key := er.key
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		var event bill.OrdersLoaded
		err := e.store.Scan(ctx, purchasePrefix, "", func(name string, value []byte) (bool, error) {
			p, err := storage.Decode[entry](name, value)
			if err != nil {
				e.log.Error("a purchase cannot be read; it is not listed", "error", err)
				return true, nil
			}
			if p.Owner != key {
				return true, nil
			}
			r := p.Record
			row := bill.OrderRow{
				ID: r.ID, Stage: bill.StageOf(r.State), Name: r.Order.ServerName, Plan: r.PlanTitle, Total: p.Agreed.Total, Opened: r.Opened,
				Charged: view(p, 0).Taken,
			}
			for _, s := range r.Services[:min(len(r.Services), bill.MostOrderServers)] {
				row.Servers = append(row.Servers, bill.OrderServer{ID: s.ID, Address: cmp.Or(s.IPv4, s.IPv6)})
			}
			event.Orders = append(event.Orders, row)
			return true, nil
		})
		if err != nil {
			event.Problem = e.problem("purchases", key, err)
		}
		slices.SortStableFunc(event.Orders, func(a, b bill.OrderRow) int { return b.Opened.Compare(a.Opened) })
		return event, nil
	}
}

// recallOrder answers RecallOrder.
func (e *Engine) recallOrder(er errand, recall bill.RecallOrder) asked {
	key := er.key
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		p, found, err := storage.Read[entry](ctx, e.store, purchaseKey(recall.Purchase))
		if err == nil && (!found || p.Owner != key) {
			err = &zomro.Error{Op: "purchase", Kind: zomro.Refused, Code: zomro.CodeMissed}
		}
		if err != nil {
			return bill.OrdersLoaded{Problem: e.problem("a purchase", key, err)}, nil
		}
		return orderflow.Recalled{
			Purchase: recall.Purchase, Draft: recall.Draft, Template: recall.Template, Order: p.Record.Order, Promo: p.Record.Promo, Total: p.Agreed.Total,
		}, nil
	}
}

// showOnePurchase sends the card of a purchase anew: one of the person's, or of the
// group in which they are.
func showOnePurchase(ctx context.Context, e *Engine, er errand, show bill.ShowPurchase) error {
	key, lang, id := er.key, er.lang, show.Purchase
	p, found, err := storage.Read[entry](ctx, e.store, purchaseKey(id))
	switch {
	case err != nil || !found:
		return err
	case p.Owner == key || e.stands(ctx, key, p):
		return e.showPurchase(ctx, key, lang, id, true)
	case !key.Private() && p.Owner.Chat == key.Chat && p.Owner.Thread == key.Thread:
		return e.showPurchase(ctx, p.Owner, e.langOf(ctx, p.Owner), id, true)
	default:
		return nil
	}
}
