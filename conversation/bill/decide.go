package bill

import (
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/purchase"
)

// asked is what is kept of a question about a purchase that is answered beside its
// card.
type asked struct {
	Purchase string `json:"purchase"`
	Revision int    `json:"revision,omitempty"` // of that purchase
	Shared   bool   `json:"shared,omitempty"`   // it is a group's
}

// Stored names the form of its state in the store.
func (a *asked) Stored() string { return "question" }

// Meaning is empty: its buttons always mean the same.
func (a *asked) Meaning() string { return "" }

// Clone returns a copy.
func (a *asked) Clone() conversation.State {
	is := *a
	return &is
}

func askedOf(d conversation.Dialogue) *asked {
	a, _ := conversation.StateOf[asked](d)
	return a
}

func checkedDecide(t *conversation.Turn, decide conversation.Decide, e conversation.Checked) {
	t.Press = decide.Press
	switch {
	case e.Failed && t.Press == "": // it was typed
		t.Tell(chat.Say("problem.not_checked"))
		return
	case e.Failed:
		t.Alert(chat.Say("problem.not_checked"))
		return
	}
	decide.Status, decide.Absent = e.Status, e.Absent
	t.Press = ""
	t.Do(decide)
}

// decide takes a button of a purchase.
func decide(t *conversation.Turn, d conversation.Data) {
	switch choice := purchase.Choice(d.Verb); choice {
	case conversation.ChoiceStatus:
		t.Do(ShowPurchases{})
	case conversation.ChoiceRepeat:
		t.Do(RecallOrder{Purchase: d.ID, Draft: t.Press})
	case conversation.ChoiceShare:
		t.Do(RecallOrder{Purchase: d.ID, Share: true})
	case conversation.ChoiceRework:
		rework(t, d.ID)
	case purchase.ChooseApprove:
		decideBy(t, conversation.Decide{Purchase: d.ID, Revision: d.Rev, Choice: choice}, true)
	case purchase.ChooseReject:
		decideBy(t, conversation.Decide{Purchase: d.ID, Revision: d.Rev, Choice: choice, Begins: true}, true)
	case purchase.ChooseOtherPromo:
		t.Ask(PlaceOtherPromo, &asked{Purchase: d.ID, Revision: d.Rev, Shared: d.Owner != 0})
		t.AsNew = true
	case purchase.ChooseEmptyCart:
		t.Ask(PlaceEmptyCart, &asked{Purchase: d.ID, Revision: d.Rev, Shared: d.Owner != 0})
		t.AsNew = true
	case purchase.ChooseWithoutPromo, purchase.ChooseAccept, purchase.ChooseAgain, purchase.ChooseAnyway,
		purchase.ChooseGiveUp, purchase.ChooseBought, purchase.ChooseNotBought, purchase.ChooseCancel:
		decideBy(t, conversation.Decide{Purchase: d.ID, Revision: d.Rev, Choice: choice}, d.Owner != 0)
	default:
		t.Answer(chat.Say("toast.unknown"))
	}
}

// decideBy gives an answer to a purchase. When it is a group's, even where its card
// is shown in private, the person's present status in the group is looked up first;
// but not for giving it up, which spends nothing. Whoever carries it out answers
// the press.
func decideBy(t *conversation.Turn, d conversation.Decide, shared bool) {
	d.Press, t.Press = t.Press, ""
	givesUp := d.Choice == purchase.ChooseCancel || d.Choice == purchase.ChooseGiveUp
	if t.Dialogue.Key.Private() && !shared || givesUp {
		t.Do(d)
		return
	}
	d.Name = t.Dialogue.Name
	t.Do(conversation.Check{Decide: &d})
}

func askEmptyCart(v *conversation.View) {
	v.Line(chat.Say("ask.empty_cart"))
	yes := v.Button(chat.Say("button.empty_cart_yes"), conversation.VerbYes)
	yes.Style = chat.Danger
	v.Row(yes)
}

func pressEmptyCart(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbYes {
		return false
	}
	a := askedOf(t.Dialogue)
	decideBy(t, conversation.Decide{Purchase: a.Purchase, Revision: a.Revision, Choice: purchase.ChooseEmptyCart}, a.Shared)
	t.Dialogue.Aside = nil // the purchase's card says how it goes on
	return true
}

func askOtherPromo(v *conversation.View) {
	v.Line(chat.Say("ask.other_promo", "ID", askedOf(v.Dialogue).Purchase))
}

func textOtherPromo(t *conversation.Turn, text string) {
	code := strings.TrimSpace(text)
	if wrong := conversation.CheckPromo(code); wrong != nil {
		t.Note(*wrong)
		return
	}
	a := askedOf(t.Dialogue)
	decideBy(t, conversation.Decide{Purchase: a.Purchase, Revision: a.Revision, Choice: purchase.ChooseOtherPromo, Code: code}, a.Shared)
	t.Dialogue.Aside = nil // the purchase's card says how it goes on
}

// showAgain shows the card of a purchase whose question was answered too long ago.
func showAgain(t *conversation.Turn, purchase string, said chat.Phrase) {
	t.Alert(chat.Say("toast.too_old"))
	lines := []chat.Phrase{said}
	if !t.Dialogue.Key.Private() {
		lines = []chat.Phrase{chat.Say("card.of", "Name", t.Dialogue.Name), said}
	}
	t.Notify(chat.Screen{Lines: lines})
	t.Do(ShowPurchase{Purchase: purchase})
}
