package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"zomrobot/zomro/sandbox"
)

// power is the state of the only server.
func (r *rig) power(want string) {
	r.t.Helper()
	if got := r.Services(login)[0].Power; got != want {
		r.t.Errorf("power is %q, want %q", got, want)
	}
}

func TestWorkTakesItsTime(t *testing.T) {
	r := newRig(t, sandbox.Config{WorkDelay: 30 * time.Second})
	id := r.AddService(login, "web-1")
	for _, work := range []struct{ function, during, after string }{
		{"service.stop", "stopping", "stopped"},
		{"service.start", "starting", "active"},
		{"service.reboot", "rebooting", "active"},
	} {
		r.ok(work.function, "elid", id)
		r.power(work.during)
		r.refused("value", "runningoperation", work.function, "elid", id)
		r.refused("value", "runningoperation", "instances.delete", "elid", id)
		r.clock.Advance(30 * time.Second)
		r.power(work.after)
	}
}

func TestWorkThatNeverEnds(t *testing.T) {
	r := newRig(t, sandbox.Config{WorkDelay: sandbox.Never})
	id := r.AddService(login, "web-1")
	r.ok("service.stop", "elid", id)
	r.clock.Advance(1000 * time.Hour)
	r.power("stopping")
}

func TestChangePassword(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	id := r.AddService(login, "web-1")
	r.refused("value", "password", "instances.fleio.changepassword", "elid", id, "password", "weak", "sok", "ok")
	r.ok("instances.fleio.changepassword", "elid", id, "password", "Strong-Pass-1", "sok", "ok", "clicked_button", "ok")
	r.ok("service.stop", "elid", id)
	r.refused("value", "runningoperation", "instances.fleio.changepassword", "elid", id, "password", "Strong-Pass-1", "sok", "ok")
	r.refused("missed", "instances", "instances.fleio.changepassword", "elid", "1", "password", "Strong-Pass-1", "sok", "ok")
}

func TestRebuild(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	id := r.AddService(login, "web-1")
	key := r.AddKey(login, "laptop", publicKey)
	form := r.ok("instances.fleio.rebuild", "elid", id)
	if got := form.named("zone", "slist").text("val", 0, "$"); got != "pub" {
		t.Errorf("the first zone is %q", got)
	}
	val := form.named("select_rebuild", "slist").at("val", 3)
	image, label := val.text("$key"), val.text("$")
	if val.text("$depend") != "pub" || form.named("ssh_keys", "slist").text("val", 0, "$key") != key {
		t.Errorf("form: %v", form.v)
	}
	do := func(pairs ...string) []string { return append([]string{"elid", id, "sok", "ok"}, pairs...) }
	r.refused("value", "select_rebuild", "instances.fleio.rebuild", do("zone", "own", "select_rebuild", image, "enablessh", "off", "password", "Strong-Pass-1")...)
	r.refused("value", "password", "instances.fleio.rebuild", do("zone", "pub", "select_rebuild", image, "enablessh", "off", "password", "weak")...)
	r.refused("value", "ssh_keys", "instances.fleio.rebuild", do("zone", "pub", "select_rebuild", image, "enablessh", "on", "ssh_keys", "1")...)
	r.ok("instances.fleio.rebuild", do("zone", "pub", "select_rebuild", image, "enablessh", "on", "ssh_keys", key)...)
	if got := r.Services(login)[0].Image; got != label {
		t.Errorf("installed %q, want %q", got, label)
	}
}

func TestResize(t *testing.T) {
	r := newRig(t, sandbox.Config{WorkDelay: time.Minute})
	id := r.AddService(login, "web-1")
	before := r.Services(login)[0].Plan
	val := r.ok("service.changepricelist", "elid", id).named("pricelist", "slist").rows("val")
	larger := val[len(val)-1].text("$key")
	do := []string{"elid", id, "pricelist", larger, "clicked_button", "finish", "snext", "ok", "sok", "ok"}
	r.refused("value", "pricelist", "service.changepricelist.getmoney", "elid", id, "pricelist", before, "clicked_button", "finish", "snext", "ok", "sok", "ok")
	r.SetBalance(login, eur("1"))
	r.refused("insufficient_funds", "", "service.changepricelist.getmoney", do...)
	r.SetBalance(login, eur("500"))
	for _, choice := range []struct{ choice, plan string }{{"rollback", before}, {"confirm", larger}} {
		r.ok("service.changepricelist.getmoney", do...)
		if r.Balance(login).Amount.GreaterThanOrEqual(eur("500").Amount) {
			t.Error("nothing was charged")
		}
		r.power("resizing")
		r.clock.Advance(time.Minute)
		r.power("resized")
		r.refused("value", "runningoperation", "service.stop", "elid", id)
		r.refused("value", "select_resize", "instances.confirm.resize", "elid", id, "select_resize", "both", "sok", "ok")
		r.ok("instances.confirm.resize", "elid", id, "select_resize", choice.choice, "sok", "ok", "clicked_button", "ok")
		r.clock.Advance(time.Minute)
		r.power("active")
		if got := r.Services(login)[0].Plan; got != choice.plan {
			t.Errorf("%s: plan %s, want %s", choice.choice, got, choice.plan)
		}
		if choice.choice == "rollback" {
			equalMoney(t, "the balance after a rollback", r.Balance(login), "500")
		}
	}
}

func TestReverseDNS(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	id := r.AddService(login, "web-1")
	set := func(host string) []string {
		return []string{"elid", id, "sok", "ok", "clicked_button", "ok", "rdns_record", host}
	}
	r.refused("value", "rdns_record", "instances.edit", set("web-1")...)
	r.ok("instances.edit", set("mail.example.com")...)
	if got := r.ok("instances.edit", "elid", id).text("rdns_record", "$"); got != "mail.example.com" {
		t.Errorf("the form shows %q", got)
	}
	r.SetKeepsDNS(login, id)
	r.ok("instances.edit", set("www.example.com")...)
	if got := r.ok("instances.edit", "elid", id).text("rdns_record", "$"); got != "mail.example.com" {
		t.Errorf("the form shows %q", got)
	}
	if got := r.Services(login)[0].Name; got != "web-1" {
		t.Errorf("it is called %q", got)
	}
}

func TestBootFromElsewhere(t *testing.T) {
	r := newRig(t, sandbox.Config{WorkDelay: time.Minute})
	id := r.AddService(login, "web-1")
	for _, boot := range []struct{ function, list, working, booted, password string }{
		{"instances.fleio.rescue", "select_boot", "rescuing", "rescued", "Strong-Pass-1"},
		{"instances.fleio.boot_from_iso", "select_boot_from_iso", "booting_from_iso", "booted_from_iso", ""},
	} {
		list := r.ok(boot.function, "elid", id).named(boot.list, "slist")
		if list.at("val", 0).text("$key") != "null" {
			t.Error("no choice says that there is none")
		}
		image := list.at("val", 1).text("$key")
		do := func(pairs ...string) []string { return append([]string{"elid", id, "sok", "ok"}, pairs...) }
		r.refused("value", boot.list, boot.function, do("zone", "own", boot.list, image, "password", "Strong-Pass-1")...)
		r.refused("value", boot.list, boot.function, do("zone", "pub", boot.list, "null", "password", "Strong-Pass-1")...)
		if boot.password != "" {
			r.refused("value", "password", boot.function, do("zone", "pub", boot.list, image, "password", "weak")...)
			r.refused("value", "password", boot.function, do("zone", "pub", boot.list, image)...)
		}
		r.ok(boot.function, do("zone", "pub", boot.list, image, "password", boot.password)...)
		r.power(boot.working)
		r.refused("value", "runningoperation", "instances.fleio.unrescue", "elid", id)
		r.clock.Advance(time.Minute)
		r.power(boot.booted)
		r.refused("value", "runningoperation", "service.reboot", "elid", id)
		r.ok("instances.fleio.unrescue", "elid", id)
		r.power("unrescuing")
		r.clock.Advance(time.Minute)
		r.power("active")
	}
	r.refused("value", "runningoperation", "instances.fleio.unrescue", "elid", id)
}

func TestConsole(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	id := r.AddService(login, "web-1")
	first, second := r.ok("instances.fleio.vnc", "elid", id), r.ok("instances.fleio.vnc", "elid", id)
	if first.text("ok", "$") == second.text("ok", "$") || first.text("cookies", "cookie", "$") == "" || first.text("cookies", "cookie", "$name") == "" {
		t.Errorf("two answers: %v, %v", first.v, second.v)
	}
	for _, call := range r.Calls() {
		if shown := call.Masked().Response; call.Func == "instances.fleio.vnc" && strings.Contains(shown, "token") {
			t.Errorf("it is shown: %s", shown)
		}
	}
	r.SetBareConsole(true)
	if bare := r.ok("instances.fleio.vnc", "elid", id); bare.has("cookies") {
		t.Errorf("there is a cookie: %v", bare.v)
	}
	r.ok("service.stop", "elid", id)
	r.refused("value", "runningoperation", "instances.fleio.vnc", "elid", id)
}
