package order

import (
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// A share is an order that a person hands on as a link: whoever follows it gets the same
// configuration, checked against what the vendor offers to them today. It holds no
// password, no SSH key and no account; a promo code only when the sharer says so.

const (
	// ShareLives is how long a link to an order can be followed.
	ShareLives = 90 * 24 * time.Hour
	// MostShares is how many a person can have given out; one more, and the oldest is gone.
	MostShares = 50
)

// Shared is what is kept of a link that was followed, while it is asked whether it takes
// the place of an order that was begun.
type Shared struct {
	Line  string `json:"line"`
	Promo string `json:"promo,omitempty"`
}

// Stored names the form of its state in the store.
func (s *Shared) Stored() string { return "shared" }

// Meaning is empty: its buttons always mean the same.
func (s *Shared) Meaning() string { return "" }

// Clone returns a copy.
func (s *Shared) Clone() conversation.State {
	is := *s
	return &is
}

// share makes a link to an order that a line describes.
func share(t *conversation.Turn, line, promo string) {
	t.Do(ShareOrder{Line: sharedLine(line), Promo: promo})
}

// shareMade hands the link to the person; in a group to everybody there.
func shareMade(t *conversation.Turn, e ShareMade) {
	if e.Gone {
		t.Tell(chat.Say("share.gone"))
		return
	}
	var s chat.Screen
	if t.Dialogue.Key.Private() {
		const hours = 24
		s.Lines = []chat.Phrase{
			chat.Say("share.made", "Link", chat.Arg{Start: e.Code}),
			chat.Say("share.means", "Count", int(ShareLives.Hours())/hours),
		}
		s.Rows = [][]chat.Button{
			{{Label: chat.Say("button.share_send"), StartShare: e.Code}},
			{{Label: chat.Say("button.share_copy"), StartCopy: e.Code}},
		}
	} else {
		s.Lines = []chat.Phrase{chat.Say("share.group", "Name", t.Dialogue.Name), chat.Say("share.group_means")}
		s.Rows = [][]chat.Button{{{Label: chat.Say("button.share_open"), Start: e.Code}}}
	}
	switch {
	case e.WithPromo:
		s.Lines = append(s.Lines, chat.Say("share.with_promo", "Code", chat.Arg{Code: e.Promo}))
	case e.Promo != "":
		s.Lines = append(s.Lines, chat.Say("share.no_promo", "Code", chat.Arg{Code: e.Promo}))
		add := chat.Button{Label: chat.Say("button.share_promo", "Code", conversation.Short(e.Promo))}
		add.Data = conversation.KindShare + ":" + e.Code + conversation.OwnerSuffix(t.Dialogue.Key)
		s.Rows = append(s.Rows, []chat.Button{add})
	}
	t.Notify(s)
}

// shareOpened opens what somebody has handed on. An order that was begun is not lost
// without a question.
func shareOpened(t *conversation.Turn, e ShareOpened) {
	switch dr := t.Dialogue.Draft; {
	case dr != nil && dr.Place == PlaceOpening:
		t.Note(chat.Say("note.opening"))
		t.AsNew = true
	case dr != nil && !dr.Empty():
		t.Ask(PlaceShared, &Shared{Line: e.Line, Promo: e.Promo})
		t.AsNew = true
	default:
		openShared(t, e.Line, e.Promo, e.Unique)
	}
}

func askShared(v *conversation.View) {
	s := sharedOf(v.Dialogue)
	v.Line(chat.Say("ask.shared"), chat.Say("templates.line", "Line", chat.Arg{Code: "/order " + s.Line}))
	if s.Promo != "" {
		v.Line(chat.Say("chosen.promo", "Code", chat.Arg{Code: s.Promo}))
	}
	v.Gap()
	v.Line(chat.Say("ask.shared_draft"))
	if v.Draft != nil {
		v.Line(v.Machine.Chosen(v.Draft)...)
	}
	v.Row(v.Button(chat.Say("button.shared_yes"), conversation.VerbYes))
}

func pressShared(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbYes {
		return false
	}
	s := sharedOf(t.Dialogue)
	openShared(t, s.Line, s.Promo, t.Press)
	return true
}

// openShared begins a draft of what was handed on. It waits for somebody who has yet to
// log in.
func openShared(t *conversation.Turn, line, promo, unique string) {
	given := parseShortcut(line)
	if promo != "" {
		given.pairs[paramPromo] = promo
	}
	begin(t, unique)
	if !mustWait(t) {
		t.Note(chat.Say("review.shared"))
	}
	fill(t, given)
	dr := t.Dialogue.Draft
	dr.Shared, dr.Quick = true, true
	waitForLogin(t)
}

// fromLink says where the order comes from, if that is somebody's link.
func fromLink(v *conversation.View) {
	if v.Draft.Shared {
		v.Line(chat.Say("review.shared"))
	}
}

// sharedOf returns the state of the card; nil: the card is about something else.
func sharedOf(d conversation.Dialogue) *Shared {
	state, _ := conversation.StateOf[Shared](d)
	return state
}
