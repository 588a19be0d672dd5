package engine

import (
	"context"
	"strings"
	"time"

	accountflow "zomrobot/conversation/account"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// loadMatters answers LoadMatters. What cannot be read is left out: nobody is
// reminded of what is not known.
func (d *desk) loadMatters(er errand, _ accountflow.LoadMatters) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		var event accountflow.MattersLoaded
		if !d.allowed(key) {
			return nil, nil // nobody is reminded who may not use the bot any more
		}
		missed := func(what string, err error) {
			if err != nil {
				d.log.Info("nobody is reminded of what cannot be read", "what", what, "dialogue", key.String(), "error", err)
			}
		}
		as, _, err := storage.Read[account.Connected](ctx, d.store, account.Key(key.User))
		missed("accounts", err)
		states, err := d.reserved(ctx, key.User, as)
		missed("open purchases", err)
		if err == nil {
			for i, a := range as.List {
				matters := accountflow.OfAccount{Nick: a.Shown(), Reserved: states[i].Reserved}
				err := d.readMatters(ctx, key.User, a, lang, func(auth zomro.Auth) (err error) {
					if matters.Balance, err = d.vendor.Balance(ctx, auth); err != nil {
						return err
					}
					matters.Services, err = d.vendor.Services(ctx, auth)
					return err
				})
				missed("an account", err)
				if err == nil {
					event.Accounts = append(event.Accounts, matters)
				}
			}
		}
		event.Items, err = d.waitingItems(ctx, key.User)
		missed("purchases that wait", err)
		left, gone, err := d.leftItems(ctx, key.User, as, lang)
		missed("items that were left", err)
		event.Items = append(event.Items, left...)
		event.GroupDrafts, err = d.groupDrafts(ctx, key.User)
		missed("drafts in groups", err)
		return event, []func(storage.Tx) error{func(tx storage.Tx) error {
			for _, id := range gone {
				if err := tx.Delete(leftKey(key.User, id)); err != nil {
					return err
				}
			}
			return nil
		}}
	}
}

// readMatters runs a reading call with an account. One whose session is known to
// be lost is left alone: its owner was told.
func (d *desk) readMatters(ctx context.Context, user int64, a account.Account, lang string, read func(zomro.Auth) error) error {
	if a.Lost {
		return account.ErrLost
	}
	return d.accounts.WithAccount(ctx, user, a, lang, read)
}

// waitingItems returns a person's purchases that wait for an answer while their
// items are in the cart.
func (d *desk) waitingItems(ctx context.Context, user int64) ([]accountflow.CartMatter, error) {
	ids, err := openPurchases(ctx, d.store)
	if err != nil {
		return nil, err
	}
	var items []accountflow.CartMatter
	for _, id := range ids {
		p, found, err := storage.Read[entry](ctx, d.store, purchaseKey(id))
		if err != nil {
			return nil, err
		}
		r := p.Record
		if !found || p.Owner.User != user || r.Question == nil || r.LineItem == "" {
			continue
		}
		// Of these it is not known, or not true, that the item is there.
		if r.Question.Kind == purchase.AskUnknown {
			continue
		}
		items = append(items, accountflow.CartMatter{Purchase: id, Since: r.Since})
	}
	return items, nil
}

// leftItems returns a person's purchases that ended with an item in the cart
// which is still there, and the ids of those whose items are there no more.
func (d *desk) leftItems(ctx context.Context, user int64, as account.Connected, lang string) (left []accountflow.CartMatter, gone []string, err error) {
	var ids []string
	err = d.store.Scan(ctx, leftOf(user), "", func(key string, _ []byte) (bool, error) {
		ids = append(ids, strings.TrimPrefix(key, leftOf(user)))
		return true, nil
	})
	if err != nil {
		return nil, nil, err
	}
	carts := map[string]*zomro.Cart{} // by account; nil: it cannot be read
	for _, id := range ids {
		p, found, err := storage.Read[entry](ctx, d.store, purchaseKey(id))
		if err != nil {
			return nil, nil, err
		}
		i := as.Index(p.Record.Account)
		if !found || i < 0 {
			continue
		}
		account := as.List[i]
		if _, read := carts[account.ID]; !read {
			carts[account.ID] = nil
			err := d.readMatters(ctx, user, account, lang, func(auth zomro.Auth) error {
				cart, err := d.vendor.Cart(ctx, auth)
				if err == nil {
					carts[account.ID] = &cart
				}
				return err
			})
			if err != nil {
				d.log.Info("nobody is reminded of a cart that cannot be read", "user", user, "error", err)
			}
		}
		switch cart := carts[account.ID]; {
		case cart == nil:
		case holds(*cart, p.Record.LineItem):
			left = append(left, accountflow.CartMatter{Purchase: id, Since: p.Record.Since, Ended: true})
		default:
			gone = append(gone, id)
		}
	}
	return left, gone, nil
}

// groupDrafts returns when each draft of a person in a group was last touched.
func (d *desk) groupDrafts(ctx context.Context, user int64) ([]time.Time, error) {
	var keys []string
	err := d.store.Scan(ctx, groupDraftsOf(user), "", func(key string, _ []byte) (bool, error) {
		keys = append(keys, dialoguePrefix+strings.TrimPrefix(key, groupDraftsOf(user)))
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	var touched []time.Time
	for _, key := range keys {
		d, _, err := storage.Read[conversation.Dialogue](ctx, d.store, key)
		if err != nil {
			return nil, err
		}
		if d.Draft != nil {
			touched = append(touched, d.Draft.Touched)
		}
	}
	return touched, nil
}
