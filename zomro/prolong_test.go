package zomro

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestProlongForm: what a server can be paid on for is read only with the day until which
// it is paid, and what is announced only of the period that was asked for.
func TestProlongForm(t *testing.T) {
	list := `"slist":[{"$name":"period","val":[{"$key":"1","$":"Month"},{"$key":"-50","$":"Day"},{"$key":"12","$":"Year"}]}]`
	choices := []ProlongChoice{{Period: Month, Label: "Month"}, {Period: Year, Label: "Year"}}
	until, next := day(t, "2026-12-04"), day(t, "2027-01-04")
	days := `"expiredate":{"$":"2026-12-04"},"newexpiredate":{"$":"2027-01-04"},`
	for name, test := range map[string]struct {
		asked Period
		doc   string
		want  ProlongForm
		fails bool
	}{
		"of the server's own period": {NoPeriod, `"period":{"$":"1"},` + days + list, ProlongForm{Period: Month, Until: until, Next: next, Choices: choices}, false},
		"of the period asked for":    {Month, `"period":{"$":"1"},` + days + list, ProlongForm{Period: Month, Until: until, Next: next, Choices: choices}, false},
		"of another period":          {Year, `"period":{"$":"1"},` + days + list, ProlongForm{Period: Month, Until: until, Choices: choices}, false},
		"of no period":               {Month, days + list, ProlongForm{Until: until, Choices: choices}, false},
		"nothing announced":          {Month, `"period":{"$":"1"},"expiredate":{"$":"2026-12-04"},` + list, ProlongForm{Period: Month, Until: until, Choices: choices}, false},
		"announced as it is":         {Month, `"period":{"$":"1"},"expiredate":{"$":"2026-12-04"},"newexpiredate":{"$":"2026-12-04"},` + list, ProlongForm{Period: Month, Until: until, Choices: choices}, false},
		"charged each day":           {NoPeriod, `"billdaily":{"$":"on"},"expiredate":{"$":"Daily charges"}`, ProlongForm{Daily: true}, false},
		"no day":                     {NoPeriod, `"period":{"$":"1"},"expiredate":{"$":"Daily charges"},` + list, ProlongForm{}, true},
		"no list":                    {NoPeriod, `"period":{"$":"1"},` + days[:len(days)-1], ProlongForm{}, true},
	} {
		_, c := newVendor(t, ok(`{"doc":{`+test.doc+`}}`))
		form, err := c.ProlongForm(t.Context(), testAuth, "5116804", test.asked)
		if test.fails != (KindOf(err) == Unreadable) || !test.fails && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.want, form); !test.fails && diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// TestProlongNamesItsRow only where the answer does; one that names none is no error, for
// the cart tells.
func TestProlongNamesItsRow(t *testing.T) {
	for body, want := range map[string]string{
		`{"doc":{"lineitem.id":{"$":"1818"},"ok":{"$":""}}}`: "1818",
		`{"doc":{"lineitem.id":{"$":"x"},"ok":{"$":""}}}`:    "",
		`{"doc":{"ok":{"$":"func=basket"}}}`:                 "",
		`{"doc":{}}`:                                         "",
	} {
		_, c := newVendor(t, ok(body))
		if item, err := c.Prolong(t.Context(), testAuth, "5116804", Month); item != want || err != nil {
			t.Errorf("%s: %q, %v", body, item, err)
		}
	}
	v, c := newVendor(t)
	for _, period := range []Period{Day, NoPeriod, "7"} {
		if _, err := c.Prolong(t.Context(), testAuth, "5116804", period); KindOf(err) != Refused {
			t.Errorf("%q: %v", period, err)
		}
	}
	if seen := v.seen(); len(seen) > 0 {
		t.Errorf("sent %v", seen)
	}
}
