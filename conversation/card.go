package conversation

import (
	"unicode/utf8"

	"zomrobot/chat"
)

// Render makes the card of a dialogue; false: it has none now.
func (m *Machine) Render(d Dialogue) (chat.Screen, bool) {
	s, ok := m.place(d)
	if !ok || s.ask == nil {
		if d.Ended != nil {
			return *d.Ended, true
		}
		return chat.Screen{}, false
	}
	v := &view{m: m, d: d, dr: d.Draft}
	if !d.Key.Private() && d.Name != "" {
		v.line(chat.Say("card.of", "Name", d.Name))
	}
	if d.Aside != nil {
		v.notes(d.Aside.Note)
		s.ask(v)
		v.asideButtons(s)
		return v.screen, true
	}
	v.head()
	loading := m.want(d.Draft) != nil
	switch {
	case loading && d.Draft.Trouble != nil:
		v.trouble(*d.Draft.Trouble)
	case loading:
		v.line(chat.Say("ask.loading"))
	default:
		s.ask(v)
	}
	v.draftButtons(s, !loading)
	return v.screen, true
}

// view is a card while it is made.
type view struct {
	m      *Machine
	d      Dialogue
	dr     *Draft
	screen chat.Screen
}

// line adds lines below what is there.
func (v *view) line(lines ...chat.Phrase) { v.screen.Lines = append(v.screen.Lines, lines...) }

// gap adds an empty line.
func (v *view) gap() { v.line(chat.Phrase{}) }

// row adds a row of buttons.
func (v *view) row(buttons ...chat.Button) { v.screen.Rows = append(v.screen.Rows, buttons) }

// grid adds buttons in rows of n.
func (v *view) grid(n int, buttons []chat.Button) {
	for len(buttons) > 0 {
		k := min(n, len(buttons))
		v.row(buttons[:k:k]...)
		buttons = buttons[k:]
	}
}

// button makes a button of the card.
func (v *view) button(label chat.Phrase, verb string, n ...int) chat.Button {
	return chat.Button{Label: label, Data: v.d.cardData(verb, n...)}
}

// option makes a button of the card that is marked when it is the present
// choice.
func (v *view) option(label chat.Phrase, chosen bool, verb string, n ...int) chat.Button {
	if chosen {
		label = chat.Say("button.chosen", "Label", label)
	}
	return v.button(label, verb, n...)
}

// notes says what the last answer led to.
func (v *view) notes(notes []chat.Phrase) {
	if len(notes) > 0 {
		v.line(notes...)
		v.gap()
	}
}

// head says where in the order the card is, and what was chosen so far.
func (v *view) head() {
	dr := v.dr
	at := v.m.places[dr.Place]
	// A promo code may be asked for before the last step: then the order goes on
	// with what is still open.
	if open := v.m.open(dr); v.m.places[at.parent].final && len(open) > 0 {
		at = v.m.places[open[0]]
	}
	v.line(chat.Say("card.step", "Step", at.step, "Steps", len(v.m.steps), "Title", v.m.stepOf(at.name).title))
	if here := v.m.places[dr.Place]; !here.final && !here.closed {
		v.line(v.m.chosen(dr)...)
	}
	v.gap()
	v.notes(dr.Note)
}

// waiting shows that something is being loaded, or why it was not; false: it is
// there.
func (v *view) waiting(loaded bool, trouble *Problem) bool {
	switch {
	case trouble != nil:
		v.trouble(*trouble)
	case !loaded:
		v.line(chat.Say("ask.loading"))
	default:
		return false
	}
	return true
}

// trouble says why nothing can be asked, and what can be done.
func (v *view) trouble(p Problem) {
	v.line(chat.Say("ask.trouble"), problemText(p))
	v.row(v.button(chat.Say("button.again"), verbAgain))
	if isDenied(p) && v.d.Key.Private() {
		v.row(commandButton("login"))
	}
}

// draftButtons adds the last row of a card of an order.
func (v *view) draftButtons(s spot, loaded bool) {
	if s.closed {
		return
	}
	var row []chat.Button
	if v.m.hasBack(v.dr) {
		row = append(row, v.button(chat.Say("button.back"), verbBack))
	}
	if s.skip != nil && loaded {
		row = append(row, v.button(chat.Say("button.skip"), verbSkip))
	}
	cancel := v.button(chat.Say("button.cancel"), verbCancel)
	cancel.Style = chat.Danger
	v.row(append(row, cancel)...)
}

// asideButtons adds the last row of a card beside the order.
func (v *view) asideButtons(s spot) {
	if s.alone {
		return
	}
	var row []chat.Button
	if s.parent != "" {
		row = append(row, v.button(chat.Say("button.back"), verbBack))
	}
	cancel := chat.Say("button.cancel")
	if s.looks {
		cancel = chat.Say("button.close")
	}
	v.row(append(row, v.button(cancel, verbCancel))...)
}

// commandButton makes a button that does the same as a command.
func commandButton(name string) chat.Button {
	return chat.Button{Label: chat.Say("button." + name), Data: kindCommand + ":" + name}
}

// addAccountButton leads to the login of one more account.
func addAccountButton() chat.Button {
	b := commandButton("login")
	b.Label = chat.Say("button.add_account")
	return b
}

// panelURL is the vendor's panel [F].
const panelURL = "https://my.zomro.com/billmgr"

// topUpButton leads to the vendor's panel, where the balance is topped up.
func topUpButton() chat.Button {
	return chat.Button{Label: chat.Say("button.top_up"), URL: panelURL}
}

// plain is a label that is the vendor's or the person's own word.
func plain(text string) chat.Phrase { return chat.Say("button.plain", "Text", short(text)) }

// short cuts a text to what fits on a button.
func short(text string) string {
	const most = 48
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
