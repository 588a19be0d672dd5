package sandbox_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// TestPagesAreKept: what a call does not say of the page is as it was: its size for the
// person, its number for the session.
func TestPagesAreKept(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	for n := range 9 {
		r.AddService(login, "old-"+strconv.Itoa(n))
		r.AddCharge(login, "old-1", eur("1"), r.clock.Now())
	}
	stands := func(function, want string) {
		t.Helper()
		doc := r.ok(function)
		if got := doc.text("p_cnt", "$") + "/" + doc.text("p_num", "$"); got != want {
			t.Errorf("%s stands at %s, want %s", function, got, want)
		}
	}
	stands("instances", "10/1")
	r.ok("instances", "p_cnt", "4", "p_num", "2")
	stands("instances", "4/2")
	stands("expense", "10/1")
	r.auth = r.OpenSession(login)
	stands("instances", "4/1")
}

// TestChargesOfManyPages reads them as the bot does, with the client: neither what the
// costs are read with nor what somebody has looked at in the session is in the way of the
// charges that prove a payment, and nothing of the person's is changed.
func TestChargesOfManyPages(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	client := zomro.New(r.url)
	auth := zomro.Auth{Session: zomro.NewSecret(r.auth), Lang: "en"}
	const days, each = 40, 2
	for n := range days {
		for i := range each {
			r.AddCharge(login, fmt.Sprint("web-", i), eur("0.10"), r.clock.Now().AddDate(0, 0, n-days+1))
		}
	}
	newest := r.Charges(login)[days*each-1].ID
	proves := func(after string) {
		t.Helper()
		charges, err := client.Charges(t.Context(), auth)
		if err != nil || len(charges) != 10 || charges[0].ID != newest {
			t.Errorf("after %s: %d charges, %v", after, len(charges), err)
		}
	}
	since := r.clock.Now().AddDate(0, 0, -25).Truncate(24 * time.Hour)
	read, err := client.ChargesSince(t.Context(), auth, since)
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, c := range r.Charges(login) {
		if !c.Time.Before(since) {
			want++
		}
	}
	got := 0
	for _, c := range read.Charges {
		if !c.Day().Before(since) {
			got++
		}
	}
	if got != want || !read.From.Equal(since) || read.Charges[0].ID != newest || len(read.Charges) >= days*each {
		t.Errorf("%d of %d charges from %s on, want %d from %s on", got, len(read.Charges), read.From, want, since)
	}
	if doc := r.ok("expense"); doc.text("p_num", "$") != "1" || doc.text("p_cnt", "$") != "10" {
		t.Errorf("the session stands at page %s of %s rows", doc.text("p_num", "$"), doc.text("p_cnt", "$"))
	}
	proves("the costs")
	r.ok("expense", "p_num", "3")
	proves("somebody has turned the page")
	if all, err := client.ChargesSince(t.Context(), auth, time.Time{}); err != nil || len(all.Charges) != days*each || !all.From.IsZero() {
		t.Errorf("%d charges in all, from %s, %v", len(all.Charges), all.From, err)
	}
}
