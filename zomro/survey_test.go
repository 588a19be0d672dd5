package zomro

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// surveyOf judges answers of functions, in turn name and document.
func surveyOf(t *testing.T, answers ...string) Conformance {
	t.Helper()
	s := &surveyor{strangers: map[strangerField]int{}}
	for i := 0; i < len(answers); i += 2 {
		doc, err := parseDocument([]byte(answers[i+1]))
		if err != nil {
			t.Fatal(err)
		}
		s.docs = append(s.docs, surveyed{answers[i], doc})
	}
	return s.survey()
}

// fact returns what was found about a path.
func (s Conformance) fact(op, path string) SurveyFact {
	i := slices.IndexFunc(s.Facts, func(f SurveyFact) bool { return f.Func == op && f.Path == path })
	if i < 0 {
		return SurveyFact{}
	}
	return s.Facts[i]
}

func TestSurveyJudges(t *testing.T) {
	const row = `"main":{"name":{"$":"Nova"},"period":{"$":"1"}}`
	for name, test := range map[string]struct {
		op, answer, path string
		want             FactState
		found            string
	}{
		"as expected": {
			"cart", `{"doc":{"list":[{"$name":"lineitems","elem":[{"id":{"$":"7"},` + row + `}]}]}}`,
			"list[lineitems].elem.id", Confirmed, "1 of 1",
		},
		"one record instead of a list": {
			"cart", `{"doc":{"list":{"$name":"lineitems","elem":{"id":{"$":"7"}}}}}`,
			"list[lineitems].elem.id", Confirmed, "1 of 1",
		},
		"another form": {
			"cart", `{"doc":{"list":[{"$name":"lineitems","elem":[{"id":{"$":"secret-7"}}]}]}}`,
			"list[lineitems].elem.id", Refuted, "0 of 1, else: 1 × a text",
		},
		"missing": {
			"cart", `{"doc":{"list":[{"$name":"lineitems","elem":[{"id":{"$":"7"}}]}]}}`,
			"list[lineitems].elem.price", Refuted, "0 of 1, else: 1 × missing",
		},
		"missing in some": {
			"cart", `{"doc":{"list":[{"$name":"lineitems","elem":[{"id":{"$":"7"},"elid":{"$":"7"}},{"id":{"$":"8"}}]}]}}`,
			"list[lineitems].elem.elid", Confirmed, "1 of 2, else: 1 × missing",
		},
		"a list of another name": {
			"cart", `{"doc":{"list":[{"$name":"items","elem":[{"id":{"$":"7"}}]}]}}`,
			"list[lineitems]", Refuted, "0 of 1, else: 1 × missing",
		},
		"an empty cart shows no price": {
			"cart", `{"doc":{"list":[{"$name":"lineitems"}],"total":{"count":{"$":"0"}}}}`,
			"list[lineitems].elem.price", NotSeen, "",
		},
		"a word that is not known": {
			"instances", `{"doc":{"elem":[{"id":{"$":"1"},"item_status":{"$orig":"9_new","$":"x"}}]}}`,
			"elem.item_status.$orig", Refuted, "0 of 1, else: 1 × «[redacted]»",
		},
		"a word that is documented": {
			"instances", `{"doc":{"elem":[{"id":{"$":"1"},"instance_status":{"$":"suspended"}}]}}`,
			"elem.instance_status", Refuted, "0 of 1, else: 1 × «suspended»",
		},
		"charges in another order": {
			"expense", `{"doc":{"elem":[{"id":"1","realdate":"2026-11-01"},{"id":"2","realdate":"2026-11-02"}]}}`,
			"elem", Refuted, "0 of 1, else: 1 × a list",
		},
		"charges in order": {
			"expense", `{"doc":{"elem":[{"id":"2","realdate":"2026-11-02"},{"id":"1","realdate":"2026-11-01"}]}}`,
			"elem", Confirmed, "1 of 1",
		},
		"the payment of an order": {
			"order", `{"doc":{"list":[{"$name":"inpaylist","elem":[{"item_id":"1","desc":"#pfx/7"},{"item_id":"2","desc":"7"}]}]}}`,
			"list[inpaylist].elem.desc", Refuted, "1 of 2, else: 1 × a number",
		},
		"a price in brackets": {
			opForm, `{"doc":{"slist":[{"$name":"addon_1","val":[{"$key":"1","$":"more (1.00 €)"},{"$key":"2","$":"most (soon)"}]}]}}`,
			"slist[addon_N].val: a price at the end of the label", Refuted, "1 of 2, else: 1 × a text",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := surveyOf(t, test.op, test.answer).fact(test.op, test.path)
			if got.Verdict != test.want || got.Found != test.found {
				t.Errorf("%s (%s), want %s (%s)", got.Verdict, got.Found, test.want, test.found)
			}
		})
	}
}

func TestSurveyCountsUnknownFields(t *testing.T) {
	s := surveyOf(t,
		"cart", `{"doc":{"$func":"cart","fresh":{"$":"anna@example.com"},"list":[{"$name":"lineitems","elem":[
			{"id":{"$":"7"},"price":{"price":{"cost":{"$":"1"},"currency":{"$":"€"},"discount":{"$":"5 EUR"}}}},
			{"note":{"$":""},"anna":"on"},{"note":{"$":""},"web":"on"}]}]}}`,
		opForm, `{"doc":{"addon_6746":{"$":"1"},"addon_6746_note":{"$":"2026-01-01"},"anna@example.com":{"$":"1"}}}`,
	)
	const rows = "list[lineitems].elem"
	want := []SurveyFields{
		{"cart", "", "a text", 1, 1},
		{"cart", rows, "an empty text", 1, 2},
		{"cart", rows, "on or off", 2, 2},
		{"cart", rows + ".price.price", "an amount with its currency", 1, 1},
		{opForm, "", "a date", 1, 1},
		{opForm, "", "a number", 1, 1},
	}
	if diff := cmp.Diff(want, s.Unknown); diff != "" {
		t.Error(diff)
	}
}

// realPriceList is the price list as the vendor answered it [R].
func realPriceList(t *testing.T) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("..", "..", "shared", "zomro-samples", "pricelist_full_proxy_en_dc12_17_19.json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the sample is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestSurveyOfARealPriceList(t *testing.T) {
	s := surveyOf(t, opList, string(realPriceList(t)))
	for _, f := range s.Facts {
		if f.Func == opList && f.Verdict != Confirmed {
			t.Errorf("%s: %s (%s)", f.Path, f.Verdict, f.Found)
		}
	}
	for _, f := range s.Unknown {
		t.Errorf("unknown: %+v", f)
	}
}
