package engine

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// What reminders are made from and nothing else lists by person: purchases that
// ended with an item in the cart, and drafts in groups.
const (
	leftPrefix       = "item-left/"
	groupDraftPrefix = "group-draft/"
)

func leftOf(user int64) string { return leftPrefix + strconv.FormatInt(user, 10) + "/" }

func leftKey(user int64, id string) string { return leftOf(user) + id }

func groupDraftsOf(user int64) string { return groupDraftPrefix + strconv.FormatInt(user, 10) + "/" }

func groupDraftKey(k chat.Key) string { return groupDraftsOf(k.User) + k.String() }

// resumeReminders begins to remind people who connected an account before there
// were reminders, and have not been heard of since.
func (e *Engine) resumeReminders() {
	if err := e.beginReminders(e.ctx); err != nil && e.ctx.Err() == nil {
		e.log.Error("reminders do not begin for people of an older store", "error", err)
	}
}

func (e *Engine) beginReminders(ctx context.Context) error {
	var users []int64
	err := e.store.Scan(ctx, account.Prefix, "", func(key string, _ []byte) (bool, error) {
		user, err := strconv.ParseInt(strings.TrimPrefix(key, account.Prefix), 10, 64)
		if err != nil {
			return false, fmt.Errorf("%s: %w", key, err)
		}
		users = append(users, user)
		return true, nil
	})
	if err != nil {
		return err
	}
	for _, user := range users {
		key := chat.Key{Chat: user, User: user}
		d, found, err := e.dialogue(ctx, key)
		if err == nil && found && d.Reminders.Next.IsZero() {
			err = e.turn(ctx, key, conversation.Tick{})
		}
		if storage.Damaged(err) {
			e.log.Error("a dialogue cannot be read; its person is not reminded", "dialogue", key.String(), "error", err)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// loadMatters answers LoadMatters. What cannot be read is left out: nobody is
// reminded of what is not known.
func (e *Engine) loadMatters(er errand, _ accountflow.LoadMatters) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		var event accountflow.MattersLoaded
		if !e.allowed(key) {
			return nil, nil // nobody is reminded who may not use the bot any more
		}
		missed := func(what string, err error) {
			if err != nil {
				e.log.Info("nobody is reminded of what cannot be read", "what", what, "dialogue", key.String(), "error", err)
			}
		}
		as, _, err := storage.Read[account.Connected](ctx, e.store, account.Key(key.User))
		missed("accounts", err)
		states, err := e.reserved(ctx, key.User, as)
		missed("open purchases", err)
		if err == nil {
			for i, a := range as.List {
				matters := accountflow.OfAccount{Nick: a.Shown(), Reserved: states[i].Reserved}
				err := e.readMatters(ctx, key.User, a, lang, func(auth zomro.Auth) (err error) {
					if matters.Balance, err = e.vendor.Balance(ctx, auth); err != nil {
						return err
					}
					matters.Services, err = e.vendor.Services(ctx, auth)
					return err
				})
				missed("an account", err)
				if err == nil {
					event.Accounts = append(event.Accounts, matters)
				}
			}
		}
		event.Items, err = e.waitingItems(ctx, key.User)
		missed("purchases that wait", err)
		left, gone, err := e.leftItems(ctx, key.User, as, lang)
		missed("items that were left", err)
		event.Items = append(event.Items, left...)
		event.GroupDrafts, err = e.groupDrafts(ctx, key.User)
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
func (e *Engine) readMatters(ctx context.Context, user int64, a account.Account, lang string, read func(zomro.Auth) error) error {
	if a.Lost {
		return account.ErrLost
	}
	return e.accounts.WithAccount(ctx, user, a, lang, read)
}

// waitingItems returns a person's purchases that wait for an answer while their
// items are in the cart.
func (e *Engine) waitingItems(ctx context.Context, user int64) ([]accountflow.CartMatter, error) {
	ids, err := e.openPurchases(ctx)
	if err != nil {
		return nil, err
	}
	var items []accountflow.CartMatter
	for _, id := range ids {
		p, found, err := storage.Read[entry](ctx, e.store, purchaseKey(id))
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
func (e *Engine) leftItems(ctx context.Context, user int64, as account.Connected, lang string) (left []accountflow.CartMatter, gone []string, err error) {
	var ids []string
	err = e.store.Scan(ctx, leftOf(user), "", func(key string, _ []byte) (bool, error) {
		ids = append(ids, strings.TrimPrefix(key, leftOf(user)))
		return true, nil
	})
	if err != nil {
		return nil, nil, err
	}
	carts := map[string]*zomro.Cart{} // by account; nil: it cannot be read
	for _, id := range ids {
		p, found, err := storage.Read[entry](ctx, e.store, purchaseKey(id))
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
			err := e.readMatters(ctx, user, account, lang, func(auth zomro.Auth) error {
				cart, err := e.vendor.Cart(ctx, auth)
				if err == nil {
					carts[account.ID] = &cart
				}
				return err
			})
			if err != nil {
				e.log.Info("nobody is reminded of a cart that cannot be read", "user", user, "error", err)
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

// holds reports whether a line item is in the cart.
func holds(cart zomro.Cart, lineItem string) bool {
	for _, item := range cart.Items {
		if item.Is(lineItem) {
			return true
		}
	}
	return false
}

// groupDrafts returns when each draft of a person in a group was last touched.
func (e *Engine) groupDrafts(ctx context.Context, user int64) ([]time.Time, error) {
	var keys []string
	err := e.store.Scan(ctx, groupDraftsOf(user), "", func(key string, _ []byte) (bool, error) {
		keys = append(keys, dialoguePrefix+strings.TrimPrefix(key, groupDraftsOf(user)))
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	var touched []time.Time
	for _, key := range keys {
		d, _, err := storage.Read[conversation.Dialogue](ctx, e.store, key)
		if err != nil {
			return nil, err
		}
		if d.Draft != nil {
			touched = append(touched, d.Draft.Touched)
		}
	}
	return touched, nil
}

// listGroupDraft keeps the list of drafts in groups in step with a dialogue.
func (t *transaction) listGroupDraft(had bool, d conversation.Dialogue) error {
	switch has := d.Draft != nil; {
	case t.key.Private():
		return nil
	case has:
		return storage.Put(t.tx, groupDraftKey(t.key), true)
	case had:
		return t.tx.Delete(groupDraftKey(t.key))
	default:
		return nil
	}
}
