package conversation

import (
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// turn is a step while it is made.
type turn struct {
	m   *Machine
	was Dialogue // before the step
	d   Dialogue
	now time.Time

	press   string    // the press to be answered; "": there is none, or it is answered
	answers []Effect  // answers to presses: they come first
	effects []Effect  // in order
	show    bool      // the card is to be brought up to date
	anew    bool      // as a new message
	reload  bool      // what the place needs is loaded though it was asked for already
	fresh   bool      // not from a cache
	acted   bool      // the password of SlotServer went with what is done with the server
	made    time.Time // when what brought the turn about was done
	lapsed  bool      // a question that asked for a secret has expired with this turn
}

// Step returns the dialogue as it is after an event, and the effects to carry
// out. It is total and deterministic, changes nothing of d, and may run twice.
func (m *Machine) Step(d Dialogue, e chat.Event, now time.Time) (Dialogue, []Effect) {
	t, before := m.begun(d, e, now)
	t.take(e)
	if t.old() && t.commits() {
		deleted := t.deletions()
		t, before = m.begun(d, e, now)
		t.tooOld(e)
		t.effects = append(t.effects, deleted...)
	}
	return t.finish(before)
}

// begun returns the step of an event before the event is taken, and what the card's
// buttons meant before it.
func (m *Machine) begun(d Dialogue, e chat.Event, now time.Time) (t *turn, before layout) {
	t = &turn{m: m, was: d, d: d.clone(), now: now.UTC().Round(0)}
	t.made = t.madeAt(e)
	t.heal()
	if t.d.Team != nil {
		t.d.Told = t.now
	}
	before = t.layout()
	asked, _ := m.place(t.d)
	beside := t.d.Aside != nil
	t.expire()
	t.lapsed = beside && t.d.Aside == nil && asked.secret != nil && !asked.shown
	if from, ok := chat.PersonOf(e); ok {
		t.hear(from)
	}
	return t, before
}

// take carries out an event: what a person did here, what came of it in the flows.
func (t *turn) take(e chat.Event) {
	switch e := e.(type) {
	case chat.Command:
		t.commanded(e)
	case chat.Text:
		if t.lapsed {
			t.tooLate(e.Message)
			return
		}
		t.text(e)
	case chat.Other:
		if t.lapsed {
			t.tooLate(e.Message)
			return
		}
		t.other(e)
	case chat.Overheard:
		t.refuseSecret(e.Text, e.Message)
	case FileRead:
		t.fileRead(e)
	case chat.Press:
		t.pressed(e)
	default:
		t.raise(e)
	}
}

// raise has every flow hear of an event: of one that comes from outside, or one by which
// a flow tells others what has happened in it.
func (t *turn) raise(e chat.Event) {
	for _, f := range t.m.flows {
		if f.take != nil {
			f.take(t, e)
		}
	}
}

// tooLate removes what may be the answer to a question that asked for a secret and has
// just expired.
func (t *turn) tooLate(message int) {
	t.do(Delete{Message: message})
	t.note(chat.Say("aside.expired"))
	t.anew = true
}

// heal brings a dialogue that another version of the program has written to a
// place that this one knows.
func (t *turn) heal() {
	t.d.Version = version
	if a := t.d.Aside; a != nil {
		if s, ok := t.m.places[a.Place]; !ok || s.step != 0 {
			t.d.Aside = nil
		}
	}
	if dr := t.d.Draft; dr != nil {
		if s, ok := t.m.places[dr.Place]; !ok || s.step == 0 {
			t.forward()
		}
	}
}

// hear notes what a person's deed says about them, and that they are here.
func (t *turn) hear(from chat.Person) {
	t.d.Heard, t.d.Name = chat.Spoken(from.Lang), from.Name
	if a := t.d.Aside; a != nil {
		a.Note = nil
		if !t.m.places[a.Place].waits {
			a.Until = t.now.Add(asideLives)
		}
	}
	if dr := t.d.Draft; dr != nil {
		dr.Touched = t.now
		dr.Note = nil
		dr.Confirming, dr.Confirmed = false, time.Time{}
	}
}

// expire gives up what nobody came back to.
func (t *turn) expire() {
	if a := t.d.Aside; a != nil && !t.now.Before(a.Until) {
		t.d.Aside = nil
		t.end(chat.Say("aside.expired"))
		t.show = true
	}
	for _, f := range t.m.flows {
		if f.expire != nil {
			f.expire(t)
		}
	}
}

// finish adds what follows from where the dialogue stands now.
func (t *turn) finish(before layout) (Dialogue, []Effect) {
	for _, f := range t.m.flows {
		if f.settle != nil {
			f.settle(t, before)
		}
	}
	after := t.layout()
	// The button that pays does not turn up under a finger that pressed another one.
	if before.aside != "" && after.aside == "" && t.d.Draft != nil && t.m.places[after.place].final {
		t.anew, t.show = true, true
	}
	// A card that is sent anew has buttons of its own: those of the old one are
	// out of date even when they say the same.
	if after != before || t.anew {
		t.d.Rev++
	}
	t.d.Wake = t.m.wake(t.d)
	effects := t.answers
	if t.press != "" {
		effects = append(effects, Answer{Press: t.press})
	}
	effects = append(effects, t.effects...)
	if t.show || t.anew {
		effects = append(effects, Show{Anew: t.anew})
	}
	for _, f := range t.m.flows {
		if f.follow != nil {
			effects = append(effects, f.follow(t, before, after)...)
		}
	}
	return t.d, effects
}

// layout is what the meaning of the card's buttons hangs on.
type layout struct {
	draft, search, family string
	group                 string
	cheapest              bool
	aside, place          Place
	listed                string // by a question beside the draft
	addon, page, loads    int
	want                  Effect
	trouble               bool
}

func (t *turn) layout() layout {
	var l layout
	if a := t.d.Aside; a != nil {
		l.aside = a.Place
		if a.Flow != nil {
			l.listed = a.Flow.Meaning()
		}
	}
	if dr := t.d.Draft; dr != nil {
		l.draft, l.place, l.addon, l.page = dr.ID, dr.Place, dr.Addon, dr.Page
		l.search, l.family, l.loads = dr.Search, dr.Family, dr.Loads
		l.group, l.cheapest = dr.Group, dr.Cheapest
		l.want, l.trouble = t.m.want(dr), dr.Trouble != nil
	}
	return l
}

// wake returns when the next thing expires, or is to be looked for; zero: nothing is.
func (m *Machine) wake(d Dialogue) time.Time {
	var times []time.Time
	if d.Aside != nil {
		times = append(times, d.Aside.Until)
	}
	for _, f := range m.flows {
		if f.wake != nil {
			times = append(times, f.wake(d)...)
		}
	}
	if len(times) == 0 {
		return time.Time{}
	}
	return slices.MinFunc(times, time.Time.Compare)
}

// do adds an effect. What is done only after a look at the person's rights is as old
// as their word.
func (t *turn) do(e Effect) {
	if check, ok := e.(Check); ok {
		check.Made = t.made
		e = check
	}
	t.effects = append(t.effects, e)
}

// notify sends a message beside the card.
func (t *turn) notify(s chat.Screen) { t.do(Notify{Screen: s}) }

// tell sends a line beside the card, with buttons of commands.
func (t *turn) tell(line chat.Phrase, commands ...string) {
	s := chat.Screen{Lines: []chat.Phrase{line}}
	for _, name := range commands {
		s.Rows = append(s.Rows, []chat.Button{commandButton(name)})
	}
	t.notify(s)
}

// answer answers the press with a text.
func (t *turn) answer(text chat.Phrase) {
	if t.press != "" {
		t.answers = append(t.answers, Answer{Press: t.press, Text: &text})
		t.press = ""
	}
}

// alert answers the press with a text that has to be closed.
func (t *turn) alert(text chat.Phrase) {
	if t.press != "" {
		t.answers = append(t.answers, Answer{Press: t.press, Text: &text, Alert: true})
		t.press = ""
	}
}

// note says something above the card's question.
func (t *turn) note(lines ...chat.Phrase) {
	switch {
	case t.d.Aside != nil:
		t.d.Aside.Note = append(t.d.Aside.Note, lines...)
	case t.d.Draft != nil:
		t.d.Draft.Note = append(t.d.Draft.Note, lines...)
	}
}

// hint answers what nothing can be made of: with the card where there is one.
// A group is not disturbed.
func (t *turn) hint(line chat.Phrase) {
	switch {
	case t.d.Aside != nil || t.d.Draft != nil:
		t.note(line)
		t.anew = true
	case t.d.Key.Private():
		t.tell(line, "order", "help")
	}
}

// commanded takes a command of a person. Where a secret is asked for, what only looks
// like one is that secret.
func (t *turn) commanded(e chat.Command) {
	s, _ := t.m.place(t.d)
	c, known := t.m.command(e.Name)
	private := t.d.Key.Private()
	takesOwn := known && c.secrets && (private || c.always)
	switch {
	case s.secret != nil && private && !t.m.isCommand(e.Name):
		t.typedSecret(s, e.Text, e.Message, e.Altered)
	case !takesOwn && chat.HoldsSecret(e.Args):
		t.refuseSecret(e.Args, e.Message)
	case known && c.raw:
		t.command(e.Name, call{args: e.Args, unique: e.Unique, message: e.Message, forwarded: e.Forwarded})
	default:
		t.command(e.Name, call{args: chat.Typed(e.Args), unique: e.Unique, message: e.Message, forwarded: e.Forwarded})
	}
}

// command carries out a command, of a person or of a button.
func (t *turn) command(name string, c call) {
	known, ok := t.m.command(name)
	switch {
	case zomro.HoldsPrivateKey(c.args):
		t.refusePrivateKey(c.message)
	case ok && known.run != nil && (known.menu > 0 || t.press != ""):
		known.run(t, c)
	case t.press != "":
		t.answer(chat.Say("toast.unknown"))
	default:
		t.hint(chat.Say("hint.command"))
	}
}

// mostFileBytes is how large a file may be that is read.
const mostFileBytes = 16 << 10

// other takes a message that is no text: its caption where a secret is asked for.
func (t *turn) other(e chat.Other) {
	s, _ := t.m.place(t.d)
	private := t.d.Key.Private()
	switch {
	case s.secret != nil && private && e.Text != "":
		t.typedSecret(s, e.Text, e.Message, e.Altered)
	case s.shown && private && e.File != nil && e.File.Bytes <= mostFileBytes:
		t.do(ReadFile{File: e.File.ID, Message: e.Message})
	case s.secret != nil && private:
		t.do(Delete{Message: e.Message})
		t.note(chat.Say("secret.as_text"))
		t.anew = true
	case chat.HoldsSecret(e.Text):
		t.refuseSecret(e.Text, e.Message)
	default:
		t.hint(chat.Say("hint.other"))
		if e.File != nil && e.File.Bytes <= mostFileBytes { // it may be a private key
			t.do(ReadFile{File: e.File.ID, Message: e.Message})
		}
	}
}

// fileRead takes the file that was sent where a public key is asked for. What turns out
// to be a secret goes.
func (t *turn) fileRead(e FileRead) {
	s, _ := t.m.place(t.d)
	switch {
	case !e.Failed && chat.HoldsSecret(e.Text):
		t.refuseSecret(e.Text, e.Message)
	case !s.shown:
		return // nobody waits for it any more
	case e.Failed:
		t.note(chat.Say("wrong.key_file"))
		t.anew = true
	default:
		t.typedSecret(s, e.Text, e.Message, false)
	}
}

// text takes a typed text where the dialogue stands.
func (t *turn) text(e chat.Text) {
	s, ok := t.m.place(t.d)
	switch {
	case s.secret != nil && t.d.Key.Private():
		t.typedSecret(s, e.Text, e.Message, e.Altered)
		return
	case t.isRead(e):
		return
	case chat.HoldsSecret(e.Text):
		t.refuseSecret(e.Text, e.Message)
		return
	case !ok:
		t.hint(chat.Say("hint.text"))
		return
	}
	t.anew = true
	loading := t.d.Aside == nil && t.m.want(t.d.Draft) != nil
	switch {
	case s.secret != nil:
		s.secret(t, e.Text, e.Message)
	case s.text == nil || loading:
		t.note(chat.Say("hint.text"))
	default:
		s.text(t, chat.Typed(e.Text))
	}
}

// isRead has a flow take a text that is something by itself, wherever it is said.
func (t *turn) isRead(e chat.Text) bool {
	return slices.ContainsFunc(t.m.flows, func(f Flow) bool {
		return f.reads != nil && f.reads(t, e.Text, call{unique: e.Unique, message: e.Message})
	})
}

// typedSecret takes what came where a secret is asked for, whatever it looks like. A
// secret out of which Telegram has taken signs is another one than was typed. What is
// shown again must not hold any other.
func (t *turn) typedSecret(s spot, text string, message int, altered bool) {
	t.anew = true
	switch {
	case zomro.HoldsPrivateKey(text):
		t.refusePrivateKey(message)
	case s.shown && chat.HoldsSecret(text):
		t.refuseSecret(text, message)
	case altered && s.exact:
		t.do(Delete{Message: message})
		said := chat.Say("secret.altered")
		if s.given {
			said = chat.Say("secret.altered_login")
		}
		t.note(said)
	default:
		s.secret(t, text, message)
	}
}

// pressed takes a tap on a button.
func (t *turn) pressed(e chat.Press) {
	t.press = e.ID
	data, ok := parseData(e.Data)
	switch {
	case !ok:
		t.answer(chat.Say("toast.unknown"))
	case data.owner != 0 && data.owner != t.d.Key.User && !data.forOthers():
		t.alert(NotYours())
	case data.kind == kindDelete && !t.d.Key.Private():
		t.answer(chat.Say("toast.unknown")) // what the bot has written in a group is for all
	case data.kind == kindDelete:
		t.do(Delete{Message: e.Message})
	case data.kind == kindCommand:
		t.command(data.verb, call{unique: e.ID})
	case data.kind != kindCard:
		t.m.buttons[data.kind](t, data, e.Message)
	case data.id != t.d.cardID():
		t.answer(chat.Say("toast.closed"))
		t.show = true
	case data.rev != t.d.Rev:
		t.answer(chat.Say("toast.stale"))
		t.show = true
	default:
		t.show = true
		if !t.act(data.verb, data.n) {
			t.answer(chat.Say("toast.unknown"))
		}
	}
}

// act carries out a button of the card; false: there is none of that name.
func (t *turn) act(verb string, n int) bool {
	s, ok := t.m.place(t.d)
	if !ok {
		return false
	}
	if t.d.Aside != nil {
		return t.actAside(s, verb, n)
	}
	dr := t.d.Draft
	if s.closed {
		return false
	}
	switch verb {
	case verbCancel:
		t.cancelDraft()
	case verbBack:
		return t.back()
	case verbAgain:
		if t.m.want(dr) == nil {
			dr.Catalogue = nil // it is there, but offers nothing
		}
		dr.Trouble = nil
		t.reload, t.fresh = true, true
	case verbPage:
		dr.Page = n
	case verbAll:
		dr.Search, dr.Page = "", 0
	default:
		if t.m.want(dr) != nil {
			return false
		}
		if verb == verbSkip && s.skip != nil {
			s.skip(t)
			return true
		}
		return s.press != nil && s.press(t, verb, n)
	}
	return true
}

// cancelDraft ends the draft because the person wants to.
func (t *turn) cancelDraft() {
	for _, f := range t.m.flows {
		if f.cancel != nil {
			f.cancel(t)
		}
	}
}

// actAside carries out a button of a question beside the draft.
func (t *turn) actAside(s spot, verb string, n int) bool {
	switch verb {
	case verbCancel:
		said := chat.Say("aside.cancelled")
		if s.looks {
			said = chat.Say("aside.closed")
		}
		t.leaveAside(said)
		return true
	case verbBack:
		if s.parent == "" {
			return false
		}
		t.d.Aside.Place = s.parent
		if entered := t.m.places[s.parent].entered; entered != nil {
			entered(t)
		}
		return true
	default:
		return s.press != nil && s.press(t, verb, n)
	}
}

// aside asks something beside the draft.
func (t *turn) aside(p Place, flow State) {
	t.d.Aside = &Aside{Place: p, Until: t.now.Add(asideLives), Flow: flow}
	t.d.Ended = nil
}

// leaveAside goes back to the draft; without one the card says last.
func (t *turn) leaveAside(last chat.Phrase, buttons ...chat.Button) {
	t.d.Aside = nil
	t.end(last, buttons...)
}

// end has the card say last when nothing else is left to show.
func (t *turn) end(last chat.Phrase, buttons ...chat.Button) {
	if t.d.Aside != nil || t.d.Draft != nil {
		return
	}
	t.d.Ended = &chat.Screen{Lines: []chat.Phrase{last}}
	for _, b := range buttons {
		t.d.Ended.Rows = append(t.d.Ended.Rows, []chat.Button{b})
	}
}

// stateOf returns what a flow keeps beside the draft; false: the card is about something
// else.
func stateOf[T any, P interface {
	*T
	State
}](d Dialogue,
) (P, bool) {
	if d.Aside == nil {
		return nil, false
	}
	state, ok := d.Aside.Flow.(P)
	return state, ok && state != nil
}
