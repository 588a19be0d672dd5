package conversation

import (
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// turn is a step while it is made.
type turn struct {
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
func Step(d Dialogue, e chat.Event, now time.Time) (Dialogue, []Effect) {
	t, before, secret := begun(d, e, now)
	t.take(e)
	if t.old() && t.commits() {
		deleted := t.deletions()
		t, before, secret = begun(d, e, now)
		t.tooOld(e)
		t.effects = append(t.effects, deleted...)
	}
	if secret && !t.acted && !t.d.hasServerSecret() {
		t.do(Drop{Slot: SlotServer})
	}
	return t.finish(before)
}

// begun returns the step of an event before the event is taken, what the card's
// buttons meant before it, and whether there was a password for a server.
func begun(d Dialogue, e chat.Event, now time.Time) (t *turn, before layout, secret bool) {
	t = &turn{d: d.clone(), now: now.UTC().Round(0)}
	t.made = t.madeAt(e)
	t.heal()
	if t.d.Team != nil {
		t.d.Told = t.now
	}
	before, secret = t.d.layout(), t.d.hasServerSecret()
	asked, _ := t.d.place()
	beside := t.d.Aside != nil
	t.expire()
	t.lapsed = beside && t.d.Aside == nil && asked.secret != nil && !asked.shown
	t.lookAround()
	if from, ok := chat.PersonOf(e); ok {
		t.hear(from)
	}
	return t, before, secret
}

// take carries out an event.
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
	case CatalogueLoaded:
		t.catalogueLoaded(e)
	case FormLoaded:
		t.formLoaded(e)
	case BalanceLoaded:
		t.balanceLoaded(e)
	case NamesakeLoaded:
		t.namesakeLoaded(e)
	case PasswordMade:
		t.passwordMade(e)
	case LoginChecked:
		t.loginChecked(e)
	case LoggedOut:
		t.loggedOut(e)
	case SessionLost:
		t.sessionLost(e)
	case StoreRestored:
		t.storeRestored()
	case Left:
		t.left()
	case PurchaseOpened:
		t.purchaseOpened(e)
	case PurchaseRefused:
		t.purchaseRefused(e)
	case AccountReleased:
		t.accountReleased(e)
	case AccountsLoaded:
		t.accountsLoaded(e)
	case ServersLoaded:
		t.serversLoaded(e)
	case SizesLoaded:
		t.sizesLoaded(e)
	case RebuildLoaded:
		t.rebuildLoaded(e)
	case ServerPasswordMade:
		t.serverPasswordMade(e)
	case ActRefused:
		t.actRefused(e)
	case OrdersLoaded:
		t.ordersLoaded(e)
	case AuditLoaded:
		t.auditLoaded(e)
	case OrderRecalled:
		t.orderRecalled(e)
	case KeysLoaded:
		t.keysLoaded(e)
	case KeyAdded:
		t.keyAdded(e)
	case TemplatesLoaded:
		t.templatesLoaded(e)
	case MattersLoaded:
		t.mattersLoaded(e)
	case Checked:
		t.checked(e)
	case TeamChanged:
		t.teamChanged(e)
	case TeamMoved:
		t.teamMoved()
	case LinkMade:
		t.linkMade(e)
	case LinkOpened:
		t.linkOpened(e)
	case PasswordHanded:
		t.passwordHanded(e)
	case PasswordGiven:
		t.groupPasswordGiven(e)
	case Tick:
		// expire and lookAround have done it
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
		if p, ok := places[a.Place]; !ok || p.step != 0 {
			t.d.Aside = nil
		}
	}
	if dr := t.d.Draft; dr != nil {
		if p, ok := places[dr.Place]; !ok || p.step == 0 {
			t.forward()
		}
	}
}

// hear notes what a person's deed says about them, and that they are here.
func (t *turn) hear(from chat.Person) {
	t.d.Heard, t.d.Name = chat.Spoken(from.Lang), from.Name
	if a := t.d.Aside; a != nil {
		a.Note = nil
		if a.Place != PlaceLoginChecking {
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
	if o := t.d.Offer; o != nil && !t.now.Before(o.Until) {
		t.dropOffer()
	}
	t.expireServerSecret()
	dr := t.d.Draft
	if dr == nil {
		return
	}
	if !t.now.Before(dr.Touched.Add(draftLives)) {
		t.close(chat.Say("order.expired"))
		t.notify(chat.Screen{
			Lines: []chat.Phrase{chat.Say("order.expired")},
			Rows:  [][]chat.Button{{commandButton("order")}},
		})
		return
	}
	if dr.Access.Kind == AccessPassword && !dr.Access.Gone && !t.now.Before(dr.Access.Since.Add(passwordLives)) {
		t.forgetPassword()
		t.show = true
	}
}

// forgetPassword drops the root password but remembers that there was one.
func (t *turn) forgetPassword() {
	t.do(Drop{Slot: SlotPassword})
	t.d.Draft.Access = Access{Kind: AccessPassword, Gone: true}
}

// dropAccess drops what was chosen to log in to the server.
func (t *turn) dropAccess() {
	if k := t.d.Draft.Access.Kind; k == AccessPassword || k == AccessMaking {
		t.do(Drop{Slot: SlotPassword})
	}
	t.d.Draft.Access = Access{}
}

// finish adds what follows from where the dialogue stands now.
func (t *turn) finish(before layout) (Dialogue, []Effect) {
	if dr := t.d.Draft; dr != nil && dr.Catalogue != nil {
		dr.Age = t.now.Sub(dr.CatalogueAt).Truncate(time.Minute)
	}
	t.judge()
	t.lookForNamesake(before)
	after := t.d.layout()
	// The button that pays does not turn up under a finger that pressed another one.
	if before.aside != "" && after.aside == "" && t.d.Draft != nil && after.place == PlaceReview {
		t.anew, t.show = true, true
	}
	// A card that is sent anew has buttons of its own: those of the old one are
	// out of date even when they say the same.
	if after != before || t.anew {
		t.d.Rev++
	}
	t.planReminders()
	t.d.Wake = t.d.wake()
	effects := t.answers
	if t.press != "" {
		effects = append(effects, Answer{Press: t.press})
	}
	effects = append(effects, t.effects...)
	if t.show || t.anew {
		effects = append(effects, Show{Anew: t.anew})
	}
	if dr := t.d.Draft; dr != nil {
		if dr.Place == PlaceReview && before.draft+string(before.place) != dr.ID+string(PlaceReview) {
			dr.Reviewed = true
			effects = append(effects, LoadBalance{Draft: dr.ID, Account: dr.Account})
		}
		if after.want.what != needNothing && dr.Trouble == nil && (t.reload || after.want != before.want || dr.ID != before.draft) {
			effects = append(effects, after.want.effect(dr.ID, t.fresh))
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
	want                  want
	trouble               bool
}

func (d Dialogue) layout() layout {
	var l layout
	if d.Aside != nil {
		l.aside = d.Aside.Place
		l.listed = d.Aside.Servers.meaning() + d.Aside.Orders.meaning() + d.Aside.Audit.meaning() + d.Aside.Keys.meaning() + d.Aside.Templates.meaning() + d.Aside.Accounts.meaning() + d.Aside.Team.meaning()
	}
	if dr := d.Draft; dr != nil {
		l.draft, l.place, l.addon, l.page = dr.ID, dr.Place, dr.Addon, dr.Page
		l.search, l.family, l.loads = dr.Search, dr.Family, dr.Loads
		l.group, l.cheapest = dr.Group, dr.Cheapest
		l.want, l.trouble = dr.want(), dr.Trouble != nil
	}
	return l
}

// wake returns when the next thing expires, or is to be looked for; zero: nothing is.
func (d Dialogue) wake() time.Time {
	var times []time.Time
	if d.Aside != nil {
		times = append(times, d.Aside.Until)
		if d.hasServerSecret() {
			times = append(times, d.Aside.Servers.Ask.Since.Add(passwordLives))
		}
	}
	if dr := d.Draft; dr != nil {
		times = append(times, dr.Touched.Add(draftLives))
		if dr.Access.Kind == AccessPassword && !dr.Access.Gone {
			times = append(times, dr.Access.Since.Add(passwordLives))
		}
	}
	if d.Offer != nil {
		times = append(times, d.Offer.Until)
	}
	if next := d.Reminders.Next; !next.IsZero() {
		times = append(times, next)
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
	p, _ := t.d.place()
	switch {
	case p.secret != nil && t.d.Key.Private() && !isCommand(e.Name):
		t.typedSecret(p, e.Text, e.Message, e.Altered)
	case e.Name != "login" && e.Name != "order" && (e.Name != "templates" || !t.d.Key.Private()) && chat.HoldsSecret(e.Args): // those take their own
		t.refuseSecret(e.Args, e.Message)
	case e.Name == "login" || e.Name == "order" || e.Name == "keys":
		t.command(e.Name, e.Args, e.Unique, e.Message, e.Forwarded)
	default:
		t.command(e.Name, chat.Typed(e.Args), e.Unique, e.Message, e.Forwarded)
	}
}

// other takes a message that is no text: its caption where a secret is asked for.
func (t *turn) other(e chat.Other) {
	p, _ := t.d.place()
	switch {
	case p.secret != nil && t.d.Key.Private() && e.Text != "":
		t.typedSecret(p, e.Text, e.Message, e.Altered)
	case p.shown && t.d.Key.Private() && e.File != nil && e.File.Bytes <= mostKeyBytes:
		t.do(ReadFile{File: e.File.ID, Message: e.Message})
	case p.secret != nil && t.d.Key.Private():
		t.do(Delete{Message: e.Message})
		t.note(chat.Say("secret.as_text"))
		t.anew = true
	case chat.HoldsSecret(e.Text):
		t.refuseSecret(e.Text, e.Message)
	default:
		t.hint(chat.Say("hint.other"))
		if e.File != nil && e.File.Bytes <= mostKeyBytes { // it may be a private key
			t.do(ReadFile{File: e.File.ID, Message: e.Message})
		}
	}
}

// text takes a typed text where the dialogue stands.
func (t *turn) text(e chat.Text) {
	p, ok := t.d.place()
	if p.secret != nil && t.d.Key.Private() {
		t.typedSecret(p, e.Text, e.Message, e.Altered)
		return
	}
	if pairs, isCall := callOf(e.Text); isCall && t.d.Key.Private() {
		t.orderCall(pairs, e.Unique, e.Message)
		return
	}
	if chat.HoldsSecret(e.Text) {
		t.refuseSecret(e.Text, e.Message)
		return
	}
	if !ok {
		t.hint(chat.Say("hint.text"))
		return
	}
	t.anew = true
	loading := t.d.Aside == nil && t.d.Draft.want().what != needNothing
	switch {
	case p.secret != nil:
		p.secret(t, e.Text, e.Message)
	case p.text == nil || loading:
		t.note(chat.Say("hint.text"))
	default:
		p.text(t, chat.Typed(e.Text))
	}
}

// typedSecret takes what came where a secret is asked for, whatever it looks like. A
// secret out of which Telegram has taken signs is another one than was typed. What is
// shown again must not hold any other.
func (t *turn) typedSecret(p place, text string, message int, altered bool) {
	t.anew = true
	switch {
	case zomro.HoldsPrivateKey(text):
		t.refusePrivateKey(message)
	case p.shown && chat.HoldsSecret(text):
		t.refuseSecret(text, message)
	case altered && p.exact:
		t.do(Delete{Message: message})
		said := chat.Say("secret.altered")
		if t.d.Aside != nil && (t.d.Aside.Place == PlaceLoginPassword || t.d.Aside.Place == PlaceLoginWay) {
			said = chat.Say("secret.altered_login") // that one is given, and not made
		}
		t.note(said)
	default:
		p.secret(t, text, message)
	}
}

// place returns how the place behaves where the dialogue stands.
func (d Dialogue) place() (place, bool) {
	switch {
	case d.Aside != nil:
		return places[d.Aside.Place], true
	case d.Draft != nil:
		return places[d.Draft.Place], true
	default:
		return place{}, false
	}
}

// pressed takes a tap on a button.
func (t *turn) pressed(e chat.Press) {
	t.press = e.ID
	data, ok := parseData(e.Data)
	switch {
	case !ok:
		t.answer(chat.Say("toast.unknown"))
	case data.owner != 0 && data.owner != t.d.Key.User && !data.settles():
		t.alert(NotYours())
	case data.kind == kindDelete && !t.d.Key.Private():
		t.answer(chat.Say("toast.unknown")) // what the bot has written in a group is for all
	case data.kind == kindDelete:
		t.do(Delete{Message: e.Message})
	case data.kind == kindCommand:
		t.command(data.verb, "", e.ID, 0, false)
	case data.kind == kindLanguage:
		t.speak(data.verb, e.Message)
	case data.kind == kindPurchase:
		t.decide(data)
	case data.kind == kindServer:
		t.servers(data.verb)
	case data.kind == kindTeam:
		t.payOn(data, e.Message)
	case data.kind == kindReminder:
		t.stopReminding(Matter(data.verb))
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
	p, ok := t.d.place()
	if !ok {
		return false
	}
	if t.d.Aside != nil {
		return t.actAside(p, verb, n)
	}
	dr := t.d.Draft
	if dr.Place == PlaceOpening {
		return false
	}
	switch verb {
	case verbCancel:
		t.cancel()
	case verbBack:
		return t.back()
	case verbAgain:
		if dr.want().what == needNothing {
			dr.Catalogue = nil // it is there, but offers nothing
		}
		dr.Trouble = nil
		t.reload, t.fresh = true, true
	case verbPage:
		dr.Page = n
	case verbAll:
		dr.Search, dr.Page = "", 0
	default:
		if dr.want().what != needNothing {
			return false
		}
		if verb == verbSkip && p.skip != nil {
			p.skip(t)
			return true
		}
		return p.press != nil && p.press(t, verb, n)
	}
	return true
}

// actAside carries out a button of a question beside the draft.
func (t *turn) actAside(p place, verb string, n int) bool {
	switch verb {
	case verbCancel:
		t.leaveAside(t.d.Aside.last())
		return true
	case verbBack:
		if p.parent == "" {
			return false
		}
		t.d.Aside.Place = p.parent
		t.leaveDeed()
		return true
	default:
		return p.press != nil && p.press(t, verb, n)
	}
}

// aside asks something beside the draft.
func (t *turn) aside(a Aside) {
	a.Until = t.now.Add(asideLives)
	t.d.Aside = &a
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

// goTo asks at another place of the draft.
func (t *turn) goTo(p Place) {
	dr := t.d.Draft
	dr.Place, dr.Page, dr.Search, dr.Family, dr.Trouble = p, 0, "", "", nil
	switch p {
	case PlaceAddons:
		dr.Addon = dr.firstAddon()
	case PlaceReview:
		t.lookAgain()
	default:
	}
}

// forward asks for the first thing that is missing, else shows the review.
func (t *turn) forward() {
	if open := t.d.Draft.open(); len(open) > 0 {
		t.goTo(open[0])
		return
	}
	t.goTo(PlaceReview)
}

// back goes one place back; false: there is none.
func (t *turn) back() bool {
	dr := t.d.Draft
	if !dr.hasBack() {
		return false
	}
	before, _ := dr.before(dr.Place)
	parent := places[dr.Place].parent
	switch {
	case parent == PlaceReview && !dr.complete():
		t.forward()
	case parent != "":
		t.goTo(parent)
	case dr.Search != "":
		dr.Search, dr.Page = "", 0
	case dr.Place == PlaceAddons && dr.addonBefore() >= 0:
		dr.Addon, dr.Page = dr.addonBefore(), 0
	case dr.Reviewed && dr.complete() && dr.Place != PlaceReview:
		t.goTo(PlaceReview)
	default:
		t.goTo(before)
		if before == PlaceAddons {
			dr.Addon = dr.lastAddon()
		}
	}
	return true
}

// begin starts a draft.
func (t *turn) begin(unique string) {
	if t.d.Draft != nil {
		t.dropAccess()
	}
	t.d.Aside, t.d.Ended = nil, nil
	t.d.Draft = &Draft{ID: draftID(t.d.Key, unique), Touched: t.now, Place: PlaceDatacenter}
	t.anew = true
}

// close ends the draft; the card says why.
func (t *turn) close(why chat.Phrase, buttons ...chat.Button) {
	t.dropAccess()
	t.d.Draft = nil
	t.end(why, buttons...)
	t.show = true
}

// cancel ends the draft because the person wants to.
func (t *turn) cancel() { t.close(chat.Say("order.cancelled"), commandButton("order")) }

// left closes everything, without a word: nobody is there who could read it.
func (t *turn) left() {
	if t.d.Draft != nil {
		t.dropAccess()
	}
	t.d.Aside, t.d.Draft, t.d.Ended = nil, nil, nil
	t.show = true
}

// storeRestored closes a draft that may have been ordered after the copy of the
// store was made.
func (t *turn) storeRestored() {
	if t.d.Draft != nil {
		t.close(chat.Say("order.restored"))
		t.tell(chat.Say("order.restored"), "order")
	}
}
