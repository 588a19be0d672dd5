package conversation

import (
	"encoding/json"
	"time"

	"zomrobot/chat"
)

// The places of an order. Those that are not steps of their own belong to the
// step before them.
const (
	PlaceDatacenter Place = "datacenter"
	PlacePlan       Place = "plan"
	PlaceCompare    Place = "compare"  // plans are marked to be compared
	PlaceCompared   Place = "compared" // they stand side by side
	PlaceAddons     Place = "addons"
	PlaceSystem     Place = "system"
	PlaceVersion    Place = "version"
	PlaceAccess     Place = "access"
	PlaceKey        Place = "key"
	PlacePassword   Place = "password"
	PlaceName       Place = "name"
	PlaceBackups    Place = "backups"
	PlaceBackupName Place = "backup_name"
	PlaceBackupDays Place = "backup_days"
	PlaceBackupTime Place = "backup_time"
	PlacePeriod     Place = "period"
	PlaceCount      Place = "count"
	PlaceReview     Place = "review"
	PlaceEdit       Place = "edit"
	PlacePromo      Place = "promo"
	PlacePayer      Place = "payer"   // which account pays
	PlaceOpening    Place = "opening" // confirmed; the purchase is being opened
)

// The places beside it.
const (
	PlaceResume       Place = "resume"
	PlaceHandPassword Place = "hand_password" // in private: the root password of a draft in a group
	PlaceTemplates    Place = "templates"
	PlaceTemplate     Place = "template"
	PlaceTemplateName Place = "template_name"
	PlaceTemplateText Place = "template_text" // the line of one that a colleague has sent
	PlaceTemplateDrop Place = "template_drop" // whether to forget it
)

// OrderFlow is the flow of an order: the steps of the draft, what is around them, and
// templates.
func OrderFlow() Flow {
	return Flow{
		name:   "order",
		steps:  orderSteps(),
		places: orderPlaces(),
		commands: []commandSpec{
			{name: "order", menu: 1, private: true, group: true, raw: true, secrets: true, always: true, run: func(t *turn, c call) { t.order(c.args, c.unique, c.message) }},
			{name: "continue", menu: 2, private: true, group: true, run: func(t *turn, _ call) { t.resume() }},
			{name: "promo", menu: 3, private: true, group: true, run: func(t *turn, c call) { t.promoCommand(c.args) }},
			{name: "confirm", menu: 4, private: true, group: true, run: func(t *turn, c call) { t.confirmCommand(c.forwarded) }},
			{name: "templates", menu: 10, private: true, secrets: true, run: func(t *turn, c call) { t.templates(c.args, c.message) }},
		},
		thaw: func(place Place, stored map[string]json.RawMessage) (State, error) {
			switch place {
			case PlaceResume:
				return nil, nil
			case PlaceHandPassword:
				return Thaw[Hand](stored)
			default:
				return Thaw[Templates](stored)
			}
		},
		take:   takeOrder,
		reads:  func(t *turn, text string, c call) bool { return t.readsCall(text, c) },
		expire: func(t *turn) { t.expireDraft() },
		settle: func(t *turn, before layout) { t.settleDraft(before) },
		follow: func(t *turn, before, after layout) []Effect { return t.followDraft(before, after) },
		wake:   wakeDraft,
		late:   func(t *turn, e chat.Event, _ chat.Phrase) bool { return t.lateOrder(e) },
		cancel: func(t *turn) { t.cancel() },
	}
}

func orderSteps() []spot {
	return []spot{
		{
			name: PlaceDatacenter, title: chat.Say("stage.datacenter"), want: wantAt(needCentres), ask: askDatacenter, press: pressDatacenter, text: textDatacenter,
			done: func(dr *Draft) bool { return dr.Datacenter.ID != "" }, say: sayDatacenter,
		},
		{
			name: PlacePlan, title: chat.Say("stage.plan"), want: wantAt(needCatalogue), ask: askPlan, press: pressPlan, text: textPlan,
			done: func(dr *Draft) bool { return dr.Plan != nil }, say: sayPlan,
		},
		{name: PlaceCompare, parent: PlacePlan, want: wantAt(needCatalogue), ask: askCompare, press: pressCompare, text: textPlan},
		{name: PlaceCompared, parent: PlaceCompare, want: wantAt(needCatalogue), ask: askCompared, press: pressCompared},
		{
			name: PlaceAddons, title: chat.Say("stage.addons"), want: wantAt(needForm), ask: askAddon, press: pressAddon, text: textAddon, skip: skipAddon,
			done: addonsDone, say: sayAddons, absent: func(dr *Draft) bool { return dr.formed() && len(dr.asked()) == 0 },
			enter: func(t *turn) { t.d.Draft.Addon = t.d.Draft.firstAddon() }, within: addonBack,
			last: func(t *turn) { t.d.Draft.Addon = t.d.Draft.lastAddon() },
		},
		{
			name: PlaceSystem, title: chat.Say("stage.system"), want: wantAt(needForm), ask: askSystem, press: pressSystem, text: textSystem,
			done: func(dr *Draft) bool { return dr.Image != nil }, say: saySystem,
		},
		{name: PlaceVersion, parent: PlaceSystem, want: wantAt(needForm), ask: askVersion, press: pressVersion, text: textSearch},
		{
			name: PlaceAccess, title: chat.Say("stage.access"), want: wantAt(needForm), ask: askAccess, press: pressAccess, secret: secretAccess,
			done: func(dr *Draft) bool { return dr.Access.Kind == AccessKey || dr.Access.Kind == AccessPassword }, say: sayAccess,
		},
		{name: PlaceKey, parent: PlaceAccess, want: wantAt(needForm), ask: askKey, press: pressKey, text: textSearch},
		{name: PlacePassword, parent: PlaceAccess, want: wantAt(needForm), ask: askPassword, press: pressPassword, secret: secretPassword, exact: true},
		{
			name: PlaceName, title: chat.Say("stage.name"), want: wantAt(needNothing), ask: askName, text: textName, skip: skipName, typed: true,
			done: func(dr *Draft) bool { return dr.Named }, say: sayName,
		},
		{name: PlaceBackups, title: chat.Say("stage.backups"), want: wantAt(needNothing), ask: askBackups, press: pressBackups, done: backupsDone, say: sayBackups},
		{name: PlaceBackupName, parent: PlaceBackups, want: wantAt(needNothing), ask: askBackupName, press: pressBackupName, text: textBackupName, typed: true},
		{name: PlaceBackupDays, parent: PlaceBackupName, want: wantAt(needNothing), ask: askBackupDays, press: pressBackupDays},
		{name: PlaceBackupTime, parent: PlaceBackupDays, want: wantAt(needNothing), ask: askBackupTime, press: pressBackupTime, text: textBackupTime},
		{
			name: PlacePeriod, title: chat.Say("stage.period"), want: wantAt(needNothing), ask: askPeriod, press: pressPeriod,
			done: func(dr *Draft) bool { return dr.Period != "" }, say: sayPeriod,
		},
		{
			name: PlaceCount, title: chat.Say("stage.count"), want: wantAt(needNothing), ask: askCount, press: pressCount, text: textCount,
			done: func(dr *Draft) bool { return dr.Count > 0 }, say: sayCount,
		},
		{
			name: PlaceReview, title: chat.Say("stage.review"), want: wantAt(needPrices), ask: askReview, press: pressReview,
			done: func(*Draft) bool { return false }, final: true, enter: func(t *turn) { t.lookAgain() },
		},
		{name: PlaceEdit, parent: PlaceReview, want: wantAt(needNothing), ask: askEdit, press: pressEdit},
		{name: PlacePromo, parent: PlaceReview, want: wantAt(needNothing), ask: askPromo, text: textPromo, typed: true},
		{name: PlacePayer, parent: PlaceEdit, want: wantAt(needNothing), ask: askPayer, press: pressPayer},
		{name: PlaceOpening, want: wantAt(needNothing), ask: askOpening, closed: true},
	}
}

func orderPlaces() []spot {
	return []spot{
		{name: PlaceResume, ask: askResume, press: pressResume, alone: true},
		{name: PlaceHandPassword, ask: askHandPassword, press: pressHandPassword, secret: secretHandPassword, exact: true},
		{name: PlaceTemplates, ask: askTemplates, press: pressTemplates, looks: true},
		{name: PlaceTemplate, parent: PlaceTemplates, ask: askTemplate, press: pressTemplate, looks: true},
		{name: PlaceTemplateName, parent: PlaceTemplates, ask: askTemplateName, text: textTemplateName},
		{name: PlaceTemplateText, parent: PlaceTemplates, ask: askTemplateText, secret: secretTemplate},
		{name: PlaceTemplateDrop, parent: PlaceTemplate, ask: askTemplateDrop, press: pressTemplateDrop},
	}
}

// takeOrder takes what came of what the order has asked for, and what others tell it.
func takeOrder(t *turn, e chat.Event) {
	switch e := e.(type) {
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
	case PasswordHanded:
		t.passwordHanded(e)
	case PasswordGiven:
		t.groupPasswordGiven(e)
	case LinkMade:
		t.passwordLinkMade(e)
	case LinkOpened:
		t.passwordLinkOpened(e)
	case Checked:
		if open := e.Check.Open; open != nil {
			t.checkedOpen(*open, e)
		}
	case PurchaseOpened:
		t.purchaseOpened(e)
	case PurchaseRefused:
		t.purchaseRefused(e)
	case OrderRecalled:
		t.orderRecalled(e)
	case TemplatesLoaded:
		t.templatesLoaded(e)
	case AccountChanged:
		t.accountChanged(e)
	case AccountForgotten:
		t.accountGone(e)
	case StoreRestored:
		t.storeRestored()
	case Left:
		t.left()
	}
}

// settleDraft brings the draft up to date at the end of a step.
func (t *turn) settleDraft(before layout) {
	if dr := t.d.Draft; dr != nil && dr.Catalogue != nil {
		dr.Age = t.now.Sub(dr.CatalogueAt).Truncate(time.Minute)
	}
	t.judge()
	t.lookForNamesake(before)
}

// followDraft asks for what the draft needs where it stands.
func (t *turn) followDraft(before, after layout) []Effect {
	dr := t.d.Draft
	if dr == nil {
		return nil
	}
	var effects []Effect
	if dr.Place == PlaceReview && before.draft+string(before.place) != dr.ID+string(PlaceReview) {
		dr.Reviewed = true
		effects = append(effects, LoadBalance{Draft: dr.ID, Account: dr.Account})
	}
	if after.want != nil && dr.Trouble == nil && (t.reload || after.want != before.want || dr.ID != before.draft) {
		want := after.want
		if load, ok := want.(LoadCatalogue); ok {
			load.Fresh = t.fresh
			want = load
		}
		effects = append(effects, want)
	}
	return effects
}

// wakeDraft is when a draft, or its root password, is given up.
func wakeDraft(d Dialogue) []time.Time {
	dr := d.Draft
	if dr == nil {
		return nil
	}
	times := []time.Time{dr.Touched.Add(draftLives)}
	if dr.Access.Kind == AccessPassword && !dr.Access.Gone {
		times = append(times, dr.Access.Since.Add(passwordLives))
	}
	return times
}

// lateOrder does nothing of what was confirmed too long ago, and looks again.
func (t *turn) lateOrder(e chat.Event) bool {
	switch e := e.(type) {
	case Checked:
		if e.Check.Open != nil {
			t.forward()
		}
	case CatalogueLoaded:
		t.d.Draft.Confirming, t.d.Draft.Confirmed = false, time.Time{}
		t.catalogueLoaded(e)
	}
	t.lookAgain()
	return false
}

// MadeAt is when the person confirmed what waits for the catalogue.
func (CatalogueLoaded) MadeAt(d Dialogue) (time.Time, bool) {
	if d.Draft == nil || !d.Draft.Confirming {
		return time.Time{}, false
	}
	return d.Draft.Confirmed, true
}

// Commits marks an effect that destroys something.
func (DropTemplate) Commits() {}

// readsCall takes the vendor's own call for an order, wherever it is said in private.
func (t *turn) readsCall(text string, c call) bool {
	pairs, isCall := callOf(text)
	if !isCall || !t.d.Key.Private() {
		return false
	}
	t.orderCall(pairs, c.unique, c.message)
	return true
}

// accountChanged has the order form and the balance, which are those of an account,
// asked for anew.
func (t *turn) accountChanged(e AccountChanged) {
	dr := t.d.Draft
	if dr == nil || t.m.places[dr.Place].closed && e.Key != "" {
		return
	}
	dr.Form, dr.Trouble = nil, nil
	if e.Key == "" {
		dr.Balance = nil
	} else if e.Order {
		dr.NewKey = e.Key
	}
	t.reload = true
}

// accountGone ends the draft with the account that pays for it.
func (t *turn) accountGone(e AccountForgotten) {
	if dr := t.d.Draft; dr != nil && !t.m.places[dr.Place].closed && t.d.draftGoes(e.Account) {
		t.close(e.Said)
	}
}

// addonBack goes back to the add-on that is asked before this one; false: there is none.
func addonBack(t *turn) bool {
	dr := t.d.Draft
	before := t.addonBefore()
	if before < 0 {
		return false
	}
	dr.Addon, dr.Page = before, 0
	return true
}

// What was chosen at each step, in words.

func sayDatacenter(dr *Draft) []chat.Phrase {
	if dr.Datacenter.ID == "" {
		return nil
	}
	return []chat.Phrase{chat.Say("chosen.datacenter", "Datacenter", centreName(dr.Datacenter))}
}

func sayPlan(dr *Draft) []chat.Phrase {
	if dr.Plan == nil {
		return nil
	}
	return []chat.Phrase{chat.Say("chosen.plan", "Plan", dr.Plan.Title, "Spec", planSpec(*dr.Plan))}
}

func sayAddons(dr *Draft) []chat.Phrase {
	var lines []chat.Phrase
	for _, o := range dr.Options {
		if o.Value == "" {
			lines = append(lines, chat.Say("chosen.option_default", "Option", o.Label))
		} else {
			lines = append(lines, chat.Say("chosen.option", "Option", o.Label, "Value", o.Text))
		}
	}
	return lines
}

func saySystem(dr *Draft) []chat.Phrase {
	if dr.Image == nil {
		return nil
	}
	return []chat.Phrase{chat.Say("chosen.system", "System", dr.Image.Label)}
}

func sayAccess(dr *Draft) []chat.Phrase {
	switch a := dr.Access; {
	case a.Kind == AccessKey:
		return []chat.Phrase{chat.Say("chosen.key", "Key", a.Key.Name)}
	case a.Kind == AccessPassword && a.Gone:
		return []chat.Phrase{chat.Say("chosen.password_gone")}
	case a.Kind == AccessPassword && a.Generated:
		return []chat.Phrase{chat.Say("chosen.password_made")}
	case a.Kind == AccessPassword:
		return []chat.Phrase{chat.Say("chosen.password")}
	default:
		return nil
	}
}

func sayName(dr *Draft) []chat.Phrase {
	switch {
	case dr.Named && dr.Name == "":
		return []chat.Phrase{chat.Say("chosen.name_own")}
	case dr.Named:
		return []chat.Phrase{chat.Say("chosen.name", "Name", dr.Name)}
	default:
		return nil
	}
}

func sayBackups(dr *Draft) []chat.Phrase {
	switch {
	case dr.NoBackups:
		return []chat.Phrase{chat.Say("chosen.backups_off")}
	case backupsDone(dr):
		b := dr.Backups
		return []chat.Phrase{chat.Say("chosen.backups", "Name", b.Name, "Days", dayNames(b.Days), "Time", b.Time)}
	default:
		return nil
	}
}

func sayPeriod(dr *Draft) []chat.Phrase {
	if dr.Period == "" {
		return nil
	}
	return []chat.Phrase{chat.Say("chosen.period", "Period", periodName(dr.Period))}
}

func sayCount(dr *Draft) []chat.Phrase {
	if dr.Count == 0 {
		return nil
	}
	return []chat.Phrase{chat.Say("chosen.count", "Count", dr.Count)}
}
