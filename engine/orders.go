package engine

import (
	"context"

	"zomrobot/conversation/bill"
	"zomrobot/engine/journal"
	"zomrobot/storage"
)

// showOnePurchase sends the card of a purchase as a new message: one of the person's, or of the
// group in which they are.
func showOnePurchase(ctx context.Context, e *Engine, er errand, show bill.ShowPurchase) error {
	key, lang, id := er.key, er.lang, show.Purchase
	p, found, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
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
