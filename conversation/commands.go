package conversation

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/purchase"
	"zomrobot/zomro"
)

// Commands returns the commands in the order in which they are offered.
func Commands() []chat.CommandInfo {
	return []chat.CommandInfo{
		{Name: "order", Private: true, Group: true},
		{Name: "continue", Private: true, Group: true},
		{Name: "promo", Private: true, Group: true},
		{Name: "confirm", Private: true, Group: true},
		{Name: "status", Private: true, Group: true},
		{Name: "orders", Private: true},
		{Name: "servers", Private: true},
		{Name: "audit", Private: true, Group: true},
		{Name: "keys", Private: true},
		{Name: "templates", Private: true},
		{Name: "cancel", Private: true, Group: true},
		{Name: "accounts", Private: true},
		{Name: "reminders", Private: true},
		{Name: "login", Private: true},
		{Name: "team", Private: true, Group: true},
		{Name: "logout", Private: true},
		{Name: "language", Private: true, Group: true},
		{Name: "help", Private: true, Group: true},
		{Name: "start", Private: true},
	}
}

// isCommand reports whether the chat has a command of that name.
func isCommand(name string) bool {
	return slices.ContainsFunc(Commands(), func(c chat.CommandInfo) bool { return c.Name == name })
}

// command carries out a command. unique names what brought it about; message
// is the person's own, 0 for a button.
func (t *turn) command(name, args, unique string, message int, forwarded bool) {
	if zomro.HoldsPrivateKey(args) {
		t.refusePrivateKey(message)
		return
	}
	switch name {
	case "start":
		if args != "" && t.d.Key.Private() {
			t.do(OpenLink{Code: args})
			return
		}
		t.start()
	case "help":
		t.help()
	case "language":
		t.chooseLanguage()
	case "login":
		t.login(args, message)
	case commandSession:
		if t.press == "" {
			t.hint(chat.Say("hint.command"))
			return
		}
		t.useOffer()
	case "logout":
		t.logout()
	case "accounts":
		t.accounts()
	case "reminders":
		t.reminders()
	case "order":
		t.order(args, unique, message)
	case "continue":
		t.resume()
	case "cancel":
		t.cancelAny()
	case "team":
		t.team()
	case "promo":
		t.promoCommand(args)
	case "confirm":
		t.confirmCommand(forwarded)
	case "status":
		t.do(ShowPurchases{})
	case "orders":
		t.orders()
	case "servers":
		t.servers("")
	case "audit":
		t.audit()
	case "keys":
		t.keys(args, message)
	case "templates":
		t.templates(args, message)
	default:
		if t.press != "" {
			t.answer(chat.Say("toast.unknown"))
			return
		}
		t.hint(chat.Say("hint.command"))
	}
}

// start greets.
func (t *turn) start() {
	greeting := chat.Screen{Lines: []chat.Phrase{chat.Say("start.hello"), chat.Say("start.money")}}
	switch {
	case t.d.Draft != nil:
		greeting.Rows = append(greeting.Rows, []chat.Button{commandButton("continue")})
	case !t.d.Key.Private() && t.d.Account == "":
		greeting.Rows = append(greeting.Rows, []chat.Button{commandButton("team")})
	case t.d.Account != "":
		greeting.Rows = append(greeting.Rows, []chat.Button{commandButton("order")})
	default:
		greeting.Lines = append(greeting.Lines, chat.Say("start.login"))
		greeting.Rows = append(greeting.Rows, []chat.Button{commandButton("login")})
	}
	greeting.Rows = append(greeting.Rows, []chat.Button{commandButton("language"), commandButton("help")})
	t.notify(greeting)
}

// help lists what works here.
func (t *turn) help() {
	lines := []chat.Phrase{chat.Say("help.intro")}
	for _, c := range Commands() {
		if t.d.Key.Private() && c.Private || !t.d.Key.Private() && c.Group {
			lines = append(lines, chat.Say("help.command", "Name", c.Name, "What", chat.Phrase{Key: "command." + c.Name}))
		}
	}
	lines = append(lines, chat.Phrase{}, chat.Say("help.shortcut"))
	if !t.d.Key.Private() {
		lines = append(lines, chat.Say("help.group"))
	}
	t.notify(chat.Screen{Lines: lines})
}

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
		t.aside(Aside{Place: PlaceResume})
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
		v.line(v.dr.chosen()...)
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

// cancelAny ends what the card is about.
func (t *turn) cancelAny() {
	switch {
	case t.d.Aside != nil && t.d.Aside.Place != PlaceResume:
		t.leaveAside(chat.Say("aside.cancelled"))
		t.anew = true
	case t.d.Draft == nil:
		t.tell(chat.Say("cancel.nothing"), "status")
	case t.d.Draft.Place == PlaceOpening:
		t.note(chat.Say("note.opening"))
		t.anew = true
	default:
		t.d.Aside = nil
		t.cancel()
		t.anew = true
	}
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

// decide takes a button of a purchase.
func (t *turn) decide(d data) {
	switch choice := purchase.Choice(d.verb); choice {
	case choiceStatus:
		t.do(ShowPurchases{})
	case purchase.ChooseApprove, purchase.ChooseReject:
		t.vote(d, choice)
	case purchase.ChooseOtherPromo:
		t.aside(Aside{Place: PlaceOtherPromo, Purchase: d.id, Revision: d.rev, Shared: d.owner != 0})
		t.anew = true
	case purchase.ChooseEmptyCart:
		t.aside(Aside{Place: PlaceEmptyCart, Purchase: d.id, Revision: d.rev, Shared: d.owner != 0})
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
	a := t.d.Aside
	t.decideBy(Decide{Purchase: a.Purchase, Revision: a.Revision, Choice: purchase.ChooseEmptyCart}, a.Shared)
	t.leaveAside(chat.Say("cart.emptying"))
	return true
}

func askOtherPromo(v *view) { v.line(chat.Say("ask.other_promo", "ID", v.d.Aside.Purchase)) }

func textOtherPromo(t *turn, text string) {
	code := strings.TrimSpace(text)
	if wrong := checkPromo(code); wrong != nil {
		t.note(*wrong)
		return
	}
	a := t.d.Aside
	t.decideBy(Decide{Purchase: a.Purchase, Revision: a.Revision, Choice: purchase.ChooseOtherPromo, Code: code}, a.Shared)
	t.leaveAside(chat.Say("promo.trying", "Code", chat.Arg{Code: code}))
}
