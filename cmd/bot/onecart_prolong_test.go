package main

import (
	"testing"
	"time"

	"zomrobot/purchase"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// TestRenewalBesideAnOrder: of a renewal and an order by two logins of one account, whose rows
// come into the cart at the same time, the order makes room. Both are paid, each by its own
// payment, whatever a confirm pays and whichever came first.
func TestRenewalBesideAnOrder(t *testing.T) {
	t.Parallel()
	for name, renewalFirst := range map[string]bool{"the renewal first": true, "the order first": false} {
		for _, scope := range []profile.Answer{profile.Row, profile.WholeCart} {
			t.Run(name+", "+string(scope), func(t *testing.T) {
				t.Parallel()
				w := &twoAtOnce{world: newOneCart(t, scope)}
				web := w.vendor.AddService(vendorLogin, "web-1")
				until := w.vendor.PaidUntil(vendorLogin, web)
				w.say(boris, "/order datacenter=17 pricelist=9102 order_period=1 instances_os=Ubuntu 22.04 use_ssh_key=on instances_ssh_keys=laptop servername=web-2 addon_91021=301 order_count=1 backups_schedule=off")
				w.say(anna, "/servers web-1")
				for _, label := range []string{"💶 Billing", "💶 Renew", "month"} {
					w.tap(anna, label)
				}
				renews := func() *sandbox.Injection {
					held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "service.prolong", Match: map[string]string{"sok": "ok"}})
					if err := w.tapNewest(anna, "🛒 Ask for the price"); err != nil {
						t.Fatal(err)
					}
					<-held.Hit()
					return held
				}
				orders := func() *sandbox.Injection {
					held := w.vendor.Inject(added(sandbox.Hold))
					w.orders()
					<-held.Hit()
					return held
				}
				// Each sees another balance, so that they do not hold each other back.
				w.vendor.SetBalance(vendorLogin, eur(99))
				var first, second *sandbox.Injection
				if renewalFirst {
					first = renews()
					w.vendor.SetBalance(vendorLogin, eur(100))
					second = orders()
					w.vendor.SetBalance(vendorLogin, eur(99))
				} else {
					first = orders()
					w.vendor.SetBalance(vendorLogin, eur(98))
					second = renews()
				}
				first.Release()
				<-first.Over()
				second.Release()
				w.settle()
				for range 6 {
					w.pass(10 * time.Second)
				}
				if n := w.sold(); n != 0 {
					t.Fatalf("%d orders were paid, and nobody has agreed to the price of the renewal", n)
				}
				for _, p := range w.purchases() {
					if p.Owner.User == anna && !w.pressOf(p, anna, ":"+string(purchase.ChooseAccept)) {
						t.Fatalf("she is not asked for the price:\n%s", w.chats.Transcript(anna))
					}
				}
				w.settle()
				for range 60 {
					w.pass(10 * time.Second)
				}
				w.wantSaid(boris, "Сервер активен", "web-2")
				if got, want := w.vendor.PaidUntil(vendorLogin, web), until.AddDate(0, 1, 0); !got.Equal(want) {
					t.Errorf("paid until %s, want %s:\n%s", got, want, w.chats.Transcript(anna))
				}
				if n, left := w.sold(), len(w.vendor.Cart(vendorLogin)); n != 2 || left != 0 {
					t.Errorf("%d orders were paid, %d rows are left", n, left)
				}
				for _, p := range w.purchases() {
					if p.Record.Confirms != 1 {
						t.Errorf("%s has sent %d payments", p.Record.ID, p.Record.Confirms)
					}
				}
				w.booksHold()
			})
		}
	}
}
