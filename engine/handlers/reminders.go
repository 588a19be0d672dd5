package handlers

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/watch"
	"zomrobot/zomro"
)

// LoadMatters answers LoadMatters. What cannot be read is left out: nobody is
// reminded of what is not known.
func (d *Desk) LoadMatters(key chat.Key, lang string, load accountflow.LoadMatters) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := accountflow.MattersLoaded{Servers: load.Servers, Second: load.Second}
		if !d.Allowed(key) {
			return nil, nil // nobody is reminded who may not use the bot any more
		}
		missed := func(what string, err error) {
			if err != nil {
				d.Log.InfoContext(ctx, "nobody is reminded of what cannot be read", "what", what, "dialogue", key.String(), "error", err)
			}
		}
		as, err := account.Of(ctx, d.Store, key.User)
		missed("accounts", err)
		event.Unread = err != nil
		states := make([]accountflow.State, len(as.List))
		if !load.Servers {
			states, err = d.reserved(ctx, key.User, as)
			missed("open purchases", err)
			event.Unread = event.Unread || err != nil
		}
		var writes []func(storage.Tx) error
		for i, state := range states {
			matters, watched, err := d.mattersOf(ctx, key.User, as.List[i], lang, load)
			missed("an account", err)
			if err == nil {
				matters.Reserved = state.Reserved
				event.Accounts = append(event.Accounts, matters)
				writes = append(writes, watched)
			}
			event.Unread = event.Unread || err != nil && !errors.Is(err, account.ErrLost)
		}
		if load.Servers {
			return event, writes
		}
		event.Items, err = d.waitingItems(ctx, key.User)
		missed("purchases that wait", err)
		left, gone, err := d.leftItems(ctx, key.User, as, lang)
		missed("items that were left", err)
		event.Items = append(event.Items, left...)
		event.GroupDrafts, err = d.groupDrafts(ctx, key.User)
		missed("drafts in groups", err)
		return event, append(writes, func(tx storage.Tx) error {
			for _, id := range gone {
				if err := tx.Delete(journal.LeftKey(key.User, id)); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// mattersOf reads of what an account may run out, and how its servers are. watched
// remembers that.
func (d *Desk) mattersOf(ctx context.Context, user int64, a account.Account, lang string, load accountflow.LoadMatters) (matters accountflow.OfAccount, watched func(storage.Tx) error, err error) {
	matters.ID, matters.Nick = a.ID, a.Shown()
	began := d.Now()
	err = d.readMatters(ctx, user, a, lang, func(auth zomro.Auth) (err error) {
		if !load.Servers {
			if matters.Balance, err = d.Vendor.Balance(ctx, auth); err != nil {
				return err
			}
		}
		matters.Services, err = d.Vendor.Services(ctx, auth)
		return err
	})
	if err != nil {
		return matters, nil, err
	}
	was, _, err := storage.Read[watch.Record](ctx, d.Store, journal.WatchedKey(user, a.ID))
	if err != nil {
		return matters, nil, err
	}
	is := was.Look(matters.Services, began)
	matters.News, matters.Traffic, matters.Doubt = is.News(matters.Services, began), is.Traffic(matters.Services, began), is.Doubts()
	matters.Missing, matters.Back = is.Missing(matters.Services, began), is.Back()
	matters.Watched = is.Watched(began)
	// The record may have changed since it was read: the bot may have been asked to stop a server.
	look := func(r watch.Record) watch.Record { return r.Look(matters.Services, began) }
	return matters, func(tx storage.Tx) error { return Watched(tx, user, a.ID, look) }, nil
}

// Watched changes what is remembered of the servers of a person's account, if that is still
// connected.
func Watched(tx storage.Tx, user int64, id string, change func(watch.Record) watch.Record) error {
	as, err := account.In(tx, user)
	if err != nil || as.Index(id) < 0 {
		return err
	}
	key := journal.WatchedKey(user, id)
	was, _, err := storage.Get[watch.Record](tx, key)
	if err != nil {
		return err
	}
	is := change(was)
	switch {
	case maps.Equal(was, is):
		return nil
	case len(is) == 0:
		return tx.Delete(key)
	default:
		return storage.Put(tx, key, is)
	}
}

// readMatters runs a reading call with an account. One whose session is known to
// be lost is left alone: its owner was told.
func (d *Desk) readMatters(ctx context.Context, user int64, a account.Account, lang string, read func(zomro.Auth) error) error {
	if a.Lost {
		return account.ErrLost
	}
	return d.Accounts.WithAccount(ctx, user, a, lang, read)
}

// waitingItems returns a person's purchases that wait for an answer while their
// items are in the cart.
func (d *Desk) waitingItems(ctx context.Context, user int64) ([]accountflow.CartMatter, error) {
	ids, err := journal.OpenPurchases(ctx, d.Store)
	if err != nil {
		return nil, err
	}
	var items []accountflow.CartMatter
	for _, id := range ids {
		p, found, err := storage.Read[journal.Entry](ctx, d.Store, journal.PurchaseKey(id))
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
func (d *Desk) leftItems(ctx context.Context, user int64, as account.Connected, lang string) (left []accountflow.CartMatter, gone []string, err error) {
	var ids []string
	err = d.Store.Scan(ctx, journal.LeftOf(user), "", func(key string, _ []byte) (bool, error) {
		ids = append(ids, strings.TrimPrefix(key, journal.LeftOf(user)))
		return true, nil
	})
	if err != nil {
		return nil, nil, err
	}
	carts := map[string]*zomro.Cart{} // by account; nil: it cannot be read
	for _, id := range ids {
		p, found, err := storage.Read[journal.Entry](ctx, d.Store, journal.PurchaseKey(id))
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
				cart, err := d.Vendor.Cart(ctx, auth)
				if err == nil {
					carts[account.ID] = &cart
				}
				return err
			})
			if err != nil {
				d.Log.InfoContext(ctx, "nobody is reminded of a cart that cannot be read", "user", user, "error", err)
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
func (d *Desk) groupDrafts(ctx context.Context, user int64) ([]time.Time, error) {
	var keys []string
	err := d.Store.Scan(ctx, journal.GroupDraftsOf(user), "", func(key string, _ []byte) (bool, error) {
		keys = append(keys, journal.DialoguePrefix+strings.TrimPrefix(key, journal.GroupDraftsOf(user)))
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	var touched []time.Time
	for _, key := range keys {
		d, _, err := storage.Read[conversation.Dialogue](ctx, d.Store, key)
		if err != nil {
			return nil, err
		}
		if d.Draft != nil {
			touched = append(touched, d.Draft.Touched)
		}
	}
	return touched, nil
}

// holds reports whether a line item is in the cart.
func holds(cart zomro.Cart, lineItem string) bool {
	for _, item := range cart.Items {
		if item.Is(lineItem) {
			return true
		}
	}
	return false
}
