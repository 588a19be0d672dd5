package order

import (
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// startOrder begins an order; with parameters it fills them in.
func startOrder(t *conversation.Turn, args, unique string, message int) {
	if a := t.Dialogue.Aside; a != nil && a.Place == PlaceTemplateText && args != "" {
		importTemplate(t, args, message)
		t.AsNew = true
		return
	}
	if pairs, isCall := callOf(args); isCall && t.Dialogue.Key.Private() {
		orderCall(t, pairs, unique, message)
		return
	}
	given := parseShortcut(args)
	if chat.HoldsSecret(given.beside()) {
		t.RefuseSecret(args, message)
		return
	}
	if hidesSecret(given.said) && !t.Dialogue.Key.Private() {
		t.RefuseSecret(args, message)
		return
	}
	given.secret = given.secret || hidesSecret(given.said)
	switch {
	case !given.secret || message == 0:
	case mustWait(t) && !canWait(t, given):
		t.RefuseSecret(args, message)
	default:
		t.Do(conversation.Delete{Message: message})
	}
	orderLine(t, given, unique)
}

// orderLine begins an order with what a line says about it.
func orderLine(t *conversation.Turn, given shortcut, unique string) {
	dr := t.Dialogue.Draft
	switch {
	case mustWait(t) && !given.wants() && dr != nil && dr.Place == PlaceWaits:
		resume(t)
	case mustWait(t) && !canWait(t, given):
		tellNoAccount(t)
	case dr != nil && dr.Place == PlaceOpening:
		t.Note(chat.Say("note.opening"))
		t.AsNew = true
	case len(given.pairs) > 0 || len(given.unknown) > 0 || given.said != "" || given.secret:
		replaced := dr != nil && !dr.Empty()
		begin(t, unique)
		if replaced {
			t.Note(chat.Say("note.replaced"))
		}
		fill(t, given)
		waitForLogin(t)
		if len(given.unknown) > 0 {
			t.Keep()
		}
	case dr == nil:
		beginOffered(t, unique)
	case dr.Empty():
		t.Dialogue.Aside = nil
		t.GoTo(PlaceOffer)
		t.Reload, t.AsNew = true, true
	default:
		t.Ask(PlaceResume, nil)
		t.AsNew = true
	}
}

// tellNoAccount says that there is nothing to pay with, and what to do.
func tellNoAccount(t *conversation.Turn) {
	switch {
	case t.Dialogue.Key.Private():
		t.Tell(chat.Say("order.login_first"), "login")
	case t.Dialogue.Team == nil:
		t.Hint(chat.Say("order.team_first"), "team")
	default:
		t.Hint(chat.Say("order.bind_first"), "team")
	}
}

func askResume(v *conversation.View) {
	v.Line(chat.Say("ask.resume"))
	if v.Draft != nil {
		v.Line(v.Machine.Chosen(v.Draft)...)
	}
	resume := v.Button(chat.Say("button.continue"), conversation.VerbContinue)
	resume.Style = chat.Primary
	v.Row(resume)
	v.Row(v.Button(chat.Say("button.anew"), conversation.VerbAnew))
}

func pressResume(t *conversation.Turn, verb string, _ int) bool {
	switch verb {
	case conversation.VerbContinue:
		t.Dialogue.Aside = nil
		lookAgain(t)
	case conversation.VerbAnew:
		id := conversation.NoCard
		if t.Dialogue.Draft != nil {
			id = t.Dialogue.Draft.ID
		}
		beginOffered(t, id+"\n"+t.Press)
	default:
		return false
	}
	t.End(chat.Say("order.nothing"))
	return true
}

// resume sends the draft's card again, and asks again for what it waits for. A question
// beside it is left; without a draft it is what is sent again.
func resume(t *conversation.Turn) {
	if t.Dialogue.Draft != nil {
		t.Dialogue.Aside = nil
	}
	if t.Dialogue.Aside == nil && t.Dialogue.Draft == nil {
		t.Hint(chat.Say("order.nothing"), "order")
		return
	}
	lookAgain(t)
	t.Reload, t.AsNew = true, true
}

// promoCommand takes a promo code, or asks for it.
func promoCommand(t *conversation.Turn, args string) {
	dr := t.Dialogue.Draft
	switch code := strings.TrimSpace(args); {
	case dr == nil:
		t.Hint(chat.Say("promo.nothing"), "order")
		return
	case dr.Place == PlaceOpening:
		t.Note(chat.Say("note.opening"))
	case code == "":
		t.Dialogue.Aside = nil
		t.GoTo(PlacePromo)
	default:
		t.Dialogue.Aside = nil
		if promo(t, code) && dr.Place == PlacePromo {
			t.Forward()
		}
	}
	t.AsNew = true
}

// confirmCommand confirms what the review shows. A forwarded command confirms nothing, nor
// does one below another question, or one that was written before the chat showed the
// review as it is: nobody can have agreed to that.
func confirmCommand(t *conversation.Turn, c conversation.Call) {
	if t.Dialogue.Draft == nil {
		t.Tell(chat.Say("confirm.nothing"), "order", "status")
		return
	}
	seen := c.Seen && t.Dialogue.Aside == nil
	t.Dialogue.Aside = nil
	switch {
	case c.Forwarded:
		t.Note(chat.Say("note.forwarded"))
		t.Keep()
	case !seen && t.Dialogue.Draft.Place == PlaceReview:
		lookAgain(t)
		t.Note(chat.Say("note.look_first"))
	default:
		confirm(t)
	}
	// Of a purchase that is opened the card comes by itself.
	t.AsNew = t.Dialogue.Draft.Place != PlaceOpening
}
