package conversation

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"zomrobot/chat"
	"zomrobot/job"
	"zomrobot/zomro"
)

// allOps are the ops in the order of their buttons; a button's number is
// the index.
var allOps = []job.Op{
	job.Start, job.Stop, job.Reboot, job.Keep, job.Rollback,
	job.Rename, job.Password, job.Rebuild, job.Resize, job.Delete,
}

// Request is what is to be done with a server, while it is asked about.
type Request struct {
	Op      job.Op             `json:"deed,omitempty"`
	Loaded  bool               `json:"loaded,omitempty"`  // what can be chosen was told
	Trouble *Problem           `json:"trouble,omitempty"` // or not
	Page    int                `json:"page,omitempty"`
	Search  string             `json:"search,omitempty"`
	Sizes   []SizeOffer        `json:"sizes,omitempty"` // job.Resize
	Form    *zomro.RebuildForm `json:"form,omitempty"`  // job.Rebuild

	NewName   string       `json:"newName,omitempty"`
	Size      *SizeOffer   `json:"size,omitempty"`
	Image     *zomro.Image `json:"image,omitempty"`
	Key       zomro.Key    `json:"key,omitzero"`
	Making    bool         `json:"making,omitempty"` // a password is being made
	Since     time.Time    `json:"since,omitzero"`   // when the password in SlotServer was given; zero: there is none
	Generated bool         `json:"generated,omitempty"`
}

// SizeOffer is a plan that a server can be moved up to, with what the catalogue
// tells of the difference.
type SizeOffer struct {
	zomro.Size
	Was *zomro.Money `json:"was,omitempty"` // the list price of the present plan for the server's period; nil: not known
	Now *zomro.Money `json:"now,omitempty"` // that of this one
}

// sizeOffers finds the list prices of sizes and of the server's present plan,
// which the list of servers names by its title [F].
func sizeOffers(server zomro.Service, sizes []zomro.Size, plans []zomro.Plan) []SizeOffer {
	title, _, _ := strings.Cut(server.Plan, "|")
	_, period, billed := server.Price()
	price := func(is func(zomro.Plan) bool) *zomro.Money {
		i := slices.IndexFunc(plans, is)
		if i < 0 || !billed {
			return nil
		}
		if cost, ok := plans[i].Price(period); ok {
			return &cost
		}
		return nil
	}
	was := price(func(p zomro.Plan) bool { return strings.EqualFold(p.Title, strings.TrimSpace(title)) })
	var offers []SizeOffer
	for _, size := range sizes {
		offer := SizeOffer{Size: size}
		now := price(func(p zomro.Plan) bool { return p.ID == size.ID })
		if was != nil && now != nil && was.Currency == now.Currency && now.Amount.GreaterThan(was.Amount) {
			offer.Was, offer.Now = was, now
		}
		offers = append(offers, offer)
	}
	return offers
}

// cost says what moving up to this plan costs, as far as it can be known.
func (o SizeOffer) cost(period zomro.Period) []chat.Phrase {
	lines := []chat.Phrase{chat.Say("server.resize_blind")}
	if o.Cost != nil {
		lines[0] = chat.Say("server.resize_cost", "Cost", *o.Cost)
	}
	if o.Was != nil && o.Now != nil {
		lines = append(lines, chat.Say("server.resize_list", "Period", periodName(period), "Was", *o.Was, "Now", *o.Now, "More", missing(*o.Now, *o.Was)))
	}
	return lines
}

func askServer(v *view) {
	s := serversOf(v.d)
	server, found := s.chosen()
	if !found {
		if !v.waiting(s.Loaded, s.Trouble) {
			v.line(chat.Say("server.gone"))
			v.row(v.button(chat.Say("button.look_again"), verbAgain))
		}
		return
	}
	v.serverHead(server)
	v.serverFacts(server, s.Details)
	v.waiting(s.Loaded, s.Trouble)
	var buttons []chat.Button
	for _, address := range []string{server.IPv4, server.IPv6} {
		if address != "" {
			v.row(chat.Button{Label: chat.Say("button.copy", "Text", address), Copy: address})
		}
	}
	if !s.Loaded {
		return
	}
	for _, op := range job.Possible(server) {
		b := v.button(opLabel(op), verbDo, slices.Index(allOps, op))
		if op == job.Delete {
			b.Style = chat.Danger
		}
		buttons = append(buttons, b)
	}
	v.grid(2, buttons)
	v.row(v.button(chat.Say("button.look_again"), verbAgain))
}

// serverHead names the server and its state.
func (v *view) serverHead(s zomro.Service) {
	v.line(chat.Say("server.title", "Name", s.Name, "ID", s.ID))
	v.line(chat.Say("server.state", "Mark", serverMark(s), "State", serverState(s)))
}

// serverFacts says what is known of a server.
func (v *view) serverFacts(s zomro.Service, details *zomro.ServiceDetails) {
	if s.IPv4 != "" {
		v.line(chat.Say("service.ipv4", "Address", chat.Arg{Code: s.IPv4}))
	}
	if s.IPv6 != "" {
		v.line(chat.Say("service.ipv6", "Address", chat.Arg{Code: s.IPv6}))
	}
	for _, fact := range []struct{ key, text string }{
		{"server.plan", s.Plan},
		{"server.datacenter", s.Datacenter},
		{"server.system", s.Image},
	} {
		if fact.text != "" {
			v.line(chat.Say(fact.key, "Text", fact.text))
		}
	}
	if details != nil && details.ReverseDNS != "" {
		v.line(chat.Say("server.rdns", "Text", details.ReverseDNS))
	}
	if details != nil && details.Created != "" {
		v.line(chat.Say("server.created", "Text", details.Created))
	}
	if cost, ok := serverCost(s); ok {
		v.line(chat.Say("server.cost", "Cost", cost))
	}
	switch {
	case isStopped(s):
		v.line(chat.Say("server.stopped_costs"))
	case s.PowerState == zomro.PowerResized:
		v.line(chat.Say("server.resized_means"))
	}
}

// opLabel is an op on a button.
func opLabel(op job.Op) chat.Phrase { return chat.Say("button.deed." + string(op)) }

func pressServer(t *turn, verb string, n int) bool {
	s := serversOf(t.d)
	if verb == verbAgain {
		t.reloadServers()
		return true
	}
	server, found := s.chosen()
	if verb != verbDo || !found || !s.Loaded || n < 0 || n >= len(allOps) || !slices.Contains(job.Possible(server), allOps[n]) {
		return false
	}
	s.Ask = Request{Op: allOps[n]}
	switch s.Ask.Op {
	case job.Rename:
		t.d.Aside.Place = PlaceServerName
	case job.Password:
		t.d.Aside.Place = PlaceServerPassword
	case job.Delete:
		t.d.Aside.Place = PlaceServerDelete
	case job.Rebuild:
		t.d.Aside.Place = PlaceServerImage
		t.do(LoadRebuild{Account: s.Account, Server: s.Chosen})
	case job.Resize:
		t.d.Aside.Place = PlaceServerSize
		t.do(LoadSizes{Account: s.Account, Server: s.Chosen, Datacenter: server.Datacenter})
	case job.Start, job.Stop, job.Reboot, job.Keep, job.Rollback:
		t.d.Aside.Place = PlaceServerAsk
	}
	return true
}

// leaveDeed forgets what was asked about a server when Back leads to its card.
func (t *turn) leaveDeed() {
	if s, ok := t.asideServers(); ok && (t.d.Aside.Place == PlaceServer || t.d.Aside.Place == PlaceServers) {
		s.Ask = Request{}
		if t.d.Aside.Place == PlaceServers {
			s.Chosen, s.Details = "", nil
			if !s.Loaded {
				t.reloadServers()
			}
		}
	}
}

func askServerName(v *view) {
	s := serversOf(v.d)
	server, _ := s.chosen()
	v.line(chat.Say("server.ask_name", "Name", chat.Arg{Code: s.called(server)}))
}

func textServerName(t *turn, text string) {
	if wrong := checkName(text); wrong != nil {
		t.note(*wrong)
		return
	}
	serversOf(t.d).Ask.NewName = text
	t.d.Aside.Place = PlaceServerAsk
}

func askServerDelete(v *view) {
	s := serversOf(v.d)
	server, _ := s.chosen()
	if isTwin(server, s.List) {
		v.line(chat.Say("server.ask_delete_id", "Name", s.called(server), "ID", chat.Arg{Code: server.ID}), chat.Say("server.delete_means"))
		return
	}
	v.line(chat.Say("server.ask_delete", "Name", chat.Arg{Code: server.Name}), chat.Say("server.delete_means"))
}

// textServerDelete deletes a server whose name was typed exactly as it is; one
// of several of a name only by its id.
func textServerDelete(t *turn, text string) {
	s := serversOf(t.d)
	server, found := s.chosen()
	switch {
	case found && isTwin(server, s.List) && text != server.ID:
		t.note(chat.Say("server.other_id", "ID", chat.Arg{Code: server.ID}))
	case !found || !isTwin(server, s.List) && text != chat.Typed(server.Name):
		t.note(chat.Say("server.other_name"))
	default:
		t.doDeed()
	}
}

func askServerPassword(v *view) {
	s := serversOf(v.d)
	server, _ := s.chosen()
	if s.Ask.Op == job.Rebuild {
		v.line(chat.Say("server.ask_access", "Name", s.called(server), "System", s.Ask.Image.Label))
		if !windows(s.Ask.Image.Label) {
			for i, key := range s.Ask.Form.Keys[:min(len(s.Ask.Form.Keys), rowsPerPage)] {
				v.row(v.button(chat.Say("button.server_key", "Key", short(key.Name)), verbKey, i))
			}
		}
	} else {
		v.line(chat.Say("server.ask_password", "Name", s.called(server)))
	}
	if s.Ask.Making {
		v.line(chat.Say("access.making"))
	}
	v.line(chat.Say("access.rules"), chat.Say("secret.deleted"))
	v.row(v.button(chat.Say("button.password_make"), verbMake))
}

func pressServerPassword(t *turn, verb string, n int) bool {
	s := serversOf(t.d)
	switch {
	case verb == verbMake:
		s.Ask.Making = true
		t.do(MakeServerPassword{Server: s.Chosen})
	case verb == verbKey && s.Ask.Op == job.Rebuild && !windows(s.Ask.Image.Label) && n >= 0 && n < len(s.Ask.Form.Keys):
		s.Ask.Key, s.Ask.Since, s.Ask.Generated = s.Ask.Form.Keys[n], time.Time{}, false
		t.d.Aside.Place = PlaceServerAsk
	default:
		return false
	}
	return true
}

// secretServerPassword takes a typed password; its message goes in any case.
func secretServerPassword(t *turn, text string, message int) {
	t.do(Delete{Message: message})
	if wrong := CheckPassword(text); wrong != nil {
		t.note(*wrong)
		return
	}
	t.do(Keep{Slot: SlotServer, Value: zomro.NewSecret(text)})
	t.note(chat.Say("note.password_kept"))
	t.passwordGiven(false)
}

// passwordGiven asks whether to go on with the password that is kept.
func (t *turn) passwordGiven(generated bool) {
	s := serversOf(t.d)
	s.Ask.Key, s.Ask.Making, s.Ask.Since, s.Ask.Generated = zomro.Key{}, false, t.now, generated
	t.d.Aside.Place = PlaceServerAsk
}

// serverPasswordMade takes the password that the bot made for a server. It is
// kept already, so one that nobody waits for any more is dropped.
func (t *turn) serverPasswordMade(e ServerPasswordMade) {
	s, ok := t.asideServers()
	if !ok || s.Chosen != e.Server || !s.Ask.Making {
		if !t.d.hasServerSecret() {
			t.do(Drop{Slot: SlotServer})
		}
		return
	}
	t.do(Notify{Protect: true, Screen: passwordScreen(e.Password)})
	t.passwordGiven(true)
	t.anew = true // below the message with the password
}

func askServerImage(v *view) {
	s := serversOf(v.d)
	server, _ := s.chosen()
	v.line(chat.Say("server.ask_image", "Name", s.called(server)))
	if v.waiting(s.Ask.Loaded, s.Ask.Trouble) {
		return
	}
	images := s.Ask.Form.Images
	found := filter(s.Ask.Search, len(images), func(i int) string { return images[i].Label })
	v.searched(s.Ask.Search, len(found))
	from, to := pageOf(s.Ask.Page, len(found))
	for _, i := range found[from:to] {
		v.row(v.button(plain(images[i].Label), verbPick, i))
	}
	v.pages(s.Ask.Page, len(found), s.Ask.Search != "")
}

func pressServerImage(t *turn, verb string, n int) bool {
	s := serversOf(t.d)
	if done, known := t.browse(verb, n, func() Effect { return LoadRebuild{Account: s.Account, Server: s.Chosen} }); known {
		return done
	}
	if verb != verbPick || s.Ask.Form == nil || n < 0 || n >= len(s.Ask.Form.Images) {
		return false
	}
	image := s.Ask.Form.Images[n]
	s.Ask.Image = &image
	t.d.Aside.Place = PlaceServerPassword
	return true
}

// browse carries out the buttons of a list that a deed chooses from; known: it
// was one of them.
func (t *turn) browse(verb string, n int, load func() Effect) (done, known bool) {
	ask := &serversOf(t.d).Ask
	switch verb {
	case verbPage:
		ask.Page = n
	case verbAll:
		ask.Search, ask.Page = "", 0
	case verbAgain:
		ask.Loaded, ask.Trouble = false, nil
		t.do(load())
	default:
		return false, false
	}
	return true, true
}

func textServerChoice(t *turn, text string) {
	serversOf(t.d).Ask.Search, serversOf(t.d).Ask.Page = clip(text), 0
}

// rebuildLoaded takes what a server can be installed with anew.
func (t *turn) rebuildLoaded(e RebuildLoaded) {
	if s, ok := t.asideServers(); ok && s.Chosen == e.Server && s.Ask.Op == job.Rebuild && !s.Ask.Loaded {
		form := e.Form
		s.Ask.Loaded, s.Ask.Trouble, s.Ask.Form = e.Problem == nil, e.Problem, &form
		s.Loads++
		t.show = true
	}
}

// sizesLoaded takes the plans that a server can be moved up to.
func (t *turn) sizesLoaded(e SizesLoaded) {
	if s, ok := t.asideServers(); ok && s.Chosen == e.Server && s.Ask.Op == job.Resize && !s.Ask.Loaded {
		server, _ := s.chosen()
		s.Ask.Loaded, s.Ask.Trouble, s.Ask.Sizes = e.Problem == nil, e.Problem, sizeOffers(server, e.Sizes, e.Plans)
		s.Loads++
		t.show = true
	}
}

func askServerSize(v *view) {
	s := serversOf(v.d)
	server, _ := s.chosen()
	v.line(chat.Say("server.ask_size", "Name", s.called(server), "Plan", server.Plan))
	if v.waiting(s.Ask.Loaded, s.Ask.Trouble) {
		return
	}
	sizes := s.Ask.Sizes
	if len(sizes) == 0 {
		v.line(chat.Say("server.no_sizes"))
		return
	}
	found := filter(s.Ask.Search, len(sizes), func(i int) string { return sizes[i].Label })
	v.searched(s.Ask.Search, len(found))
	from, to := pageOf(s.Ask.Page, len(found))
	for _, i := range found[from:to] {
		label := plain(sizes[i].Label)
		if sizes[i].Cost != nil {
			label = chat.Say("button.priced", "Text", short(sizes[i].Label), "Price", *sizes[i].Cost)
		}
		v.row(v.button(label, verbPick, i))
	}
	v.pages(s.Ask.Page, len(found), s.Ask.Search != "")
}

func pressServerSize(t *turn, verb string, n int) bool {
	s := serversOf(t.d)
	server, _ := s.chosen()
	load := func() Effect {
		return LoadSizes{Account: s.Account, Server: s.Chosen, Datacenter: server.Datacenter}
	}
	if done, known := t.browse(verb, n, load); known {
		return done
	}
	if verb != verbPick || n < 0 || n >= len(s.Ask.Sizes) {
		return false
	}
	size := s.Ask.Sizes[n]
	s.Ask.Size = &size
	t.d.Aside.Place = PlaceServerAsk
	return true
}

// askServerAsk asks whether to do it.
func askServerAsk(v *view) {
	s := serversOf(v.d)
	server, _ := s.chosen()
	ask := s.Ask
	name := chat.Arg{Code: s.called(server)}
	switch ask.Op {
	case job.Rename:
		v.line(chat.Say("server.sure.rename", "Name", name, "NewName", chat.Arg{Code: ask.NewName}))
		for _, other := range s.List {
			if other.ID != server.ID && namesakes(other.Name, ask.NewName) {
				v.line(chat.Say("name.taken", "Which", which(other.ID, cmp.Or(other.IPv4, other.IPv6))))
			}
		}
	case job.Rebuild:
		v.line(chat.Say("server.sure.rebuild", "Name", name, "System", ask.Image.Label), ask.access())
	case job.Resize:
		v.line(chat.Say("server.sure.resize", "Name", name, "Was", server.Plan, "Now", ask.Size.Label))
		_, period, _ := server.Price()
		v.line(ask.Size.cost(period)...)
		v.line(chat.Say("server.resize_next"))
	default:
		v.line(chat.Say("server.sure."+string(ask.Op), "Name", name))
		if cost, ok := serverCost(server); ok && ask.Op == job.Stop {
			v.line(chat.Say("server.stop_costs", "Cost", cost))
		}
		if ask.Op == job.Password {
			v.line(ask.access())
		}
	}
	yes := v.button(opLabel(ask.Op), verbYes)
	yes.Style = chat.Danger
	if slices.Contains([]job.Op{job.Start, job.Rename, job.Keep}, ask.Op) {
		yes.Style = chat.Primary
	}
	v.row(yes)
}

// access says how one will log in.
func (ask Request) access() chat.Phrase {
	switch {
	case ask.Key.ID != "":
		return chat.Say("chosen.key", "Key", ask.Key.Name)
	case ask.Generated:
		return chat.Say("chosen.password_made")
	default:
		return chat.Say("chosen.password")
	}
}

func pressServerAsk(t *turn, verb string, _ int) bool {
	if verb != verbYes {
		return false
	}
	t.doDeed()
	return true
}

// doDeed has the deed done, and leaves the rest to its own card.
func (t *turn) doDeed() {
	s := serversOf(t.d)
	server, found := s.chosen()
	if !found {
		return
	}
	order := job.Order{Account: s.Account, Server: server.ID, Name: s.called(server), Op: s.Ask.Op, NewName: s.Ask.NewName}
	if s.Ask.Size != nil {
		order.Plan, order.Label, order.Cost = s.Ask.Size.ID, s.Ask.Size.Label, s.Ask.Size.Cost
	}
	if s.Ask.Image != nil {
		order.Image, order.Zone, order.Label, order.Key = s.Ask.Image.ID, s.Ask.Image.Zone, s.Ask.Image.Label, s.Ask.Key.ID
	}
	t.do(Act{Order: order})
	t.acted = true
	t.leaveAside(chat.Say("server.sent", "Name", order.Name), commandButton("servers"))
	t.show = true
}
