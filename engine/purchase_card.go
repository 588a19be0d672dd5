package engine

import (
	"context"
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/telegram"
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
		return e.showPurchase(ctx, errand{key: key, lang: lang}, id, placing{asNew: true})
	case near(p.Owner, key):
		return e.showPurchase(ctx, errand{key: p.Owner, lang: e.langOf(ctx, p.Owner)}, id, placing{asNew: true})
	case journal.Listed(p, key): // its card is in a group, and stays there
		group, err := e.group(ctx, p.Owner.Chat)
		if err != nil {
			return err
		}
		_, err = e.chat.Send(ctx, key, lang, telegram.Still(bill.Elsewhere(journal.View(p, 0), group.Title)), false)
		return err
	case key.Private() && p.Record.State == purchase.StateAwaiting:
		return e.requestAgain(ctx, errand{key: key, lang: lang}, id)
	default:
		return nil
	}
}

// near reports whether a group is the place of somebody's purchase: what stands on its card
// there, all in the group may see.
func near(owner, key chat.Key) bool {
	return !key.Private() && owner.Chat == key.Chat && owner.Thread == key.Thread
}

// showPurchase brings a purchase's card up to date.
func (e *Engine) showPurchase(ctx context.Context, er errand, id string, how placing) error {
	_, found, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
	if err != nil || !found {
		return err
	}
	draw := func() (picture, error) { return e.drawPurchase(ctx, er.key, id) }
	return e.place(ctx, er, purchaseCardKey(id), draw, how)
}

// drawPurchase draws a purchase's card as it stands now, for a place.
func (e *Engine) drawPurchase(ctx context.Context, in chat.Key, id string) (picture, error) {
	now, _, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
	if err != nil {
		return picture{}, err
	}
	queue, _, err := storage.Read[[]string](ctx, e.store, queueKey(now.Record.Account))
	if err != nil {
		return picture{}, err
	}
	v := journal.View(now, max(0, slices.Index(queue, id)))
	if v.Place > 0 {
		first, _, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(queue[0]))
		if err != nil {
			return picture{}, err
		}
		v.Blocked = first.Record.Question != nil
		v.Counting = v.Place == 1 && purchase.Counting(first.Record)
	}
	if now.Team != "" && now.Record.State == purchase.StateAwaiting {
		tm, _, err := storage.Read[team.Team](ctx, e.store, journal.TeamKey(now.Team))
		if err != nil {
			return picture{}, err
		}
		v.Approval.NoAccount = !now.PaidBy(tm)
		if v.Approval.Approvers, err = e.stillAsked(ctx, now.Record); err != nil {
			return picture{}, err
		}
	}
	drawn := picture{screen: bill.RenderPurchase(v)}
	if v.Charged == purchase.NotCharged && !v.Stage.Ended() {
		drawn.matter = conversation.MatterAsked // what became of money stays in the chat
	}
	if in.Chat == now.Owner.Chat {
		return drawn, nil
	}
	group, err := e.group(ctx, now.Owner.Chat)
	drawn.screen = conversation.InPrivate(drawn.screen, group.Title)
	return drawn, err
}

// stands reports whether a purchase of a person's in a group is shown to them in
// private.
func (e *Engine) stands(ctx context.Context, key chat.Key, p journal.Entry) bool {
	if !key.Private() || p.Owner.User != key.User {
		return false
	}
	c, _, err := storage.Read[card](ctx, e.store, purchaseCardKey(p.Record.ID))
	return err == nil && c.Chat == key.Chat
}

// openPurchases returns the purchases that are not at their end, the oldest first.
func (e *Engine) openPurchases(ctx context.Context) ([]journal.Entry, error) {
	ids, err := journal.OpenPurchases(ctx, e.store)
	if err != nil {
		return nil, err
	}
	var open []journal.Entry
	for _, id := range ids {
		p, found, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
		if err != nil {
			return nil, err
		}
		if found && !p.Record.State.Ended() {
			open = append(open, p)
		}
	}
	slices.SortStableFunc(open, func(a, b journal.Entry) int { return a.Record.Opened.Compare(b.Record.Opened) })
	return open, nil
}

// showPurchases sends the cards of a person's open purchases as new messages, the oldest
// first, in a group those of everybody there. Of those that a person has in groups it is said where.
func showPurchases(ctx context.Context, e *Engine, er errand, _ bill.ShowPurchases) error {
	key := er.key
	open, err := e.openPurchases(ctx)
	if err != nil {
		return err
	}
	lang := e.langOf(ctx, key)
	var away []chat.Phrase
	shown := false
	for _, now := range open {
		id := now.Record.ID
		er := errand{key: key, lang: lang}
		switch {
		case now.Owner == key || e.stands(ctx, key, now):
		case near(now.Owner, key):
			er = errand{key: now.Owner, lang: e.langOf(ctx, now.Owner)}
		case journal.Listed(now, key):
			group, err := e.group(ctx, now.Owner.Chat)
			if err != nil {
				return err
			}
			away = append(away, bill.UnderWayIn(journal.View(now, 0), group.Title))
			continue
		default:
			continue
		}
		if err := e.showPurchase(ctx, er, id, placing{asNew: true}); err != nil {
			return err
		}
		if now.Held != nil {
			e.wake(id)
		}
		shown = true
	}
	screen := bill.NoPurchases(key)
	switch {
	case len(away) > 0:
		screen = chat.Screen{Lines: away}
	case shown:
		return nil
	}
	_, err = e.chat.Send(ctx, key, lang, telegram.Still(screen), false)
	return err
}
