package team_test

import (
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/team"
	"zomrobot/zomro"
)

// What the card of a team shows: names, limits, and what is spent.

func money(amount, currency string) zomro.Money {
	return zomro.Money{Amount: decimal.RequireFromString(amount), Currency: currency}
}

func TestName(t *testing.T) {
	tm := team.New("-1", "Backend", -1, 0, 42, time.Now()).WithName(42, "Anna")
	for user, want := range map[int64]string{42: "Anna", 43: "43", 0: "0"} {
		if got := tm.Name(user); got != want {
			t.Errorf("%d is called %q, want %q", user, got, want)
		}
	}
	if got := tm.WithName(42, "").Name(42); got != "42" || tm.Name(42) != "Anna" {
		t.Errorf("forgotten, the name is %q; of the team before, %q", got, tm.Name(42))
	}
}

func TestLimitsWith(t *testing.T) {
	five, six := money("5", "EUR"), money("6", "EUR")
	for _, limit := range team.AllLimits() {
		var none team.Limits
		set := none.With(limit, &five)
		for _, other := range team.AllLimits() {
			got := set.Of(other)
			if (got != nil) != (other == limit) || none.Of(other) != nil {
				t.Errorf("with %s, %s is %v; before it was %v", limit, other, got, none.Of(other))
			}
		}
		again := set.With(limit, &six)
		if !again.Of(limit).Amount.Equal(six.Amount) || !set.Of(limit).Amount.Equal(five.Amount) {
			t.Errorf("%s: %s after %s", limit, again.Of(limit).Amount, set.Of(limit).Amount)
		}
		if again.With(limit, nil).Of(limit) != nil {
			t.Errorf("%s cannot be taken back", limit)
		}
	}
	if !(team.Limits{Refuse: true}).With(team.LimitPurchase, &five).Refuse {
		t.Error("a limit changes what happens above it")
	}
}

func TestMonth(t *testing.T) {
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	last := time.Date(2026, 10, 31, 23, 59, 59, 0, time.UTC)
	l := team.Ledger{}.
		Spend("old", money("100", "EUR"), last).
		Spend("paid", money("7.50", "EUR"), now).
		Spend("dollars", money("3", "USD"), now).
		Reserve("waits", 42, money("2", "EUR"), last).
		Reserve("given up", 42, money("9", "EUR"), now).Free("given up").
		Reserve("free", 42, money("0", "CHF"), now)
	got := l.Month(now)
	slices.SortFunc(got, func(a, b zomro.Money) int { return a.Amount.Cmp(b.Amount) })
	if len(got) != 2 || got[0].Currency != "USD" || !got[0].Amount.Equal(decimal.NewFromInt(3)) ||
		got[1].Currency != "EUR" || !got[1].Amount.Equal(decimal.RequireFromString("9.5")) {
		t.Errorf("this month %v", got)
	}
	if got := l.Month(now.AddDate(0, 1, 0)); len(got) != 1 || !got[0].Amount.Equal(decimal.NewFromInt(2)) {
		t.Errorf("next month %v", got)
	}
	if got := (team.Ledger{}).Month(now); len(got) != 0 {
		t.Errorf("nothing is spent, and yet %v", got)
	}
}
