package main

import (
	"testing"
	"time"

	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// newBlindWorld is a world whose vendor shows its carts in a shape that the bot
// does not know, with a person logged in.
func newBlindWorld(t *testing.T, person int64) *world {
	t.Helper()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.vendor.SetFact(profile.CartFields, profile.Otherwise)
	w.login(person)
	return w
}

// wantHeld fails unless the vendor's cart holds so many items, and nothing was
// paid.
func (w *world) wantHeld(items int) {
	w.t.Helper()
	if n := len(w.vendor.Cart(vendorLogin)); n != items {
		w.t.Fatalf("%d items are in the cart, want %d:\n%s", n, items, w.chats.Transcript(anna))
	}
	if n := w.sold(); n != 0 {
		w.t.Fatalf("%d orders were paid, want none yet", n)
	}
}

// wantSold fails unless the vendor was paid for one order.
func (w *world) wantSold(person int64) sandbox.Order {
	w.t.Helper()
	orders := w.vendor.Orders(vendorLogin)
	if len(orders) != 1 {
		w.t.Fatalf("%d orders were paid, want 1:\n%s", len(orders), w.chats.Transcript(person))
	}
	return orders[0]
}

// TestBlindPurchase: nothing is added before the first consent, nothing is paid
// before the second, and the bot may be stopped at any point between.
func TestBlindPurchase(t *testing.T) {
	t.Parallel()
	w := newBlindWorld(t, anna)
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	w.wantSaid(anna, "can't read the cart", "whether it holds anything else", "can't compare the price", "Nothing was charged", "Step: reading the cart")
	if w.said(anna, "applies to everything in the cart") {
		t.Error("a promo code is spoken of, and there is none")
	}
	w.wantHeld(0)
	w.restart()
	w.settle()
	w.wantHeld(0)
	w.tap(anna, "Continue without the cart")
	w.wantSaid(anna, "The cart price can't be read", "Nothing was charged")
	w.wantHeld(1)
	w.restart()
	w.settle()
	w.wantHeld(1)
	w.tap(anna, "Pay anyway")
	w.wantSaid(anna, "price: unreadable, you agreed")
	w.restart()
	w.pass(2 * time.Minute)
	w.wantSaid(anna, "The server is active", "web-1")
	w.wantSold(anna)
}

func TestBlindPurchaseWithPromo(t *testing.T) {
	t.Parallel()
	w := newBlindWorld(t, boris)
	w.say(boris, shortOrder+" promocode=WELCOME10")
	w.say(boris, "/confirm")
	w.wantSaid(boris, "Прочитать корзину не получается", "Промокод WELCOME10 действует на всё", "Деньги не списаны")
	w.wantHeld(0)
	w.tap(boris, "Продолжить без корзины")
	w.wantSaid(boris, "Цену в корзине не удаётся прочитать")
	w.wantHeld(1)
	w.tap(boris, "Всё равно оплатить")
	w.pass(2 * time.Minute)
	w.wantSaid(boris, "Сервер активен", "web-1")
	if order := w.wantSold(boris); order.Promo != "WELCOME10" {
		t.Errorf("the order was paid with the promo code %q", order.Promo)
	}
}

func TestBlindPurchaseGivenUp(t *testing.T) {
	t.Parallel()
	t.Run("at the cart", func(t *testing.T) {
		w := newBlindWorld(t, anna)
		w.say(anna, shortOrder)
		w.say(anna, "/confirm")
		w.tap(anna, "Cancel purchase")
		w.wantSaid(anna, "Purchase cancelled", "Nothing was charged")
		if w.said(anna, "may still be in the Zomro cart") {
			t.Error("an item is said to be left, and none was added")
		}
		w.pass(time.Hour)
		w.wantHeld(0)
	})
	t.Run("at the price", func(t *testing.T) {
		w := newBlindWorld(t, anna)
		w.say(anna, shortOrder)
		w.say(anna, "/confirm")
		w.tap(anna, "Continue without the cart")
		w.tap(anna, "Cancel purchase")
		w.wantSaid(anna, "Purchase cancelled", "Nothing was charged", "may still be in the Zomro cart")
		w.pass(time.Hour)
		w.wantHeld(1)
	})
	t.Run("unanswered", func(t *testing.T) {
		w := newBlindWorld(t, anna)
		w.say(anna, shortOrder)
		w.say(anna, "/confirm")
		w.pass(25 * time.Hour)
		w.wantSaid(anna, "Purchase cancelled", "Nothing was charged")
		w.wantHeld(0)
	})
}

// TestBlindPurchaseSeesAgain: what the bot can read counts, whatever was agreed
// to.
func TestBlindPurchaseSeesAgain(t *testing.T) {
	t.Parallel()
	w := newBlindWorld(t, anna)
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	w.tap(anna, "Continue without the cart")
	w.vendor.SetFact(profile.CartFields, "")
	w.vendor.PutForeignItem(vendorLogin)
	w.tap(anna, "Pay anyway")
	w.wantSaid(anna, "This account's Zomro cart holds something else")
	w.wantHeld(2)
	w.vendor.SetFact(profile.CartFields, profile.Otherwise)
	w.tap(anna, "🔄 Try again")
	w.wantHeld(2)
	w.vendor.SetFact(profile.CartFields, "")
	w.tap(anna, "🔄 Try again")
	w.tap(anna, "Continue anyway")
	w.pass(2 * time.Minute)
	w.wantSaid(anna, "The server is active", "web-1")
	w.wantSold(anna)
}

// TestBlindPurchaseLostConfirm: the servers and the balance prove a payment
// without the cart; what they cannot, a person decides, shown what they say.
func TestBlindPurchaseLostConfirm(t *testing.T) {
	t.Parallel()
	lost := func(t *testing.T) *world {
		w := newBlindWorld(t, anna)
		w.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: "cartorder.create.confirm", Effect: true})
		w.say(anna, shortOrder)
		w.say(anna, "/confirm")
		w.tap(anna, "Continue without the cart")
		return w
	}
	t.Run("proved", func(t *testing.T) {
		w := lost(t)
		w.tap(anna, "Pay anyway")
		w.restart()
		w.pass(2 * time.Minute)
		w.wantSaid(anna, "Paid", "Charged: €"+w.costs("5.76").Amount.StringFixed(2))
		w.wantSaid(anna, "The server is active", "web-1")
		w.wantSold(anna)
	})
	t.Run("not proved", func(t *testing.T) {
		w := lost(t)
		w.vendor.Inject(sandbox.Fault{Kind: sandbox.HTML, Func: "dashboard.info", Times: -1})
		w.tap(anna, "Pay anyway")
		for range 10 {
			w.restart()
			w.pass(time.Minute)
		}
		w.wantSaid(anna, "It's unclear whether the last request was carried out", "can't see whether our item is in the cart", "the balance can't be compared", "web-1", "It's not known yet whether you were charged")
		if w.said(anna, "Paid") {
			t.Error("it is said that it is paid, and nothing proves it")
		}
		w.tap(anna, "Yes, it was bought")
		w.pass(time.Minute)
		w.wantSaid(anna, "The amount charged could not be read")
		w.wantSaid(anna, "The server is active", "web-1")
		w.wantSold(anna)
	})
}

// TestBlindPurchaseKilled runs the built binary and kills it at each question.
func TestBlindPurchaseKilled(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.vendor.SetFact(profile.CartFields, profile.Otherwise)
	p.start()
	p.say(anna, "/login")
	p.tap(anna, "Login and password")
	p.say(anna, vendorLogin)
	p.say(anna, vendorPassword)
	p.await(anna, "Logged in")
	p.say(anna, "/order datacenter=17 pricelist=9102 order_period=1 instances_os=Ubuntu 22.04 servername=web-1 addon_91021=301 order_count=1 backups_schedule=off password="+rootPassword)
	p.tap(anna, "✅ Order for €5.76")
	p.await(anna, "Continue without the cart")
	p.kill()
	p.start()
	p.tap(anna, "Continue without the cart")
	p.await(anna, "Pay anyway")
	p.kill()
	p.start()
	p.tap(anna, "Pay anyway")
	p.kill()
	p.start()
	p.await(anna, "The server is active")
	p.stop()
	if orders := p.vendor.Orders(vendorLogin); len(orders) != 1 || orders[0].Services == nil {
		t.Errorf("the vendor sold %+v, want one server", orders)
	}
}
