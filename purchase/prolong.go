package purchase

import (
	"slices"
	"strings"
	"time"

	"zomrobot/zomro"
)

// Prolongation is a server that is paid on for one more period.
type Prolongation struct {
	Server string       `json:"server"` // its id
	Name   string       `json:"name"`   // what the vendor's lists call it
	Period zomro.Period `json:"period"`
	Until  time.Time    `json:"until"` // the day until which it is paid
	Next   time.Time    `json:"next"`  // the day until which the vendor says that it will be

	// Placed: our row was seen in the cart.
	Placed bool `json:"placed,omitempty"`
	// Guessed: the answer named no row, and ours is the one that was not in the cart before.
	Guessed bool `json:"guessed,omitempty"`
	// Unshown: the answer named a row that the cart did not show.
	Unshown bool `json:"unshown,omitempty"`
	// Elsewhere is a later day until which it was seen to be paid while nothing of this
	// purchase was: somebody has paid it in the panel, or it was renewed by itself.
	Elsewhere time.Time `json:"elsewhere,omitzero"`
}

// Codes of a [Failure] of our own: why a server is not paid on.
const (
	CodeNoServer = "no_server" // the account has it no more
	CodePaidOn   = "paid_on"   // it is paid until another day than was agreed to; Failure.Object: by which other purchase, if that is known
	CodeNoRow    = "no_row"    // the cart shows nothing that can be told to be it
)

// prolongation is a server that is there and is paid on. It is recognised by its id, and
// that it was paid by the day until which it is.
type prolongation struct{ *Prolongation }

// in finds the server among services.
func (g prolongation) in(services []zomro.Service) (zomro.Service, bool) {
	i := slices.IndexFunc(services, func(s zomro.Service) bool { return s.ID == g.Server && s.Status != zomro.StatusDeleted })
	if i < 0 {
		return zomro.Service{}, false
	}
	return services[i], true
}

// before: only the server as it was agreed to is paid on. What stands then is kept: nobody
// knows whether the vendor puts it into the cart, or charges it at once.
func (g prolongation) before(r *Record, a Answered, now time.Time) {
	s, found := g.in(a.Services)
	switch {
	case !found || s.Closing():
		r.fail("", Failure{Kind: zomro.Refused, Code: CodeNoServer})
	case !s.PaidUntil.Equal(g.Until):
		r.paidOnBy(buyer(a.Sold, s))
	default:
		r.Before, r.Due = &Snapshot{At: now, Services: seen(a.Services)}, CallCart
		return
	}
	r.move(StateFailed, now)
}

// fits: what the vendor's cart calls it is not known.
func (prolongation) fits(zomro.CartItem) bool { return true }

// blindly: its price is told by the cart, and by nothing else.
func (prolongation) blindly() bool { return false }

// rowless: what the add did is looked for as for a payment.
func (prolongation) rowless(r *Record, now time.Time) bool {
	if !r.GivenUp && (r.Failure == nil || r.FailedCall != CallAdd || r.Failure.Code == "" && r.Failure.Message == "") {
		r.fail(CallAdd, Failure{Kind: zomro.Refused, Code: CodeNoRow})
	}
	p := *r.Prolong
	p.Placed, p.Guessed = false, false
	r.Prolong, r.LineItem, r.CartTotal, r.RowsCost = &p, "", nil, nil
	if r.Earlier != nil { // from before the add
		r.Before, r.Earlier = r.Earlier, nil
	}
	r.doubt(CallConfirm, StateSettling, now)
	return true
}

func (g prolongation) called(_ *Record, name string) bool { return strings.EqualFold(name, g.Name) }

func (g prolongation) fresh(_ *Record, s zomro.Service) bool {
	return s.ID == g.Server && !s.PaidUntil.Equal(g.Until)
}

func (g prolongation) ours(_ *Record, s zomro.Service) bool {
	return s.ID == g.Server && !g.Next.IsZero() && !s.PaidUntil.Before(g.Next)
}

// weigh: it is paid on by this purchase if the day is the one that was announced, and the
// row is not in the cart any more: with a row that is there, somebody else has paid it. A
// row that is not known to be ours says the same, if no payment was sent: what was charged
// at once is not in the cart.
func (g prolongation) weigh(r *Record, fresh []zomro.Service, cart *zomro.Cart, gone int) (ServicesFact, int) {
	rows := r.LineItem == "" && cart != nil && len(r.foreign(cart.Items)) > 0
	restored := r.Failure != nil && r.Failure.Code == CodeRestored // what was sent since is not known
	switch s, moved := g.in(fresh); {
	case !moved:
		return ServicesNone, 1
	case rows && r.Added && r.Confirms == 0 && !restored && !r.Siblings.Adding:
		return ServicesElsewhere, 1
	case rows:
		return ServicesOther, 1
	case !s.PaidUntil.Equal(g.Next), gone == 0:
		return ServicesOther, 1
	default:
		return ServicesOurs, 1
	}
}

// paidElsewhere: nothing of it was paid by this purchase as long as no payment was sent.
// It is given up: the person has agreed to pay from another day on.
func (g prolongation) paidElsewhere(r *Record, a Answered, now time.Time) bool {
	if !r.Sent.IsZero() || !g.more(r, a.Services) {
		return false
	}
	if g.Guessed { // the row is somebody else's, and the add was paid at once?
		return g.rowless(r, now)
	}
	s, _ := g.in(a.Services)
	r.elsewhere(s)
	r.paidOnBy(buyer(a.Sold, s))
	r.giveUp(now)
	return true
}

func (g prolongation) more(_ *Record, services []zomro.Service) bool {
	s, found := g.in(services)
	return found && !s.PaidUntil.Equal(g.Until) && !s.PaidUntil.Equal(g.Elsewhere)
}

// found: it is over once the server is seen to be paid until the day that was announced.
func (g prolongation) found(r *Record, services []zomro.Service, now time.Time) {
	if ours := r.ours(services); len(ours) > 0 {
		r.Services = ours
		r.move(StateActive, now)
	}
}

// elsewhere notes that a server is paid on by something else than this purchase.
func (r *Record) elsewhere(s zomro.Service) {
	p := *r.Prolong
	p.Elsewhere = s.PaidUntil
	r.Prolong = &p
}

// paidOnBy notes that a server is paid until another day than was agreed to, and by which
// other purchase; "": that is not known.
func (r *Record) paidOnBy(other string) {
	r.fail("", Failure{Kind: zomro.Refused, Code: CodePaidOn, Object: other})
}

// Renewed returns the server that is to be paid on, if it is paid until another day than
// was agreed to while no payment of this purchase was sent.
func (r Record) Renewed(services []zomro.Service) (zomro.Service, bool) {
	if r.Prolong == nil || r.Confirms > 0 {
		return zomro.Service{}, false
	}
	s, found := prolongation{r.Prolong}.in(services)
	return s, found && !s.PaidUntil.Equal(r.Prolong.Until)
}

// HasPaidOn reports whether this purchase has paid a server on, until the day until which it
// is paid.
func (r Record) HasPaidOn(s zomro.Service) bool {
	return r.Prolong != nil && r.Prolong.Server == s.ID && r.Bought > 0 && r.Prolong.Next.Equal(s.PaidUntil)
}

// paidOn reports whether a server is paid on by something else than this purchase, so that
// what the balance has lost says nothing of it.
func (r *Record) paidOn() bool { return r.Prolong != nil && !r.Prolong.Elsewhere.IsZero() }

// disowned takes a person's word that it was not this purchase that paid a server on.
func (r *Record) disowned() {
	if r.Prolong == nil || r.Evidence == nil {
		return
	}
	if s, moved := (prolongation{r.Prolong}).in(r.Evidence.New); moved {
		r.elsewhere(s)
	}
}

// unplaced reports whether an add was made of which it is not certain what it did: whether
// it made a row of the cart, or was paid at once, perhaps later.
func (r *Record) unplaced() bool {
	return r.Prolong != nil && r.Added && (!r.Prolong.Placed || r.Prolong.Guessed)
}

// placed notes that our row is in the cart.
func (r *Record) placed() {
	if r.Prolong != nil && !r.Prolong.Placed {
		p := *r.Prolong
		p.Placed = true
		r.Prolong = &p
	}
}

// guessed notes that the line item was not named by the answer.
func (r *Record) guessed() {
	if r.Prolong != nil {
		p := *r.Prolong
		p.Guessed, p.Unshown = true, false
		r.Prolong = &p
	}
}

// unshown notes that the row that the answer named is not in the cart.
func (r *Record) unshown() {
	r.LineItem = ""
	if r.Prolong != nil {
		p := *r.Prolong
		p.Unshown = true
		r.Prolong = &p
	}
}

// rowLeft reports whether a row of a server that was paid on may be in the cart still.
func (r *Record) rowLeft(cart *zomro.Cart) bool {
	switch {
	case r.Prolong == nil:
		return false
	case cart == nil:
		return r.LineItem == ""
	case r.LineItem == "":
		return len(r.foreign(cart.Items)) > 0
	default:
		mine, _ := r.mine(*cart)
		return len(mine) > 0
	}
}

// removable reports whether our row in the cart is certain to be ours, so that it may be
// taken out.
func (r *Record) removable() bool {
	return r.LineItem != "" && (r.Prolong == nil || !r.Prolong.Guessed)
}

// quoted reports whether a price was agreed to: that of a server that is paid on is told
// by the cart alone.
func (r *Record) quoted() bool { return r.Quote.Total.Currency != "" }

// Quoted reports whether a price was agreed to, so that something may be paid.
func (r Record) Quoted() bool { return r.quoted() }
