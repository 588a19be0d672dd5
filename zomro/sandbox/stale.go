package sandbox

import (
	"maps"
	"time"
)

// staleCart is a picture of a cart that func=cart shows in place of the cart.
type staleCart struct {
	items []*item // copies
	shown bool
	until time.Time     // zero: until it is taken back
	next  time.Duration // from the next confirm on, for this long; zero: no
}

// FreezeCart makes func=cart go on showing an account's cart as it is now, for this
// long; [Never] means until [Sandbox.ThawCart]. What is done to the cart is done
// anyway.
func (s *Sandbox) FreezeCart(login string, d time.Duration) {
	s.withAccount(login, func(a *account) { a.freeze(s.config.Now(), d) })
}

// FreezeCartAtConfirm is [Sandbox.FreezeCart] from the next confirm on that is
// carried out or refused, with the cart as it was before it.
func (s *Sandbox) FreezeCartAtConfirm(login string, d time.Duration) {
	s.withAccount(login, func(a *account) { a.stale.next = d })
}

// ThawCart has func=cart show an account's cart as it is, now and at the next
// confirm.
func (s *Sandbox) ThawCart(login string) {
	s.withAccount(login, func(a *account) { a.stale = staleCart{} })
}

// freeze takes the picture. Prices are part of it.
func (a *account) freeze(now time.Time, d time.Duration) {
	a.stale = staleCart{shown: true}
	if d != Never {
		a.stale.until = now.Add(d)
	}
	for _, i := range a.items {
		picture, plan := *i, *i.plan
		plan.prices = maps.Clone(plan.prices)
		picture.plan = &plan
		a.stale.items = append(a.stale.items, &picture)
	}
}

// freezeAtConfirm takes the picture that was asked for at this confirm.
func (a *account) freezeAtConfirm(now time.Time) {
	if a.stale.next != 0 {
		a.freeze(now, a.stale.next)
	}
}

// isStale reports whether the cart that is shown is not the real one.
func (a *account) isStale(now time.Time) bool {
	return a.stale.shown && (a.stale.until.IsZero() || now.Before(a.stale.until))
}
