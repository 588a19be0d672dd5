package conversation

import (
	"strings"

	"zomrobot/chat"
	"zomrobot/purchase"
)

// asked is what a question about a purchase keeps that is answered beside its card.
type asked struct {
	Purchase string `json:"purchase"`
	Revision int    `json:"revision,omitempty"` // of that purchase
	Shared   bool   `json:"shared,omitempty"`   // it is a group's
}

// Stored names the form of its state in the store.
func (a *asked) Stored() string { return "question" }

// Meaning is nothing: its buttons always mean the same.
func (a *asked) Meaning() string { return "" }

// Clone returns a copy.
func (a *asked) Clone() State {
	is := *a
	return &is
}

func askedOf(d Dialogue) *asked {
	a, _ := stateOf[asked](d)
	return a
}

func (t *turn) checkedDecide(decide Decide, e Checked) {
	t.press = decide.Press
	switch {
	case e.Failed && t.press == "": // it was typed
		t.tell(chat.Say("problem.not_checked"))
		return
	case e.Failed:
		t.alert(chat.Say("problem.not_checked"))
		return
	}
	decide.Status, decide.Absent = e.Status, e.Absent
	t.press = ""
	t.do(decide)
}

// decide takes a button of a purchase.
func (t *turn) decide(d data) {
	switch choice := purchase.Choice(d.verb); choice {
	case choiceStatus:
		t.do(ShowPurchases{})
	case purchase.ChooseApprove, purchase.ChooseReject:
		t.vote(d, choice)
	case purchase.ChooseOtherPromo:
		t.aside(PlaceOtherPromo, &asked{Purchase: d.id, Revision: d.rev, Shared: d.owner != 0})
		t.anew = true
	case purchase.ChooseEmptyCart:
		t.aside(PlaceEmptyCart, &asked{Purchase: d.id, Revision: d.rev, Shared: d.owner != 0})
		t.anew = true
	case purchase.ChooseWithoutPromo, purchase.ChooseAccept, purchase.ChooseAgain, purchase.ChooseAnyway,
		purchase.ChooseGiveUp, purchase.ChooseBought, purchase.ChooseNotBought, purchase.ChooseCancel:
		t.decideBy(Decide{Purchase: d.id, Revision: d.rev, Choice: choice}, d.owner != 0)
	default:
		t.answer(chat.Say("toast.unknown"))
	}
}

// vote approves or rejects the order of a colleague.
func (t *turn) vote(d data, choice purchase.Choice) {
	if t.d.Key.Private() {
		t.answer(chat.Say("toast.unknown"))
		return
	}
	t.decideBy(Decide{Purchase: d.id, Revision: d.rev, Choice: choice}, true)
}

// decideBy gives an answer to a purchase. When it is a group's, also where its
// card is shown in private, it is first looked at what the person is in the group
// now; but not to give it up, which spends nothing. Who carries it out answers the
// press.
func (t *turn) decideBy(d Decide, shared bool) {
	d.Press, t.press = t.press, ""
	givesUp := d.Choice == purchase.ChooseCancel || d.Choice == purchase.ChooseGiveUp
	if t.d.Key.Private() && !shared || givesUp {
		t.do(d)
		return
	}
	d.Name = t.d.Name
	t.do(Check{Decide: &d})
}

func askEmptyCart(v *view) {
	v.line(chat.Say("ask.empty_cart"))
	yes := v.button(chat.Say("button.empty_cart_yes"), verbYes)
	yes.Style = chat.Danger
	v.row(yes)
}

func pressEmptyCart(t *turn, verb string, _ int) bool {
	if verb != verbYes {
		return false
	}
	a := askedOf(t.d)
	t.decideBy(Decide{Purchase: a.Purchase, Revision: a.Revision, Choice: purchase.ChooseEmptyCart}, a.Shared)
	t.leaveAside(chat.Say("cart.emptying"))
	return true
}

func askOtherPromo(v *view) { v.line(chat.Say("ask.other_promo", "ID", askedOf(v.d).Purchase)) }

func textOtherPromo(t *turn, text string) {
	code := strings.TrimSpace(text)
	if wrong := checkPromo(code); wrong != nil {
		t.note(*wrong)
		return
	}
	a := askedOf(t.d)
	t.decideBy(Decide{Purchase: a.Purchase, Revision: a.Revision, Choice: purchase.ChooseOtherPromo, Code: code}, a.Shared)
	t.leaveAside(chat.Say("promo.trying", "Code", chat.Arg{Code: code}))
}

// showAgain shows the card of a purchase whose question was answered too long ago.
func (t *turn) showAgain(purchase string, said chat.Phrase) {
	t.alert(chat.Say("toast.too_old"))
	lines := []chat.Phrase{said}
	if !t.d.Key.Private() {
		lines = []chat.Phrase{chat.Say("card.of", "Name", t.d.Name), said}
	}
	t.notify(chat.Screen{Lines: lines})
	t.do(ShowPurchase{Purchase: purchase})
}
