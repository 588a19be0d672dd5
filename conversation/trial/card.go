package trial

import (
	"fmt"
	"slices"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/trial"
	"zomrobot/zomro/profile"
)

// Card is what the card of a trial is made from.
type Card struct {
	Account string         `json:"account"`
	Open    profile.Source `json:"open,omitempty"`  // the experiment that is shown; "": all of them
	Board   *Board         `json:"board,omitempty"` // only ever replaced; nil: it is lost
	Lost    bool           `json:"lost,omitempty"`  // what was kept of the trial cannot be read
}

// Board is how a trial stands: what a card shows of it.
type Board struct {
	Record trial.Record                    `json:"record"`          // without what its calls have read
	Known  map[profile.Name]profile.Answer `json:"known,omitempty"` // of facts that are not open
	// Rebuilt are facts that are open only because the panel is another build: since then they
	// were seen once, and as before.
	Rebuilt []profile.Name `json:"rebuilt,omitempty"`
}

// Stored names the form of its state in the store.
func (c *Card) Stored() string { return "trial" }

// Clone returns a copy.
func (c *Card) Clone() conversation.State {
	is := *c
	return &is
}

// board is how the trial stands, as the card knows it.
func (c *Card) board() Board {
	if c.Board == nil {
		return Board{}
	}
	return *c.Board
}

// Lists are the lists that are kept apart.
func (c *Card) Lists() map[string]any { return map[string]any{"board": &c.Board} }

// Meaning is what the meaning of the card's buttons depends on.
func (c *Card) Meaning() string {
	return fmt.Sprint(c.Account, c.Open, c.Lost, meaning(c.board().Record))
}

// appearance is what the cards of a trial depend on, beside what is learned.
func appearance(r trial.Record) string {
	run := r.Running
	place, looks := run != nil && run.Stage == trial.Cleaning && run.Apart, run != nil && run.Stage == trial.Working && run.Looks > 0
	return fmt.Sprint(r.Around == nil, r.Refresh, place, looks, meaning(r))
}

// meaning is what the meaning of their buttons depends on.
func meaning(r trial.Record) string {
	text := ""
	for _, o := range r.Offers() {
		run := runOf(r, o.Source)
		text += fmt.Sprint(";", o.Source, o.Why, o.Cost, r.Done[o.Source].At)
		if run != nil {
			text += fmt.Sprint(run.Stage, waits(run), run.Opening(), run.Cost, run.Ending != "", run.Purchase)
			if o.Source == profile.BySession {
				text += fmt.Sprint(run.NextAt)
			}
		}
	}
	return text
}

// Busy reports whether what the card of a trial shows goes on by itself, and asks nothing.
func Busy(d conversation.Dialogue) bool {
	c := cardOf(d)
	if c == nil {
		return false
	}
	r := c.board().Record
	run := runOf(r, c.Open)
	showsOne := d.Aside.Place == PlaceExperiment
	return r.Refresh && (!showsOne || run == nil) || showsOne && run != nil && !waits(run)
}

// stopLabel is the label of the button that stops an experiment.
const stopLabel = "button.trial_stop"

// Stops reports whether a button of the card stops the experiment that it shows, or has it
// not begun.
func Stops(b chat.Button) bool {
	switch b.Label.Key {
	case stopLabel, "button.trial_no", "button.trial_as_is":
		return true
	default:
		return false
	}
}

// Asked is what the card of a trial asks to be typed.
type Asked string

// What it asks for; the zero value is nothing.
const (
	AskedAmount Asked = "amount"
	AskedCode   Asked = "code" // a promo code
)

// Asks says what a card of a trial asks to be typed.
func Asks(d conversation.Dialogue) Asked {
	c := cardOf(d)
	if c == nil {
		return ""
	}
	run := runOf(c.board().Record, c.Open)
	switch place := d.Aside.Place; {
	case place == PlaceCode:
		return AskedCode
	case place == PlaceExperiment && asks(run) && run.Cost != nil:
		return AskedAmount
	default:
		return ""
	}
}

// runOf returns the run of an experiment; nil: it is not under way.
func runOf(r trial.Record, source profile.Source) *trial.Run {
	for _, run := range []*trial.Run{r.Running, r.Idle} {
		if run != nil && run.Source == source {
			return run
		}
	}
	return nil
}

// spends reports whether an experiment costs money.
func spends(source profile.Source) bool { return source == profile.ByBuy || source == profile.ByTwo }

// asks reports whether an experiment is prepared and asks whether to begin.
func asks(run *trial.Run) bool { return run != nil && run.Stage == trial.Consenting }

// waits reports whether an experiment waits for the person.
func waits(run *trial.Run) bool {
	return asks(run) || run != nil && (run.Stage == trial.Panel && len(run.Todo) == 0 || run.Asks)
}

// boardOf is what a card shows of a trial.
func boardOf(r trial.Record, known profile.Profile) *Board {
	brief := func(run *trial.Run) *trial.Run {
		if run == nil {
			return nil
		}
		is := *run
		is.Before, is.Plain, is.Stood = nil, nil, nil
		is.Now = trial.Sight{Cart: run.Now.Cart}
		return &is
	}
	r.Running, r.Idle = brief(r.Running), brief(r.Idle)
	b := &Board{Record: r, Known: map[profile.Name]profile.Answer{}}
	for name, fact := range known.Facts {
		if known.State(name) != profile.Open {
			b.Known[name] = fact.Answer
		}
	}
	for name, doubt := range known.Doubts {
		if doubt.Why == profile.NewBuild && doubt.Saw == doubt.Was.Answer {
			b.Rebuilt = append(b.Rebuilt, name)
		}
	}
	slices.Sort(b.Rebuilt)
	return b
}

// begin opens the card of a trial.
func begin(t *conversation.Turn, account string) { t.Do(Begin{Account: account, Below: true}) }

// told takes how a trial stands: its card is opened, or changes, or there are news of it.
func told(t *conversation.Turn, e Told) {
	c := cardOf(t.Dialogue)
	up := c != nil && c.Account == e.Record.Account
	board := boardOf(e.Record, e.Profile)
	switch {
	case e.Refused == RefusedOwner && !t.Dialogue.Key.Private():
		t.Hint(chat.Say("trial.private"))
	case e.Refused == RefusedOwner:
		t.UnknownCommand(command)
	case e.Refused == RefusedAccount:
		t.Tell(chat.Say("keys.login_first"), "login")
	case e.Refused == RefusedLost, e.Below:
		t.Ask(PlaceTrial, &Card{Account: e.Record.Account, Board: board, Lost: e.Refused == RefusedLost})
		t.AsNew = true
	case up:
		c.Lost = false
		if e.Itself { // what the card does not show yet is news
			e.News = NewsOf(c.board().Record, e.Record)
		}
		c.Board, t.Show = board, true
		t.Dialogue.Aside.Until = t.Now.Add(conversation.AsideLives)
		answers(t, c, e)
	case e.News != "" && !toldElsewhere(e.Record, e.News):
		t.Notify(news(board, e.News))
	}
}

// toldElsewhere reports whether news of an experiment are what the terminal shows in which it
// was begun, and neither about money nor about something that somebody has to do.
func toldElsewhere(r trial.Record, source profile.Source) bool {
	if run := runOf(r, source); run != nil {
		return run.Terminal && !run.Opening() && !run.Asks
	}
	end := r.Done[source]
	return end.Terminal && end.How != trial.Alarm && end.Purchase == "" && !end.Unknown && len(end.Left) == 0 && !end.Blind && !unpaid(end)
}

// answers says on the card what its person has to know.
func answers(t *conversation.Turn, c *Card, e Told) {
	switch {
	case e.Refused == RefusedAmount:
		t.Note(chat.Say("trial.wrong_amount"))
		t.AsNew = true
	case e.Refused != "":
		t.Note(chat.Say("trial.stale"))
	case e.News == c.Open && asks(runOf(e.Record, e.News)): // they wait for it
	case e.News != "" && c.Open != "" && asks(runOf(e.Record, e.News)): // the list of all marks it
	case e.News != "" && (c.Open == "" || c.Open == e.News):
		t.Dialogue.Aside.Place, c.Open, t.AsNew = PlaceExperiment, e.News, true
	case e.News != "": // what the card asks stays there
		t.Notify(news(c.Board, e.News))
	}
}

// news tells in a message of its own how an experiment has ended, or what it waits for.
func news(b *Board, source profile.Source) chat.Screen {
	s := chat.Screen{Lines: []chat.Phrase{title(source)}}
	end, ended := b.Record.Done[source]
	switch run := runOf(b.Record, source); {
	case asks(run):
		s.Lines = append(s.Lines, chat.Say("trial.ready"))
	case run == nil && ended: // why it cannot begin again just now is for its card
		s.Lines = append(s.Lines, b.ended(end)...)
	default:
		s.Lines = append(s.Lines, b.standing(source)...)
	}
	s.Rows = [][]chat.Button{{conversation.CommandButton(command)}}
	return s
}

// askTrial shows all experiments.
func askTrial(v *conversation.View) {
	c := cardOf(v.Dialogue)
	r := c.board().Record
	if c.Lost {
		v.Line(lost(r)...)
		v.Row(v.Button(chat.Say("button.trial_anew"), conversation.VerbAnew))
		v.AccountSwitch(c.Account)
		return
	}
	v.Line(chat.Say("trial.title", "Account", r.AccountName))
	if len(r.Done) == 0 && r.Running == nil && r.Idle == nil {
		v.Line(chat.Say("trial.intro"))
	}
	v.Line(c.board().known())
	if r.Around != nil && len(r.Around.Left) > 0 {
		v.Gap()
		v.Line(chat.Say("trial.left_behind", "Count", len(r.Around.Left)))
		for _, s := range r.Around.Left {
			v.Line(chat.Say("trial.left_server", "Name", conversation.Short(s.Name), "ID", s.ID))
		}
		v.Gap()
	}
	var buttons []chat.Button
	for i, o := range r.Offers() {
		buttons = append(buttons, v.Button(c.board().pick(o), conversation.VerbPick, i))
	}
	if len(r.Done) > 0 {
		v.Line(chat.Say("trial.legend"))
	}
	switch {
	case r.Around == nil || r.Refresh:
		v.Gap()
		v.Line(chat.Say("trial.looking"))
	case r.Around.Denied():
		v.Gap()
		v.Line(whyNot(r, trial.WhyDenied)...)
	}
	v.Grid(2, buttons)
	v.Row(v.Button(chat.Say("button.reload"), conversation.VerbReload), v.Button(chat.Say("button.report"), conversation.VerbTable))
	if r.Running == nil && r.Idle == nil && len(r.Done) > 0 {
		v.Row(v.Button(chat.Say("button.trial_end"), conversation.VerbDone))
	}
	v.AccountSwitch(c.Account)
}

// lost says that what was kept of a trial cannot be read.
func lost(r trial.Record) []chat.Phrase {
	return []chat.Phrase{chat.Say("trial.title", "Account", r.AccountName), chat.Say("trial.lost")}
}

// LostNews says the same in a message of its own.
func LostNews(r trial.Record) chat.Screen {
	return chat.Screen{Lines: lost(r), Rows: [][]chat.Button{{conversation.CommandButton(command)}}}
}

// known counts what is known of what experiments can show.
func (b Board) known() chat.Phrase {
	known, refuted := 0, 0
	for _, f := range profile.Table {
		if f.By == profile.ByNobody {
			continue
		}
		if answer := b.Known[f.Name]; answer != "" {
			known++
			if !slices.Contains(f.Expects, answer) {
				refuted++
			}
		}
	}
	all := profile.Findable()
	if refuted > 0 {
		return chat.Say("trial.known_otherwise", "Known", known, "All", all, "Count", refuted)
	}
	return chat.Say("trial.known", "Known", known, "All", all)
}

func name(source profile.Source) chat.Phrase { return chat.Say("trial.name." + string(source)) }

func title(source profile.Source) chat.Phrase {
	return chat.Say("trial.experiment", "Name", name(source))
}

// mark shows how an experiment stands in one sign.
func (b Board) mark(source profile.Source) string {
	r := b.Record
	end, ended := r.Done[source]
	known, all := b.settled(source)
	switch {
	case waits(runOf(r, source)):
		return "✋"
	case runOf(r, source) != nil:
		return "⏳"
	case !ended:
		return "▫️"
	case end.How == trial.Done && known < all:
		return "☑️"
	case end.How == trial.Done:
		return "✅"
	case end.How == trial.Stopped:
		return "⏹"
	case end.How == trial.Alarm:
		return "🚨"
	default:
		return "⚠️"
	}
}

// settled counts the facts that an experiment settles, and those of them that are known.
func (b Board) settled(source profile.Source) (known, all int) {
	for _, f := range profile.Settled(source) {
		all++
		if b.Known[f.Name] != "" {
			known++
		}
	}
	return known, all
}

// pick is the label of the button that opens an experiment.
func (b Board) pick(o trial.Offer) chat.Phrase {
	label := chat.Say("trial.pick", "Mark", b.mark(o.Source), "Name", name(o.Source))
	if o.Cost != nil {
		label = chat.Say("trial.pick_costs", "Label", label, "Cost", *o.Cost)
	}
	if known, all := b.settled(o.Source); known > 0 && known < all {
		label = chat.Say("trial.pick_part", "Label", label, "Known", known, "All", all)
	}
	return label
}

// offers are the experiments as they are offered. What an account that is being read anew
// was like before is no reason against one.
func (b Board) offers() []trial.Offer {
	all := b.Record.Offers()
	for i, o := range all {
		if b.Record.Refresh && o.Why != "" && o.Why != trial.WhyBusy && o.Why != trial.WhyRuns {
			all[i].Why = trial.WhyUnread
		}
	}
	return all
}

// cost says what an experiment costs, as far as the price list says it, and what carts were
// seen to add to it.
func (b Board) cost(o trial.Offer) chat.Phrase {
	switch {
	case o.Cost != nil && b.Record.Taxed():
		return chat.Say("trial.costs", "Cost", chat.Say("trial.cost_taxed", "Cost", *o.Cost))
	case o.Cost != nil:
		return chat.Say("trial.costs", "Cost", chat.Say("trial.cost_about", "Cost", *o.Cost))
	case spends(o.Source):
		return chat.Say("trial.costs", "Cost", chat.Say("trial.cost_unknown"))
	default:
		return chat.Say("trial.cost_none")
	}
}

func pressTrial(t *conversation.Turn, verb string, n int) bool {
	c := cardOf(t.Dialogue)
	if id, ok := t.Switched(verb, n); ok {
		begin(t, id)
		return true
	}
	all := trial.Experiments()
	switch {
	case verb == conversation.VerbAnew && c.Lost:
		t.Do(Begin{Account: c.Account, Anew: true})
	case c.Lost:
		return false
	case verb == conversation.VerbPick && n >= 0 && n < len(all):
		c.Open, t.Dialogue.Aside.Place = all[n], PlaceExperiment
	case verb == conversation.VerbReload:
		t.Do(Begin{Account: c.Account})
	case verb == conversation.VerbDone && c.board().Record.Running == nil && c.board().Record.Idle == nil:
		t.Do(Close{Account: c.Account})
		t.Leave(chat.Say("trial.closed"), conversation.CommandButton(command))
	case verb == conversation.VerbTable:
		t.Do(SendReport{Account: c.Account})
		t.Answer(chat.Say("trial.report_comes"))
	default:
		return false
	}
	return true
}

// cardOf returns the state of the card of a trial; nil: the card is about something else.
func cardOf(d conversation.Dialogue) *Card {
	state, _ := conversation.StateOf[Card](d)
	return state
}

// offer returns the experiment that the card shows.
func (c *Card) offer() trial.Offer {
	all := c.board().offers()
	i := slices.IndexFunc(all, func(o trial.Offer) bool { return o.Source == c.Open })
	if i < 0 {
		return trial.Offer{Source: c.Open, Why: trial.WhyUnread}
	}
	return all[i]
}
