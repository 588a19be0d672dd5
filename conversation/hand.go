package conversation

import (
	"zomrobot/chat"
	"zomrobot/zomro"
)

// Hand is what PlaceHandPassword asks for.
type Hand struct {
	To    chat.Key `json:"to"`
	Draft string   `json:"draft"`
	Title string   `json:"title"` // of the group
}

// Stored names the form of its state in the store.
func (h *Hand) Stored() string { return "hand" }

// Meaning is nothing: its buttons always mean the same.
func (h *Hand) Meaning() string { return "" }

// Clone returns a copy.
func (h *Hand) Clone() State {
	is := *h
	return &is
}

func askHandPassword(v *view) {
	v.line(chat.Say("ask.hand_password", "Team", handOf(v.d).Title), chat.Say("access.rules"), chat.Say("secret.deleted"))
	v.row(v.button(chat.Say("button.password_make"), verbMake))
}

func pressHandPassword(t *turn, verb string, _ int) bool {
	if verb != verbMake {
		return false
	}
	t.handPassword(zomro.Secret{})
	return true
}

func secretHandPassword(t *turn, text string, message int) {
	t.do(Delete{Message: message})
	if wrong := CheckPassword(text); wrong != nil {
		t.note(*wrong)
		return
	}
	t.handPassword(zomro.NewSecret(text))
}

// handPassword gives a root password to the draft in the group.
func (t *turn) handPassword(password zomro.Secret) {
	hand := handOf(t.d)
	t.do(HandPassword{To: hand.To, Draft: hand.Draft, Value: password})
}

// passwordHanded says what became of a password for a draft in a group.
func (t *turn) passwordHanded(e PasswordHanded) {
	if t.d.Aside == nil || t.d.Aside.Place != PlaceHandPassword {
		return
	}
	t.show = true
	if e.Refused {
		t.leaveAside(chat.Say("hand.refused"))
		return
	}
	title := handOf(t.d).Title
	if !e.Made.IsZero() {
		t.do(Notify{Protect: true, Screen: passwordScreen(e.Made)})
	}
	t.leaveAside(chat.Say("hand.done", "Team", title))
}

// groupPasswordGiven takes that the password was given in private.
func (t *turn) groupPasswordGiven(e PasswordGiven) {
	dr := t.d.Draft
	if dr == nil || dr.ID != e.Draft || dr.Access.Kind == AccessKey || dr.Access.Kind == "" {
		// They have chosen something else meanwhile.
		t.do(Drop{Slot: SlotPassword})
		return
	}
	dr.Access = Access{Kind: AccessPassword, Since: t.now, Generated: e.Generated}
	t.note(chat.Say("note.password_given"))
	if dr.Place == PlaceAccess {
		t.forward()
	}
	t.show = true
}

// passwordLinkMade shows the link on the card that waits for it.
func (t *turn) passwordLinkMade(e LinkMade) {
	dr := t.d.Draft
	if e.Purpose == LinkPassword && dr != nil && dr.ID == e.Draft && dr.Access.Kind == AccessLinked {
		dr.Access.Link = e.Code
		t.show = true
	}
}

// passwordLinkOpened asks in private for what a group must not see.
func (t *turn) passwordLinkOpened(e LinkOpened) {
	if !e.Refused && e.Purpose == LinkPassword {
		t.aside(PlaceHandPassword, &Hand{To: e.From, Draft: e.Draft, Title: e.Title})
		t.anew = true
	}
}

// handOf returns the state of the cards of this kind; nil: the card is about something else.
func handOf(d Dialogue) *Hand {
	state, _ := stateOf[Hand](d)
	return state
}
