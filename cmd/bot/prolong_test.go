package main

import (
	"strings"
	"testing"
	"time"

	"zomrobot/zomro/sandbox"
)

// prolongCost is what paying a server on for a month costs, in euros.
const prolongCost = "3.84"

// prolong has the person ask for the price of paying a server on for a month.
func (s *scene) prolong() {
	s.t.Helper()
	s.asksToProlong()
	s.witness.agree(s.costs(prolongCost).Amount)
	s.press("button.prolong_yes")
}

// asksToProlong is prolong up to the last step.
func (s *scene) asksToProlong() {
	s.t.Helper()
	s.vendor.AddService(vendorLogin, "web-1")
	s.say(s.person, "/servers")
	s.tap(s.person, "🟢 web-1")
	for _, key := range []string{"button.paying", "button.prolong", "button.period_month"} {
		s.press(key)
	}
}

// paysOn has them agree to it, if they are asked.
func (s *scene) paysOn() {
	s.t.Helper()
	s.press("button.choose_accept", "Price", s.witness.money(s.costs(prolongCost)))
}

// prolonged fails unless the server was paid on for so many months with so much money,
// and what was asked for was sent at most once.
func (s *scene) prolonged(months int, taken string) {
	s.t.Helper()
	service := s.vendor.Services(vendorLogin)[0]
	if got, want := s.vendor.PaidUntil(vendorLogin, service.ID), service.Created.AddDate(0, 1+months, 0); !got.Equal(want) {
		s.t.Errorf("paid until %s, want %s:\n%s", got, want, s.chats.Transcript(s.person))
	}
	if got := s.vendor.Taken(vendorLogin).Amount.StringFixed(2); got != taken {
		s.t.Errorf("%s was taken, want %s:\n%s", got, taken, s.chats.Transcript(s.person))
	}
	if n := carriedOut(s.vendor, "service.prolong"); n != 1 {
		s.t.Errorf("it was put into the cart %d times:\n%s", n, s.chats.Transcript(s.person))
	}
	if n := carriedOut(s.vendor, "cartorder.create.confirm"); n > 1 {
		s.t.Errorf("the payment was asked for %d times with nobody's press:\n%s", n, s.chats.Transcript(s.person))
	}
}

// carriedOut is how often the vendor was asked to carry out a function.
func carriedOut(v *sandbox.Sandbox, function string) int {
	n := 0
	for _, call := range v.Calls() {
		for _, f := range call.Fields {
			if call.Func == function && f.Name == "sok" {
				n++
			}
		}
	}
	return n
}

// TestProlongationByAVendorThatDoesOtherwise: nothing is paid that the answer does not name,
// and what has changed at the account is told.
func TestProlongationByAVendorThatDoesOtherwise(t *testing.T) {
	t.Parallel()
	for how, test := range map[sandbox.Prolonging]struct {
		months int
		taken  string
		says   string
	}{
		sandbox.ProlongNothing: {0, "0.00", "charged.no"},
		sandbox.ProlongTwice:   {0, "0.00", "charged.no"},
		sandbox.ProlongUnnamed: {0, "0.00", "charged.no"},
		sandbox.ProlongAtOnce:  {1, "3.84", "pays_on.changed"},
	} {
		t.Run(string(how), func(t *testing.T) {
			inBothLanguages(t, func(s *scene) {
				s.vendor.Behave(sandbox.Behaviour{Prolonging: how})
				s.prolong()
				s.wait()
				s.wait()
				s.hears(msg("pays_on.failed"), msg(test.says))
				s.prolonged(test.months, s.costs(test.taken).Amount.StringFixed(2))
				if n := carriedOut(s.vendor, "cartorder.create.confirm"); n > 0 {
					s.t.Errorf("%d payments were asked for", n)
				}
				if left := len(s.vendor.Cart(vendorLogin)) > 0; left {
					s.hears(msg("purchase.item_left"))
				}
			})
		})
	}
}

// TestProlongationBesideARenewal: a server that is renewed by itself while the payment is
// in doubt is not said to be paid by it.
func TestProlongationBesideARenewal(t *testing.T) {
	t.Parallel()
	inBothLanguages(t, func(s *scene) {
		s.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: "cartorder.create.confirm"})
		s.prolong()
		s.witness.leave()
		service := s.vendor.Services(vendorLogin)[0].ID
		s.paysOn()
		s.vendor.PayOn(vendorLogin, service)
		s.wait()
		s.hears(msg("question.unknown_means"), msg("evidence.paid_on.other"), msg("evidence.item.in_cart"))
		s.press("button.choose_not_bought")
		s.pass(time.Minute)
		s.takenOut()
		s.wantTakenOut(s.person)
	})
}

// TestChargeIsCountedOnce: a server that is ordered and paid on within the minute is charged
// twice under its name, and each charge is told of its own purchase alone.
func TestChargeIsCountedOnce(t *testing.T) {
	t.Parallel()
	inBothLanguages(t, func(s *scene) {
		s.order(shortOrder, "5.76")
		s.shown()
		s.pass(time.Minute)
		s.witness.agree(s.costs("5.76").Amount)
		s.say(s.person, "/servers")
		s.tap(s.person, "🟢 web-1")
		for _, key := range []string{"button.paying", "button.prolong", "button.period_month", "button.prolong_yes"} {
			s.press(key)
		}
		s.press("button.choose_accept", "Price", s.witness.money(s.costs("5.76")))
		s.wait()
		if got := s.vendor.Taken(vendorLogin).Amount.StringFixed(2); got != s.costs("11.52").Amount.StringFixed(2) {
			s.t.Errorf("%s was taken:\n%s", got, s.chats.Transcript(s.person))
		}
		s.hears(msg("charged.taken", "Taken", s.witness.money(s.costs("5.76"))))
		if told := s.chats.Transcript(s.person); strings.Contains(told, s.witness.money(s.costs("11.52"))) {
			s.t.Errorf("a charge is counted twice:\n%s", told)
		}
	})
}

// TestRenewalSwitchedOff between the question and the answer: nothing is opened.
func TestRenewalSwitchedOff(t *testing.T) {
	t.Parallel()
	on := true
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Zomro.Renew = on })
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.say(anna, "/servers web-1")
	for _, label := range []string{"💶 Billing", "💶 Renew", "month"} {
		w.tap(anna, label)
	}
	w.stopBot()
	on = false
	w.start()
	w.settle()
	forms := w.called("service.prolong")
	w.tap(anna, "🛒 Ask for the price")
	w.wantSaid(anna, "switched off here")
	if n := w.called("service.prolong") - forms; n != 0 {
		t.Errorf("it was asked for %d times", n)
	}
}
