package journal_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/zomro"
)

// TestViewOfApprovals: what people approve is what the record would pay, not
// what was agreed to first.
func TestViewOfApprovals(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	six := zomro.Money{Amount: decimal.NewFromInt(6), Currency: "EUR"}
	record := func(change func(*purchase.Record)) journal.Entry {
		r := purchase.Record{
			State: purchase.StateAwaiting, Quote: purchase.Quote{Total: six},
			Approval: &purchase.Approval{
				Needed: 2, Requester: 7, Name: "Anna", Terms: 3, Until: at, Voided: true,
				Votes: []purchase.Vote{{By: 8, Name: "Boris", At: at}},
			},
		}
		change(&r)
		return journal.Entry{Record: r}
	}
	shown := bill.Approval{
		Needed: 2, Terms: 3, Total: &six, Until: at, Voided: true, Requester: "Anna",
		Votes: []bill.ApprovalVote{{Name: "Boris", At: at}},
	}
	for name, c := range map[string]struct {
		record func(*purchase.Record)
		view   func(*bill.Approval)
	}{
		"as it is":                {func(*purchase.Record) {}, func(*bill.Approval) {}},
		"price cannot be read":    {func(r *purchase.Record) { r.Unpriced = true }, func(a *bill.Approval) { a.Total = nil }},
		"without the cart":        {func(r *purchase.Record) { r.Blind = true }, func(a *bill.Approval) { a.Blind = true }},
		"beside others":           {func(r *purchase.Record) { r.Beside = []string{"900"} }, func(a *bill.Approval) { a.Beside = true }},
		"expired":                 {func(r *purchase.Record) { r.Approval.Expired = true }, func(a *bill.Approval) { a.Expired = true }},
		"rejected":                {func(r *purchase.Record) { r.Approval.Rejected = &purchase.Vote{Name: "Vera"} }, func(a *bill.Approval) { a.RejectedBy = "Vera" }},
		"rejected without a name": {func(r *purchase.Record) { r.Approval.Rejected = &purchase.Vote{By: 9} }, func(a *bill.Approval) { a.RejectedBy = "?" }},
	} {
		t.Run(name, func(t *testing.T) {
			want := shown
			c.view(&want)
			got := journal.View(record(c.record), 0)
			if got.Stage != bill.StageAwaiting || !reflect.DeepEqual(got.Approval, &want) {
				t.Errorf("%s, %+v, want %+v", got.Stage, got.Approval, want)
			}
		})
	}
	if got := journal.View(record(func(r *purchase.Record) { r.Approval = nil }), 0); got.Approval != nil {
		t.Errorf("a purchase of one person shows %+v", got.Approval)
	}
}

// TestEveryStateIsTold: each state of the journal has a stage of its own or
// shares one.
func TestEveryStateIsTold(t *testing.T) {
	for _, state := range purchase.States() {
		if (bill.StageOf(state) == bill.StageUnknown) != (state == purchase.StateUnknown) {
			t.Errorf("nobody is told of %s", state)
		}
	}
}

// TestGroupSeesHowTheBalanceMoved: and not how much there is, or was.
func TestGroupSeesHowTheBalanceMoved(t *testing.T) {
	euros := func(n int64) *zomro.Money { return &zomro.Money{Amount: decimal.NewFromInt(n), Currency: "EUR"} }
	for key, now := range map[string]int64{"evidence.balance.less": 94, "evidence.balance.more": 106, "evidence.balance.same": 100} {
		lines := journal.Evidence(purchase.Record{Evidence: &purchase.Evidence{Balance: purchase.BalanceOther, Was: euros(100), Now: euros(now)}}, true)
		want := []chat.Phrase{chat.Say(key)}
		if !reflect.DeepEqual(lines, want) {
			t.Errorf("%d is told as %+v, want %+v", now, lines, want)
		}
	}
}

// TestGroupSeesNothingOfOthers: of what was found out a group is shown what is of
// its order, and of the rest how much it is.
func TestGroupSeesNothingOfOthers(t *testing.T) {
	five := zomro.Money{Amount: decimal.NewFromInt(5), Currency: "EUR"}
	r := purchase.New(purchase.Opening{ID: "A7K-42", Quote: purchase.Quote{Total: five}}, time.Now())
	r.Evidence = &purchase.Evidence{
		New:        []zomro.Service{{ID: "1", Name: "vps-a7k42", ServerName: "vps-a7k42"}, {ID: "2", Name: "secret-vpn", ServerName: "secret-vpn"}},
		NewCharges: []zomro.Charge{{Name: "secret-vpn", Amount: &five}}, Charges: purchase.ChargesNew,
	}
	for shared, secret := range map[bool]bool{true: false, false: true} {
		told := fmt.Sprintf("%+v", journal.Evidence(r, shared))
		if !strings.Contains(told, "vps-a7k42") || strings.Contains(told, "secret") != secret {
			t.Errorf("shared %v: %s", shared, told)
		}
	}
	r.Evidence.Theirs = []purchase.Sold{{Service: "2", Purchase: "AAA-12"}}
	for shared, known := range map[bool]bool{true: false, false: true} {
		if told := fmt.Sprintf("%+v", journal.Evidence(r, shared)); strings.Contains(told, "AAA-12") != known {
			t.Errorf("shared %v: %s", shared, told)
		}
	}
	ten := zomro.Money{Amount: decimal.NewFromInt(10), Currency: "EUR"}
	v := journal.Shared(bill.Purchase{
		Order: conversation.Agreed{Total: five}, Taken: &ten, MoreThanAgreed: true,
		Question: &bill.Question{Items: []zomro.CartItem{{Name: "secret.example"}}},
	})
	if v.Taken != nil || !v.Withheld || v.Question.Items != nil || v.Question.Others != 1 {
		t.Errorf("%+v, %+v", v, v.Question)
	}
}
