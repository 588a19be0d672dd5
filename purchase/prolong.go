package purchase

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"zomrobot/zomro"
)

// Prolongation is a server that is paid on for one more period.
type Prolongation struct {
	Server string       `json:"server"` // its id
	Name   string       `json:"name"`   // what the vendor's lists called it
	Period zomro.Period `json:"period"`
	Until  time.Time    `json:"until"` // the day until which it is paid
	Next   time.Time    `json:"next"`  // the day until which the vendor says that it will be

	// Asked is when the add was announced; zero: it was not, or by a former version.
	Asked time.Time `json:"asked,omitzero"`
	// Stood is what was there before that; nil: it was not announced, or by a former version.
	Stood *Snapshot `json:"stood,omitempty"`
	// Guessed is what former versions wrote of a row that no answer has named: it is not
	// paid any more, and not taken out.
	Guessed bool `json:"guessed,omitempty"`
}

// Codes of a [Failure] of our own: why a server is not paid on.
const (
	CodeNoServer    = "no_server"    // the account has it no more, or it is being deleted
	CodeDaily       = "daily"        // it is charged each day: there is no period to pay for
	CodePaidOn      = "paid_on"      // it is paid until another day than was agreed to; Failure.Object: by which other purchase, if that is known
	CodeNoRow       = "no_row"       // the answer names no row of the cart, or one that is not there
	CodeOtherPeriod = "other_period" // its row is for another period
	CodeMoneyMoved  = "money_moved"  // the balance is not as it was before the add
	CodeCharged     = "charged"      // a charge that bears its name has come since before the add
	CodeOddDay      = "odd_day"      // one look showed another day than was agreed to, the later ones that day
	CodeBeside      = "beside"       // another purchase of the same cart got in its way
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

// unfit says why the server is not the one that was agreed to be paid on; nil: it is.
func (g prolongation) unfit(a Answered) *Failure {
	s, found := g.in(a.Services)
	_, period, _ := s.Price()
	switch {
	case !found || s.Closing():
		return &Failure{Kind: zomro.Refused, Code: CodeNoServer}
	case period == zomro.Day:
		return &Failure{Kind: zomro.Refused, Code: CodeDaily}
	case !s.PaidUntil.Equal(g.Until):
		return &Failure{Kind: zomro.Refused, Code: CodePaidOn, Object: buyer(a.Sold, s)}
	default:
		return nil
	}
}

// before: what stands then is kept, for nobody knows what the vendor does by the add.
func (g prolongation) before(r *Record, a Answered, now time.Time) {
	if f := g.unfit(a); f != nil {
		r.fail("", *f)
		r.move(StateFailed, now)
		return
	}
	r.Before, r.Due = &Snapshot{At: now, Services: seen(a.Services)}, CallCart
}

// blindly: its price is told by the cart, and that the add has cost nothing by the balance.
func (prolongation) blindly() bool { return false }

// called: it may have been renamed since.
func (g prolongation) called(r *Record, name string) bool {
	names := []string{g.Name}
	if r.Before != nil {
		for _, s := range r.Before.Services {
			if s.ID == g.Server {
				names = append(names, s.Name)
			}
		}
	}
	for _, s := range r.Services {
		names = append(names, s.Name)
	}
	return name != "" && slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

func (g prolongation) fresh(_ *Record, s zomro.Service) bool {
	return s.ID == g.Server && !s.PaidUntil.Equal(g.Until)
}

func (g prolongation) ours(_ *Record, s zomro.Service) bool {
	return s.ID == g.Server && !g.Next.IsZero() && !s.PaidUntil.Before(g.Next)
}

// weigh: it is paid on by this purchase if the day is the one that was announced, and the
// row is seen to have left the cart: with a row that is there, somebody else has paid it. No
// payment is made without a price.
func (g prolongation) weigh(r *Record, fresh []zomro.Service, gone int) (ServicesFact, int) {
	switch s, moved := g.in(fresh); {
	case !moved:
		return ServicesNone, 1
	case !s.PaidUntil.Equal(g.Next), gone <= 0, r.CartTotal == nil:
		return ServicesOther, 1
	default:
		return ServicesOurs, 1
	}
}

// unwanted: only the server as it was agreed to is paid on, by the row that the answer has
// named. A day that has moved since a payment was sent may have been moved by it.
func (g prolongation) unwanted(r *Record, a Answered, now time.Time) bool {
	f := g.unfit(a)
	switch {
	case f != nil && (f.Code != CodePaidOn || r.unsent()):
	case f == nil && (g.Guessed || r.LineItem == ""):
		f = &Failure{Kind: zomro.Refused, Code: CodeNoRow}
	default:
		return false
	}
	r.fail("", *f)
	r.giveUp(now)
	return true
}

func (g prolongation) more(r *Record, services []zomro.Service) bool {
	s, found := g.in(services)
	return found && !s.PaidUntil.Equal(g.Until) && !r.ByWord
}

// found: it is over once the server is seen to be paid until the day that was announced.
func (g prolongation) found(r *Record, services []zomro.Service, now time.Time) {
	if ours := r.ours(services); len(ours) > 0 {
		r.Services = ours
		r.move(StateActive, now)
	}
}

// contradicted reports whether a row says that it is for another period.
func (p *Prolongation) contradicted(row zomro.CartItem) bool {
	period, told := zomro.PeriodOf(row.Period)
	return told && period != p.Period
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

// Quoted reports whether a price was agreed to, so that something may be paid: that of a
// server that is paid on is told by the cart alone.
func (r Record) Quoted() bool { return r.Quote.Total.Currency != "" }

// Unsent reports whether a server was to be paid on, its add was announced, and no payment
// was sent: whatever is charged is by the add, or by something else than this purchase.
func (r Record) Unsent() bool { return r.unsent() }

func (r *Record) unsent() bool { return r.Prolong != nil && r.Added && r.Sent.IsZero() }

// removable reports whether our row in the cart is certain to be ours, so that it may be
// taken out.
func (r *Record) removable() bool {
	return r.LineItem != "" && (r.Prolong == nil || !r.Prolong.Guessed)
}

// disowned reports whether a person has said that it was not this purchase that paid a
// server on.
func (r *Record) disowned() bool { return r.Prolong != nil && r.ByWord }

// asked notes when the add was announced.
func (r *Record) asked(now time.Time) {
	if r.Prolong != nil {
		p := *r.Prolong
		p.Asked, p.Stood = now, r.Before
		r.Prolong = &p
	}
}

// stoodBefore is what was there before the add.
func (r *Record) stoodBefore() *Snapshot { return cmp.Or(r.Prolong.Stood, r.Earlier, r.Before) }

// keptMoney reports whether the balance has lost nothing, neither since before the add nor
// since the last look at it; until the cart was seen in order it must be the same, for what
// has come may hide what was taken.
func (r *Record) keptMoney(last *zomro.Balance) bool {
	if last == nil { // it could not be read
		last = r.stoodBefore().Balance
	}
	for _, then := range []*zomro.Balance{r.stoodBefore().Balance, last} {
		look := *r
		look.Before = &Snapshot{Balance: then}
		var e Evidence
		look.seeBalance(&e, r.Balance)
		if e.Balance == BalanceNotKnown || e.Was.Currency != e.Now.Currency || e.Now.Amount.LessThan(e.Was.Amount) ||
			r.CartTotal == nil && !e.Now.Amount.Equal(e.Was.Amount) {
			return false
		}
	}
	return true
}

// chargedSince are the charges that bear the name of the server that is paid on, and are new
// since before its add: nothing of it was paid by then.
func (r *Record) chargedSince(a Answered) []zomro.Charge {
	look, e := *r, Evidence{}
	look.Before = r.stoodBefore()
	look.seeCharges(&e, a)
	return slices.DeleteFunc(e.NewCharges, func(c zomro.Charge) bool { return !r.goods().called(r, c.Name) })
}

// shared reports whether another server of the account has the name of the one that is paid
// on, so that a charge that bears it can be for either.
func (r *Record) shared(name string) bool {
	return r.Prolong != nil && r.Before != nil && slices.ContainsFunc(r.Before.Services, func(s Seen) bool {
		return s.ID != r.Prolong.Server && strings.EqualFold(s.Name, name)
	})
}

// rowless: no row is known to be ours, whatever the add has done.
func (r *Record) rowless(f Failure, now time.Time) {
	if f.Code == "" && f.Message == "" {
		f = Failure{Kind: zomro.Refused, Code: CodeNoRow}
	}
	r.fail(CallAdd, f)
	r.giveUp(now)
}

// refuse gives a purchase up before a payment of it was sent.
func (r *Record) refuse(code string, now time.Time) {
	r.fail("", Failure{Kind: zomro.Refused, Code: code})
	r.giveUp(now)
}

// undo prepares what undoing looks at: what stood before the add, and when that cannot come
// late any more. Only a row that can be taken out is looked for before.
func (r *Record) undo(now time.Time) {
	r.Before, r.Earlier = r.stoodBefore(), nil
	if r.Prolong.Asked.IsZero() { // of a former version
		r.asked(now)
	}
	if !r.removable() {
		r.NextAt = r.Prolong.Asked.Add(late)
	}
}

// undoing takes in what is read of the account of a server that is not paid on after all:
// our row is taken out of the cart, if the answer has named it and it is seen there, and
// once the add cannot come late any more it is looked whether it has cost anything. Nothing
// is said to be paid by it: what has changed is told.
func (r *Record) undoing(a Answered, now time.Time) {
	if a.Failure != nil && r.retry(a.Call, *a.Failure, now) {
		return
	}
	switch a.Call {
	case CallCart:
		if a.Cart == nil {
			r.ItemLeft = true
		} else if mine, others := r.mine(*a.Cart); len(mine) > 0 && r.removable() && r.Removal == "" {
			r.CartRow, r.CartElid, r.Due = key(mine[0]), mine[0].Elid, CallRemove
			r.noteStanding(others, a.Siblings)
			return
		} else if len(mine) > 0 && r.removable() && !r.astray(a) && r.removeAgain(now) {
			return
		} else {
			r.ItemLeft = len(mine) > 0 || r.CartRow == "" && (r.LineItem != "" || len(r.foreign(others)) > 0)
		}
		r.Attempts, r.Due, r.NextAt = 0, CallServices, r.Prolong.Asked.Add(late)
	case CallServices:
		e := Evidence{Of: CallAdd, At: now}
		listed := slices.ContainsFunc(a.Services, func(s zomro.Service) bool { return s.ID == r.Prolong.Server })
		if a.Failure == nil && !listed {
			f := Failure{Kind: zomro.Transient} // a list can be cut short: nothing is known of the day
			if r.retry(CallServices, f, now) {
				return
			}
			a.Failure = &f
		}
		r.seeServices(&e, a)
		r.Evidence, r.Attempts, r.Due = &e, 0, CallBalance
	case CallBalance:
		e := *r.Evidence
		r.seeBalance(&e, a.Balance)
		r.Evidence, r.Attempts, r.Due = &e, 0, CallCharges
	default:
		r.undone(a, now)
	}
}

// undone ends it. That nothing was taken is believed only if the server is seen to be paid
// until the day of before, the balance is the same, and no new charge bears its name.
func (r *Record) undone(a Answered, now time.Time) {
	e := *r.Evidence
	if e.NewCharges = r.chargedSince(a); len(e.NewCharges) > 0 {
		e.Charges = ChargesNew
	}
	s, moved := prolongation{r.Prolong}.in(e.New)
	if moved {
		e.Services = ServicesOther
	}
	same := e.Balance != BalanceNotKnown && e.Was.Currency == e.Now.Currency && e.Was.Amount.Equal(e.Now.Amount)
	if !same && e.Balance != BalanceNotKnown {
		e.Balance = BalanceOther
	}
	switch odd := r.Failure != nil && r.Failure.Code == CodePaidOn; {
	case moved && (odd || r.Failure == nil):
		r.fail("", Failure{Kind: zomro.Refused, Code: CodePaidOn, Object: e.Buyer(s)})
	case odd && e.Services == ServicesNone:
		r.fail("", Failure{Kind: zomro.Refused, Code: CodeOddDay})
	}
	r.Evidence, r.MaybePaid = &e, !same || e.Services != ServicesNone || len(e.NewCharges) > 0
	if r.Failure != nil {
		r.move(StateFailed, now)
		return
	}
	r.move(StateCancelled, now)
}
