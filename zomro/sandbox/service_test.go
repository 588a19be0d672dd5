package sandbox_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"zomrobot/zomro/sandbox"
)

func TestActivation(t *testing.T) {
	r := newRig(t, sandbox.Config{ActivationDelay: time.Minute})
	r.confirm(r.add("order_period", "-50"))
	row := r.ok("instances").at("elem", 0)
	if row.text("item_status", "$orig") != "5_open" || row.text("item_status", "$") != "Activation in progress" ||
		row.text("status", "$") != "5" || row.text("instance_status", "$") != "creating" || row.text("ip", "$") != "" {
		t.Errorf("new: %v", row.v)
	}
	r.clock.Advance(time.Minute - 1)
	if got := r.Services(login)[0].Status; got != "5_open" {
		t.Errorf("too early: %s", got)
	}
	r.clock.Advance(1)
	row = r.ok("instances").at("elem", 0)
	if row.text("item_status", "$orig") != "2" || row.text("status", "$") != "2" || row.text("instance_status", "$") != "active" ||
		!strings.HasPrefix(row.text("ip", "$"), "203.0.113.") || !strings.HasPrefix(row.text("ip_v6", "$"), "2001:db8::") {
		t.Errorf("active: %v", row.v)
	}
	if row.text("cost", "$") != "0.30 EUR / Day" || row.text("pricelist", "$") != "Birch Intel | NL-3" ||
		row.text("servername", "$") != "web-1" || row.text("createdate", "$") != "2026-11-23" || row.text("datacentername", "$") != "Netherlands-3 [Cloud]" {
		t.Errorf("row: %v", row.v)
	}
	russian := r.ok("instances", "lang", "ru").at("elem", 0)
	if russian.text("item_status", "$") != "Активен" || russian.text("cost", "$") != "0.30 EUR / День" {
		t.Errorf("Russian row: %v", russian.v)
	}
}

func TestSoldOutTakesLonger(t *testing.T) {
	r := newRig(t, sandbox.Config{ActivationDelay: time.Minute})
	r.confirm(r.add("pricelist", "9206", "datacenter", "12", "instances_os", imageOf(r, "9206", "Debian 12")))
	r.clock.Advance(72 * time.Hour)
	if got := r.Services(login)[0].Status; got != "5_open" {
		t.Errorf("after 72 hours: %s", got)
	}
	r.clock.Advance(time.Minute)
	if got := r.Services(login)[0].Status; got != "2" {
		t.Errorf("after 72 hours and a minute: %s", got)
	}
}

func TestSetActivation(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	r.SetActivation(sandbox.Never)
	r.confirm(r.add())
	r.clock.Advance(1000 * time.Hour)
	if got := r.Services(login)[0].Status; got != "5_open" {
		t.Errorf("never: %s", got)
	}
	r.SetActivation(0)
	if got := r.Services(login)[0].Status; got != "2" {
		t.Errorf("at once: %s", got)
	}
	r.SetActivation(sandbox.Never)
	if got := r.Services(login)[0].Status; got != "2" {
		t.Errorf("what is active stays so: %s", got)
	}
}

func TestListOfServices(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	if r.ok("instances").has("elem") {
		t.Error("a list without rows has elem")
	}
	for n := range 23 {
		r.AddService(login, "old-"+strconv.Itoa(n))
	}
	seen := map[string]bool{}
	for page := 1; page <= 3; page++ {
		doc := r.ok("instances", "p_cnt", "10", "p_num", strconv.Itoa(page))
		if doc.text("p_elems", "$") != "23" || doc.text("p_cnt", "$") != "10" || doc.text("p_num", "$") != strconv.Itoa(page) {
			t.Errorf("page %d: %v", page, doc.v)
		}
		for _, row := range doc.rows("elem") {
			seen[row.text("id", "$")] = true
		}
	}
	if len(seen) != 23 {
		t.Errorf("%d services on three pages", len(seen))
	}
	if r.ok("instances", "p_cnt", "10", "p_num", "4").has("elem") || r.ok("instances", "p_num", "9223372036854775807").has("elem") {
		t.Error("a page after the last has rows")
	}
	if got := len(r.ok("instances", "p_num", "1").rows("elem")); got != 10 {
		t.Errorf("%d rows without p_cnt", got)
	}
	if got := r.ok("instances", "p_col", "-id").text("elem", 0, "name", "$"); got != "old-22" {
		t.Errorf("backwards the first is %q", got)
	}

	r.ok("instances.filter", "sok", "ok", "name", "old-7")
	if got := r.ok("instances.filter").text("name", "$"); got != "old-7" {
		t.Errorf("filter is %q", got)
	}
	if got := len(r.ok("instances").rows("elem")); got != 1 {
		t.Errorf("%d rows through the filter", got)
	}
	r.auth = r.OpenSession(login)
	if got := r.ok("instances").text("p_elems", "$"); got != "23" {
		t.Errorf("%s rows in another session", got)
	}
}

func TestActions(t *testing.T) {
	r := newRig(t, sandbox.Config{ActivationDelay: time.Minute})
	r.confirm(r.add())
	id := r.Services(login)[0].ID
	for _, function := range []string{"service.start", "service.stop", "service.reboot", "instances.delete"} {
		r.refused("value", "runningoperation", function, "elid", id)
	}
	r.clock.Advance(time.Minute)
	state := func(status, power string) {
		t.Helper()
		if got := r.Services(login)[0]; got.Status != status || got.Power != power {
			t.Errorf("state %s %s, want %s %s", got.Status, got.Power, status, power)
		}
	}
	state("2", "active")
	r.ok("service.stop", "elid", id)
	state("3", "stopped")
	if got := r.ok("instances").text("elem", 0, "item_status", "$"); got != "Temporary suspended" {
		t.Errorf("a stopped server shows %q", got)
	}
	r.ok("service.start", "elid", id)
	state("2", "active")
	r.ok("service.reboot", "elid", id)
	state("2", "active")
	for function, object := range map[string]string{
		"service.start": "service", "service.stop": "service", "service.reboot": "service",
		"instances.delete": "instances", "instances.edit": "instances",
	} {
		r.refused("missed", object, function, "elid", "1")
	}

	doc := r.ok("instances.edit", "elid", id)
	if doc.text("servername", "$") != "web-1" || doc.text("opentime", "$") == "" || !doc.has("password") {
		t.Errorf("edit: %v", doc.v)
	}
	r.ok("instances.edit", "elid", id, "sok", "ok", "clicked_button", "ok", "servername", "web-2")
	if got := r.Services(login)[0].Name; got != "web-2" {
		t.Errorf("renamed to %q", got)
	}

	r.ok("instances.delete", "elid", id)
	state("5_close", "processing")
	r.clock.Advance(time.Minute)
	if got := r.Services(login); len(got) != 0 {
		t.Errorf("after the deletion: %+v", got)
	}
}

func TestServicesOfTests(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	id := r.AddService(login, "elsewhere")
	if !r.SetServiceStatus(login, id, "3_abusesuspend") || r.SetServiceStatus(login, "1", "4") {
		t.Error("SetServiceStatus")
	}
	row := r.ok("instances").at("elem", 0)
	if row.text("item_status", "$") != "Suspended due to abuse" || row.text("status", "$") != "3" {
		t.Errorf("row: %v", row.v)
	}
	r.refused("value", "runningoperation", "service.start", "elid", id)
	if !r.RemoveService(login, id) || r.RemoveService(login, id) || len(r.Services(login)) != 0 {
		t.Error("RemoveService")
	}
	if r.AddService("nobody", "x") != "" || r.PutForeignItem("nobody") != "" || r.AddKey("nobody", "x", "y") != "" || r.AddImage("nobody", "17", "x") != "" {
		t.Error("something was given to nobody")
	}
}

func TestKeys(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	if r.ok("sshkeys").has("elem") {
		t.Error("a list without keys has elem")
	}
	edit := func(name, public string) []string {
		return []string{"sok", "ok", "clicked_button", "ok", "processingmodulegroup", "1", "comment", name, "publicKey", public}
	}
	id := r.ok("sshkeys.edit", edit("laptop", publicKey)...).text("elid", "$")
	row := r.ok("sshkeys").at("elem", 0)
	if row.text("elid", "$") != id || row.text("comment", "$") != "laptop" || row.text("publicKey", "$") != publicKey {
		t.Errorf("row: %v", row.v)
	}
	r.refused("value", `{"name":["A key already exists with the same name"]}`, "sshkeys.edit", edit("laptop", publicKey)...)
	r.refused("value", `{"name":["Enter a valid name"]}`, "sshkeys.edit", edit("ключ", publicKey)...)
	for _, bad := range []string{"", "ssh-rsa", "ssh-rsa !!!", "ssh-rsa AAAA", strings.Replace(publicKey, "ssh-ed25519", "ssh-rsa", 1), "ssh-rsa /////w=="} {
		r.refused("value", `{"public_key":["Invalid SSH public key"]}`, "sshkeys.edit", edit("other", bad)...)
	}
	val := r.ok("v2.instances.order.param", "pricelist", "9102", "period", "1").named("instances_ssh_keys", "slist").at("val", 0)
	if val.text("$key") != id || val.text("$") != "laptop" {
		t.Errorf("in the form: %v", val.v)
	}
	other := r.ok("sshkeys.edit", edit("work", publicKey)...).text("elid", "$")
	r.refused("value", `{"name":["A key already exists with the same name"]}`, "sshkeys.edit", append(edit("work", publicKey), "elid", id)...)
	r.ok("sshkeys.edit", append(edit("home", publicKey), "elid", id)...)
	r.ok("sshkeys.edit", append(edit("home", publicKey), "elid", id)...) // its own name is not taken
	if rows := r.ok("sshkeys"); rows.at("elem", 0).text("comment", "$") != "home" || rows.at("elem", 1).text("comment", "$") != "work" || rows.text("p_elems", "$") != "2" {
		t.Errorf("after a renaming: %v", rows.v)
	}
	if form := r.ok("sshkeys.edit", "elid", id); form.text("comment", "$") != "home" {
		t.Errorf("the form of a key: %v", form.v)
	}
	r.refused("missed", "sshkeys", "sshkeys.edit", append(edit("away", publicKey), "elid", "7")...)
	r.ok("sshkeys.delete", "elid", id)
	r.refused("missed", "sshkeys", "sshkeys.delete", "elid", id)
	if !r.RemoveKey(login, other) || r.RemoveKey(login, other) {
		t.Error("RemoveKey")
	}
}
