package sandbox_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"zomrobot/zomro/sandbox"
)

func TestPricelist(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	for _, where := range []struct {
		asked, named, suffix string
		from, to             int
	}{
		{"", "17", "NL-3", 15, 24},
		{"17", "17", "NL-3", 15, 24},
		{"12", "12", "PL-1", 9, 24},
		{"19", "19", "DE-1", 9, 24},
		{"21", "21", "US-1", 9, 24},
	} {
		var pairs []string
		if where.asked != "" {
			pairs = []string{"datacenter", where.asked}
		}
		doc := r.ok("v2.instances.order.pricelist", pairs...)
		if got := doc.text("datacenter", "$"); got != where.named {
			t.Errorf("asked for %q, answered for %q", where.asked, got)
		}
		list := doc.named("instances", "list")
		rows := list.rows("elem")
		if len(rows) < where.from || len(rows) > where.to {
			t.Errorf("%q has %d plans", where.asked, len(rows))
		}
		for _, row := range rows {
			if row.text("datacenter", "id", "$") != where.named || !strings.HasSuffix(row.text("title", "$"), "| "+where.suffix) {
				t.Errorf("%q has the row %v", where.asked, row.v)
			}
			checkRow(t, row)
		}
	}
	doc := r.ok("v2.instances.order.pricelist")
	var ids []string
	for _, val := range doc.named("datacenter", "slist").rows("val") {
		ids = append(ids, val.text("$key"))
	}
	if got := strings.Join(ids, ","); got != "17,12,19,21" {
		t.Errorf("datacenters are %s", got)
	}
}

// checkRow holds a row against the documented shape of 2026.
func checkRow(t *testing.T, row node) {
	t.Helper()
	id := row.text("id", "$")
	if row.text("pricelist", "$") != id || row.text("keyvalue", "$") != id+"_"+row.text("datacenter", "id", "$") ||
		row.text("prices", "$key") != "period_"+id || row.text("buttons", "button", "$key") != "keyvalue" {
		t.Errorf("plan %s has other ids: %v", id, row.v)
	}
	switch row.text("title_tag", "$") {
	case "shared_cpu", "dedicated_cpu", "with_gpu", "forex_server":
	default:
		t.Errorf("plan %s is of group %q", id, row.text("title_tag", "$"))
	}
	costs := map[string]decimal.Decimal{}
	for _, price := range row.rows("prices", "price") {
		if price.text("currency", "$") != "EUR" {
			t.Errorf("plan %s: currency %q", id, price.text("currency", "$"))
		}
		costs[price.text("period", "$")] = decimal.RequireFromString(price.text("cost", "$"))
	}
	month := costs["1"]
	for period, months := range map[string]int64{"3": 3, "6": 6, "12": 12} {
		if cost, ok := costs[period]; ok && !cost.Equal(month.Mul(decimal.NewFromInt(months))) {
			t.Errorf("plan %s: %s months cost %s, a month %s", id, period, cost, month)
		}
	}
	if day := costs["-50"]; day.Mul(decimal.RequireFromString("20.4")).LessThan(month) || day.Mul(decimal.RequireFromString("18")).GreaterThan(month) {
		t.Errorf("plan %s: a day costs %s, a month %s", id, day, month)
	}
	if len(costs) != 5 && len(costs) != 2 {
		t.Errorf("plan %s has %d prices", id, len(costs))
	}
}

func TestPricelistHasTheOddCases(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	seen := map[string]bool{}
	rows := r.ok("v2.instances.order.pricelist", "datacenter", "12,17,19,21").named("instances", "list").rows("elem")
	ids := map[string]bool{}
	for _, row := range rows {
		if id := row.text("id", "$"); ids[id] {
			t.Errorf("plan %s twice", id)
		} else {
			ids[id] = true
		}
		seen["dev"] = seen["dev"] || strings.HasPrefix(row.text("title", "$"), "DEV test ")
		seen["few periods"] = seen["few periods"] || len(row.rows("prices", "price")) < 5
		linux, windows := false, false
		for _, tag := range row.rows("flabel", "tag") {
			seen["sold out"] = seen["sold out"] || tag.text("$") == "soldout%3ATrue"
			linux, windows = linux || tag.text("$") == "os%3ALinux", windows || tag.text("$") == "os%3AWindows"
		}
		seen["only Linux"] = seen["only Linux"] || linux && !windows
		seen["only Windows"] = seen["only Windows"] || windows && !linux
		for _, detail := range row.rows("detail") {
			value := detail.text("value", "$")
			seen["stray space"] = seen["stray space"] || strings.TrimSpace(value) != value
		}
		seen[row.text("title_tag", "$")] = true
	}
	for _, odd := range []string{
		"dev", "few periods", "sold out", "only Linux", "only Windows", "stray space",
		"shared_cpu", "dedicated_cpu", "with_gpu", "forex_server",
	} {
		if !seen[odd] {
			t.Errorf("no plan for %q", odd)
		}
	}
}

func TestPricelistPagesLanguagesAndNothing(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	all := r.ok("v2.instances.order.pricelist").named("instances", "list")
	second := r.ok("v2.instances.order.pricelist", "page", "2", "page_size", "5").named("instances", "list")
	if len(second.rows("elem")) != 5 || second.text("elem", 0, "id", "$") != all.text("elem", 5, "id", "$") ||
		second.text("$total_count") != all.text("$total_count") {
		t.Errorf("second page: %v", second.v)
	}
	details := r.ok("v2.instances.order.pricelist", "lang", "ru").named("instances", "list").rows("elem", 0, "detail")
	if got := details[2].text("name", "$"); got != "Количество процессоров" {
		t.Errorf("Russian for CPU count is %q", got)
	}
	none := r.ok("v2.instances.order.pricelist", "datacenter", "999")
	if none.named("instances", "list").has("elem") || none.text("messages", "msg", "instances_empty") != "Tariff does not exist " {
		t.Errorf("unknown datacenter: %v", none.at("list").v)
	}
	if echo := r.ok("v2.instances.order.pricelist").at("tparams"); echo.has("auth") || !echo.has("func") {
		t.Errorf("tparams: %v", echo.v)
	}
}

func TestPricelistOf2024(t *testing.T) {
	r := newRig(t, sandbox.Config{Shape: sandbox.Shape2024})
	doc := r.ok("v2.instances.order.pricelist", "period", "-50")
	rows := doc.named("pricelist", "list").rows("elem")
	for i, row := range rows[:4] {
		title := row.text("title", "$")
		if i%2 == 1 {
			title = row.text("title", "main", "$")
		}
		if title == "" || row.text("prices", "price", "period", "$") != "-50" || row.text("prices", "price", "cost", "$") == "" ||
			row.text("buttons", "button", "$key") != "pricelist" || row.has("keyvalue") {
			t.Errorf("row %d: %v", i, row.v)
		}
	}
	if len(doc.rows("flist", "val")) == 0 {
		t.Error("flist has no labels")
	}
	form := r.ok("v2.instances.order.param", "pricelist", rows[1].text("id", "$"), "period", "1")
	form.named("page_pricelist_settings", "metadata", "form", "page")
}

func TestForm(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	doc := r.ok("v2.instances.order.param", "pricelist", "9110", "datacenter", "17", "keyvalue", "9110_17", "period_9110", "3", "period", "3")
	if doc.text("datacenter", "$") != "17" || !doc.has("autoprolong") || doc.text("order_period", "$") != "3" {
		t.Errorf("form: %v", doc.v)
	}
	if got := doc.named("instances_ssh_keys", "slist").text("val", 0, "$key"); got != "none" {
		t.Errorf("without keys the first key is %q", got)
	}
	page := doc.named("page_settings", "metadata", "form", "page")
	memory := page.named("addon_91104", "field").at("slider", 0)
	if memory.text("$min") != "2" || memory.text("$max") != "34" || memory.text("$step") != "2" || memory.text("$cost") != "5.70" {
		t.Errorf("memory slider: %v", memory.v)
	}
	if got := doc.text("messages", "msg", "addon_91104"); got != "Memory " {
		t.Errorf("label of memory is %q", got)
	}
	network := doc.named("addon_91101", "slist").rows("val")
	if doc.text("addon_91101", "$") != network[0].text("$key") || network[0].text("$") != "IPv4 NL-3 (0.00 €)" ||
		network[1].text("$") != "server only with IPv6 (-3.00 €)" {
		t.Errorf("network: %v", network)
	}
	if got := doc.named("total_summary", "list").text("elem", 0, "cost", "price", "cost", "$"); got != "23.04" {
		t.Errorf("total is %q", got)
	}

	r.refused("missed", "pricelist", "v2.instances.order.param", "pricelist", "1")
	r.refused("value", "datacenter", "v2.instances.order.param", "pricelist", "9110", "datacenter", "12")
	r.refused("value", "period", "v2.instances.order.param", "pricelist", "9105", "period", "12")
	if got := r.ok("v2.instances.order.param", "keyvalue", "9110_17").text("pricelist", "$"); got != "9110" {
		t.Errorf("by keyvalue: plan %q", got)
	}
}

func TestImages(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	r.AddImage(login, "17", "golden image")
	r.AddImage(login, "12", "elsewhere")
	labels := func(plan string) map[string]string {
		found := map[string]string{}
		for _, val := range r.ok("v2.instances.order.param", "pricelist", plan, "period", "1").named("instances_os", "slist").rows("val") {
			found[val.text("$")] = val.text("$key")
			if zone := val.text("$depend"); (zone == "own") != (val.text("$") == "golden image" || val.text("$") == "elsewhere") {
				t.Errorf("%q is in zone %q", val.text("$"), zone)
			}
		}
		return found
	}
	smallest, next, poland, forex := labels("9101"), labels("9102"), labels("9202"), labels("9117")
	for _, family := range []string{"Ubuntu 24.04", "Debian 12", "AlmaLinux 9", "Rocky Linux 9", "CentOS Stream 9", "FreeBSD 14", "golden image"} {
		if smallest[family] == "" || smallest[family] != next[family] {
			t.Errorf("%s: %q and %q", family, smallest[family], next[family])
		}
		if smallest[family] == poland[family] {
			t.Errorf("%s has the same id in two datacenters", family)
		}
	}
	if smallest["Windows Server 2022"] != "" || next["Windows Server 2022"] == "" {
		t.Error("Windows is for the larger plans only")
	}
	if len(forex) != 3 || forex["Windows Server 2022"] == "" {
		t.Errorf("a Forex server has %v", forex)
	}
	if poland["elsewhere"] == "" || next["elsewhere"] != "" {
		t.Error("own images belong to a datacenter")
	}
}

// TestDroppedPlan is no longer listed and can no longer be ordered.
func TestDroppedPlan(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	count := func() int {
		return len(r.ok("v2.instances.order.pricelist", "datacenter", "17").named("instances", "list").rows("elem"))
	}
	before := count()
	r.DropPlan("9102")
	if after := count(); after != before-1 {
		t.Errorf("%d plans, before it was dropped %d", after, before)
	}
	r.refused("missed", "pricelist", "v2.instances.order.param", "pricelist", "9102", "datacenter", "17")
}
