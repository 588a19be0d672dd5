package main

import (
	"testing"
	"time"

	trialflow "zomrobot/conversation/trial"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// notTakenOut has the vendor take nothing out of the cart.
func (w *world) notTakenOut() *sandbox.Injection {
	return w.vendor.Inject(sandbox.Fault{
		Kind: sandbox.Status, Func: "cart", Match: map[string]string{"clicked_button": "delete"}, Times: -1,
	})
}

// TestRowLeftByAnEarlierOrder: the question about a row that is not of the order says that an
// earlier one, which has ended, has left it there, and is over once it is taken out.
func TestRowLeftByAnEarlierOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	stays := w.notTakenOut()
	w.buy(boris, " promocode=NOSUCH")
	w.tap(boris, "Отменить покупку")
	for range 10 {
		w.pass(time.Minute)
	}
	if n := len(w.vendor.Cart(vendorLogin)); n != 1 {
		t.Fatalf("%d rows are left in the cart:\n%s", n, w.chats.Transcript(boris))
	}
	w.say(boris, shortOrder)
	w.say(boris, "/confirm")
	w.wantSaid(boris, "В корзине Zomro этого аккаунта лежит ещё что-то", "1 позиция осталась в корзине от прежнего заказа через меня")
	stays.Remove()
	w.vendor.EmptyCart(vendorLogin)
	w.tap(boris, "🔄 Повторить")
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1:\n%s", n, w.chats.Transcript(boris))
	}
}

// TestRowLeftByATrial: likewise of a row that a trial has left.
func TestRowLeftByATrial(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{anna} })
	w.login(anna)
	w.notTakenOut()
	w.consents(profile.ByCart, "")
	for range 60 {
		w.pass(10 * time.Second)
		if run := w.stands().Running; run != nil && run.Asks {
			break
		}
	}
	w.tries(trialflow.Stop{Source: profile.ByCart})
	if end := w.stands().Done[profile.ByCart]; len(end.Left) != 1 {
		t.Fatalf("the trial has left %+v", end)
	}
	w.vendor.PutForeignItem(vendorLogin)
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	w.wantSaid(anna, "Zomro cart holds something else", "1 of these was left in the cart by a trial")
	if w.said(anna, "by an earlier order") {
		t.Errorf("it is told as an order's, too:\n%s", w.chats.Transcript(anna))
	}
}
