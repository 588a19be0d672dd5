package zomro

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const formAnswer = `{"doc":{
	"datacenter":{"$":"13"},
	"addon_6746":{"$":"259"}, "addon_7":{"$":"2"}, "addon_8":{"$":"none of them"}, "addon_9":{"$":"x"},
	"messages":{"msg":{"addon_6746":"network ","hint_addon_6746":"IPv4 or not","addon_7":"CPU&nbsp;count","addon_9":"Note","addon_10":"Broken"}},
	"metadata":{"form":{"page":[
		{"$name":"page_settings","field":[
			{"$name":"addon_7","slider":[{"$min":"1","$max":"8 ","$step":"1","$cost":"1.50 EUR"}]},
			{"$name":"instances_os","select":[{}]},
			{"$name":"addon_9","input":[{}]},
			{"$name":"addon_10","slider":{"$min":"8","$max":"1"}}]},
		{"$name":"other","field":{"$name":"addon_11","slider":{"$min":"0","$max":"9","$cost":"2.00"}}}]}},
	"slist":[
		{"$name":"instances_os","val":[
			{"$key":"479c96f1-ccc6-47a2-952c-c9e3bbdc8d07","$":"Ubuntu 20.04 ","$depend":"pub"},
			{"$key":"cc388142-2bd6-47ba-8989-1141063f3245","$":"Windows Server 2022","$depend":"shr"},
			{"$key":"null","$":"choose"}]},
		{"$name":"instances_ssh_keys","val":[{"$key":"none","$":"no keys"},{"$key":"490","$":"laptop"}]},
		{"$name":"addon_6746","val":[
			{"$key":"259","$":"IPv4 (1.00 €)"},
			{"$key":"260","$":"server only with IPv6 (-1.00 EUR)"},
			{"$key":"261","$":"IPv4 (public)"},
			{"$key":"262","$":"IPv4 (5.00 EUR / Month)"},
			{"$key":"263","$":"(2.00 €)"}]},
		{"$name":"addon_8","val":{"$key":"1","$":"32 GB RAM / 2x 4096 GB ENT.HDD INIC (0.00 €)"}},
		{"$name":"addon_12","val":[{"$":"keyless"}]},
		{"$name":"addon_13","val":[]}]}}`

func TestForm(t *testing.T) {
	v, c := newVendor(t, ok(formAnswer))
	got, err := c.Form(t.Context(), testAuth, "6740", "13", Month)
	if err != nil {
		t.Fatal(err)
	}
	price := func(text string) *Money { m := eur(text); return &m }
	want := Form{
		Plan: "6740", Datacenter: "13", Period: Month,
		Addons: []Addon{
			{Name: "addon_7", Label: "CPU count", Default: "2", Range: &Range{1, 8, 1, price("1.5")}},
			{Name: "addon_11", Label: "addon_11", Range: &Range{0, 9, 1, nil}},
			{Name: "addon_6746", Label: "network", Hint: "IPv4 or not", Default: "259", Choices: []Choice{
				{"259", "IPv4", price("1")},
				{"260", "server only with IPv6", price("-1")},
				{"261", "IPv4 (public)", nil},
				{"262", "IPv4 (5.00 EUR / Month)", nil},
				{"263", "(2.00 €)", nil},
			}},
			{Name: "addon_8", Label: "addon_8", Choices: []Choice{{"1", "32 GB RAM / 2x 4096 GB ENT.HDD INIC", price("0")}}},
		},
		Images: []Image{
			{ID: "479c96f1-ccc6-47a2-952c-c9e3bbdc8d07", Label: "Ubuntu 20.04", Zone: "pub"},
			{ID: "cc388142-2bd6-47ba-8989-1141063f3245", Label: "Windows Server 2022", Zone: "shr"},
		},
		Keys: []Key{{"490", "laptop"}},
		LeftOut: []LeftOut{
			{"addon_9", "Note", "neither a list nor a range"},
			{"addon_10", "Broken", "a range that cannot be read"},
			{"addon_12", "addon_12", "a choice without a key"},
			{"addon_13", "addon_13", "no choices"},
		},
	}
	if diff := cmp.Diff(want, got, equalMoney); diff != "" {
		t.Error(diff)
	}
	sent := []field{
		{"func", "v2.instances.order.param"},
		{"auth", testSession},
		{"out", "json"},
		{"lang", "en"},
		{"pricelist", "6740"},
		{"datacenter", "13"},
		{"keyvalue", "6740_13"},
		{"period_6740", "1"},
		{"period", "1"},
	}
	if diff := cmp.Diff(sent, v.seen()[0], cmp.AllowUnexported(field{})); diff != "" {
		t.Error(diff)
	}
}

func TestFormThatCannotBeUsed(t *testing.T) {
	for _, body := range []string{
		`{"doc":{}}`,
		`{"doc":{"slist":[{"$name":"instances_ssh_keys"}]}}`,
		`{"doc":{"datacenter":{"$":"17"},"slist":[{"$name":"instances_os","val":[]}]}}`,
	} {
		_, c := newVendor(t, ok(body))
		if _, err := c.Form(t.Context(), testAuth, "6740", "13", Month); KindOf(err) != Unreadable {
			t.Errorf("%s: got %v", body, err)
		}
	}
	v, c := newVendor(t, ok(formAnswer))
	for _, ask := range []Form{
		{Plan: "", Datacenter: "13", Period: Day},
		{Plan: "x", Datacenter: "13", Period: Day},
		{Plan: "1", Datacenter: "", Period: Day},
		{Plan: "1", Datacenter: "13", Period: "24"},
		{Plan: "1", Datacenter: "13"},
	} {
		if _, err := c.Form(t.Context(), testAuth, ask.Plan, ask.Datacenter, ask.Period); KindOf(err) != Refused {
			t.Errorf("%+v: got %v", ask, err)
		}
	}
	if len(v.seen()) != 0 {
		t.Error("something was sent")
	}
}

func TestFormWithOneImage(t *testing.T) {
	_, c := newVendor(t, ok(`{"doc":{"slist":{"$name":"instances_os","val":{"$key":"a-b","$":"Debian"}}}}`))
	got, err := c.Form(t.Context(), testAuth, "6740", "13", Day)
	if err != nil || len(got.Images) != 1 || got.Images[0] != (Image{ID: "a-b", Label: "Debian"}) || len(got.Keys) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestFormTellsWhatAnImageCosts(t *testing.T) {
	tests := map[string]string{ // $cost, and what is read of it
		`,"$cost":"3.00 EUR"`: "3 EUR",
		`,"$cost":"3,50 €"`:   "3.5 EUR",
		`,"$cost":"0.00 €"`:   "0 EUR",
		`,"$cost":"3.00"`:     "", // in which currency?
		`,"$cost":""`:         "",
		`,"$cost":{}`:         "",
		``:                    "",
	}
	for cost, want := range tests {
		_, c := newVendor(t, ok(`{"doc":{"slist":{"$name":"instances_os","val":{"$key":"a-b","$":"Windows Server 2022"`+cost+`}}}}`))
		form, err := c.Form(t.Context(), testAuth, "6740", "13", Day)
		if err != nil || len(form.Images) != 1 {
			t.Fatalf("%s: got %+v, %v", cost, form, err)
		}
		got := ""
		if m := form.Images[0].Cost; m != nil {
			got = m.Amount.String() + " " + m.Currency
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", cost, got, want)
		}
	}
}

func FuzzForm(f *testing.F) {
	f.Add(formAnswer)
	f.Add(`{"doc":{"slist":{"$name":"instances_os","val":{"$key":"a-b","$":"Debian"}},"metadata":{"form":{"field":[[]]}}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		doc, err := parseDocument([]byte(body))
		if err != nil {
			return
		}
		form, err := parseForm(doc, "13")
		if err != nil {
			return
		}
		text, _ := json.Marshal(doc.value)
		for _, addon := range form.Addons {
			if (addon.Range == nil) == (len(addon.Choices) == 0) || !addonName.MatchString(addon.Name) {
				t.Errorf("add-on %+v", addon)
			}
			if addon.Range != nil {
				if addon.Range.Step < 1 || addon.Range.Min > addon.Range.Max {
					t.Errorf("range %+v", addon.Range)
				}
				checkMoney(t, string(text), addon.Range.Cost)
			}
			for _, choice := range addon.Choices {
				checkMoney(t, string(text), choice.Price)
			}
		}
	})
}
