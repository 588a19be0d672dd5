package conversation

import (
	"slices"
	"unicode/utf8"

	"zomrobot/chat"
)

// Render makes the card of a dialogue; false: it has none now.
func Render(d Dialogue) (chat.Screen, bool) {
	p, ok := d.place()
	if !ok || p.ask == nil {
		if d.Ended != nil {
			return *d.Ended, true
		}
		return chat.Screen{}, false
	}
	v := &view{d: d, dr: d.Draft}
	if !d.Key.Private() && d.Name != "" {
		v.line(chat.Say("card.of", "Name", d.Name))
	}
	if d.Aside != nil {
		v.notes(d.Aside.Note)
		p.ask(v)
		v.asideButtons(p)
		return v.screen, true
	}
	v.head()
	loading := d.Draft.want().what != needNothing
	switch {
	case loading && d.Draft.Trouble != nil:
		v.trouble(*d.Draft.Trouble)
	case loading:
		v.line(chat.Say("ask.loading"))
	default:
		p.ask(v)
	}
	v.draftButtons(p, !loading)
	return v.screen, true
}

// view is a card while it is made.
type view struct {
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
	at := dr.Place
	// A promo code may be asked for before the review: then the order goes on
	// with what is still open.
	if open := dr.open(); places[at].parent == PlaceReview && len(open) > 0 {
		at = open[0]
	}
	title := places[at].title
	for _, s := range steps {
		if places[s].step == places[at].step {
			title = places[s].title
		}
	}
	v.line(chat.Say("card.step", "Step", places[at].step, "Steps", len(steps), "Title", title))
	if dr.Place != PlaceReview && dr.Place != PlaceOpening {
		v.line(dr.chosen()...)
	}
	v.gap()
	v.notes(dr.Note)
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
func (v *view) draftButtons(p place, loaded bool) {
	if v.dr.Place == PlaceOpening {
		return
	}
	var row []chat.Button
	if v.dr.hasBack() {
		row = append(row, v.button(chat.Say("button.back"), verbBack))
	}
	if p.skip != nil && loaded {
		row = append(row, v.button(chat.Say("button.skip"), verbSkip))
	}
	cancel := v.button(chat.Say("button.cancel"), verbCancel)
	cancel.Style = chat.Danger
	v.row(append(row, cancel)...)
}

// asideButtons adds the last row of a card beside the order.
func (v *view) asideButtons(p place) {
	if v.d.Aside.Place == PlaceResume {
		return
	}
	var row []chat.Button
	if p.parent != "" {
		row = append(row, v.button(chat.Say("button.back"), verbBack))
	}
	cancel := chat.Say("button.cancel")
	if v.d.Aside.looking() {
		cancel = chat.Say("button.close")
	}
	v.row(append(row, v.button(cancel, verbCancel))...)
}

// looking reports whether the card only shows something.
func (a *Aside) looking() bool {
	return slices.Contains([]Place{PlaceServers, PlaceServer, PlaceOrders, PlaceAudit, PlaceKeys, PlaceTemplates, PlaceAccounts, PlaceAccount, PlaceTemplate, PlaceTeam, PlaceTeamAccount, PlaceTeamRule, PlaceTeamLimits, PlaceTeamRoles, PlaceReminders}, a.Place)
}

// last is what the card says when it is left.
func (a *Aside) last() chat.Phrase {
	if a.looking() {
		return chat.Say("aside.closed")
	}
	return chat.Say("aside.cancelled")
}

// commandButton makes a button that does the same as a command.
func commandButton(name string) chat.Button {
	label := map[string]chat.Phrase{
		"order":    chat.Say("button.order"),
		"accounts": chat.Say("button.accounts"),
		"continue": chat.Say("button.continue"),
		"login":    chat.Say("button.login"),
		"language": chat.Say("button.language"),
		"help":     chat.Say("button.help"),
		"status":   chat.Say("button.status"),
		"servers":  chat.Say("button.servers"),
		"team":     chat.Say("button.team"),
	}[name]
	return chat.Button{Label: label, Data: kindCommand + ":" + name}
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
