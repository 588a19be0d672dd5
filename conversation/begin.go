package conversation

import (
	"strings"

	"zomrobot/chat"
)

// order begins an order; with parameters it fills them in.
func (t *turn) order(args, unique string, message int) {
	if a := t.d.Aside; a != nil && a.Place == PlaceTemplateText && args != "" {
		t.importTemplate(args, message)
		t.anew = true
		return
	}
	if pairs, isCall := callOf(args); isCall && t.d.Key.Private() {
		t.orderCall(pairs, unique, message)
		return
	}
	given := parseShortcut(args)
	if chat.HoldsSecret(given.beside()) {
		t.refuseSecret(args, message)
		return
	}
	if given.secret && message != 0 && t.d.Account == "" {
		t.refuseSecret(args, message)
	} else if given.secret && message != 0 {
		t.do(Delete{Message: message})
	}
	t.orderLine(given, unique)
}

// orderLine begins an order with what a line says of it.
func (t *turn) orderLine(given shortcut, unique string) {
	dr := t.d.Draft
	switch {
	case t.d.Account == "":
		t.tellNoAccount()
	case len(given.pairs) > 0 || len(given.unknown) > 0 || given.secret:
		replaced := dr != nil && dr.Place != PlaceOpening && !dr.empty()
		t.begin(unique)
		if replaced {
			t.note(chat.Say("note.replaced"))
		}
		t.shortcut(given)
	case dr == nil || dr.Place == PlaceOpening:
		t.begin(unique)
	case dr.empty():
		t.d.Aside = nil
		t.reload, t.anew = true, true
	default:
		t.aside(PlaceResume, nil)
		t.anew = true
	}
}

// tellNoAccount says that there is nothing to pay with, and what to do.
func (t *turn) tellNoAccount() {
	switch {
	case t.d.Key.Private():
		t.tell(chat.Say("order.login_first"), "login")
	case t.d.Team == nil:
		t.tell(chat.Say("order.team_first"), "team")
	default:
		t.tell(chat.Say("order.bind_first"), "team")
	}
}

func askResume(v *view) {
	v.line(chat.Say("ask.resume"))
	if v.dr != nil {
		v.line(v.m.chosen(v.dr)...)
	}
	resume := v.button(chat.Say("button.continue"), verbContinue)
	resume.Style = chat.Primary
	v.row(resume)
	v.row(v.button(chat.Say("button.anew"), verbAnew))
}

func pressResume(t *turn, verb string, _ int) bool {
	switch verb {
	case verbContinue:
		t.d.Aside = nil
		t.lookAgain()
	case verbAnew:
		id := noCard
		if t.d.Draft != nil {
			id = t.d.Draft.ID
		}
		t.begin(id + "\n" + t.press)
	default:
		return false
	}
	t.end(chat.Say("order.nothing"))
	return true
}

// resume sends the card anew, and asks again for what it waits for.
func (t *turn) resume() {
	if t.d.Aside != nil && t.d.Aside.Place == PlaceResume {
		t.d.Aside = nil
	}
	if t.d.Aside == nil && t.d.Draft == nil {
		t.tell(chat.Say("order.nothing"), "order")
		return
	}
	t.lookAgain()
	t.reload, t.anew = true, true
}

// promoCommand takes a promo code, or asks for it.
func (t *turn) promoCommand(args string) {
	dr := t.d.Draft
	switch code := strings.TrimSpace(args); {
	case dr == nil:
		t.tell(chat.Say("promo.nothing"), "order")
		return
	case dr.Place == PlaceOpening:
		t.note(chat.Say("note.opening"))
	case code == "":
		t.d.Aside = nil
		t.goTo(PlacePromo)
	default:
		t.d.Aside = nil
		if t.promo(code) && dr.Place == PlacePromo {
			t.forward()
		}
	}
	t.anew = true
}

// confirmCommand confirms what the review shows. Words of another that were
// passed on confirm nothing.
func (t *turn) confirmCommand(forwarded bool) {
	if t.d.Draft == nil {
		t.tell(chat.Say("confirm.nothing"), "order", "status")
		return
	}
	t.d.Aside = nil
	if forwarded {
		t.note(chat.Say("note.forwarded"))
	} else {
		t.confirm()
	}
	t.anew = true
}
