package order

import (
	"zomrobot/chat"
	"zomrobot/conversation"
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

// Meaning is empty: its buttons always mean the same.
func (h *Hand) Meaning() string { return "" }

// Clone returns a copy.
func (h *Hand) Clone() conversation.State {
	is := *h
	return &is
}

func askHandPassword(v *conversation.View) {
	v.Line(chat.Say("ask.hand_password", "Team", handOf(v.Dialogue).Title), chat.Say("access.rules"), chat.Say("secret.deleted"))
	v.Row(v.Button(chat.Say("button.password_make"), conversation.VerbMake))
}

func pressHandPassword(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbMake {
		return false
	}
	handPassword(t, zomro.Secret{})
	return true
}

func secretHandPassword(t *conversation.Turn, text string, message int) {
	t.Do(conversation.Delete{Message: message})
	if wrong := conversation.CheckPassword(text); wrong != nil {
		t.Note(*wrong)
		return
	}
	handPassword(t, zomro.NewSecret(text))
}

// handPassword gives a root password to the draft in the group.
func handPassword(t *conversation.Turn, password zomro.Secret) {
	hand := handOf(t.Dialogue)
	t.Do(HandPassword{To: hand.To, Draft: hand.Draft, Value: password})
}

// passwordHanded says what became of a password for a draft in a group.
func passwordHanded(t *conversation.Turn, e PasswordHanded) {
	if t.Dialogue.Aside == nil || t.Dialogue.Aside.Place != PlaceHandPassword {
		return
	}
	t.Show = true
	if e.Refused {
		t.Leave(chat.Say("hand.refused"))
		return
	}
	title := handOf(t.Dialogue).Title
	if !e.Made.IsZero() {
		t.Do(conversation.Notify{Protect: true, Screen: conversation.PasswordScreen(chat.Say("password.made"), e.Made)})
	}
	t.Leave(chat.Say("hand.done", "Team", title))
}

// groupPasswordGiven takes the news that the password was given in private.
func groupPasswordGiven(t *conversation.Turn, e PasswordGiven) {
	dr := t.Dialogue.Draft
	if dr == nil || dr.ID != e.Draft || dr.Access.Kind == conversation.AccessKey || dr.Access.Kind == "" {
		// Meanwhile the person has chosen something else.
		t.Do(conversation.Drop{Slot: conversation.SlotPassword})
		return
	}
	dr.Access = conversation.Access{Kind: conversation.AccessPassword, Since: t.Now, Generated: e.Generated}
	t.Note(chat.Say("note.password_given"))
	if dr.Place == PlaceAccess {
		t.Forward()
	}
	t.Show = true
}

// passwordLinkMade shows the link on the card that waits for it.
func passwordLinkMade(t *conversation.Turn, e conversation.LinkMade) {
	dr := t.Dialogue.Draft
	if e.Purpose == conversation.LinkPassword && dr != nil && dr.ID == e.Draft && dr.Access.Kind == conversation.AccessLinked {
		dr.Access.Link = e.Code
		t.Show = true
	}
}

// passwordLinkOpened asks in private for what a group must not see.
func passwordLinkOpened(t *conversation.Turn, e conversation.LinkOpened) {
	if !e.Refused && e.Purpose == conversation.LinkPassword {
		t.Ask(PlaceHandPassword, &Hand{To: e.From, Draft: e.Draft, Title: e.Title})
		t.AsNew = true
	}
}

// handOf returns the state of the cards of this kind; nil: the card is about something else.
func handOf(d conversation.Dialogue) *Hand {
	state, _ := conversation.StateOf[Hand](d)
	return state
}
