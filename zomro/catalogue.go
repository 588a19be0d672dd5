package zomro

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// periods are the periods that can be ordered [A].
var periods = map[Period]bool{Day: true, Month: true, Quarter: true, HalfYear: true, Year: true}

// devTest matches the vendor's own test tariffs, which stand in the public list [R].
var devTest = regexp.MustCompile(`(?i)^dev test\b`)

// Catalogue returns what can be ordered in a datacenter, by its id; "" leaves
// the choice to the vendor, and Catalogue.Datacenter tells it.
//
// Everything that the answer holds for that datacenter is either in Plans or in
// LeftOut. A price that cannot be read removes its period from the plan and is
// named in LeftOut; a plan without any price left is left out itself. A price list
// that comes back empty is asked for once more, because that is a passing fault
// [i]; if it stays empty, so is Plans.
func (c *Client) Catalogue(ctx context.Context, auth Auth, datacenter string) (Catalogue, error) {
	const op = "v2.instances.order.pricelist"
	fields := []field{{"page", "1"}, {"page_size", "999"}}
	if datacenter != "" {
		if !isNumber(datacenter) {
			return Catalogue{}, invalid(op, &FieldError{"datacenter", "is not a number"})
		}
		fields = append(fields, field{"datacenter", datacenter})
	}
	for again := true; ; again = false {
		doc, err := c.readFunc(ctx, op, auth, fields...)
		if err != nil {
			return Catalogue{}, err
		}
		catalogue, rows, err := parseCatalogue(doc, datacenter)
		if err != nil {
			return Catalogue{}, unreadable(op, err)
		}
		if rows > 0 || !again {
			return catalogue, nil
		}
		if err := c.sleep(ctx, pause(1, 0)); err != nil {
			return Catalogue{}, &Error{Op: op, Kind: Transient, Err: err}
		}
	}
}

// parseCatalogue reads a price list, as it is since 2025 [R] or as it was
// before [A][F]. It also returns how many tariffs the answer holds in all.
func parseCatalogue(doc node, asked string) (Catalogue, int, error) {
	list, ok := priceList(doc)
	offered, chosen := datacentersOffered(doc)
	if !ok && !chosen {
		return Catalogue{}, 0, errors.New("no list of tariffs")
	}
	rows := list.at("elem").rows()
	if asked == "" {
		asked = doc.at("datacenter").text()
	}
	labels := labelTexts(doc)
	catalogue := Catalogue{Datacenters: offered}
	seen := map[string]bool{}
	for _, row := range rows {
		place := row.datacenter(doc)
		if place.ID != "" && !chosen {
			catalogue.addDatacenter(place)
		}
		if asked == "" {
			asked = place.ID
		}
		if place.ID != "" && place.ID != asked {
			continue
		}
		plan, dropped, err := parsePlan(row, labels)
		plan.Datacenter = place.ID
		switch {
		case err != nil:
		case place.ID == "":
			err = errors.New("no datacenter")
		case seen[plan.ID]:
			err = errors.New("listed twice")
		}
		if err != nil {
			catalogue.leaveOut(plan, err)
			continue
		}
		seen[plan.ID] = true
		catalogue.Plans = append(catalogue.Plans, plan)
		for _, reason := range dropped {
			catalogue.leaveOut(plan, reason)
		}
	}
	if total, ok := list.at("$total_count").number(); ok && total > len(rows) {
		catalogue.LeftOut = append(catalogue.LeftOut, LeftOut{
			Reason: "more tariffs are counted than listed",
		})
	}
	catalogue.Datacenter = asked
	return catalogue, len(rows), nil
}

// priceList returns the list of tariffs: "instances" since 2025 [R],
// "pricelist" before [F], else the first list that has elements.
func priceList(doc node) (node, bool) {
	if list, ok := doc.at("list").named("instances", "pricelist"); ok {
		return list, true
	}
	for _, list := range doc.at("list").rows() {
		if list.at("elem").exists() {
			return list, true
		}
	}
	return node{}, false
}

// datacentersOffered returns the datacenters that can be chosen, and whether
// the answer names them by itself.
func datacentersOffered(doc node) ([]Datacenter, bool) {
	options, ok := doc.options("datacenter")
	var offered []Datacenter
	for _, option := range options {
		if isNumber(option.key) {
			offered = append(offered, Datacenter{ID: option.key, Name: option.label})
		}
	}
	return offered, ok
}

// datacenter returns where a tariff is: its own word [R], the end of its key
// value [R], or the datacenter of the whole answer [F].
func (n node) datacenter(doc node) Datacenter {
	place := Datacenter{
		ID:   n.at("datacenter", "id").text(),
		Name: n.at("datacenter", "value").text(),
	}
	if place.ID == "" {
		_, place.ID, _ = strings.Cut(n.at("keyvalue").text(), "_")
	}
	if place.ID == "" {
		place.ID = doc.at("datacenter").text()
	}
	if place.Name == "" {
		place.Name = place.ID
	}
	return place
}

// addDatacenter adds a datacenter that a tariff names.
func (c *Catalogue) addDatacenter(place Datacenter) {
	for _, known := range c.Datacenters {
		if known.ID == place.ID {
			return
		}
	}
	c.Datacenters = append(c.Datacenters, place)
}

func (c *Catalogue) leaveOut(plan Plan, reason error) {
	c.LeftOut = append(c.LeftOut, LeftOut{ID: plan.ID, Title: plan.Title, Reason: reason.Error()})
}

// parsePlan reads a tariff. It returns what it could read even with an error, and
// why individual prices were dropped.
func parsePlan(row node, labels map[string]string) (Plan, []error, error) {
	plan := Plan{ID: row.at("pricelist").text(), Group: row.at("title_tag").text()}
	id := row.at("id").text()
	if plan.ID == "" {
		plan.ID = id
	}
	// "name| suffix of the datacenter" [R].
	title := row.at("title").text()
	if title == "" {
		title = row.at("title", "main").text()
	}
	title, _, _ = strings.Cut(title, "|")
	plan.Title = strings.TrimSpace(title)
	for _, detail := range row.at("detail").rows() {
		name, value := detail.at("name").text(), detail.at("value").text()
		if name != "" || value != "" {
			plan.Details = append(plan.Details, Detail{Name: name, Value: value})
		}
	}
	for _, tag := range row.at("flabel", "tag").rows() {
		if label := labelText(tag.text(), labels); label != "" {
			plan.Labels = append(plan.Labels, label)
			plan.SoldOut = plan.SoldOut || strings.EqualFold(label, "soldout:true")
		}
	}
	switch {
	case !isNumber(plan.ID):
		return plan, nil, errors.New("no id")
	case id != "" && id != plan.ID:
		return plan, nil, errors.New("two different ids")
	case plan.Title == "":
		return plan, nil, errors.New("no title")
	case devTest.MatchString(plan.Title):
		return plan, nil, errors.New("a test of the vendor")
	}
	var dropped []error
	plan.Prices, dropped = parsePrices(row.at("prices", "price"))
	if len(plan.Prices) == 0 {
		return plan, nil, errors.Join(append([]error{errors.New("no price")}, dropped...)...)
	}
	return plan, dropped, nil
}

// parsePrices reads a tariff's prices, in the vendor's order, and says which
// are dropped: one that cannot be read, and any period that has two.
func parsePrices(list node) ([]Price, []error) {
	var prices []Price
	var dropped []error
	count := map[Period]int{}
	for _, row := range list.rows() {
		if period, ok := row.at("period").scalar(); ok {
			count[Period(period)]++
		}
	}
	for _, row := range list.rows() {
		text, _ := row.at("period").scalar()
		period := Period(text)
		if !periods[period] {
			continue // trial, one-time, two years …: cannot be ordered [A]
		}
		if count[period] > 1 {
			dropped = append(dropped, fmt.Errorf("period %s: more than one price", period))
			count[period] = 0 // said once
		}
		if count[period] == 0 {
			continue
		}
		cost, err := row.price()
		if err != nil {
			dropped = append(dropped, fmt.Errorf("period %s: %w", period, err))
			continue
		}
		prices = append(prices, Price{Period: period, Cost: cost})
	}
	return prices, dropped
}

// labelTexts returns the texts of the labels by their keys: a select list [R],
// in 2024 a list of its own kind [F].
func labelTexts(doc node) map[string]string {
	texts := map[string]string{}
	for _, val := range doc.at("flist", "val").rows() {
		texts[val.at("$key").text()] = val.text()
	}
	options, _ := doc.options("flabel")
	for _, option := range options {
		texts[option.key] = option.label
	}
	return texts
}

// labelText returns what a tariff's label says; keys are URL-encoded [R].
func labelText(tag string, texts map[string]string) string {
	if text := texts[tag]; text != "" {
		return text
	}
	if decoded, err := url.PathUnescape(tag); err == nil {
		return clean(decoded)
	}
	return tag
}
