package order

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// want is what has to be loaded before the draft's place can ask.
type want struct {
	what       need // needNothing, needCatalogue or needForm
	account    string
	datacenter string
	plan       string
	period     zomro.Period
}

// need is what must be loaded before a place can ask; each need includes those
// before it.
type need int

const (
	needNothing   need = iota
	needOffer          // a catalogue, of the usual datacenter if it is there
	needCentres        // a catalogue of any datacenter
	needCatalogue      // the catalogue of the chosen datacenter
	needForm           // the order form of the chosen plan
	needPrices         // that form for the chosen period
)

// wantAt says what a place with that need asks for.
func wantAt(n need) func(*conversation.Draft) conversation.Effect {
	return func(dr *conversation.Draft) conversation.Effect {
		if w := wantOf(dr, n); w.what != needNothing {
			return w.effect(dr.ID)
		}
		return nil
	}
}

// wantOf returns what a place still needs.
func wantOf(dr *conversation.Draft, need need) want {
	switch {
	case dr.Refreshing:
		return want{what: needCatalogue, account: dr.Account, datacenter: dr.Datacenter.ID}
	case (need == needCentres || need == needOffer) && dr.Catalogue == nil:
		return want{what: needCatalogue, account: dr.Account}
	case need == needOffer && dr.Catalogue.Datacenter != dr.Offers.Centre && slices.ContainsFunc(dr.Catalogue.Datacenters, func(c zomro.Datacenter) bool { return c.ID == dr.Offers.Centre }):
		return want{what: needCatalogue, account: dr.Account, datacenter: dr.Offers.Centre}
	case need >= needCatalogue && (dr.Catalogue == nil || dr.Catalogue.Datacenter != dr.Datacenter.ID):
		return want{what: needCatalogue, account: dr.Account, datacenter: dr.Datacenter.ID}
	case need >= needForm && dr.Plan != nil && !formed(dr),
		need >= needPrices && dr.Plan != nil && dr.Form.Period != formPeriod(dr):
		return want{what: needForm, account: dr.Account, datacenter: dr.Datacenter.ID, plan: dr.Plan.ID, period: formPeriod(dr)}
	default:
		return want{}
	}
}

// formed reports whether the order form is that of the chosen plan.
func formed(dr *conversation.Draft) bool {
	return dr.Form != nil && dr.Plan != nil && dr.Form.Plan == dr.Plan.ID && dr.Form.Datacenter == dr.Datacenter.ID
}

// formPeriod is the period for which the order form is asked for: its prices are
// those of one period.
func formPeriod(dr *conversation.Draft) zomro.Period {
	if _, ok := dr.Plan.Price(dr.Period); ok {
		return dr.Period
	}
	if _, ok := dr.Plan.Price(zomro.Month); ok || len(dr.Plan.Prices) == 0 {
		return zomro.Month
	}
	return dr.Plan.Prices[0].Period
}

// effect asks for what is wanted.
func (w want) effect(draft string) conversation.Effect {
	if w.what == needForm {
		return LoadForm{Draft: draft, Account: w.account, Plan: w.plan, Datacenter: w.datacenter, Period: w.period}
	}
	return LoadCatalogue{Draft: draft, Account: w.account, Datacenter: w.datacenter}
}

// catalogueLoaded takes a catalogue that the draft still waits for.
func catalogueLoaded(t *conversation.Turn, e CatalogueLoaded) {
	dr := t.Dialogue.Draft
	if dr == nil || dr.ID != e.Draft {
		return
	}
	if w, ok := t.Machine.Want(dr).(LoadCatalogue); !ok || w.Datacenter != e.Datacenter {
		return
	}
	t.Show = true
	if refreshed(t, e) {
		return
	}
	if e.Problem != nil {
		dr.Trouble = e.Problem
		return
	}
	keepCatalogue(t, e)
	fulfilCatalogue(t)
	fitPlan(t)
	// A person who is looking for a plan goes on looking.
	if dr.Datacenter.ID != "" && (dr.Place != PlacePlan || dr.Plan != nil) {
		t.Forward()
	}
}

// formLoaded takes an order form that the draft still waits for.
func formLoaded(t *conversation.Turn, e FormLoaded) {
	dr := t.Dialogue.Draft
	if dr == nil || dr.ID != e.Draft {
		return
	}
	w, ok := t.Machine.Want(dr).(LoadForm)
	if !ok || w.Plan != e.Plan || w.Datacenter != e.Datacenter || e.Asked != dr.Account && e.Account != dr.Account {
		return
	}
	if e.Problem != nil {
		dr.Trouble = e.Problem
		t.Show = true
		return
	}
	form := e.Form
	if form.Period != "" && form.Period != w.Period {
		return // of an earlier question
	}
	t.Show = true
	form.Plan, form.Datacenter, form.Period = w.Plan, w.Datacenter, w.Period
	dr.Form, dr.Trouble = &form, nil
	if dr.Account == "" {
		dr.Account = e.Account // from now on, whatever becomes the default one
	}
	dr.Loads++
	fitForm(t)
	fulfilForm(t)
	takeNewKey(t)
	t.Forward()
}

// balanceLoaded takes the balance for the review.
func balanceLoaded(t *conversation.Turn, e BalanceLoaded) {
	dr := t.Dialogue.Draft
	if dr == nil || dr.ID != e.Draft {
		return
	}
	if e.Asked != dr.Account && e.Account != dr.Account {
		return
	}
	dr.Balance = e.Balance
	t.Show = t.Dialogue.Aside == nil && dr.Place == PlaceReview
}

// fitPlan finds the chosen plan in the catalogue of another datacenter, or
// brings its prices up to date.
func fitPlan(t *conversation.Turn) {
	dr := t.Dialogue.Draft
	if dr.Plan == nil || dr.Datacenter.ID != dr.Catalogue.Datacenter {
		return
	}
	plans := dr.Catalogue.Plans
	i := slices.IndexFunc(plans, func(p zomro.Plan) bool { return p.ID == dr.Plan.ID })
	if i < 0 {
		i = slices.IndexFunc(plans, func(p zomro.Plan) bool { return strings.EqualFold(p.Title, dr.Plan.Title) })
	}
	if i < 0 && dr.Plan.Datacenter == dr.Catalogue.Datacenter {
		t.Note(chat.Say("note.plan_gone", "Plan", dr.Plan.Title))
		dr.Plan = nil
		return
	}
	if i < 0 {
		t.Note(chat.Say("note.dropped", "What", []chat.Phrase{chat.Say("part.plan", "Plan", dr.Plan.Title)}))
		dr.Plan = nil
		return
	}
	plan := plans[i]
	dr.Plan = &plan
	fitPeriod(t)
}

// fitPeriod drops a period that the plan does not have.
func fitPeriod(t *conversation.Turn) {
	dr := t.Dialogue.Draft
	if dr.Period == "" {
		return
	}
	if _, ok := dr.Plan.Price(dr.Period); !ok {
		t.Note(chat.Say("note.dropped", "What", []chat.Phrase{chat.Say("part.period", "Period", conversation.PeriodName(dr.Period))}))
		dr.Period = ""
	}
}

// fitForm keeps those choices that the plan's order form still offers, and says
// which it does not.
func fitForm(t *conversation.Turn) {
	dr := t.Dialogue.Draft
	dropped := append(fitImage(t), fitOptions(t)...)
	switch {
	case dr.Access.Kind != conversation.AccessKey:
	case dr.Image != nil && conversation.Windows(dr.Image.Label):
		dropped = append(dropped, chat.Say("part.key", "Key", dr.Access.Key.Name))
		dr.Access = conversation.Access{}
	default:
		i := slices.IndexFunc(dr.Form.Keys, func(k zomro.Key) bool { return k.ID == dr.Access.Key.ID })
		if i < 0 {
			dropped = append(dropped, chat.Say("part.key", "Key", dr.Access.Key.Name))
			dr.Access = conversation.Access{}
			break
		}
		dr.Access.Key = dr.Form.Keys[i] // it may have another name by now
	}
	if len(dropped) > 0 {
		t.Note(chat.Say("note.dropped", "What", dropped))
	}
}

// fitImage finds the chosen system in the form: its id differs by datacenter.
func fitImage(t *conversation.Turn) []chat.Phrase {
	dr := t.Dialogue.Draft
	if dr.Image == nil {
		return nil
	}
	images := dr.Form.Images
	i := slices.IndexFunc(images, func(im zomro.Image) bool { return im.ID == dr.Image.ID })
	if i < 0 {
		i = slices.IndexFunc(images, func(im zomro.Image) bool {
			return im.Zone == dr.Image.Zone && strings.EqualFold(im.Label, dr.Image.Label)
		})
	}
	if i < 0 {
		part := chat.Say("part.system", "System", dr.Image.Label)
		dr.Image = nil
		return []chat.Phrase{part}
	}
	image := images[i]
	dr.Image = &image
	return nil
}

// translate has what the vendor says in words loaded again, in the language that the
// person speaks from now on. What was chosen stays.
func translate(t *conversation.Turn) {
	dr := t.Dialogue.Draft
	if dr == nil || t.Machine.Spot(dr.Place).Closed {
		return
	}
	for i := range dr.Options {
		dr.Options[i].Foreign = true
	}
	dr.Form, dr.Trouble = nil, nil
	dr.Refreshing = dr.Catalogue != nil
	t.Reload, t.Show = true, true
}

// fitOptions finds what was chosen for the add-ons of another plan in those of
// this one, by name or by label.
func fitOptions(t *conversation.Turn) []chat.Phrase {
	dr := t.Dialogue.Draft
	old := dr.Options
	dr.Options = nil
	kept := make(map[string]bool)
	for _, addon := range asked(dr) {
		i := slices.IndexFunc(old, func(o conversation.Option) bool { return o.Name == addon.Name })
		if i < 0 {
			i = slices.IndexFunc(old, func(o conversation.Option) bool { return strings.EqualFold(o.Label, addon.Label) })
		}
		if i < 0 {
			continue
		}
		if option, ok := matchOption(addon, old[i]); ok {
			dr.Choose(option)
			kept[old[i].Name] = true
		}
	}
	var dropped []chat.Phrase
	for _, o := range old {
		if !kept[o.Name] && !o.Default {
			dropped = append(dropped, chat.Say("part.option", "Option", o.Label, "Value", o.Text))
		}
	}
	return dropped
}

// matchOption finds an earlier choice among those of an add-on.
func matchOption(addon zomro.Addon, old conversation.Option) (conversation.Option, bool) {
	if old.Default || old.Value == "" {
		return defaultOption(addon), true
	}
	if addon.Range != nil {
		option, wrong := numberOption(addon, old.Value)
		return option, wrong == nil
	}
	for _, same := range []func(zomro.Choice) bool{
		func(c zomro.Choice) bool {
			return c.Key == old.Value && (old.Foreign || strings.EqualFold(c.Label, old.Text))
		},
		func(c zomro.Choice) bool { return strings.EqualFold(c.Label, old.Text) },
	} {
		if i := slices.IndexFunc(addon.Choices, same); i >= 0 {
			return choiceOption(addon, i), true
		}
	}
	return conversation.Option{}, false
}
