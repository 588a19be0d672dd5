package order

import (
	"encoding/json"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// The places of an order. Those that are not steps of their own belong to the
// step before them.
const (
	PlaceWaits      conversation.Place = "waits" // before the first step: for the login
	PlaceOffer      conversation.Place = "offer" // before the first step
	PlaceDatacenter conversation.Place = "datacenter"
	PlacePlan       conversation.Place = "plan"
	PlaceCompare    conversation.Place = "compare"  // plans are marked to be compared
	PlaceCompared   conversation.Place = "compared" // they stand side by side
	PlaceAddons     conversation.Place = "addons"
	PlaceSystem     conversation.Place = "system"
	PlaceVersion    conversation.Place = "version"
	PlaceAccess     conversation.Place = "access"
	PlaceKey        conversation.Place = "key"
	PlacePassword   conversation.Place = "password"
	PlaceName       conversation.Place = "name"
	PlaceBackups    conversation.Place = "backups"
	PlaceBackupName conversation.Place = "backup_name"
	PlaceBackupDays conversation.Place = "backup_days"
	PlaceBackupTime conversation.Place = "backup_time"
	PlacePeriod     conversation.Place = "period"
	PlaceCount      conversation.Place = "count"
	PlaceReview     conversation.Place = "review"
	PlacePromo      conversation.Place = "promo"
	PlacePayer      conversation.Place = "payer"   // which account pays
	PlaceOpening    conversation.Place = "opening" // confirmed; the purchase is being opened
)

// The places beside it.
const (
	PlaceResume       conversation.Place = "resume"
	PlaceHandPassword conversation.Place = "hand_password" // in private: the root password of a draft in a group
	PlaceTemplates    conversation.Place = "templates"
	PlaceTemplate     conversation.Place = "template"
	PlaceTemplateName conversation.Place = "template_name"
	PlaceTemplateText conversation.Place = "template_text" // the line of one that a colleague has sent
	PlaceTemplateDrop conversation.Place = "template_drop" // whether to forget it
	PlaceShared       conversation.Place = "shared"        // whether somebody's order takes the place of the draft
)

// Flow is the flow of an order: the steps of the draft, what is around them, and
// templates.
func Flow() conversation.Flow {
	return conversation.Flow{
		Name:   "order",
		Steps:  orderSteps(),
		Places: orderPlaces(),
		Commands: []conversation.CommandSpec{
			{Name: "order", Topic: conversation.TopicOrder, Menu: 1, Private: true, Group: true, Raw: true, Secrets: true, Always: true, Run: func(t *conversation.Turn, c conversation.Call) { startOrder(t, c.Args, c.Unique, c.Message) }},
			{Name: "continue", Topic: conversation.TopicOrder, Menu: 2, Private: true, Group: true, Run: func(t *conversation.Turn, _ conversation.Call) { resume(t) }},
			{Name: "promo", Topic: conversation.TopicOrder, Menu: 3, Private: true, Group: true, Run: func(t *conversation.Turn, c conversation.Call) { promoCommand(t, c.Args) }},
			{Name: "confirm", Topic: conversation.TopicOrder, Menu: 4, Private: true, Group: true, Run: func(t *conversation.Turn, c conversation.Call) { confirmCommand(t, c) }},
			{Name: "templates", Topic: conversation.TopicOrder, Menu: 12, Private: true, Secrets: true, Run: func(t *conversation.Turn, c conversation.Call) { templates(t, c.Args, c.Message) }},
		},
		Thaw: func(place conversation.Place, stored map[string]json.RawMessage) (conversation.State, error) {
			switch place {
			case PlaceResume:
				return nil, nil
			case PlaceHandPassword:
				return conversation.Thaw[Hand](stored)
			case PlaceShared:
				return conversation.Thaw[Shared](stored)
			default:
				return conversation.Thaw[Templates](stored)
			}
		},
		Sum: soFar,
		Buttons: map[string]func(*conversation.Turn, conversation.Data, int){
			conversation.KindSaid:  pressSaid,
			conversation.KindShare: func(t *conversation.Turn, d conversation.Data, _ int) { t.Do(SharePromo{Code: d.Verb}) },
		},
		Take: takeOrder,
		Reads: func(t *conversation.Turn, text string, c conversation.Call) bool {
			return readsCall(t, text, c) || readsWords(t, text, c)
		},
		Expire: func(t *conversation.Turn) { expireDraft(t) },
		Settle: func(t *conversation.Turn, before conversation.Layout) { settleDraft(t, before) },
		Follow: func(t *conversation.Turn, before, after conversation.Layout) []conversation.Effect {
			return followDraft(t, before, after)
		},
		Wake:   wakeDraft,
		Late:   func(t *conversation.Turn, e chat.Event, _ chat.Phrase) bool { return lateOrder(t, e) },
		Cancel: func(t *conversation.Turn) { cancel(t) },
	}
}

func orderSteps() []conversation.Spot {
	return []conversation.Spot{
		{
			Name: PlaceDatacenter, Title: chat.Say("stage.datacenter"), Want: wantAt(needCentres), Ask: askDatacenter, Press: pressDatacenter, Text: textDatacenter,
			Done: func(dr *conversation.Draft) bool { return dr.Datacenter.ID != "" }, Say: sayDatacenter, Within: backToOffer,
		},
		{Name: PlaceWaits, Opens: true, Want: wantAt(needNothing), Ask: askWaits, Text: textWaits},
		{Name: PlaceOffer, Opens: true, Want: wantAt(needOffer), Ask: askOffer, Press: pressOffer, Text: textOffer, Enter: enterOffer},
		{
			Name: PlacePlan, Title: chat.Say("stage.plan"), Want: wantAt(needCatalogue), Ask: askPlan, Press: pressPlan, Text: textPlan,
			Done: func(dr *conversation.Draft) bool { return dr.Plan != nil }, Say: sayPlan,
		},
		{Name: PlaceCompare, Parent: PlacePlan, Want: wantAt(needCatalogue), Ask: askCompare, Press: pressCompare, Text: textPlan},
		{Name: PlaceCompared, Parent: PlaceCompare, Want: wantAt(needCatalogue), Ask: askCompared, Press: pressCompared},
		{
			Name: PlaceAddons, Title: chat.Say("stage.addons"), Want: wantAt(needForm), Ask: askAddon, Press: pressAddon, Text: textAddon, Skip: skipAddon,
			Done: addonsDone, Say: sayAddons, Absent: func(dr *conversation.Draft) bool { return formed(dr) && len(asked(dr)) == 0 },
			Enter: func(t *conversation.Turn) { t.Dialogue.Draft.Addon = firstAddon(t.Dialogue.Draft) }, Within: addonBack,
			Last: func(t *conversation.Turn) { t.Dialogue.Draft.Addon = lastAddon(t.Dialogue.Draft) },
		},
		{
			Name: PlaceSystem, Title: chat.Say("stage.system"), Want: wantAt(needForm), Ask: askSystem, Press: pressSystem, Text: textSystem,
			Done: func(dr *conversation.Draft) bool { return dr.Image != nil }, Say: saySystem,
		},
		{Name: PlaceVersion, Parent: PlaceSystem, Want: wantAt(needForm), Ask: askVersion, Press: pressVersion, Text: textSearch},
		{
			Name: PlaceAccess, Title: chat.Say("stage.access"), Want: wantAt(needForm), Ask: askAccess, Press: pressAccess, Secret: secretAccess,
			Done: func(dr *conversation.Draft) bool {
				return dr.Access.Kind == conversation.AccessKey || dr.Access.Kind == conversation.AccessPassword
			}, Say: sayAccess,
		},
		{Name: PlaceKey, Parent: PlaceAccess, Want: wantAt(needForm), Ask: askKey, Press: pressKey, Text: textSearch},
		{Name: PlacePassword, Parent: PlaceAccess, Want: wantAt(needForm), Ask: askPassword, Press: pressPassword, Secret: secretPassword, Exact: true},
		{
			Name: PlaceName, Title: chat.Say("stage.name"), Want: wantAt(needNothing), Ask: askName, Text: textName, Skip: skipName, Typed: chat.Say("field.name"),
			Done: func(dr *conversation.Draft) bool { return dr.Named }, Say: sayName,
		},
		{Name: PlaceBackups, Title: chat.Say("stage.backups"), Want: wantAt(needNothing), Ask: askBackups, Press: pressBackups, Done: backupsDone, Say: sayBackups},
		{Name: PlaceBackupName, Parent: PlaceBackups, Want: wantAt(needNothing), Ask: askBackupName, Press: pressBackupName, Text: textBackupName, Typed: chat.Say("field.schedule")},
		{Name: PlaceBackupDays, Parent: PlaceBackupName, Want: wantAt(needNothing), Ask: askBackupDays, Press: pressBackupDays},
		{Name: PlaceBackupTime, Parent: PlaceBackupDays, Want: wantAt(needNothing), Ask: askBackupTime, Press: pressBackupTime, Text: textBackupTime},
		{
			Name: PlacePeriod, Title: chat.Say("stage.period"), Want: wantAt(needNothing), Ask: askPeriod, Press: pressPeriod,
			Done: func(dr *conversation.Draft) bool { return dr.Period != "" }, Say: sayPeriod,
		},
		{
			Name: PlaceCount, Title: chat.Say("stage.count"), Want: wantAt(needNothing), Ask: askCount, Press: pressCount, Text: textCount,
			Done: func(dr *conversation.Draft) bool { return dr.Count > 0 }, Say: sayCount,
		},
		{
			Name: PlaceReview, Title: chat.Say("stage.review"), Want: wantAt(needPrices), Ask: askReview, Press: pressReview, Text: textReview,
			Done: func(*conversation.Draft) bool { return false }, Final: true, Enter: func(t *conversation.Turn) { lookAgain(t) },
		},
		{Name: PlacePromo, Parent: PlaceReview, Want: wantAt(needNothing), Ask: askPromo, Text: textPromo, Typed: chat.Say("field.promo")},
		{Name: PlacePayer, Parent: PlaceReview, Want: wantAt(needNothing), Ask: askPayer, Press: pressPayer},
		{Name: PlaceOpening, Want: wantAt(needNothing), Ask: askOpening, Closed: true},
	}
}

func orderPlaces() []conversation.Spot {
	return []conversation.Spot{
		{Name: PlaceResume, Ask: askResume, Press: pressResume, Alone: true},
		{Name: PlaceHandPassword, Ask: askHandPassword, Press: pressHandPassword, Secret: secretHandPassword, Exact: true},
		{Name: PlaceTemplates, Ask: askTemplates, Press: pressTemplates, Looks: true},
		{Name: PlaceTemplate, Parent: PlaceTemplates, Ask: askTemplate, Press: pressTemplate, Looks: true},
		{Name: PlaceTemplateName, Parent: PlaceTemplates, Ask: askTemplateName, Text: textTemplateName},
		{Name: PlaceTemplateText, Parent: PlaceTemplates, Ask: askTemplateText, Secret: secretTemplate},
		{Name: PlaceTemplateDrop, Parent: PlaceTemplate, Ask: askTemplateDrop, Press: pressTemplateDrop},
		{Name: PlaceShared, Ask: askShared, Press: pressShared},
	}
}

// takeOrder takes the answers to what the order has asked for, and what other flows
// tell it.
func takeOrder(t *conversation.Turn, e chat.Event) {
	switch e := e.(type) {
	case CatalogueLoaded:
		catalogueLoaded(t, e)
	case FormLoaded:
		formLoaded(t, e)
	case BalanceLoaded:
		balanceLoaded(t, e)
	case NamesakeLoaded:
		namesakeLoaded(t, e)
	case PasswordMade:
		passwordMade(t, e)
	case PasswordHanded:
		passwordHanded(t, e)
	case PasswordGiven:
		groupPasswordGiven(t, e)
	case conversation.LinkMade:
		passwordLinkMade(t, e)
	case conversation.LinkOpened:
		passwordLinkOpened(t, e)
	case conversation.Checked:
		if open := e.Check.Open; open != nil {
			checkedOpen(t, *open, e)
		}
	case PurchaseOpened:
		purchaseOpened(t, e)
	case PurchaseRefused:
		purchaseRefused(t, e)
	case Recalled:
		orderRecalled(t, e)
	case NamesFound:
		namesFound(t, e)
	case OffersLoaded:
		offersLoaded(t, e)
	case ShareMade:
		shareMade(t, e)
	case ShareOpened:
		shareOpened(t, e)
	case TemplatesLoaded:
		templatesLoaded(t, e)
	case conversation.AccountChanged:
		accountChanged(t, e)
	case conversation.AccountForgotten:
		accountGone(t, e)
	case conversation.ServerWanted:
		serverWanted(t, e)
	case conversation.StoreRestored:
		storeRestored(t)
	case conversation.Left:
		left(t)
	}
}

// settleDraft brings the draft up to date at the end of a step.
func settleDraft(t *conversation.Turn, before conversation.Layout) {
	if t.Was.Language() != t.Dialogue.Language() {
		translate(t)
	}
	judge(t)
	lookForNamesake(t, before)
}

// followDraft asks for what the draft needs where it stands, and tells how old it is.
func followDraft(t *conversation.Turn, before, after conversation.Layout) []conversation.Effect {
	dr := t.Dialogue.Draft
	if dr == nil {
		return nil
	}
	if dr.Catalogue != nil && (t.Show || t.AsNew) { // else the card would say what the chat does not show
		dr.Age = t.Now.Sub(dr.CatalogueAt).Truncate(time.Minute)
	}
	var effects []conversation.Effect
	if dr.Place == PlaceReview && before.Draft+string(before.Place) != dr.ID+string(PlaceReview) {
		dr.Reviewed, dr.Quick = true, false
		effects = append(effects, LoadBalance{Draft: dr.ID, Account: dr.Account})
	}
	if after.Want != nil && dr.Trouble == nil && (t.Reload || after.Want != before.Want || dr.ID != before.Draft) {
		want := after.Want
		if load, ok := want.(LoadCatalogue); ok {
			load.Fresh = t.Fresh
			want = load
		}
		effects = append(effects, want)
	}
	return effects
}

// wakeDraft is when a draft, or its root password, is dropped.
func wakeDraft(d conversation.Dialogue) []time.Time {
	dr := d.Draft
	if dr == nil {
		return nil
	}
	times := []time.Time{dr.Touched.Add(conversation.DraftLives)}
	if dr.Access.Kind == conversation.AccessPassword && !dr.Access.Gone {
		times = append(times, dr.Access.Since.Add(conversation.PasswordLives))
	}
	return times
}

// lateOrder does nothing of what was confirmed too long ago, and looks again.
func lateOrder(t *conversation.Turn, e chat.Event) bool {
	switch e := e.(type) {
	case conversation.Checked:
		if e.Check.Open != nil {
			t.Forward()
		}
	case CatalogueLoaded:
		t.Dialogue.Draft.Confirming, t.Dialogue.Draft.Confirmed = false, time.Time{}
		catalogueLoaded(t, e)
	}
	lookAgain(t)
	return false
}

// readsCall takes the vendor's own call for an order, wherever it is said in private.
func readsCall(t *conversation.Turn, text string, c conversation.Call) bool {
	pairs, isCall := callOf(text)
	if !isCall || !t.Dialogue.Key.Private() {
		return false
	}
	orderCall(t, pairs, c.Unique, c.Message)
	return true
}

// accountChanged has the order form and the balance, which belong to an account,
// asked for again.
func accountChanged(t *conversation.Turn, e conversation.AccountChanged) {
	dr := t.Dialogue.Draft
	if dr == nil || t.Machine.Spot(dr.Place).Closed && e.Key != "" {
		return
	}
	dr.Form, dr.Trouble = nil, nil
	if dr.Place == PlaceWaits && !mustWait(t) {
		t.Forward()
	}
	if e.Key == "" {
		dr.Balance = nil
	} else if e.Order {
		dr.NewKey = e.Key
	}
	t.Reload = true
}

// accountGone ends the draft with the account that pays for it.
func accountGone(t *conversation.Turn, e conversation.AccountForgotten) {
	if dr := t.Dialogue.Draft; dr != nil && !t.Machine.Spot(dr.Place).Closed && t.Dialogue.DraftGoes(e.Account) {
		close(t, e.Said)
	}
}

// addonBack goes back to the add-on that is asked for before this one; false: there is
// none.
func addonBack(t *conversation.Turn) bool {
	dr := t.Dialogue.Draft
	before := addonBefore(t)
	if before < 0 {
		return false
	}
	dr.Addon, dr.Page = before, 0
	return true
}

// What was chosen at each step, in words.

func sayDatacenter(dr *conversation.Draft) []chat.Phrase {
	if dr.Datacenter.ID == "" {
		return nil
	}
	return []chat.Phrase{chat.Say("chosen.datacenter", "Datacenter", centreName(dr.Datacenter))}
}

func sayPlan(dr *conversation.Draft) []chat.Phrase {
	if dr.Plan == nil {
		return nil
	}
	return []chat.Phrase{chat.Say("chosen.plan", "Plan", dr.Plan.Title, "Spec", planSpec(*dr.Plan))}
}

func sayAddons(dr *conversation.Draft) []chat.Phrase {
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

func saySystem(dr *conversation.Draft) []chat.Phrase {
	if dr.Image == nil {
		return nil
	}
	return []chat.Phrase{chat.Say("chosen.system", "System", dr.Image.Label)}
}

func sayAccess(dr *conversation.Draft) []chat.Phrase {
	switch a := dr.Access; {
	case a.Kind == conversation.AccessKey:
		return []chat.Phrase{chat.Say("chosen.key", "Key", a.Key.Name)}
	case a.Kind == conversation.AccessPassword && a.Gone:
		return []chat.Phrase{chat.Say("chosen.password_gone")}
	case a.Kind == conversation.AccessPassword && a.Generated:
		return []chat.Phrase{chat.Say("chosen.password_made")}
	case a.Kind == conversation.AccessPassword:
		return []chat.Phrase{chat.Say("chosen.password")}
	default:
		return nil
	}
}

func sayName(dr *conversation.Draft) []chat.Phrase {
	switch {
	case dr.Named && dr.Name == "":
		return []chat.Phrase{chat.Say("chosen.name_own")}
	case dr.Named:
		return []chat.Phrase{chat.Say("chosen.name", "Name", dr.Name)}
	default:
		return nil
	}
}

func sayBackups(dr *conversation.Draft) []chat.Phrase {
	switch {
	case dr.NoBackups:
		return []chat.Phrase{chat.Say("chosen.backups_off")}
	case backupsDone(dr):
		b := dr.Backups
		return []chat.Phrase{chat.Say("chosen.backups", "Name", b.Name, "Days", conversation.DayNames(b.Days), "Time", b.Time)}
	default:
		return nil
	}
}

func sayPeriod(dr *conversation.Draft) []chat.Phrase {
	if dr.Period == "" {
		return nil
	}
	return []chat.Phrase{chat.Say("chosen.period", "Period", conversation.PeriodName(dr.Period))}
}

func sayCount(dr *conversation.Draft) []chat.Phrase {
	if dr.Count == 0 {
		return nil
	}
	return []chat.Phrase{chat.Say("chosen.count", "Count", dr.Count)}
}
