package main

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"zomrobot/telegram/emulator/crowd"
)

// buying is how somebody buys.
type buying struct {
	name    string
	order   string
	inOrder int // calls that must follow each other, whoever makes them
	latency time.Duration
	sync    time.Duration
}

// bought is what one purchase took.
type bought struct {
	sold, told           time.Duration // from /confirm
	callsSold, callsTold int
	used                 crowd.Counts // until the person was told
}

// BenchmarkPurchase measures an order from /confirm until the vendor has sold it, and
// until the person is told that it is paid. Each is made by a bot of its own. How long
// it takes is compared with the calls that must follow each other: with a promo code
// cart, add, cart, promo code, cart, confirm, and without one cart, add, cart, confirm.
func BenchmarkPurchase(b *testing.B) {
	const plain, promo = "without a promo code", "with a promo code"
	for _, way := range []buying{
		{plain, shortOrder, 4, 100 * time.Millisecond, 0},
		{promo, shortOrder + " promocode=WELCOME10", 6, 100 * time.Millisecond, 0},
		{plain, shortOrder, 4, 0, 0},
		{promo, shortOrder + " promocode=WELCOME10", 6, 0, 0},
		{plain, shortOrder, 4, 0, *benchDisk},
		{promo, shortOrder + " promocode=WELCOME10", 6, 0, *benchDisk},
	} {
		name := fmt.Sprintf("promo=%t,latency=%s,sync=%s", way.name == promo, way.latency, way.sync)
		b.Run(name, func(b *testing.B) {
			var all []bought
			for b.Loop() {
				all = append(all, way.buy(b))
			}
			each := func(measure func(bought) float64) string { return figure(over(all, measure)) }
			ratio := none
			if way.latency > 0 {
				ratio = each(func(p bought) float64 { return float64(p.sold) / float64(way.latency) / float64(way.inOrder) })
			}
			tableOf(purchaseTitle,
				"order", "a call of the vendor takes", "a sync takes more", "ms to sold", "× the calls that must follow each other",
				"ms to told", "calls to sold", "calls to told", "commits to told", "syncs to told", "CPU ms").add(
				way.name, way.latency.String(), way.sync.String(),
				each(func(p bought) float64 { return milliseconds(p.sold) }), ratio,
				each(func(p bought) float64 { return milliseconds(p.told) }),
				each(func(p bought) float64 { return float64(p.callsSold) }),
				each(func(p bought) float64 { return float64(p.callsTold) }),
				each(func(p bought) float64 { return float64(p.used.Commits) }),
				each(func(p bought) float64 { return float64(p.used.Syncs) }),
				each(func(p bought) float64 { return milliseconds(p.used.CPU) }),
			)
			b.ReportMetric(over(all, func(p bought) float64 { return milliseconds(p.sold) }), "sold-ms")
			b.ReportMetric(over(all, func(p bought) float64 { return milliseconds(p.told) }), "told-ms")
			b.ReportMetric(0, "ns/op") // of it all, the login too
		})
	}
}

// buy has a person of a new bot log in and order.
func (way buying) buy(b *testing.B) bought {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), benchPatient)
	defer cancel()
	d, err := template() // for its vendor and key
	if err != nil {
		b.Fatal(err)
	}
	people := crowd.New(0)
	server := httptest.NewServer(people)
	defer server.Close()
	defer people.Close()
	bot, err := crowd.Start(measuredBot(filepath.Join(b.TempDir(), "bot.db"), d.key, server.URL, d.vendor.url, way.sync))
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := bot.Stop(); err != nil {
			b.Error(err)
		}
	}()
	login := fmt.Sprintf("buyer-%d@example.com", time.Now().UnixNano())
	d.vendor.AddAccount(login, vendorPassword, eur(1000))
	d.vendor.AddKey(login, "laptop", demoKey)
	err = errors.Join(
		logIn(ctx, people, firstPerson, login),
		people.Say(firstPerson, way.order),
		awaitShown(ctx, people, firstPerson, "By confirming you agree"), // the review is whole
	)
	if err != nil {
		b.Fatal(err)
	}
	before, err := bot.Rested()
	if err != nil {
		b.Fatal(err)
	}
	d.vendor.latency.Store(int64(way.latency))
	defer d.vendor.latency.Store(0)

	var p bought
	calls := d.vendor.callsOf(login)
	began := time.Now()
	if err := people.Say(firstPerson, "/confirm"); err != nil {
		b.Fatal(err)
	}
	for len(d.vendor.Orders(login)) == 0 {
		changed := d.vendor.Changed()
		if len(d.vendor.Orders(login)) > 0 {
			break
		}
		select {
		case <-changed:
		case <-ctx.Done():
			b.Fatalf("nothing was sold: %+v", people.Messages(firstPerson))
		}
	}
	p.sold, p.callsSold = time.Since(began), d.vendor.callsOf(login)-calls
	if err := awaitShown(ctx, people, firstPerson, "Charged: "); err != nil {
		b.Fatal(err)
	}
	p.told, p.callsTold = time.Since(began), d.vendor.callsOf(login)-calls
	after, err := bot.Counts()
	if err != nil {
		b.Fatal(err)
	}
	p.used = after.Less(before)
	return p
}

// callsOf is how many calls came with a session of an account.
func (v *benchVendor) callsOf(login string) int {
	n := 0
	for _, c := range v.Calls() {
		if c.Login == login {
			n++
		}
	}
	return n
}
