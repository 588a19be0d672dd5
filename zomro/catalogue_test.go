package zomro

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

func eur(text string) Money { return Money{decimal.RequireFromString(text), "EUR"} }

var equalMoney = cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) })

// priceRow is a price as the vendor writes it.
func priceRow(period, cost string) string {
	return `{"$special_price":"no","cost":{"$":"` + cost + `"},"currency":{"$":"EUR"},"period":{"$":"` + period + `"}}`
}

// tariff is a row of the price list as the vendor writes it since 2025.
func tariff(id, datacenter, title, prices string) string {
	return `{"datacenter":{"id":{"$":"` + datacenter + `"},"value":{"$":"Place ` + datacenter + `"}},
		"detail":[{"name":{"$":"CPU count"},"value":{"$":"6 "}}],
		"flabel":{"tag":[{"$":"cpu%3AIntel"},{"$":"soldout%3AFalse"}]},
		"id":{"$":"` + id + `"},"keyvalue":{"$":"` + id + `_` + datacenter + `"},"pricelist":{"$":"` + id + `"},
		"prices":{"$key":"period_` + id + `","price":[` + prices + `]},
		"title":{"$":"` + title + `"},"title_tag":{"$":"shared_cpu"}}`
}

func priceListOf(rows ...string) string {
	return `{"doc":{"datacenter":{"$":"17"},"list":[{"$name":"instances","elem":[` + strings.Join(rows, ",") + `]}],
		"slist":[{"$name":"datacenter","val":[{"$key":"17","$":"NL "},{"$key":"12","$":"PL"}]}]}}`
}

func TestCatalogue(t *testing.T) {
	v, c := newVendor(t, ok(priceListOf(
		tariff("1", "17", "Essential Intel| NL-3 v.2", priceRow("-50", "0.34")+","+priceRow("1", "6.48")+","+priceRow("24", "99")),
		tariff("2", "12", "Elsewhere| PL", priceRow("1", "5")),
		tariff("3", "17", "DEV test 1| NL-3", priceRow("1", "5")),
		tariff("4", "17", "Free| NL-3", priceRow("1", "free")),
		tariff("5", "17", "Half| NL-3", priceRow("1", "5")+","+priceRow("3", "?")),
		tariff("6", "17", "Twice| NL-3", priceRow("1", "5")+","+priceRow("1", "6")+","+priceRow("3", "7")),
		tariff("", "17", "Nameless| NL-3", priceRow("1", "5")),
		tariff("1", "17", "Again| NL-3", priceRow("1", "5")),
		strings.Replace(tariff("7", "17", "Gone", priceRow("1", "5")), "soldout%3AFalse", "soldout%3ATrue", 1),
	)))
	got, err := c.Catalogue(t.Context(), testAuth, "")
	if err != nil {
		t.Fatal(err)
	}
	details := []Detail{{"CPU count", "6"}}
	plan := func(id, title string, prices ...Price) Plan {
		return Plan{
			ID: id, Datacenter: "17", Title: title, Group: "shared_cpu", Details: details, Prices: prices,
			Labels: []string{"cpu:Intel", "soldout:False"},
		}
	}
	gone := plan("7", "Gone", Price{Month, eur("5")})
	gone.SoldOut, gone.Labels = true, []string{"cpu:Intel", "soldout:True"}
	want := Catalogue{
		Datacenter:  "17",
		Datacenters: []Datacenter{{"17", "NL"}, {"12", "PL"}},
		Plans: []Plan{
			plan("1", "Essential Intel", Price{Day, eur("0.34")}, Price{Month, eur("6.48")}),
			plan("5", "Half", Price{Month, eur("5")}),
			plan("6", "Twice", Price{Quarter, eur("7")}),
			gone,
		},
		LeftOut: []LeftOut{
			{"3", "DEV test 1", "a test of the vendor"},
			{"4", "Free", "no price\nperiod 1: the amount cannot be read"},
			{"5", "Half", "period 3: the amount cannot be read"},
			{"6", "Twice", "period 1: more than one price"},
			{"", "Nameless", "no id"},
			{"1", "Again", "listed twice"},
		},
	}
	if diff := cmp.Diff(want, got, equalMoney); diff != "" {
		t.Error(diff)
	}
	form := v.seen()[0]
	if diff := cmp.Diff([]field{
		{"func", "v2.instances.order.pricelist"},
		{"auth", testSession},
		{"out", "json"},
		{"lang", "en"},
		{"page", "1"},
		{"page_size", "999"},
	}, form, cmp.AllowUnexported(field{})); diff != "" {
		t.Error(diff)
	}
}

func TestCatalogueOfADatacenter(t *testing.T) {
	v, c := newVendor(t, ok(priceListOf(
		tariff("1", "17", "A", priceRow("1", "5")),
		tariff("2", "12", "B", priceRow("1", "5")),
	)))
	got, err := c.Catalogue(t.Context(), testAuth, "12")
	if err != nil || len(got.Plans) != 1 || got.Plans[0].ID != "2" || got.Datacenter != "12" {
		t.Errorf("got %+v, %v", got, err)
	}
	if sent := v.seen()[0]; !slices.Contains(sent, field{"datacenter", "12"}) {
		t.Errorf("sent %v", sent)
	}
	if _, err := c.Catalogue(t.Context(), testAuth, "12,17"); KindOf(err) != Refused {
		t.Errorf("got %v", err)
	}
}

// The shapes of 2024: list "pricelist", one price as an object, no datacenter
// of its own, labels by keys.
func TestCatalogueOf2024(t *testing.T) {
	_, c := newVendor(t, ok(`{"doc":{"datacenter":{"$":"13"},
		"flist":{"$name":"ftrial","val":[{"$key":"71","$":"type:basic"},{"$key":"72","$":"soldout:true"}]},
		"list":{"$name":"pricelist","elem":{
			"pricelist":{"$":"6740"},"title":{"main":{"$":"Cloud Essential | NL-2"}},
			"detail":{"name":{"$":"Port speed"},"value":{"$":"1 Gbit/s."}},
			"flabel":{"tag":[{"$":"71"},{"$":"72"}]},
			"prices":{"price":{"cost":{"$":"4.50 EUR"},"period":{"$":"1"}}}}},
		"slist":{"$name":"datacenter","val":{"$key":"13","$":"NL-2"}}}}`))
	got, err := c.Catalogue(t.Context(), testAuth, "")
	if err != nil {
		t.Fatal(err)
	}
	want := Catalogue{
		Datacenter: "13", Datacenters: []Datacenter{{"13", "NL-2"}},
		Plans: []Plan{{
			ID: "6740", Datacenter: "13", Title: "Cloud Essential", Details: []Detail{{"Port speed", "1 Gbit/s."}},
			Prices: []Price{{Month, eur("4.5")}}, SoldOut: true, Labels: []string{"type:basic", "soldout:true"},
		}},
	}
	if diff := cmp.Diff(want, got, equalMoney); diff != "" {
		t.Error(diff)
	}
}

func TestCatalogueWithoutAListOfDatacenters(t *testing.T) {
	_, c := newVendor(t, ok(`{"doc":{"list":[{"$name":"other"},{"elem":[`+
		tariff("1", "17", "A", priceRow("1", "5"))+","+tariff("2", "12", "B", priceRow("1", "5"))+
		`,{"id":"9","title":"Nowhere","prices":{"price":`+priceRow("1", "5")+`}}],"$total_count":"5"}]}}`))
	got, err := c.Catalogue(t.Context(), testAuth, "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Datacenter{{"17", "Place 17"}, {"12", "Place 12"}}, got.Datacenters); diff != "" {
		t.Error(diff)
	}
	if len(got.Plans) != 1 || got.Datacenter != "17" {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]LeftOut{
		{"9", "Nowhere", "no datacenter"},
		{Reason: "more tariffs are counted than listed"},
	}, got.LeftOut); diff != "" {
		t.Error(diff)
	}
}

func TestEmptyCatalogueIsAskedForTwice(t *testing.T) {
	v, c := newVendor(t, ok(priceListOf()), ok(priceListOf(tariff("1", "17", "A", priceRow("1", "5")))))
	got, err := c.Catalogue(t.Context(), testAuth, "17")
	if err != nil || len(got.Plans) != 1 || len(v.seen()) != 2 {
		t.Errorf("got %+v, %v after %d requests", got, err, len(v.seen()))
	}
	v, c = newVendor(t, ok(`{"doc":{"slist":[{"$name":"datacenter","val":[]}]}}`))
	got, err = c.Catalogue(t.Context(), testAuth, "17")
	if err != nil || len(got.Plans) != 0 || len(v.seen()) != 2 {
		t.Errorf("got %+v, %v after %d requests", got, err, len(v.seen()))
	}
	_, c = newVendor(t, ok(`{"doc":{}}`))
	if _, err = c.Catalogue(t.Context(), testAuth, "17"); KindOf(err) != Unreadable {
		t.Errorf("got %v, want unreadable", err)
	}
}

// sample returns a real answer of the vendor; the test is skipped where there
// is none.
func sample(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("..", "..", "shared", "zomro-samples", name))
	if err != nil {
		t.Skip("no samples of the vendor's answers here")
	}
	return body
}

// Each tariff of a real answer is offered or left out, with each of its prices.
func TestRealPriceList(t *testing.T) {
	body := sample(t, "pricelist_full_proxy_en_dc12_17_19.json")
	type text struct {
		Text string `json:"$"`
	}
	var naive struct {
		Doc struct {
			List []struct {
				Elem []struct {
					ID         text
					Title      text
					Datacenter struct{ ID text }
					Prices     struct {
						Price []struct{ Cost, Period text }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(body, &naive); err != nil {
		t.Fatal(err)
	}
	rows, prices, tests := map[string]int{}, map[string]string{}, map[string]int{}
	for _, row := range naive.Doc.List[0].Elem {
		rows[row.Datacenter.ID.Text]++
		if strings.HasPrefix(row.Title.Text, "DEV test") {
			tests[row.Datacenter.ID.Text]++
		}
		for _, price := range row.Prices.Price {
			prices[row.ID.Text+"/"+price.Period.Text] = price.Cost.Text
		}
	}
	if len(rows) != 3 || len(prices) != 79*5 {
		t.Fatalf("%d datacenters and %d prices in the sample", len(rows), len(prices))
	}
	_, c := newVendor(t, ok(string(body)))
	for datacenter, count := range rows {
		got, err := c.Catalogue(t.Context(), testAuth, datacenter)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Plans)+len(got.LeftOut) != count || len(got.LeftOut) != tests[datacenter] {
			t.Errorf("datacenter %s: %d plans and %d left out of %d, %d of them tests",
				datacenter, len(got.Plans), len(got.LeftOut), count, tests[datacenter])
		}
		if len(got.Datacenters) != 4 {
			t.Errorf("datacenters: %v", got.Datacenters)
		}
		for _, plan := range got.Plans {
			if len(plan.Prices) != 5 || len(plan.Details) == 0 || len(plan.Labels) == 0 || plan.Group == "" ||
				strings.Contains(plan.Title, "|") || plan.Datacenter != datacenter {
				t.Errorf("plan %+v", plan)
			}
			for _, price := range plan.Prices {
				want := decimal.RequireFromString(prices[plan.ID+"/"+string(price.Period)])
				if !price.Cost.Amount.Equal(want) || price.Cost.Currency != "EUR" {
					t.Errorf("plan %s, period %s: %v, want %s", plan.ID, price.Period, price.Cost, want)
				}
			}
		}
	}
}

func FuzzCatalogue(f *testing.F) {
	f.Add(priceListOf(tariff("1", "17", "A| B", priceRow("-50", "0.34")+","+priceRow("1", "1 234,56 €"))))
	f.Add(`{"doc":{"list":{"elem":{"pricelist":"1","prices":{"price":{"cost":"5","period":1}}}}}}`)
	f.Add(`{"doc":{"list":[[]],"slist":[{"$name":"datacenter","val":[null,[],{"$key":[]}]}]}}`)
	f.Fuzz(func(t *testing.T, body string) {
		doc, err := parseDocument([]byte(body))
		if err != nil {
			return
		}
		got, rows, err := parseCatalogue(doc, "")
		if err != nil {
			return
		}
		if len(got.Plans) > rows {
			t.Errorf("%d plans of %d rows", len(got.Plans), rows)
		}
		text, _ := json.Marshal(doc.value)
		for _, plan := range got.Plans {
			if !isNumber(plan.ID) || plan.Title == "" || len(plan.Prices) == 0 {
				t.Errorf("plan %+v", plan)
			}
			for _, price := range plan.Prices {
				checkMoney(t, string(text), &price.Cost)
			}
		}
	})
}
