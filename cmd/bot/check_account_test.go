package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"zomrobot/zomro/sandbox"
)

// TestCheckAccount reads the vendor with a connected account, in the shapes in
// which the vendor may answer.
func TestCheckAccount(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	server := p.vendor.AddService(vendorLogin, "anna-private-server")
	p.vendor.AddKey(vendorLogin, "anna-laptop", demoKey)
	p.vendor.PutForeignItem(vendorLogin)
	p.vendor.SetCredit(vendorLogin, eur(77))
	p.start()
	p.polled()
	p.connect(anna)
	if out, code := run(t, p.env, "check", "-account", vendorLogin); code != exitFailed || !strings.Contains(out, "stop it") {
		t.Errorf("beside a running bot it ended with %d\n%s", code, out)
	}
	p.stop()
	calls := len(p.vendor.Calls())

	t.Run("as expected", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "report.txt")
		out, code := run(t, p.env, "check", "-account", vendorLogin, "-o", file)
		if code != exitDone || !strings.HasPrefix(out, "ok: "+file+": expectations that hold: ") {
			t.Errorf("exit code %d, said %q", code, out)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		report := string(text)
		for _, want := range []string{
			"Refuted: 0\n",
			"\n  open      [g]    line-item\n",
			"ok    cart: 1 item\n",
			"ok    instances: 1 server\n",
			"ok    sshkeys: 1 key\n",
			"Fields that the client knows nothing of, without their names: 0\n",
			"[g]    cart list[lineitems].elem.price: cost and currency (1 of 1)\n",
		} {
			if !strings.Contains(report, want) {
				t.Errorf("%q is not in the report", want)
			}
		}
		if n := strings.Count(report, "v2.instances.order.pricelist, datacenter"); n < 3 {
			t.Errorf("%d more datacenters were read", n)
		}
		if n := strings.Count(report, "v2.instances.order.param, plan"); n < 4 {
			t.Errorf("%d order forms were read", n)
		}
		holdsNothingPrivate(t, report, server)
		if out, code := run(t, p.env, "check", "-account", vendorLogin, "-o", file); code != exitFailed || !strings.Contains(out, file+" is there already") {
			t.Errorf("a file that is there: %d\n%s", code, out)
		}
		if is, err := os.ReadFile(file); err != nil || string(is) != report {
			t.Errorf("the file that was there has changed, %v", err)
		}
		if t.Failed() {
			t.Log(report)
		}
	})

	for name, c := range map[string]struct {
		fault sandbox.Fault
		want  string
		code  int
	}{
		"single rows": {sandbox.Fault{Kind: sandbox.SingleRow, Times: -1}, "Refuted: 0\n", exitDone},
		"no rows": {
			sandbox.Fault{Kind: sandbox.MissingElem, Func: "sshkeys", Times: -1},
			`FAIL  sshkeys: .*fewer keys are listed than counted`, exitFailed,
		},
		"an error": {
			sandbox.Fault{Kind: sandbox.Reply, Func: "cart", ErrorType: "access", ErrorText: "anna@example.com may not", Times: -1},
			`FAIL  cart: zomro cart: denied access\n`, exitFailed,
		},
		"a page": {sandbox.Fault{Kind: sandbox.HTML, Func: "dashboard.info", Times: -1}, `FAIL  dashboard.info: zomro dashboard.info: unreadable`, exitFailed},
	} {
		t.Run(name, func(t *testing.T) {
			injected := p.vendor.Inject(c.fault)
			defer injected.Remove()
			out, code := run(t, p.env, "check", "-account", vendorLogin)
			if code != c.code || !regexp.MustCompile(c.want).MatchString(out) {
				t.Errorf("exit code %d, and not %s", code, c.want)
			}
			holdsNothingPrivate(t, out, server)
			if t.Failed() {
				t.Log(out)
			}
		})
	}

	for _, call := range p.vendor.Calls()[calls:] {
		if call.Field("sok") != "" {
			t.Errorf("%s was sent to be carried out", call.Func)
		}
	}
	if n := len(p.vendor.Cart(vendorLogin)); n != 1 {
		t.Errorf("%d items are in the cart", n)
	}
	if out, code := run(t, p.env, "check", "-account", "nobody"); code != exitFailed || !strings.Contains(out, `"nobody"`) || !strings.Contains(out, "/accounts in the chat") {
		t.Errorf("an account that is not connected: %d\n%s", code, out)
	}
	if out, code := run(t, p.env, "check", "-o", "report.txt"); code != exitUsage || !strings.Contains(out, "-account") {
		t.Errorf("a file without an account: %d\n%s", code, out)
	}
	p.vendor.SetPassword(vendorLogin, "another-"+vendorPassword)
	p.vendor.ExpireSessions(vendorLogin)
	if out, code := run(t, p.env, "check", "-account", vendorLogin); code != exitFailed || !strings.Contains(out, "badpassword") || !strings.Contains(out, "/login") {
		t.Errorf("an account that cannot log in: %d\n%s", code, out)
	}
}

// holdsNothingPrivate fails when a report holds something of the account's.
func holdsNothingPrivate(t *testing.T, report, server string) {
	t.Helper()
	for _, private := range []string{"anna", "example.com", vendorPassword, "laptop", "AAAAC3Nza", "SHA256:", "203.0.113", "100.00", "77.00", "77 ", server} {
		if strings.Contains(report, private) {
			t.Errorf("the report holds %q", private)
		}
	}
	if regexp.MustCompile(`\b\d+\.\d+\.\d+\.\d+\b`).MatchString(report) {
		t.Error("the report holds an address")
	}
}
