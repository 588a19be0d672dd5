package zomro

import (
	"encoding/json"
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
		if KindOf(err) != Refused {
			t.Errorf("got %v", err)
		}
	}
	if len(v.seen()) != 0 {
		t.Error("something was sent")
	}
}

func TestConfirmWithAPaymentPage(t *testing.T) {
	for body, want := range map[string]Kind{
		`{"doc":{}}`:                                   "",
		`{"doc":{"ok":{"$":""}}}`:                      "",
		`{"doc":{"ok":{"$":"func=order"}}}`:            "",
		`{"doc":{"ok":{"$":"https://pay.example/1"}}}`: Unknown,
	} {
		_, c := newVendor(t, ok(body))
		if err := c.Confirm(t.Context(), testAuth, "1818"); KindOf(err) != want || (err == nil) != (want == "") {
			t.Errorf("%s: got %v", body, err)
		}
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
