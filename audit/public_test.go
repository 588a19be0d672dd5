package audit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/audit"
	"zomrobot/zomro"
)

// TestPublic: neither what there is on an account, nor its id, nor the vendor's words
// are in a line for those who do not hold it; the line then has no hash of its own,
// and one from which nothing was left out is as it was.
func TestPublic(t *testing.T) {
	money := zomro.Money{Amount: decimal.RequireFromString("7313.37"), Currency: "EUR"}
	failure := &audit.Failure{Kind: zomro.Refused, Code: "insufficient_funds", Object: "elid", Message: "Your current balance: 7313.37"}
	var head audit.Head
	for name, c := range map[string]struct {
		deed  audit.Event
		whole bool
	}{
		"opened":              {audit.Opened{Account: "acc-4711", Plan: "Birch"}, false},
		"answered":            {audit.Answered{Call: "balance", Balance: &money}, false},
		"refused":             {audit.Answered{Call: "confirm", Failure: failure}, false},
		"answered, no money":  {audit.Answered{Call: "cart", Total: &zomro.Money{Amount: decimal.NewFromInt(5), Currency: "EUR"}}, true},
		"done with a server":  {audit.Acted{Account: "acc-4711", Failure: failure}, false},
		"called":              {audit.Called{Call: "confirm"}, true},
		"a setting":           {audit.Changed{Setting: "account", Is: "Zomro"}, true},
		"refused, no account": {audit.Answered{Call: "promo", Failure: &audit.Failure{Kind: zomro.Refused, Code: "missed"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			line, _, err := head.Append("team/-1", audit.Entry{At: time.Unix(0, 0), What: c.deed})
			if err != nil {
				t.Fatal(err)
			}
			public, err := line.Public()
			if err != nil {
				t.Fatal(err)
			}
			text, err := public.Text()
			if err != nil {
				t.Fatal(err)
			}
			for _, hidden := range []string{"7313", "4711"} {
				if strings.Contains(string(text), hidden) {
					t.Errorf("%s is in %s", hidden, text)
				}
			}
			if (public.Hash == line.Hash) != c.whole {
				t.Errorf("its hash is %q: %s", public.Hash, text)
			}
			if _, err := public.Read(); err != nil {
				t.Error(err)
			}
		})
	}
	later, err := audit.Line{Event: "later", What: []byte(`{"balance":"7313.37"}`), Hash: "x"}.Public()
	if err != nil || string(later.What) != "{}" || later.Hash != "" {
		t.Errorf("of a later version: %s, %v", later.What, err)
	}
}
