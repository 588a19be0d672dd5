package conversation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/conversation/bill"
	"zomrobot/team"
)

// awaiting is a purchase of a team that has one of the two approvals that it
// needs.
func awaiting() bill.Purchase {
	p := aPurchase(bill.StageQueued)
	p.Stage = bill.StageAwaiting
	total := euro("8.40")
	p.Approval = &bill.Approval{
		Needed: 2, Terms: 3, Total: &total, Until: start.Add(24 * time.Hour), Requester: "Anna",
		Votes: []bill.ApprovalVote{{Name: "Boris", At: start}},
	}
	return p
}

// with changes a purchase's approval.
func with(p bill.Purchase, change func(*bill.Approval)) bill.Purchase {
	a := *p.Approval
	change(&a)
	p.Approval = &a
	return p
}

// TestApprovals: whoever must approve sees all that the approval is for.
func TestApprovals(t *testing.T) {
	promo := awaiting()
	promo.Promo = "SUMMER10"
	tests := []struct {
		name     string
		p        bill.Purchase
		says     []string
		saysNone []string
	}{
		{
			"all of it", awaiting(),
			[]string{"Purchase A7K-42", "web-1", "Ordered by: Anna", "Plan price: 4.20 EUR (month, one server)", "Promo code: none", "at most 8.40 EUR", "1 of 2", "👍 Boris, ", "2026", "is cancelled", "Nothing was charged", "[Approve 8.40 EUR]", "[Reject]", "[Cancel purchase]"},
			[]string{"Agreed", "terms have changed", "cannot be read", "Something else"},
		},
		{"with a promo code", promo, []string{"Promo code: `SUMMER10`"}, []string{"none"}},
		{
			"its price cannot be read", with(awaiting(), func(a *bill.Approval) { a.Total = nil }),
			[]string{"whatever the cart says", "[Approve without a price]"},
			[]string{"at most"},
		},
		{"without the cart", with(awaiting(), func(a *bill.Approval) { a.Blind = true }), []string{"The cart can't be read"}, nil},
		{"above a limit", with(awaiting(), func(a *bill.Approval) { a.Over = []team.Limit{team.LimitPersonDay} }), []string{"Above a limit of the team: Per person per day"}, nil},
		{"beside others", with(awaiting(), func(a *bill.Approval) { a.Beside = true }), []string{"The cart holds something else"}, nil},
		{
			"of new terms", with(awaiting(), func(a *bill.Approval) { a.Voided, a.Votes = true, nil }),
			[]string{"terms have changed", "no longer count", "0 of 2"},
			[]string{"👍"},
		},
		{"of nobody known", with(awaiting(), func(a *bill.Approval) { a.Requester = "" }), nil, []string{"Ordered by"}},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			card := bill.RenderPurchase(c.p)
			checkScreen(t, card)
			shown := show(t, card)
			for _, says := range c.says {
				if !strings.Contains(shown, says) {
					t.Errorf("does not say %q:\n%s", says, shown)
				}
			}
			for _, says := range c.saysNone {
				if strings.Contains(shown, says) {
					t.Errorf("says %q:\n%s", says, shown)
				}
			}
		})
	}
}

// TestApprovalButtons: a vote names the terms that it is for, a cancellation
// the purchase as it is.
func TestApprovalButtons(t *testing.T) {
	var got []string
	for _, b := range buttons(bill.RenderPurchase(awaiting())) {
		got = append(got, b.Data+" "+string(b.Style))
	}
	want := []string{"p1:A7K-42:3:approve success", "p1:A7K-42:3:reject danger", "p1:A7K-42:12:cancel danger"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestAfterApprovals: how it ended is said, and who approved stays on the card.
func TestAfterApprovals(t *testing.T) {
	at := func(stage bill.Stage, change func(*bill.Approval)) bill.Purchase {
		p := with(awaiting(), change)
		p.Stage = stage
		return p
	}
	for _, c := range []struct {
		name string
		p    bill.Purchase
		news bool
		says []string
	}{
		{"rejected", at(bill.StageCancelled, func(a *bill.Approval) { a.RejectedBy = "Vera" }), true, []string{"Purchase cancelled", "Rejected by Vera", "Nothing was charged"}},
		{"rejected with a reason", at(bill.StageCancelled, func(a *bill.Approval) { a.RejectedBy, a.Reason = "Vera", "too dear" }), true, []string{"Rejected by Vera", "💬 too dear", "[✏️ Change and ask again]"}},
		{"expired", at(bill.StageCancelled, func(a *bill.Approval) { a.Expired = true }), true, []string{"Purchase cancelled", "Not approved in time: 1 of 2", "Nothing was charged"}},
		{"cancelled", at(bill.StageCancelled, func(*bill.Approval) {}), true, []string{"Purchase cancelled", "Nothing was charged"}},
		{"approved", at(bill.StageQueued, func(a *bill.Approval) { a.Needed = 1 }), false, []string{"👍 Boris, ", "Starting now"}},
		{"on its way", at(bill.StagePaying, func(a *bill.Approval) { a.Needed = 1 }), false, []string{"👍 Boris, ", "Paying"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			card := bill.RenderPurchase(c.p)
			checkScreen(t, card)
			says := func(text string, all []string) {
				t.Helper()
				for _, part := range all {
					if !strings.Contains(text, part) {
						t.Errorf("does not say %q:\n%s", part, text)
					}
				}
				if c.name == "cancelled" && (strings.Contains(text, "Rejected") || strings.Contains(text, "in time")) {
					t.Errorf("says why, which nobody knows:\n%s", text)
				}
				if c.p.Stage == bill.StageCancelled && strings.Contains(text, "Agreed") {
					t.Errorf("says that it was agreed to what nobody paid:\n%s", text)
				}
			}
			says(show(t, card), c.says)
			news, ok := bill.PurchaseNews(bill.StageAwaiting, c.p)
			if ok != c.news {
				t.Fatalf("news: %v", ok)
			}
			if ok {
				checkScreen(t, news)
				says(show(t, news), c.says[:2]) // the rest, and the buttons, are the card's
			}
		})
	}
	approved := bill.PurchaseApproved(at(bill.StageQueued, func(a *bill.Approval) { a.Needed = 1 }))
	checkScreen(t, approved)
	if text := show(t, approved); !strings.Contains(text, "A7K-42") || !strings.Contains(text, "Purchase approved") || !strings.Contains(text, "👍 Boris, ") {
		t.Errorf("approved:\n%s", text)
	}
}

// TestChecklistWhileAwaiting: a price that must be looked at again is not ticked
// off.
func TestChecklistWhileAwaiting(t *testing.T) {
	price := euro("9.90")
	in := awaiting()
	in.LineItem, in.Price = "1818", &price
	for want, p := range map[string]bill.Purchase{"▫️▫️▫️▫️▫️": awaiting(), "✅▫️▫️▫️▫️": in} {
		got := ""
		for _, line := range bill.RenderPurchase(p).Lines {
			if strings.HasPrefix(line.Key, "progress.mark_") {
				mark, _, _ := strings.Cut(english(t, line), " ")
				got += mark
			}
		}
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
