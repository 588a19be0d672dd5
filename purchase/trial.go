package purchase

import (
	"slices"
	"time"
)

// Trial is what a trial of the vendor, by another login of perhaps the same account, has to do
// with the cart. It keeps calls of a purchase back, and is kept back by purchases, as these are
// by each other ([Record.Impedes]): whoever announces a call asks afterwards. None of it holds
// for a purchase whose confirm is known to pay one row.
type Trial struct {
	Account string
	Rows    []string  // the ids of its rows in the cart, as far as they are known
	Looked  time.Time // when its last look at the cart was begun; zero: the cart could not be read
	Saw     []string  // the ids of the other rows that this look has shown

	Adding  bool      // a call is under way that puts something into the cart
	AddedBy time.Time // all that such calls put there is there by then; zero: nothing
	Paying  bool      // a confirm of its own is under way
	Doubts  bool      // it is looked for what that has done
}

// AddsSince reports whether a row of the trial may come into the cart, or have come, since a look
// at it was begun.
func (t Trial) AddsSince(look time.Time) bool {
	return t.Adding || !t.AddedBy.IsZero() && !look.After(t.AddedBy)
}

// Calls reports whether a call is under way that may keep a purchase back.
func (t Trial) Calls() bool { return t.Adding || t.Paying }

// Impedes reports whether the trial keeps a purchase from the call that it has announced: from a
// confirm, while something of the trial comes into the cart; from an add, while a confirm of the
// trial may be carried out.
func (t Trial) Impedes(r Record, call Call) bool {
	switch {
	case t.Account == r.Account, r.paysRows():
		return false
	case call == CallConfirm:
		return t.AddsSince(r.CartAsked) && t.mayHave(&r)
	case call == CallAdd:
		return (t.Paying || t.Doubts) && r.mayHave(t)
	default:
		return false
	}
}

// ImpedesTrial reports whether the trial keeps one of another login from the add, or the confirm,
// that it has announced: of rows that come into one cart at the same time none could tell its own,
// and a confirm can pay them all. Of two that announce a call at the same time neither makes it.
func (t Trial) ImpedesTrial(other Trial, call Call) bool {
	if t.Account == other.Account || call != CallAdd && call != CallConfirm {
		return false
	}
	return t.Paying || t.Doubts || t.AddsSince(other.Looked)
}

// ImpedesTrial reports whether this purchase keeps a trial from the add, or the confirm, that it
// has announced: from an add, while a confirm of the purchase may be carried out; from a confirm,
// while something of the purchase comes into the cart.
func (r Record) ImpedesTrial(t Trial, call Call) bool {
	switch {
	case t.Account == r.Account, r.State.Ended(), r.paysRows():
		return false
	case call == CallAdd:
		return r.mayBePaying() && t.mayHave(&r)
	case call == CallConfirm:
		return r.addsSince(t.Looked) && r.mayHave(t)
	default:
		return false
	}
}

// mayHave reports whether the row of a purchase may be in the cart of the trial: nothing but a
// look that was begun when it was there, and does not show it, says that the carts are two.
func (t Trial) mayHave(r *Record) bool {
	return !t.Looked.After(r.AddedAt) || slices.ContainsFunc(r.items(), func(item string) bool { return has(t.Saw, item) })
}

// mayHave reports likewise whether the rows of a trial may be in the cart of the purchase.
func (r *Record) mayHave(t Trial) bool {
	return r.Blind || len(t.Rows) == 0 || t.AddsSince(r.CartAsked) || slices.ContainsFunc(t.Rows, func(row string) bool {
		return has(r.Beside, row) || has(r.Siblings.Ahead, row) || has(r.Siblings.Behind, row)
	})
}
