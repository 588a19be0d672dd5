package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f demo"

func TestAddChecksEveryField(t *testing.T) {
	r := newRig(t, sandbox.Config{Facts: sandbox.Facts{profile.Rows: profile.One}})
	key := r.AddKey(login, "laptop", publicKey)
	windows := imageOf(r, "9102", "Windows Server 2022")
	elsewhere := imageOf(r, "9202", "Debian 12")
	withKey := []string{"use_ssh_key", "on", "password", "-", "instances_ssh_keys", key}
	backups := []string{
		"backups_schedule", "on", "backups_schedule_name", "daily",
		"backups_schedule_rotation_days", "1,2,3,4,5,6,0", "backups_schedule_rotation_time", "04:20",
	}
	with := func(base []string, pairs ...string) []string { return append(append([]string{}, base...), pairs...) }
	for name, test := range map[string]struct {
		change []string
		field  string // that is refused; empty: accepted
	}{
		"plain":              {nil, ""},
		"key":                {withKey, ""},
		"windows":            {[]string{"instances_os", windows}, ""},
		"no name":            {[]string{"servername", "-"}, ""},
		"name of 100":        {[]string{"servername", strings.Repeat("я", 100)}, ""},
		"many":               {[]string{"order_count", "35"}, ""},
		"addon":              {[]string{"addon_91021", "302"}, ""},
		"backups":            {backups, ""},
		"more fields":        {[]string{"keyvalue", "9102_17", "clicked_button", "order"}, ""},
		"no licence":         {[]string{"licence_agreement", "-"}, "licence_agreement"},
		"licence off":        {[]string{"licence_agreement", "off"}, "licence_agreement"},
		"old cart":           {[]string{"force_use_new_cart", "-"}, "force_use_new_cart"},
		"no plan":            {[]string{"pricelist", "-"}, "pricelist"},
		"unknown plan":       {[]string{"pricelist", "1"}, "pricelist"},
		"no datacenter":      {[]string{"datacenter", "-"}, "datacenter"},
		"other datacenter":   {[]string{"datacenter", "12"}, "datacenter"},
		"no period":          {[]string{"order_period", "-"}, "order_period"},
		"unknown period":     {[]string{"order_period", "24"}, "order_period"},
		"no count":           {[]string{"order_count", "-"}, "order_count"},
		"count 0":            {[]string{"order_count", "0"}, "order_count"},
		"count 36":           {[]string{"order_count", "36"}, "order_count"},
		"count -1":           {[]string{"order_count", "-1"}, "order_count"},
		"count +1":           {[]string{"order_count", "+1"}, "order_count"},
		"no image":           {[]string{"instances_os", "-"}, "instances_os"},
		"image of elsewhere": {[]string{"instances_os", elsewhere}, "instances_os"},
		"no password":        {[]string{"password", "-"}, "password"},
		"short password":     {[]string{"password", "Short-1"}, "password"},
		"password no digit":  {[]string{"password", "Long-Enough"}, "password"},
		"password no upper":  {[]string{"password", "long-enough-1"}, "password"},
		"password and key":   {[]string{"use_ssh_key", "on", "instances_ssh_keys", key}, "password"},
		"unused key":         {[]string{"instances_ssh_keys", key}, "instances_ssh_keys"},
		"no key":             {[]string{"use_ssh_key", "on", "password", "-"}, "instances_ssh_keys"},
		"key none":           {[]string{"use_ssh_key", "on", "password", "-", "instances_ssh_keys", "none"}, "instances_ssh_keys"},
		"key for Windows":    {with(withKey, "instances_os", windows), "use_ssh_key"},
		"key perhaps":        {[]string{"use_ssh_key", "yes"}, "use_ssh_key"},
		"name of 101":        {[]string{"servername", strings.Repeat("я", 101)}, "servername"},
		"foreign addon":      {[]string{"addon_91011", "301"}, "addon_91011"},
		"addon value":        {[]string{"addon_91021", "999"}, "addon_91021"},
		"backups no name":    {with(backups, "backups_schedule_name", "-"), "backups_schedule_name"},
		"backups days":       {with(backups, "backups_schedule_rotation_days", "1,7"), "backups_schedule_rotation_days"},
		"backups day twice":  {with(backups, "backups_schedule_rotation_days", "1,1"), "backups_schedule_rotation_days"},
		"backups time":       {with(backups, "backups_schedule_rotation_time", "24:00"), "backups_schedule_rotation_time"},
		"backups unused":     {with(backups, "backups_schedule", "-"), "backups_schedule_name"},
		"backups perhaps":    {[]string{"backups_schedule", "yes"}, "backups_schedule"},
		"at once":            {[]string{"skipbasket", "on"}, "skipbasket"},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(r.Cart(login))
			fields := r.wanted(test.change...)
			if test.field == "" {
				if got := r.ok("v2.instances.order.param", fields...).text("lineitem.id", "$"); len(got) != 4 {
					t.Errorf("line item %q", got)
				}
				before++
			} else {
				failed := r.refused("value", test.field, "v2.instances.order.param", fields...)
				if secret := "Server-Pass-1"; strings.Contains(failed.text("msg", "$"), secret) {
					t.Error("the error repeats the password")
				}
			}
			if got := len(r.Cart(login)); got != before {
				t.Errorf("%d items in the cart, want %d", got, before)
			}
		})
	}
	if got := r.Violations(); len(got) != 1 || !strings.Contains(got[0], "skipbasket") {
		t.Errorf("violations: %q", got)
	}
	equalMoney(t, "balance", r.Balance(login), "100")
}

func imageOf(r *rig, plan, label string) string {
	r.t.Helper()
	for _, val := range r.ok("v2.instances.order.param", "pricelist", plan, "period", "1").named("instances_os", "slist").rows("val") {
		if val.text("$") == label {
			return val.text("$key")
		}
	}
	r.t.Fatalf("plan %s has no image %q", plan, label)
	return ""
}

func TestSliders(t *testing.T) {
	r := newRig(t, sandbox.Config{Facts: sandbox.Facts{profile.Rows: profile.One}})
	larch := []string{"pricelist", "9110", "instances_os", imageOf(r, "9110", "Debian 12")}
	for value, good := range map[string]bool{"2": true, "4": true, "34": true, "3": false, "0": false, "36": false, "x": false, "4.0": false} {
		fields := r.wanted(append(larch, "addon_91104", value)...)
		if good {
			r.ok("v2.instances.order.param", fields...)
		} else {
			r.refused("value", "addon_91104", "v2.instances.order.param", fields...)
		}
	}
	r.EmptyCart(login)
	r.add(append(larch, "addon_91104", "8", "addon_91101", "302", "order_count", "2")...)
	// (7.68 + 3 steps of memory at 1.90 - 1.00 without IPv4) for two servers.
	equalMoney(t, "cost", r.Cart(login)[0].Charge, "24.76")
}

func TestCart(t *testing.T) {
	for name, which := range map[string]profile.Answer{"id": profile.ID, "elid": profile.Elid} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, sandbox.Config{Facts: sandbox.Facts{profile.LineItem: which, profile.Rows: profile.One}})
			empty := r.ok("cart")
			if empty.named("lineitems", "list").has("elem") || empty.text("total", "cost", "$") != "0.00" || empty.text("total", "count", "$") != "0" {
				t.Errorf("empty cart: %v", empty.v)
			}
			first, second := r.add(), r.add("order_count", "3", "order_period", "-50")
			doc := r.ok("cart")
			rows := doc.named("lineitems", "list").rows("elem")
			if len(rows) != 2 || rows[0].text(name, "$") != first || rows[1].text(name, "$") != second || rows[0].text("id", "$") == rows[0].text("elid", "$") {
				t.Fatalf("rows: %v", rows)
			}
			if rows[0].text("price", "price", "cost", "$") != "5.76" || rows[1].text("price", "price", "cost", "$") != "0.90" ||
				doc.text("total", "cost", "$") != "6.66" || doc.text("total", "count", "$") != "2" || doc.text("total", "currency", "$") != "€" {
				t.Errorf("prices: %v", doc.v)
			}
			if rows[0].text("main", "period", "$") != "Month" || !strings.Contains(rows[1].text("main", "name", "$"), "× 3") {
				t.Errorf("names: %v", rows)
			}
			r.refused("missed", "cart", "cart", "sok", "ok", "clicked_button", "delete", "id", "1", "promocode", "", "elid", "")
			r.refused("value", "clicked_button", "cart", "sok", "ok")
			left := r.ok("cart", "sok", "ok", "clicked_button", "delete", "id", rows[0].text("id", "$"), "promocode", "", "elid", "")
			if got := left.named("lineitems", "list").rows("elem"); len(got) != 1 || got[0].text(name, "$") != second {
				t.Errorf("after a deletion: %v", got)
			}
			foreign := r.PutForeignItem(login)
			if got := r.Cart(login); len(got) != 2 || got[1].LineItem != foreign {
				t.Errorf("with a foreign item: %+v", got)
			}
			r.ok("cart.empty")
			if got := r.Cart(login); len(got) != 0 {
				t.Errorf("after emptying: %+v", got)
			}
			r.add()
			r.EmptyCart(login)
			if got := r.Cart(login); len(got) != 0 {
				t.Errorf("after the panel emptied it: %+v", got)
			}
		})
	}
}

func apply(code string) []string {
	return []string{"promocode", code, "sok", "ok", "clicked_button", "apply_promocode"}
}

func TestPromo(t *testing.T) {
	r := newRig(t, sandbox.Config{Promos: append(sandbox.DemoPromos(), sandbox.Promo{Code: "FREE", Percent: decimal.NewFromInt(100)})})
	notUsable := func(code string) {
		t.Helper()
		if got := r.refused("promocode_not_use", "", "cart", apply(code)...).text("param", "$"); got != code {
			t.Errorf("param is %q, want %q", got, code)
		}
	}
	notUsable("WELCOME10") // nothing in the cart
	r.add()
	r.refused("missed", "promocode", "cart", apply("NOPE")...)
	r.refused("missed", "promocode", "cart", apply("welcome10")...)
	r.refused("missed", "promocode", "cart", apply("")...)
	notUsable("USELESS")
	notUsable("YEAR25") // the item is for a month
	equalMoney(t, "charge", r.Cart(login)[0].Charge, "5.76")

	doc := r.ok("cart", apply("WELCOME10")...)
	row := doc.named("lineitems", "list").at("elem", 0)
	if doc.text("total", "cost", "$") != "5.18" || doc.text("promocode", "$") != "WELCOME10" || row.text("fullcost", "$") != "5.76" || row.text("discount_percent", "$") != "10%" {
		t.Errorf("cart: %v", doc.v)
	}
	notUsable("WELCOME10")           // takes no more off than before
	r.ok("cart", apply("MINUS2")...) // takes more off
	notUsable("WELCOME10")           // takes less off
	lineItem := r.Cart(login)[0]     //
	equalMoney(t, "charge", lineItem.Charge, "3.76")
	r.ok("cart", apply("FREE")...)
	equalMoney(t, "charge", r.Cart(login)[0].Charge, "0")
	r.SetBalance(login, eur("0"))
	r.confirm(lineItem.LineItem)
	if got := r.Orders(login); len(got) != 1 || got[0].Promo != "FREE" || !got[0].Amount.Amount.IsZero() {
		t.Errorf("orders: %+v", got)
	}
}

func TestFixedPromoIsSpreadOnce(t *testing.T) {
	r := newRig(t, sandbox.Config{Promos: []sandbox.Promo{{Code: "MINUS7", Amount: decimal.NewFromInt(7)}}})
	first, second := r.add(), r.add()
	r.ok("cart", apply("MINUS7")...)
	equalMoney(t, "first", r.Cart(login)[0].Charge, "0")
	equalMoney(t, "second", r.Cart(login)[1].Charge, "4.52")
	r.confirm(first)
	equalMoney(t, "second after the first was paid", r.Cart(login)[0].Charge, "4.52")
	r.confirm(second)
	equalMoney(t, "balance", r.Balance(login), "95.48")
}

func TestConfirm(t *testing.T) {
	r := newRig(t, sandbox.Config{ActivationDelay: time.Minute, Facts: sandbox.Facts{profile.Rows: profile.One}})
	lineItem := r.add("order_count", "2")
	other := r.PutForeignItem(login)
	r.refused("missed", "cartorder", "cartorder.create.confirm", "elid", "1", "paymethod_id", "0", "sok", "ok")
	r.refused("value", "paymethod_id", "cartorder.create.confirm", "elid", lineItem, "paymethod_id", "5", "sok", "ok")
	r.refused("value", "paymethod_id", "cartorder.create.confirm", "elid", lineItem, "sok", "ok")
	r.ok("cartorder.create.confirm", "elid", lineItem, "paymethod_id", "0") // without sok: only the form
	equalMoney(t, "balance before", r.Balance(login), "100")

	r.confirm(lineItem)
	equalMoney(t, "balance", r.Balance(login), "88.48")
	if cart := r.Cart(login); len(cart) != 1 || cart[0].LineItem != other {
		t.Errorf("cart: %+v", cart)
	}
	again := r.refused("missed", "cartorder", "cartorder.create.confirm", "elid", lineItem, "paymethod_id", "0", "sok", "ok")
	mustContain(t, again.text("msg", "$"), "does not exist")
	equalMoney(t, "balance after the second confirm", r.Balance(login), "88.48")

	orders, services := r.Orders(login), r.Services(login)
	if len(orders) != 1 || len(services) != 2 {
		t.Fatalf("orders %+v, services %+v", orders, services)
	}
	equalMoney(t, "order", orders[0].Amount, "11.52")
	if orders[0].LineItem != lineItem || orders[0].Services[0] != services[0].ID || orders[0].Services[1] != services[1].ID {
		t.Errorf("order %+v", orders[0])
	}
	for _, service := range services {
		if len(service.ID) != 7 || service.Status != "5_open" || service.Name != "web-1" {
			t.Errorf("service %+v", service)
		}
	}
}

func TestNotEnoughMoney(t *testing.T) {
	r := newRig(t, sandbox.Config{Facts: sandbox.Facts{profile.CartTotal: profile.WithTax}})
	r.SetBalance(login, eur("5.80"))
	lineItem := r.add()
	doc := r.ok("cart")
	if doc.text("total", "cost", "$") != "6.97" || doc.text("tax", "$") != "1.21" {
		t.Errorf("cart with tax: %v", doc.v)
	}
	failed := r.refused("not_enough_money", "", "cartorder.create.confirm", "elid", lineItem, "paymethod_id", "0", "sok", "ok")
	if failed.text("param", 0, "$name") != "amount" || failed.text("param", 0, "$") != "6.97" {
		t.Errorf("param: %v", failed.at("param").v)
	}
	mustContain(t, failed.text("msg", "$"), "Required amount 6.97. Your current balance: 5.80, credit limit 0.00 EUR")
	equalMoney(t, "balance", r.Balance(login), "5.80")
	if len(r.Cart(login)) != 1 || len(r.Services(login)) != 0 {
		t.Error("a refused confirm changed something")
	}

	r.SetCredit(login, eur("2"))
	r.confirm(lineItem)
	equalMoney(t, "balance on credit", r.Balance(login), "-1.17")
	if got := r.ok("dashboard.info").text("elem", 0, "realbalance", "$"); got != "0.00 €" {
		t.Errorf("shown balance %q", got)
	}
	if got := r.ok("dashboard.subaccount_credit").text("elem", 0, "available_credit", "$"); got != "0.83 EUR" {
		t.Errorf("shown credit %q", got)
	}
}

func TestBalanceWire(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	r.SetCredit(login, eur("10.5"))
	if got := r.ok("dashboard.info").text("elem", 0, "realbalance", "$"); got != "100.00 €" {
		t.Errorf("dashboard.info: %q", got)
	}
	if got := r.ok("notify", "notifiaction", "count").text("realbalance", "$"); got != "100.00" {
		t.Errorf("notify: %q", got)
	}
	row := r.ok("dashboard.subaccount_credit").at("elem", 0)
	if row.text("available_credit", "$") != "10.50 EUR" || row.text("credit", "$") != "10.50 EUR" {
		t.Errorf("credit: %v", row.v)
	}
}

func TestSetPrice(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	r.add()
	if !r.SetPrice("9102", zomro.Month, eur("7.77")) {
		t.Fatal("there is such a price")
	}
	if got := r.ok("cart").text("total", "cost", "$"); got != "7.77" {
		t.Errorf("total after the change is %q", got)
	}
	if r.SetPrice("9105", zomro.Year, eur("1")) || r.SetPrice("1", zomro.Month, eur("1")) {
		t.Error("a price changed that does not exist")
	}
}

// TestArticle462 orders exactly what the vendor's article orders, over both
// encodings of the body and at both addresses.
func TestArticle462(t *testing.T) {
	r := newRig(t, sandbox.Config{WithArticle462: true})
	lineItem := r.ok("v2.instances.order.param",
		"sok", "ok", "order_period", "-50", "licence_agreement", "on", "use_ssh_key", "off", "pricelist", "6740",
		"servername", "MyServer-1", "password", "Qwerty-2026", "instances_os", "479c96f1-ccc6-47a2-952c-c9e3bbdc8d07",
		"order_count", "1", "addon_6746", "260", "datacenter", "13", "force_use_new_cart", "on",
	).text("lineitem.id", "$")
	body := "func=cartorder.create.confirm&elid=" + lineItem + "&paymethod_id=0&sok=ok&out=json&auth=" + r.auth
	response, err := http.Post(r.url+"/billmgr", "application/x-www-form-urlencoded", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("confirm: status %d, %v", response.StatusCode, err)
	}
	services := r.Services(login)
	if len(services) != 1 || services[0].Name != "MyServer-1" || services[0].IPv4 != "" || services[0].IPv6 == "" {
		t.Errorf("services: %+v", services)
	}
	equalMoney(t, "balance", r.Balance(login), "99.78") // 0.25 a day, less 0.03 without IPv4

	without := newRig(t, sandbox.Config{})
	without.refused("missed", "pricelist", "v2.instances.order.param", "pricelist", "6740", "period", "1")
}

func TestUnreadableCart(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	first := r.add()
	r.SetFact(profile.CartFields, profile.Otherwise)
	second := r.add()
	for _, doc := range []node{
		r.ok("cart"),
		r.ok("cart", "promocode", "WELCOME10", "sok", "ok", "clicked_button", "apply_promocode"),
	} {
		if !doc.has("basket") || doc.has("list") || doc.has("total") {
			t.Errorf("cart: %v", doc.v)
		}
	}
	for _, item := range r.Cart(login) {
		if item.Promo != "WELCOME10" {
			t.Errorf("the promo code was not applied to %+v", item)
		}
	}
	r.confirm(second)
	r.SetFact(profile.CartFields, "")
	if row := r.ok("cart").named("lineitems", "list").rows("elem"); len(row) != 1 || row[0].text("id", "$") != first {
		t.Errorf("cart: %v", row)
	}
}
