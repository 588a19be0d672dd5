package sandbox

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// pricelist answers v2.instances.order.pricelist. Without a datacenter it picks
// the first and says so; a list of them has the rows of all [R].
func (s *Sandbox) pricelist(r *request) (object, *failure) {
	all := s.places()
	asked := []string{all[0].id}
	if text := r.get("datacenter"); text != "" {
		asked = strings.Split(text, ",")
	}
	var rows []object
	for _, where := range all {
		if !slices.Contains(asked, where.id) {
			continue
		}
		for _, p := range s.plans {
			if p.place.id == where.id && (where.id != "21" || s.is(profile.DatacenterUS, profile.Listed)) {
				rows = append(rows, s.row(r, p, len(rows)))
			}
		}
	}
	total := len(rows)
	rows = cut(rows, positive(r.get("page_size"), 999), positive(r.get("page"), 1))

	// With a list the vendor names one of those asked, the first of its own
	// order that is among them [R].
	named := asked[0]
	for _, where := range all {
		if slices.Contains(asked, where.id) {
			named = where.id
			break
		}
	}
	list := object{"$name": "instances", "$total_count": strconv.Itoa(total)}
	if s.config.Shape == Shape2024 {
		list["$name"] = "pricelist"
	}
	if len(rows) > 0 {
		list["elem"] = rows
	}
	body := object{
		"datacenter": value(named), "datacenters": allPlaces(), "list": []object{list},
		"slist":   s.filters(r),
		"fperiod": value("null"), "hide_fgroup_2": value("off"), "hide_flabel": value("off"), "hide_fperiod": value("off"),
		"page":      []object{value(strconv.Itoa(positive(r.get("page"), 1)))},
		"page_size": value(strconv.Itoa(positive(r.get("page_size"), 999))),
		"messages": object{"msg": object{
			"instances_empty": "Tariff does not exist ", "pricelist_empty": "Tariff does not exist ",
			"datacenter": r.say("Data center ", "Дата-центр "), "period": r.say("Payment period ", "Период оплаты "),
		}},
		"flist":   object{"$name": "ftrial"},
		"tparams": echo(r),
	}
	if s.config.Shape == Shape2024 {
		body["flist"] = object{"$name": "flabel", "val": flistLabels()}
	}
	return body, nil
}

// row is one plan of the list. index varies what the vendor has been seen to
// vary.
func (s *Sandbox) row(r *request, p *plan, index int) object {
	details := []object{}
	for _, d := range p.details {
		details = append(details, object{"name": value(r.word(d.name)), "value": value(r.word(d.value))})
	}
	labels := []object{}
	for _, label := range p.labels {
		labels = append(labels, value(url.QueryEscape(label)))
	}
	row := object{
		"buttons":     object{"button": orderButton("keyvalue")},
		"description": object{}, "detail": details,
		"flabel":    object{"tag": labels},
		"id":        value(p.id),
		"pricelist": value(p.id),
		"title":     value(p.fullTitle()),
	}
	if s.config.Shape == Shape2024 {
		row["buttons"] = object{"button": orderButton("pricelist")}
		row["prices"] = object{"price": onePrice(p, period(r))}
		if index%2 == 1 {
			row["title"] = object{"main": value(p.fullTitle())}
		}
		return row
	}

	offered, costs := []object{value("any")}, []object{}
	for _, period := range p.periods() {
		offered = append(offered, value(string(period)))
		costs = append(costs, price(p.prices[period], period))
	}
	row["datacenter"] = object{
		"id": value(p.place.id), "title": value(r.word("datacenter")),
		"value": object{"$": p.place.name, "$img": ""},
	}
	row["fgroup_2"] = object{"tag": value(groups[p.group])}
	row["fperiod"] = object{"tag": offered}
	row["keyvalue"] = value(p.id + "_" + p.place.id)
	row["prices"] = object{"$key": "period_" + p.id, "price": costs}
	row["title_tag"] = object{"$": p.group, "$background": "#E9F2FF", "$color": "#17212A"}
	return row
}

func orderButton(key string) object {
	return object{
		"$func": "v2.instances.order.param", "$immediately": "yes", "$key": key,
		"$name": "order", "$theme": "primary", "$type": "func",
	}
}

func price(cost decimal.Decimal, period zomro.Period) object {
	return object{
		"$special_price": "no", "cost": value(cost.StringFixed(2)),
		"currency": value(currency), "period": value(string(period)),
	}
}

// onePrice is the single price of a row of 2024: that of the asked period, else
// of the first that the plan has.
func onePrice(p *plan, asked zomro.Period) object {
	if cost, ok := p.prices[asked]; ok {
		return price(cost, asked)
	}
	first := p.periods()[0]
	return price(p.prices[first], first)
}

// period is the one that a call names in "period" or "fperiod", else a month.
func period(r *request) zomro.Period {
	for _, name := range []string{"period", "fperiod"} {
		if text := r.get(name); text != "" && text != "null" {
			return zomro.Period(text)
		}
	}
	return zomro.Month
}

// filters are the vocabularies of the list [R].
func (s *Sandbox) filters(r *request) []object {
	datacenters, periodVals, groupVals := []object{}, []object{entry("null", r.say("Any ", "Любой "))}, []object{}
	for _, where := range s.places() {
		datacenters = append(datacenters, object{"$key": where.id, "$": where.name, "$image": ""})
	}
	for _, period := range periods {
		periodVals = append(periodVals, entry(string(period), strings.ToLower(r.word(periodWords[period]))))
	}
	for _, group := range []string{"dedicated_cpu", "with_gpu", "shared_cpu", "forex_server"} {
		groupVals = append(groupVals, entry(groups[group], group))
	}
	return []object{
		{"$name": "datacenter", "val": datacenters},
		{"$name": "fperiod", "val": periodVals},
		{"$name": "flabel", "val": flistLabels()},
		{"$name": "fgroup_2", "val": groupVals},
	}
}

// entry is a value of an slist.
func entry(key, label string) object { return object{"$key": key, "$": label} }

func flistLabels() []object {
	labels := []object{}
	for _, label := range []string{
		"cpu:AMD", "cpu:Intel", "os:Linux", "os:Windows", "soldout:False", "soldout:True",
		"type:Basic", "type:Cheap", "type:Premium", "type:Storage",
	} {
		labels = append(labels, entry(url.QueryEscape(label), label))
	}
	return labels
}

// allPlaces are all datacenters of the vendor; most have no cloud servers [R].
func allPlaces() []object {
	rows := []object{}
	for _, where := range [][3]string{
		{"1", "Ukraine [UA]", "7"},
		{"2", "Netherlands, Delft [NL]", "2"},
		{"5", "France, Paris [FR]", "5"},
		{"11", "Singapore", "11"},
		{"12", "Poland-1 [Cloud]", "17"},
		{"13", "Netherlands-2 [Cloud]", "0"},
		{"14", "Netherlands-1 [Cloud]", "0"},
		{"15", "Central Europe", "1"},
		{"17", "Netherlands-3 [Cloud]", "5"},
		{"19", "Germany-1 [Cloud]", "65"},
		{"21", "United-States-1 [Cloud]", "13"},
	} {
		rows = append(rows, object{"$id": where[0], "$name": where[1], "$sort": where[2]})
	}
	return rows
}
