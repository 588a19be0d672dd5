package engine

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/conversation/expense"
	"zomrobot/job"
	"zomrobot/zomro"
)

// TestFileOfCosts: a row for each charge, in which nothing that others have written is a
// formula.
func TestFileOfCosts(t *testing.T) {
	sum := func(amount, currency string) *zomro.Money {
		return &zomro.Money{Amount: decimal.RequireFromString(amount), Currency: currency}
	}
	file, err := costsFile([]expense.Row{
		{ID: "3", Day: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), Name: "web-1", Server: "web-1", Amount: sum("6.97", "EUR"), Tax: sum("1.21", "EUR"), By: expense.ByPurchase, Of: "A7K-42", Gone: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)},
		{ID: "=2", Name: "=HYPERLINK(\"http://x\";\"y\")", Server: "@a", Amount: sum("-0.0774", "+cmd"), By: expense.ByServer, Of: "-1"},
		{ID: "1", Name: "a, \"b\""},
	})
	want := "\ufeffdate,server,listed as,id,amount,tax,currency,tax currency,explained by,which,server deleted\n" +
		"2026-11-22,web-1,web-1,3,6.97,1.21,EUR,EUR,purchase,A7K-42,2026-11-23\n" +
		",'@a,\"'=HYPERLINK(\"\"http://x\"\";\"\"y\"\")\",'=2,-0.0774,,'+cmd,,server,'-1,\n" +
		",,\"a, \"\"b\"\"\",1,,,,,,,\n"
	if diff := cmp.Diff(want, string(file)); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// TestWhatALargerPlanExplains: what was named for it, and what the balance has lost.
func TestWhatALargerPlanExplains(t *testing.T) {
	eur := func(amount string) *zomro.Money {
		return &zomro.Money{Amount: decimal.RequireFromString(amount), Currency: "EUR"}
	}
	r := job.New("1", chat.Key{Chat: 42, User: 42}, job.Order{Server: "51", Name: "web-1 (#51)", Op: job.Resize, Cost: eur("1.92")}, time.Unix(0, 0))
	r.Before = &job.Sight{Service: &zomro.Service{ID: "51", Name: "web-1"}, Balance: eur("10")}
	r.Balance = eur("7.68")
	got := ofResize(r)
	charge := zomro.Charge{ID: "1", Name: "web-1", Date: "1970-01-01", Amount: eur("2.32")}
	got.Day = time.Unix(0, 0)
	if rows := expense.Explain([]zomro.Charge{charge}, []expense.Reason{got}); rows[0].By != expense.ByResize || len(got.Sums) != 2 {
		t.Errorf("%+v by %+v", rows, got)
	}
}
