package main

import (
	"strings"
	"testing"

	"zomrobot/zomro/sandbox"
)

// handOver has Anna hand the big team over to Boris.
func (w *world) handOver() {
	w.t.Helper()
	w.sayIn(boris, bigTeam, "/help") // now he is known
	w.sayIn(anna, bigTeam, "/team")
	w.tapIn(anna, bigTeam, "👤 Roles", "")
	w.tapIn(anna, bigTeam, "Борис", "")
	w.tapIn(anna, bigTeam, "👑 Hand over the team", "")
	w.wantSaid(bigTeam, "Hand the team over to Борис?", "account Zomro")
	if w.said(bigTeam, "Борис now owns the team") {
		w.t.Fatal("the team passed on before that was confirmed")
	}
	w.tapIn(anna, bigTeam, "👑 Yes, to Борис", "")
	w.wantSaid(bigTeam, "Борис now owns the team")
	w.wantSaid(anna, "Big team", "now belongs to Борис", "Keep it that way?")
}

// TestHolderDecidesOnTheAccount: whose account pays for a team that was handed over is
// asked, and can end it there and later; the group is told, and nothing that was not
// paid is.
func TestHolderDecidesOnTheAccount(t *testing.T) {
	t.Parallel()
	for name, take := range map[string]func(*world){
		"at once": func(w *world) { w.tap(anna, "Withdraw the account") },
		"later": func(w *world) {
			w.tap(anna, "Keep paying")
			w.say(anna, "/accounts")
			w.wantSaid(anna, "Pays for the group Big team")
			w.tap(anna, vendorLogin)
			w.tap(anna, "Disconnect from Big team")
			w.wantSaid(anna, "no longer pays for Big team")
			if w.said(anna, "Pays for the group Big team") {
				w.t.Error("the account is said to pay still")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
			w.sayIn(boris, bigTeam, shortOrder+" promocode=NOSUCH")
			w.tapIn(boris, bigTeam, "✅", "web-1") // asks about the code
			w.handOver()
			asked, _ := w.chats.Last(anna)
			take(w)
			w.wantSaid(bigTeam, "больше не подключён", "Anna")
			w.tapIn(boris, bigTeam, "Без промокода", "")
			toasts := w.chats.Toasts(boris)
			if n := len(toasts); n == 0 || !strings.Contains(toasts[n-1].Text, "больше не платит за команду") {
				t.Errorf("he is told %+v", toasts)
			}
			w.sayIn(boris, bigTeam, strings.Replace(shortOrder, "web-1", "web-2", 1))
			if n := w.sold(); n != 0 {
				t.Errorf("%d orders were paid", n)
			}
			if err := w.tapNewest(anna, "Withdraw the account"); err == nil {
				t.Error("what was answered can be answered again")
			}
			if _, err := w.chats.TapData(anna, anna, asked.ID, "t1:drop:-1000000000007"); err != nil { // a second tap
				t.Fatal(err)
			}
			w.settle()
			w.wantSaid(anna, "None of your accounts pays for that team")
			w.settle()
			w.booksHold()
			lines := w.book("team/-1000000000007")
			told := false
			for _, line := range lines {
				told = told || line.Event == "changed" && line.Who == anna && strings.Contains(string(line.What), `"account"`) && strings.Contains(string(line.What), `"was":"Zomro"`)
			}
			if !told {
				t.Error("the record does not tell that she has taken it back")
			}
		})
	}
}

// TestNobodyElseTakesTheAccount: the button of a holder does nothing for others.
func TestNobodyElseTakesTheAccount(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.handOver()
	m, _ := w.chats.Last(boris)
	if _, err := w.chats.TapData(boris, boris, m.ID, "t1:drop:-1000000000007"); err != nil {
		t.Fatal(err)
	}
	w.settle()
	w.wantSaid(boris, "не платит ни один ваш аккаунт")
	w.sayIn(boris, bigTeam, shortOrder)
	w.tapIn(boris, bigTeam, "✅", "web-1")
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1", n)
	}
}

// TestAwaitingCardTellsThatNobodyPays: while approvals are waited for it is seen at once
// that the account pays no more, and that it does again.
func TestAwaitingCardTellsThatNobodyPays(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.needs("1 approval")
	w.sayIn(boris, bigTeam, shortOrder)
	w.tapIn(boris, bigTeam, "✅", "web-1")
	gone := "больше не платит за команду. Даже согласованный заказ"
	if w.said(bigTeam, gone) {
		t.Fatal("the account is said to be gone, and is there")
	}
	w.say(anna, "/accounts")
	w.tap(anna, vendorLogin)
	w.tap(anna, "Disconnect from Big team")
	w.settle()
	if !w.said(bigTeam, gone) {
		t.Fatalf("the card does not say that the account is gone:\n%s", w.chats.Transcript(bigTeam))
	}
	w.makeTeamIn(anna, bigTeam, 0)
	if w.said(bigTeam, gone) {
		t.Errorf("the account is said to be gone, and is there again:\n%s", w.chats.Transcript(bigTeam))
	}
}

// TestTheHolderLogsOut: whoever logs out of the account that pays for a team is told so
// before, and the team is told after it who has to log in again; and then all is as it was.
func TestTheHolderLogsOut(t *testing.T) {
	t.Parallel()
	w := newBigTeam(t, sandbox.Config{}, func(*Config) {})
	w.say(anna, "/logout")
	w.wantSaid(anna, "The team “Big team” pays from this account: it cannot order")
	w.tap(anna, "Log out")

	disconnected := []string{"Аккаунт команды отключён", "(Anna)", "/login", "/team"}
	for _, typed := range []string{"/servers", "/order"} {
		from, _ := w.chats.Last(bigTeam)
		w.sayIn(boris, bigTeam, typed)
		told := strings.Join(w.after(bigTeam, from.ID), "\n")
		for _, part := range disconnected {
			if !strings.Contains(told, part) {
				t.Errorf("%s does not say %q:\n%s", typed, part, told)
			}
		}
		for _, part := range []string{"Ваш аккаунт", "Zomro не"} {
			if strings.Contains(told, part) {
				t.Errorf("%s says %q:\n%s", typed, part, told)
			}
		}
	}
	w.sayIn(boris, bigTeam, "/team")
	w.wantSaid(bigTeam, "Аккаунт: Zomro, отключён (кто подключил: Anna)")

	w.login(anna)
	from, _ := w.chats.Last(bigTeam)
	w.sayIn(boris, bigTeam, "/team")
	if told := strings.Join(w.after(bigTeam, from.ID), "\n"); !strings.Contains(told, "Аккаунт: Zomro (кто подключил: Anna)") {
		t.Errorf("the account is connected again, and /team says:\n%s", told)
	}
	w.sayIn(boris, bigTeam, shortOrder)
	w.tapIn(boris, bigTeam, "✅", "web-1")
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid", n)
	}
}
