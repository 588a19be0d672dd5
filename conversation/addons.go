package conversation

import (
	"slices"
	"strconv"
	"strings"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// asked returns the add-ons of the plan that leave something to choose.
func (dr *Draft) asked() []zomro.Addon {
	if !dr.formed() {
		return nil
	}
	var asked []zomro.Addon
	for _, a := range dr.Form.Addons {
		if isAsked(a) {
			asked = append(asked, a)
		}
	}
	return asked
}

func isAsked(a zomro.Addon) bool {
	return len(a.Choices) > 1 || a.Range != nil && a.Range.Max > a.Range.Min
}

// addonsDone reports whether every add-on that leaves a choice has one.
func addonsDone(dr *Draft) bool {
	return dr.formed() && !slices.ContainsFunc(dr.asked(), func(a zomro.Addon) bool {
		_, ok := dr.option(a.Name)
		return !ok
	})
}

// askedIndices returns where in the form the add-ons stand that are asked.
func (dr *Draft) askedIndices() []int {
	var indices []int
	if dr.formed() {
		for i, a := range dr.Form.Addons {
			if isAsked(a) {
				indices = append(indices, i)
			}
		}
	}
	return indices
}

// firstAddon returns the first add-on without an answer, else the first.
func (dr *Draft) firstAddon() int {
	indices := dr.askedIndices()
	for _, i := range indices {
		if _, ok := dr.option(dr.Form.Addons[i].Name); !ok {
			return i
		}
	}
	if len(indices) > 0 {
		return indices[0]
	}
	return 0
}

// lastAddon returns the last add-on that is asked.
func (dr *Draft) lastAddon() int {
	if indices := dr.askedIndices(); len(indices) > 0 {
		return indices[len(indices)-1]
	}
	return 0
}

// addonBefore returns the add-on that is asked before this one; -1: none is.
// From the review one add-on is edited by itself.
func (t *turn) addonBefore() int {
	dr, before := t.d.Draft, -1
	if dr.Reviewed && t.m.complete(dr) {
		return before
	}
	for _, i := range dr.askedIndices() {
		if i < dr.Addon {
			before = i
		}
	}
	return before
}

func askAddon(v *view) {
	addon, ok := v.dr.addon()
	if !ok {
		v.line(chat.Say("ask.addon_none"))
		return
	}
	indices := v.dr.askedIndices()
	v.line(chat.Say("ask.addon", "Addon", addon.Label, "Place", slices.Index(indices, v.dr.Addon)+1, "Of", len(indices)))
	if addon.Hint != "" {
		v.line(chat.Say("addon.hint", "Hint", addon.Hint))
	}
	now, chosen := v.dr.option(addon.Name)
	if r := addon.Range; r != nil {
		v.line(chat.Say("ask.addon_number", "Min", number(r.Min), "Max", number(r.Max), "Step", number(r.Step)))
		if r.Cost != nil {
			v.line(chat.Say("addon.step_cost", "Cost", *r.Cost))
		}
		if chosen {
			v.line(chat.Say("addon.now", "Value", now.Text))
		}
		if addon.Default != "" {
			v.line(chat.Say("addon.default", "Value", addon.Default))
		}
		return
	}
	found := filter(v.dr.Search, len(addon.Choices), func(i int) string { return addon.Choices[i].Label })
	v.found(len(found))
	from, to := v.page(len(found))
	for _, i := range found[from:to] {
		choice := addon.Choices[i]
		label := plain(choice.Label)
		if choice.Price != nil {
			label = chat.Say("button.priced", "Text", short(choice.Label), "Price", *choice.Price)
		}
		if choice.Key == addon.Default {
			label = chat.Say("button.default", "Label", label)
		}
		v.row(v.option(label, chosen && now.Value == choice.Key, verbPick, i))
	}
	v.pager(len(found))
}

// number is a vendor's whole number as text.
func number(n int64) string { return strconv.FormatInt(n, 10) }

func pressAddon(t *turn, verb string, n int) bool {
	addon, ok := t.d.Draft.addon()
	if !ok || verb != verbPick || n < 0 || n >= len(addon.Choices) {
		return false
	}
	t.d.Draft.choose(choiceOption(addon, n))
	t.forward()
	return true
}

func textAddon(t *turn, text string) {
	addon, ok := t.d.Draft.addon()
	if !ok || addon.Range == nil {
		textSearch(t, text)
		return
	}
	option, wrong := numberOption(addon, text)
	if wrong != nil {
		t.note(*wrong)
		return
	}
	t.d.Draft.choose(option)
	t.forward()
}

// skipAddon keeps the vendor's default.
func skipAddon(t *turn) {
	if addon, ok := t.d.Draft.addon(); ok {
		t.d.Draft.choose(defaultOption(addon))
	}
	t.forward()
}

// defaultOption is the vendor's own choice for an add-on.
func defaultOption(addon zomro.Addon) Option {
	if addon.Range != nil {
		if option, wrong := numberOption(addon, addon.Default); wrong == nil {
			return option
		}
	}
	if i := slices.IndexFunc(addon.Choices, func(c zomro.Choice) bool { return c.Key == addon.Default }); i >= 0 {
		return choiceOption(addon, i)
	}
	return Option{Name: addon.Name, Label: addon.Label, Default: true}
}

func choiceOption(addon zomro.Addon, i int) Option {
	c := addon.Choices[i]
	return Option{Name: addon.Name, Label: addon.Label, Value: c.Key, Text: c.Label, Default: c.Key == addon.Default}
}

// numberOption reads a number for an add-on; else it says what is wrong.
func numberOption(addon zomro.Addon, text string) (Option, *chat.Phrase) {
	r := addon.Range
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	step := max(1, r.Step)
	if err != nil || n < r.Min || n > r.Max || (n-r.Min)%step != 0 {
		wrong := chat.Say("wrong.number", "Min", number(r.Min), "Max", number(r.Max), "Step", number(step), "Example", number(r.Min+step*((r.Max-r.Min)/step/2)))
		return Option{}, &wrong
	}
	value := number(n)
	return Option{Name: addon.Name, Label: addon.Label, Value: value, Text: value, Default: value == addon.Default}, nil
}
