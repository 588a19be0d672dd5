package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/audit"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// What there is on the account of a marked team, by its balance and its credit.
const (
	markedBalance = "7313.37"
	markedCredit  = "1717.71"
)

// marked are all amounts that tell what there is: the balance, the credit and both,
// before anything was paid and after one order and two.
var marked = []string{markedBalance, markedCredit, "9031.08", "7307.61", "9025.32", "7301.85", "9019.56"}

// spoken are the vendor's words about money, as it says them elsewhere.
const spoken = "Insufficient funds to complete the operation. Required amount 5.76. Your current balance: " +
	markedBalance + ", credit limit " + markedCredit + " EUR"

// newMarkedTeam is newBigTeam with an account that can be told by what is on it and
// by its id.
func newMarkedTeam(t *testing.T) *world {
	t.Helper()
	w := newWorldWith(t, sandbox.Config{ActivationDelay: time.Minute}, func(*Config) {})
	w.vendor.AddAccount("nobody@example.com", vendorPassword, eur(0))
	for range 70_000 { // so that no other number is as long as an id
		w.vendor.AddUser("another@example.com", vendorPassword, "nobody@example.com")
	}
	w.vendor.AddAccount(vendorLogin, vendorPassword, zomro.Money{Amount: decimal.RequireFromString(markedBalance), Currency: "EUR"})
	w.vendor.SetCredit(vendorLogin, zomro.Money{Amount: decimal.RequireFromString(markedCredit), Currency: "EUR"})
	w.vendor.AddKey(vendorLogin, "laptop", demoKey)
	w.login(anna)
	w.must(w.chats.AddGroup(bigTeam, "Big team", anna, boris))
	w.must(w.chats.Promote(anna, bigTeam, boris, emulator.Rights{})) // he may export the record
	w.makeTeamIn(anna, bigTeam, 0)
	return w
}

// accountID is the vendor's id of the account.
func (w *world) accountID() string {
	w.t.Helper()
	for _, line := range w.book("team/" + strconv.FormatInt(bigTeam, 10)) {
		if deed, err := line.Read(); err == nil {
			if opened, ok := deed.(audit.Opened); ok {
				return opened.Account
			}
		}
	}
	w.t.Fatal("nothing was ordered")
	return ""
}

// marks are what tells of the account, to be found in texts.
type marks struct {
	amounts []string // without what they are written with, beside digits
	id      *regexp.Regexp
}

// accountMarks are the marks of the account that a team has ordered with.
func (w *world) accountMarks() marks {
	w.t.Helper()
	m := marks{id: regexp.MustCompile(`\b` + w.accountID() + `\b`)}
	for _, mark := range marked {
		m.amounts = append(m.amounts, between.ReplaceAllString(mark, ""))
	}
	return m
}

// between are what numbers are written with, beside digits.
var between = regexp.MustCompile("[\\s.,'’_\u00a0\u202f\u2009]")

// digest is a hash of the record: any digits can stand in one.
var digest = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

// in are the marks that are in a text, in whatever spelling.
func (m marks) in(text string) (found []string) {
	text = digest.ReplaceAllString(text, "")
	digits := between.ReplaceAllString(text, "")
	for i, amount := range m.amounts {
		if strings.Contains(digits, amount) {
			found = append(found, marked[i])
		}
	}
	if m.id.MatchString(text) {
		found = append(found, "the id")
	}
	return found
}

// discreet fails if the bot has told anybody but Anna, whose account it is, how much
// there is, or which account.
func (w *world) discreet() {
	w.t.Helper()
	own, marks := strconv.Itoa(anna), w.accountMarks()
	presses := map[string]bool{} // of Anna's in private
	for _, p := range w.chats.Presses() {
		presses[p.ID] = p.User == anna && p.Chat == anna
	}
	for _, c := range w.chats.Calls() {
		if c.Params["chat_id"] == own && len(c.Files) == 0 || presses[c.Params["callback_query_id"]] {
			continue
		}
		for name, value := range c.Params {
			if found := marks.in(value); len(found) > 0 {
				w.t.Errorf("%s tells %v in %s:\n%s", c.Method, found, name, value)
			}
		}
		for _, f := range c.Files {
			if found := marks.in(string(f.Content)); len(found) > 0 {
				w.t.Errorf("%s to %s tells %v:\n%s", f.Name, c.Params["chat_id"], found, f.Content)
			}
		}
	}
}

// annaIsTold reports whether Anna was told what there is, in private.
func (w *world) annaIsTold() bool {
	w.t.Helper()
	marks := w.accountMarks()
	for _, m := range w.chats.Messages(anna) {
		if m.Bot && len(marks.in(m.Text)) > 0 {
			return true
		}
	}
	return false
}

// TestGroupsLearnNothingOfTheAccount plays each situation in which the vendor, or the
// bot, has something to say about an account that pays for a team.
func TestGroupsLearnNothingOfTheAccount(t *testing.T) {
	t.Parallel()
	says := func(call string, match map[string]string) func(*world) {
		return func(w *world) {
			w.vendor.Inject(sandbox.Fault{
				Kind: sandbox.Reply, Func: call, Match: match, Times: 10,
				ErrorType: "insufficient_funds", ErrorText: spoken, ErrorParam: "1557.61",
			})
		}
	}
	for name, tt := range map[string]struct {
		before func(*world) // before the order is begun
		after  func(*world) // before it is confirmed
		more   string       // of the order
		then   func(*world)
		told   bool // the holder is, in private
	}{
		"it is paid": {},
		"the balance is too small": {
			after: func(w *world) { w.vendor.ScalePrices(decimal.NewFromInt(1_000_000)) },
			then: func(w *world) {
				w.tapIn(boris, bigTeam, "Оплатить", "web-1")
			},
			told: true,
		},
		"too small from the beginning": {
			before: func(w *world) { w.vendor.ScalePrices(decimal.NewFromInt(1_000_000)) },
			told:   true,
		},
		"the payment is refused": {
			after: says("cartorder.create.confirm", nil),
			then: func(w *world) { // until the account bears it out
				for range 8 {
					w.pass(30 * time.Second)
				}
			},
			told: true,
		},
		"the cart refuses it": {after: says("v2.instances.order.param", map[string]string{"sok": "ok"}), told: true},
		"the promo code is refused": {
			after: says("cart", map[string]string{"clicked_button": "apply_promocode"}), more: " promocode=NOSUCH",
		},
		"the cart can't be read":  {after: says("cart", nil), told: true},
		"the list cannot be read": {after: says("instances", nil), told: true},
		"the form cannot be read": {before: says("v2.instances.order.param", nil)},
		"the prices are refused":  {before: says("v2.instances.order.pricelist", nil)},
		"the answer is lost": {
			after: func(w *world) {
				w.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: "cartorder.create.confirm", Effect: true})
				w.vendor.Inject(sandbox.Fault{Kind: sandbox.EmptyList, Func: "instances", Nth: 2, Times: -1})
			},
			then: func(w *world) {
				for range 20 {
					w.pass(time.Minute)
				}
			},
			told: true,
		},
		"the session is lost": {after: func(w *world) {
			w.vendor.SetPassword(vendorLogin, "Another-1")
			w.vendor.ExpireSessions(vendorLogin)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newMarkedTeam(t)
			// One that was paid is in the record.
			w.sayIn(boris, bigTeam, strings.Replace(shortOrder, "web-1", "web-0", 1))
			w.tapIn(boris, bigTeam, "✅", "web-0")
			w.pass(2 * time.Minute)
			if tt.before != nil {
				tt.before(w)
				w.pass(24 * time.Hour) // the catalogue is read again
			}
			w.sayIn(boris, bigTeam, shortOrder+tt.more)
			if tt.after != nil {
				tt.after(w)
			}
			if w.tapNewestIn(boris, bigTeam, "✅ Подтвердить") != nil {
				_ = w.tapStarting(boris, bigTeam, "✅")
			}
			w.settle()
			if tt.then != nil {
				tt.then(w)
			}
			for range 3 {
				w.pass(10 * time.Second)
			}
			for _, command := range []string{"/status", "/orders", "/team", "/servers", "/accounts", "/keys", "/audit"} {
				w.sayIn(boris, bigTeam, command)
			}
			w.tapIn(boris, bigTeam, "⬇️ CSV", "")
			w.tapIn(boris, bigTeam, "⬇️ JSON lines", "")
			w.sayIn(anna, bigTeam, "/audit")
			w.tapIn(anna, bigTeam, "⬇️ CSV", "")
			w.tapIn(anna, bigTeam, "⬇️ JSON lines", "")
			w.discreet()
			if w.annaIsTold() != tt.told {
				t.Errorf("Anna is told in private: %v\n%s\n%s", !tt.told, w.chats.Transcript(anna), w.chats.Transcript(bigTeam))
			}
			w.booksHold()
		})
	}
}

// tapStarting has a person tap the newest button whose label begins so.
func (w *world) tapStarting(person, chat int64, label string) error {
	messages := w.chats.Messages(chat)
	for i := len(messages) - 1; i >= 0; i-- {
		for _, row := range messages[i].Keyboard {
			for _, b := range row {
				if !messages[i].Deleted && strings.HasPrefix(b.Label, label) {
					_, err := w.chats.Tap(person, chat, messages[i].ID, b.Label)
					return err
				}
			}
		}
	}
	return fmt.Errorf("nothing has a button %q", label)
}

// TestLaterErrorQuotesAPassword: what the vendor says of another call, while the bot
// does not know the password of the server any more, shows neither that nor the one of
// the account.
func TestLaterErrorQuotesAPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.login(anna)
	w.vendor.Inject(sandbox.Fault{
		Kind: sandbox.Reply, Func: "cartorder.create.confirm", Match: map[string]string{"sok": "ok"},
		ErrorType: "value", ErrorText: "Not for " + rootPassword + " of " + vendorPassword + ".",
	})
	w.say(anna, passwordOrder)
	w.say(anna, "/confirm")
	w.restart()
	w.pass(time.Second)
	w.wantSaid(anna, "Not for [redacted] of [redacted].")
	for range 12 {
		w.pass(time.Minute)
	}
	for _, m := range w.chats.Messages(anna) {
		if m.Bot && (strings.Contains(m.Text, rootPassword) || strings.Contains(m.Text, vendorPassword)) {
			t.Errorf("a password is said:\n%s", m.Text)
		}
	}
}
