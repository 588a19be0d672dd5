package order

import (
	"cmp"
	"strings"
	"unicode"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/order/wording"
	"zomrobot/zomro"
)

// An order of somebody who has yet to log in waits for that, and then goes on: what they
// have said is not said twice.

// FindNames asks what a plan and a datacenter are called, by the price lists that are
// known: the vendor is not asked for somebody without an account. Answered by NamesFound.
type FindNames struct {
	Draft      string `json:"draft"`
	Plan       string `json:"plan,omitempty"`       // its id
	Datacenter string `json:"datacenter,omitempty"` // its id
}

// NamesFound answers FindNames.
type NamesFound struct {
	Draft string
	Names conversation.Names
}

func (FindNames) Effect() {}

func (NamesFound) Event() {}

// NamesOf finds in a catalogue what is asked for.
func (f FindNames) NamesOf(c zomro.Catalogue) conversation.Names {
	var names conversation.Names
	for _, centre := range c.Datacenters {
		if centre.ID == f.Datacenter {
			names.Datacenter = centre.Name
		}
	}
	for _, plan := range c.Plans {
		if plan.ID == f.Plan {
			names.Plan = plan.Title
		}
	}
	return names
}

// mustWait reports whether there is no account yet to order with.
func mustWait(t *conversation.Turn) bool { return t.Dialogue.Account == "" }

// canWait reports whether an order has something that is worth to be kept until the login:
// that is in private.
func canWait(t *conversation.Turn, given shortcut) bool {
	return t.Dialogue.Key.Private() && given.wants()
}

// wants reports whether a line says what is ordered.
func (s shortcut) wants() bool { return len(s.pairs) > 0 || s.said != "" }

// waitForLogin has a draft that was just filled in wait for the login, if there is no
// account.
func waitForLogin(t *conversation.Turn) {
	if !mustWait(t) {
		return
	}
	dr := t.Dialogue.Draft
	t.GoTo(PlaceWaits)
	if plan, centre := dr.Wanted[paramPlan], dr.Wanted[paramDatacenter]; plan != "" || centre != "" {
		t.Do(FindNames{Draft: dr.ID, Plan: plan, Datacenter: centre})
	}
}

func namesFound(t *conversation.Turn, e NamesFound) {
	if dr := t.Dialogue.Draft; dr != nil && dr.ID == e.Draft && dr.Place == PlaceWaits {
		dr.Names, t.Show = e.Names, true
	}
}

// askWaits says what is wanted, as far as that is known without the vendor.
func askWaits(v *conversation.View) {
	dr := v.Draft
	fromLink(v)
	if words := dr.Wanted[wantedWords]; words != "" {
		v.Line(chat.Say("waits.words", "Words", words))
	}
	if centre := cmp.Or(dr.Names.Datacenter, named(dr.Wanted[paramDatacenter])); centre != "" {
		v.Line(chat.Say("chosen.datacenter", "Datacenter", centreName(zomro.Datacenter{Name: centre})))
	}
	if plan := cmp.Or(dr.Names.Plan, named(dr.Wanted[paramPlan])); plan != "" {
		v.Line(chat.Say("waits.plan", "Plan", plan))
	}
	if system := wishedSystem(dr); system != "" && dr.Wanted[wantedWords] == "" {
		v.Line(chat.Say("chosen.system", "System", system))
	}
	v.Line(v.Machine.Chosen(dr)...)
	if dr.Promo != "" {
		v.Line(chat.Say("chosen.promo", "Code", chat.Arg{Code: dr.Promo}))
	}
	v.Gap()
	if mustLogIn := v.Dialogue.Account == ""; mustLogIn {
		v.Line(chat.Say("share.login"))
		v.Row(conversation.CommandButton("login"))
	}
}

// named is what a parameter says where that is a name; "": it is an id.
func named(text string) string {
	if strings.ContainsFunc(text, unicode.IsLetter) {
		return text
	}
	return ""
}

// textWaits takes another order in the person's own words instead.
func textWaits(t *conversation.Turn, text string) {
	if strings.TrimSpace(text) == "" || wording.Read(text).Empty() {
		t.Keep()
		t.Note(chat.Say("hint.text"))
		return
	}
	fill(t, shortcut{said: text})
}
