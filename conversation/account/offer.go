package account

import (
	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// commandSession is the command behind the button of an offered session. It cannot be
// typed.
const commandSession = "session"

// offerSession keeps a session for a while, and offers to log in with it.
func offerSession(t *conversation.Turn, session zomro.Secret) {
	dropOffer(t)
	t.Dialogue.Logins++
	check := CheckLogin{Attempt: t.Dialogue.Logins}
	t.Do(conversation.Keep{Slot: check.Slot(), Value: session})
	t.Dialogue.Offer = &conversation.Offer{Attempt: check.Attempt, Until: t.Now.Add(conversation.AsideLives)}
	t.Notify(chat.Screen{
		Lines: []chat.Phrase{chat.Say("call.session")},
		Rows:  [][]chat.Button{{{Label: chat.Say("button.use_session"), Data: conversation.KindCommand + ":" + commandSession}}},
	})
}

// dropOffer forgets the session that was offered.
func dropOffer(t *conversation.Turn) {
	if t.Dialogue.Offer == nil {
		return
	}
	t.Do(conversation.Drop{Slot: CheckLogin{Attempt: t.Dialogue.Offer.Attempt}.Slot()})
	t.Dialogue.Offer = nil
}

// useOffer logs in with the session that was offered.
func useOffer(t *conversation.Turn) {
	offer := t.Dialogue.Offer
	if offer == nil || !t.Dialogue.Key.Private() {
		t.Alert(chat.Say("call.session_gone"))
		return
	}
	t.Dialogue.Offer = nil
	t.Ask(PlaceLoginChecking, &Login{})
	t.Do(CheckLogin{Attempt: offer.Attempt})
	t.AsNew = true
}
