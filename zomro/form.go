package zomro

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	addonName = regexp.MustCompile(`^addon_[0-9]+$`)
	// priceTail matches "label (price)".
	priceTail = regexp.MustCompile(`^(.*?)\s*\(([^()]*)\)$`)
)

// Form returns the order form of a plan: its add-ons, the images of the
// datacenter and the account's keys.
//
// Whether the vendor takes the plan by "pricelist" or by "keyvalue" depends on
// its version; all spellings are sent, the others are ignored [i].
func (c *Client) Form(ctx context.Context, auth Auth, plan, datacenter string, period Period) (Form, error) {
	const op = "v2.instances.order.param"
	if err := checkPlan(plan, datacenter, period); err != nil {
		return Form{}, invalid(op, err)
	}
	doc, err := c.readFunc(ctx, op, auth, formRequest(plan, datacenter, period)...)
	if err != nil {
		return Form{}, err
	}
	form, err := parseForm(doc, datacenter)
	if err != nil {
		return Form{}, unreadable(op, err)
	}
	form.Plan, form.Period = plan, period
	return form, nil
}

// formRequest names a plan for the order form.
func formRequest(plan, datacenter string, period Period) []field {
	return []field{
		{"pricelist", plan},
		{"datacenter", datacenter},
		{"keyvalue", plan + "_" + datacenter},
		{"period_" + plan, string(period)},
		{"period", string(period)},
	}
}

// parseForm reads an order form of a datacenter. A form of another datacenter
// is an error: images differ between them [F].
func parseForm(doc node, datacenter string) (Form, error) {
	if answered := doc.at("datacenter").text(); answered != "" && answered != datacenter {
		return Form{}, errors.New("the form of another datacenter")
	}
	images, ok := doc.options("instances_os")
	if !ok {
		return Form{}, errors.New("no list of images")
	}
	form := Form{Datacenter: datacenter}
	for _, image := range images {
		if chosen(image.key) {
			form.Images = append(form.Images, Image{ID: image.key, Label: image.label, Zone: image.depend, Cost: image.cost})
		}
	}
	keys, _ := doc.options("instances_ssh_keys")
	for _, key := range keys {
		if chosen(key.key) {
			form.Keys = append(form.Keys, Key{ID: key.key, Name: key.label})
		}
	}
	sliders := formSliders(doc)
	for _, name := range addonNames(doc) {
		addon, err := parseAddon(doc, name, sliders[name])
		if err != nil {
			form.LeftOut = append(form.LeftOut, LeftOut{ID: name, Title: addon.Label, Reason: err.Error()})
			continue
		}
		form.Addons = append(form.Addons, addon)
	}
	return form, nil
}

// chosen reports whether the key of a select list stands for something: "none"
// is how a form says that there are no keys [F].
func chosen(key string) bool { return key != "" && key != "none" && key != "null" }

// formFields returns the fields that the form's description names.
func formFields(doc node) []node {
	form := doc.at("metadata", "form")
	fields := form.at("field").rows()
	for _, page := range form.at("page").rows() {
		fields = append(fields, page.at("field").rows()...)
	}
	return fields
}

// formSliders returns the sliders of the form by their field.
func formSliders(doc node) map[string]node {
	sliders := map[string]node{}
	for _, f := range formFields(doc) {
		if rows := f.at("slider").rows(); len(rows) > 0 {
			sliders[f.at("$name").text()] = rows[0]
		}
	}
	return sliders
}

// addonNames returns the names of the form's add-ons: as the form's description
// orders them, then those that only have a select list.
func addonNames(doc node) []string {
	var names []string
	for _, n := range append(formFields(doc), doc.at("slist").rows()...) {
		name := n.at("$name").text()
		if addonName.MatchString(name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// parseAddon reads an add-on. It returns its label even with an error.
func parseAddon(doc node, name string, slider node) (Addon, error) {
	msg := doc.at("messages", "msg")
	addon := Addon{
		Name:    name,
		Label:   msg.at(name).text(),
		Hint:    untagged(msg.at("hint_" + name).text()),
		Default: doc.at(name).text(),
	}
	if addon.Label == "" {
		addon.Label = name
	}
	options, isList := doc.options(name)
	switch {
	case isList:
		return addon.withChoices(options)
	case slider.exists():
		return addon.withRange(slider)
	default:
		return addon, errors.New("neither a list nor a range")
	}
}

func (a Addon) withChoices(options []option) (Addon, error) {
	for _, option := range options {
		if option.key == "" {
			return a, errors.New("a choice without a key")
		}
		a.Choices = append(a.Choices, parseChoice(option))
	}
	if len(a.Choices) == 0 {
		return a, errors.New("no choices")
	}
	if !slices.ContainsFunc(a.Choices, func(c Choice) bool { return c.Key == a.Default }) {
		a.Default = ""
	}
	return a, nil
}

// parseChoice splits "label (1.00 €)" [g]. Brackets that are not exactly a
// price stay in the label.
func parseChoice(o option) Choice {
	choice := Choice{Key: o.key, Label: o.label}
	if parts := priceTail.FindStringSubmatch(o.label); parts != nil && parts[1] != "" {
		if price, err := parseMoney(parts[2], ""); err == nil {
			choice.Label, choice.Price = strings.TrimSpace(parts[1]), &price
		}
	}
	return choice
}

func (a Addon) withRange(slider node) (Addon, error) {
	least, okLeast := wholeNumber(slider.at("$min"))
	most, okMost := wholeNumber(slider.at("$max"))
	step, okStep := int64(1), true
	if slider.at("$step").exists() {
		step, okStep = wholeNumber(slider.at("$step"))
	}
	if !okLeast || !okMost || !okStep || least > most || step < 1 {
		return a, errors.New("a range that cannot be read")
	}
	a.Range = &Range{Min: least, Max: most, Step: step}
	if cost, err := slider.at("$cost").money(); err == nil {
		a.Range.Cost = &cost
	}
	if value, err := strconv.ParseInt(a.Default, 10, 64); err != nil || value < least || value > most {
		a.Default = ""
	}
	return a, nil
}

func wholeNumber(n node) (int64, bool) {
	text, ok := n.scalar()
	if !ok {
		return 0, false
	}
	value, err := strconv.ParseInt(text, 10, 64)
	return value, err == nil
}
