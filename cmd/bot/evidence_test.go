package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/locales"
	"zomrobot/purchase"
	"zomrobot/team"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// scene is a person who orders from a vendor that does something else than it
// answers, with a witness of what is said.
type scene struct {
	*world
	witness *witness
	person  int64
}

// inBothLanguages plays a scene in English and in Russian, or in one of them if tables are not
// whole.
func inBothLanguages(t *testing.T, play func(s *scene)) {
	t.Helper()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	people := map[string]int64{"en": anna, "ru": boris}
	if !whole() {
		delete(people, []string{"en", "ru"}[len(t.Name())%2])
	}
	for lang, person := range people {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			w, wit := newWitnessed(t, texts, lang, sandbox.Config{ActivationDelay: time.Minute})
			w.login(person)
			play(&scene{w, wit, person})
		})
	}
}

// order has the person order in one message, for that price, and confirm it.
func (s *scene) order(line, agreed string) {
	s.t.Helper()
	s.review(line, agreed)
	s.say(s.person, "/confirm")
}

// review has the person order in one message, for that price.
func (s *scene) review(line, agreed string) {
	s.t.Helper()
	s.say(s.person, line)
	if line == namelessOrder {
		s.press("button.skip")
	}
	s.witness.agree(decimal.RequireFromString(agreed))
}

// clockBack sets the clock of everybody back.
func (s *scene) clockBack(by time.Duration) {
	s.witness.moved(-by)
	s.clock.move(-by)
}

// wait lets as much time go by as the bot looks for evidence, and a little more.
func (s *scene) wait() {
	s.t.Helper()
	for _, pause := range []time.Duration{2, 3, 5, 10, 30, 50, 60, 60, 30, 30, 30, 30, 60} {
		s.pass(pause * time.Second)
	}
}

// hears fails unless somebody said all of these messages in one; each is a key of
// the catalog and its arguments.
func (s *scene) hears(messages ...[]string) {
	s.t.Helper()
	var parts []string
	for _, m := range messages {
		parts = append(parts, s.witness.say(m[0], m[1:]...))
	}
	s.wantSaid(s.person, parts...)
}

// msg is a message of the catalog and its arguments.
func msg(key string, args ...string) []string { return append([]string{key}, args...) }

// never fails if somebody said the message.
func (s *scene) never(key string) {
	s.t.Helper()
	if s.said(s.person, s.witness.say(key)) {
		s.t.Errorf("somebody said %q:\n%s", s.witness.say(key), s.chats.Transcript(s.person))
	}
}

// press taps the newest button of that message.
func (s *scene) press(key string, args ...string) {
	s.t.Helper()
	s.tap(s.person, s.witness.say(key, args...))
}

// bought fails unless so many servers were bought with so many payments asked
// for, and the person was told that all are there.
func (s *scene) bought(servers, asked int) {
	s.t.Helper()
	if n := len(s.vendor.Services(vendorLogin)); n != servers {
		s.t.Errorf("%d servers, want %d:\n%s", n, servers, s.chats.Transcript(s.person))
	}
	if n := s.witness.times(); n != asked {
		s.t.Errorf("the payment was asked for %d times, want %d:\n%s", n, asked, s.chats.Transcript(s.person))
	}
	if !s.said(s.person, s.witness.say("purchase.active")) {
		s.hears(msg("purchase.active_all", "Count", strconv.Itoa(servers)))
	}
}

// confirmAnswers has the next payment answered by a fault.
func (s *scene) confirmAnswers(f sandbox.Fault) *sandbox.Injection {
	f.Func, f.Match = "cartorder.create.confirm", map[string]string{"sok": "ok"}
	return s.vendor.Inject(f)
}

// TestPaidWhateverIsAnswered: a payment that was carried out is seen, is paid for
// once, and nothing is asked.
func TestPaidWhateverIsAnswered(t *testing.T) {
	t.Parallel()
	stale := func(f sandbox.Fault) func(s *scene) {
		return func(s *scene) {
			s.vendor.FreezeCartAtConfirm(vendorLogin, sandbox.Never)
			s.confirmAnswers(f)
		}
	}
	answered := func(f sandbox.Fault) func(s *scene) {
		return func(s *scene) { s.confirmAnswers(f) }
	}
	expiring := done(documented("auth", "", "Authorization required"))
	expiring.Expire = true
	for name, vendor := range map[string]func(s *scene){
		"an error of any type":                            answered(done(documented("value", "elid", "Invalid value"))),
		"an error, and the cart still lists the item":     stale(done(documented("file", "remove", "Internal error"))),
		"insufficient funds":                              answered(done(fundsFault)),
		"the session dies, and the cart lists the item":   stale(expiring),
		"carried out 75 s late, and the cart is stale":    stale(sandbox.Fault{Kind: sandbox.Later, Delay: lateBy}),
		"an error, carried out 75 s late, the cart stale": stale(sandbox.Fault{Kind: sandbox.Later, Delay: lateBy, ErrorType: "date", ErrorText: "strptime"}),
		"HTTP 403":        answered(sandbox.Fault{Kind: sandbox.Status, Status: 403, Effect: true}),
		"HTTP 460":        answered(sandbox.Fault{Kind: sandbox.Status, Status: 460, Effect: true}),
		"access":          answered(done(documented("access", "", "Insufficient privileges"))),
		"auth":            answered(done(documented("auth", "", "Authorization required"))),
		"the total was 0": func(s *scene) { s.vendor.Behave(sandbox.Behaviour{TotalIsZero: true}) },
		"the balance lags by a minute and an answer was ok": func(s *scene) {
			s.vendor.Behave(sandbox.Behaviour{Facts: sandbox.Facts{profile.BalanceWhen: profile.Later}, LaterBy: 60})
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBothLanguages(t, func(s *scene) {
				vendor(s)
				s.order(namelessOrder, "5.76")
				s.wait()
				s.bought(1, 1)
				s.hears(msg("charged.taken", "Taken", s.witness.money(s.vendor.Taken(vendorLogin))))
				s.never("button.again")
				s.never("charged.no")
				for _, m := range s.chats.Messages(s.person) {
					if _, asks := m.Button(s.witness.say("button.again")); asks {
						s.t.Errorf("something is asked:\n%s", m.Text)
					}
				}
			})
		})
	}
}

// namelessOrder is an order whose server gets a name that carries the purchase's id.
var namelessOrder = strings.Replace(shortOrder, " servername=web-1", "", 1)

// TestStaleCartOfAGivenName: a name that somebody gave does not prove a payment
// against a cart that still lists the item: somebody else's server can have it.
func TestStaleCartOfAGivenName(t *testing.T) {
	t.Parallel()
	inBothLanguages(t, func(s *scene) {
		s.vendor.FreezeCartAtConfirm(vendorLogin, sandbox.Never)
		s.confirmAnswers(done(documented("file", "remove", "Internal error")))
		s.order(shortOrder, "5.76")
		s.wait()
		s.hears(msg("question.unknown_means"), msg("evidence.item.in_cart"))
		s.never("charged.no")
		s.press("button.choose_bought")
		s.wait()
		s.bought(1, 1)
	})
}

// TestNotPaidWhateverIsAnswered: an answer that promises what was not done, or says
// that it was not done, leads to a question, never to a second payment by itself; a
// person's press pays once.
func TestNotPaidWhateverIsAnswered(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandbox.Fault{
		"func=payment.add":  {Kind: sandbox.Pretend, Shape: sandbox.PaymentShape},
		"its own form":      {Kind: sandbox.Pretend, Shape: sandbox.FormShape},
		"an empty document": {Kind: sandbox.Pretend, Shape: sandbox.EmptyShape},
		"ok":                {Kind: sandbox.Pretend},
		"HTTP 403":          {Kind: sandbox.Status, Status: 403},
		"HTTP 460":          {Kind: sandbox.Status, Status: 460},
		"access":            documented("access", "", "Insufficient privileges"),
		"auth":              documented("auth", "", "Authorization required"),
	} {
		t.Run(name, func(t *testing.T) {
			inBothLanguages(t, func(s *scene) {
				s.confirmAnswers(fault)
				s.order(shortOrder, "5.76")
				s.pass(time.Minute)
				s.never("charged.no")
				s.wait()
				s.hears(msg("question.trouble"), msg("charged.no"))
				s.never("purchase.paid")
				if n := s.witness.times(); n != 1 {
					t.Errorf("the payment was asked for %d times with nobody's press", n)
				}
				s.press("button.again")
				s.wait()
				s.bought(1, 2)
			})
		})
	}
}

// TestChargedMoreThanAgreed: both numbers are said, in the message of the payment
// and on the card.
func TestChargedMoreThanAgreed(t *testing.T) {
	t.Parallel()
	inBothLanguages(t, func(s *scene) {
		s.vendor.SetFact(profile.Taken, profile.More)
		s.order(shortOrder, "5.76")
		s.wait()
		s.bought(1, 1)
		more := msg("charged.more", "Taken", s.witness.money(s.vendor.Taken(vendorLogin)), "Agreed", s.witness.money(s.costs("5.76")))
		s.hears(msg("news.paid", "Item", s.vendor.Orders(vendorLogin)[0].LineItem), more)
		s.hears(msg("purchase.agreed", "Total", s.witness.money(s.costs("5.76"))), more)
		if taken := s.vendor.Taken(vendorLogin).Amount; !taken.Equal(surcharged(s.costs("5.76")).Amount) {
			t.Errorf("%s was taken", taken)
		}
	})
}

// surcharged is what a vendor takes for a price that takes more than its cart says.
func surcharged(price zomro.Money) zomro.Money {
	price.Amount = price.Amount.Mul(decimal.RequireFromString("1.21")).Round(2)
	return price
}

// TestTakenLater: a tax that is taken after the payment was seen is counted and told.
func TestTakenLater(t *testing.T) {
	t.Parallel()
	inBothLanguages(t, func(s *scene) {
		s.vendor.Behave(sandbox.Behaviour{Facts: sandbox.Facts{profile.Taken: profile.More}, SurchargeAfter: 20})
		s.order(shortOrder, "5.76")
		agreed := s.costs("5.76")
		more := msg("charged.more", "Taken", s.witness.money(surcharged(agreed)), "Agreed", s.witness.money(agreed))
		s.hears(msg("charged.taken", "Taken", s.witness.money(agreed)))
		s.pass(30 * time.Second)
		s.hears(more)
		if news := s.chats.Messages(s.person); !strings.Contains(news[len(news)-1].Text, s.witness.say(more[0], more[1:]...)) {
			t.Errorf("it is not told in a message of its own:\n%s", s.chats.Transcript(s.person))
		}
		s.wait()
		s.bought(1, 1)
	})
}

// TestItemCalledOtherwise: what the cart calls by another name than what was ordered is
// asked about before it is paid.
func TestItemCalledOtherwise(t *testing.T) {
	t.Parallel()
	inBothLanguages(t, func(s *scene) {
		s.vendor.Behave(sandbox.Behaviour{RowsMisnamed: true})
		s.order(shortOrder, "5.76")
		s.wait()
		s.hears(msg("question.misnamed"))
		if n := len(s.vendor.Orders(vendorLogin)); n != 0 {
			t.Fatalf("%d orders were paid", n)
		}
		s.press("button.choose_item")
		s.wait()
		s.bought(1, 1)
	})
}

// TestAccountWaitsForTheMoney: the next purchase of an account begins once it was seen
// what the one before has cost.
func TestAccountWaitsForTheMoney(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.vendor.Behave(sandbox.Behaviour{Facts: sandbox.Facts{profile.Taken: profile.More}, SurchargeAfter: 20})
	w.login(anna)
	servers := func(want int) {
		t.Helper()
		if n := len(w.vendor.Services(vendorLogin)); n != want {
			t.Fatalf("%d servers, want %d:\n%s", n, want, w.chats.Transcript(anna))
		}
	}
	for range 2 {
		w.say(anna, shortOrder)
		w.say(anna, "/confirm")
	}
	servers(1)
	w.pass(29 * time.Second)
	servers(1)
	w.pass(time.Second)
	servers(2)
	w.pass(30 * time.Second)
	w.pass(3 * time.Minute)
	for id, p := range w.purchases() {
		if taken := p.Record.Taken; taken == nil || !taken.Amount.Equal(surcharged(w.costs("5.76")).Amount) || p.Record.Closing != nil {
			t.Errorf("%s: taken %v", id, taken)
		}
	}
}

// eurs is an amount in EUR.
func eurs(amount string) zomro.Money {
	return zomro.Money{Amount: decimal.RequireFromString(amount), Currency: "EUR"}
}

// threeRows is an order of three servers, which the vendor puts into three rows.
var threeRows = strings.Replace(shortOrder, "order_count=1", "order_count=3", 1)

// TestThreeRows: an order of three servers that becomes three rows is one purchase.
func TestThreeRows(t *testing.T) {
	t.Parallel()
	t.Run("one by one", func(t *testing.T) {
		inBothLanguages(t, func(s *scene) {
			s.order(threeRows, "17.28")
			s.wait()
			s.bought(3, s.payments(3))
			s.hears(msg("charged.taken", "Taken", s.witness.money(s.vendor.Taken(vendorLogin))))
			s.never("question.foreign")
		})
	})
	t.Run("one by one, each with an error of its own", func(t *testing.T) {
		inBothLanguages(t, func(s *scene) {
			fault := done(documented("value", "elid", "Invalid value"))
			fault.Times = -1
			s.confirmAnswers(fault)
			s.order(threeRows, "17.28")
			s.wait()
			s.bought(3, s.payments(3))
		})
	})
	t.Run("with a promo code", func(t *testing.T) {
		inBothLanguages(t, func(s *scene) {
			s.order(threeRows+" promocode=WELCOME10", "17.28")
			s.wait()
			s.bought(3, s.payments(3))
			s.never("question.foreign")
			for _, o := range s.vendor.Orders(vendorLogin) {
				if o.Promo != "WELCOME10" {
					t.Errorf("%s was paid with the promo code %q", o.LineItem, o.Promo)
				}
			}
		})
	})
	t.Run("one payment pays all", func(t *testing.T) {
		inBothLanguages(t, func(s *scene) {
			s.vendor.SetFact(profile.ConfirmScope, profile.WholeCart)
			s.order(threeRows, "17.28")
			s.wait()
			s.bought(3, 1)
			s.hears(msg("charged.taken", "Taken", s.witness.money(s.vendor.Taken(vendorLogin))))
		})
	})
	t.Run("given up after the first", func(t *testing.T) {
		inBothLanguages(t, func(s *scene) {
			s.vendor.Inject(sandbox.Fault{Kind: sandbox.HTML, Func: "cartorder.create.confirm", Nth: 2, Times: -1})
			s.order(threeRows, "17.28")
			s.wait()
			if n := len(s.vendor.Services(vendorLogin)); n != 1 {
				t.Fatalf("%d servers:\n%s", n, s.chats.Transcript(s.person))
			}
			s.press("button.purchase_cancel")
			s.wait()
			s.bought(1, 2)
			s.hears(msg("charged.taken", "Taken", s.witness.money(s.costs("5.76"))))
			s.never("charged.no")
			s.wantTakenOut(s.person)
		})
	})
}

// TestTwoUsersOfOneAccount: two users of one account of the vendor's share its cart
// and its balance; who orders at the same time as the other gets their server, too.
func TestTwoUsersOfOneAccount(t *testing.T) {
	t.Parallel()
	for try := range 5 {
		t.Run(fmt.Sprint(try), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
			w.vendor.AddUser("boris@example.com", vendorPassword, vendorLogin)
			w.login(anna)
			w.say(boris, "/login")
			w.tap(boris, "Логин и пароль")
			w.say(boris, "boris@example.com")
			w.say(boris, vendorPassword)
			w.say(anna, shortOrder)
			w.say(boris, strings.Replace(shortOrder, "web-1", "web-2", 1))
			for _, person := range []int64{anna, boris} {
				if _, err := w.chats.Say(person, person, "/confirm"); err != nil {
					t.Fatal(err)
				}
			}
			w.settle()
			for range 30 {
				w.pass(10 * time.Second)
			}
			w.wantSaid(anna, "The server is active", "web-1")
			w.wantSaid(boris, "Сервер активен", "web-2")
			orders := w.vendor.Orders(vendorLogin)
			var names []string
			for _, s := range w.vendor.Services(vendorLogin) {
				names = append(names, s.Name)
			}
			if slices.Sort(names); len(orders) != 2 || !slices.Equal(names, []string{"web-1", "web-2"}) {
				t.Errorf("the vendor took %d orders, of %q", len(orders), names)
			}
		})
	}
}

// TestWhatTheOtherUserPaid: whatever the vendor's lists tell late, what was taken for the purchase
// of another user of the same account counts for no other.
func TestWhatTheOtherUserPaid(t *testing.T) {
	t.Parallel()
	const noCharges = "the charges are not to be read"
	for _, late := range []profile.Name{profile.ChargeWhen, profile.BalanceWhen, profile.ListedWhen, noCharges} {
		for _, after := range []time.Duration{5 * time.Second, 15 * time.Second, 25 * time.Second} {
			t.Run(fmt.Sprint(late, " ", after), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
				b := sandbox.Behaviour{Facts: sandbox.Facts{late: profile.Later}, LaterBy: 40}
				if late == noCharges {
					b = sandbox.Behaviour{BooksClosed: true}
				}
				w.vendor.Behave(b)
				w.vendor.AddUser("boris@example.com", vendorPassword, vendorLogin)
				w.login(anna)
				w.say(boris, "/login boris@example.com "+vendorPassword)
				w.say(anna, shortOrder)
				w.say(boris, strings.Replace(shortOrder, "web-1", "web-2", 1))
				w.say(anna, "/confirm")
				w.pass(after)
				w.say(boris, "/confirm")
				for range 60 {
					w.pass(5 * time.Second)
				}
				for id, p := range w.purchases() {
					if r := p.Record; r.Charged() != purchase.WasCharged || r.Taken == nil || !r.Taken.Amount.Equal(w.costs("5.76").Amount) {
						t.Errorf("%s of %s: %s, taken %v", id, r.Order.ServerName, r.State, r.Taken)
					}
				}
			})
		}
	}
}

// TestServersOfTheOtherUser: a server that another purchase has bought meanwhile is not
// put to a person as what theirs may have bought, nor followed as theirs.
func TestServersOfTheOtherUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.vendor.AddUser("boris@example.com", vendorPassword, vendorLogin)
	w.vendor.SetFact(profile.ServerName, profile.Dropped)
	w.login(anna)
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	for range 30 {
		w.pass(10 * time.Second)
	}
	hers := w.vendor.Services(vendorLogin)[0]
	w.wantSaid(anna, "it's unclear whose", "new server "+hers.ID)

	w.vendor.Behave(sandbox.Behaviour{})
	w.say(boris, "/login")
	w.tap(boris, "Логин и пароль")
	w.say(boris, "boris@example.com")
	w.say(boris, vendorPassword)
	w.say(boris, strings.Replace(shortOrder, "web-1", "web-2", 1))
	w.say(boris, "/confirm")
	for range 12 {
		w.pass(10 * time.Second)
	}
	w.wantSaid(boris, "Сервер активен", "web-2")
	his := w.vendor.Services(vendorLogin)[1]

	w.tap(anna, "🔄 Try again")
	for range 30 {
		w.pass(10 * time.Second)
	}
	w.wantSaid(anna, "new server "+hers.ID, "new server "+his.ID+" web-2: belongs to purchase")
	w.tap(anna, "Yes, it was bought")
	for range 6 {
		w.pass(10 * time.Second)
	}
	w.wantSaid(anna, "The server is active", hers.IPv4)
	if w.said(anna, his.IPv4) {
		t.Errorf("the other's server is taken for hers:\n%s", w.chats.Transcript(anna))
	}
}

// TestNewsThatComeLate: news that were true when they were written, and could not be
// sent before it was paid, are not sent any more.
func TestNewsThatComeLate(t *testing.T) {
	t.Parallel()
	inBothLanguages(t, func(s *scene) {
		s.vendor.SetFact(profile.LineItem, profile.Both)
		s.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Effect: true, Func: "v2.instances.order.param", Match: map[string]string{"sok": "ok"}})
		s.review(shortOrder, "5.76")
		if err := s.chats.Break(emulator.Fault{Method: "sendMessage", Kind: emulator.Failure, Times: 2}); err != nil {
			t.Fatal(err)
		}
		s.say(s.person, "/confirm")
		s.shown()
		s.hears(msg("charged.taken", "Taken", s.witness.money(s.costs("5.76"))))
		s.never("charged.no")
		s.wait()
		s.bought(1, 1)
	})
}

// TestRowsThatAreMarked: a row that was rolled back does not count; one that wants
// a verified phone is not paid before it is.
func TestRowsThatAreMarked(t *testing.T) {
	t.Parallel()
	t.Run("rolled back", func(t *testing.T) {
		inBothLanguages(t, func(s *scene) {
			if !s.vendor.RollBack(vendorLogin, s.vendor.PutForeignItem(vendorLogin)) {
				t.Fatal("no row was rolled back")
			}
			s.order(shortOrder, "5.76")
			s.wait()
			s.bought(1, 1)
			s.never("question.foreign")
		})
	})
	t.Run("needs a verified phone", func(t *testing.T) {
		inBothLanguages(t, func(s *scene) {
			s.vendor.Behave(sandbox.Behaviour{RowsNeedPhone: true})
			s.order(shortOrder, "5.76")
			s.wait()
			s.hears(msg("question.phone"), msg("charged.no"))
			if n := s.witness.times(); n != 0 {
				t.Errorf("the payment was asked for %d times", n)
			}
			s.vendor.Behave(sandbox.Behaviour{})
			s.press("button.again")
			s.wait()
			s.bought(1, 1)
		})
	})
}

// TestAddWithoutAnAnswer: what an add has put into the cart is found there, and
// paid once.
func TestAddWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	inCart := map[string]string{"sok": "ok"}
	const add = "v2.instances.order.param"
	for name, tt := range map[string]struct {
		fault sandbox.Fault
		dear  string // what the plan costs by then
	}{
		"lost, and the row costs less":      {fault: sandbox.Fault{Kind: sandbox.Drop, Effect: true}, dear: "4.99"},
		"lost":                              {fault: sandbox.Fault{Kind: sandbox.Drop, Effect: true}},
		"an error of a type of its own":     {fault: done(documented("file", "remove", "Internal error"))},
		"an error of a type of a refusal's": {fault: done(documented("value", "order_count", "Invalid value"))},
		"its own form":                      {fault: sandbox.Fault{Kind: sandbox.Pretend, Shape: sandbox.FormShape, Effect: true}},
	} {
		t.Run(name, func(t *testing.T) {
			inBothLanguages(t, func(s *scene) {
				s.vendor.SetFact(profile.LineItem, profile.Both)
				fault := tt.fault
				fault.Func, fault.Match = add, inCart
				s.vendor.Inject(fault)
				s.review(shortOrder, "5.76")
				if tt.dear != "" {
					s.vendor.SetPrice("9102", "1", eurs(tt.dear))
				}
				s.say(s.person, "/confirm")
				s.wait()
				s.bought(1, 1)
				if left := s.vendor.Cart(vendorLogin); len(left) != 0 {
					t.Errorf("in the cart are %+v", left)
				}
			})
		})
	}
	t.Run("two numbers in the row", func(t *testing.T) {
		inBothLanguages(t, func(s *scene) {
			s.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Effect: true, Func: add, Match: inCart})
			s.order(shortOrder, "5.76")
			for range 3 {
				s.wait()
			}
			s.hears(msg("evidence.added.other"), msg("charged.no"))
			s.press("button.purchase_cancel")
			s.hears(msg("purchase.cancelled"), msg("purchase.item_left"))
			s.wantHeld(1)
		})
	})
	t.Run("carried out when it was ordered again", func(t *testing.T) {
		inBothLanguages(t, func(s *scene) {
			s.vendor.Inject(sandbox.Fault{Kind: sandbox.Later, Delay: lateBy, ErrorType: "value", Func: add, Match: inCart})
			s.order(shortOrder, "5.76")
			s.pass(2 * time.Second)
			s.press("button.again")
			s.wait()
			s.bought(1, 1)
			s.wantItems(1)
			s.witness.leave() // the next purchase, which asks about it
			s.say(s.person, shortOrder)
			s.say(s.person, "/confirm")
			s.wantSaid(s.person, s.witness.say("question.foreign"))
		})
	})
}

// wantItems fails unless so many items are in the cart.
func (s *scene) wantItems(n int) {
	s.t.Helper()
	if left := s.vendor.Cart(vendorLogin); len(left) != n {
		s.t.Errorf("in the cart are %+v", left)
	}
}

// TestOrderedNotPaid: what the vendor has and has taken nothing for is told as
// such, and followed until it is paid in the panel, or deleted there.
func TestOrderedNotPaid(t *testing.T) {
	t.Parallel()
	ordered := func(s *scene) string {
		s.t.Helper()
		s.vendor.Behave(sandbox.Behaviour{ConfirmDoesNotPay: true})
		s.order(shortOrder, "5.76")
		s.wait()
		s.hears(msg("purchase.ordered"), msg("purchase.ordered_next"), msg("charged.no"))
		s.never("purchase.paid")
		return s.vendor.Services(vendorLogin)[0].ID
	}
	t.Run("paid", func(t *testing.T) {
		inBothLanguages(t, func(s *scene) {
			if !s.vendor.PayOrder(vendorLogin, ordered(s)) {
				t.Fatal("it cannot be paid")
			}
			s.pass(10 * time.Minute)
			s.pass(10 * time.Minute)
			s.bought(1, 1)
		})
	})
	t.Run("deleted", func(t *testing.T) {
		inBothLanguages(t, func(s *scene) {
			if !s.vendor.CancelOrder(vendorLogin, ordered(s)) {
				t.Fatal("it cannot be deleted")
			}
			for range 5 { // one look can be wrong
				s.pass(30 * time.Minute)
			}
			s.hears(msg("purchase.cancelled"), msg("charged.no"))
		})
	})
}

// TestNamesDropped: without its name nothing tells a new server from another's. A
// person is asked, shown the new one, and what they say counts.
func TestNamesDropped(t *testing.T) {
	t.Parallel()
	inBothLanguages(t, func(s *scene) {
		s.vendor.SetFact(profile.ServerName, profile.Dropped)
		s.order(shortOrder, "5.76")
		s.wait()
		service := s.vendor.Services(vendorLogin)[0]
		s.hears(msg("question.unknown_means"), msg("evidence.services.other"), msg("charged.unknown"))
		s.wantSaid(s.person, s.witness.say("question.unknown_means"), service.ID)
		s.never("purchase.paid")
		s.press("button.choose_bought")
		s.hears(msg("news.paid", "Item", s.vendor.Orders(vendorLogin)[0].LineItem))
		s.pass(time.Minute)
		s.pass(time.Minute)
		s.bought(1, 1)
		s.wantSaid(s.person, s.witness.say("purchase.active"), service.IPv4)
	})
}

// TestNamesDroppedOfThreeRows: what a person says of one row counts for that row.
func TestNamesDroppedOfThreeRows(t *testing.T) {
	t.Parallel()
	for _, names := range []profile.Answer{profile.Dropped, profile.Changed} {
		t.Run(string(names), func(t *testing.T) {
			inBothLanguages(t, func(s *scene) {
				s.vendor.SetFact(profile.ServerName, names)
				s.order(threeRows, "17.28")
				for range s.payments(3) {
					s.wait()
					s.press("button.choose_bought")
				}
				s.wait()
				s.bought(3, s.payments(3))
			})
		})
	}
}

// TestClockGoesBack: a look from before the clock went back does not count, and
// what was asked for then is not excluded the sooner.
func TestClockGoesBack(t *testing.T) {
	t.Parallel()
	t.Run("before paying", func(t *testing.T) {
		inBothLanguages(t, func(s *scene) {
			held := s.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "cart", Match: map[string]string{"clicked_button": ""}, Nth: 2})
			s.review(shortOrder, "5.76")
			if _, err := s.chats.Say(s.person, s.person, "/confirm"); err != nil {
				t.Fatal(err)
			}
			<-held.Hit()
			s.clockBack(3 * time.Hour)
			held.Release()
			s.settle()
			s.wait()
			s.bought(1, 1)
		})
	})
	t.Run("after it was asked for", func(t *testing.T) {
		inBothLanguages(t, func(s *scene) {
			s.confirmAnswers(sandbox.Fault{Kind: sandbox.Drop})
			s.order(shortOrder, "5.76")
			s.clockBack(3 * time.Hour)
			s.restart()
			s.pass(10 * time.Second)
			s.never("charged.no")
			for range 3 {
				s.wait()
			}
			s.hears(msg("question.trouble"), msg("charged.no"))
			s.press("button.again")
			s.wait()
			s.bought(1, 2)
		})
	})
}

// TestErrorAndPaidCountsInTheTeam: a team's limit counts what was paid, whatever
// was answered.
func TestErrorAndPaidCountsInTheTeam(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{ActivationDelay: time.Minute}, func(*Config) {})
	w.vendor.SetFact(profile.Taken, profile.More)
	fault := done(fundsFault)
	fault.Func = "cartorder.create.confirm"
	w.vendor.Inject(fault)
	w.sayIn(boris, bigTeam, shortOrder)
	w.tapIn(boris, bigTeam, "✅", "web-1")
	w.pass(2 * time.Minute)
	w.pass(time.Minute)
	taken := surcharged(w.costs("5.76"))
	w.wantSaid(bigTeam, "Оплачено", "Списано: "+commaed(taken))
	if spent := w.ledger().Used(team.LimitTeamMonth, 0, "EUR", "", w.clock.Now()); !spent.Amount.Equal(taken.Amount) {
		t.Errorf("%v counts in the month, and %v was taken", spent.Amount, taken.Amount)
	}
}

// TestDoubtIsAsked: while nothing is certain, a person is asked with what there is
// to see, and the bot looks again meanwhile. A cart that still lists the item, with
// one of the servers and the balance as before, proves nothing.
func TestDoubtIsAsked(t *testing.T) {
	t.Parallel()
	instances := func(kind sandbox.FaultKind) func(s *scene) func() {
		return func(s *scene) func() {
			return s.vendor.Inject(sandbox.Fault{Kind: kind, Func: "instances", Nth: 3 + s.servesAgain(), Times: -1}).Remove
		}
	}
	for name, blind := range map[string]func(s *scene) (mend func()){
		"the servers cannot be read":    instances(sandbox.HTML),
		"the servers are not shown yet": instances(sandbox.EmptyList),
		"the balance lags, and the charges are not shown": func(s *scene) func() {
			s.vendor.Behave(sandbox.Behaviour{BooksClosed: true, Facts: sandbox.Facts{profile.BalanceWhen: profile.Later}, LaterBy: 3600})
			return func() { s.vendor.Behave(sandbox.Behaviour{BooksClosed: true}) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBothLanguages(t, func(s *scene) {
				s.confirmAnswers(sandbox.Fault{Kind: sandbox.Drop, Effect: true})
				s.vendor.FreezeCartAtConfirm(vendorLogin, sandbox.Never)
				s.review(shortOrder, "5.76")
				mend := blind(s)
				s.say(s.person, "/confirm")
				s.wait()
				s.hears(msg("question.unknown_means"), msg("charged.unknown"), msg("evidence.item.in_cart"))
				s.never("charged.no")
				s.never("purchase.paid")
				mend()
				s.vendor.ThawCart(vendorLogin) // a given name alone does not prove it against the cart
				for range 5 {
					s.pass(time.Minute)
				}
				s.bought(1, 1)
			})
		})
	}
}

// TestApproversReadWhatTheCartSays: what the cart calls by another name than what was
// ordered stands on the card that is approved, and another name is asked about again.
func TestApproversReadWhatTheCartSays(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.needs("1 approval")
	w.sayIn(boris, bigTeam, shortOrder)
	w.tapIn(boris, bigTeam, "✅", "web-1")
	w.vendor.Behave(sandbox.Behaviour{RowsMisnamed: true})
	w.tapIn(anna, bigTeam, "Согласовать", "web-1")
	w.tapIn(boris, bigTeam, "Это мой заказ", "")
	w.wantSaid(bigTeam, "В корзине Zomro заказ называется иначе: Virtual server")
	if n := w.sold(); n != 0 {
		t.Fatalf("%d orders were paid before it was approved", n)
	}
	w.tapIn(anna, bigTeam, "Согласовать", "web-1")
	w.pass(time.Minute)
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1:\n%s", n, w.chats.Transcript(bigTeam))
	}
	named := false
	for _, line := range w.book("team/-1000000000007") {
		named = named || line.Event == "decided" && strings.Contains(string(line.What), "Virtual server")
	}
	if !named {
		t.Error("the record does not tell what was accepted")
	}
	w.booksHold()
}
