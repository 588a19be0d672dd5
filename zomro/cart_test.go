package zomro

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const cartAnswer = `{"doc":{
	"total":{"cost":{"$":"1 234,56"},"currency":{"$":"€"},"count":{"$":"2"}},
	"list":[{"$name":"paymethods","elem":[{"id":{"$":"0"}}]},{"$name":"lineitems","elem":[
		{"id":{"$":"1818"},"elid":{"$":"77"},"main":{"name":{"$":"Cloud&nbsp;Essential "},"period":{"$":"Day"}},
		 "price":{"price":{"cost":{"$":"0.22"},"currency":{"$":"€"},"discount":{"$":"0.12"},"noDiscountCost":{"$":"0.34"}}},
		 "configuration":{"elem":[{"configuration_name":{"$":"&nbsp;-&nbsp;CPU count"}}]}},
		{"id":{"$":"1819"},"price":{"price":[{"cost":{"$":"1 €"}},{"cost":{"$":"2 €"}}]}}]}]}}`

func TestCart(t *testing.T) {
	price := func(text string) *Money { m := eur(text); return &m }
	for name, test := range map[string]struct {
		body string
		want Cart
	}{
		"two": {cartAnswer, Cart{
			Items: []CartItem{
				{ID: "1818", Elid: "77", Name: "Cloud Essential", Period: "Day", Cost: price("0.22")},
				{ID: "1819"},
			},
			Total: price("1234.56"),
		}},
		"one as an object": {
			`{"doc":{"list":{"$name":"lineitems","elem":{"elid":"5","main":{"name":"x"}}}}}`,
			Cart{Items: []CartItem{{Elid: "5", Name: "x"}}},
		},
		"total in a price": {
			`{"doc":{"total":{"price":{"cost":{"$":"2.00"},"currency":{"$":"EUR"}}},"list":[{"$name":"lineitems"}]}}`,
			Cart{Items: []CartItem{}, Total: price("2")},
		},
		"total that cannot be read": {
			`{"doc":{"total":{"cost":{"$":"2.00"}},"list":[{"$name":"lineitems","elem":[{"id":"1"}]}]}}`,
			Cart{Items: []CartItem{{ID: "1"}}},
		},
		"empty by the list":  {`{"doc":{"list":[{"$name":"lineitems"}]}}`, Cart{Items: []CartItem{}}},
		"empty by the count": {`{"doc":{"total":{"cost":"0.00","currency":"EUR","count":"0"}}}`, Cart{Items: []CartItem{}, Total: price("0")}},
	} {
		_, c := newVendor(t, ok(test.body))
		got, err := c.Cart(t.Context(), testAuth)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.want, got, equalMoney); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestCartThatCannotBeRead(t *testing.T) {
	for _, body := range []string{
		`{"doc":{}}`,
		`{"doc":{"list":[]}}`,
		`{"doc":{"total":{"cost":"0.00","currency":"EUR"}}}`,
		`{"doc":{"total":{"count":"1"}}}`,
		`{"doc":{"total":{"count":"none"}}}`,
		`{"doc":{"total":{"count":"1"},"list":[{"$name":"lineitems"}]}}`,
		`{"doc":{"total":{"count":"0"},"list":[{"$name":"lineitems","elem":[{"id":"1"}]}]}}`,
		`{"doc":{"list":[{"$name":"itemlist","elem":[{"id":"1"}]}]}}`,
		`{"doc":{"list":[{"$name":"lineitems","elem":[{"id":"1"},{}]}]}}`,
		`{"doc":{"list":[{"$name":"lineitems","elem":["1"]}]}}`,
	} {
		_, c := newVendor(t, ok(body))
		if cart, err := c.Cart(t.Context(), testAuth); KindOf(err) != Unreadable {
			t.Errorf("%s: got %+v, %v", body, cart, err)
		}
	}
}

func TestRemoveAndEmpty(t *testing.T) {
	v, c := newVendor(t, ok(`{"doc":{"ok":{}}}`))
	if err := c.RemoveFromCart(t.Context(), testAuth, "1818"); err != nil {
		t.Error(err)
	}
	if err := c.EmptyCart(t.Context(), Auth{Session: testAuth.Session}); err != nil {
		t.Error(err)
	}
	want := [][]field{
		{
			{"func", "cart"},
			{"auth", testSession},
			{"out", "json"},
			{"lang", "en"},
			{"id", "1818"},
			{"promocode", ""},
			{"sok", "ok"},
			{"elid", ""},
			{"clicked_button", "delete"},
		},
		{{"func", "cart.empty"}, {"auth", testSession}, {"out", "json"}, {"lang", "en"}},
	}
	if diff := cmp.Diff(want, v.seen(), cmp.AllowUnexported(field{})); diff != "" {
		t.Error(diff)
	}
}

func TestCartWritesThatCannotBeSent(t *testing.T) {
	v, c := newVendor(t, ok(`{"doc":{}}`))
	for _, err := range []error{
		c.RemoveFromCart(t.Context(), testAuth, ""),
		c.RemoveFromCart(t.Context(), testAuth, "1818 "),
		c.Confirm(t.Context(), testAuth, ""),
		c.Confirm(t.Context(), testAuth, "1818,1819"),
		c.ApplyPromo(t.Context(), testAuth, " "),
		c.ApplyPromo(t.Context(), testAuth, "A\nB"),
	} {
		if KindOf(err) != Refused || !unsent(err) {
			t.Errorf("got %v", err)
		}
	}
	if len(v.seen()) != 0 {
		t.Error("something was sent")
	}
}

// Confirm is nil only for an answer that says nothing against it.
func TestConfirmAnswers(t *testing.T) {
	for body, want := range map[string]string{
		`{"doc":{"ok":{"$":""}}}`: "",
		`{"doc":{"ok":{}}}`:       "",
		`{"doc":{"$func":"x","tparams":{"elid":"1818"},"ok":{"$":""}}}`: "",
		`{"doc":{"ok":{"$":"func=order"}}}`:                             "",
		`{"doc":{"ok":{"$":"func=order","$type":"url"}}}`:               "",
		`{"doc":{"billorder":{"$":"77"}}}`:                              "",

		`{"doc":{}}`: "empty document",
		`{"doc":{"$func":"x","$host":"https://api.zomro.com","tparams":{}}}`: "empty document",
		`{"doc":{"ok":{"$":"https://pay.example/1"}}}`:                       "an address",
		`{"doc":{"ok":"HTTPS://pay.example/1"}}`:                             "an address",
		`{"doc":{"ok":{"$":"//pay.example/1"}}}`:                             "an address",
		`{"doc":{"ok":{"$":"/billmgr?func=payment.add"}}}`:                   "an address",
		`{"doc":{"ok":{"$":"func=payment.add&billorder=77"}}}`:               "something else to do",
		`{"doc":{"ok":{"$":"func=order.fail"}}}`:                             "something else to do",
		`{"doc":{"ok":{"$":"later"}}}`:                                       "something else to do",
		`{"doc":{"ok":[{"$":""},{"$":"func=payment.add"}]}}`:                 "cannot be read",
		`{"doc":{"ok":{"url":"x"}}}`:                                         "cannot be read",
		`{"doc":{"elid":{"$":"1818"}}}`:                                      "its own form",
		`{"doc":{"ok":{"$":""},"paymethod_id":{"$":"0"}}}`:                   "its own form",
		`{"doc":{"metadata":{"form":{}}}}`:                                   "its own form",
	} {
		_, c := newVendor(t, ok(body))
		err := c.Confirm(t.Context(), testAuth, "1818")
		if want == "" {
			if err != nil {
				t.Errorf("%s: got %v", body, err)
			}
			continue
		}
		if KindOf(err) != Unknown || unsent(err) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want unknown: %s", body, err, want)
		}
	}
}

func TestCartLeavesOutWhatWasRolledBack(t *testing.T) {
	for body, want := range map[string][]CartItem{
		`{"doc":{"total":{"count":"1"},"list":[{"$name":"lineitems","elem":[{"id":"1","rolled_back":{"$":"on"}},{"id":"2"}]}]}}`: {{ID: "2"}},
		`{"doc":{"total":{"count":"2"},"list":[{"$name":"lineitems","elem":[{"id":"1","rolled_back":{}},{"id":"2"}]}]}}`:         {{ID: "2"}},
		`{"doc":{"total":{"count":"0"},"list":[{"$name":"lineitems","elem":[{"id":"1","rolled_back":"yes"}]}]}}`:                 {},
		`{"doc":{"total":{"count":"1"},"list":[{"$name":"lineitems","elem":{"rolled_back":"1"}}]}}`:                              {},
		`{"doc":{"list":[{"$name":"lineitems","elem":[{"id":"1","rolled_back":{"$":"off"}},{"id":"2","rolled_back":""}]}]}}`:     {{ID: "1"}, {ID: "2"}},
		`{"doc":{"list":[{"$name":"lineitems","elem":[{"id":"1","needphoneverify":{"$":"on"}},{"id":"2","needphoneverify":"off"}]}]}}`: {
			{ID: "1", PhoneCheck: true}, {ID: "2"},
		},
	} {
		_, c := newVendor(t, ok(body))
		cart, err := c.Cart(t.Context(), testAuth)
		if diff := cmp.Diff(want, cart.Items); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", body, err, diff)
		}
	}
	_, c := newVendor(t, ok(`{"doc":{"total":{"count":"0"},"list":[{"$name":"lineitems","elem":[{"id":"1","rolled_back":"on"},{"id":"2"}]}]}}`))
	if cart, err := c.Cart(t.Context(), testAuth); KindOf(err) != Unreadable {
		t.Errorf("a row that is not counted: %+v, %v", cart, err)
	}
}

func FuzzCart(f *testing.F) {
	f.Add(cartAnswer)
	f.Add(`{"doc":{"total":{"count":0}}}`)
	f.Add(`{"doc":{"list":{"$name":"lineitems","elem":[[{"id":1}]]}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		doc, err := parseDocument([]byte(body))
		if err != nil {
			return
		}
		cart, err := parseCart(doc)
		if err != nil {
			return
		}
		text, _ := json.Marshal(doc.value)
		checkMoney(t, string(text), cart.Total)
		for _, item := range cart.Items {
			if item.ID == "" && item.Elid == "" {
				t.Error("an item without an id")
			}
			checkMoney(t, string(text), item.Cost)
		}
	})
}

func FuzzConfirm(f *testing.F) {
	f.Add(`{"doc":{"ok":{"$":"func=order"}}}`)
	f.Add(`{"doc":{"ok":[{"$":"https://pay.example"}],"tparams":{}}}`)
	f.Add(`{"doc":{"$func":"x","metadata":{}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		doc, err := parseDocument([]byte(body))
		if err != nil || confirmDoubt(doc) != nil {
			return
		}
		if text := doc.at("ok").text(); text != "" && text != "func=order" {
			t.Errorf("sends to %q and passed for carried out", text)
		}
		if isBare(doc) || doc.at("elid").exists() || doc.at("paymethod_id").exists() || doc.at("metadata").exists() {
			t.Error("a form, or nothing, passed for carried out")
		}
	})
}
