package order

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/order/wording"
	"zomrobot/zomro"
)

// The answers of the steps in their other forms: as the vendor takes an order, and as the
// parameters of an order in one line.

// The parameters of an order that the chat takes in one message; they are
// called as the vendor's order call calls them [A].
const (
	paramDatacenter = "datacenter"
	paramPlan       = "pricelist"
	paramPeriod     = "order_period"
	paramImage      = "instances_os"
	paramUseKey     = "use_ssh_key"
	paramKey        = "instances_ssh_keys"
	paramPassword   = "password"
	paramName       = "servername"
	paramCount      = "order_count"
	paramBackups    = "backups_schedule"
	paramBackupName = "backups_schedule_name"
	paramBackupDays = "backups_schedule_rotation_days"
	paramBackupTime = "backups_schedule_rotation_time"
	paramPromo      = "promocode"
	paramAddon      = "addon_"
)

// stepsOf are the steps that the parameters answer. Each add-on is a question of its own,
// so they are not among them.
var stepsOf = map[string]conversation.Place{
	paramDatacenter: PlaceDatacenter, paramPlan: PlacePlan, paramImage: PlaceSystem, paramUseKey: PlaceAccess, paramKey: PlaceAccess,
	paramPassword: PlaceAccess, paramName: PlaceName, paramBackups: PlaceBackups, paramPeriod: PlacePeriod, paramCount: PlaceCount,
}

// paramsKnown are the parameters besides the add-ons.
var paramsKnown = []string{
	paramDatacenter, paramPlan, paramPeriod, paramImage, paramUseKey, paramKey, paramPassword,
	paramName, paramCount, paramBackups, paramBackupName, paramBackupDays, paramBackupTime, paramPromo,
}

// stepsSaid are the steps that words of a kind answer.
var stepsSaid = map[wording.Kind]conversation.Place{
	wording.Where: PlaceDatacenter, wording.What: PlaceSystem, wording.Long: PlacePeriod, wording.Many: PlaceCount,
	wording.Called: PlaceName, wording.Copies: PlaceBackups, wording.Login: PlaceAccess,
}

// templateParams are the parameters that a template holds besides the add-ons,
// in the order in which they are written: no password and no promo code.
var templateParams = []string{
	paramDatacenter, paramPlan, paramImage, paramUseKey, paramKey, paramName,
	paramBackups, paramBackupName, paramBackupDays, paramBackupTime, paramPeriod, paramCount,
}

// vendorOrder is the draft as the vendor takes it.
func vendorOrder(dr *conversation.Draft) zomro.Order {
	o := zomro.Order{
		Plan: dr.Plan.ID, Datacenter: dr.Datacenter.ID, Period: dr.Period, Count: dr.Count,
		Image: dr.Image.ID, ServerName: dr.Name,
	}
	if dr.Access.Kind == conversation.AccessKey {
		o.UseKey, o.Key = true, dr.Access.Key.ID
	}
	for _, option := range dr.Options {
		if option.Value != "" {
			o.Addons = append(o.Addons, zomro.AddonValue{Name: option.Name, Value: option.Value})
		}
	}
	if dr.Backups != nil && !dr.NoBackups {
		backups := *dr.Backups
		backups.Days = slices.Clone(backups.Days)
		o.Backups = &backups
	}
	return o
}

// orderPairs writes an order as the chat takes it in one message.
func orderPairs(o zomro.Order) map[string]string {
	pairs := map[string]string{
		paramDatacenter: o.Datacenter, paramPlan: o.Plan, paramPeriod: string(o.Period),
		paramImage: o.Image, paramCount: fmt.Sprint(o.Count), paramBackups: "off",
	}
	if o.ServerName != "" {
		pairs[paramName] = o.ServerName
	}
	if o.UseKey {
		pairs[paramUseKey], pairs[paramKey] = "on", o.Key
	}
	for _, addon := range o.Addons {
		pairs[addon.Name] = addon.Value
	}
	if o.Backups != nil {
		maps.Copy(pairs, backupPairs(*o.Backups))
	}
	return pairs
}

// wordPairs writes what was said in a person's own words and needs neither the catalogue
// nor the form.
func wordPairs(w wording.Wish) map[string]string {
	pairs := make(map[string]string)
	set := func(name, value string) {
		if value != "" {
			pairs[name] = value
		}
	}
	set(paramName, w.Name)
	set(paramPromo, w.Promo)
	set(paramPeriod, string(w.Period))
	if w.Count > 0 {
		set(paramCount, fmt.Sprint(w.Count))
	}
	switch w.Backups {
	case wording.BackupsOff:
		set(paramBackups, "off")
	case wording.BackupsOn:
		set(paramBackups, "on")
	case wording.BackupsDaily:
		maps.Copy(pairs, backupPairs(zomro.Backups{Name: conversation.BackupName, Days: slices.Sorted(slices.Values(conversation.Weekdays))}))
		delete(pairs, paramBackupTime) // it is asked
	}
	return pairs
}

// serverPairs writes what the list of servers tells of one as the chat takes it in one
// message. The list names a plan by its title, with something of its place behind it [F].
func serverPairs(s zomro.Service) map[string]string {
	title, _, _ := strings.Cut(s.Plan, "|")
	pairs := make(map[string]string)
	if s.Datacenter != "" && title != "" { // a plan belongs to its datacenter
		pairs[paramDatacenter], pairs[paramPlan] = s.Datacenter, strings.TrimSpace(title)
	}
	if s.Image != "" {
		pairs[paramImage] = s.Image
	}
	if _, period, ok := s.Price(); ok {
		pairs[paramPeriod] = string(period)
	}
	return pairs
}

// Example is an order in one line, to be shown as an example: what stands behind "/order".
// It names the cheapest plan of a catalogue; of an empty one it has only what is taken
// whatever the vendor offers.
func Example(c zomro.Catalogue) string {
	pairs := map[string]string{paramName: "web-1", paramPeriod: string(zomro.Month), paramCount: "1"}
	var least zomro.Money
	for _, p := range c.Plans {
		cost, ok := p.Price(zomro.Month)
		if !ok || p.SoldOut || pairs[paramPlan] != "" && !cost.Amount.LessThan(least.Amount) {
			continue
		}
		pairs[paramDatacenter], pairs[paramPlan], least = c.Datacenter, p.ID, cost
	}
	return templateLine(pairs)
}

// ExampleWish is what a person may write who wants the popular plan of a catalogue: its
// cores, its memory in Gb, and the datacenter. False: there is none that has them.
func ExampleWish(c zomro.Catalogue) (cpu, memory, place string, found bool) {
	i, middle := popular(c.Plans)
	at := slices.IndexFunc(c.Datacenters, func(d zomro.Datacenter) bool { return d.ID == c.Datacenter })
	if i < 0 || middle || at < 0 {
		return "", "", "", false
	}
	spec, _ := c.Plans[i].Spec()
	memory, _, _ = strings.Cut(strings.TrimSpace(spec.Memory), " ")
	return spec.CPU, memory, centreTitle(c.Datacenters[at]), true
}

// backupPairs writes a backup schedule as the chat takes it in one message.
func backupPairs(b zomro.Backups) map[string]string {
	days := strings.Trim(strings.ReplaceAll(fmt.Sprint(b.Days), " ", ","), "[]")
	return map[string]string{
		paramBackups: "on", paramBackupName: b.Name, paramBackupDays: days, paramBackupTime: b.Time,
	}
}

// templateOf writes what was chosen so far as a template.
func templateOf(dr *conversation.Draft) string {
	pairs := make(map[string]string)
	set := func(name, value string) {
		if value != "" {
			pairs[name] = value
		}
	}
	set(paramDatacenter, dr.Datacenter.ID)
	if dr.Plan != nil {
		set(paramPlan, dr.Plan.ID)
	}
	if dr.Image != nil {
		set(paramImage, dr.Image.Label)
	}
	if dr.Access.Kind == conversation.AccessKey {
		set(paramUseKey, "on")
		set(paramKey, dr.Access.Key.Name)
	}
	set(paramName, dr.Name)
	set(paramPeriod, string(dr.Period))
	if dr.Count > 0 {
		set(paramCount, fmt.Sprint(dr.Count))
	}
	for _, o := range dr.Options {
		set(o.Name, o.Value)
	}
	switch {
	case dr.NoBackups:
		set(paramBackups, "off")
	case dr.Backups != nil:
		maps.Copy(pairs, backupPairs(*dr.Backups))
	}
	return templateLine(pairs)
}

// shortcutPlain fills in what needs nothing else.
func shortcutPlain(t *conversation.Turn, pairs map[string]string) {
	dr := t.Dialogue.Draft
	if value, ok := pairs[paramName]; ok {
		if wrong := conversation.CheckName(value); wrong != nil {
			wrongParam(t, paramName, *wrong)
		} else {
			dr.Name, dr.Named = value, true
		}
	}
	if value, ok := pairs[paramCount]; ok {
		if n, wrong := checkCount(value); wrong != nil {
			wrongParam(t, paramCount, *wrong)
		} else {
			dr.Count = n
		}
	}
	if value, ok := pairs[paramPeriod]; ok {
		if slices.Contains(periods, zomro.Period(value)) {
			dr.Period = zomro.Period(value)
		} else {
			wrongParam(t, paramPeriod, chat.Say("wrong.period"))
		}
	}
	if value, ok := pairs[paramPromo]; ok {
		if wrong := conversation.CheckPromo(value); wrong != nil {
			wrongParam(t, paramPromo, *wrong)
		} else {
			dr.Promo = value
		}
	}
}
