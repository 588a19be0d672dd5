package home

import (
	"fmt"
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// Home is what the home card is made from.
type Home struct {
	Unshown bool `json:"unshown,omitempty"` // the journal has not told yet: there is no card

	Open    []Purchase            `json:"open,omitempty"`
	More    int                   `json:"more,omitempty"`
	Last    *Purchase             `json:"last,omitempty"`
	Unread  bool                  `json:"unread,omitempty"` // the journal could not be read
	Told    bool                  `json:"told,omitempty"`   // the vendor has told
	Trouble *conversation.Problem `json:"trouble,omitempty"`

	Accounts []Account `json:"accounts,omitempty"`
}

// Stored names the form of its state in the store.
func (h *Home) Stored() string { return "home" }

// Clone returns a copy.
func (h *Home) Clone() conversation.State {
	is := *h
	return &is
}

// Meaning is what the meaning of the card's buttons depends on.
func (h *Home) Meaning() string { return fmt.Sprint(h.Told, h.Trouble != nil) }

// start shows somebody who is known their home, and greets somebody who is not.
func start(t *conversation.Turn) {
	if !known(t.Dialogue) {
		welcome(t)
		return
	}
	t.Ask(PlaceHome, &Home{Unshown: true})
	t.Do(LoadStore{})
	if t.Dialogue.Key.Private() {
		t.Do(LoadVendor{})
	}
}

// linkRefused says that a link does not work, and where the person is now. A question
// that is open stays.
func linkRefused(t *conversation.Turn) {
	line := chat.Say("link.refused")
	switch {
	case t.Dialogue.Aside != nil:
		t.Tell(line)
	case known(t.Dialogue):
		start(t)
		t.Note(line)
	default:
		welcome(t, line, chat.Phrase{})
	}
}

// known reports whether it is somebody with an account, or a group with a team.
func known(d conversation.Dialogue) bool {
	return d.Account != "" || len(d.Accounts) > 0 || d.Team != nil
}

// welcome greets somebody new, below what has to be said first.
func welcome(t *conversation.Turn, first ...chat.Phrase) {
	greeting := chat.Screen{Lines: append(first, chat.Say("start.hello"), chat.Say("start.money"))}
	switch {
	case t.Dialogue.Draft != nil:
		greeting.Rows = append(greeting.Rows, []chat.Button{conversation.CommandButton("continue")})
	case !t.Dialogue.Key.Private():
		greeting.Rows = append(greeting.Rows, []chat.Button{conversation.CommandButton("team")})
	default:
		greeting.Lines = append(greeting.Lines, chat.Say("start.login"))
		greeting.Rows = append(greeting.Rows, []chat.Button{conversation.CommandButton("login")})
	}
	greeting.Rows = append(greeting.Rows, []chat.Button{conversation.CommandButton("language"), conversation.CommandButton("help")})
	t.Notify(greeting)
}

// storeTold shows the card: what the journal tells is there at once.
func storeTold(t *conversation.Turn, e StoreTold) {
	h := homeOf(t.Dialogue)
	if h == nil {
		return
	}
	h.Unshown, h.Open, h.More, h.Last, h.Unread = false, e.Open, e.More, e.Last, e.Problem != nil
	t.AsNew = true
}

// vendorTold fills in what the vendor tells. It may tell before the journal does.
func vendorTold(t *conversation.Turn, e VendorTold) {
	h := homeOf(t.Dialogue)
	if h == nil || h.Told {
		return
	}
	h.Accounts, h.Told, h.Trouble = e.Accounts, e.Problem == nil, e.Problem
	t.Show = !h.Unshown
}

func askHome(v *conversation.View) {
	h := homeOf(v.Dialogue)
	if v.Dialogue.Key.Private() {
		v.Line(chat.Say("home.title"))
		accounts(v, h)
	} else {
		ofTeam(v)
	}
	purchases(v, h)
	if v.Draft != nil {
		v.Row(v.Button(chat.Say("button.continue"), conversation.VerbContinue))
	}
	if canOrder(v.Dialogue) {
		v.Row(conversation.CommandButton("order"))
	}
	if v.Dialogue.Key.Private() {
		v.Row(conversation.CommandButton("servers"), conversation.CommandButton("orders"))
		if h.hasServers() {
			v.Row(conversation.CommandButton("costs"))
		}
		v.Row(conversation.CommandButton("accounts"), conversation.CommandButton("help"))
		return
	}
	v.Row(conversation.CommandButton("team"), conversation.CommandButton("status"))
	v.Row(conversation.CommandButton("help"))
}

// canOrder reports whether there is an account that pays for an order; a person who has none is led
// to one.
func canOrder(d conversation.Dialogue) bool {
	return d.Key.Private() || d.Team != nil && d.Team.Team.Account != nil
}

// hasServers reports whether an account is known to have any.
func (h *Home) hasServers() bool {
	return h.Told && slices.ContainsFunc(h.Accounts, func(a Account) bool { return len(a.Servers) > 0 })
}

// ofTeam says for which team the home is. How much money there is, is not the group's
// business.
func ofTeam(v *conversation.View) {
	if v.Dialogue.Team == nil {
		v.Line(chat.Say("order.team_first"))
		return
	}
	tm := v.Dialogue.Team.Team
	v.Line(chat.Say("home.team", "Team", tm.Title))
	if tm.Account == nil {
		v.Line(chat.Say("order.bind_first"))
	}
}

// accounts says what the vendor tells of each account.
func accounts(v *conversation.View, h *Home) {
	if v.Waiting(h.Told, h.Trouble) {
		return
	}
	login, again := false, false
	for _, a := range h.Accounts {
		if len(h.Accounts) > 1 {
			v.Line(chat.Say("accounts.line", "Nick", v.Dialogue.AccountOf(a.ID).Nick))
		}
		if a.Problem != nil {
			v.Line(conversation.ProblemText(*a.Problem))
			login, again = login || conversation.IsDenied(*a.Problem), true
			continue
		}
		v.Line(servers(a))
		if a.Balance != nil {
			v.Line(chat.Say("accounts.balance", "Balance", *a.Balance))
		}
		if a.Daily != nil {
			v.Line(chat.Say("accounts.days", "Count", a.Days, "Daily", *a.Daily))
		}
	}
	if again {
		v.Row(v.Button(chat.Say("button.again"), conversation.VerbAgain))
	}
	if login {
		v.Row(conversation.CommandButton("login"))
	}
}

// servers counts an account's servers by their state.
func servers(a Account) chat.Phrase {
	var states []chat.Phrase
	for _, state := range []struct{ mark, key string }{
		{conversation.MarkOn, "home.on"},
		{conversation.MarkBusy, "home.busy"},
		{conversation.MarkOdd, "home.odd"},
		{conversation.MarkOff, "home.off"},
		{conversation.MarkSuspended, "home.suspended"},
	} {
		if n := a.Servers[state.mark]; n > 0 {
			states = append(states, chat.Say(state.key, "Mark", state.mark, "Number", n))
		}
	}
	if len(states) == 0 {
		return chat.Say("home.no_servers")
	}
	return chat.Say("home.servers", "States", states)
}

// purchases says what is under way, and what was last.
func purchases(v *conversation.View, h *Home) {
	line := func(p Purchase) chat.Phrase {
		return chat.Say("home.purchase", "ID", p.ID, "What", p.What, "Stage", p.Deleted.Stage(chat.Say("orders.stage."+p.Stage)))
	}
	v.Gap()
	switch {
	case h.Unread:
		v.Line(chat.Say("home.unread"))
	case len(h.Open) > 0:
		v.Line(chat.Say("home.open"))
		for _, p := range h.Open {
			v.Line(line(p))
		}
		if h.More > 0 {
			v.Line(chat.Say("home.more", "Count", h.More))
		}
	default:
		v.Line(chat.Say("home.none_open"))
	}
	if h.Last != nil {
		last := chat.Say("home.last", "Purchase", line(*h.Last), "Opened", h.Last.Opened)
		if h.Last.Deleted.Any() { // the day that counts is in there
			last = chat.Say("home.last_deleted", "Purchase", line(*h.Last))
		}
		v.Line(last)
	}
}

func pressHome(t *conversation.Turn, verb string, _ int) bool {
	h := homeOf(t.Dialogue)
	switch {
	case verb == conversation.VerbContinue && t.Dialogue.Draft != nil:
		t.Dialogue.Aside = nil
	case verb == conversation.VerbAgain && t.Dialogue.Key.Private():
		h.Told, h.Trouble, h.Accounts = false, nil, nil
		t.Do(LoadVendor{})
	default:
		return false
	}
	return true
}

// homeOf returns the state of the card; nil: the card is about something else.
func homeOf(d conversation.Dialogue) *Home {
	state, _ := conversation.StateOf[Home](d)
	return state
}
