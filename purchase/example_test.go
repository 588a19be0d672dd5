package purchase_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/purchase"
	"zomrobot/zomro"
)

// A purchase from its opening until it is paid. Each call is written down before it is
// made and answered after it. The answer to confirm is an error here, and decides nothing:
// what the account shows afterwards does.
func Example() {
	euros := func(n int64) zomro.Money { return zomro.Money{Amount: decimal.NewFromInt(n), Currency: "EUR"} }
	zero, total := euros(0), euros(5)
	empty := zomro.Cart{Total: &zero}
	full := zomro.Cart{Items: []zomro.CartItem{{ID: "1818", Name: "Essential", Cost: &total}}, Total: &total}
	before, after := zomro.Balance{Real: euros(20)}, zomro.Balance{Real: euros(15)}
	name := purchase.OwnName("A7K-42") // carries the id: what has it is ours
	ours := []zomro.Service{{ID: "7", Name: name, ServerName: name, Status: zomro.StatusActive}}

	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	r := purchase.New(purchase.Opening{
		ID: "A7K-42", Draft: "d1", Account: "70001",
		Order: zomro.Order{Plan: "8700", Datacenter: "17", Period: zomro.Month, Count: 1, Image: "u", ServerName: name},
		Quote: purchase.Quote{Total: total, Price: total, Period: zomro.Month},
	}, now)
	commit := func(e purchase.Event) { // to disk, before anything else happens
		next, err := purchase.Step(r, e, now)
		if err != nil {
			panic(err)
		}
		r = next
	}

	commit(purchase.Started{})
	for _, answer := range []purchase.Answered{ // as the vendor gives them
		{Cart: &empty}, {Balance: &before}, {LineItem: "1818"}, // checked, then added
		{}, {Balance: &before}, {}, {}, {Cart: &full}, // the snapshot before paying
		{Failure: &purchase.Failure{Kind: zomro.Unknown}}, // confirm: the answer is lost
		{Services: ours}, {Balance: &after}, {Cart: &empty}, {}, {}, // the evidence
	} {
		action := purchase.Next(r, now)
		commit(purchase.Calling{Call: action.Call})
		answer.Call = action.Call
		commit(answer)
		fmt.Println(action.Call, r.State, r.Charged())
	}
	// Output:
	// cart checking no
	// balance checking no
	// add in_cart no
	// services pricing no
	// balance pricing no
	// charges pricing no
	// orders pricing no
	// cart priced no
	// confirm unknown unknown
	// services unknown unknown
	// balance unknown unknown
	// cart unknown unknown
	// charges unknown unknown
	// orders paid yes
}
