package zomro

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const chargesAnswer = `{"doc":{"p_elems":{"$":"40"},"p_num":{"$":"1"},"p_cnt":{"$":"2"},"elem":[
	{"id":{"$":"902"},"locale_name":{"$":"Cloud&nbsp;Essential "},"realdate":{"$":"2026-11-23"},"amount":{"$":"0.0774 EUR"},"taxamount":{"$":"0.0163 EUR"}},
	{"id":{"$":"901"},"locale_name":{"$":"web-1"},"realdate":{"$":"2026-11-22 10:00:00"},"amount":{"$":"1 234,56"},"paymethod_name":{"$":"x"}}]}}`

func TestCharges(t *testing.T) {
	price := func(text string) *Money { m := eur(text); return &m }
	newest := Charge{ID: "902", Name: "Cloud Essential", Amount: price("0.0774"), Tax: price("0.0163"), Date: "2026-11-23"}
	for name, test := range map[string]struct {
		body string
		want []Charge
	}{
		"a page":      {chargesAnswer, []Charge{newest, {ID: "901", Name: "web-1", Date: "2026-11-22 10:00:00"}}},
		"one row":     {`{"doc":{"elem":{"id":{"$":"5"},"amount":{"$":"-1.00 €"}}}}`, []Charge{{ID: "5", Amount: price("-1")}}},
		"none":        {`{"doc":{"p_elems":{"$":"0"}}}`, []Charge{}},
		"none either": {`{"doc":{"p_num":{"$":"1"}}}`, []Charge{}},
		"all, the oldest first": {
			`{"doc":{"p_elems":"3","elem":[{"id":"1","realdate":"2026-11-01"},{"id":"2"},{"id":"3","realdate":"2026-11-02"}]}}`,
			[]Charge{{ID: "3", Date: "2026-11-02"}, {ID: "2"}, {ID: "1", Date: "2026-11-01"}},
		},
	} {
		_, c := newVendor(t, ok(test.body))
		got, err := c.Charges(t.Context(), testAuth)
		if diff := cmp.Diff(test.want, got, equalMoney); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

func TestChargesThatCannotBeRead(t *testing.T) {
	for _, body := range []string{
		`{"doc":{}}`,
		`{"doc":{"$func":"expense","ok":{"$":""}}}`,
		`{"doc":{"p_elems":"many"}}`,
		`{"doc":{"p_elems":"2"}}`,
		`{"doc":{"p_elems":"0","elem":[{"id":"1"}]}}`,
		`{"doc":{"p_num":"2","elem":[{"id":"1"}]}}`,
		`{"doc":{"p_num":"all","elem":[{"id":"1"}]}}`,
		`{"doc":{"elem":[{"id":"1"},{"amount":"1 EUR"}]}}`,
		`{"doc":{"elem":[{"id":["1","2"]}]}}`,
		`{"doc":{"elem":"none"}}`,
		`{"doc":{"elem":{}}}`,
		`{"doc":{"p_elems":"9","elem":[{"id":"1","realdate":"2026-11-01"},{"id":"2","realdate":"2026-11-02"}]}}`,
		`{"doc":{"elem":[{"id":"1","realdate":"2026-11-01"},{"id":"2","realdate":"2026-11-02"}]}}`,
	} {
		_, c := newVendor(t, ok(body))
		if charges, err := c.Charges(t.Context(), testAuth); KindOf(err) != Unreadable {
			t.Errorf("%s: got %+v, %v", body, charges, err)
		}
	}
}

func TestUnpaidOrders(t *testing.T) {
	for body, want := range map[string][]UnpaidOrder{
		`{"doc":{"list":[{"$name":"paid"},{"$name":"inpaylist","elem":[
			{"item_id":{"$":"5116804"},"desc":{"$":"Payment #pfx/77, waits"}},{"item_id":"5116805","desc":"1/2"}]}]}}`: {
			{Item: "5116804", Text: "Payment #pfx/77, waits", Payment: "77"},
			{Item: "5116805", Text: "1/2"},
		},
		`{"doc":{"list":{"$name":"inpaylist","elem":{"item_id":"5"}}}}`: {{Item: "5"}},
		`{"doc":{"list":[{"$name":"inpaylist"}]}}`:                      {},
	} {
		_, c := newVendor(t, ok(body))
		got, err := c.UnpaidOrders(t.Context(), testAuth)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", body, err, diff)
		}
	}
	for _, body := range []string{
		`{"doc":{}}`,
		`{"doc":{"elem":[]}}`,
		`{"doc":{"list":[{"$name":"other","elem":[{"item_id":"5"}]}]}}`,
		`{"doc":{"list":[{"$name":"inpaylist","elem":[{"item_id":"5"},{"desc":"#pfx/77"}]}]}}`,
		`{"doc":{"list":[{"$name":"inpaylist","elem":"none"}]}}`,
	} {
		_, c := newVendor(t, ok(body))
		if unpaid, err := c.UnpaidOrders(t.Context(), testAuth); KindOf(err) != Unreadable {
			t.Errorf("%s: got %+v, %v", body, unpaid, err)
		}
	}
}

// What is asked: as the cabinet does, and nothing that the panel would keep.
func TestChargesRequests(t *testing.T) {
	v, c := newVendor(t, ok(chargesAnswer), ok(`{"doc":{"list":[{"$name":"inpaylist"}]}}`))
	if _, err := c.Charges(t.Context(), testAuth); err != nil {
		t.Error(err)
	}
	if _, err := c.UnpaidOrders(t.Context(), testAuth); err != nil {
		t.Error(err)
	}
	want := [][]field{
		{{"func", "expense"}, {"auth", testSession}, {"out", "json"}, {"lang", "en"}, {"p_col", "-time"}, {"clickstat", "yes"}},
		{{"func", "order"}, {"auth", testSession}, {"out", "json"}, {"lang", "en"}, {"clickstat", "yes"}},
	}
	if diff := cmp.Diff(want, v.seen(), cmp.AllowUnexported(field{})); diff != "" {
		t.Error(diff)
	}
}

func FuzzCharges(f *testing.F) {
	f.Add(chargesAnswer)
	f.Add(`{"doc":{"p_elems":0,"elem":[]}}`)
	f.Add(`{"doc":{"elem":[{"id":1,"realdate":"2026-11-01"},{"id":2,"realdate":"2026-11-02"}],"p_elems":2}}`)
	f.Fuzz(func(t *testing.T, body string) {
		doc, err := parseDocument([]byte(body))
		if err != nil {
			return
		}
		charges, err := parseCharges(doc)
		if err != nil {
			return
		}
		text, _ := json.Marshal(doc.value)
		for _, charge := range charges {
			if charge.ID == "" {
				t.Error("a charge without an id")
			}
			checkMoney(t, string(text), charge.Amount)
			checkMoney(t, string(text), charge.Tax)
		}
	})
}

func FuzzUnpaidOrders(f *testing.F) {
	f.Add(`{"doc":{"list":[{"$name":"inpaylist","elem":[{"item_id":{"$":"5116804"},"desc":{"$":"#pfx/77"}}]}]}}`)
	f.Add(`{"doc":{"list":{"$name":"inpaylist","elem":[[],null]}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		doc, err := parseDocument([]byte(body))
		if err != nil {
			return
		}
		unpaid, _ := parseUnpaidOrders(doc)
		for _, order := range unpaid {
			if order.Item == "" || order.Payment != "" && !isNumber(order.Payment) {
				t.Errorf("%+v", order)
			}
		}
	})
}
