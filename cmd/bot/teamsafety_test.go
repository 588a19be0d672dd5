package main

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/audit"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// needs has the owner of the big team, Anna, set how many approvals an order needs.
func (w *world) needs(approvals string) {
	w.t.Helper()
	w.sayIn(anna, bigTeam, "/team")
	w.tapIn(anna, bigTeam, "✅ Approvals", "")
	w.tapIn(anna, bigTeam, approvals, "")
	w.tapIn(anna, bigTeam, "Close", "")
}

// TestRuleBecomesStricter: an order that waits for its approvals needs as many as
// the team asks for by now.
func TestRuleBecomesStricter(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.chats.AddUser(vera, "Vera", "en")
	w.must(w.chats.Join(anna, bigTeam, vera))
	w.must(w.chats.Promote(anna, bigTeam, vera, emulator.Rights{}))
	w.needs("1 approval")
	w.sayIn(boris, bigTeam, shortOrder)
	w.tapIn(boris, bigTeam, "✅", "web-1")
	w.needs("2 approvals")
	w.tapIn(vera, bigTeam, "Согласовать", "web-1")
	w.wantSaid(bigTeam, "web-1", "Ждёт согласования: 1 из 2")
	if n := w.sold(); n != 0 {
		t.Fatalf("%d orders were paid after one approval of two", n)
	}
	w.tapIn(anna, bigTeam, "Согласовать", "web-1")
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid after both approvals", n)
	}
}

// TestGroupDoesNotSeeTheBalance: what is missing stays between the vendor and who
// holds the account; and only they can log in again.
func TestGroupDoesNotSeeTheBalance(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.vendor.SetBalance(vendorLogin, eur(1))
	w.sayIn(boris, bigTeam, shortOrder)
	w.tapIn(boris, bigTeam, "✅", "web-1")
	w.wantSaid(bigTeam, "web-1", "На аккаунте команды мало денег")
	for _, m := range w.chats.Messages(bigTeam) {
		if strings.Contains(m.Text, "1,00") || strings.Contains(m.Text, "1.00") {
			t.Errorf("the group sees the balance:\n%s", m.Text)
		}
	}
}

// TestOnlyTheHolderCanLogInAgain: a group whose account's session is lost is told
// who can help, and the holder is told in private.
func TestOnlyTheHolderCanLogInAgain(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.sayIn(boris, bigTeam, shortOrder)
	w.vendor.SetPassword(vendorLogin, "Another-1")
	w.vendor.ExpireSessions(vendorLogin)
	w.tapIn(boris, bigTeam, "✅", "web-1")
	w.wantSaid(bigTeam, "web-1", "Тот, кто его подключил")
	w.wantSaid(anna, "Please log in again")
	for _, m := range w.chats.Messages(bigTeam) {
		if _, ok := m.Button("🔐 Войти"); ok {
			t.Errorf("the group is asked to log in:\n%s", m.Text)
		}
	}
}

// TestOwnersWhoLeftUnseen: a team without an owner does not keep the others of its
// group from passing on when the bot comes back.
func TestOwnersWhoLeftUnseen(t *testing.T) {
	t.Parallel()
	const forum = int64(-1_000_000_000_005)
	w := newWorldWith(t, sandbox.Config{}, func(*Config) {})
	w.login(boris)
	w.chats.AddUser(vera, "Vera", "en")
	w.must(w.chats.AddForum(forum, "Forum", anna, boris, vera))
	topic, err := w.chats.AddTopic(anna, forum, "Servers")
	if err != nil {
		t.Fatal(err)
	}
	w.must(w.chats.Promote(anna, forum, boris, emulator.Rights{}))
	w.must(w.chats.Promote(anna, forum, vera, emulator.Rights{}))
	w.sayIn(boris, forum, "/team")
	w.sayInTopic(vera, forum, topic, "/team")
	w.must(w.chats.Break(emulator.Fault{Method: "getChatAdministrators", Kind: emulator.Unauthorized, Times: 10}))
	w.must(w.chats.Leave(boris, forum)) // nobody knows who could own it now
	w.chats.Mend()
	w.wantSaid(forum, "Борис", "больше не в группе")
	w.must(w.chats.Kick(anna, forum, w.chats.BotID()))
	w.must(w.chats.Leave(vera, forum))
	w.must(w.chats.Join(anna, forum, w.chats.BotID()))
	w.wantSaid(forum, "Vera has left", "Anna now owns the team")
}

// TestOlderCopyApprovesNothing: an approval that waits in an older copy of the store
// for what Telegram says was given since, and is not given again.
func TestOlderCopyApprovesNothing(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.needs("1 approval")
	w.sayIn(boris, bigTeam, shortOrder)
	w.tapIn(boris, bigTeam, "✅", "web-1")
	asked := func() (n int) {
		for _, c := range w.chats.Calls() {
			if c.Method == "getChatMember" {
				n++
			}
		}
		return n
	}
	if err := w.chats.Break(emulator.Fault{Method: "getChatMember", Kind: emulator.Hang}); err != nil {
		t.Fatal(err)
	}
	before := asked()
	w.pressIn(anna, bigTeam, "Согласовать", "web-1")
	ctx, cancel := w.patient()
	defer cancel()
	if err := w.chats.Until(ctx, func() bool { return asked() > before }); err != nil {
		t.Fatal(err)
	}
	w.stopBot()
	w.chats.Mend()
	older := w.copied()
	w.start()
	w.settle()
	if n := w.sold(); n != 1 {
		t.Fatalf("%d orders were paid after the approval, want 1", n)
	}
	w.stopBot()
	w.putBack(older)
	before = asked()
	w.start()
	w.settle()
	if n := asked() - before; n != 0 {
		t.Errorf("Telegram was asked %d times for whom the older copy waits", n)
	}
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1", n)
	}
}

// TestLoweredLimitHoldsForNewTerms: whatever a requester answers that makes new
// terms is refused above a limit that was lowered since; giving up is not.
func TestLoweredLimitHoldsForNewTerms(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		order string
		fault func(*world)
		press string
		typed string
	}{
		"without the code":       {order: " promocode=NOSUCH", press: "Без промокода"},
		"another code":           {order: " promocode=NOSUCH", press: "Другой промокод", typed: "WELCOME10"},
		"the new price":          {fault: func(w *world) { w.vendor.ScalePrices(decimal.NewFromInt(150)) }, press: "Оплатить"},
		"beside what is not his": {fault: func(w *world) { w.vendor.PutForeignItem(vendorLogin) }, press: "Всё равно продолжить"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
			w.sayIn(boris, bigTeam, shortOrder+tt.order)
			if tt.fault != nil {
				tt.fault(w)
			}
			w.tapIn(boris, bigTeam, "✅", "web-1")
			w.sayIn(anna, bigTeam, "/team")
			w.tapIn(anna, bigTeam, "💶 Limits", "")
			w.tapIn(anna, bigTeam, "Above: refused", "")
			w.tapIn(anna, bigTeam, "Single purchase", "")
			w.reply(anna, bigTeam, "5")
			w.settle()
			w.tapIn(boris, bigTeam, tt.press, "")
			if tt.typed != "" {
				w.reply(boris, bigTeam, tt.typed)
				w.settle()
			}
			toasts := w.chats.Toasts(boris)
			if alerted := len(toasts) > 0 && strings.Contains(toasts[len(toasts)-1].Text, "Лимит команды"); !alerted && !w.said(bigTeam, "Лимит команды был бы превышен") {
				t.Errorf("he is told %+v\n%s", toasts, w.chats.Transcript(bigTeam))
			}
			if w.said(bigTeam, "⏸") || w.sold() != 0 {
				t.Errorf("it went on, and %d orders were paid:\n%s", w.sold(), w.chats.Transcript(bigTeam))
			}
			w.tapIn(boris, bigTeam, "Отменить", "")
			w.takenOut()
			w.wantSaid(bigTeam, "Покупка отменена")
		})
	}
}

// TestOwnerSettlesForWhoLeft: whether an order was paid is answered by whoever ordered,
// and by the owner of the team once whoever ordered is no longer in the group; by
// nobody else.
func TestOwnerSettlesForWhoLeft(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.chats.AddUser(vera, "Vera", "en")
	w.must(w.chats.Join(anna, bigTeam, vera))
	w.must(w.chats.Promote(anna, bigTeam, vera, emulator.Rights{}))
	w.sayIn(boris, bigTeam, shortOrder)
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: "cartorder.create.confirm", Effect: true})
	hidden := w.vendor.Inject(sandbox.Fault{Kind: sandbox.EmptyList, Func: "instances", Nth: 2, Times: -1})
	w.tapIn(boris, bigTeam, "✅", "web-1")
	for range 20 {
		w.pass(time.Minute)
	}
	w.wantSaid(bigTeam, "web-1", "может ответить владелец команды")
	press := func(person int64, want string) {
		t.Helper()
		w.tapIn(person, bigTeam, "Да, куплено", "")
		toasts := w.chats.Toasts(person)
		if len(toasts) == 0 || !strings.Contains(toasts[len(toasts)-1].Text, want) {
			t.Errorf("%d is told %+v, want %q", person, toasts, want)
		}
		if w.said(bigTeam, "Оплачено") {
			t.Fatalf("%d has settled it", person)
		}
	}
	press(vera, "This card is somebody else's")
	press(anna, "is still in the group and answers for it")
	if err := w.chats.Break(emulator.Fault{Method: "getChatMember", Kind: emulator.Unauthorized, Times: 100}); err != nil {
		t.Fatal(err)
	}
	press(anna, "Telegram isn't")
	w.chats.Mend()
	w.must(w.chats.Kick(anna, bigTeam, boris))
	press(vera, "This card is somebody else's")
	hidden.Remove()
	w.tapIn(anna, bigTeam, "Да, куплено", "")
	w.wantSaid(bigTeam, "Оплачено", "Списано: "+commaed(w.costs("5.76")))
	settled := false
	for _, line := range w.book("team/-1000000000007") {
		deed, err := line.Read()
		if err != nil {
			t.Fatal(err)
		}
		if decided, ok := deed.(audit.Decided); ok && decided.Choice == "bought" {
			settled = line.Who == anna
		}
	}
	if !settled {
		t.Error("the record does not tell that Anna has settled it")
	}
}

// TestOwnerWhoLeftUnseen: a team whose owner has left without the bot hearing of it
// passes on when somebody looks at it, and stays as it is while the owner is there.
func TestOwnerWhoLeftUnseen(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.must(w.chats.Promote(anna, bigTeam, boris, emulator.Rights{}))
	w.sayIn(boris, bigTeam, "/team")
	if w.said(bigTeam, "Команда теперь принадлежит") || w.said(bigTeam, "Владелец: Борис") {
		t.Fatalf("the team has passed on while its owner is there:\n%s", w.chats.Transcript(bigTeam))
	}
	w.stopBot()
	if err := w.chats.Leave(anna, bigTeam); err != nil {
		t.Fatal(err)
	}
	w.clock.move(25 * time.Hour) // Telegram keeps news for a day
	w.start()
	w.settle()
	w.sayIn(boris, bigTeam, "/team")
	w.wantSaid(bigTeam, "Владелец: Борис")
	w.tapIn(boris, bigTeam, "🔑 Аккаунт", "")
}

// TestApproversAreAskedOnceTelegramAnswers: an order waits for its approval whether or not
// Telegram says who may give it. Once it does they are mentioned in the group, and asked in
// private, where the vote counts as in the group.
func TestApproversAreAskedOnceTelegramAnswers(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.needs("1 approval")
	w.must(w.chats.Break(emulator.Fault{Method: "getChatAdministrators", Kind: emulator.Unauthorized}))
	w.sayIn(boris, bigTeam, shortOrder)
	w.tapIn(boris, bigTeam, "✅", "web-1")
	w.wantSaid(bigTeam, "web-1", "0 из 1", "Могут согласовать: Anna")
	w.wantSaid(anna, "Big team", "asks for your approval", "web-1")
	asked, _ := w.chats.Last(anna)
	w.tap(anna, "Approve €5.76")
	w.settle()
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1", n)
	}
	if m, _ := w.chats.Last(anna); m.ID != asked.ID || len(m.Keyboard) != 0 {
		t.Errorf("the request is not closed:\n%s", w.chats.Transcript(anna))
	}
	for _, line := range w.book("team/-1000000000007") {
		if line.Event == "approved" && (line.Who != anna || line.Name != "Anna") {
			t.Errorf("approved by %d, %q", line.Who, line.Name)
		}
	}
	w.booksHold()
}
