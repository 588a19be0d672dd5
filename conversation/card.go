package conversation

import (
	"zomrobot/chat"
)

// Render makes the card of a dialogue; false: it has none now.
func (m *Machine) Render(d Dialogue) (chat.Screen, bool) {
	s, ok := m.place(d)
	if !ok || s.Ask == nil {
		if d.Ended != nil {
			return *d.Ended, true
		}
		return chat.Screen{}, false
	}
	v := &View{Machine: m, Dialogue: d, Draft: d.Draft}
	if !d.Key.Private() && d.Name != "" {
		v.Line(chat.Say("card.of", "Name", d.Name))
	}
	if d.Aside != nil {
		v.notes(d.Aside.Note)
		s.Ask(v)
		v.replyHint(s)
		v.asideButtons(s)
		return v.screen, true
	}
	v.head()
	loading := m.Want(d.Draft) != nil
	switch {
	case loading && d.Draft.Trouble != nil:
		v.trouble(chat.Say("ask.trouble"), *d.Draft.Trouble)
	case loading:
		v.Line(chat.Say("ask.loading"))
	default:
		s.Ask(v)
		v.replyHint(s)
	}
	v.draftButtons(s, !loading)
	return v.screen, true
}

// Matter says what a card is about that another one takes the place of: MatterAsked, which
// goes; a place that only shows something, which goes when it is shown again; "", a result,
// which stays.
func (m *Machine) Matter(d Dialogue) string {
	s, ok := m.place(d)
	switch {
	case !ok || s.Ask == nil:
		if d.Ended != nil && !d.Passing {
			return ""
		}
		return MatterAsked
	case d.Aside != nil && s.Looks:
		return string(s.Name)
	default:
		return MatterAsked
	}
}

// MatterAsked is the matter of a card that asks something, or says nothing of worth.
const MatterAsked = "?"

// View is a card while it is made.
type View struct {
	Machine  *Machine
	Dialogue Dialogue
	Draft    *Draft
	screen   chat.Screen
}

// Line adds lines below what is there.
func (v *View) Line(lines ...chat.Phrase) { v.screen.Lines = append(v.screen.Lines, lines...) }

// Gap adds an empty line.
func (v *View) Gap() { v.Line(chat.Phrase{}) }

// Picture puts a picture above the lines, for a chat as dark as the person's. Its time is
// over with that of the card, so its place is best one that rests.
func (v *View) Picture(p chat.Picture) {
	p.Dark = v.Dialogue.Dark
	v.screen.Picture = &p
}

// Theme makes the button that has pictures drawn for a dark chat, or for a light one again,
// see [Turn.ChangeTheme].
func (v *View) Theme() chat.Button {
	if v.Dialogue.Dark {
		return v.Button(chat.Say("button.light"), VerbTheme)
	}
	return v.Button(chat.Say("button.dark"), VerbTheme)
}

// Row adds a row of buttons.
func (v *View) Row(buttons ...chat.Button) { v.screen.Rows = append(v.screen.Rows, buttons) }

// Grid adds buttons in rows of n.
func (v *View) Grid(n int, buttons []chat.Button) {
	for len(buttons) > 0 {
		k := min(n, len(buttons))
		v.Row(buttons[:k:k]...)
		buttons = buttons[k:]
	}
}

// Button makes a button of the card.
func (v *View) Button(label chat.Phrase, verb string, n ...int) chat.Button {
	return chat.Button{Label: label, Data: v.Dialogue.cardData(verb, n...)}
}

// Option makes a button of the card that is marked when it is the current choice.
func (v *View) Option(label chat.Phrase, chosen bool, verb string, n ...int) chat.Button {
	if chosen {
		label = chat.Say("button.chosen", "Label", label)
	}
	return v.Button(label, verb, n...)
}

// notes says what the last answer led to.
func (v *View) notes(notes []chat.Phrase) {
	if len(notes) > 0 {
		v.Line(notes...)
		v.Gap()
	}
}

// head says where in the order the card is, and what was chosen so far.
func (v *View) head() {
	dr := v.Draft
	at := v.Machine.places[dr.Place]
	if at.Opens {
		v.notes(dr.Note)
		return
	}
	// A promo code may be asked for before the last step; then the order goes on
	// with what is still open.
	if open := v.Machine.Open(dr); v.Machine.places[at.Parent].Final && len(open) > 0 {
		at = v.Machine.places[open[0]]
	}
	if step := v.Machine.stepOf(at.Name); step.Final {
		v.Line(chat.Say("card.last", "Title", step.Title))
	} else {
		v.Line(chat.Say("card.step", "Step", at.Step, "Steps", len(v.Machine.steps), "Title", step.Title))
	}
	if here := v.Machine.places[dr.Place]; !here.Final && !here.Closed {
		v.Line(v.Machine.Chosen(dr)...)
		for _, f := range v.Machine.flows {
			if f.Sum != nil {
				v.Line(f.Sum(dr)...)
			}
		}
	}
	v.Gap()
	v.notes(dr.Note)
}

// Waiting shows that something is being loaded, or why it was not; false: it is
// there.
func (v *View) Waiting(loaded bool, trouble *Problem) bool {
	switch {
	case trouble != nil:
		v.trouble(chat.Say("ask.trouble"), *trouble)
	case !loaded:
		v.Line(chat.Say("ask.loading"))
	default:
		return false
	}
	return true
}

// Reading is Waiting for what the bot itself has written down: the vendor is not asked.
func (v *View) Reading(loaded bool, trouble *Problem) bool {
	switch {
	case trouble != nil:
		v.trouble(chat.Say("ask.trouble_here"), *trouble)
	case !loaded:
		v.Line(chat.Say("ask.reading"))
	default:
		return false
	}
	return true
}

// trouble says why no question can be asked, and what can be done.
func (v *View) trouble(said chat.Phrase, p Problem) {
	switch { // in which the vendor was not asked
	case p.Code == CodeNoAccount && v.Dialogue.Key.Private():
		v.Line(ProblemText(p))
		v.Row(CommandButton("login"))
		return
	case p.Code == CodeHolderOut, p.Code == CodeNoTeamAccount:
		v.Line(ProblemText(p))
		v.Row(v.Button(chat.Say("button.again"), VerbAgain), CommandButton("team"))
		return
	}
	if p.Kind != "" || p.Code == "" { // else the vendor was not asked either
		v.Line(said)
	}
	v.Line(ProblemText(p))
	v.Row(v.Button(chat.Say("button.again"), VerbAgain))
	if IsDenied(p) && v.Dialogue.Key.Private() {
		v.Row(CommandButton("login"))
	}
}

// replyHint says in a group how what can be typed is heard, where no prompt asks for it.
func (v *View) replyHint(s Spot) {
	if !v.Dialogue.Key.Private() && s.Text != nil && !s.Again && s.Typed.Key == "" {
		v.Line(chat.Say("hint.reply"))
	}
}

// draftButtons adds the last row of a card of an order.
func (v *View) draftButtons(s Spot, loaded bool) {
	if s.Closed {
		return
	}
	var row []chat.Button
	if v.Machine.hasBack(v.Draft) {
		row = append(row, v.Button(chat.Say("button.back"), verbBack))
	}
	if s.Skip != nil && loaded {
		row = append(row, v.Button(chat.Say("button.skip"), verbSkip))
	}
	cancel := v.Button(chat.Say("button.cancel"), verbCancel)
	cancel.Style = chat.Danger
	v.Row(append(row, cancel)...)
}

// asideButtons adds the last row of a card beside the order.
func (v *View) asideButtons(s Spot) {
	if s.Alone {
		return
	}
	if dr := v.Draft; s.Looks && dr != nil && !dr.Empty() && !v.Machine.places[dr.Place].Closed {
		v.Gap()
		v.Line(chat.Say("aside.order_waits"))
		v.Row(CommandButton("continue"))
	}
	var row []chat.Button
	if s.Parent != "" || s.Back != nil {
		row = append(row, v.Button(chat.Say("button.back"), verbBack))
	}
	cancel := chat.Say("button.cancel")
	if s.Looks {
		cancel = chat.Say("button.close")
	}
	v.Row(append(row, v.Button(cancel, verbCancel))...)
}

// CommandButton makes a button that does the same as a command.
func CommandButton(name string) chat.Button {
	return chat.Button{Label: chat.Say("button." + name), Data: KindCommand + ":" + name}
}

// ServerButton leads to the card of a server. It never grows old.
func ServerButton(id string) chat.Button {
	return chat.Button{Label: chat.Say("button.open_server"), Data: KindServer + ":" + id}
}

// AddAccountButton leads to the login of one more account.
func AddAccountButton() chat.Button {
	b := CommandButton("login")
	b.Label = chat.Say("button.add_account")
	return b
}

// DeleteButton removes the message that it stands under. It never grows old.
func DeleteButton() chat.Button {
	return chat.Button{Label: chat.Say("button.delete_message"), Data: kindDelete}
}

// PanelURL is the vendor's panel [F].
const PanelURL = "https://my.zomro.com/billmgr"

// TopUpButton leads to the vendor's panel, where the balance is topped up.
func TopUpButton() chat.Button {
	return chat.Button{Label: chat.Say("button.top_up"), URL: PanelURL}
}

// Plain is a label in the vendor's or the person's own words.
func Plain(text string) chat.Phrase { return chat.Say("button.plain", "Text", Short(text)) }

// Short cuts a text to what fits on a button.
func Short(text string) string {
	const most = 48
	return chat.Cut(chat.Readable(text), most)
}

// Faded is what is left of a message that was to remove itself, and that Telegram keeps.
func Faded() chat.Screen { return chat.Screen{Lines: []chat.Phrase{chat.Say("faded")}} }
