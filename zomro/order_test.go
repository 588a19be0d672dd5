package zomro

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestOrderWithEverything(t *testing.T) {
	order := testOrder()
	order.UseKey, order.Key, order.Password = true, "490", Secret{}
	order.Period, order.Count = Year, 35
	order.Addons = []AddonValue{{"addon_2", "b"}, {"addon_1", "a"}}
	order.Backups = &Backups{Name: "Мой план", Days: []int{1, 2, 3, 4, 5, 6, 0}, Time: "04:20"}
	v, c := newVendor(t, ok(`{"doc":{"lineitem.id":"1818"}}`))
	if item, err := c.AddToCart(t.Context(), testAuth, order); err != nil || item != "1818" {
		t.Fatalf("got %q, %v", item, err)
	}
	want := []field{
		{"func", "v2.instances.order.param"},
		{"auth", testSession},
		{"out", "json"},
		{"lang", "en"},
		{"sok", "ok"},
		{"order_period", "12"},
		{"licence_agreement", "on"},
		{"pricelist", "6740"},
		{"order_count", "35"},
		{"force_use_new_cart", "on"},
		{"instances_os", "479c96f1-ccc6-47a2-952c-c9e3bbdc8d07"},
		{"datacenter", "13"},
		{"use_ssh_key", "on"},
		{"instances_ssh_keys", "490"},
		{"addon_2", "b"},
		{"addon_1", "a"},
		{"backups_schedule", "on"},
		{"backups_schedule_name", "Мой план"},
		{"backups_schedule_rotation_days", "1,2,3,4,5,6,0"},
		{"backups_schedule_rotation_time", "04:20"},
	}
	if diff := cmp.Diff(want, v.seen()[0], cmp.AllowUnexported(field{})); diff != "" {
		t.Error(diff)
	}
}

func TestAddToCartNeedsOneLineItem(t *testing.T) {
	for _, body := range []string{
		`{"doc":{}}`,
		`{"doc":{"ok":{"$":"func=cart"}}}`,
		`{"doc":{"elid":{"$":"1818"}}}`,
		`{"doc":{"lineitem.id":{"$":""}}}`,
		`{"doc":{"lineitem.id":{}}}`,
		`{"doc":{"lineitem.id":{"$":"new"}}}`,
		`{"doc":{"lineitem.id":{"$":"1818,1819"}}}`,
		`{"doc":{"lineitem.id":{"$":"-1"}}}`,
		`{"doc":{"lineitem.id":[{"$":"1818"},{"$":"1819"}]}}`,
	} {
		_, c := newVendor(t, ok(body))
		if item, err := c.AddToCart(t.Context(), testAuth, testOrder()); KindOf(err) != Unknown || item != "" {
			t.Errorf("%s: got %q, %v", body, item, err)
		}
	}
}

func TestOrderThatCannotBeSent(t *testing.T) {
	password := NewSecret(testPassword)
	for field, changes := range map[string][]func(*Order){
		"pricelist":    {func(o *Order) { o.Plan = "" }, func(o *Order) { o.Plan = "67 40" }},
		"datacenter":   {func(o *Order) { o.Datacenter = "" }, func(o *Order) { o.Datacenter = "12,17" }},
		"order_period": {func(o *Order) { o.Period = NoPeriod }, func(o *Order) { o.Period = "24" }},
		"order_count":  {func(o *Order) { o.Count = 0 }, func(o *Order) { o.Count = -1 }, func(o *Order) { o.Count = 36 }},
		"instances_os": {func(o *Order) { o.Image = "" }, func(o *Order) { o.Image = "a b" }},
		"instances_ssh_keys": {
			func(o *Order) { o.Key = "490" },
			func(o *Order) { o.UseKey, o.Password = true, Secret{} },
			func(o *Order) { o.UseKey, o.Key, o.Password = true, "none", Secret{} },
		},
		"password": {
			func(o *Order) { o.Password = Secret{} },
			func(o *Order) { o.Password = NewSecret("two\nlines") },
			func(o *Order) { o.Password = NewSecret("\xff") },
			func(o *Order) { o.UseKey, o.Key, o.Password = true, "490", password },
		},
		"servername": {
			func(o *Order) { o.ServerName = " " },
			func(o *Order) { o.ServerName = strings.Repeat("ы", 101) },
			func(o *Order) { o.ServerName = "a\x00" },
		},
		"addon": {
			func(o *Order) { o.Addons = []AddonValue{{"skipbasket", "on"}} },
			func(o *Order) { o.Addons = []AddonValue{{"addon_1", "1"}, {"addon_1", "2"}} },
		},
		"addon_1":               {func(o *Order) { o.Addons = []AddonValue{{"addon_1", ""}} }},
		"backups_schedule_name": {func(o *Order) { o.Backups = &Backups{"", []int{1}, "04:20"} }},
		"backups_schedule_rotation_days": {
			func(o *Order) { o.Backups = &Backups{"b", nil, "04:20"} },
			func(o *Order) { o.Backups = &Backups{"b", []int{7}, "04:20"} },
			func(o *Order) { o.Backups = &Backups{"b", []int{-1}, "04:20"} },
			func(o *Order) { o.Backups = &Backups{"b", []int{1, 2, 1}, "04:20"} },
		},
		"backups_schedule_rotation_time": {
			func(o *Order) { o.Backups = &Backups{"b", []int{1}, "24:00"} },
			func(o *Order) { o.Backups = &Backups{"b", []int{1}, "4:20"} },
		},
	} {
		for i, change := range changes {
			order := testOrder()
			change(&order)
			v, c := newVendor(t, ok(`{"doc":{"lineitem.id":{"$":"1818"}}}`))
			_, err := c.AddToCart(t.Context(), testAuth, order)
			var e *Error
			var f *FieldError
			if !errors.As(err, &e) || e.Kind != Refused || e.Code != CodeInvalid || e.Object != field ||
				!errors.As(err, &f) || f.Field != field {
				t.Errorf("%s %d: got %v", field, i, err)
			}
			if len(v.seen()) != 0 {
				t.Errorf("%s %d: sent", field, i)
			}
		}
	}
}

// Whatever passes Validate is sent with one way to sign in, no field twice,
// and nothing that charges at once.
func TestOrderFields(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		order := Order{
			Plan:       rapid.StringMatching(`[0-9]{0,5}`).Draw(t, "plan"),
			Datacenter: rapid.StringMatching(`[0-9]{1,2}`).Draw(t, "datacenter"),
			Period:     rapid.SampledFrom([]Period{Day, Month, Quarter, HalfYear, Year, "7"}).Draw(t, "period"),
			Count:      rapid.IntRange(0, 36).Draw(t, "count"),
			Image:      "a-b",
			UseKey:     rapid.Bool().Draw(t, "use key"),
			Key:        rapid.SampledFrom([]string{"", "490", "none"}).Draw(t, "key"),
			Password:   NewSecret(rapid.SampledFrom([]string{"", testPassword}).Draw(t, "password")),
			ServerName: rapid.String().Draw(t, "name"),
		}
		for range rapid.IntRange(0, 2).Draw(t, "addons") {
			order.Addons = append(order.Addons, AddonValue{
				Name:  rapid.SampledFrom([]string{"addon_1", "addon_2", "skipbasket", "auth"}).Draw(t, "addon"),
				Value: "1",
			})
		}
		if order.Validate() != nil {
			return
		}
		sent := map[string]string{}
		for _, f := range order.fields() {
			if _, twice := sent[f.name]; twice {
				t.Fatalf("%s is sent twice", f.name)
			}
			sent[f.name] = f.value
		}
		_, key := sent["instances_ssh_keys"]
		_, password := sent["password"]
		if key == password || key != (sent["use_ssh_key"] == "on") {
			t.Fatalf("key %t, password %t, use_ssh_key %s", key, password, sent["use_ssh_key"])
		}
		for _, name := range []string{"skipbasket", "auth", "func", "clicked_button"} {
			if _, found := sent[name]; found {
				t.Fatalf("%s is sent", name)
			}
		}
	})
}
