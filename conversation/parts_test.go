package conversation_test

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/conversation/bill"
	"zomrobot/purchase"
	"zomrobot/zomro"
)

// TestPartIsPaid: while the rest of several rows is being paid, the card says what was
// charged for the others.
func TestPartIsPaid(t *testing.T) {
	t.Parallel()
	taken := zomro.Money{Amount: decimal.RequireFromString("5.76"), Currency: "EUR"}
	for _, stage := range []bill.Stage{bill.StagePricing, bill.StagePaying, bill.StageSettling, bill.StageCancelling} {
		for _, c := range []struct {
			bought  int
			charged purchase.Charged
			taken   *zomro.Money
			want    string
		}{
			{1, purchase.WasCharged, &taken, "charged.partly"},
			{1, purchase.WasCharged, nil, "charged.partly_unread"},
			{0, purchase.NotCharged, nil, ""},
		} {
			p := bill.Purchase{ID: "AAA-01", Stage: stage, Bought: c.bought, Charged: c.charged, Taken: c.taken}
			lines := bill.RenderPurchase(p).Lines
			for _, key := range []string{"charged.partly", "charged.partly_unread"} {
				says := slices.ContainsFunc(lines, func(l chat.Phrase) bool { return l.Key == key })
				if says != (key == c.want) {
					t.Errorf("%s, %d bought: %s is said: %v", stage, c.bought, key, says)
				}
			}
		}
	}
}
