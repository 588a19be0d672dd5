package zomro

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testRebuild is a rebuild that can be sent.
func testRebuild() Rebuild {
	return Rebuild{Image: "479c96f1-ccc6-47a2-952c-c9e3bbdc8d07", Zone: "pub", Password: NewSecret(testPassword)}
}

// testBoot is what a server can be booted from.
var testBoot = Boot{Image: "479c96f1-ccc6-47a2-952c-c9e3bbdc8d07", Zone: "pub"}

// TestServerCalls compares what each call sends with what the vendor's cabinet
// sends.
func TestServerCalls(t *testing.T) {
	withKey := testRebuild()
	withKey.Password, withKey.Key = Secret{}, "490"
	for name, test := range map[string]struct {
		call func(context.Context, *Client) error
		want string // func and the fields behind elid
	}{
		"start":       {writes["start"], "service.start"},
		"stop":        {writes["stop"], "service.stop"},
		"reboot":      {writes["reboot"], "service.reboot"},
		"delete":      {writes["delete"], "instances.delete"},
		"rename":      {writes["rename"], "instances.edit sok=ok clicked_button=ok servername=web-2"},
		"reverse dns": {writes["reverse dns"], "instances.edit sok=ok clicked_button=ok rdns_record=web-2.example.com"},
		"renewal":     {writes["renewal"], "instances.edit sok=ok clicked_button=ok autoprolong=12"},
		"prolong":     {writes["prolong"], "service.prolong period=3 sok=ok"},
		"prolong form": {
			func(ctx context.Context, c *Client) error {
				_, _ = c.ProlongForm(ctx, testAuth, "5116804", Month)
				return nil
			},
			"service.prolong period=1",
		},
		"password": {
			writes["password"],
			"instances.fleio.changepassword password=" + testPassword + " sok=ok clicked_button=ok",
		},
		"rebuild": {
			writes["rebuild"],
			"instances.fleio.rebuild sok=ok zone=pub select_rebuild=479c96f1-ccc6-47a2-952c-c9e3bbdc8d07 enablessh=off password=" + testPassword,
		},
		"rebuild with a key": {
			func(ctx context.Context, c *Client) error { return c.Rebuild(ctx, testAuth, "5116804", withKey) },
			"instances.fleio.rebuild sok=ok zone=pub select_rebuild=479c96f1-ccc6-47a2-952c-c9e3bbdc8d07 enablessh=on ssh_keys=490",
		},
		"resize": {writes["resize"], "service.changepricelist.getmoney pricelist=6741 clicked_button=finish snext=ok sok=ok"},
		"keep":   {writes["settle"], "instances.confirm.resize select_resize=confirm sok=ok clicked_button=ok"},
		"roll back": {
			func(ctx context.Context, c *Client) error { return c.SettleResize(ctx, testAuth, "5116804", false) },
			"instances.confirm.resize select_resize=rollback sok=ok clicked_button=ok",
		},
		"rescue":        {writes["rescue"], opRescue + " sok=ok zone=pub select_boot=" + testBoot.Image + " password=" + testPassword},
		"iso":           {writes["iso"], opISO + " sok=ok zone=pub select_boot_from_iso=" + testBoot.Image},
		"unrescue":      {writes["unrescue"], "instances.fleio.unrescue"},
		"console":       {ignore(reads["console"]), "instances.fleio.vnc"},
		"rescue images": {ignore(reads["rescue images"]), opRescue},
		"iso images":    {ignore(reads["iso images"]), opISO},
		"details":       {ignore(reads["details"]), "instances.edit"},
		"rebuild form":  {ignore(reads["rebuild form"]), "instances.fleio.rebuild"},
		"sizes":         {ignore(reads["sizes"]), "service.changepricelist"},
	} {
		v, c := newVendor(t, ok(`{"doc":{"ok":{"$":""}}}`))
		if err := test.call(t.Context(), c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		parts := strings.Split(test.want, " ")
		want := []field{{"func", parts[0]}, {"auth", testSession}, {"out", "json"}, {"lang", "en"}, {"elid", "5116804"}}
		for _, part := range parts[1:] {
			n, value, _ := strings.Cut(part, "=")
			want = append(want, field{n, value})
		}
		if diff := cmp.Diff(want, v.seen()[0], cmp.AllowUnexported(field{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// ignore makes a call whose request alone is of interest.
func ignore(call func(context.Context, *Client) error) func(context.Context, *Client) error {
	return func(ctx context.Context, c *Client) error { _ = call(ctx, c); return nil }
}

func TestServerCallsThatCannotBeSent(t *testing.T) {
	v, c := newVendor(t, ok(`{"doc":{}}`))
	rebuilds := []func(*Rebuild){
		func(r *Rebuild) { r.Image = "none & more" },
		func(r *Rebuild) { r.Zone = "image" },
		func(r *Rebuild) { r.Password = Secret{} },
		func(r *Rebuild) { r.Key = "490" },
		func(r *Rebuild) { r.Key, r.Password = "4 90", Secret{} },
	}
	errs := []error{
		c.StartService(t.Context(), testAuth, ""),
		c.DeleteService(t.Context(), testAuth, "1, 2"),
		c.RenameService(t.Context(), testAuth, "1", " "),
		c.RenameService(t.Context(), testAuth, "1", strings.Repeat("я", 101)),
		c.SetReverseDNS(t.Context(), testAuth, "1", "web-2"),
		c.SetReverseDNS(t.Context(), testAuth, "", "web-2.example.com"),
		c.ChangePassword(t.Context(), testAuth, "1", NewSecret("a\nb")),
		c.Rescue(t.Context(), testAuth, "1", testBoot, Secret{}),
		c.Rescue(t.Context(), testAuth, "1", Boot{Image: "null & more", Zone: "pub"}, NewSecret(testPassword)),
		c.BootISO(t.Context(), testAuth, "1", Boot{Image: testBoot.Image, Zone: "image"}),
		c.Unrescue(t.Context(), testAuth, "one"),
		c.Resize(t.Context(), testAuth, "1", "none"),
	}
	for _, spoil := range rebuilds {
		r := testRebuild()
		spoil(&r)
		errs = append(errs, c.Rebuild(t.Context(), testAuth, "1", r))
	}
	for i, err := range errs {
		if KindOf(err) != Refused {
			t.Errorf("%d: got %v", i, err)
		}
	}
	if len(v.seen()) != 0 {
		t.Error("something was sent")
	}
}

func TestBootImages(t *testing.T) {
	for name, test := range map[string]struct {
		answer string
		want   []Image
		kind   Kind
	}{
		"several": {
			`{"doc":{"slist":[{"$name":"zone","val":[{"$":"pub"}]},{"$name":"select_boot","val":[
				{"$key":"null","$":"-- none --"},{"$key":"a-1","$":"Debian 13","$depend":"pub"},{"$key":"a-2","$":"mine","$depend":"own"}]}]}}`,
			[]Image{{ID: "a-1", Label: "Debian 13", Zone: "pub"}, {ID: "a-2", Label: "mine", Zone: "own"}},
			"",
		},
		"one":     {`{"doc":{"slist":{"$name":"select_boot","val":{"$key":"a-1","$":"Debian 13","$depend":"pub"}}}}`, []Image{{ID: "a-1", Label: "Debian 13", Zone: "pub"}}, ""},
		"none":    {`{"doc":{"slist":[{"$name":"select_boot","val":[{"$key":"null","$":"-- none --"}]}]}}`, nil, ""},
		"no list": {`{"doc":{"slist":[{"$name":"select_boot_from_iso"}]}}`, nil, Unreadable},
	} {
		_, c := newVendor(t, ok(test.answer))
		images, err := c.RescueImages(t.Context(), testAuth, "1")
		if diff := cmp.Diff(test.want, images); diff != "" || KindOf(err) != test.kind {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestRefusalOfAServerCallHidesThePassword(t *testing.T) {
	_, c := newVendor(t, ok(`{"doc":{"error":{"$type":"value","$object":"password","msg":{"$":"`+testPassword+` is too short"}}}}`))
	for _, name := range []string{"password", "rebuild", "rescue"} {
		if err := writes[name](t.Context(), c); KindOf(err) != Unknown || strings.Contains(err.Error(), testPassword) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestServicePrice(t *testing.T) {
	for text, want := range map[string]struct {
		cost   string
		period Period
	}{
		"0.13 EUR / Day":           {"0.13", Day},
		"7.35 EUR / Month ":        {"7.35", Month},
		"0.30 € / День":            {"0.30", Day},
		"1 200,50 EUR/month":       {"1200.50", Month},
		"36.00 EUR / Three months": {"36.00", Quarter},
		"36.00 EUR / 3 months":     {"36.00", Quarter},
		"36.00 EUR / Три месяца":   {"36.00", Quarter},
		"70.00 EUR / Half a year":  {"70.00", HalfYear},
		"70.00 EUR / Полгода":      {"70.00", HalfYear},
		"130.00 EUR / Year":        {"130.00", Year},
		"130.00 EUR / Год":         {"130.00", Year},
		"7.35 EUR":                 {},
		"7.35 / Month":             {},
		"-1.00 EUR / Day":          {},
		"1.00 EUR / Decade":        {},
		"":                         {},
	} {
		cost, period, ok := Service{Cost: text}.Price()
		if ok != (want.period != "") || period != want.period || ok && !cost.Amount.Equal(eur(want.cost).Amount) {
			t.Errorf("%q: got %v %s %v", text, cost, period, ok)
		}
	}
}

func TestServicesInWork(t *testing.T) {
	for _, test := range []struct {
		service Service
		want    bool
	}{
		{Service{Status: StatusActive, PowerState: PowerActive}, false},
		{Service{Status: StatusSuspended, PowerState: PowerStopped}, false},
		{Service{Status: StatusActive, PowerState: PowerResized}, false},
		{Service{Status: StatusActive, PowerState: "rebuilding"}, true},
		{Service{Status: StatusOpening}, true},
		{Service{Status: StatusBusy, PowerState: PowerActive}, true},
	} {
		if got := test.service.InWork(); got != test.want {
			t.Errorf("%+v: got %v", test.service, got)
		}
	}
}

func TestDetails(t *testing.T) {
	_, c := newVendor(t, ok(`{"doc":{"id":{"$":"5116804"},"servername":{"$":"web-1"},"rdns_record":{"$":"web.example"},
		"createdate":[{"$":"2026-10-04"},{"$":"2026-10-04"}],"password":{"$":"`+testPassword+`"}}}`))
	got, err := c.Details(t.Context(), testAuth, "5116804")
	want := ServiceDetails{ID: "5116804", ServerName: "web-1", ReverseDNS: "web.example", Created: "2026-10-04"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if _, err := c.Details(t.Context(), testAuth, "5"); KindOf(err) != Unreadable {
		t.Errorf("the details of another server: %v", err)
	}
}

const rebuildAnswer = `{"doc":{"slist":[
	{"$name":"zone","val":[{"$":"pub"},{"$":"own"}]},
	{"$name":"select_rebuild","val":[{"$key":"null","$":"-- none --","$depend":"own"},
		{"$key":"479c96f1-ccc6-47a2-952c-c9e3bbdc8d07","$":"Ubuntu 22.04 ","$depend":"pub"}]},
	{"$name":"ssh_keys","val":{"$key":"0b0b-11","$":"laptop"}}]}}`

func TestRebuildForm(t *testing.T) {
	_, c := newVendor(t, ok(rebuildAnswer))
	got, err := c.RebuildForm(t.Context(), testAuth, "5116804")
	want := RebuildForm{
		Images: []Image{{ID: "479c96f1-ccc6-47a2-952c-c9e3bbdc8d07", Label: "Ubuntu 22.04", Zone: "pub"}},
		Keys:   []Key{{ID: "0b0b-11", Name: "laptop"}},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	_, c = newVendor(t, ok(`{"doc":{"slist":[]}}`))
	if _, err := c.RebuildForm(t.Context(), testAuth, "5116804"); KindOf(err) != Unreadable {
		t.Errorf("got %v", err)
	}
}

const sizesAnswer = `{"doc":{"slist":{"$name":"pricelist","val":[
	{"$key":"none","$":"-- choose --"},{"$key":"6741","$":"Cloud Premium | NL-2 (3.50 €)"},
	{"$key":"6742","$":"Cloud Elite","$cost":"9.00 EUR"},{"$key":"6743","$":"Cloud Max (new)"},{"$key":"6744","$":"Odd (-1.00 €)"}]}}}`

func TestSizes(t *testing.T) {
	price := func(text string) *Money { m := eur(text); return &m }
	_, c := newVendor(t, ok(sizesAnswer))
	got, err := c.Sizes(t.Context(), testAuth, "5116804")
	want := []Size{
		{"6741", "Cloud Premium | NL-2", price("3.50")},
		{"6742", "Cloud Elite", price("9")},
		{"6743", "Cloud Max (new)", nil},
		{"6744", "Odd", nil},
	}
	if diff := cmp.Diff(want, got, equalMoney); diff != "" || err != nil {
		t.Error(diff, err)
	}
	_, c = newVendor(t, ok(`{"doc":{}}`))
	if _, err := c.Sizes(t.Context(), testAuth, "5116804"); KindOf(err) != Unreadable {
		t.Errorf("got %v", err)
	}
}

func FuzzServerForms(f *testing.F) {
	f.Add(rebuildAnswer)
	f.Add(sizesAnswer)
	f.Add(`{"doc":{"slist":[[],{"$name":"pricelist","val":[{"$key":[1,2]},null]}]}}`)
	f.Fuzz(func(t *testing.T, body string) {
		doc, err := parseDocument([]byte(body))
		if err != nil {
			return
		}
		if form, err := parseRebuildForm(doc); err == nil {
			for _, image := range form.Images {
				if image.ID == "" {
					t.Error("an image without an id")
				}
			}
		}
		sizes, err := parseSizes(doc)
		if err != nil {
			return
		}
		text, _ := json.Marshal(doc.value)
		for _, size := range sizes {
			if !isNumber(size.ID) {
				t.Errorf("size %+v", size)
			}
			checkMoney(t, string(text), size.Cost)
		}
	})
}
