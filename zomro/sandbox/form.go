package sandbox

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// orderParam answers v2.instances.order.param: the order form, or with sok=ok
// the adding to the cart.
func (s *Sandbox) orderParam(r *request) (object, *failure) {
	if _, sent := r.lookup("skipbasket"); sent {
		s.violations = append(s.violations, "skipbasket was sent: it would charge at once")
		return nil, badValue(r, "skipbasket")
	}
	switch {
	case !r.submitted():
		return s.form(r)
	case s.is(profile.Button, profile.Needed) && r.get("clicked_button") != "order":
		return s.form(r) // nothing was clicked
	}
	body, failed := s.add(r)
	if failed == nil {
		return body, nil
	}
	if s.is(profile.BadField, profile.None) {
		return genericForm(r), nil
	}
	if s.is(profile.BadField, profile.Other) {
		failed.kind = "field"
	}
	return nil, failed
}

// form is the order form of a plan. The plan comes as pricelist [F] or inside
// keyvalue [R]; the period as period_<pricelist> [F] or period [C]. The shape
// of the answer is put together from what real clients read.
func (s *Sandbox) form(r *request) (object, *failure) {
	id := r.get("pricelist")
	if id == "" {
		id, _, _ = strings.Cut(r.get("keyvalue"), "_")
	}
	p := s.find(id)
	if p == nil {
		return nil, missed(r, "pricelist")
	}
	if where := r.get("datacenter"); where != "" && where != p.place.id {
		return nil, badValue(r, "datacenter")
	}
	period, failed := formPeriod(r, p)
	if failed != nil {
		return nil, failed
	}

	images := r.account.imagesFor(p)
	body := object{
		"pricelist": value(p.id), "datacenter": value(p.place.id), "order_period": value(string(period)),
		"order_count": value("1"), "servername": value(""), "autoprolong": value("null"),
		"licence_agreement": value("off"), "use_ssh_key": value("off"), "instances_os": value(images[0].id),
		"tparams": echo(r),
	}
	slists := []object{
		{"$name": "instances_os", "val": imageEntries(images)},
		{"$name": "instances_ssh_keys", "val": keyEntries(r)},
		{"$name": "autoprolong", "val": []object{entry("null", r.say("Disabled ", "Отключено "))}},
	}
	messages := object{"order_count": r.say("Quantity ", "Количество "), "instances_os": r.say("Operating system ", "Операционная система ")}
	var fields []object
	for _, a := range p.addons {
		body[a.name] = value(a.initial)
		messages[a.name] = r.word(a.label) + " "
		messages["hint_"+a.name] = r.say("Is charged together with the server. ", "Оплачивается вместе с сервером. ")
		if a.slider != nil {
			fields = append(fields, object{"$name": a.name, "slider": []object{a.slider.element(a.name, period)}})
			continue
		}
		fields = append(fields, object{"$name": a.name, "select": []object{{"$name": a.name, "$type": "select"}}})
		slists = append(slists, object{"$name": a.name, "val": a.entries(r, period)})
	}
	page := "page_settings"
	if s.config.Shape == Shape2024 {
		page = "page_pricelist_settings"
	}
	body["slist"] = slists
	body["messages"] = object{"msg": messages}
	body["metadata"] = object{"form": object{"page": []object{
		{"$name": "page_server", "field": []object{
			{"$name": "servername", "input": []object{{"$name": "servername", "$type": "text"}}},
			{"$name": "instances_os", "select": []object{{"$name": "instances_os", "$type": "select"}}},
		}},
		{"$name": page, "field": fields},
	}}}
	cost := p.prices[period]
	body["list"] = []object{
		{"$name": "pricelist_summary", "elem": []object{summary(r.say("Base price", "Базовая стоимость"), cost)}},
		{"$name": "total_summary", "elem": []object{summary(r.say("Total", "Итого"), cost)}},
	}
	return body, nil
}

// formPeriod is the period that the form is asked for, a month or else the
// plan's first when none is named.
func formPeriod(r *request, p *plan) (zomro.Period, *failure) {
	for _, name := range []string{"period_" + p.id, "period"} {
		if text, sent := r.lookup(name); sent {
			if _, offered := p.prices[zomro.Period(text)]; !offered {
				return "", badValue(r, name)
			}
			return zomro.Period(text), nil
		}
	}
	if _, offered := p.prices[zomro.Month]; offered {
		return zomro.Month, nil
	}
	return p.periods()[0], nil
}

func imageEntries(images []image) []object {
	var entries []object
	for _, i := range images {
		family, _, _ := strings.Cut(i.label, " ")
		entries = append(entries, object{
			"$key": i.id, "$": i.label, "$depend": i.zone, "$valuegroup": strings.ToLower(family),
		})
	}
	return entries
}

// keyEntries are the account's keys, or a single item "none" [F].
func keyEntries(r *request) []object {
	var entries []object
	for _, k := range r.account.keys {
		entries = append(entries, entry(k.id, k.name))
	}
	if entries == nil {
		entries = append(entries, entry("none", r.say("-- none --", "-- нет --")))
	}
	return entries
}

func summary(label string, cost decimal.Decimal) object {
	return object{"label": value(label), "cost": object{"price": object{
		"cost": value(cost.StringFixed(2)), "currency": value("€"),
	}}}
}

// entries are the choices of an addon, with the price in brackets at the end of
// the label [g].
func (a addon) entries(r *request, period zomro.Period) []object {
	var entries []object
	for _, c := range a.choices {
		entries = append(entries, entry(c.key, r.word(c.label)+" ("+scale(c.month, period).StringFixed(2)+" €)"))
	}
	return entries
}

// element is the slider of the form; its cost is that of one step [g].
func (n slider) element(name string, period zomro.Period) object {
	return object{
		"$name": name, "$period": string(period), "$setvalues": "blocking",
		"$min": strconv.FormatInt(n.min, 10), "$max": strconv.FormatInt(n.max, 10),
		"$step": strconv.FormatInt(n.step, 10), "$cost": scale(n.month, period).StringFixed(2),
	}
}

// cost is what a value of the addon adds to the price of one server for a
// period; false if the value cannot be chosen.
func (a addon) cost(chosen string, period zomro.Period) (decimal.Decimal, bool) {
	if a.slider == nil {
		for _, c := range a.choices {
			if c.key == chosen {
				return scale(c.month, period), true
			}
		}
		return decimal.Zero, false
	}
	number, err := strconv.ParseInt(chosen, 10, 64)
	if err != nil || number < a.slider.min || number > a.slider.max || (number-a.slider.min)%a.slider.step != 0 {
		return decimal.Zero, false
	}
	steps := decimal.NewFromInt((number - a.slider.min) / a.slider.step)
	return scale(a.slider.month, period).Mul(steps), true
}
