package conversation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/conversation"
	orderflow "zomrobot/conversation/order"
	"zomrobot/team"
	"zomrobot/zomro"
)

// lastOne is a purchase that was the last one.
func lastOne() *conversation.Last {
	return &conversation.Last{
		Purchase: "A7K-41", Plan: "Nova", Datacenter: "Netherlands-3 [Cloud]", Promo: "SUMMER10", Total: euro("9.00"),
		Order: zomro.Order{Plan: "1701", Datacenter: "17", Period: zomro.Month, Image: "17-Debian 12", ServerName: "web-1", UseKey: true, Key: "491", Count: 2},
	}
}

func TestTheSameAgainInTwoTaps(t *testing.T) {
	k := loggedIn(t)
	k.last = lastOne()
	k.command("/order").sees("Last time, order A7K-41: Nova, 🇳🇱 Netherlands-3, 9.00 EUR")
	k.tap("Same as last time").at(orderflow.PlaceReview).sees("Same as purchase A7K-41", "SUMMER10", "Quantity: 2 servers").seesNot("✨")
	if o := k.tap("Order for").has("an order", isOpen).(conversation.Open); o.Order.Key != "491" || o.Order.ServerName != "web-1" || o.Promo != "" {
		t.Errorf("ordered %+v", o)
	}
	// It is what is offered the next time.
	k.command("/order")
	if load := k.has("what is offered", is[orderflow.LoadOffers]).(orderflow.LoadOffers); load.Purchase != "A7K-42" {
		t.Errorf("offered %+v", load)
	}
}

func TestTheTeamsLastPurchaseIsOffered(t *testing.T) {
	k := inTeam(t)
	k.d.Bought = "MIN-01"
	k.team.Ledger = team.Ledger{Expenses: []team.Expense{
		{Purchase: "OLD-01", At: start.Add(-time.Hour)}, {Purchase: "NEW-01", At: start}, {Purchase: "OLD-02", At: start.Add(-2 * time.Hour)},
	}}
	k.last = lastOne()
	k.command("/order").sees("Same as last time").seesNot("Saved")
	if load := k.has("what is offered", is[orderflow.LoadOffers]).(orderflow.LoadOffers); load.Purchase != "NEW-01" {
		t.Errorf("offered %+v", load)
	}
}

func TestPopularIsChosenByRule(t *testing.T) {
	plan := func(title, cpu, memory, month string, change ...func(*zomro.Plan)) zomro.Plan {
		p := zomro.Plan{
			ID: "17" + title, Datacenter: "17", Title: title, Labels: []string{"os:Linux"},
			Details: []zomro.Detail{{Name: "CPU", Value: cpu}, {Name: "Memory", Value: memory}, {Name: "Disk", Value: "20 Gb"}},
			Prices:  []zomro.Price{{Period: zomro.Month, Cost: euro(month)}},
		}
		for _, c := range change {
			c(&p)
		}
		return p
	}
	soldOut := func(p *zomro.Plan) { p.SoldOut = true }
	windows := func(p *zomro.Plan) { p.Labels = []string{"os:Windows"} }
	free := func(p *zomro.Plan) { p.Prices = nil }
	for _, c := range []struct {
		name  string
		plans []zomro.Plan
		want  string
	}{
		{"the cheapest that has enough", []zomro.Plan{plan("A", "1", "8 Gb", "1"), plan("B", "8", "2 Gb", "2"), plan("C", "4", "8 Gb", "9"), plan("D", "2", "4 Gb", "5")}, "Popular: D, 🇳🇱 Netherlands-3: the cheapest available one with at least 2 CPU and 4 GB"},
		{"of equals the first", []zomro.Plan{plan("C", "4", "8 Gb", "5"), plan("D", "2", "4 Gb", "5")}, "Popular: C,"},
		{"none that cannot be had", []zomro.Plan{plan("A", "2", "4 Gb", "1", soldOut), plan("B", "2", "4 Gb", "2", windows), plan("C", "2", "4 Gb", "3", free), plan("D", "2", "4 Gb", "5")}, "Popular: D,"},
		{"else the middle one", []zomro.Plan{plan("A", "1", "1 Gb", "9"), plan("B", "1", "1 Gb", "1"), plan("C", "1", "2 Gb", "5")}, "Popular: C, 🇳🇱 Netherlands-3: the middle of the price list"},
		{"else none", []zomro.Plan{plan("A", "1", "1 Gb", "9", soldOut)}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := loggedIn(t)
			k.auto = false
			k.command("/order")
			catalogue := catalogueOf("17")
			catalogue.Plans = c.plans
			k.step(orderflow.CatalogueLoaded{Draft: k.d.Draft.ID, Catalogue: catalogue}).sees("Choose everything", c.want)
			if c.want == "" {
				k.seesNot("Popular")
			}
		})
	}
}

func TestOffersOfTheUsualDatacenter(t *testing.T) {
	k := loggedIn(t)
	k.d.Centre = "12"
	k.command("/order").sees("Series 4, 🇵🇱 Poland-1", "4 CPU · 8 GB · 4.50 EUR/month").tap("4.50 EUR/month").
		at(orderflow.PlaceAccess).tap("SSH key").tap("key-1").at(orderflow.PlaceReview).sees("Datacenter: 🇵🇱 Poland-1\n", "Ubuntu 26.04 ✨ newest LTS")
}

func TestWordsAtTheOffer(t *testing.T) {
	loggedIn(t).command("/order").say("nova").at(orderflow.PlacePlan).sees("“nova”: 1 match").tap("Nova").
		at(orderflow.PlaceAccess).tap("Generate").at(orderflow.PlaceReview).sees("Zomro's first", "generated password")
}

func TestSavedOnes(t *testing.T) {
	k := loggedIn(t).command("/order").tap("Templates: 2").sees("small", "tiny").tap("Close").at(orderflow.PlaceOffer)
	k.tap("Templates").tap("small").tap("Order this")
	if k.d.Draft.Plan == nil || k.d.Draft.Plan.ID != "1700" {
		t.Errorf("another draft: %s", show(t, k.card()))
	}
}

// TestTotalSoFar looks at the total at each step from the plan on.
func TestTotalSoFar(t *testing.T) {
	k := loggedIn(t).command("/order").tap("Choose everything").seesNot("So far").tap("Netherlands").seesNot("So far").tap("Nova").
		at(orderflow.PlaceAddons).sees("So far: 10.00 EUR (month)").tap("only with IPv6").sees("So far: 9.00 EUR (month)").
		say("55").sees("So far: 10.00 EUR (month)").tap("24 TB").sees("So far: 10.00 EUR (month) plus traffic (price not known)").
		say("windows 2025").tap("2025").at(orderflow.PlaceAccess).sees("So far: 13.50 EUR (month) plus traffic").
		tap("Generate").tap("Skip").tap("No backups").at(orderflow.PlacePeriod).tap("year").at(orderflow.PlaceCount).sees("So far: 123.50 EUR (year) plus network, Disk space, traffic").
		say("2").at(orderflow.PlaceReview).seesNot("So far")
	k.sees("plus traffic (price not known)", "Next charge: one year after activation")
	found := false
	for _, line := range k.card().Lines {
		found = found || line.Key == "review.terms" && strings.HasPrefix(line.Args["URL"].Text, "https://zomro.com/")
	}
	if !found {
		t.Error("the terms are no link")
	}
}

// TestPlanButtonsSayWhatDecides: also of a plan that tells little.
func TestPlanButtonsSayWhatDecides(t *testing.T) {
	k := loggedIn(t).command("/order").tap("Choose everything").tap("Netherlands").sees("[2 CPU · 5 GB · 10.00 EUR · Nova]", "[4 CPU · 10 GB · 20.00 EUR · ⏳ Zen]")
	catalogue := catalogueOf("17")
	catalogue.Plans[0].Details = nil
	catalogue.Plans[1].Details[3].Value = "512 MB"
	catalogue.Plans[3].Prices = []zomro.Price{{Period: zomro.Year, Cost: zomro.Money{Amount: decimal.NewFromInt(70), Currency: "EUR"}}}
	k.d.Draft.Catalogue = &catalogue
	k.sees("[Blitz · 4.20 EUR/mo]", "[2 CPU · 512 MB · 10.00 EUR · Nova]", "[Only here]")
}

// TestTapsOfAFirstOrder counts the taps of somebody whose login has to be asked for.
func TestTapsOfAFirstOrder(t *testing.T) {
	for name, c := range map[string]struct {
		form  func(*zomro.Form)
		login []string
	}{
		"no key":   {only(0, "Debian 12"), []string{"Generate"}},
		"one key":  {only(1, "Debian 12"), nil},
		"two keys": {only(2, "Debian 12"), []string{"SSH key", "key-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			taps := 0
			k := loggedIn(t).command("/order")
			tap := func(label string) {
				k.tap(label)
				taps++
			}
			k.auto = false
			tap("EUR/month")
			load := k.has("a form is asked for", is[orderflow.LoadForm]).(orderflow.LoadForm)
			form := formOf(load)
			c.form(&form)
			k.auto = true
			k.step(orderflow.FormLoaded{Draft: load.Draft, Account: "7", Plan: load.Plan, Datacenter: load.Datacenter, Form: form})
			for _, label := range c.login {
				tap(label)
			}
			tap("Order for")
			if k.count(isOpen) != 1 || taps > 4 {
				t.Errorf("%d orders after %d taps", k.count(isOpen), taps)
			}
		})
	}
}
