package conversation

import (
	"slices"
	"strings"
	"time"

	"zomrobot/chat"
	"zomrobot/locales"
	"zomrobot/zomro"
)

// Turn is a step while it is made.
type Turn struct {
	Machine  *Machine
	Was      Dialogue // before the step
	Dialogue Dialogue
	Now      time.Time // a whole second: a dialogue keeps many times, and none is finer

	Press   string    // the press to be answered; "": there is none, or it is answered
	tapped  string    // the same, also once it is answered
	answers []Effect  // answers to presses: they come first
	effects []Effect  // in order
	typed   int       // the message in which the person wrote what is answered; 0: it stays
	Show    bool      // the card must be brought up to date
	AsNew   bool      // as a new message
	Reload  bool      // what the place needs is loaded even if it was asked for already
	Fresh   bool      // not from a cache
	Acted   bool      // the password of SlotServer went with what is done with the server
	Made    time.Time // when what caused the turn was done
	lapsed  bool      // a question that asked for a secret has expired with this turn
}

// Step returns the dialogue as it is after an event, and the effects to carry
// out. It is total and deterministic, changes nothing of d, and may run twice.
func (m *Machine) Step(d Dialogue, e chat.Event, now time.Time) (Dialogue, []Effect) {
	t, before := m.begun(d, e, now)
	t.take(e)
	if instead := t.withheld(e); instead != nil {
		deleted := t.deletions()
		t, before = m.begun(d, e, now)
		instead(t, e)
		t.effects = append(t.effects, deleted...)
	}
	return t.finish(before)
}

// begun returns the turn of an event before the event is taken, and what the card's
// buttons meant before it.
func (m *Machine) begun(d Dialogue, e chat.Event, now time.Time) (t *Turn, before Layout) {
	t = &Turn{Machine: m, Was: d, Dialogue: d.clone(), Now: now.UTC().Truncate(time.Second)}
	t.Made = t.madeAt(e)
	t.heal()
	if t.Dialogue.Team != nil {
		t.Dialogue.Told = t.Now
	}
	before = t.layout()
	asked, _ := m.place(t.Dialogue)
	beside := t.Dialogue.Aside != nil
	t.expire()
	t.lapsed = beside && (t.Dialogue.Aside == nil || t.Dialogue.Aside.Place != asked.Name) && asked.Secret != nil && !asked.Shown
	if from, ok := chat.PersonOf(e); ok {
		t.hear(from)
	}
	return t, before
}

// take carries out an event: what a person did here, what came of it in the flows.
func (t *Turn) take(e chat.Event) {
	switch e := e.(type) {
	case chat.Command:
		t.typed = e.Message
		t.commanded(e)
	case chat.Text:
		t.typed = e.Message
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
		t.RefuseSecret(e.Text, e.Message)
	case FileRead:
		t.fileRead(e)
	case chat.Press:
		t.pressed(e)
	default:
		t.Raise(e)
	}
}

// Keep leaves in the chat what the person has written: it was not understood, and they
// may want to write it in other words.
func (t *Turn) Keep() { t.typed = 0 }

// Typed reports whether the person has written what is answered, and returns the message
// of it that goes then; 0: none does, for a group's messages are for all.
func (t *Turn) Typed() (goes int, typed bool) {
	if !t.Dialogue.Key.Private() {
		return 0, t.typed != 0
	}
	return t.typed, t.typed != 0
}

// Raise lets every flow hear of an event: one that comes from outside, or one by which a
// flow tells the others what has happened in it.
func (t *Turn) Raise(e chat.Event) {
	for _, f := range t.Machine.flows {
		if f.Take != nil {
			f.Take(t, e)
		}
	}
}

// tooLate removes what may be the answer to a question that asked for a secret and has
// just expired.
func (t *Turn) tooLate(message int) {
	t.Do(Delete{Message: message})
	t.Note(chat.Say("aside.expired"))
	t.AsNew = true
}

// heal brings a dialogue that another version of the program wrote, or one that has lost
// a list, to a place that this one knows.
func (t *Turn) heal() {
	t.Dialogue.Version = version
	if a := t.Dialogue.Aside; a != nil {
		if s, ok := t.Machine.places[a.Place]; !ok || s.Step != 0 {
			t.Dialogue.Aside = nil
		}
	}
	if dr := t.Dialogue.Draft; dr != nil {
		if s, ok := t.Machine.places[dr.Place]; !ok || s.Step == 0 {
			t.Forward()
			t.Reload, t.Show = true, true
		}
	}
}

// hear notes what a person's deed tells about them, and that they are here.
func (t *Turn) hear(from chat.Person) {
	t.Dialogue.Heard, t.Dialogue.Name = locales.Match(from.Lang), from.Name
	if a := t.Dialogue.Aside; a != nil {
		a.Note = nil
		if !t.Machine.places[a.Place].Waits {
			a.Until = t.Now.Add(AsideLives)
		}
	}
	if dr := t.Dialogue.Draft; dr != nil {
		dr.Touched = t.Now
		dr.Note = nil
		dr.Confirming, dr.Confirmed = false, time.Time{}
	}
}

// expire gives up what nobody came back to.
func (t *Turn) expire() {
	if a := t.Dialogue.Aside; a != nil && !t.Now.Before(a.Until) && !t.waits() {
		rests := t.rest(a)
		t.over(chat.Say("aside.expired"))
		t.Dialogue.Passing = true
		if rests != nil && t.Dialogue.Ended != nil {
			t.Dialogue.Ended = rests
		}
		t.Show = true
	}
	for _, f := range t.Machine.flows {
		if f.Expire != nil {
			f.Expire(t)
		}
	}
}

// waits leaves what is looked at on the card, instead of the order that waits, until that
// is given up, too; a question gives way to where it began. false: its time is over.
func (t *Turn) waits() bool {
	dr, a := t.Dialogue.Draft, t.Dialogue.Aside
	if dr == nil || !t.Now.Before(dr.Touched.Add(DraftLives)) {
		return false
	}
	was := a.Place
	if !t.Remain() {
		return false
	}
	a.Until = dr.Touched.Add(DraftLives)
	if a.Place != was {
		t.Note(chat.Say("aside.expired"))
		t.Show = true
	}
	return true
}

// Remain ends a question where it began, and keeps that on the card: an order that waits does
// not take its place by itself. false: no order waits, or the question began in it.
func (t *Turn) Remain() bool {
	dr, a := t.Dialogue.Draft, t.Dialogue.Aside
	if dr == nil || a == nil || t.Machine.places[dr.Place].Closed {
		return false
	}
	s := t.Machine.places[a.Place]
	if s.Looks {
		return true
	}
	for s.Row == nil {
		if s.Parent == "" {
			return false
		}
		s = t.Machine.places[s.Parent]
	}
	t.BackTo(s.Name)
	return true
}

// rest is what a card that stays shows when its time is over: all but the buttons that
// grow old, and those that lead back to where it began. nil: it does not stay.
func (t *Turn) rest(a *Aside) *chat.Screen {
	screen, shown := t.Machine.Render(t.Dialogue)
	if !shown || !t.Machine.places[a.Place].Rests {
		return nil
	}
	for i, row := range screen.Rows {
		screen.Rows[i] = slices.DeleteFunc(row, func(b chat.Button) bool { return strings.HasPrefix(b.Data, kindCard+":") })
	}
	screen.Rows = slices.DeleteFunc(screen.Rows, func(row []chat.Button) bool { return len(row) == 0 })
	if row := t.Machine.rowBack(t.Dialogue); len(row) > 0 {
		screen.Rows = append(screen.Rows, row)
	}
	return &screen
}

// finish adds what follows from where the dialogue stands now.
func (t *Turn) finish(before Layout) (Dialogue, []Effect) {
	for _, f := range t.Machine.flows {
		if f.Settle != nil {
			f.Settle(t, before)
		}
	}
	after := t.layout()
	// The button that pays must not appear under a finger that pressed another one.
	if before.aside != "" && after.aside == "" && t.Dialogue.Draft != nil && t.Machine.places[after.Place].Final {
		t.AsNew, t.Show = true, true
	}
	// A card that is sent again has buttons of its own: those of the old one are
	// out of date even when they say the same.
	if after != before || t.AsNew {
		t.Dialogue.Rev++
	}
	t.Dialogue.Wake = t.Machine.wake(t.Dialogue)
	effects := t.answers
	if t.Press != "" {
		effects = append(effects, Answer{Press: t.Press})
	}
	effects = append(effects, t.effects...)
	asks := t.Dialogue.Aside != nil || t.Dialogue.Draft != nil
	t.Dialogue.Handed = t.Dialogue.Handed && !asks && t.Dialogue.Ended == nil
	t.Dialogue.Passing = t.Dialogue.Passing && !asks
	if t.Show || t.AsNew {
		effects = append(effects, Show{AsNew: t.AsNew, Typed: t.goes(effects)})
	}
	for _, f := range t.Machine.flows {
		if f.Follow != nil {
			effects = append(effects, f.Follow(t, before, after)...)
		}
	}
	return t.Dialogue, effects
}

// goes returns the message that goes with the new card; 0: none does. What holds a secret
// is removed by itself.
func (t *Turn) goes(effects []Effect) int {
	message, _ := t.Typed()
	deletes := func(e Effect) bool { d, is := e.(Delete); return is && d.Message == message }
	if !t.AsNew || slices.ContainsFunc(effects, deletes) {
		return 0
	}
	return message
}

// Layout is what the meaning of the card's buttons depends on.
type Layout struct {
	Draft, search, family string
	group                 string
	cheapest              bool
	aside, Place          Place
	listed                string // by a question beside the draft
	addon, page, loads    int
	Want                  Effect
	trouble               bool
	promo                 string // that the review shows
}

func (t *Turn) layout() Layout {
	var l Layout
	if a := t.Dialogue.Aside; a != nil {
		l.aside = a.Place
		if a.Flow != nil {
			l.listed = a.Flow.Meaning()
		}
	}
	if dr := t.Dialogue.Draft; dr != nil {
		l.Draft, l.Place, l.addon, l.page = dr.ID, dr.Place, dr.Addon, dr.Page
		l.search, l.family, l.loads = dr.Search, dr.Family, dr.Loads
		l.group, l.cheapest, l.promo = dr.Group, dr.Cheapest, dr.Promo
		l.Want, l.trouble = t.Machine.Want(dr), dr.Trouble != nil
	}
	return l
}

// wake returns when the next thing expires, or must be looked for; zero: there is
// nothing.
func (m *Machine) wake(d Dialogue) time.Time {
	var times []time.Time
	if d.Aside != nil {
		times = append(times, d.Aside.Until)
	}
	for _, f := range m.flows {
		if f.Wake != nil {
			times = append(times, f.Wake(d)...)
		}
	}
	if len(times) == 0 {
		return time.Time{}
	}
	return wholeSecond(slices.MinFunc(times, time.Time.Compare))
}

// wholeSecond is the first whole second that is not before a time. A turn that is made then is
// not before it either, though it is where a time has a part of a second that an earlier version
// kept.
func wholeSecond(t time.Time) time.Time { return t.Add(time.Second - 1).Truncate(time.Second) }

// Do adds an effect. What is done only after a check of the person's rights is as
// old as their word.
func (t *Turn) Do(e Effect) {
	if check, ok := e.(Check); ok {
		check.Made = t.Made
		e = check
	}
	t.effects = append(t.effects, e)
}

// Notify sends a message beside the card.
func (t *Turn) Notify(s chat.Screen) { t.Do(Notify{Screen: s}) }

// Tell sends a line beside the card, with buttons of commands.
func (t *Turn) Tell(line chat.Phrase, commands ...string) { t.Notify(told(line, commands)) }

// ChangeTheme has pictures drawn for a dark chat from now on, or for a light one again.
func (t *Turn) ChangeTheme() { t.Dialogue.Dark = !t.Dialogue.Dark }

// Hint is Tell for what concerns this person alone, and does no harm when it is missed: a
// group does not see it where Telegram can do that.
func (t *Turn) Hint(line chat.Phrase, commands ...string) {
	t.hintAlone(Notify{Screen: told(line, commands)})
}

func (t *Turn) hintAlone(n Notify) {
	if !t.Dialogue.Key.Private() {
		n.Alone, n.Press = true, t.tapped
	}
	t.Do(n)
}

func told(line chat.Phrase, commands []string) chat.Screen {
	s := chat.Screen{Lines: []chat.Phrase{line}}
	for _, name := range commands {
		s.Rows = append(s.Rows, []chat.Button{CommandButton(name)})
	}
	return s
}

// Answer answers the press with a text.
func (t *Turn) Answer(text chat.Phrase) {
	if t.Press != "" {
		t.answers = append(t.answers, Answer{Press: t.Press, Text: &text})
		t.Press = ""
	}
}

// Alert answers the press with a text that has to be closed.
func (t *Turn) Alert(text chat.Phrase) {
	if t.Press != "" {
		t.answers = append(t.answers, Answer{Press: t.Press, Text: &text, Alert: true})
		t.Press = ""
	}
}

// Note says something above the card's question.
func (t *Turn) Note(lines ...chat.Phrase) {
	switch {
	case t.Dialogue.Aside != nil:
		t.Dialogue.Aside.Note = append(t.Dialogue.Aside.Note, lines...)
	case t.Dialogue.Draft != nil:
		t.Dialogue.Draft.Note = append(t.Dialogue.Draft.Note, lines...)
	}
}

// hint answers what makes no sense here: with the card where that asks something, so that it
// stands below. One that only shows something stays where it is. A group is not disturbed.
func (t *Turn) hint(line chat.Phrase) {
	t.Keep()
	switch {
	case t.asks():
		t.Note(line)
		t.AsNew = true
	case t.Dialogue.Key.Private():
		t.Tell(line, "order", "help")
	}
}

// asks reports whether the card asks something of the person.
func (t *Turn) asks() bool {
	s, _ := t.Machine.place(t.Dialogue)
	return (t.Dialogue.Aside != nil || t.Dialogue.Draft != nil) && !s.Looks
}

// commanded takes a command of a person. Where a secret is asked for, what only looks
// like one is that secret.
func (t *Turn) commanded(e chat.Command) {
	s, _ := t.Machine.place(t.Dialogue)
	c, known := t.Machine.command(e.Name)
	private := t.Dialogue.Key.Private()
	takesOwn := known && c.Secrets && (private || c.Always)
	switch {
	case s.Secret != nil && private && !t.Machine.isCommand(e.Name):
		t.typedSecret(s, e.Text, e.Message, e.Altered)
	case !takesOwn && chat.HoldsSecret(e.Args):
		t.RefuseSecret(e.Args, e.Message)
	case known && c.Raw:
		t.command(e.Name, Call{Args: e.Args, Unique: e.Unique, Message: e.Message, Forwarded: e.Forwarded, Seen: e.Seen})
	default:
		t.command(e.Name, Call{Args: chat.Typed(e.Args), Unique: e.Unique, Message: e.Message, Forwarded: e.Forwarded, Seen: e.Seen})
	}
}

// command carries out a command, of a person or of a button.
func (t *Turn) command(name string, c Call) {
	known, ok := t.Machine.command(name)
	switch {
	case zomro.HoldsPrivateKey(c.Args):
		t.refusePrivateKey(c.Message)
	case ok && known.Run != nil && (known.Menu > 0 || known.Owner || t.Press != ""):
		known.Run(t, c)
	case t.Press != "":
		t.Answer(chat.Say("toast.unknown"))
	default:
		t.UnknownCommand(name)
	}
}

// UnknownCommand says that there is no such command, and which one may be meant.
func (t *Turn) UnknownCommand(name string) {
	private := t.Dialogue.Key.Private()
	near, ok := t.Machine.nearest(name, private)
	switch {
	case !ok:
		t.hint(chat.Say("hint.command"))
	case private && !t.asks():
		t.Notify(chat.Screen{
			Lines: []chat.Phrase{chat.Say("hint.command_near", "Name", near)},
			Rows:  [][]chat.Button{{{Label: Plain("/" + near), Data: KindCommand + ":" + near}}},
		})
	case !t.asks(): // it may be meant for another bot
		t.hintAlone(Notify{Screen: told(chat.Say("hint.command_near", "Name", near), nil), Spare: true})
	default:
		t.hint(chat.Say("hint.command_near", "Name", near))
	}
}

// mostFileBytes is how large a file may be to be read.
const mostFileBytes = 16 << 10

// other takes a message that is no text: its caption where a secret is asked for.
func (t *Turn) other(e chat.Other) {
	s, _ := t.Machine.place(t.Dialogue)
	private := t.Dialogue.Key.Private()
	switch {
	case s.Secret != nil && private && e.Text != "":
		t.typedSecret(s, e.Text, e.Message, e.Altered)
	case s.Shown && private && e.File != nil && e.File.Bytes <= mostFileBytes:
		t.Do(ReadFile{File: e.File.ID, Message: e.Message})
	case s.Secret != nil && private:
		t.Do(Delete{Message: e.Message})
		t.Note(chat.Say("secret.as_text"))
		t.AsNew = true
	case chat.HoldsSecret(e.Text):
		t.RefuseSecret(e.Text, e.Message)
	default:
		if private {
			t.hint(chat.Say("hint.other"))
		} else {
			t.hint(chat.Say("hint.other_group"))
		}
		if e.File != nil && e.File.Bytes <= mostFileBytes { // it may be a private key
			t.Do(ReadFile{File: e.File.ID, Message: e.Message})
		}
	}
}

// fileRead takes the file that was sent where a public key is asked for. The message of
// one that turns out to be a secret is removed.
func (t *Turn) fileRead(e FileRead) {
	s, _ := t.Machine.place(t.Dialogue)
	switch {
	case !e.Failed && chat.HoldsSecret(e.Text):
		t.RefuseSecret(e.Text, e.Message)
	case !s.Shown:
		return // nobody is waiting for it
	case e.Failed:
		t.Note(chat.Say("wrong.key_file"))
		t.AsNew = true
	default:
		t.typedSecret(s, e.Text, e.Message, false)
	}
}

// text takes a typed text where the dialogue stands.
func (t *Turn) text(e chat.Text) {
	s, ok := t.Machine.place(t.Dialogue)
	switch {
	case s.Secret != nil && t.Dialogue.Key.Private():
		t.typedSecret(s, e.Text, e.Message, e.Altered)
		return
	case t.isRead(e):
		return
	case chat.HoldsSecret(e.Text):
		t.RefuseSecret(e.Text, e.Message)
		return
	case !ok:
		t.hint(chat.Say("hint.text"))
		return
	}
	t.AsNew = true
	loading := t.Dialogue.Aside == nil && t.Machine.Want(t.Dialogue.Draft) != nil
	switch {
	case s.Secret != nil:
		s.Secret(t, e.Text, e.Message)
	case s.Text == nil || loading:
		t.NotTyped()
	default:
		s.Text(t, chat.Typed(e.Text))
		t.answered(s)
	}
}

// NotTyped says that nothing is to be typed here. What was typed stays.
func (t *Turn) NotTyped() {
	t.Keep()
	t.Note(chat.Say("hint.text"))
}

// isRead lets a flow take a text that means something by itself, wherever it is
// said.
func (t *Turn) isRead(e chat.Text) bool {
	return slices.ContainsFunc(t.Machine.flows, func(f Flow) bool {
		return f.Reads != nil && f.Reads(t, e.Text, Call{Unique: e.Unique, Message: e.Message})
	})
}

// typedSecret takes what came where a secret is asked for, whatever it looks like. A
// secret from which Telegram has removed signs is not what was typed. What is shown
// again must not hold any other.
func (t *Turn) typedSecret(s Spot, text string, message int, altered bool) {
	t.AsNew = true
	switch {
	case zomro.HoldsPrivateKey(text):
		t.refusePrivateKey(message)
	case s.Shown && chat.HoldsSecret(text):
		t.RefuseSecret(text, message)
	case altered && s.Exact:
		t.Do(Delete{Message: message})
		said := chat.Say("secret.altered")
		if s.Given {
			said = chat.Say("secret.altered_login")
		}
		t.Note(said)
	default:
		s.Secret(t, text, message)
	}
}

// pressed takes a tap on a button.
func (t *Turn) pressed(e chat.Press) {
	t.Press, t.tapped = e.ID, e.ID
	data, ok := ParseData(e.Data)
	switch {
	case e.Data == "": // of a button that is off
		t.Answer(chat.Say("toast.off"))
	case !ok:
		t.Answer(chat.Say("toast.unknown"))
	case data.Owner != 0 && data.Owner != t.Dialogue.Key.User && !data.forOthers():
		t.Alert(NotYours())
	case data.Kind == kindDelete && !t.Dialogue.Key.Private():
		t.Answer(chat.Say("toast.unknown")) // what the bot has written in a group is for all
	case data.Kind == kindDelete:
		t.Do(Delete{Message: e.Message})
	case data.Kind == KindCommand:
		t.command(data.Verb, Call{Unique: e.ID})
	case data.Kind != kindCard:
		t.Machine.buttons[data.Kind](t, data, e.Message)
	case t.Dialogue.Ordered != nil && data.ID == t.Dialogue.Ordered.Draft:
		t.Answer(chat.Say("toast.ordered", "ID", t.Dialogue.Ordered.Purchase))
		t.Show = true
	case data.ID != t.Dialogue.cardID():
		t.Answer(chat.Say("toast.closed"))
		t.Show = true
	case data.Rev != t.Dialogue.Rev:
		stale := chat.Say("toast.stale")
		if dr := t.Dialogue.Draft; dr != nil && t.Machine.places[dr.Place].Closed {
			stale = chat.Say("note.opening")
		}
		t.Answer(stale)
		t.Show = true
	default:
		t.Show = true
		if !t.actOn(data.Verb, data.N) {
			t.Answer(chat.Say("toast.unknown"))
		}
	}
}

// actOn carries out a button of the card; false: there is none of that name.
func (t *Turn) actOn(verb string, n int) bool {
	s, ok := t.Machine.place(t.Dialogue)
	if !ok {
		return false
	}
	if t.Dialogue.Aside != nil {
		return t.actAside(s, verb, n)
	}
	dr := t.Dialogue.Draft
	if s.Closed {
		return false
	}
	switch verb {
	case verbCancel:
		t.cancelDraft()
	case verbBack:
		return t.back()
	case VerbAgain:
		if t.Machine.Want(dr) == nil {
			dr.Catalogue = nil // it exists, but offers nothing
		}
		dr.Trouble = nil
		t.Reload, t.Fresh = true, true
	case VerbPage:
		dr.Page = n
	case VerbAll:
		dr.Search, dr.Page = "", 0
	default:
		if t.Machine.Want(dr) != nil {
			return false
		}
		defer t.answered(s)
		if verb == verbSkip && s.Skip != nil {
			s.Skip(t)
			return true
		}
		return s.Press != nil && s.Press(t, verb, n)
	}
	return true
}

// answered takes the mark off a step of the draft that was filled in with the usual, once
// the person has done something there that led on.
func (t *Turn) answered(s Spot) {
	dr := t.Dialogue.Draft
	if dr != nil && t.Dialogue.Aside == nil && s.Step > 0 && !s.Opens && t.Machine.places[dr.Place].Step != s.Step {
		dr.Own(t.Machine.stepOf(s.Name).Name)
	}
}

// cancelDraft ends the draft because the person wants to.
func (t *Turn) cancelDraft() {
	for _, f := range t.Machine.flows {
		if f.Cancel != nil {
			f.Cancel(t)
		}
	}
}

// actAside carries out a button of a question beside the draft.
func (t *Turn) actAside(s Spot, verb string, n int) bool {
	switch verb {
	case verbCancel:
		t.leaveAside(s)
		return true
	case verbBack:
		switch {
		case s.Back != nil:
			s.Back(t)
		case s.Parent == "":
			return false
		default:
			t.BackTo(s.Parent)
		}
		return true
	default:
		return s.Press != nil && s.Press(t, verb, n)
	}
}

// BackTo goes back to a place beside the draft.
func (t *Turn) BackTo(p Place) {
	t.Dialogue.Aside.Place = p
	if entered := t.Machine.places[p].Entered; entered != nil {
		entered(t)
	}
}

// leaveAside ends a question, or what was only looked at, because the person wants to.
func (t *Turn) leaveAside(s Spot) {
	switch {
	case s.Looks && t.Press != "": // it goes
		t.Dialogue.Aside = nil
		t.Answer(chat.Say("aside.closed"))
		return
	case s.Looks:
		t.Leave(chat.Say("aside.closed"))
	default:
		t.over(chat.Say("aside.cancelled"))
	}
	t.Dialogue.Passing = true
}

// Ask asks something beside the draft.
func (t *Turn) Ask(p Place, flow State) {
	t.Dialogue.Aside = &Aside{Place: p, Until: t.Now.Add(AsideLives), Flow: flow}
	t.Dialogue.Ended = nil
}

// Leave goes back to the draft; without one the card says last.
func (t *Turn) Leave(last chat.Phrase, buttons ...chat.Button) {
	t.Dialogue.Aside = nil
	t.End(last, buttons...)
}

// over ends what the card asks; with what it says last there are buttons to where it began.
func (t *Turn) over(last chat.Phrase) {
	row := t.Machine.rowBack(t.Dialogue)
	t.Leave(last)
	if ended := t.Dialogue.Ended; ended != nil && len(row) > 0 {
		ended.Rows = append(ended.Rows, row)
	}
}

// rowBack are the buttons that lead back to where the question began that a card asks. A
// place that a command of its name shows is led to by that.
func (m *Machine) rowBack(d Dialogue) []chat.Button {
	s := m.places[d.Aside.Place]
	for {
		if s.Row != nil {
			if row := s.Row(d); len(row) > 0 {
				return row
			}
		}
		if s.Parent == "" {
			break
		}
		s = m.places[s.Parent]
	}
	if !s.Looks || !m.isCommand(string(s.Name)) {
		return nil
	}
	return []chat.Button{CommandButton(string(s.Name))}
}

// End makes the card say last when nothing else is left to show.
func (t *Turn) End(last chat.Phrase, buttons ...chat.Button) {
	if t.Dialogue.Aside != nil || t.Dialogue.Draft != nil {
		return
	}
	t.Dialogue.Ended, t.Dialogue.Passing = &chat.Screen{Lines: []chat.Phrase{last}}, false
	for _, b := range buttons {
		t.Dialogue.Ended.Rows = append(t.Dialogue.Ended.Rows, []chat.Button{b})
	}
}

// StateOf returns what a flow keeps beside the draft; false: the card is about something
// else.
func StateOf[T any, P interface {
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

// Act has something done that was asked for beside the draft. The question's card becomes
// the job's, unless an order waits: then it goes back to where the question began.
func (t *Turn) Act(act Act) {
	if act.Handed = t.Dialogue.Draft == nil; act.Handed {
		act.Typed, act.Below = t.Typed()
	}
	t.Do(act)
	t.Acted, t.Show = true, true
	if !t.Remain() {
		t.Dialogue.Aside, t.Dialogue.Ended, t.Dialogue.Handed = nil, nil, act.Handed
	}
}
