package conversation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	orderflow "zomrobot/conversation/order"
	"zomrobot/zomro"
)

// later is a catalogue as it is later: changed works on its plans.
func later(datacenter string, changed func(plans []zomro.Plan) []zomro.Plan) zomro.Catalogue {
	c := catalogueOf(datacenter)
	for i := range c.Plans {
		c.Plans[i].Prices = slices.Clone(c.Plans[i].Prices)
	}
	c.Plans = changed(c.Plans)
	return c
}

// dearer is a catalogue in which everything costs more.
func dearer(plans []zomro.Plan) []zomro.Plan {
	for _, p := range plans {
		for i := range p.Prices {
			p.Prices[i].Cost.Amount = p.Prices[i].Cost.Amount.Add(decimal.NewFromInt(1))
		}
	}
	return plans
}

func same(plans []zomro.Plan) []zomro.Plan { return plans }

// TestConfirmLooksAgain: what lay longer than a catalogue stays fresh is looked at
// again when it is confirmed. It is ordered when nothing has changed; what has must
// be seen first.
func TestConfirmLooksAgain(t *testing.T) {
	tests := []struct {
		name    string
		changed func([]zomro.Plan) []zomro.Plan
		silent  bool
		problem *conversation.Problem
		opens   bool // at once
		again   bool // at the next confirm
		sees    []string
	}{
		{name: "nothing has changed", changed: same, opens: true},
		{name: "the price", changed: dearer, again: true, sees: []string{"(month) has changed", "was 4.20 EUR, now 5.20 EUR", "Order for"}},
		{
			name: "it is gone", sees: []string{"no longer offers Blitz here", "Which plan?"},
			changed: func(plans []zomro.Plan) []zomro.Plan {
				return slices.DeleteFunc(plans, func(p zomro.Plan) bool { return p.Title == "Blitz" })
			},
		},
		{
			name: "it is sold out", again: true, sees: []string{"Blitz has just sold out"},
			changed: func(plans []zomro.Plan) []zomro.Plan {
				for i := range plans {
					plans[i].SoldOut = true
				}
				return plans
			},
		},
		{
			name: "the period is gone", sees: []string{"period (month)", "Billing period"},
			changed: func(plans []zomro.Plan) []zomro.Plan {
				for i := range plans {
					plans[i].Prices = plans[i].Prices[:1]
				}
				return plans
			},
		},
		{name: "no answer but the last", changed: same, silent: true, again: true, sees: []string{"Confirm once more", "Zomro isn't giving prices right now"}},
		{name: "no answer", changed: same, problem: &conversation.Problem{Kind: zomro.Transient}, again: true, sees: []string{"could not", "Zomro isn't responding"}},
		{name: "no session", changed: same, problem: &conversation.Problem{Kind: zomro.Denied}, again: true, sees: []string{"could not", "log in again"}},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			k := toReview(loggedIn(t))
			k.auto = false
			at := k.now
			k.wait(orderflow.CatalogueFresh + time.Second)
			k.command("/confirm")
			if k.count(isOpen) > 0 {
				t.Fatal("it was ordered without looking again")
			}
			load := k.has("load", is[orderflow.LoadCatalogue]).(orderflow.LoadCatalogue)
			answer := orderflow.CatalogueLoaded{Draft: load.Draft, Datacenter: load.Datacenter, At: k.now, Silent: c.silent, Problem: c.problem}
			if c.silent {
				answer.At = at
			}
			if c.problem == nil {
				answer.Catalogue = later(load.Datacenter, c.changed)
			}
			k.step(answer)
			if got := k.count(isOpen) == 1; got != c.opens {
				t.Fatalf("opened %v, want %v", got, c.opens)
			}
			if c.opens {
				return
			}
			k.sees(c.sees...)
			total := show(t, k.card())
			k.command("/confirm")
			if got := k.count(isOpen) == 1; got != c.again {
				t.Fatalf("opened at the second confirm %v, want %v", got, c.again)
			}
			if c.again {
				agreed := k.has("open", isOpen).(conversation.Open).Agreed
				if !strings.Contains(total, agreed.Price.Amount.StringFixed(2)) {
					t.Errorf("agreed to %v, which nobody saw:\n%s", agreed.Price, total)
				}
			}
		})
	}
}

// TestTimeLeavesTheReview: what the bot does by itself while a review stands in the chat leaves
// it as it is, however old its prices get; a card that comes again tells how old they are.
func TestTimeLeavesTheReview(t *testing.T) {
	k := toReview(withTwo(t))
	was := show(t, k.card())
	for range 2 {
		k.now = k.d.Reminders.Next
		k.step(conversation.Tick{}).has("look", isLook)
		k.step(accountflow.MattersLoaded{})
		if is := show(t, k.card()); is != was {
			t.Fatalf("the review has become\n%s", is)
		}
	}
	k.say("hm").sees("Prices fetched 43 hours ago")
}

// TestConfirmBeforeTheReviewIsSeen: what is confirmed while the catalogue is
// looked at again, and no review is shown, is not ordered.
func TestConfirmBeforeTheReviewIsSeen(t *testing.T) {
	k := toReview(loggedIn(t)).tap("‹ Back").at(orderflow.PlaceCount)
	k.auto = false
	k.wait(time.Hour).say("30").at(orderflow.PlaceReview).sees("Asking Zomro")
	k.command("/confirm").sees("The price isn't known yet")
	k.step(orderflow.CatalogueLoaded{Draft: k.d.Draft.ID, Datacenter: "17", Catalogue: catalogueOf("17")})
	if k.count(isOpen) > 0 {
		t.Fatal("it was ordered before the review was seen")
	}
	k.sees("Order for 126.00 EUR").command("/confirm").has("open", isOpen)
}

// TestRefreshKeepsTheOld: a list that cannot be loaded again stays as it was.
func TestRefreshKeepsTheOld(t *testing.T) {
	k := loggedIn(t).command("/order").tap("Choose everything").tap("Netherlands").say("nova")
	k.auto = false
	k.tap("Refresh").sees("Asking Zomro")
	load := k.has("load", is[orderflow.LoadCatalogue]).(orderflow.LoadCatalogue)
	if !load.Fresh {
		t.Error("a refresh takes what is cached")
	}
	k.wait(time.Minute).step(orderflow.CatalogueLoaded{Draft: load.Draft, Datacenter: load.Datacenter, Problem: &conversation.Problem{Kind: zomro.Transient}})
	k.at(orderflow.PlacePlan).sees("“nova”: 1 match", "fetched 1 min ago", "Nova")
}

// TestWordsThatNameDatacenters finds plans here, and datacenters elsewhere.
func TestWordsThatNameDatacenters(t *testing.T) {
	tests := []struct {
		search    string
		elsewhere string // the only other one that is offered
		found     bool   // plans of this one are
	}{
		{"nl", "", true},
		{"NL-3", "", true},
		{"netherlands 2 cpu", "", true},
		{"pl", "Poland-1", true},
		{"pl-1", "Poland-1", true},
		{"pl-2", "", false},
		{"Germ", "Germany-1", true},
		{"de nova", "Germany-1", true},
		{"ger", "", false},
		{"nova", "", true},
		{"atla", "Atlantis-1", true},
	}
	for _, c := range tests {
		t.Run(c.search, func(t *testing.T) {
			k := loggedIn(t).command("/order").tap("Choose everything").tap("Netherlands").say(c.search)
			shown := show(t, k.card())
			for _, other := range []string{"Poland-1", "Germany-1", "Atlantis-1"} {
				if strings.Contains(shown, "Go to") && strings.Contains(shown, other) != (other == c.elsewhere) {
					t.Errorf("%q is offered, or not:\n%s", other, shown)
				}
			}
			if strings.Contains(shown, "Go to") != (c.elsewhere != "") {
				t.Errorf("the way to %q:\n%s", c.elsewhere, shown)
			}
			if strings.Contains(shown, "· Nova") != c.found {
				t.Errorf("plans are found: want %v\n%s", c.found, shown)
			}
		})
	}
	k := loggedIn(t).command("/order").tap("Choose everything").tap("Netherlands").say("pl nova").tap("Go to")
	k.at(orderflow.PlacePlan).sees("Poland-1", "“nova”: 1 match")
}

// TestPeriodsBesideEachOther: with a shorter price list less can be said.
func TestPeriodsBesideEachOther(t *testing.T) {
	plan := func(prices ...string) zomro.Plan {
		p := zomro.Plan{ID: "1700", Datacenter: "17", Title: "One"}
		for i := 0; i < len(prices); i += 2 {
			p.Prices = append(p.Prices, zomro.Price{Period: zomro.Period(prices[i]), Cost: euro(prices[i+1])})
		}
		return p
	}
	tests := []struct {
		name  string
		plan  zomro.Plan
		lines []string
	}{
		{"as the vendor has it", plan("-50", "0.34", "1", "6.48", "3", "19.44", "6", "37.88", "12", "77.76"), []string{
			"day: 0.34 EUR — 10.20 EUR for 30 days, 124.10 EUR a year",
			"month: 6.48 EUR — 0.22 EUR a day, 77.76 EUR a year; 36% less than daily",
			"3 months: 19.44 EUR — 0.22 EUR a day, 6.48 EUR a month, 77.76 EUR a year; no cheaper than monthly",
			"6 months: 37.88 EUR — 0.21 EUR a day, 6.31 EUR a month, 75.76 EUR a year; 38% less than daily and 1.00 EUR less than monthly",
			"year: 77.76 EUR — 0.22 EUR a day, 6.48 EUR a month; no cheaper than monthly",
		}},
		{"no price by the day", plan("1", "6.00", "12", "60.00"), []string{"month: 6.00 EUR — 0.20 EUR a day, 72.00 EUR a year; nothing to compare with", "12.00 EUR less than monthly"}},
		{"no month", plan("-50", "1.00", "12", "400.00"), []string{"year: 400.00 EUR — 1.11 EUR a day, 33.33 EUR a month; no savings"}},
		{"longer is dearer", plan("1", "6.00", "3", "20.00"), []string{"no savings"}},
		{"for nothing", plan("-50", "0.00", "1", "0.00"), []string{"nothing to compare with"}},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			k := loggedIn(t)
			catalogue := catalogueOf("17")
			k.command("/order").tap("Choose everything").tap("Netherlands")
			k.d.Draft.Catalogue, k.d.Draft.Plan, k.d.Draft.Place = &catalogue, &c.plan, orderflow.PlacePeriod
			k.sees(c.lines...)
		})
	}
}

// TestComparedPlansThatAreGone: marks outlive a new catalogue, plans need not.
func TestComparedPlansThatAreGone(t *testing.T) {
	k := loggedIn(t).command("/order").tap("Choose everything").tap("Netherlands").tap("Compare").tap("Blitz").tap("Nova").tap("Compare selected")
	k.sees("1. Blitz", "2. Nova", "CPU count: 1 | 2", "Support tier: Basic tier", "month: 4.20 EUR | 10.00 EUR")
	k.auto = false
	k.wait(time.Hour).command("/continue")
	k.step(orderflow.CatalogueLoaded{Draft: k.d.Draft.ID, Datacenter: "17", Catalogue: later("17", func(plans []zomro.Plan) []zomro.Plan { return plans[2:] })})
	k.at(orderflow.PlaceCompared).sees("no longer offers these plans")
	k.tap("‹ Back").at(orderflow.PlaceCompare).tap("‹ Back").at(orderflow.PlacePlan)
}

// TestSystemThatCosts: what the order form says that a system adds is shown
// and counted, once a server.
func TestSystemThatCosts(t *testing.T) {
	order := "/order datacenter=17 pricelist=1701 order_period=1 order_count=2 servername=w-1 backups_schedule=off password=" + goodPassword + " addon_171=259 instances_os="
	k := loggedIn(t).command(order + "Windows Server 2025").at(orderflow.PlaceReview)
	k.sees("Windows Server 2025: +3.50 EUR (month, one server)", "Charged now: 27.00 EUR", "Windows comes with a trial licence")
	open := k.command("/confirm").has("open", isOpen).(conversation.Open)
	if !open.Agreed.Total.Amount.Equal(decimal.RequireFromString("27")) {
		t.Errorf("agreed to %v", open.Agreed.Total)
	}
	loggedIn(t).command(order + "Windows Server 2022").at(orderflow.PlaceReview).sees("Charged now: 20.00 EUR").seesNot("adds:")
	k = loggedIn(t).command("/order").tap("Choose everything").tap("Netherlands").tap("Zen").at(orderflow.PlaceSystem)
	k.say("windows").sees("[Windows Server 2022]", "[Windows Server 2025 · 3.50 EUR]")
}
