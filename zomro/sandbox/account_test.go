package sandbox_test

import (
	"regexp"
	"testing"
	"time"

	"zomrobot/zomro/sandbox"
)

func TestLogin(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	r.auth = ""
	for name, fields := range map[string][]string{
		"authinfo": {"authinfo", login + ":" + password},
		"fields":   {"username", login, "password", password, "sok", "ok"},
	} {
		t.Run(name, func(t *testing.T) {
			doc := r.ok("auth", fields...)
			token := doc.text("auth", "$id")
			if !regexp.MustCompile(`^[0-9a-f]{24}$`).MatchString(token) || doc.text("auth", "$") != token {
				t.Errorf("auth is %v", doc.at("auth").v)
			}
			again := *r
			again.auth = token
			if got := again.ok("whoami").text("user", "$realname"); got != login {
				t.Errorf("the session is of %q", got)
			}
		})
	}
	r.refused("auth", "badpassword", "auth", "authinfo", login+":wrong")
	r.refused("auth", "badpassword", "auth", "authinfo", "nobody:"+password)
	r.refused("auth", "badpassword", "auth")
	r.SetBadIP(login, true)
	r.refused("auth", "badip", "auth", "authinfo", login+":"+password)
}

func TestLoginBlockedAfterFailures(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	for range 5 {
		r.refused("auth", "badpassword", "auth", "authinfo", login+":wrong")
	}
	r.refused("auth", "blocklogon", "auth", "authinfo", login+":"+password)
	r.clock.Advance(19 * time.Second)
	r.refused("auth", "blocklogon", "auth", "authinfo", login+":"+password)
	r.clock.Advance(time.Second)
	r.ok("auth", "authinfo", login+":"+password)
}

func TestTwoFactor(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	r.SetTwoFactor(login, "123456")
	r.auth = r.ok("auth", "authinfo", login+":"+password).text("auth", "$id")
	doc := r.ok("whoami")
	if doc.text("ok", "$") != "func=totp.confirm" || doc.has("user") {
		t.Errorf("whoami of a half session: %v", doc.v)
	}
	r.refused("auth", "", "instances")
	r.refused("access", "keepalive", "keepalive")
	r.refused("value", "qrcode", "totp.confirm", "sok", "ok", "clicked_button", "ok", "qrcode", "000000")
	full := r.ok("totp.confirm", "sok", "ok", "clicked_button", "ok", "qrcode", "123456").text("auth", "$id")
	r.refused("auth", "", "whoami") // the half session has ended
	r.auth = full
	r.ok("instances")
	r.refused("value", "qrcode", "totp.confirm", "sok", "ok", "qrcode", "123456") // is full already
}

func TestSessions(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	for range 3 {
		r.clock.Advance(59 * time.Minute)
		r.ok("keepalive")
	}
	r.clock.Advance(time.Hour)
	r.refused("access", "keepalive", "keepalive")
	for _, function := range []string{
		"whoami", "v2.instances.order.pricelist", "v2.instances.order.param", "cart", "cart.empty",
		"cartorder.create.confirm", "instances", "instances.edit", "instances.delete", "service.start", "sshkeys",
		"dashboard.info", "dashboard.subaccount_credit", "notify",
	} {
		r.refused("auth", "", function)
	}
	r.auth = r.OpenSession(login)
	r.ok("instances")
	r.ExpireSessions(login)
	r.refused("auth", "", "instances")

	r.auth = r.OpenSession(login)
	r.ok("logon")
	r.refused("auth", "", "instances")
	if token := r.OpenSession("nobody"); token != "" {
		t.Errorf("a session %q of nobody", token)
	}
}

func TestUnknownFunction(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	failed := r.refused("missed", "v2.instances", "v2.instances")
	mustContain(t, failed.text("msg", "$"), "v2.instances")
	mustContain(t, r.refused("missed", "item", "item", "lang", "ru").text("msg", "$"), "Не удалось найти функцию 'item'")
}

func TestTwoUsersOfOneAccount(t *testing.T) {
	r := newRig(t, sandbox.Config{})
	if !r.AddUser("colleague", "Other-Pass-1", login) || r.AddUser("x", "y", "nobody") {
		t.Error("no user of what is there, or one of what is not")
	}
	id := func() string { return r.ok("whoami").text("user", "$id") }
	mine, first := r.auth, id()
	lineItem := r.add()
	r.auth = r.ok("auth", "authinfo", "colleague:Other-Pass-1").text("auth", "$id")
	if id() == first || r.ok("whoami").text("user", "$realname") != "colleague" {
		t.Errorf("the other is %v", r.ok("whoami").v)
	}
	r.add("servername", "web-2")
	r.confirm(lineItem)
	theirs := r.auth
	r.auth = mine
	if rows, _ := r.shownRows(); len(rows) != 1 || len(r.ok("instances").rows("elem")) != 1 {
		t.Errorf("the cart: %v", rows)
	}
	if got := r.ok("dashboard.info").text("elem", 0, "realbalance", "$"); got != "94.24 €" {
		t.Errorf("balance %s", got)
	}
	if len(r.Orders("colleague")) != 1 || len(r.Cart("colleague")) != 1 {
		t.Errorf("orders %+v, cart %+v", r.Orders("colleague"), r.Cart("colleague"))
	}
	if calls := r.Calls(); calls[len(calls)-1].Login != login {
		t.Errorf("the last call is of %q", calls[len(calls)-1].Login)
	}

	// Each has a password and sessions of their own.
	r.SetTwoFactor("colleague", "123456")
	r.ExpireSessions(login)
	r.refused("auth", "", "instances")
	r.auth = theirs
	r.ok("instances")
	r.ok("auth", "authinfo", login+":"+password)
	if doc := r.ok("auth", "authinfo", "colleague:Other-Pass-1"); !doc.has("auth") {
		t.Errorf("login: %v", doc.v)
	}
}
