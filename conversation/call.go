package conversation

import (
	"maps"
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// Offer is a session that came with a call of the vendor's, and that a person may log
// in with. It is kept as an attempt's secret is, and never here.
type Offer struct {
	Attempt int       `json:"attempt"`
	Until   time.Time `json:"until"` // when it is dropped
}

// commandSession is what the button of an offered session says. It is no command that
// can be typed.
const commandSession = "session"

// orderCall takes the vendor's own call for an order, as its article shows it: it is an
// order, and its session can be logged in with. Its message goes.
func (t *turn) orderCall(pairs map[string]string, unique string, message int) {
	secret := pairs["auth"] != "" || pairs[paramPassword] != ""
	if message != 0 && secret {
		t.do(Delete{Message: message})
	}
	given := shortcut{pairs: make(map[string]string), secret: secret}
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		switch {
		case slices.Contains(paramsKnown, name) || addonName.MatchString(name):
			given.pairs[name] = pairs[name]
		case slices.Contains(paramsOurs, name), slices.Contains(paramsSecret, name), name == "https", name == "http":
		default:
			given.unknown = append(given.unknown, clip(name))
		}
	}
	if chat.HoldsSecret(given.beside()) {
		t.refuseSecret("", message)
		return
	}
	if t.d.Account == "" {
		line := "/order " + templateLine(given.pairs)
		t.notify(chat.Screen{
			Lines: []chat.Phrase{chat.Say("call.login_first"), chat.Say("call.line", "Line", chat.Arg{Code: line})},
			Rows:  [][]chat.Button{{commandButton("login")}},
		})
	} else {
		t.orderLine(given, unique)
	}
	if token := pairs["auth"]; chat.LooksLikeSession(token) {
		t.offerSession(token)
	}
}

// offerSession keeps a session for a while, and offers to log in with it.
func (t *turn) offerSession(token string) {
	t.dropOffer()
	t.d.Logins++
	check := CheckLogin{Attempt: t.d.Logins}
	t.do(Keep{Slot: check.Slot(), Value: zomro.NewSecret(token)})
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
	t.aside(Aside{Place: PlaceLoginChecking})
	t.do(CheckLogin{Attempt: offer.Attempt})
	t.anew = true
}
