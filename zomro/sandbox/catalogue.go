package sandbox

import (
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
)

// place is a datacenter. Ids and names are the vendor's [R].
type place struct {
	id, name, suffix string
	markup           decimal.Decimal // what the prices of the catalogue are multiplied by
}

// places are where cloud servers can be ordered, in the vendor's order [R].
var places = []place{
	{"17", "Netherlands-3 [Cloud]", "NL-3", decimal.RequireFromString("1")},
	{"12", "Poland-1 [Cloud]", "PL-1", decimal.RequireFromString("1")},
	{"19", "Germany-1 [Cloud]", "DE-1", decimal.RequireFromString("1.05")},
	{"21", "United-States-1 [Cloud]", "US-1", decimal.RequireFromString("1.1")},
}

// article462Place is where the example of article 462 is ordered [A][R].
var article462Place = place{"13", "Netherlands-2 [Cloud]", "NL-2", decimal.RequireFromString("1")}

// periods are those of the vendor, in its order [R].
var periods = []zomro.Period{zomro.Day, zomro.Month, zomro.Quarter, zomro.HalfYear, zomro.Year}

// plan is a tariff in one datacenter.
type plan struct {
	id      string
	place   place
	title   string // without the datacenter's suffix
	group   string
	details []detail
	labels  []string // "cpu:AMD"
	linux   bool
	windows bool
	soldOut bool
	prices  map[zomro.Period]decimal.Decimal
	addons  []addon
}

// detail is a line of a plan's description; its name is an English label of
// [labels].
type detail struct{ name, value string }

// addon is an option of a plan: a list of choices, or a number.
type addon struct {
	name    string // "addon_20011"
	label   string // an English label of labels
	initial string
	choices []choice
	slider  *slider
}

// choice is one value of an addon with a list.
type choice struct {
	key, label string
	month      decimal.Decimal // added to the plan's price for a month; may be negative
}

// slider is what an addon with a number allows.
type slider struct {
	min, max, step int64
	month          decimal.Decimal // for one step above min, for a month
}

// groups are the vendor's, with their keys in fgroup_2 [R].
var groups = map[string]string{"dedicated_cpu": "3", "with_gpu": "7", "shared_cpu": "8", "forex_server": "9"}

// sample is a tariff before it is put into datacenters. All values are invented.
type sample struct {
	title, group, kind, cpu         string
	cores, memory, disk, port, tera string
	month                           string
	linux, windows                  bool
	flexible                        bool     // has sliders
	traffic                         bool     // more traffic can be bought
	soldOut                         []string // in these datacenters
	absent                          []string // from these datacenters
	only                            []zomro.Period
}

var samples = []sample{
	{title: "DEV test 1", group: "shared_cpu", kind: "Basic", cpu: "Intel", cores: "1", memory: "1.5", disk: "10", port: "250", tera: "1", month: "1.92", linux: true, absent: []string{"19", "21"}},
	{title: "Acorn AMD", group: "shared_cpu", kind: "Cheap", cpu: "AMD", cores: "1", memory: "1.5", disk: "12", port: "250", tera: "1", month: "3.84", linux: true},
	{title: "Birch Intel", group: "shared_cpu", kind: "Basic", cpu: "Intel", cores: "1", memory: "2.5", disk: "20", port: "250", tera: "1", month: "5.76", linux: true, windows: true},
	{title: "Cedar AMD", group: "shared_cpu", kind: "Basic", cpu: "AMD", cores: "2", memory: "4", disk: "40", port: "500", tera: "2", month: "9.60", linux: true, windows: true, traffic: true},
	{title: "Dogwood Intel", group: "shared_cpu", kind: "Basic", cpu: "Intel", cores: "2", memory: "6", disk: "60", port: "500", tera: "3", month: "13.50", linux: true, windows: true},
	{title: "Elm AMD", group: "shared_cpu", kind: "Premium", cpu: "AMD", cores: "4", memory: "8", disk: "90", port: "1000", tera: "4", month: "19.20", linux: true, windows: true, traffic: true, only: []zomro.Period{zomro.Day, zomro.Month}},
	{title: "Fir Intel", group: "shared_cpu", kind: "Premium", cpu: "Intel", cores: "6 ", memory: "12", disk: "120", port: "1000", tera: "6", month: "28.90", linux: true, windows: true, soldOut: []string{"12", "19"}},
	{title: "Ginkgo AMD", group: "shared_cpu", kind: "Premium", cpu: "AMD", cores: "8", memory: "16", disk: "200", port: "1000", tera: "8", month: "38.40", linux: true, windows: true, absent: []string{"21"}},
	{title: "Hazel Intel", group: "shared_cpu", kind: "Premium", cpu: "Intel", cores: "12", memory: "24", disk: "320", port: "1000", tera: "12", month: "57.70", linux: true, windows: true, absent: []string{"21"}},
	{title: "Juniper Storage", group: "shared_cpu", kind: "Storage", cpu: "Intel", cores: "2", memory: "4", disk: "1500", port: "500", tera: "8", month: "24.95", linux: true, absent: []string{"19"}},
	{title: "Larch Flex", group: "shared_cpu", kind: "Premium", cpu: "AMD", cores: "1", memory: "2", disk: "20", port: "1000", tera: "4", month: "7.68", linux: true, windows: true, flexible: true},
	{title: "Maple Intel", group: "dedicated_cpu", kind: "Premium", cpu: "Intel", cores: "2", memory: "8", disk: "80", port: "1000", tera: "6", month: "26.88", linux: true, windows: true},
	{title: "Nutmeg AMD", group: "dedicated_cpu", kind: "Premium", cpu: "AMD", cores: "4", memory: "16", disk: "160", port: "1000", tera: "12", month: "52.80", linux: true, windows: true, traffic: true, absent: []string{"21"}},
	{title: "Oak Intel", group: "dedicated_cpu", kind: "Premium", cpu: "Intel", cores: "8", memory: "32", disk: "320", port: "1000", tera: "16", month: "105.60", linux: true, windows: true, absent: []string{"19"}},
	{title: "Pine AMD", group: "dedicated_cpu", kind: "Premium", cpu: "AMD", cores: "16", memory: "64", disk: "640", port: "1000", tera: "24", month: "211.20", linux: true, windows: true, flexible: true, absent: []string{"12", "21"}},
	{title: "Quince GPU", group: "with_gpu", kind: "Premium", cpu: "AMD", cores: "8", memory: "48", disk: "400", port: "1000", tera: "16", month: "163.20", linux: true, windows: true, absent: []string{"19", "21"}},
	{title: "Rowan GPU", group: "with_gpu", kind: "Premium", cpu: "Intel", cores: "16", memory: "96", disk: "800", port: "1000", tera: "24", month: "307.00", linux: true, windows: true, soldOut: []string{"17"}, absent: []string{"12", "19", "21"}},
	{title: "Spruce Forex 1", group: "forex_server", kind: "Premium", cpu: "Intel", cores: "1", memory: "2.5", disk: "30", port: "1000", tera: "1", month: "6.72", windows: true},
	{title: "Spruce Forex 2", group: "forex_server", kind: "Premium", cpu: "Intel", cores: "2", memory: "5", disk: "50", port: "1000", tera: "2", month: "12.48", windows: true},
	{title: "Spruce Forex 3", group: "forex_server", kind: "Premium", cpu: "Intel", cores: "3", memory: "8", disk: "80", port: "1000", tera: "3", month: "21.12", windows: true, soldOut: []string{"12"}, absent: []string{"21"}},
}

// makeCatalogue returns all plans, in the order in which they are listed.
func makeCatalogue(withArticle462 bool) []*plan {
	var plans []*plan
	for number, where := range places {
		for index, sample := range samples {
			if !slices.Contains(sample.absent, where.id) {
				plans = append(plans, sample.at(where, 9000+100*(number+1)+index))
			}
		}
	}
	if withArticle462 {
		plans = append(plans, article462Plan())
	}
	return plans
}

// at puts a tariff into a datacenter.
func (t sample) at(where place, id int) *plan {
	month := cents(decimal.RequireFromString(t.month).Mul(where.markup))
	p := &plan{
		id: strconv.Itoa(id), place: where, title: t.title, group: t.group,
		linux: t.linux, windows: t.windows, soldOut: slices.Contains(t.soldOut, where.id),
		prices: prices(month, t.only),
		details: []detail{
			{"Support tier", "Basic tier"},
			{"network", "IPv4 " + where.suffix},
			{"CPU count", t.cores},
			{"Memory", t.memory + " Gb"},
			{"Disk space", t.disk + " Gb"},
			{"Port speed", t.port + " Mbps"},
			{"Bandwidth", "Unmetered traffic"},
			{"Traffic volume", t.tera + " TB"},
		},
	}
	p.labels = append(p.labels, "cpu:"+t.cpu)
	if t.linux {
		p.labels = append(p.labels, "os:Linux")
	}
	if t.windows {
		p.labels = append(p.labels, "os:Windows")
	}
	soldOut := "soldout:False"
	if p.soldOut {
		soldOut = "soldout:True"
	}
	p.labels = append(p.labels, soldOut, "type:"+t.kind)

	name := func(k int) string { return "addon_" + strconv.Itoa(10*id+k) }
	p.addons = append(p.addons, networkAddon(name(1), "IPv4 "+where.suffix, strconv.Itoa(301), strconv.Itoa(302)))
	if t.traffic {
		p.addons = append(p.addons, addon{name: name(2), label: "Outgoing traffic", initial: "311", choices: []choice{
			{"311", t.tera + " TB", decimal.Zero},
			{"312", t.tera + " TB + 5 TB", decimal.RequireFromString("3.00")},
			{"313", t.tera + " TB + 10 TB", decimal.RequireFromString("5.50")},
		}})
	}
	if t.flexible {
		p.addons = append(
			p.addons,
			sliderAddon(name(3), "CPU count", whole(t.cores), 16, 1, "2.40"),
			sliderAddon(name(4), "Memory", whole(t.memory), 32, 2, "1.90"),
			sliderAddon(name(5), "Disk space", whole(t.disk), 200, 10, "0.75"),
			addon{name: name(6), label: "Port speed", initial: "321", choices: []choice{{"321", t.port + " Mbps", decimal.Zero}}},
		)
	}
	return p
}

// article462Plan is what the complete example of article 462 orders; its ids
// are the article's [A], the rest is invented.
func article462Plan() *plan {
	p := sample{
		title: "Cloud Essential", group: "shared_cpu", kind: "Basic", cpu: "Intel",
		cores: "1", memory: "2", disk: "12", port: "1000", tera: "1", month: "4.80", linux: true,
	}.at(article462Place, 6740)
	p.addons = []addon{networkAddon("addon_6746", "IPv4 NL-2", "259", "260")}
	return p
}

// networkAddon offers a server without IPv4, which costs one euro less a
// month [F].
func networkAddon(name, public, publicKey, sixKey string) addon {
	return addon{name: name, label: "network", initial: publicKey, choices: []choice{
		{publicKey, public, decimal.Zero},
		{sixKey, "server only with IPv6", decimal.NewFromInt(-1)},
	}}
}

// sliderAddon is a number from the plan's own value up by at most `more`.
func sliderAddon(name, label string, from, more, step int64, month string) addon {
	return addon{name: name, label: label, initial: strconv.FormatInt(from, 10), slider: &slider{
		min: from, max: from + more, step: step, month: decimal.RequireFromString(month),
	}}
}

// whole reads a number of the catalogue's own table.
func whole(text string) int64 { return decimal.RequireFromString(text).IntPart() }

// prices works out a plan's prices from that for a month, as they relate in the
// vendor's list: a day is about month/19.2, the others are multiples [R].
func prices(month decimal.Decimal, only []zomro.Period) map[zomro.Period]decimal.Decimal {
	all := map[zomro.Period]decimal.Decimal{}
	for _, period := range periods {
		if only != nil && !slices.Contains(only, period) {
			continue
		}
		if period == zomro.Day {
			all[period] = cents(month.Div(decimal.RequireFromString("19.2")))
		} else {
			all[period] = scale(month, period)
		}
	}
	return all
}

// scale turns what an addon costs a month into what it costs a period; a day is
// a thirtieth of a month [F].
func scale(month decimal.Decimal, period zomro.Period) decimal.Decimal {
	if period == zomro.Day {
		return cents(month.Div(decimal.NewFromInt(30)))
	}
	return cents(month.Mul(decimal.RequireFromString(string(period))))
}

// periods returns those that a plan has a price for, in the vendor's order.
func (p *plan) periods() []zomro.Period {
	var offered []zomro.Period
	for _, period := range periods {
		if _, ok := p.prices[period]; ok {
			offered = append(offered, period)
		}
	}
	return offered
}

// fullTitle is the title with the datacenter's suffix, as listed [R].
func (p *plan) fullTitle() string { return p.title + "| " + p.place.suffix }

// find returns the plan of an id, nil if there is none.
func (s *Sandbox) find(id string) *plan {
	for _, p := range s.plans {
		if p.id == id {
			return p
		}
	}
	return nil
}

// SetPrice changes what a plan costs for a period, also for what is in a cart
// already. The amount is in EUR. It reports whether the plan has that period.
func (s *Sandbox) SetPrice(plan string, period zomro.Period, cost zomro.Money) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.find(plan)
	if p == nil {
		return false
	}
	if _, offered := p.prices[period]; !offered {
		return false
	}
	p.prices[period] = cents(cost.Amount)
	return true
}

// ScalePrices changes what every plan costs by so many percent, also for what
// is in a cart already: 10 raises the prices by a tenth, -10 lowers them.
func (s *Sandbox) ScalePrices(percent decimal.Decimal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	hundred := decimal.NewFromInt(100)
	for _, p := range s.plans {
		for period, cost := range p.prices {
			p.prices[period] = cents(cost.Mul(hundred.Add(percent)).Div(hundred))
		}
	}
}

// DropPlan takes a plan out of the catalogue: it can no longer be ordered.
func (s *Sandbox) DropPlan(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plans = slices.DeleteFunc(s.plans, func(p *plan) bool { return p.id == id })
}

// places returns the datacenters that can be ordered, in the vendor's order.
func (s *Sandbox) places() []place {
	if s.config.WithArticle462 {
		return append(slices.Clone(places), article462Place)
	}
	return places
}
