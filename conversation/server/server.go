package server

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/zomro"
)

// allOps are the ops in the order of their buttons; a button's number is
// the index.
var allOps = []job.Op{
	job.Start, job.Stop, job.Reboot, job.Keep, job.Rollback,
	job.Rename, job.Password, job.Rebuild, job.Resize, job.Delete,
	job.ReverseDNS, job.Rescue, job.Unrescue, job.BootISO, job.EjectISO,
}

// Request is what someone wants done with a server, while it is asked about.
type Request struct {
	Op      job.Op                `json:"deed,omitempty"`
	Loaded  bool                  `json:"loaded,omitempty"`  // the choices are known
	Trouble *conversation.Problem `json:"trouble,omitempty"` // or not
	Page    int                   `json:"page,omitempty"`
	Search  string                `json:"search,omitempty"`
	Sizes   []SizeOffer           `json:"sizes,omitempty"` // job.Resize
	Form    *zomro.RebuildForm    `json:"form,omitempty"`  // job.Rebuild
	Names   map[string]string     `json:"names,omitempty"` // of its images, see RebuildLoaded

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
	Was *zomro.Money `json:"was,omitempty"` // the list price of the current plan for the server's period; nil: not known
	Now *zomro.Money `json:"now,omitempty"` // that of this one

	SpecWas *zomro.Spec `json:"specWas,omitempty"` // what the server is made of now; nil: not known
	Spec    *zomro.Spec `json:"spec,omitempty"`    // and with this plan
}

// sizeOffers finds the list prices of sizes and of the server's current plan, which
// the list of servers names by its title [F].
func sizeOffers(server zomro.Service, sizes []zomro.Size, plans []zomro.Plan) []SizeOffer {
	title, _, _ := strings.Cut(server.Plan, "|")
	_, period, billed := server.Price()
	find := func(is func(zomro.Plan) bool) (price *zomro.Money, spec *zomro.Spec) {
		i := slices.IndexFunc(plans, is)
		if i < 0 {
			return nil, nil
		}
		if cost, ok := plans[i].Price(period); ok && billed {
			price = &cost
		}
		if made, ok := plans[i].Spec(); ok {
			spec = &made
		}
		return price, spec
	}
	was, specWas := find(func(p zomro.Plan) bool { return strings.EqualFold(p.Title, strings.TrimSpace(title)) })
	var offers []SizeOffer
	for _, size := range sizes {
		now, spec := find(func(p zomro.Plan) bool { return p.ID == size.ID })
		offer := SizeOffer{Size: size, SpecWas: specWas, Spec: spec}
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
		lines = append(lines, chat.Say("server.resize_list", "Period", conversation.PeriodName(period), "Was", *o.Was, "Now", *o.Now, "More", conversation.Missing(*o.Now, *o.Was)))
	}
	return lines
}

// facts say what the plan is made of, and what it costs more, as far as that is known.
func (o SizeOffer) facts(period zomro.Period) []chat.Phrase {
	var facts []chat.Phrase
	if o.Spec != nil {
		facts = append(facts, conversation.SpecText(*o.Spec))
	}
	if o.Was != nil && o.Now != nil {
		facts = append(facts, chat.Say("server.size_more", "Period", conversation.PeriodName(period), "More", conversation.Missing(*o.Now, *o.Was)))
	}
	if o.Cost != nil {
		facts = append(facts, chat.Say("server.size_cost", "Cost", *o.Cost))
	}
	if len(facts) == 0 {
		return nil
	}
	what := facts[0]
	for _, next := range facts[1:] {
		what = chat.Say("server.and", "First", what, "Next", next)
	}
	return []chat.Phrase{chat.Say("server.size_line", "Label", o.Label, "What", what)}
}

func askServer(v *conversation.View) {
	s := serversOf(v.Dialogue)
	server, found := s.chosen()
	if !found {
		if !v.Waiting(s.Loaded, s.Trouble) {
			v.Line(chat.Say("server.gone"))
			v.Row(v.Button(chat.Say("button.look_again"), conversation.VerbAgain))
		}
		return
	}
	serverHead(v, server)
	serverFacts(v, server, s.Details)
	v.Waiting(s.Loaded, s.Trouble)
	if line, ok := conversation.SSHLine(server); ok {
		v.Row(chat.Button{Label: chat.Say("button.copy", "Text", line), Copy: line})
	}
	if !s.Loaded {
		return
	}
	ops := s.possible(v.Dialogue, server)
	rare := rareOps(v.Dialogue, ops)
	_, ops = split(ops, append(rare, ofNetwork...))
	buttons := append(opButtons(v, ops), v.Button(chat.Say("button.server_network"), conversation.VerbNetwork))
	if hasConsole(v.Dialogue, server) {
		buttons = append(buttons, v.Button(chat.Say("button.server_console"), conversation.VerbConsole))
	}
	for i, door := range v.Machine.Doors(v.Dialogue, server) {
		buttons = append(buttons, v.Button(door.Label, conversation.VerbDoor, i))
	}
	if len(rare) > 0 {
		buttons = append(buttons, v.Button(chat.Say("button.server_more"), conversation.VerbMore))
	}
	v.Grid(2, buttons)
	if !v.Dialogue.Key.Private() {
		askInPrivate(v, s)
		return
	}
	v.Row(v.Button(chat.Say("button.order_again"), conversation.VerbRepeat), v.Button(chat.Say("button.look_again"), conversation.VerbAgain))
}

// frequent are the ops whose buttons stand on the server's own card: its power, and what
// ends a state that it is meant to leave. The others come after one more tap.
var frequent = []job.Op{job.Start, job.Stop, job.Reboot, job.Keep, job.Rollback, job.Unrescue, job.EjectISO}

// rareOps are those of the ops that come after one more tap; in a group none does.
func rareOps(d conversation.Dialogue, ops []job.Op) []job.Op {
	if !d.Key.Private() {
		return nil
	}
	_, rare := split(ops, slices.Concat(frequent, ofNetwork))
	return rare
}

// split divides ops into those that are some and the others, in their order.
func split(ops, some []job.Op) (are, others []job.Op) {
	for _, op := range ops {
		if slices.Contains(some, op) {
			are = append(are, op)
		} else {
			others = append(others, op)
		}
	}
	return are, others
}

// opButtons are the buttons of ops.
func opButtons(v *conversation.View, ops []job.Op) []chat.Button {
	var buttons []chat.Button
	for _, op := range ops {
		b := v.Button(opLabel(op), conversation.VerbDo, slices.Index(allOps, op))
		if op == job.Delete {
			b.Style = chat.Danger
		}
		buttons = append(buttons, b)
	}
	return buttons
}

// askServerMore shows what else can be done with a server.
func askServerMore(v *conversation.View) {
	s := serversOf(v.Dialogue)
	server, found := s.chosen()
	if !found {
		v.Line(chat.Say("server.gone"))
		return
	}
	serverHead(v, server)
	v.Line(chat.Say("server.ask_more"))
	v.Grid(1, opButtons(v, rareOps(v.Dialogue, s.possible(v.Dialogue, server))))
}

// serverHead names the server and its state.
func serverHead(v *conversation.View, s zomro.Service) {
	v.Line(chat.Say("server.title", "Name", conversation.Named(s.Name), "ID", s.ID))
	v.Line(chat.Say("server.state", "Mark", conversation.ServerMark(s), "State", serverState(s)))
}

// serverFacts says what is known of a server.
func serverFacts(v *conversation.View, s zomro.Service, details *zomro.ServiceDetails) {
	addresses(v, s)
	for _, fact := range []struct{ key, text string }{
		{"server.plan", s.Plan},
		{"server.datacenter", s.Datacenter},
		{"server.system", s.Image},
	} {
		if fact.text != "" {
			v.Line(chat.Say(fact.key, "Text", fact.text))
		}
	}
	if details != nil && details.ReverseDNS != "" {
		v.Line(reverseDNS(details))
	}
	if details != nil && details.Created != "" {
		v.Line(chat.Say("server.created", "Text", dated(details.Created)))
	}
	if cost, ok := serverCost(s); ok {
		v.Line(chat.Say("server.cost", "Cost", cost))
	}
	v.Line(traffic(s)...)
	if paid := s.PaidUntil; !paid.IsZero() {
		v.Line(chat.Say("server.paid_until", "Day", chat.Arg{Day: &paid}))
	}
	switch {
	case s.Suspended():
		v.Line(suspended(s))
	case isStopped(s):
		v.Line(chat.Say("server.stopped_costs"))
	case slices.Contains([]string{zomro.PowerResized, zomro.PowerRescued, zomro.PowerISO, zomro.PowerError}, s.PowerState):
		v.Line(chat.Say("server.means." + s.PowerState))
	}
}

// suspended says why the vendor may have suspended a server, and what helps.
func suspended(s zomro.Service) chat.Phrase {
	if s.Code == "3_abusesuspend" || s.Code == "3_employeesuspend" {
		return chat.Say("server.means.suspended_other")
	}
	return chat.Say("server.means.suspended", "Button", chat.Say("button.paying"))
}

// traffic says how much of a server's traffic is used; nothing where that is not told.
func traffic(s zomro.Service) []chat.Phrase {
	used := chat.BytesOf(s.UsedTraffic)
	switch {
	case s.PaidTraffic > 0:
		return []chat.Phrase{chat.Say("server.traffic", "Used", used, "Paid", chat.BytesOf(s.PaidTraffic))}
	case s.UsedTraffic > 0:
		return []chat.Phrase{chat.Say("server.traffic_used", "Used", used)}
	default:
		return nil
	}
}

// dated is the vendor's date as people write it; as it stands when it is none.
func dated(text string) chat.Arg {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return chat.Arg{Text: text}
	}
	return chat.Arg{Day: &day}
}

// opLabel is an op on a button.
func opLabel(op job.Op) chat.Phrase { return chat.Say("button.deed." + string(op)) }

func pressServer(t *conversation.Turn, verb string, n int) bool {
	s := serversOf(t.Dialogue)
	if verb == conversation.VerbAgain {
		reloadServers(t)
		return true
	}
	server, found := s.chosen()
	if verb == conversation.VerbRepeat && found && s.Loaded && t.Dialogue.Key.Private() {
		t.Raise(conversation.ServerWanted{Server: server, Account: s.Account})
		return true
	}
	if !found || !s.Loaded {
		return false
	}
	switch doors := t.Machine.Doors(t.Dialogue, server); {
	case verb == conversation.VerbMore && len(rareOps(t.Dialogue, s.possible(t.Dialogue, server))) > 0:
		t.Dialogue.Aside.Place = PlaceServerMore
	case verb == conversation.VerbConsole && hasConsole(t.Dialogue, server):
		openConsole(t)
	case verb == conversation.VerbNetwork:
		t.Dialogue.Aside.Place = PlaceServerNetwork
	case verb == conversation.VerbDoor && n >= 0 && n < len(doors):
		doors[n].Open(t, s.shown(server))
	default:
		return pressOp(t, verb, n)
	}
	return true
}

// pressOp begins an op whose button was pressed.
func pressOp(t *conversation.Turn, verb string, n int) bool {
	s := serversOf(t.Dialogue)
	server, found := s.chosen()
	if verb != conversation.VerbDo || !found || !s.Loaded || n < 0 || n >= len(allOps) || !slices.Contains(s.possible(t.Dialogue, server), allOps[n]) {
		return false
	}
	begin(t, allOps[n])
	return true
}

// begin asks what has to be known before something is done with the server.
func begin(t *conversation.Turn, op job.Op) {
	s := serversOf(t.Dialogue)
	server, _ := s.chosen()
	s.Ask = Request{Op: op}
	switch op {
	case job.Rename:
		t.Dialogue.Aside.Place = PlaceServerName
	case job.ReverseDNS:
		t.Dialogue.Aside.Place = PlaceServerRDNS
	case job.Password:
		t.Dialogue.Aside.Place = PlaceServerPassword
	case job.Delete:
		t.Dialogue.Aside.Place = PlaceServerDelete
	case job.Rebuild, job.Rescue, job.BootISO:
		toImages(t)
	case job.Resize:
		t.Dialogue.Aside.Place = PlaceServerSize
		t.Do(LoadSizes{Account: s.Account, Server: s.Chosen, Datacenter: server.Datacenter})
	case job.Start, job.Stop, job.Reboot, job.Keep, job.Rollback, job.Unrescue, job.EjectISO:
		t.Dialogue.Aside.Place = PlaceServerAsk
	default: // another flow asks it
	}
}

// backInDeed leads from a question about a server to the one before it, and from the first
// one to where it was begun.
func backInDeed(t *conversation.Turn) {
	s := serversOf(t.Dialogue)
	server, _ := s.chosen()
	asked := slices.Index(s.Ask.asks(), t.Dialogue.Aside.Place)
	switch {
	case asked > 0:
		t.BackTo(s.Ask.asks()[asked-1])
	case slices.Contains(ofNetwork, s.Ask.Op):
		t.BackTo(PlaceServerNetwork)
	case slices.Contains(rareOps(t.Dialogue, s.possible(t.Dialogue, server)), s.Ask.Op):
		t.BackTo(PlaceServerMore)
	default:
		t.BackTo(PlaceServer)
	}
}

// asks are the questions of an op, in their order.
func (ask Request) asks() []conversation.Place {
	switch {
	case ask.Op == job.Rename:
		return []conversation.Place{PlaceServerName, PlaceServerAsk}
	case ask.Op == job.ReverseDNS:
		return []conversation.Place{PlaceServerRDNS, PlaceServerAsk}
	case ask.Op == job.Resize:
		return []conversation.Place{PlaceServerSize, PlaceServerAsk}
	case ask.Op == job.Password:
		return []conversation.Place{PlaceServerPassword, PlaceServerAsk}
	case ask.Op == job.BootISO, ask.unseen():
		return []conversation.Place{PlaceServerImage, PlaceServerAsk}
	case ask.Op == job.Rebuild, ask.Op == job.Rescue:
		return []conversation.Place{PlaceServerImage, PlaceServerPassword, PlaceServerAsk}
	case ask.Op == job.Delete:
		return []conversation.Place{PlaceServerDelete}
	default:
		return []conversation.Place{PlaceServerAsk}
	}
}

// forgetAccess forgets what was answered about the login when Back leads before it.
func forgetAccess(t *conversation.Turn) {
	ask := &serversOf(t.Dialogue).Ask
	ask.Key, ask.Making, ask.Since, ask.Generated = zomro.Key{}, false, time.Time{}, false
}

// leaveDeed forgets what was asked about a server when Back leads to where it was begun.
func leaveDeed(t *conversation.Turn) {
	if s, ok := asideServers(t); ok {
		s.Ask = Request{}
		if t.Dialogue.Aside.Place == PlaceServers {
			s.Chosen, s.Details = "", nil
			if !s.Loaded {
				reloadServers(t)
			}
		}
	}
}

func askServerName(v *conversation.View) {
	s := serversOf(v.Dialogue)
	server, _ := s.chosen()
	v.Line(chat.Say("server.ask_name", "Name", chat.Arg{Code: s.called(server)}))
}

func textServerName(t *conversation.Turn, text string) {
	if wrong := conversation.CheckName(text); wrong != nil {
		t.Note(*wrong)
		return
	}
	s := serversOf(t.Dialogue)
	if server, found := s.chosen(); found && cmp.Or(server.ServerName, server.Name) == text {
		t.Note(chat.Say("note.same_name"))
		return
	}
	s.Ask.NewName = text
	t.Dialogue.Aside.Place = PlaceServerAsk
}

// textServerAsk takes another name for what is asked about.
func textServerAsk(t *conversation.Turn, text string) {
	switch serversOf(t.Dialogue).Ask.Op {
	case job.Rename:
		textServerName(t, text)
	case job.ReverseDNS:
		textServerRDNS(t, text)
	default:
		t.NotTyped()
	}
}

func askServerDelete(v *conversation.View) {
	s := serversOf(v.Dialogue)
	server, _ := s.chosen()
	switch id := (chat.Arg{Code: server.ID}); {
	case !conversation.Typable(server.Name):
		v.Line(chat.Say("server.ask_delete_untypable", "Name", s.called(server), "ID", id))
	case conversation.IsTwin(server, s.List):
		v.Line(chat.Say("server.ask_delete_id", "Name", s.called(server), "ID", id))
	default:
		v.Line(chat.Say("server.ask_delete", "Name", chat.Arg{Code: server.Name}))
	}
	v.Line(chat.Say("server.delete_means"), chat.Say("delete.copies"))
}

// textServerDelete deletes a server whose name was typed exactly; one that shares
// its name with others only by its id.
func textServerDelete(t *conversation.Turn, text string) {
	s := serversOf(t.Dialogue)
	server, found := s.chosen()
	switch {
	case found && conversation.IsTwin(server, s.List) && text != server.ID:
		t.Note(chat.Say("server.other_id", "ID", chat.Arg{Code: server.ID}))
	case !found || !conversation.IsTwin(server, s.List) && !chat.Reads(text, server.Name):
		t.Note(chat.Say("server.other_name"))
	default:
		doDeed(t)
	}
}

func askServerPassword(v *conversation.View) {
	s := serversOf(v.Dialogue)
	server, _ := s.chosen()
	switch s.Ask.Op {
	case job.Rebuild:
		v.Line(chat.Say("server.ask_access", "Name", s.called(server), "System", s.Ask.imageText(*s.Ask.Image)))
		if !conversation.Windows(s.Ask.Image.Label) {
			for i, key := range s.Ask.Form.Keys[:min(len(s.Ask.Form.Keys), conversation.RowsPerPage)] {
				v.Row(v.Button(chat.Say("button.server_key", "Key", conversation.Short(key.Name)), conversation.VerbKey, i))
			}
		}
	case job.Rescue:
		v.Line(chat.Say("server.ask_rescue_password", "Name", s.called(server), "System", s.Ask.imageText(*s.Ask.Image)))
	default:
		v.Line(chat.Say("server.ask_password", "Name", s.called(server)))
	}
	if s.Ask.Making {
		v.Line(chat.Say("access.making"))
	}
	v.Line(chat.Say("access.rules"), chat.Say("secret.deleted"))
	v.Row(v.Button(chat.Say("button.password_make"), conversation.VerbMake))
}

func pressServerPassword(t *conversation.Turn, verb string, n int) bool {
	s := serversOf(t.Dialogue)
	switch {
	case verb == conversation.VerbMake:
		s.Ask.Making = true
		t.Do(MakeServerPassword{Server: s.Chosen})
	case verb == conversation.VerbKey && s.Ask.Op == job.Rebuild && !conversation.Windows(s.Ask.Image.Label) && n >= 0 && n < len(s.Ask.Form.Keys):
		s.Ask.Key, s.Ask.Since, s.Ask.Generated = s.Ask.Form.Keys[n], time.Time{}, false
		t.Dialogue.Aside.Place = PlaceServerAsk
	default:
		return false
	}
	return true
}

// secretServerPassword takes a typed password; its message is removed in any case.
func secretServerPassword(t *conversation.Turn, text string, message int) {
	t.Do(conversation.Delete{Message: message})
	if wrong := conversation.CheckPassword(text); wrong != nil {
		t.Note(*wrong)
		return
	}
	t.Do(conversation.Keep{Slot: conversation.SlotServer, Value: zomro.NewSecret(text)})
	t.Note(chat.Say("note.password_kept"))
	passwordGiven(t, false)
}

// passwordGiven asks whether to go on with the password that is kept.
func passwordGiven(t *conversation.Turn, generated bool) {
	s := serversOf(t.Dialogue)
	s.Ask.Key, s.Ask.Making, s.Ask.Since, s.Ask.Generated = zomro.Key{}, false, t.Now, generated
	t.Dialogue.Aside.Place = PlaceServerAsk
}

// serverPasswordMade takes the password that the bot made for a server. It is kept
// already, so one that nobody waits for is dropped.
func serverPasswordMade(t *conversation.Turn, e PasswordMade) {
	s, ok := asideServers(t)
	if !ok || s.Chosen != e.Server || !s.Ask.Making {
		if !hasServerSecret(t.Dialogue) {
			t.Do(conversation.Drop{Slot: conversation.SlotServer})
		}
		return
	}
	if s.Ask.unseen() {
		t.Show = true
	} else {
		server, _ := s.chosen()
		what := chat.Say("password.made_for", "Name", s.called(server))
		if s.Ask.Op == job.Rescue {
			what = chat.Say("password.made_rescue", "Name", s.called(server))
		}
		t.Do(conversation.Notify{Protect: true, Slot: conversation.SlotServer, Screen: conversation.PasswordScreen(what, e.Password)})
		t.AsNew = true // below the message with the password
	}
	passwordGiven(t, true)
}

func askServerImage(v *conversation.View) {
	s := serversOf(v.Dialogue)
	server, _ := s.chosen()
	v.Line(chat.Say("server.ask_image."+string(s.Ask.Op), "Name", s.called(server)))
	if v.Waiting(s.Ask.Loaded, s.Ask.Trouble) {
		return
	}
	images := s.Ask.Form.Images
	if len(images) == 0 {
		v.Line(chat.Say("server.no_images"))
		return
	}
	found := conversation.Filter(s.Ask.Search, len(images), func(i int) string { return images[i].Label + " " + s.Ask.Names[images[i].ID] })
	v.Searched(s.Ask.Search, len(found))
	from, to := conversation.PageOf(s.Ask.Page, len(found))
	for _, i := range found[from:to] {
		v.Row(v.Button(s.Ask.imageText(images[i]), conversation.VerbPick, i))
	}
	v.Pages(s.Ask.Page, len(found), s.Ask.Search != "")
}

func pressServerImage(t *conversation.Turn, verb string, n int) bool {
	s := serversOf(t.Dialogue)
	if done, known := browse(t, verb, n, func() conversation.Effect { return loadImages(s) }); known {
		return done
	}
	if verb != conversation.VerbPick || s.Ask.Form == nil || n < 0 || n >= len(s.Ask.Form.Images) {
		return false
	}
	image := s.Ask.Form.Images[n]
	s.Ask.Image = &image
	imageChosen(t)
	return true
}

// browse carries out the buttons of a list from which a deed is chosen; known: it
// was one of them.
func browse(t *conversation.Turn, verb string, n int, load func() conversation.Effect) (done, known bool) {
	ask := &serversOf(t.Dialogue).Ask
	switch verb {
	case conversation.VerbPage:
		ask.Page = n
	case conversation.VerbAll:
		ask.Search, ask.Page = "", 0
	case conversation.VerbAgain:
		ask.Loaded, ask.Trouble = false, nil
		t.Do(load())
	default:
		return false, false
	}
	return true, true
}

func textServerChoice(t *conversation.Turn, text string) {
	serversOf(t.Dialogue).Ask.Search, serversOf(t.Dialogue).Ask.Page = conversation.Clip(text), 0
}

// rebuildLoaded takes what a server can be reinstalled with.
func rebuildLoaded(t *conversation.Turn, e RebuildLoaded) {
	imagesLoaded(t, e.Server, job.Rebuild, e.Form, e.Names, e.Problem)
}

// sizesLoaded takes the plans that a server can be moved up to.
func sizesLoaded(t *conversation.Turn, e SizesLoaded) {
	if s, ok := asideServers(t); ok && s.Chosen == e.Server && s.Ask.Op == job.Resize && !s.Ask.Loaded {
		server, _ := s.chosen()
		s.Ask.Loaded, s.Ask.Trouble, s.Ask.Sizes = e.Problem == nil, e.Problem, sizeOffers(server, e.Sizes, e.Plans)
		s.Loads++
		t.Show = true
	}
}

func askServerSize(v *conversation.View) {
	s := serversOf(v.Dialogue)
	server, _ := s.chosen()
	v.Line(chat.Say("server.ask_size", "Name", s.called(server), "Plan", server.Plan))
	if v.Waiting(s.Ask.Loaded, s.Ask.Trouble) {
		return
	}
	sizes := s.Ask.Sizes
	if len(sizes) == 0 {
		v.Line(chat.Say("server.no_sizes"))
		return
	}
	found := conversation.Filter(s.Ask.Search, len(sizes), func(i int) string { return sizes[i].Label })
	v.Searched(s.Ask.Search, len(found))
	_, period, _ := server.Price()
	from, to := conversation.PageOf(s.Ask.Page, len(found))
	for _, i := range found[from:to] {
		v.Line(sizes[i].facts(period)...)
		label := conversation.Plain(sizes[i].Label)
		if sizes[i].Cost != nil {
			label = chat.Say("button.priced", "Text", conversation.Short(sizes[i].Label), "Price", *sizes[i].Cost)
		}
		v.Row(v.Button(label, conversation.VerbPick, i))
	}
	v.Pages(s.Ask.Page, len(found), s.Ask.Search != "")
}

func pressServerSize(t *conversation.Turn, verb string, n int) bool {
	s := serversOf(t.Dialogue)
	server, _ := s.chosen()
	load := func() conversation.Effect {
		return LoadSizes{Account: s.Account, Server: s.Chosen, Datacenter: server.Datacenter}
	}
	if done, known := browse(t, verb, n, load); known {
		return done
	}
	if verb != conversation.VerbPick || n < 0 || n >= len(s.Ask.Sizes) {
		return false
	}
	size := s.Ask.Sizes[n]
	s.Ask.Size = &size
	t.Dialogue.Aside.Place = PlaceServerAsk
	return true
}

// askServerAsk asks whether to go ahead.
func askServerAsk(v *conversation.View) {
	s := serversOf(v.Dialogue)
	server, _ := s.chosen()
	ask := s.Ask
	name := chat.Arg{Code: s.called(server)}
	switch ask.Op {
	case job.Rename:
		v.Line(chat.Say("server.sure.rename", "Name", name, "NewName", chat.Arg{Code: ask.NewName}))
		for _, other := range s.List {
			if other.ID != server.ID && conversation.Namesakes(other.Name, ask.NewName) {
				v.Line(chat.Say("name.taken", "Which", conversation.Which(other.ID, cmp.Or(other.IPv4, other.IPv6))))
			}
		}
	case job.ReverseDNS:
		v.Line(chat.Say("server.sure.reverse_dns", "Name", name, "Host", chat.Arg{Code: ask.NewName}), reverseDNS(s.Details), chat.Say("server.rdns_forward"))
	case job.Rebuild:
		v.Line(chat.Say("server.sure.rebuild", "Name", name, "System", ask.imageText(*ask.Image)), ask.access())
	case job.Rescue, job.BootISO:
		v.Line(chat.Say("server.sure."+string(ask.Op), "Name", name, "System", ask.imageText(*ask.Image)))
		v.Line(ask.bootMeans()...)
	case job.Resize:
		v.Line(chat.Say("server.sure.resize", "Name", name, "Was", server.Plan, "Now", ask.Size.Label))
		if ask.Size.Spec != nil && ask.Size.SpecWas != nil {
			v.Line(chat.Say("server.resize_spec", "Was", conversation.SpecText(*ask.Size.SpecWas), "Now", conversation.SpecText(*ask.Size.Spec)))
		}
		_, period, _ := server.Price()
		v.Line(ask.Size.cost(period)...)
		v.Line(chat.Say("server.resize_next"))
	default:
		v.Line(chat.Say("server.sure."+string(ask.Op), "Name", name))
		if cost, ok := serverCost(server); ok && ask.Op == job.Stop {
			v.Line(chat.Say("server.stop_costs", "Cost", cost))
		}
		if ask.Op == job.Password {
			v.Line(ask.access())
		}
	}
	yes := v.Button(opLabel(ask.Op), conversation.VerbYes)
	yes.Style = chat.Danger
	if ask.Op == job.ReverseDNS {
		yes.Label = s.rdnsLabel()
	}
	if slices.Contains([]job.Op{job.Start, job.Rename, job.ReverseDNS, job.Keep}, ask.Op) {
		yes.Style = chat.Primary
	}
	v.Row(yes)
}

// access says how the person will log in.
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

func pressServerAsk(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbYes {
		return false
	}
	doDeed(t)
	return true
}

// doDeed has the deed done; in a group once Telegram has told what the person is there.
func doDeed(t *conversation.Turn) {
	s := serversOf(t.Dialogue)
	server, found := s.chosen()
	if !found {
		return
	}
	order := job.Order{Account: s.Account, Server: server.ID, Name: s.called(server), Op: s.Ask.Op, NewName: s.Ask.NewName, Seen: server.Name}
	if s.Ask.Size != nil {
		order.Plan, order.Label, order.Cost = s.Ask.Size.ID, s.Ask.Size.Label, s.Ask.Size.Cost
	}
	if s.Ask.Image != nil {
		order.Image, order.Zone, order.Label, order.Key = s.Ask.Image.ID, s.Ask.Image.Zone, s.Ask.imageLabel(*s.Ask.Image), s.Ask.Key.ID
	}
	if !t.Dialogue.Key.Private() {
		t.Do(conversation.Check{Act: &order})
		return
	}
	t.Act(Act{Order: order})
}
