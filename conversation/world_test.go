package conversation_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	orderflow "zomrobot/conversation/order"
	"zomrobot/zomro"
)

// The world that the tests order in is made up, in the vendor's shape.

var centres = []zomro.Datacenter{
	{ID: "17", Name: "Netherlands-3 [Cloud]"},
	{ID: "12", Name: "Poland-1 [Cloud]"},
	{ID: "19", Name: "Germany-1 [Cloud]"},
	{ID: "77", Name: "Atlantis-1 [Cloud]"}, // has no plans
}

// catalogueOf is the catalogue of a datacenter; of the first for "".
//
//   - "<dc>00" is the smallest: no Windows, nothing to choose.
//   - "<dc>01" has add-ons of every kind.
//   - "<dc>02" is sold out and has only a month and a year.
//   - "1703" is only in datacenter 17.
//   - the others make the list long.
func catalogueOf(datacenter string) zomro.Catalogue {
	if datacenter == "" {
		datacenter = "17"
	}
	c := zomro.Catalogue{Datacenter: datacenter, Datacenters: centres}
	if datacenter == "77" {
		return c
	}
	add := func(n int, title string, month string, cpu int, memory string, only ...zomro.Period) *zomro.Plan {
		p := zomro.Plan{
			ID: fmt.Sprintf("%s%02d", datacenter, n), Datacenter: datacenter, Title: title, Group: "shared_cpu",
			Details: []zomro.Detail{
				{Name: "Support tier", Value: "Basic tier"},
				{Name: "network", Value: "IPv4 NL-3"},
				{Name: "CPU count", Value: fmt.Sprint(cpu)},
				{Name: "Memory", Value: memory + " Gb"},
				{Name: "Disk space", Value: "35 Gb"},
			},
			Labels: []string{"cpu:AMD", "os:Linux"},
		}
		m := decimal.RequireFromString(month)
		for _, row := range []zomro.Price{
			{Period: zomro.Day, Cost: zomro.Money{Amount: m.Div(decimal.NewFromInt(20)).Round(2), Currency: "EUR"}},
			{Period: zomro.Month, Cost: zomro.Money{Amount: m, Currency: "EUR"}},
			{Period: zomro.Quarter, Cost: zomro.Money{Amount: m.Mul(decimal.NewFromInt(3)), Currency: "EUR"}},
			{Period: zomro.HalfYear, Cost: zomro.Money{Amount: m.Mul(decimal.NewFromInt(6)), Currency: "EUR"}},
			{Period: zomro.Year, Cost: zomro.Money{Amount: m.Mul(decimal.NewFromInt(12)), Currency: "EUR"}},
		} {
			keep := len(only) == 0
			for _, period := range only {
				keep = keep || period == row.Period
			}
			if keep {
				p.Prices = append(p.Prices, row)
			}
		}
		c.Plans = append(c.Plans, p)
		return &c.Plans[len(c.Plans)-1]
	}
	add(0, "Blitz", "4.20", 1, "2.5")
	add(1, "Nova", "10.00", 2, "5").Labels = []string{"cpu:Intel", "os:Linux", "os:Windows"}
	add(2, "Zen", "20.00", 4, "10", zomro.Month, zomro.Year).SoldOut = true
	if datacenter == "17" {
		add(3, "Only here", "7.00", 1, "4")
	}
	for n := 4; n < 18; n++ {
		p := add(n, fmt.Sprint("Series ", n), fmt.Sprintf("%d.50", n), n, fmt.Sprint(2*n))
		if n > 14 {
			p.Group = "dedicated_cpu"
		}
	}
	return c
}

// formOf is the order form of a plan.
func formOf(l orderflow.LoadForm) zomro.Form {
	f := zomro.Form{Plan: l.Plan, Datacenter: l.Datacenter, Period: l.Period}
	image := func(zone, label string) {
		f.Images = append(f.Images, zomro.Image{ID: l.Datacenter + "-" + label, Label: label, Zone: zone})
	}
	for v := range 11 {
		image("pub", fmt.Sprintf("Ubuntu %d.04", 16+v))
	}
	image("pub", "Debian 12")
	for _, family := range []string{"AlmaLinux 9", "Rocky 9", "CentOS 9", "Fedora 43", "FreeBSD 14", "Oracle 9", "Arch 2026"} {
		image("pub", family)
	}
	if l.Plan == "1703" {
		image("pub", "Nowhere else 1")
	}
	image("own", "my image")
	for n := range 10 {
		f.Keys = append(f.Keys, zomro.Key{ID: fmt.Sprint(490 + n), Name: fmt.Sprint("key-", n)})
	}
	if l.Plan == l.Datacenter+"00" {
		return f
	}
	image("pub", "Windows Server 2022")
	image("pub", "Windows Server 2025")
	if license := euro("3.50"); l.Datacenter == "17" {
		f.Images[len(f.Images)-1].Cost = &license
	}
	if l.Plan == l.Datacenter+"01" {
		cheaper, more := euro("-1.00"), euro("0.50")
		f.Addons = []zomro.Addon{
			{Name: "addon_" + l.Datacenter + "1", Label: "network", Default: "259", Hint: "one address is included", Choices: []zomro.Choice{
				{Key: "259", Label: "IPv4"}, {Key: "260", Label: "server only with IPv6", Price: &cheaper},
			}},
			{Name: "addon_" + l.Datacenter + "2", Label: "support", Default: "1", Choices: []zomro.Choice{{Key: "1", Label: "Basic"}}},
			{Name: "addon_" + l.Datacenter + "3", Label: "Disk space", Default: "35", Range: &zomro.Range{Min: 35, Max: 95, Step: 10, Cost: &more}},
			{Name: "addon_" + l.Datacenter + "4", Label: "traffic", Default: "a", Choices: []zomro.Choice{{Key: "a", Label: "3 TB"}, {Key: "b", Label: "24 TB"}}},
		}
	}
	return f
}
