package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"zomrobot/purchase"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

const carolLogin = "carol@example.com"

// Points at which the row of the later of two orders makes room for the other.
const (
	rowStays = "call cart delete | before sending"
	rowGone  = "call cart delete | carried out, the answer lost"
)

// prepareTwo makes the store that the cells begin with in which Anna and Carol order at the
// same second, each by a login of her own of one account: both have their reviews on
// the screen. The vendor's confirm pays the whole cart; with make crash there is one, too, whose
// confirm pays one row, and they are killed at more than what they must pass.
func (m *crashMatrix) prepareTwo(t *testing.T) (scenes []*crashScene) {
	t.Helper()
	w := newWorldOf(t, sandbox.Config{}, func(p *Program) { p.Keys = m.keys })
	w.keys = m.keys
	w.addPeople()
	w.vendor.AddUser(carolLogin, vendorPassword, vendorLogin)
	w.login(anna)
	w.say(carol, "/login")
	w.tap(carol, "Login and password")
	w.say(carol, carolLogin)
	w.say(carol, vendorPassword)
	w.say(anna, shortOrder)
	w.say(carol, strings.Replace(shortOrder, "web-1", "web-2", 1))
	scopes, worth := []profile.Answer{profile.WholeCart}, mustsOfTwo
	if m.takes(1) {
		scopes, worth = append(scopes, profile.Row), ofTwo
	}
	for _, scope := range scopes {
		scenes = append(scenes, &crashScene{
			name: "two logins, a confirm pays " + string(scope), clock: w.clock.Now(), two: scope, worth: worth,
			wrong: func(v *sandbox.Sandbox) {
				v.SetFact(profile.ConfirmScope, scope)
				v.SetFact(profile.LineItem, profile.Both)
			},
		})
	}
	w.stopBot()
	write(t, m.store(scenes[0]), w.copied())
	return scenes
}

// ofTwo are the points from the first add that was made to the second payment that is known.
// Before that, and afterwards, each purchase is as one alone.
func ofTwo(points []string) []string {
	points = worthWhile(points)
	from := slices.Index(points, addLost)
	to := slices.IndexFunc(points, func(p string) bool { return strings.HasSuffix(p, " → paid | after the commit #2") })
	if from < 0 || to < from {
		return nil
	}
	return points[from : to+1]
}

// mustsOfTwo are those of them that they must pass.
func mustsOfTwo(points []string) []string {
	musts := (&crashScene{two: profile.WholeCart}).must()
	return slices.DeleteFunc(ofTwo(points), func(p string) bool { return !slices.Contains(musts, p) })
}

// share makes the account that Anna and Carol both have, of a vendor that makes their adds at
// the same time: money that moves between the two has them not hold each other back.
func (w *crashWorld) share(ctx context.Context) {
	w.chats.AddUser(carol, peopleNames[carol], "en")
	w.vendor.AddUser(carolLogin, vendorPassword, vendorLogin)
	w.vendor.AddKey(vendorLogin, "laptop", demoKey)
	w.adds = w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: addCall, Match: map[string]string{"sok": "ok"}, Times: len(w.people)})
	go func() {
		moved := false
		for changed := w.vendor.Changed(); w.adds.Held() < len(w.people); changed = w.vendor.Changed() {
			if !moved && w.adds.Held() > 0 {
				moved = true
				balance := w.vendor.Balance(vendorLogin)
				balance.Amount = balance.Amount.Add(eur(1).Amount)
				w.vendor.SetBalance(vendorLogin, balance)
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
		w.adds.Release()
	}()
}

// asAgreed are the faults of what was paid for a purchase: it has sent a payment itself, and
// not for more than was agreed to.
func (e ending) asAgreed() (broken []string) {
	for _, order := range e.orders {
		if r := e.record; r.Confirms == 0 || order.Amount.Amount.GreaterThan(r.Quote.Total.Amount) {
			broken = append(broken, fmt.Sprintf("%s was paid for %s, and its purchase has sent %d payments of %s at most",
				order.Amount.Amount, r.Order.ServerName, r.Confirms, r.Quote.Total.Amount))
		}
	}
	return broken
}

// TestCrashOfTwoCanFail forges endings that must not be, and one that is well.
func TestCrashOfTwoCanFail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		paid, agreed int64
		confirms     int
		well         bool
	}{
		"well":                  {5, 5, 1, true},
		"dearer than agreed":    {6, 5, 1, false},
		"paid with the other's": {5, 5, 0, false},
	} {
		e := ending{
			orders: []sandbox.Order{{Amount: eur(c.paid)}},
			record: purchase.Record{Confirms: c.confirms, Quote: purchase.Quote{Total: eur(c.agreed)}},
		}
		if broken := e.asAgreed(); (len(broken) == 0) != c.well {
			t.Errorf("%s: found %q", name, broken)
		}
	}
}
