package conversation

import (
	"zomrobot/chat"
	"zomrobot/zomro"
)

// commandSession is what the button of an offered session says. It is no command that
// can be typed.
const commandSession = "session"

// offerSession keeps a session for a while, and offers to log in with it.
func (t *turn) offerSession(session zomro.Secret) {
	t.dropOffer()
	t.d.Logins++
	check := CheckLogin{Attempt: t.d.Logins}
	t.do(Keep{Slot: check.Slot(), Value: session})
	t.d.Offer = &Offer{Attempt: check.Attempt, Until: t.now.Add(asideLives)}
	t.notify(chat.Screen{
		Lines: []chat.Phrase{chat.Say("call.session")},
		Rows:  [][]chat.Button{{{Label: chat.Say("button.use_session"), Data: kindCommand + ":" + commandSession}}},
	})
}

// dropOffer forgets the session that was offered.
func (t *turn) dropOffer() {
	if t.d.Offer == nil {
		return
	}
	t.do(Drop{Slot: CheckLogin{Attempt: t.d.Offer.Attempt}.Slot()})
	t.d.Offer = nil
}

// useOffer logs in with the session that was offered.
func (t *turn) useOffer() {
	offer := t.d.Offer
	if offer == nil || !t.d.Key.Private() {
		t.alert(chat.Say("call.session_gone"))
		return
	}
	t.d.Offer = nil
	t.aside(PlaceLoginChecking, &Login{})
	t.do(CheckLogin{Attempt: offer.Attempt})
	t.anew = true
}
