package conversation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// Servers is what the card of a person's servers is made from.
type Servers struct {
	Account string          `json:"account,omitempty"` // the vendor's account whose servers these are
	List    []zomro.Service `json:"list,omitempty"`    // as last told
	Loaded  bool            `json:"loaded,omitempty"`
	Loads   int             `json:"loads,omitempty"`   // how often something was loaded
	Trouble *Problem        `json:"trouble,omitempty"` // it was not
	Page    int             `json:"page,omitempty"`
	Search  string          `json:"search,omitempty"`

	Chosen  string                `json:"chosen,omitempty"`  // the id of the server whose card it is
	Details *zomro.ServiceDetails `json:"details,omitempty"` // of it; nil: not known

	Ask Request `json:"ask,omitzero"` // what is to be done with it
}

// chosen returns the server whose card it is.
func (s *Servers) chosen() (zomro.Service, bool) {
	i := slices.IndexFunc(s.List, func(v zomro.Service) bool { return v.ID == s.Chosen })
	if i < 0 {
		return zomro.Service{}, false
	}
	return s.List[i], true
}

// called is how a server is named among the others of the account.
func (s *Servers) called(server zomro.Service) string { return distinct(server, s.List) }

// Stored names the form of its state in the store.
func (s *Servers) Stored() string { return "servers" }

// Clone returns a copy.
func (s *Servers) Clone() State {
	is := *s
	return &is
}

// Meaning is what the meaning of the card's buttons hangs on.
func (s *Servers) Meaning() string {
	return fmt.Sprint(s.Account, s.Loads, s.Page, s.Search, s.Chosen, s.Trouble != nil, s.Ask.Op, s.Ask.Page, s.Ask.Search)
}

// servers asks for the servers of the account; of one of them when it is named.
func (t *turn) servers(server string) {
	if !t.d.Key.Private() {
		t.tell(chat.Say("servers.private"))
		return
	}
	if t.d.Account == "" {
		t.tell(chat.Say("order.login_first"), "login")
		return
	}
	place := PlaceServers
	if server != "" {
		place = PlaceServer
	}
	t.aside(place, &Servers{Chosen: server})
	t.do(LoadServers{Server: server})
	t.anew = true
}

// reloadServers asks for the servers again.
func (t *turn) reloadServers() {
	s := serversOf(t.d)
	s.Loaded, s.Trouble = false, nil
	t.do(LoadServers{Account: s.Account, Server: s.Chosen})
}

// asideServers returns the servers that the card is about; false: it is about
// something else.
func (t *turn) asideServers() (*Servers, bool) {
	if serversOf(t.d) == nil {
		return nil, false
	}
	return serversOf(t.d), true
}

// serversLoaded takes the servers that the card waits for.
func (t *turn) serversLoaded(e ServersLoaded) {
	s, ok := t.asideServers()
	if !ok || s.Loaded || s.Chosen != e.Server || s.Account != e.Asked {
		return
	}
	t.show = true
	s.Loads++
	s.Loaded, s.Trouble = true, e.Problem
	if e.Problem != nil {
		return
	}
	s.Account, s.Details = e.Account, e.Details
	// Deleted ones may be listed for a while [g]; nothing can be done with them.
	s.List = slices.DeleteFunc(slices.Clone(e.Services), func(v zomro.Service) bool { return v.Status == zomro.StatusDeleted })
}

func askServers(v *view) {
	s := serversOf(v.d)
	v.line(chat.Say("servers.title"))
	if v.waiting(s.Loaded, s.Trouble) {
		return
	}
	if len(s.List) == 0 {
		v.line(chat.Say("servers.none"))
		v.row(commandButton("order"))
		v.row(v.button(chat.Say("button.look_again"), verbAgain))
		v.accountSwitch(s.Account)
		return
	}
	v.serversCost(s.List)
	v.gap()
	found := filter(s.Search, len(s.List), func(i int) string { return serverText(s.List[i]) })
	v.searched(s.Search, len(found))
	from, to := pageOf(s.Page, len(found))
	for _, i := range found[from:to] {
		v.line(s.lineOf(s.List[i]))
		v.row(v.button(chat.Say("button.server", "Mark", serverMark(s.List[i]), "Name", shortName(s.called(s.List[i]))), verbPick, i))
	}
	v.pages(s.Page, len(found), s.Search != "")
	v.row(v.button(chat.Say("button.look_again"), verbAgain))
	v.accountSwitch(s.Account)
}

func pressServers(t *turn, verb string, n int) bool {
	s := serversOf(t.d)
	if id, ok := t.switched(verb, n); ok {
		t.d.Aside.Flow = &Servers{Account: id}
		t.reloadServers()
		return true
	}
	switch {
	case verb == verbAgain:
		t.reloadServers()
	case verb == verbPage:
		s.Page = n
	case verb == verbAll:
		s.Search, s.Page = "", 0
	case verb == verbPick && s.Loaded && n >= 0 && n < len(s.List):
		s.Chosen, s.Details = s.List[n].ID, nil
		t.d.Aside.Place = PlaceServer
		t.reloadServers()
	default:
		return false
	}
	return true
}

func textServers(t *turn, text string) {
	serversOf(t.d).Search, serversOf(t.d).Page = clip(text), 0
}

// serverText is everything that can be searched in a server.
func serverText(s zomro.Service) string {
	return strings.Join([]string{s.ID, s.Name, s.Plan, s.Datacenter, s.Image, s.IPv4, s.IPv6, s.PowerState, s.StatusText}, " ")
}

// lineOf describes a server in the list.
func (s *Servers) lineOf(server zomro.Service) chat.Phrase {
	what := serverState(server)
	and := func(next chat.Phrase) { what = chat.Say("server.and", "First", what, "Next", next) }
	address := cmp.Or(server.IPv4, server.IPv6)
	if isTwin(server, s.List) {
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
	return chat.Say("server.line", "Mark", serverMark(server), "Name", s.called(server), "What", what)
}

// serverMark is a server's state as a sign.
func serverMark(s zomro.Service) string {
	switch {
	case s.InWork():
		return "🟡"
	case s.PowerState == zomro.PowerResized || s.PowerState == zomro.PowerError:
		return "⚠️"
	case s.Status == zomro.StatusActive && (s.PowerState == zomro.PowerActive || s.PowerState == ""):
		return "🟢"
	default:
		return "🔴"
	}
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

// serverState is a server's state in words: that of its power where the server
// is the person's to use, else that of the service.
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

// daysPerMonth is the length of a month on average.
var daysPerMonth = decimal.NewFromInt(365).Div(decimal.NewFromInt(12))

// perDayAndMonth is what a server costs, rounded to cents; false: the vendor's
// text cannot be read.
func perDayAndMonth(s zomro.Service) (day, month zomro.Money, ok bool) {
	cost, period, ok := s.Price()
	if !ok {
		return day, month, false
	}
	day, month = cost, cost
	if period == zomro.Day {
		month.Amount = cost.Amount.Mul(daysPerMonth).Round(2)
	} else {
		day.Amount = cost.Amount.Div(daysPerMonth).Round(2)
	}
	return day, month, true
}

// serverCost says what a server costs; false: nothing is known.
func serverCost(s zomro.Service) (chat.Phrase, bool) {
	cost, period, ok := s.Price()
	if !ok {
		return chat.Say("server.part", "Text", s.Cost), s.Cost != ""
	}
	day, month, _ := perDayAndMonth(s)
	if period == zomro.Day {
		return chat.Say("server.cost_day", "Day", cost, "Month", month), true
	}
	return chat.Say("server.cost_month", "Day", day, "Month", cost), true
}

// serversCost says what all servers cost together, and the stopped ones of
// them, where every price can be read.
func (v *view) serversCost(list []zomro.Service) {
	var all, idle spending
	stopped := 0
	for _, s := range list {
		if s.Status == zomro.StatusDeleted {
			continue
		}
		all.add(s)
		if isStopped(s) {
			stopped++
			idle.add(s)
		}
	}
	if !all.unread && all.count > 0 {
		v.line(chat.Say("servers.cost", "Day", all.day, "Month", all.month))
	}
	switch {
	case stopped == 0:
	case idle.unread:
		v.line(chat.Say("servers.stopped", "Count", stopped))
	default:
		v.line(chat.Say("servers.stopped_cost", "Count", stopped, "Month", idle.month))
	}
}

// spending adds up what servers cost.
type spending struct {
	day, month zomro.Money
	count      int
	unread     bool // a price cannot be read, or is in another currency
}

func (sp *spending) add(s zomro.Service) {
	day, month, ok := perDayAndMonth(s)
	if !ok || sp.count > 0 && day.Currency != sp.day.Currency {
		sp.unread = true
		return
	}
	sp.count++
	sp.day = zomro.Money{Amount: sp.day.Amount.Add(day.Amount), Currency: day.Currency}
	sp.month = zomro.Money{Amount: sp.month.Amount.Add(month.Amount), Currency: month.Currency}
}

// isStopped reports whether a server is stopped, for which it is paid all the
// same [F].
func isStopped(s zomro.Service) bool {
	return s.PowerState == zomro.PowerStopped
}

// expireServerSecret gives up a password that was kept for too long.
func (t *turn) expireServerSecret() {
	s, ok := t.asideServers()
	if !ok || s.Ask.Since.IsZero() || t.now.Before(s.Ask.Since.Add(passwordLives)) {
		return
	}
	s.Ask.Since, s.Ask.Generated = time.Time{}, false
	if t.d.Aside.Place == PlaceServerAsk {
		t.d.Aside.Place = PlaceServerPassword
	}
	t.note(chat.Say("server.password_gone"))
	t.show = true
}

// hasServerSecret reports whether a password is kept for a server.
func (d Dialogue) hasServerSecret() bool {
	return serversOf(d) != nil && !serversOf(d).Ask.Since.IsZero()
}

// serversOf returns the state of the cards of this kind; nil: the card is about something else.
func serversOf(d Dialogue) *Servers {
	state, _ := stateOf[Servers](d)
	return state
}
