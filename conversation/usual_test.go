package conversation_test

import (
	"fmt"
	"slices"
	"testing"

	"zomrobot/conversation"
	orderflow "zomrobot/conversation/order"
	"zomrobot/zomro"
)

// quickly begins an order with what a line says, and has the rest filled in with the
// usual; change changes what the vendor's order form offers.
func quickly(k *talk, line string, change func(*zomro.Form)) *talk {
	return quicklyFrom(k, line, func(*zomro.Catalogue) {}, change)
}

// quicklyFrom also changes the catalogue.
func quicklyFrom(k *talk, line string, offer func(*zomro.Catalogue), change func(*zomro.Form)) *talk {
	k.auto = false
	k.command("/order " + line)
	k.d.Draft.Quick = true
	for range 4 { // the catalogue, that of another datacenter, the form, that of another period
		for _, effect := range slices.Clone(k.effects) {
			switch load := effect.(type) {
			case orderflow.LoadCatalogue:
				catalogue := catalogueOf(load.Datacenter)
				offer(&catalogue)
				k.step(orderflow.CatalogueLoaded{Draft: load.Draft, Datacenter: load.Datacenter, Catalogue: catalogue})
			case orderflow.LoadForm:
				form := formOf(load)
				change(&form)
				k.step(orderflow.FormLoaded{Draft: load.Draft, Account: "7", Plan: load.Plan, Datacenter: load.Datacenter, Form: form})
			}
		}
	}
	k.auto = true
	return k
}

// only leaves the form those images, and the first of so many keys.
func only(keys int, labels ...string) func(*zomro.Form) {
	return func(f *zomro.Form) {
		f.Keys = f.Keys[:keys]
		f.Images = nil
		for _, label := range labels {
			f.Images = append(f.Images, zomro.Image{ID: "id of " + label, Label: label, Zone: "pub"})
		}
	}
}

func TestUsualIsFilledIn(t *testing.T) {
	systems := []string{"Debian 12", "Ubuntu 22.04", "Ubuntu 24.04", "Ubuntu 24.10", "Ubuntu 25.04", "Ubuntu 26.04 with a panel"}
	k := quickly(loggedIn(t), "pricelist=Nova", only(1, systems...)).at(orderflow.PlaceReview).sees(
		"Netherlands-3 ✨ Zomro's first", "network: IPv4 ✨ standard", "Disk space: 35 ✨ standard",
		"Ubuntu 24.04 ✨ newest LTS", "key-0 ✨ your only key", "Period: month ✨ cheaper than by the day", "1 server ✨ usual",
	)
	if o := k.tap("Order for").has("an order", isOpen).(conversation.Open); o.Order.Image != "id of Ubuntu 24.04" || o.Order.Key != "490" || o.Order.Period != zomro.Month || o.Order.Count != 1 || o.Order.Backups != nil {
		t.Errorf("ordered %+v", o.Order)
	}
	if k.d.Centre != "17" {
		t.Errorf("the datacenter is not remembered: %q", k.d.Centre)
	}
}

func TestUsualDatacenterIsTheLastOne(t *testing.T) {
	for centre, want := range map[string]string{"12": "Poland-1 ✨ as last time", "gone": "Netherlands-3 ✨ Zomro's first"} {
		k := loggedIn(t)
		k.d.Centre = centre
		quickly(k, "pricelist=Nova", only(1, "Debian 12")).at(orderflow.PlaceReview).sees(want)
	}
	// An id is that of a plan of one datacenter.
	k := loggedIn(t)
	k.d.Centre = "12"
	quickly(k, "pricelist=1701", only(1, "Debian 12")).at(orderflow.PlaceReview).sees("Netherlands-3\n")
}

func TestNothingIsGuessed(t *testing.T) {
	for _, c := range []struct {
		line string
		form func(*zomro.Form)
		at   conversation.Place
	}{
		{"", only(1, "Debian 12"), orderflow.PlacePlan},
		{"pricelist=1700", only(0, "Debian 12"), orderflow.PlaceAccess},
		{"pricelist=1700", only(2, "Debian 12"), orderflow.PlaceAccess},
		{"pricelist=1700 use_ssh_key=off", only(1, "Debian 12"), orderflow.PlaceAccess},
		{"pricelist=1700 instances_ssh_keys=lost", only(1, "Debian 12"), orderflow.PlaceAccess},
		{"pricelist=1700", only(1, "Windows Server 2025", "Ubuntu 23.04", "Ubuntu 22.10"), orderflow.PlaceSystem},
		{"pricelist=1700 instances_os=Plan 9", only(1, "Debian 12"), orderflow.PlaceSystem},
		{"datacenter=Mars", only(1, "Debian 12"), orderflow.PlaceDatacenter},
		{"pricelist=1700 order_count=0", only(1, "Debian 12"), orderflow.PlaceCount},
		{"pricelist=1700 order_period=7", only(1, "Debian 12"), orderflow.PlacePeriod},
		{"pricelist=1700 servername=-", only(1, "Debian 12"), orderflow.PlaceName},
		{"pricelist=1700 backups_schedule=on", only(1, "Debian 12"), orderflow.PlaceBackups},
	} {
		t.Run(fmt.Sprint(c.line, " ", c.at), func(t *testing.T) {
			quickly(loggedIn(t), c.line, c.form).at(c.at)
		})
	}
}

// TestAnAnswerIsThePersonsOwn looks at each mark of the review: an answer takes it off,
// looking at the question does not.
func TestAnAnswerIsThePersonsOwn(t *testing.T) {
	k := quickly(loggedIn(t), "pricelist=1700", only(1, "Debian 12", "Debian 11"))
	for _, c := range []struct {
		edit, mark string
		answer     []string
	}{
		{"System", "Debian 12 ✨ newest", []string{"Debian", "Debian 12"}},
		{"Login", "your only key", []string{"SSH key", "key-0"}},
		{"Name", "the order number ✨ usual", []string{"Skip"}},
		{"Backups", "none ✨ usual", []string{"No backups"}},
		{"Period", "cheaper than by the day", []string{"month"}},
		{"Quantity", "1 server ✨ usual", []string{"1"}},
	} {
		k.at(orderflow.PlaceReview).sees(c.mark).tap(c.edit).tap("‹ Back").at(orderflow.PlaceReview).sees(c.mark)
		k.tap(c.edit)
		for _, answer := range c.answer {
			k.tap(answer)
		}
		k.at(orderflow.PlaceReview).seesNot(c.mark)
	}
	k.seesNot("✨")
}

// TestTheReviewEndsGuessing drops what was assumed by going elsewhere: from the review on
// what is missing is asked.
func TestTheReviewEndsGuessing(t *testing.T) {
	k := quickly(loggedIn(t), "pricelist=Nova", only(1, "Debian 12")).at(orderflow.PlaceReview)
	k.d.Draft.Image = &zomro.Image{ID: "x", Label: "Nowhere else 1", Zone: "pub"}
	k.tap("Datacenter").tap("Poland").at(orderflow.PlaceSystem)
}

func TestUsualPeriod(t *testing.T) {
	month, day := euro("6.00"), euro("0.20")
	for _, c := range []struct {
		prices []zomro.Price
		want   string
	}{
		{[]zomro.Price{{Period: zomro.Month, Cost: month}, {Period: zomro.Year, Cost: month}}, "month ✨ the shortest"},
		{[]zomro.Price{{Period: zomro.Day, Cost: day}, {Period: zomro.Month, Cost: month}}, "day ✨ a month saves nothing"},
		{[]zomro.Price{{Period: zomro.Day, Cost: euro("0.21")}, {Period: zomro.Month, Cost: month}}, "month ✨ cheaper than by the day"},
		{[]zomro.Price{{Period: zomro.Year, Cost: month}, {Period: zomro.Quarter, Cost: month}}, "3 months ✨ the shortest"},
	} {
		k := quicklyFrom(loggedIn(t), "pricelist=1700", func(catalogue *zomro.Catalogue) { catalogue.Plans[0].Prices = c.prices }, only(1, "Debian 12"))
		k.at(orderflow.PlaceReview).sees(c.want)
	}
}
