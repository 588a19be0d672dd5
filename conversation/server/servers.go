package server

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/zomro"
)

// Servers is what the card of a person's servers is made from.
type Servers struct {
	Account string                `json:"account,omitempty"` // the vendor's account whose servers these are
	List    []zomro.Service       `json:"list,omitempty"`    // as last told
	Loaded  bool                  `json:"loaded,omitempty"`
	Loads   int                   `json:"loads,omitempty"`   // how often something was loaded
	Trouble *conversation.Problem `json:"trouble,omitempty"` // it was not
	Page    int                   `json:"page,omitempty"`
	Search  string                `json:"search,omitempty"`
	Direct  bool                  `json:"direct,omitempty"` // the search came with the command: one server that it finds is shown at once

	Chosen  string                `json:"chosen,omitempty"`  // the id of the server whose card it is
	Wanted  job.Op                `json:"wanted,omitempty"`  // what is asked about once the servers are there; "": nothing
	Behind  conversation.Place    `json:"behind,omitempty"`  // which place behind that card is shown once the servers are there; "": none
	Details *zomro.ServiceDetails `json:"details,omitempty"` // of it; nil: not known

	Several *Several `json:"several,omitempty"` // what is to be done with several of them; nil: nothing
	Opening bool     `json:"opening,omitempty"` // the way to its screen was asked for

	Operates bool `json:"operates,omitempty"` // in a group: the person's role lets them do something with the servers

	Link string `json:"link,omitempty"` // in a group: the code of the link to the same card in private; "": there is none

	Ask Request `json:"ask,omitzero"` // what to do with it
}

// chosen returns the server whose card it is.
func (s *Servers) chosen() (zomro.Service, bool) {
	i := slices.IndexFunc(s.List, func(v zomro.Service) bool { return v.ID == s.Chosen })
	if i < 0 {
		return zomro.Service{}, false
	}
	return s.List[i], true
}

// called is how a server is told from the others of the account.
func (s *Servers) called(server zomro.Service) string { return conversation.Distinct(server, s.List) }

// Stored names the form of its state in the store.
func (s *Servers) Stored() string { return "servers" }

// Clone returns a copy.
func (s *Servers) Clone() conversation.State {
	is := *s
	if s.Several != nil {
		several := *s.Several
		several.IDs = slices.Clone(several.IDs)
		is.Several = &several
	}
	return &is
}

// Lists are the lists that are kept apart.
func (s *Servers) Lists() map[string]any {
	lists := map[string]any{"servers": &s.List, "sizes": &s.Ask.Sizes}
	if s.Ask.Form != nil { // its keys are the account's own, and few
		form := *s.Ask.Form
		s.Ask.Form = &form
		lists["images"] = &form.Images
	}
	return lists
}

// Meaning is what the meaning of the card's buttons depends on.
func (s *Servers) Meaning() string {
	return fmt.Sprint(s.Account, s.Loads, s.Page, s.Search, s.Chosen, s.Trouble != nil, s.Ask.Op, s.Ask.Page, s.Ask.Search)
}

// servers asks for the servers of the account, in a group for those that its team has
// bought; of one of them when one is chosen, and whether to do something with it when that
// is wanted.
func servers(t *conversation.Turn, s *Servers) {
	switch {
	case !t.Dialogue.Key.Private() && t.Dialogue.Team == nil:
		t.Hint(chat.Say("problem.no_team"))
		return
	case !t.Dialogue.Key.Private() && t.Dialogue.Account == "":
		t.Hint(chat.Say("servers.no_account"), "team")
		return
	case t.Dialogue.Account == "":
		t.Tell(chat.Say("keys.login_first"), "login")
		return
	}
	t.Ask(s.place(), s)
	t.Do(LoadServers{Account: s.Account, Server: s.Chosen})
	t.AsNew = true
}

// place is where what is known of the servers is shown.
func (s *Servers) place() conversation.Place {
	switch {
	case s.Chosen != "":
		return PlaceServer
	case s.Several == nil:
		return PlaceServers
	case s.Several.Op == job.Delete:
		return PlaceServersDelete
	case s.Several.Op != "":
		return PlaceServersAsk
	default:
		return PlaceServersPick
	}
}

// openServer shows the card of a server of the list.
func openServer(t *conversation.Turn, i int) {
	s := serversOf(t.Dialogue)
	s.Chosen, s.Details = s.List[i].ID, nil
	t.Dialogue.Aside.Place = PlaceServer
	reloadServers(t)
}

// reloadServers asks for the servers again.
func reloadServers(t *conversation.Turn) {
	s := serversOf(t.Dialogue)
	s.Loaded, s.Trouble, s.Opening = false, nil, false
	t.Do(LoadServers{Account: s.Account, Server: s.Chosen})
}

// asideServers returns the servers that the card shows; false: it is about
// something else.
func asideServers(t *conversation.Turn) (*Servers, bool) {
	if serversOf(t.Dialogue) == nil {
		return nil, false
	}
	return serversOf(t.Dialogue), true
}

// serversLoaded takes the servers that the card waits for.
func serversLoaded(t *conversation.Turn, e ServersLoaded) {
	s, ok := asideServers(t)
	if !ok || s.Loaded || s.Chosen != e.Server || s.Account != e.Asked {
		return
	}
	t.Show = true
	s.Loads++
	s.Loaded, s.Trouble = true, e.Problem
	if e.Problem != nil {
		return
	}
	s.Account, s.Details, s.Operates = e.Account, e.Details, e.Operates
	// Deleted ones may be listed for a while [g]; nothing can be done with them.
	s.List = slices.DeleteFunc(slices.Clone(e.Services), func(v zomro.Service) bool { return v.Status == zomro.StatusDeleted })
	direct := s.Direct
	s.Direct = false
	if found := find(s.Search, s.List); direct && len(found) == 1 {
		openServer(t, found[0])
		return
	}
	if s.Several != nil && s.Several.Op != "" {
		severalLoaded(t, s)
		return
	}
	linkToPrivate(t, s)
	if server, found := s.chosen(); found {
		if t.Dialogue.Key.Private() {
			t.Do(SizeSeen{Account: s.Account, Server: server})
		}
		switch {
		case slices.Contains(s.possible(t.Dialogue, server), s.Wanted):
			begin(t, s.Wanted)
		case t.Dialogue.Key.Private() && (s.Wanted == job.Keep || s.Wanted == job.Rollback) && !server.InWork():
			t.Note(chat.Say("server.size_decided"))
		}
	}
	s.Wanted = ""
	if behind := s.Behind; behind != "" {
		s.Behind = ""
		goBehind(t, behind)
	}
}

// goBehind goes to a place behind the card of a server, if the card leads there.
func goBehind(t *conversation.Turn, p conversation.Place) {
	s := serversOf(t.Dialogue)
	server, found := s.chosen()
	if !found {
		return
	}
	if p == PlaceServerNetwork {
		t.Dialogue.Aside.Place = p
		return
	}
	if door, ok := t.Machine.DoorTo(t.Dialogue, server, p); ok {
		door.Open(t, s.shown(server))
		t.Dialogue.Aside.Place = p
	}
}

// shown is a server as it is told to what is behind a door.
func (s *Servers) shown(server zomro.Service) conversation.ServerShown {
	return conversation.ServerShown{Account: s.Account, Server: server, Name: s.called(server)}
}

func rowOfServer(d conversation.Dialogue) []chat.Button { return serversOf(d).rowTo("") }

func rowOfNetwork(d conversation.Dialogue) []chat.Button {
	return serversOf(d).rowTo(PlaceServerNetwork)
}

// rowTo leads back to the card of the server, and to a place behind it; none: it is not known.
func (s *Servers) rowTo(p conversation.Place) []chat.Button {
	server, found := s.chosen()
	if !found {
		return nil
	}
	return conversation.ToPlace(server.ID, s.called(server), p)
}

func askServers(v *conversation.View) {
	s := serversOf(v.Dialogue)
	title, none := chat.Say("servers.title"), chat.Say("servers.none")
	if !v.Dialogue.Key.Private() {
		title, none = chat.Say("servers.title_team"), chat.Say("servers.none_team")
	}
	v.Line(title)
	if v.Waiting(s.Loaded, s.Trouble) {
		return
	}
	if len(s.List) == 0 {
		v.Line(none)
		v.Row(conversation.CommandButton("order"))
		v.Row(v.Button(chat.Say("button.look_again"), conversation.VerbAgain))
		v.AccountSwitch(s.Account)
		return
	}
	found, from, to := s.searched()
	v.Searched(s.Search, len(found))
	shown := make([]zomro.Service, len(found))
	for i, at := range found {
		shown[i] = s.List[at]
	}
	serversCost(v, shown)
	v.Gap()
	if s.Search == "" && len(found) > conversation.RowsPerPage {
		v.Line(chat.Say("servers.search"))
	}
	for _, i := range found[from:to] {
		v.Line(s.lineOf(s.List[i]))
		v.Row(v.Button(s.label(i), conversation.VerbPick, i))
	}
	v.Pages(s.Page, len(found), s.Search != "")
	if s.mayChoose(v.Dialogue) && len(found) > 0 {
		v.Row(v.Button(chat.Say("button.several"), conversation.VerbSeveral))
	}
	v.Row(v.Button(chat.Say("button.look_again"), conversation.VerbAgain))
	v.AccountSwitch(s.Account)
}

// label is a server of the list on a button.
func (s *Servers) label(i int) chat.Phrase {
	return chat.Say("button.server", "Mark", conversation.ServerMark(s.List[i]), "Name", conversation.ShortName(s.called(s.List[i])))
}

func pressServers(t *conversation.Turn, verb string, n int) bool {
	s := serversOf(t.Dialogue)
	if id, ok := t.Switched(verb, n); ok {
		t.Dialogue.Aside.Flow = &Servers{Account: id}
		reloadServers(t)
		return true
	}
	switch {
	case pressList(t, verb, n):
	case verb == conversation.VerbPick && s.Loaded && n >= 0 && n < len(s.List):
		openServer(t, n)
	case verb == conversation.VerbSeveral && s.Loaded && s.mayChoose(t.Dialogue):
		s.Several = &Several{}
		t.Dialogue.Aside.Place = PlaceServersPick
	default:
		return false
	}
	return true
}

// pressList carries out the buttons that a list of servers always has; false: it was none
// of them.
func pressList(t *conversation.Turn, verb string, n int) bool {
	s := serversOf(t.Dialogue)
	switch verb {
	case conversation.VerbAgain:
		reloadServers(t)
	case conversation.VerbPage:
		s.Page = n
	case conversation.VerbAll:
		s.Search, s.Page = "", 0
	default:
		return false
	}
	return true
}

func textServers(t *conversation.Turn, text string) {
	serversOf(t.Dialogue).Search, serversOf(t.Dialogue).Page = conversation.Clip(text), 0
}

// lineOf describes a server in the list.
func (s *Servers) lineOf(server zomro.Service) chat.Phrase {
	what := serverState(server)
	and := func(next chat.Phrase) { what = chat.Say("server.and", "First", what, "Next", next) }
	address := cmp.Or(server.IPv4, server.IPv6)
	if conversation.IsTwin(server, s.List) {
		address = "" // stands behind the name
	}
	for _, text := range []string{address, server.Plan} {
		if text != "" {
			and(chat.Say("server.part", "Text", text))
		}
	}
	if cost, ok := serverCost(server); ok {
		and(cost)
	}
	return chat.Say("server.line", "Mark", conversation.ServerMark(server), "Name", s.called(server), "What", what)
}

// powerWords are the states of power that have words of ours [F].
var powerWords = []string{
	"active", "stopped", "suspended", "resized", "rescued", "booted_from_iso", "error",
	"creating", "building", "starting", "stopping", "rebooting", "resizing", "rebuilding", "rescuing", "unrescuing",
	"suspending", "booting_from_iso", "processing", "image_uploading",
}

// statusWords are the codes of the status that have words of ours [F].
var statusWords = []string{
	"1", "2", "3", "3_employeesuspend", "3_autosuspend", "3_abusesuspend", "4", "5_open", "5_transfer", "5_close",
}

// serverState is a server's state in words: the state of its power where the person
// can use the server, else that of the service.
func serverState(s zomro.Service) chat.Phrase {
	usable := s.Code == "2" || s.Code == "3" || s.Code == "" && (s.Status == zomro.StatusActive || s.Status == zomro.StatusSuspended)
	switch {
	case usable && slices.Contains(powerWords, s.PowerState):
		return chat.Say("server.power." + s.PowerState)
	case slices.Contains(statusWords, s.Code):
		return chat.Say("server.status." + s.Code)
	case slices.Contains(powerWords, s.PowerState):
		return chat.Say("server.power." + s.PowerState)
	case s.StatusText != "":
		return chat.Say("server.part", "Text", s.StatusText)
	default:
		return chat.Say("server.state_unknown")
	}
}

// serverCost says what a server costs; false: nothing is known.
func serverCost(s zomro.Service) (chat.Phrase, bool) {
	cost, period, ok := s.Price()
	if !ok {
		return chat.Say("server.part", "Text", s.Cost), s.Cost != ""
	}
	day, month, _ := zomro.PerDayAndMonth(s)
	switch period {
	case zomro.Day:
		return chat.Say("server.cost_day", "Day", cost, "Month", month), true
	case zomro.Month:
		return chat.Say("server.cost_month", "Day", day, "Month", cost), true
	default:
		return chat.Say("server.cost_months", "Cost", cost, "Period", conversation.PeriodName(period), "Month", month, "Day", day), true
	}
}

// serversCost says what all servers cost together whose price can be read, and the
// stopped ones among them. How many are left out is said.
func serversCost(v *conversation.View, list []zomro.Service) {
	all := zomro.SpendingOf(list)
	idle := zomro.SpendingOf(slices.DeleteFunc(slices.Clone(list), func(s zomro.Service) bool { return !isStopped(s) }))
	if all.Count > 0 {
		v.Line(chat.Say("servers.cost", "Day", all.Day, "Month", all.Month))
	}
	if all.Unread > 0 && all.Count > 0 {
		v.Line(chat.Say("services.unread", "Count", all.Unread))
	}
	switch stopped := idle.Count + idle.Unread; {
	case stopped == 0:
	case idle.Unread > 0:
		v.Line(chat.Say("servers.stopped", "Count", stopped))
	default:
		v.Line(chat.Say("servers.stopped_cost", "Count", stopped, "Month", idle.Month))
	}
}

// isStopped reports whether a server is stopped; it is paid for even so [F].
func isStopped(s zomro.Service) bool {
	return s.PowerState == zomro.PowerStopped
}

// expireServerSecret drops a password that was kept for too long.
func expireServerSecret(t *conversation.Turn) {
	s, ok := asideServers(t)
	if !ok || s.Ask.Since.IsZero() || t.Now.Before(s.Ask.Since.Add(conversation.PasswordLives)) {
		return
	}
	s.Ask.Since, s.Ask.Generated = time.Time{}, false
	gone, back := chat.Say("server.password_gone"), PlaceServerPassword
	if s.Ask.unseen() {
		gone, back = chat.Say("server.choose_again"), PlaceServerImage
	}
	if t.Dialogue.Aside.Place == PlaceServerAsk {
		t.Dialogue.Aside.Place = back
	}
	t.Note(gone)
	t.Show = true
}

// hasServerSecret reports whether a password is kept for a server.
func hasServerSecret(d conversation.Dialogue) bool {
	return serversOf(d) != nil && !serversOf(d).Ask.Since.IsZero()
}

// serversOf returns the state of the cards of this kind; nil: the card is about something else.
func serversOf(d conversation.Dialogue) *Servers {
	state, _ := conversation.StateOf[Servers](d)
	return state
}
