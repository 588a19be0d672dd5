package engine

import (
	"errors"
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	orderflow "zomrobot/conversation/order"
	"zomrobot/storage"
)

// sharedOrder is an order that a link leads to.
type sharedOrder struct {
	Line      string `json:"line"`
	Promo     string `json:"promo,omitempty"`
	WithPromo bool   `json:"withPromo,omitempty"` // the code is handed on
}

// opened is what somebody gets who has followed the link.
func (s sharedOrder) opened(unique string) orderflow.ShareOpened {
	e := orderflow.ShareOpened{Line: s.Line, Unique: unique}
	if s.WithPromo {
		e.Promo = s.Promo
	}
	return e
}

// share is a link to an order among those that a person has given out.
type share struct {
	Name  string    `json:"name"` // of the link
	Until time.Time `json:"until"`
}

// shareOrder makes a link to an order. The oldest of too many goes.
func (t *transaction) shareOrder(order orderflow.ShareOrder) ([]chat.Event, error) {
	now := t.engine.now()
	shares, _, err := storage.Get[[]share](t.tx, sharesKey(t.key.User))
	if err != nil {
		return nil, err
	}
	shares = slices.DeleteFunc(shares, func(s share) bool { return !now.Before(s.Until) })
	for len(shares) >= orderflow.MostShares {
		oldest := shares[0]
		if err := errors.Join(t.tx.Delete(linkKey(oldest.Name)), t.tx.Delete(dueKey(oldest.Until, dueLink, oldest.Name))); err != nil {
			return nil, err
		}
		shares = shares[1:]
	}
	l := link{
		Purpose: conversation.LinkOrder, From: t.key, Until: now.Add(orderflow.ShareLives),
		Order: &sharedOrder{Line: order.Line, Promo: order.Promo},
	}
	code, err := t.putLink(l)
	if err != nil {
		return nil, err
	}
	shares = append(shares, share{Name: linkName(code), Until: l.Until})
	made := orderflow.ShareMade{Code: code, Promo: order.Promo}
	return []chat.Event{made}, storage.Put(t.tx, sharesKey(t.key.User), shares)
}

// sharePromo has a link of this person's hand on the promo code too.
func (t *transaction) sharePromo(promo orderflow.SharePromo) ([]chat.Event, error) {
	name := linkName(promo.Code)
	l, found, err := storage.Get[link](t.tx, linkKey(name))
	switch {
	case err != nil:
		return nil, err
	case !found || l.Order == nil || l.Order.Promo == "" || l.From.User != t.key.User || !t.engine.now().Before(l.Until):
		return []chat.Event{orderflow.ShareMade{Gone: true}}, nil
	}
	l.Order.WithPromo = true
	made := orderflow.ShareMade{Code: promo.Code, Promo: l.Order.Promo, WithPromo: true}
	return []chat.Event{made}, storage.Put(t.tx, linkKey(name), l)
}
