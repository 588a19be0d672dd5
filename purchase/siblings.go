package purchase

import (
	"slices"
	"time"

	"zomrobot/zomro"
)

// Siblings are the line items of other purchases that are known to the caller
// and are not at their end: two logins of the vendor can share one cart. Ahead
// are those of purchases that go first, by [Record.GoesBefore]. A confirm can pay the whole
// cart, and nobody may have agreed to the price of the other rows yet. So unless it is known
// to pay one row, it is not sent beside a sibling: who goes first waits, and the other takes
// its own row out and begins anew. Behind are also the rows of a trial that another login has
// under way.
type Siblings struct {
	Ahead  []string `json:"ahead,omitempty"`
	Behind []string `json:"behind,omitempty"`
	// Adding: another purchase may be putting something into a cart just now.
	Adding bool `json:"adding,omitempty"`
	// Left are the rows that nobody needs any more: purchases that have ended left them in the
	// cart. Tried are those that trials have left. They are only named to who is asked.
	Left  []string `json:"left,omitempty"`
	Tried []string `json:"tried,omitempty"`
}

// Has reports whether a row is one of the siblings.
func (s Siblings) Has(item zomro.CartItem) bool {
	return slices.ContainsFunc(s.Ahead, item.Is) || slices.ContainsFunc(s.Behind, item.Is)
}

// WasLeft reports whether a purchase that has ended has left a row in the cart.
func (s Siblings) WasLeft(item zomro.CartItem) bool { return slices.ContainsFunc(s.Left, item.Is) }

// HasTried reports whether a trial has left a row in the cart.
func (s Siblings) HasTried(item zomro.CartItem) bool { return slices.ContainsFunc(s.Tried, item.Is) }

// LeftInCart are the ids of the rows that the purchase has left in the cart, as far as it knows
// them.
func (r Record) LeftInCart() []string {
	if !r.ItemLeft {
		return nil
	}
	return slices.DeleteFunc(append(r.items(), r.CartRow, r.CartElid), func(id string) bool { return id == "" })
}

// names reports whether a line item of a purchase is one of the siblings.
func (s Siblings) names(r *Record) bool {
	return slices.ContainsFunc(r.items(), func(item string) bool { return has(s.Ahead, item) || has(s.Behind, item) })
}

// GoesBefore reports whether of two purchases with rows in one cart this one goes first: one of
// which a payment may have been sent, for it cannot give way any more; then a renewal that is in
// the cart, for it cannot make room and begin anew; then the one that was opened first. Of two
// purchases exactly one goes before the other.
func (r Record) GoesBefore(other Record) bool {
	switch {
	case (r.confirmed() > 0) != (other.confirmed() > 0):
		return r.confirmed() > 0
	case r.unsent() != other.unsent():
		return r.unsent()
	case !r.Opened.Equal(other.Opened):
		return r.Opened.Before(other.Opened)
	default:
		return r.ID < other.ID
	}
}

// Impedes reports whether this purchase keeps another one, perhaps of another login with the
// same cart, from making a call that both have announced, or may be carried out still: a
// confirm can pay the whole cart, and what is added must not be paid by another's. Nor do two
// logins that may have one cart add at the same time: none could tell its further rows from
// those of the other. Whoever announces a call asks this afterwards, so that of two at least one
// sees the other.
func (r Record) Impedes(other Record, call Call) bool {
	switch {
	case r.ID == other.ID, r.State.Ended():
		return false
	case call == CallConfirm:
		return r.unsent() && other.Before.has(r.Prolong.Server) || !other.paysRows() && (r.makesRoomFor(&other) || r.addsUnseen(&other))
	case call == CallAdd && r.addsBeside(&other):
		return true
	case call == CallAdd && other.Prolong != nil:
		return r.mayBePaying() && r.Before.has(other.Prolong.Server)
	case call == CallAdd:
		return r.mayBePaying() && !r.paysRows() && r.unseenBy(&other)
	default:
		return false
	}
}

// mayBePaying reports whether a confirm may still be carried out.
func (r *Record) mayBePaying() bool {
	return r.State == StatePaying || r.State == StateSettling || r.State == StateUnknown && r.UnknownOf == CallConfirm
}

// held reports whether the call was announced and not made, because another purchase, or a trial,
// impedes it.
func (a Answered) held() bool {
	return a.Failure != nil && a.Failure.Unsent && a.Failure.Code == CodeBeside
}

// impeded has the purchase wait, quietly, until others are out of the way of what it has
// announced; everything is read anew then. It has done nothing wrong, and that is no attempt of
// it. But it does not wait for ever.
func (r *Record) impeded(a Answered, now time.Time) {
	if r.Impeded.IsZero() || r.Impeded.After(now) {
		r.Impeded = now
	}
	if now.Sub(r.Impeded) > crowding {
		r.Impeded = time.Time{}
		r.fail(a.Call, *a.Failure)
		r.ask(Question{Kind: AskTrouble, Choices: []Choice{ChooseAgain, ChooseGiveUp}}, now)
		return
	}
	// Two that hold each other back must not come back at the same moment.
	if r.NextAt = now.Add(crowdPause); a.First {
		r.NextAt = now.Add(firstPause)
	}
}

// makesRoomFor reports whether our row is being taken out of the cart for another purchase.
// What that one takes from the balance meanwhile would look as if it was taken for ours.
func (r *Record) makesRoomFor(other *Record) bool { return r.makesRoom() && r.Siblings.names(other) }

// unseenBy reports whether the last look of another login at the cart was begun before our row
// was in it, so that nobody knows yet that they have the same cart.
func (r *Record) unseenBy(other *Record) bool {
	return r.Account != other.Account && !r.AddedAt.IsZero() && !other.CartAsked.After(r.AddedAt)
}

// addsUnseen reports whether a row of ours may come into the cart of another login, or have
// come, since the last look of that one at it, while nothing says that the carts are two.
func (r *Record) addsUnseen(other *Record) bool {
	if r.Account == other.Account || r.Prolong != nil || !other.unseenBy(r) && !r.Siblings.names(other) {
		return false
	}
	return r.addsSince(other.CartAsked)
}

// addsBeside reports whether a row of ours may come into the cart, or have come, since another
// login that is about to add has looked at it. Neither has a row that the other could have
// seen; but one account has one balance, and both have read it before. If it has moved
// between, they add at the same time, and one makes room later.
func (r *Record) addsBeside(other *Record) bool {
	if r.Account == other.Account {
		return false
	}
	if r.Balance != nil && other.Balance != nil {
		if was, is := r.Balance.Spendable(), other.Balance.Spendable(); was.Currency != is.Currency || !was.Amount.Equal(is.Amount) {
			return false
		}
	}
	return r.addsSince(other.CartAsked)
}

// addsSince reports whether a row of ours may come into the cart, or have come, since a look at it
// was begun.
func (r *Record) addsSince(look time.Time) bool {
	switch {
	case r.State == StateAdding:
		return true
	case r.State == StateUnknown && r.UnknownOf == CallAdd:
		return look.Sub(r.Since) < late
	default:
		return r.Confirms == 0 && r.LineItem != "" && !r.AddedAt.Before(look)
	}
}
