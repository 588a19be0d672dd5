package bill

import (
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/purchase"
)

// ReasonWanted says that the person may reject the purchase, and is to be asked why.
type ReasonWanted struct {
	Purchase string
	Terms    int // which are rejected
}

func (ReasonWanted) Event() {}

// mostReason is how many characters of a reason are kept.
const mostReason = 200

// reasonWanted asks why the person rejects a purchase.
func reasonWanted(t *conversation.Turn, e ReasonWanted) {
	t.Ask(PlaceReject, &asked{Purchase: e.Purchase, Revision: e.Terms, Shared: true})
	t.AsNew = true
}

func askReject(v *conversation.View) {
	v.Line(chat.Say("ask.reject", "ID", askedOf(v.Dialogue).Purchase))
	reject := v.Button(chat.Say("button.reject_silently"), conversation.VerbYes)
	reject.Style = chat.Danger
	v.Row(reject)
}

func pressReject(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbYes {
		return false
	}
	reject(t, "")
	return true
}

// textReject takes the reason, in one line.
func textReject(t *conversation.Turn, text string) {
	reason := []rune(strings.Join(strings.Fields(text), " "))
	if len(reason) > mostReason {
		reason = append(reason[:mostReason-1:mostReason-1], '…')
	}
	reject(t, string(reason))
}

// reject rejects the purchase that the card asks about.
func reject(t *conversation.Turn, reason string) {
	a := askedOf(t.Dialogue)
	decideBy(t, conversation.Decide{Purchase: a.Purchase, Revision: a.Revision, Choice: purchase.ChooseReject, Reason: reason}, true)
	t.Leave(chat.Say("reject.passed", "ID", a.Purchase))
}

// rework begins an order like one that was rejected: everything is filled in, to be
// changed and asked for again.
func rework(t *conversation.Turn, id string) {
	if t.Dialogue.Account == "" {
		t.Hint(chat.Say("order.bind_first"), "team")
		return
	}
	t.Do(RecallOrder{Purchase: id, Draft: t.Press})
}
