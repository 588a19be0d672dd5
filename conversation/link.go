package conversation

import (
	"time"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// LinkLives is how long a link out of a group into the private chat can be used.
const LinkLives = 10 * time.Minute

// LinkPurpose is what a link out of a group into the private chat is for.
type LinkPurpose string

// The purposes of links.
const (
	LinkAccount  LinkPurpose = "account"  // to choose the account that pays for a team
	LinkPassword LinkPurpose = "password" // to give the root password of a draft
)

// MakeLink makes a link that leads the person, and nobody else, out of the
// group into the private chat, once and within [LinkLives]. Answered by
// LinkMade.
type MakeLink struct {
	Purpose LinkPurpose `json:"purpose"`
	Draft   string      `json:"draft,omitempty"` // with LinkPassword
}

// LinkMade answers MakeLink. The code goes into a button, as [chat.Button.Start].
type LinkMade struct {
	Purpose LinkPurpose
	Draft   string
	Code    string
}

// OpenLink says that the person came with the code of a link. Answered by
// LinkOpened.
type OpenLink struct {
	Code string `json:"-"`
}

// LinkOpened answers OpenLink.
type LinkOpened struct {
	Refused bool // there is no such link for this person, or not any more

	Purpose LinkPurpose
	From    chat.Key // the dialogue in the group
	Draft   string   // with LinkPassword
	Team    string   // the team's id
	Title   string   // of the group
}

// HandPassword keeps a root password for the draft of the person's dialogue in a
// group. Answered by PasswordHanded; the group's dialogue gets PasswordGiven.
type HandPassword struct {
	To    chat.Key
	Draft string
	Value zomro.Secret // zero: one is made, as by MakePassword
}

// PasswordHanded answers HandPassword.
type PasswordHanded struct {
	Refused bool         // the draft is not there any more; nothing was kept
	Made    zomro.Secret // a password that was made, to be shown once; zero: it was given
}

// PasswordGiven tells a dialogue in a group that the root password of its draft
// was given in private: it is kept in SlotPassword.
type PasswordGiven struct {
	Draft     string
	Generated bool
}

// Hand is what PlaceHandPassword asks for.
type Hand struct {
	To    chat.Key `json:"to"`
	Draft string   `json:"draft"`
	Title string   `json:"title"` // of the group
}

func (LinkMade) Event() {}

func (LinkOpened) Event() {}

func (PasswordHanded) Event() {}

func (PasswordGiven) Event() {}

// linkMade shows the link on the card that waits for it.
func (t *turn) linkMade(e LinkMade) {
	switch dr := t.d.Draft; {
	case e.Purpose == LinkAccount && t.d.Aside != nil && t.d.Aside.Team != nil:
		t.d.Aside.Team.Link = e.Code
	case e.Purpose == LinkPassword && dr != nil && dr.ID == e.Draft && dr.Access.Kind == AccessLinked:
		dr.Access.Link = e.Code
	default:
		return
	}
	t.show = true
}

// linkOpened asks in private for what a group must not see.
func (t *turn) linkOpened(e LinkOpened) {
	switch {
	case e.Refused:
		t.tell(chat.Say("link.refused"))
	case e.Purpose == LinkPassword:
		t.aside(Aside{Place: PlaceHandPassword, Hand: &Hand{To: e.From, Draft: e.Draft, Title: e.Title}})
		t.anew = true
	case e.Purpose == LinkAccount:
		t.bind(Bind{Team: e.Team, Title: e.Title, From: e.From})
	}
}

func askHandPassword(v *view) {
	v.line(chat.Say("ask.hand_password", "Team", v.d.Aside.Hand.Title), chat.Say("access.rules"), chat.Say("secret.deleted"))
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
	hand := t.d.Aside.Hand
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
	title := t.d.Aside.Hand.Title
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
