package zomro

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

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

// What is asked: as the cabinet does, and nothing that the panel would keep, but the page
// that it opens with.
func TestChargesRequests(t *testing.T) {
	v, c := newVendor(t, ok(chargesAnswer), ok(`{"doc":{"list":[{"$name":"inpaylist"}]}}`))
	if _, err := c.Charges(t.Context(), testAuth); err != nil {
		t.Error(err)
	}
	if _, err := c.UnpaidOrders(t.Context(), testAuth); err != nil {
		t.Error(err)
	}
	want := [][]field{
		{{"func", "expense"}, {"auth", testSession}, {"out", "json"}, {"lang", "en"}, {"p_col", "-time"}, {"clickstat", "yes"}, {"p_num", "1"}},
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
		charges, _, err := parseCharges(doc, 1)
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

// chargesPage is an answer with charges of so many days, one each, of which the newest is
// a day, and their ids count down with it.
func chargesPage(page, total, newest, days int) string {
	var rows []string
	for n := range days {
		day := time.Date(2026, 11, newest-n, 0, 0, 0, 0, time.UTC)
		rows = append(rows, fmt.Sprintf(`{"id":{"$":"%d"},"realdate":{"$":"%s"},"amount":{"$":"1.00 EUR"}}`, newest-n, day.Format(time.DateOnly)))
	}
	count := ""
	if total >= 0 {
		count = fmt.Sprintf(`"p_elems":{"$":"%d"},`, total)
	}
	return fmt.Sprintf(`{"doc":{%s"p_num":{"$":"%d"},"elem":[%s]}}`, count, page, strings.Join(rows, ","))
}

func TestChargesSince(t *testing.T) {
	november := func(day int) time.Time { return time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC) }
	for name, test := range map[string]struct {
		pages []string
		since time.Time
		ids   string
		from  time.Time
	}{
		"one page": {pages: []string{chargesPage(1, 3, 20, 3)}, ids: "20 19 18"},
		"all, and the first page again": {
			pages: []string{chargesPage(1, 5, 20, 2), chargesPage(2, 5, 18, 2), chargesPage(3, 5, 16, 1), chargesPage(1, 5, 20, 2)},
			ids:   "20 19 18 17 16",
		},
		"one is booked meanwhile": {
			pages: []string{chargesPage(1, 4, 20, 2), chargesPage(2, 5, 19, 2), chargesPage(3, 5, 17, 1), chargesPage(1, 5, 21, 2)},
			ids:   "21 20 19 18 17",
		},
		"not counted": {
			pages: []string{chargesPage(1, -1, 20, 2), chargesPage(2, -1, 18, 2), chargesPage(3, -1, 18, 0), chargesPage(1, -1, 20, 2)},
			ids:   "20 19 18 17",
		},
		"since a day": {
			pages: []string{chargesPage(1, 9, 20, 2), chargesPage(2, 9, 18, 2), chargesPage(3, 9, 16, 2), chargesPage(1, 9, 20, 2)},
			since: november(17), ids: "20 19 18 17 16 15", from: november(17),
		},
		"none": {pages: []string{`{"doc":{"p_elems":"0"}}`}},
	} {
		t.Run(name, func(t *testing.T) {
			v, c := newVendor(t, replies(test.pages)...)
			got, err := c.ChargesSince(t.Context(), testAuth, test.since)
			var ids []string
			for _, charge := range got.Charges {
				ids = append(ids, charge.ID)
			}
			if err != nil || strings.Join(ids, " ") != test.ids || !got.From.Equal(test.from) {
				t.Errorf("%v from %s, %v", ids, got.From, err)
			}
			sent := v.seen()
			last := sent[len(sent)-1]
			if len(sent) != len(test.pages) || last[len(last)-1] != (field{"p_num", "1"}) {
				t.Errorf("%d calls, the last %v", len(sent), last)
			}
		})
	}
}

// replies are answers of the vendor.
func replies(bodies []string) []answer {
	var all []answer
	for _, body := range bodies {
		all = append(all, ok(body))
	}
	return all
}

// TestVeryManyCharges: only the newest are read, and it is said from when on they are
// whole.
func TestVeryManyCharges(t *testing.T) {
	var pages []string
	for page := 1; page <= maxChargePages; page++ {
		newest := 28 - page/2
		pages = append(pages, strings.ReplaceAll(chargesPage(page, 999, newest, 1), fmt.Sprintf(`"%d"},"realdate`, newest), fmt.Sprintf(`"%d"},"realdate`, 900-page)))
	}
	v, c := newVendor(t, replies(append(pages, pages[0]))...)
	got, err := c.ChargesSince(t.Context(), testAuth, time.Time{})
	if want := time.Date(2026, 11, 28-maxChargePages/2+1, 0, 0, 0, 0, time.UTC); err != nil || len(got.Charges) != maxChargePages || !got.From.Equal(want) {
		t.Errorf("%d charges, whole from %s on, want %s; %v", len(got.Charges), got.From, want, err)
	}
	if n := len(v.seen()); n != maxChargePages+1 {
		t.Errorf("%d calls", n)
	}
}

func TestChargesSinceThatCannotBeRead(t *testing.T) {
	for name, pages := range map[string][]string{
		"another page":       {chargesPage(1, 4, 20, 2), chargesPage(1, 4, 20, 2)},
		"fewer than counted": {chargesPage(1, 4, 20, 2), chargesPage(2, 4, 20, 2), chargesPage(1, 4, 20, 2)},
		"the oldest first":   {chargesPage(1, 9, 18, 2), chargesPage(2, 9, 20, 2), chargesPage(3, 9, 2, 2), chargesPage(1, 9, 18, 2)},
	} {
		_, c := newVendor(t, replies(pages)...)
		if got, err := c.ChargesSince(t.Context(), testAuth, time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC)); KindOf(err) != Unreadable {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
