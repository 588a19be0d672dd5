package order

import (
	"slices"
	"strconv"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// asked returns the add-ons of the plan that leave something to choose.
func asked(dr *conversation.Draft) []zomro.Addon {
	if !formed(dr) {
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
func addonsDone(dr *conversation.Draft) bool {
	return formed(dr) && !slices.ContainsFunc(asked(dr), func(a zomro.Addon) bool {
		_, ok := dr.Option(a.Name)
		return !ok
	})
}

// askedIndices returns where in the form the add-ons stand that are asked for.
func askedIndices(dr *conversation.Draft) []int {
	var indices []int
	if formed(dr) {
		for i, a := range dr.Form.Addons {
			if isAsked(a) {
				indices = append(indices, i)
			}
		}
	}
	return indices
}

// firstAddon returns the first add-on without an answer, else the first.
func firstAddon(dr *conversation.Draft) int {
	indices := askedIndices(dr)
	for _, i := range indices {
		if _, ok := dr.Option(dr.Form.Addons[i].Name); !ok {
			return i
		}
	}
	if len(indices) > 0 {
		return indices[0]
	}
	return 0
}

// lastAddon returns the last add-on that is asked for.
func lastAddon(dr *conversation.Draft) int {
	if indices := askedIndices(dr); len(indices) > 0 {
		return indices[len(indices)-1]
	}
	return 0
}

// addonBefore returns the add-on that is asked for before this one; -1: none is.
// From the review a single add-on is edited.
func addonBefore(t *conversation.Turn) int {
	dr, before := t.Dialogue.Draft, -1
	if dr.Reviewed && t.Machine.Complete(dr) {
		return before
	}
	for _, i := range askedIndices(dr) {
		if i < dr.Addon {
			before = i
		}
	}
	return before
}

func askAddon(v *conversation.View) {
	addon, ok := v.Draft.AskedAddon()
	if !ok {
		v.Line(chat.Say("ask.addon_none"))
		return
	}
	indices := askedIndices(v.Draft)
	v.Line(chat.Say("ask.addon", "Addon", addon.Label, "Place", slices.Index(indices, v.Draft.Addon)+1, "Of", len(indices)))
	if addon.Hint != "" {
		v.Line(chat.Say("addon.hint", "Hint", addon.Hint))
	}
	now, chosen := v.Draft.Option(addon.Name)
	if r := addon.Range; r != nil {
		v.Line(chat.Say("ask.addon_number", "Min", number(r.Min), "Max", number(r.Max), "Step", number(r.Step)))
		if r.Cost != nil {
			v.Line(chat.Say("addon.step_cost", "Cost", *r.Cost))
		}
		if chosen {
			v.Line(chat.Say("addon.now", "Value", now.Text))
		}
		if addon.Default != "" {
			v.Line(chat.Say("addon.default", "Value", addon.Default))
		}
		return
	}
	found := conversation.Filter(v.Draft.Search, len(addon.Choices), func(i int) string { return addon.Choices[i].Label })
	v.Found(len(found))
	from, to := v.Page(len(found))
	for _, i := range found[from:to] {
		choice := addon.Choices[i]
		label := conversation.Plain(choice.Label)
		if choice.Price != nil {
			label = chat.Say("button.priced", "Text", conversation.Short(choice.Label), "Price", *choice.Price)
		}
		if choice.Key == addon.Default {
			label = chat.Say("button.default", "Label", label)
		}
		v.Row(v.Option(label, chosen && now.Value == choice.Key, conversation.VerbPick, i))
	}
	v.Pager(len(found))
}

// number is a vendor's whole number as text.
func number(n int64) string { return strconv.FormatInt(n, 10) }

func pressAddon(t *conversation.Turn, verb string, n int) bool {
	addon, ok := t.Dialogue.Draft.AskedAddon()
	if !ok || verb != conversation.VerbPick || n < 0 || n >= len(addon.Choices) {
		return false
	}
	t.Dialogue.Draft.Choose(choiceOption(addon, n))
	t.Forward()
	return true
}

func textAddon(t *conversation.Turn, text string) {
	addon, ok := t.Dialogue.Draft.AskedAddon()
	if !ok || addon.Range == nil {
		textSearch(t, text)
		return
	}
	option, wrong := numberOption(addon, text)
	if wrong != nil {
		t.Note(*wrong)
		return
	}
	t.Dialogue.Draft.Choose(option)
	t.Forward()
}

// skipAddon keeps the vendor's default.
func skipAddon(t *conversation.Turn) {
	if addon, ok := t.Dialogue.Draft.AskedAddon(); ok {
		t.Dialogue.Draft.Choose(defaultOption(addon))
	}
	t.Forward()
}

// defaultOption is the vendor's own choice for an add-on.
func defaultOption(addon zomro.Addon) conversation.Option {
	if addon.Range != nil {
		if option, wrong := numberOption(addon, addon.Default); wrong == nil {
			return option
		}
	}
	if i := slices.IndexFunc(addon.Choices, func(c zomro.Choice) bool { return c.Key == addon.Default }); i >= 0 {
		return choiceOption(addon, i)
	}
	return conversation.Option{Name: addon.Name, Label: addon.Label, Default: true}
}

func choiceOption(addon zomro.Addon, i int) conversation.Option {
	c := addon.Choices[i]
	return conversation.Option{Name: addon.Name, Label: addon.Label, Value: c.Key, Text: c.Label, Default: c.Key == addon.Default}
}

// numberOption reads a number for an add-on; else it says what is wrong.
func numberOption(addon zomro.Addon, text string) (conversation.Option, *chat.Phrase) {
	r := addon.Range
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	step := max(1, r.Step)
	if err != nil || n < r.Min || n > r.Max || (n-r.Min)%step != 0 {
		wrong := chat.Say("wrong.number", "Min", number(r.Min), "Max", number(r.Max), "Step", number(step), "Example", number(r.Min+step*((r.Max-r.Min)/step/2)))
		return conversation.Option{}, &wrong
	}
	value := number(n)
	return conversation.Option{Name: addon.Name, Label: addon.Label, Value: value, Text: value, Default: value == addon.Default}, nil
}
