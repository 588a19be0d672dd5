package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// teamOrderLine is an order in one message, as a group takes it: by an SSH key.
const teamOrderLine = "/order datacenter=17 pricelist=9102 order_period=1 instances_os=Ubuntu 22.04 use_ssh_key=on instances_ssh_keys=laptop servername=web-1 addon_91021=301 order_count=1 backups_schedule=off"

// newHeist makes a world with a team of Anna, who owns it, Carol, a member, and
// Dave, an administrator.
func newHeist(t *testing.T, config sandbox.Config) *world {
	t.Helper()
	w := newWorld(t, config)
	w.login(anna)
	w.newGroup([]int64{anna, carol, dave})
	w.makeTeam(anna)
	return w
}

// approvals has every order of the team need one approval.
func (w *world) approvals(n int) {
	w.t.Helper()
	w.sayIn(anna, teamChat, "/team")
	w.tapIn(anna, teamChat, "✅ Approvals", "")
	label := "1 approval"
	if n > 1 {
		label = fmt.Sprint(n, " approvals")
	}
	w.tapIn(anna, teamChat, label, "")
	w.tapIn(anna, teamChat, "Close", "")
}

// ask brings an order of a person to the card that asks for approval.
func (w *world) ask(person int64) (card emulator.Message, approve, reject string) {
	w.t.Helper()
	w.sayIn(person, teamChat, teamOrderLine)
	w.tapIn(person, teamChat, "✅", peopleNames[person])
	return w.asked()
}

// asked is the newest card that asks for approval, with the data of its buttons.
func (w *world) asked() (card emulator.Message, approve, reject string) {
	w.t.Helper()
	for _, m := range slices.Backward(w.chats.Messages(teamChat)) {
		for _, row := range m.Keyboard {
			for _, b := range row {
				switch {
				case strings.HasSuffix(b.Data, ":approve"):
					approve = b.Data
				case strings.HasSuffix(b.Data, ":reject"):
					reject = b.Data
				}
			}
		}
		if approve != "" {
			return m, approve, reject
		}
	}
	w.t.Fatalf("nothing asks for approval:\n%s", w.chats.Transcript(teamChat))
	return card, "", ""
}

// pressData presses a button by its data and waits.
func (w *world) pressData(person int64, card int, data string) {
	w.t.Helper()
	if _, err := w.chats.TapData(person, teamChat, card, data); err != nil {
		w.t.Fatal(err)
	}
	w.settle()
}

// told is the last text that a press of a person was answered with.
func (w *world) told(person int64) string {
	toasts := w.chats.Toasts(person)
	if len(toasts) == 0 {
		return ""
	}
	return toasts[len(toasts)-1].Text
}

// nothingBought fails the test if anything was put into the cart, or paid.
func (w *world) nothingBought() {
	w.t.Helper()
	for _, call := range w.vendor.Calls() {
		if sok := slices.ContainsFunc(call.Fields, func(f sandbox.Field) bool { return f.Name == "sok" }); sok && call.Func == "v2.instances.order.param" || call.Func == "cartorder.create.confirm" {
			w.t.Errorf("the vendor got %s:\n%s", call.Func, w.chats.Transcript(teamChat))
			return
		}
	}
}

// TestAdversary has somebody of the team, or nobody of it, try what they may not.
// Each attempt fails, is answered, and buys nothing.
func TestAdversary(t *testing.T) {
	t.Parallel()
	for name, attack := range map[string]func(w *world){
		"presses the buttons of somebody's draft": func(w *world) {
			w.sayIn(carol, teamChat, teamOrderLine)
			card, confirm := w.confirmIn(teamChat)
			before, _ := w.chats.Message(teamChat, card)
			for _, row := range before.Keyboard {
				for _, b := range row {
					w.pressData(dave, card, b.Data)
					if !strings.Contains(w.told(dave), "somebody else") {
						w.t.Errorf("%q is answered with %q", b.Label, w.told(dave))
					}
				}
			}
			w.pressData(anna, card, confirm)
			after, _ := w.chats.Message(teamChat, card)
			if after.Text != before.Text || len(after.Keyboard) != len(before.Keyboard) {
				w.t.Errorf("the card has changed:\n%s", after.Text)
			}
		},
		"types into somebody's draft": func(w *world) {
			w.sayIn(carol, teamChat, "/order")
			card, _ := w.chats.Last(teamChat)
			if _, err := w.chats.Reply(dave, teamChat, card.ID, "Germany"); err != nil {
				w.t.Fatal(err)
			}
			w.settle()
			after, _ := w.chats.Message(teamChat, card.ID)
			if after.Text != card.Text {
				w.t.Errorf("the card has changed:\n%s", after.Text)
			}
		},
		"approves an order of their own, by a second device": func(w *world) {
			w.approvals(1)
			card, approve, _ := w.ask(dave)
			w.pressData(dave, card.ID, approve)
			if !strings.Contains(w.told(dave), "You can't approve your own order") {
				w.t.Errorf("told: %q", w.told(dave))
			}
		},
		"approves as a member": func(w *world) {
			w.approvals(1)
			card, approve, _ := w.ask(dave)
			w.pressData(carol, card.ID, approve)
			if !strings.Contains(w.told(carol), "doesn't let you approve") {
				w.t.Errorf("told: %q", w.told(carol))
			}
		},
		"approves after being demoted": func(w *world) {
			w.approvals(1)
			card, approve, _ := w.ask(carol)
			if err := w.chats.Demote(anna, teamChat, dave); err != nil {
				w.t.Fatal(err)
			}
			w.pressData(dave, card.ID, approve)
			if !strings.Contains(w.told(dave), "doesn't let you approve") {
				w.t.Errorf("told: %q", w.told(dave))
			}
		},
		"approves after being removed": func(w *world) {
			w.approvals(1)
			card, approve, _ := w.ask(carol)
			if err := w.chats.Kick(anna, teamChat, dave); err != nil {
				w.t.Fatal(err)
			}
			w.settle()
			w.forgePress(dave, "Dave", teamChat, card.ID, approve)
		},
		"confirms after being removed": func(w *world) {
			w.sayIn(carol, teamChat, teamOrderLine)
			card, confirm := w.confirmIn(teamChat)
			if err := w.chats.Kick(anna, teamChat, carol); err != nil {
				w.t.Fatal(err)
			}
			w.settle()
			w.forgePress(carol, "Carol", teamChat, card, confirm)
		},
		"confirms as a viewer, by an old button": func(w *world) {
			w.sayIn(carol, teamChat, teamOrderLine)
			card, confirm := w.confirmIn(teamChat)
			w.sayIn(anna, teamChat, "/team")
			w.tapIn(anna, teamChat, "👤 Roles", "")
			w.tapIn(anna, teamChat, "Carol", "")
			w.tapIn(anna, teamChat, "viewer", "")
			w.pressData(carol, card, confirm)
			if !w.said(teamChat, "Your role in the team doesn't allow this") {
				w.t.Error("nobody was told")
			}
		},
		"approves what was rejected, by the old button": func(w *world) {
			w.approvals(1)
			card, approve, reject := w.ask(carol)
			w.pressData(dave, card.ID, reject)
			w.tapIn(dave, teamChat, "Reject without a reason", "")
			w.pressData(dave, card.ID, approve)
			w.pressData(anna, card.ID, approve)
		},
		"approves what was cancelled": func(w *world) {
			w.approvals(1)
			card, approve, _ := w.ask(carol)
			w.tapIn(carol, teamChat, "Cancel purchase", "")
			w.pressData(dave, card.ID, approve)
		},
		"approves what has waited too long": func(w *world) {
			w.approvals(1)
			card, approve, _ := w.ask(carol)
			w.pass(24*time.Hour + time.Minute)
			w.pressData(dave, card.ID, approve)
			if !w.said(teamChat, "cancelled") {
				w.t.Error("nobody was told")
			}
		},
		"approves in place of the second approver": func(w *world) {
			w.approvals(2)
			card, approve, _ := w.ask(carol)
			w.pressData(dave, card.ID, approve)
			w.pressData(dave, card.ID, approve)
		},
		"approves from a private chat, on a forwarded card": func(w *world) {
			w.approvals(1)
			card, approve, _ := w.ask(carol)
			w.say(dave, "/start")
			if _, err := w.chats.Forward(dave, teamChat, card.ID, dave); err != nil {
				w.t.Fatal(err)
			}
			w.settle()
			last, _ := w.chats.Last(dave)
			w.forgePress(dave, "Dave", dave, last.ID, approve)
		},
		"approves from another group": func(w *world) {
			w.approvals(1)
			_, approve, _ := w.ask(carol)
			if err := w.chats.AddGroup(-77, "Elsewhere", dave, carol); err != nil {
				w.t.Fatal(err)
			}
			w.settle()
			w.sayIn(dave, -77, "/team")
			own, _ := w.chats.Last(-77)
			w.forgePress(dave, "Dave", -77, own.ID, approve)
		},
		"forges a press of an administrator, by the webhook without its secret": func(w *world) {
			w.approvals(1)
			card, approve, _ := w.ask(carol)
			body := fmt.Sprintf(`{"update_id":1,"callback_query":%s}`, pressJSON(dave, "Dave", teamChat, card.ID, approve))
			request, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, "/", strings.NewReader(body))
			if err != nil {
				w.t.Fatal(err)
			}
			answer := &answerCode{header: http.Header{}}
			w.program.Chat.Webhook().ServeHTTP(answer, request)
			w.settle()
			if answer.code != http.StatusUnauthorized && answer.code != http.StatusNotFound {
				w.t.Errorf("answered with %d", answer.code)
			}
		},
		"forges a press of the bot's own, and of a chat": func(w *world) {
			w.approvals(1)
			card, approve, _ := w.ask(carol)
			w.forgePress(w.chats.BotID(), "Bot", teamChat, card.ID, approve)
			w.forgePress(1087968824, "Group", teamChat, card.ID, approve)
		},
		"decides a question of somebody's purchase": func(w *world) {
			w.vendor.PutForeignItem(vendorLogin)
			w.sayIn(carol, teamChat, teamOrderLine)
			w.tapIn(carol, teamChat, "✅", "Carol")
			for _, m := range w.chats.Messages(teamChat) {
				for _, row := range m.Keyboard {
					for _, b := range row {
						if strings.HasPrefix(b.Data, "p1:") {
							w.pressData(dave, m.ID, b.Data)
							w.pressData(dave, m.ID, withoutOwner(b.Data))
						}
					}
				}
			}
		},
		"answers a private purchase as if it were a group's": func(w *world) {
			w.vendor.PutForeignItem(vendorLogin)
			w.say(anna, orderLine)
			w.tapIn(anna, anna, "✅", "")
			w.say(carol, "/start")
			own, _ := w.chats.Last(carol)
			asked := false
			for _, m := range w.chats.Messages(anna) {
				for _, row := range m.Keyboard {
					for _, b := range row {
						if strings.HasPrefix(b.Data, "p1:") {
							asked = true
							w.forgePress(carol, "Carol", carol, own.ID, b.Data+conversation.OwnerSuffix(chat.Key{Chat: teamChat, User: carol}))
						}
					}
				}
			}
			if !asked || !strings.Contains(w.logs.String(), "a purchase of no group") || strings.Contains(w.logs.String(), "level=ERROR") {
				w.t.Errorf("there is an answer to forge: %v; log:\n%s", asked, w.logs)
			}
		},
		"guesses a link": func(w *world) {
			for _, code := range []string{"x", "AAAAAAAAAAAAAAAAAAAAAA", strings.Repeat("A", 64), "team", "0", "-", "_"} {
				w.say(carol, "/start "+code)
				if m, _ := w.chats.Last(carol); !strings.Contains(m.Text, "no longer works") {
					w.t.Errorf("%q is answered with %q", code, m.Text)
				}
			}
		},
		"uses somebody's link, a used one, a late one": func(w *world) {
			link := func() string {
				w.sayIn(carol, teamChat, "/order datacenter=17 pricelist=9102 order_period=1 instances_os=Ubuntu 22.04 servername=web-1 addon_91021=301 order_count=1 backups_schedule=off")
				w.tapIn(carol, teamChat, "🔒 Password", "Carol")
				code, err := w.linkIn(teamChat, "🔒 Open the private chat")
				if err != nil {
					w.t.Fatal(err)
				}
				return code
			}
			refused := func(person int64, code string) {
				w.t.Helper()
				w.say(person, "/start "+code)
				if m, _ := w.chats.Last(person); !strings.Contains(m.Text, "no longer works") {
					w.t.Errorf("answered with %q", m.Text)
				}
			}
			code := link()
			refused(dave, code)
			w.say(carol, "/start "+code)
			refused(carol, code)
			code = link()
			w.pass(10 * time.Minute)
			refused(carol, code)
		},
		"gives a password for a draft that is gone": func(w *world) {
			w.sayIn(carol, teamChat, "/order datacenter=17 pricelist=9102 order_period=1 instances_os=Ubuntu 22.04 servername=web-1 addon_91021=301 order_count=1 backups_schedule=off")
			w.tapIn(carol, teamChat, "🔒 Password", "Carol")
			w.openLinkIn(carol, teamChat, "🔒 Open the private chat")
			w.sayIn(carol, teamChat, "/cancel")
			w.say(carol, rootPassword)
			if !w.said(carol, "Nothing was saved") {
				w.t.Errorf("not told:\n%s", w.chats.Transcript(carol))
			}
		},
		"writes secrets into the group": func(w *world) {
			if err := w.chats.Promote(anna, teamChat, w.chats.BotID(), emulator.Rights{Delete: true}); err != nil {
				w.t.Fatal(err)
			}
			w.settle()
			w.sayIn(carol, teamChat, "/login carol@example.com "+vendorPassword)
			w.sayIn(carol, teamChat, teamOrderLine+" password="+rootPassword)
			w.sayIn(carol, teamChat, "/order datacenter=17 pricelist=9102 order_period=1 instances_os=Ubuntu 22.04 servername=web-1 addon_91021=301 order_count=1 backups_schedule=off")
			card, _ := w.chats.Last(teamChat)
			if _, err := w.chats.Reply(carol, teamChat, card.ID, rootPassword); err != nil {
				w.t.Fatal(err)
			}
			w.settle()
			for _, m := range w.chats.Messages(teamChat) {
				if !m.Deleted && (strings.Contains(m.Text, rootPassword) || strings.Contains(m.Text, vendorPassword)) {
					w.t.Errorf("a secret stays in the group: %q", m.Text)
				}
			}
			if !w.said(teamChat, "change that secret") {
				w.t.Error("the person is not told to change it")
			}
		},
		"orders above a limit": func(w *world) {
			w.limit("Single purchase", "5")
			w.sayIn(carol, teamChat, teamOrderLine)
			w.tapIn(carol, teamChat, "✅", "Carol")
			if !w.said(teamChat, "above a limit of the team") {
				w.t.Error("not told")
			}
		},
		"changes the team without owning it": func(w *world) {
			w.sayIn(anna, teamChat, "/team")
			card, _ := w.chats.Last(teamChat)
			for _, row := range card.Keyboard {
				for _, b := range row {
					w.pressData(dave, card.ID, b.Data)
				}
			}
			w.sayIn(dave, teamChat, "/team")
			mine, _ := w.chats.Last(teamChat)
			if len(mine.Labels()) != 1 {
				w.t.Errorf("an administrator who does not own the team is offered %v", mine.Labels())
			}
			for _, row := range card.Keyboard {
				for _, b := range row {
					w.pressData(dave, mine.ID, swapOwner(b.Data, mine.Keyboard[0][0].Data))
				}
			}
			if w.said(teamChat, "Which orders need approval") {
				w.t.Error("the rule is offered")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newHeist(t, sandbox.Config{})
			attack(w)
			w.nothingBought()
			if n := len(w.chats.Unanswered()); n > 0 {
				t.Errorf("%d presses were not answered", n)
			}
		})
	}
}

// limit sets a limit of the team, above which orders are refused.
func (w *world) limit(name, amount string) {
	w.t.Helper()
	w.sayIn(anna, teamChat, "/team")
	w.tapIn(anna, teamChat, "💶 Limits", "")
	w.tapIn(anna, teamChat, "Above: refused", "")
	w.tapIn(anna, teamChat, name, "")
	for _, m := range slices.Backward(w.chats.Messages(teamChat)) {
		if m.AsksReply && !m.Deleted {
			if _, err := w.chats.Reply(anna, teamChat, m.ID, amount); err != nil {
				w.t.Fatal(err)
			}
			break
		}
	}
	w.settle()
	w.tapIn(anna, teamChat, "Close", "")
}

// TestTermsThatChangeAreApprovedAnew: a price that has risen since the approval
// is asked about, and what the requester accepts must be approved once more; the
// old approval, and the old button, are void.
func TestTermsThatChangeAreApprovedAnew(t *testing.T) {
	t.Parallel()
	w := newHeist(t, sandbox.Config{VATPercent: decimal.NewFromInt(20), Facts: sandbox.Facts{profile.CartTotal: profile.WithTax}})
	w.approvals(1)
	card, approve, _ := w.ask(carol)
	w.pressData(dave, card.ID, approve)
	w.tapIn(carol, teamChat, "Pay €6.91", "")
	_, again, _ := w.asked()
	if again == approve || !w.said(teamChat, "€6.91", "no longer count") {
		t.Fatalf("the new price is not asked about again:\n%s", w.chats.Transcript(teamChat))
	}
	w.pressData(dave, card.ID, approve)
	if n := w.sold(); n != 0 {
		t.Fatalf("the old button has paid")
	}
	w.pressData(dave, card.ID, again)
	if n := w.sold(); n != 1 {
		t.Fatalf("%d orders were paid, want one:\n%s", n, w.chats.Transcript(teamChat))
	}
}

// TestApproversAndACancellerRace: whoever comes first, the purchase is made once
// or not at all, and the card says which.
func TestApproversAndACancellerRace(t *testing.T) {
	t.Parallel()
	for range 5 {
		w := newHeist(t, sandbox.Config{})
		w.approvals(1)
		card, approve, reject := w.ask(carol)
		var cancel string
		for _, row := range card.Keyboard {
			for _, b := range row {
				if strings.Contains(b.Data, ":cancel") {
					cancel = b.Data
				}
			}
		}
		var all sync.WaitGroup
		for _, press := range []struct {
			by   int64
			data string
		}{{anna, approve}, {dave, approve}, {carol, cancel}, {dave, reject}} {
			all.Go(func() {
				if _, err := w.chats.TapData(press.by, teamChat, card.ID, press.data); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		w.settle()
		w.pass(time.Minute)
		sold, now := w.sold(), w.text(card.ID)
		if sold > 1 || sold == 1 == strings.Contains(now, "Purchase cancelled") || len(w.vendor.Cart(vendorLogin)) != 0 {
			t.Fatalf("%d were bought, and the card says:\n%s", sold, now)
		}
	}
}

// TestBuyersRaceForALimit: two orders that each fit into what is left of a limit,
// and together do not, are confirmed at the same moment. One is bought.
func TestBuyersRaceForALimit(t *testing.T) {
	t.Parallel()
	w := newHeist(t, sandbox.Config{})
	w.limit("Whole team per month", "10")
	type button struct {
		by   int64
		card int
		data string
	}
	var buttons []button
	for _, person := range []int64{carol, dave} {
		w.sayIn(person, teamChat, teamOrderLine)
		card, confirm := w.confirmIn(teamChat)
		buttons = append(buttons, button{person, card, confirm})
	}
	var all sync.WaitGroup
	for _, b := range buttons {
		all.Go(func() {
			if _, err := w.chats.TapData(b.by, teamChat, b.card, b.data); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.settle()
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were bought, want one", n)
	}
	if !w.said(teamChat, "above a limit of the team") {
		t.Errorf("the other is not told:\n%s", w.chats.Transcript(teamChat))
	}
	w.sayIn(anna, teamChat, "/team")
	spent := w.costs("5.76")
	if left := decimal.NewFromInt(10).Sub(spent.Amount); !w.said(teamChat, "Spent and reserved: €"+spent.Amount.StringFixed(2)+", left: €"+left.StringFixed(2)) {
		t.Errorf("what is left is not told:\n%s", w.chats.Transcript(teamChat))
	}
}

// TestAFailedOrderFreesItsLimit: what was reserved for an order that the vendor
// refused can be spent.
func TestAFailedOrderFreesItsLimit(t *testing.T) {
	t.Parallel()
	w := newHeist(t, sandbox.Config{})
	w.limit("Per person per day", "8")
	w.vendor.SetBalance(vendorLogin, zomro.Money{Amount: decimal.NewFromInt(1), Currency: "EUR"})
	w.sayIn(carol, teamChat, teamOrderLine)
	w.tapIn(carol, teamChat, "✅", "Carol")
	w.sayIn(carol, teamChat, teamOrderLine)
	w.tapIn(carol, teamChat, "✅", "Carol")
	if !w.said(teamChat, "above a limit of the team") {
		t.Errorf("what waits for money is not counted:\n%s", w.chats.Transcript(teamChat))
	}
	w.tapIn(carol, teamChat, "Cancel purchase", "")
	w.vendor.SetBalance(vendorLogin, eur(100))
	w.tapIn(carol, teamChat, "✅", "Carol")
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were bought, want one:\n%s", n, w.chats.Transcript(teamChat))
	}
}

// TestWhoAskedCanAlwaysSayWhatBecameOfAPayment: a payment in doubt keeps the
// account from others until somebody says what became of it, so who asked for it
// can, whatever their role is by then and whichever account pays.
func TestWhoAskedCanAlwaysSayWhatBecameOfAPayment(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string][]string{
		"a viewer now":        {"👤 Roles", "Carol", "viewer"},
		"no account pays now": {"🔑 Account", "Disconnect"},
		"nothing has changed": {"👤 Roles"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newHeist(t, sandbox.Config{})
			w.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: "cartorder.create.confirm", Times: 1})
			w.sayIn(carol, teamChat, teamOrderLine)
			w.tapIn(carol, teamChat, "✅", "Carol")
			w.vendor.EmptyCart(vendorLogin) // nobody can tell by the cart whether it was paid
			for range 20 {
				w.pass(time.Minute)
			}
			w.sayIn(anna, teamChat, "/team")
			for _, label := range lose {
				w.tapIn(anna, teamChat, label, "")
			}
			w.tapIn(carol, teamChat, "No, it was not bought", "")
			w.pass(time.Minute)
			for id, p := range w.purchases() {
				if !p.Record.State.Ended() {
					t.Errorf("purchase %s is left in state %s, and Carol was told %q", id, p.Record.State, w.told(carol))
				}
			}
		})
	}
}

// text is what a message of the group says now.
func (w *world) text(id int) string {
	m, _ := w.chats.Message(teamChat, id)
	return m.Text
}

// confirms reports whether a button confirms an order: at once, or for others to approve.
func confirms(label string) bool {
	return strings.HasPrefix(label, "✅ Order for") || strings.HasPrefix(label, "✅ Send for approval")
}

// confirmIn is where the newest button of a chat is that confirms an order.
func (w *world) confirmIn(chat int64) (card int, data string) {
	w.t.Helper()
	for _, m := range slices.Backward(w.chats.Messages(chat)) {
		for _, row := range m.Keyboard {
			for _, b := range row {
				if confirms(b.Label) {
					return m.ID, b.Data
				}
			}
		}
	}
	w.t.Fatalf("there is nothing to confirm:\n%s", w.chats.Transcript(chat))
	return 0, ""
}

// withoutOwner is the data of a button without whom it is for.
func withoutOwner(data string) string {
	parts := strings.Split(data, ":")
	return strings.Join(parts[:min(4, len(parts))], ":")
}

// swapOwner is the data of a button as if it were for whom another one is for.
func swapOwner(data, other string) string {
	parts, others := strings.Split(data, ":"), strings.Split(other, ":")
	if len(parts) != 5 || len(others) != 5 {
		return data
	}
	parts[1], parts[2], parts[4] = others[1], others[2], others[4]
	return strings.Join(parts, ":")
}

// pressJSON is a press as Telegram would tell of it.
func pressJSON(from int64, name string, chat int64, message int, data string) string {
	kind := "group"
	if chat > 0 {
		kind = "private"
	}
	text, err := json.Marshal(map[string]any{
		"id": fmt.Sprint("forged-", from, message), "chat_instance": "1", "data": data,
		"from":    map[string]any{"id": from, "is_bot": false, "first_name": name},
		"message": map[string]any{"message_id": message, "date": 1, "chat": map[string]any{"id": chat, "type": kind, "title": "Servers"}},
	})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// forgePress has Telegram itself tell of a press that nobody made.
func (w *world) forgePress(from int64, name string, chat int64, message int, data string) {
	w.t.Helper()
	if _, err := w.chats.Forge(json.RawMessage(`{"callback_query":` + pressJSON(from, name, chat, message, data) + `}`)); err != nil {
		w.t.Fatal(err)
	}
	w.settle()
}

// answerCode keeps the code of an answer.
type answerCode struct {
	header http.Header
	code   int
}

func (a *answerCode) Header() http.Header         { return a.header }
func (a *answerCode) Write(b []byte) (int, error) { return len(b), nil }
func (a *answerCode) WriteHeader(code int)        { a.code = code }

// TestOwnerLeaves: what a person owned in the team passes on, their account pays
// no more, and what they asked for is given up.
func TestOwnerLeaves(t *testing.T) {
	t.Parallel()
	w := newHeist(t, sandbox.Config{})
	w.approvals(1)
	_, approve, _ := w.ask(anna)
	if err := w.chats.Leave(anna, teamChat); err != nil {
		t.Fatal(err)
	}
	w.settle()
	for _, said := range []string{"Dave now owns the team", "The team's owner connects another one", "Purchase cancelled"} {
		if !w.said(teamChat, said) {
			t.Errorf("nobody said %q:\n%s", said, w.chats.Transcript(teamChat))
		}
	}
	card, _ := w.chats.Last(teamChat)
	w.pressData(dave, card.ID, approve)
	w.sayIn(carol, teamChat, teamOrderLine)
	if !w.said(teamChat, "No Zomro account is connected to this team yet") {
		t.Errorf("an account that has left still pays:\n%s", w.chats.Transcript(teamChat))
	}
	w.sayIn(dave, teamChat, "/team")
	w.tapIn(dave, teamChat, "🔑 Account", "")
	w.nothingBought()
}

// TestTheRecordOfATeam is for its owner and its approvers, as Telegram knows them
// at that moment.
func TestTheRecordOfATeam(t *testing.T) {
	t.Parallel()
	w := newHeist(t, sandbox.Config{})
	w.approvals(1)
	card, approve, _ := w.ask(carol)
	w.pressData(dave, card.ID, approve)
	w.shown()
	w.sayIn(carol, teamChat, "/audit")
	if last, _ := w.chats.Last(teamChat); !strings.Contains(last.Text, "Your role in the team doesn't allow this") {
		t.Errorf("a member is shown %q", last.Text)
	}
	w.say(dave, "/start")
	w.sayIn(dave, teamChat, "/audit")
	for _, said := range []string{"Carol · purchase", "Dave · purchase", "approved the purchase", "€" + w.costs("5.76").Amount.StringFixed(2) + " left the balance"} {
		if !w.said(teamChat, said) {
			t.Errorf("nobody said %q:\n%s", said, w.chats.Transcript(teamChat))
		}
	}
	w.tapIn(dave, teamChat, "⬇️ CSV", "")
	if last, _ := w.chats.Last(dave); !strings.HasSuffix(last.Document, ".csv") {
		t.Errorf("no file in private:\n%s", w.chats.Transcript(dave))
	}
	if err := w.chats.Demote(anna, teamChat, dave); err != nil {
		t.Fatal(err)
	}
	before := len(w.chats.Messages(dave))
	w.tapIn(dave, teamChat, "⬇️ JSON", "")
	if len(w.chats.Messages(dave)) != before {
		t.Error("a file after being demoted")
	}
}

// TestATypedAnswerThatIsRefusedIsAnswered: there is no press that could say it.
func TestATypedAnswerThatIsRefusedIsAnswered(t *testing.T) {
	t.Parallel()
	w := newHeist(t, sandbox.Config{})
	w.sayIn(carol, teamChat, teamOrderLine+" promocode=NOSUCH")
	w.tapIn(carol, teamChat, "✅", "Carol")
	w.tapIn(carol, teamChat, "Another code", "")
	w.sayIn(anna, teamChat, "/team")
	w.tapIn(anna, teamChat, "👤 Roles", "")
	w.tapIn(anna, teamChat, "Carol", "")
	w.tapIn(anna, teamChat, "viewer", "")
	for _, m := range slices.Backward(w.chats.Messages(teamChat)) {
		if m.AsksReply && !m.Deleted {
			if _, err := w.chats.Reply(carol, teamChat, m.ID, "WELCOME10"); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	w.settle()
	if !w.said(teamChat, "Your role in the team doesn't allow this") {
		t.Errorf("nobody was told:\n%s", w.chats.Transcript(teamChat))
	}
	if n := w.sold(); n != 0 {
		t.Errorf("%d orders were bought", n)
	}
}

// TestServersOfATeamAreRunByRole: whatever the card showed, a server is stopped only if
// Telegram says at the press that the person may and that the holder of the account is there.
func TestServersOfATeamAreRunByRole(t *testing.T) {
	t.Parallel()
	const left = "user not found"
	fault := func(kind emulator.FaultKind, user int64) emulator.Fault {
		return emulator.Fault{Method: "getChatMember", Param: fmt.Sprint("user_id=", user), Kind: kind, Description: left, Times: 100}
	}
	w := newHeist(t, sandbox.Config{})
	w.sayIn(carol, teamChat, teamOrderLine)
	w.tapIn(carol, teamChat, "✅", "web-1")
	w.pass(10 * time.Minute)
	for said, broken := range map[string]emulator.Fault{
		"No Zomro account is connected to this team": fault(emulator.Refused, anna),
		"Your role in the team doesn't allow this":   fault(emulator.Refused, dave),
		"Telegram isn't telling me your role":        fault(emulator.Failure, anna),
	} {
		w.sayIn(dave, teamChat, "/servers")
		w.tapIn(dave, teamChat, "🟢 web-1", "")
		w.tapIn(dave, teamChat, "⏹ Stop", "")
		w.must(w.chats.Break(broken))
		w.tapIn(dave, teamChat, "⏹ Stop", "")
		w.chats.Mend()
		w.settle()
		if !w.said(teamChat, said) || w.called("service.stop") != 0 {
			t.Errorf("want %q:\n%s", said, w.chats.Transcript(teamChat))
		}
	}
	w.sayIn(dave, teamChat, "/servers")
	w.tapIn(dave, teamChat, "🟢 web-1", "")
	w.tapIn(dave, teamChat, "⏹ Stop", "")
	w.restart()
	w.tapIn(dave, teamChat, "⏹ Stop", "")
	if w.called("service.stop") != 1 {
		t.Errorf("not stopped:\n%s", w.chats.Transcript(teamChat))
	}
}
