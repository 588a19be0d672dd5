package zomro

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRenewalOfAForm: the renewal is read only where the form names it, with a value of
// its list.
func TestRenewalOfAForm(t *testing.T) {
	list := `"slist":[{"$name":"autoprolong","val":[{"$key":"null","$":"-- none --"},{"$key":"1","$":"Month"}]}]`
	for name, test := range map[string]struct {
		doc  string
		want *Renewal
	}{
		"named": {`"autoprolong":{"$":"1"},` + list, &Renewal{Value: "1", Choices: []RenewalChoice{{Key: "null", Label: "-- none --"}, {Key: "1", Label: "Month"}}}},
		"one choice, no list": {
			`"autoprolong":{"$":"null"},"slist":{"$name":"autoprolong","val":{"$key":"null","$":"Disabled"}}`,
			&Renewal{Value: "null", Choices: []RenewalChoice{{Key: "null", Label: "Disabled"}}},
		},
		"no list":                {`"autoprolong":{"$":"1"}`, nil},
		"no value":               {list, nil},
		"a value of no list":     {`"autoprolong":{"$":"on"},` + list, nil},
		"a value and another":    {`"autoprolong":[{"$":"1"},{"$":"null"}],` + list, nil},
		"a choice without a key": {`"autoprolong":{"$":""},"slist":[{"$name":"autoprolong","val":[{"$":"Month"}]}]`, nil},
	} {
		_, c := newVendor(t, ok(`{"doc":{"id":{"$":"5116804"},`+test.doc+`}}`))
		details, err := c.Details(t.Context(), testAuth, "5116804")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.want, details.Renewal); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}
