package team_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"zomrobot/team"
	"zomrobot/zomro"
)

// used checks what is used up of the limits of the buyer, in EUR.
func used(t *testing.T, l team.Ledger, at time.Time, day, month, all string) {
	t.Helper()
	for limit, want := range map[team.Limit]string{
		team.LimitPurchase: "0", team.LimitPersonDay: day, team.LimitPersonMonth: month, team.LimitTeamMonth: all,
	} {
		if got := l.Used(limit, buyer, "EUR", "", at); !got.Amount.Equal(eur(want).Amount) || got.Currency != "EUR" {
			t.Errorf("%s at %v: %v, want %s", limit, at, got, want)
		}
	}
}

func TestWhatCountsWhen(t *testing.T) {
	late := time.Date(2026, 11, 30, 23, 59, 59, 0, time.UTC)
	l := team.Ledger{}.Reserve("A", buyer, eur("5"), late)
	used(t, l, late, "5", "5", "5")
	used(t, l, late.AddDate(1, 0, 0), "5", "5", "5") // it may be paid at any time
	l = l.Reserve("A", buyer, eur("7"), late)
	used(t, l, late, "7", "7", "7")
	l = l.Spend("A", eur("6"), late)
	used(t, l, late, "6", "6", "6")
	used(t, l, late.Add(time.Second), "0", "0", "0") // another day, and another month
	l = l.Reserve("A", buyer, eur("9"), late).Free("A")
	used(t, l, late, "6", "6", "6")
	// A day is one of UTC, whatever the clock of the caller shows.
	moscow := time.FixedZone("", 3*60*60)
	used(t, l, late.In(moscow), "6", "6", "6")
	l = l.Reserve("B", approver, eur("10"), late).Reserve("C", buyer, usd("3"), late)
	used(t, l, late, "6", "6", "16")
	if got := l.Used(team.LimitTeamMonth, 0, "USD", "", late); !got.Amount.Equal(usd("3").Amount) || got.Currency != "USD" {
		t.Errorf("in dollars %v", got)
	}
	if got := l.Used(team.LimitTeamMonth, 0, "EUR", "B", late); !got.Amount.Equal(eur("6").Amount) {
		t.Errorf("without B %v", got)
	}
	l = l.Free("B").Free("C").Free("another")
	used(t, l, late, "6", "6", "6")
	// Nobody knows who paid what was never reserved.
	used(t, l.Spend("D", eur("4"), late), late, "6", "6", "10")
	// A clock that went back makes nothing cheaper.
	used(t, l, late.Add(-24*time.Hour), "6", "6", "6")
	// There is no negative amount to make room with.
	used(t, l.Reserve("E", buyer, eur("-5"), late).Spend("F", eur("-5"), late), late, "6", "6", "6")
}

// TestOldExpensesAreForgotten: two months are kept of what was spent, and
// everything that is reserved.
func TestOldExpensesAreForgotten(t *testing.T) {
	l := team.Ledger{}.
		Reserve("reserved", buyer, eur("1"), noon.AddDate(-1, 0, 0)).
		Spend("september", eur("1"), time.Date(2026, 9, 30, 23, 0, 0, 0, time.UTC)).
		Spend("october", eur("1"), time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC))
	if len(l.Expenses) != 3 {
		t.Fatalf("in October %+v", l.Expenses)
	}
	l = l.Reserve("new", buyer, eur("1"), noon)
	if len(l.Expenses) != 4 {
		t.Fatalf("one later purchase alone has forgotten some: %+v", l.Expenses)
	}
	l = l.Reserve("newer", buyer, eur("1"), noon)
	var names []string
	for _, e := range l.Expenses {
		names = append(names, e.Purchase)
	}
	if want := []string{"reserved", "october", "new", "newer"}; !reflect.DeepEqual(names, want) {
		t.Errorf("in November %v, want %v", names, want)
	}
}

// some draws a small amount, mostly in one currency.
func some(t *rapid.T) zomro.Money {
	return zomro.Money{
		Amount:   decimal.New(rapid.Int64Range(-100, 1000).Draw(t, "amount"), -2),
		Currency: rapid.SampledFrom([]string{"EUR", "EUR", "EUR", "USD"}).Draw(t, "currency"),
	}
}

func written(t *rapid.T, l team.Ledger) string {
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestLedgerKeepsItsBooks compares a ledger that anything is done to, twice each
// time, with a plain account of the same.
func TestLedgerKeepsItsBooks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type cost struct {
			who    int64
			amount zomro.Money
			at     time.Time
			spent  bool
		}
		var l team.Ledger
		book := map[string]cost{}
		now := noon
		for range rapid.IntRange(1, 30).Draw(t, "deeds") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "hours")) * time.Hour)
			id := rapid.SampledFrom([]string{"A", "B", "C", "D", "E", "F"}).Draw(t, "purchase")
			who := rapid.Int64Range(1, 3).Draw(t, "who")
			amount := some(t)
			counted := amount
			if counted.Amount.IsNegative() {
				counted.Amount = decimal.Zero
			}
			before := written(t, l)
			var did func(team.Ledger) team.Ledger
			was, known := book[id]
			switch rapid.SampledFrom([]string{"reserve", "spend", "free"}).Draw(t, "deed") {
			case "reserve":
				did = func(l team.Ledger) team.Ledger { return l.Reserve(id, who, amount, now) }
				switch {
				case !known:
					book[id] = cost{who, counted, now, false}
				case !was.spent:
					book[id] = cost{was.who, counted, was.at, false}
				}
			case "spend":
				did = func(l team.Ledger) team.Ledger { return l.Spend(id, amount, now) }
				book[id] = cost{was.who, counted, now, true}
			default:
				did = func(l team.Ledger) team.Ledger { return l.Free(id) }
				if !was.spent {
					delete(book, id)
				}
			}
			once := did(l)
			if after := written(t, l); after != before {
				t.Fatalf("the old ledger has changed:\n%s\n%s", before, after)
			}
			if twice := written(t, did(once)); twice != written(t, once) {
				t.Fatalf("twice is not once:\n%s\n%s", written(t, once), twice)
			}
			l = team.Ledger{}
			if err := json.Unmarshal([]byte(written(t, once)), &l); err != nil {
				t.Fatal(err)
			}
			// What the ledger has forgotten is forgotten here too: it is too old to
			// count.
			for id, c := range book {
				if c.spent && c.at.Before(time.Date(now.Year(), now.Month()-1, 1, 0, 0, 0, 0, time.UTC)) {
					delete(book, id)
				}
			}
			for _, limit := range team.AllLimits() {
				for _, currency := range []string{"EUR", "USD"} {
					want := decimal.Zero
					for other, c := range book {
						today := c.at.Format(time.DateOnly) == now.Format(time.DateOnly)
						inMonth := c.at.Format("2006-01") == now.Format("2006-01")
						counts := limit != team.LimitPurchase && other != "F" && c.amount.Currency == currency &&
							(limit == team.LimitTeamMonth || c.who == who) &&
							(!c.spent || limit == team.LimitPersonDay && today || limit != team.LimitPersonDay && inMonth)
						if counts {
							want = want.Add(c.amount.Amount)
						}
					}
					if got := l.Used(limit, who, currency, "F", now); !got.Amount.Equal(want) {
						t.Fatalf("%s of %d at %v: %v, want %v\n%s", limit, who, now, got, want, written(t, l))
					}
				}
			}
		}
	})
}

// TestLimitsHold: a team that reserves what was judged never has more reserved
// and spent than its limits, unless somebody approved it; and whatever fits is
// let through.
func TestLimitsHold(t *testing.T) {
	through := 0
	rapid.Check(t, func(t *rapid.T) {
		limit := func(name string) *zomro.Money {
			if rapid.Bool().Draw(t, name) {
				return nil
			}
			return ptr(eur(rapid.SampledFrom([]string{"0", "4.99", "10", "25"}).Draw(t, name)))
		}
		g := group()
		g.Limits = team.Limits{
			Purchase: limit("purchase"), PersonDay: limit("day"), PersonMonth: limit("month"), TeamMonth: limit("team"),
			Refuse: rapid.Bool().Draw(t, "refuse"),
		}
		var l team.Ledger
		now := noon
		for i := range rapid.IntRange(1, 25).Draw(t, "orders") {
			now = now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour)
			id := fmt.Sprint(rapid.IntRange(0, i).Draw(t, "purchase"))
			who := rapid.Int64Range(1, 3).Draw(t, "who")
			for _, e := range l.Expenses {
				if e.Purchase == id {
					who = e.Who
				}
			}
			total := some(t)
			verdict := g.Judge(l, id, who, &total, now)
			switch {
			case rapid.IntRange(0, 4).Draw(t, "freed") == 0:
				l = l.Free(id)
			case verdict.Refused || verdict.Needed > 0:
				if len(verdict.Over) == 0 {
					t.Fatalf("stopped without being over anything: %+v", verdict)
				}
			default:
				l = l.Reserve(id, who, total, now)
				if rapid.Bool().Draw(t, "paid") {
					l = l.Spend(id, total, now)
				}
				through++
			}
			for _, e := range l.Expenses {
				if most := g.Limits.Purchase; most != nil && (e.Amount.Currency != most.Currency || e.Amount.Amount.GreaterThan(most.Amount)) {
					t.Fatalf("a purchase for %v, at most %v", e.Amount, most)
				}
				for limit, most := range map[team.Limit]*zomro.Money{
					team.LimitPersonDay: g.Limits.PersonDay, team.LimitPersonMonth: g.Limits.PersonMonth, team.LimitTeamMonth: g.Limits.TeamMonth,
				} {
					if most == nil {
						continue
					}
					if sum := l.Used(limit, e.Who, most.Currency, "", now); sum.Amount.GreaterThan(most.Amount) {
						t.Fatalf("%s of %d: %v, at most %v\n%s", limit, e.Who, sum, most, written(t, l))
					}
				}
			}
		}
	})
	if through == 0 {
		t.Error("nothing was ever let through")
	}
}

// TestTimesFarAheadForgetNothing: neither a payment that is dated far ahead nor a clock
// that was ahead once lifts a limit.
func TestTimesFarAheadForgetNothing(t *testing.T) {
	ahead := noon.AddDate(3, 0, 0)
	l := team.Ledger{}.Reserve("A", buyer, eur("5"), noon).Spend("A", eur("5"), noon).Reserve("B", buyer, eur("2"), noon)
	used(t, l.Spend("B", eur("2"), ahead), noon, "7", "7", "7")
	used(t, l.Spend("B", eur("2"), ahead).Reserve("C", buyer, eur("1"), noon), noon, "8", "8", "8")
	used(t, l.Reserve("C", buyer, eur("1"), ahead), noon, "8", "8", "8")
	used(t, l.Reserve("C", buyer, eur("1"), ahead).Reserve("D", buyer, eur("1"), noon), noon, "9", "9", "9")
}

// TestLedgerIsToldAsItCame: a ledger that is rebuilt from what is told of each change
// is the same ledger.
func TestLedgerIsToldAsItCame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l, told team.Ledger
		now := noon
		for range rapid.IntRange(1, 40).Draw(t, "deeds") {
			now = now.Add(time.Duration(rapid.IntRange(0, 900).Draw(t, "hours")) * time.Hour)
			id := rapid.SampledFrom([]string{"A", "B", "C", "D", "E", "F"}).Draw(t, "purchase")
			before := written(t, l)
			switch rapid.SampledFrom([]string{"reserve", "spend", "free"}).Draw(t, "deed") {
			case "reserve":
				l = l.Reserve(id, rapid.Int64Range(1, 3).Draw(t, "who"), some(t), now)
			case "spend":
				l = l.Spend(id, some(t), now.Add(time.Duration(rapid.IntRange(-900, 9000).Draw(t, "paid"))*time.Hour))
			default:
				l = l.Free(id)
			}
			if written(t, l) == before {
				continue
			}
			there := false
			for _, e := range l.Expenses {
				if e.Purchase == id {
					told, there = told.Set(e, now), true
				}
			}
			if !there {
				told = told.Free(id)
			}
			if is, want := written(t, told), written(t, l); is != want {
				t.Fatalf("told %s\nwant %s", is, want)
			}
		}
	})
}
