package zomro

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestConsole(t *testing.T) {
	const cookie = `,"cookies":{"cookie":{"$name":"vncsession","$":"c00kie-value"}}`
	for name, test := range map[string]struct {
		address, rest string
		host          string // "": it is refused
		bound         bool
	}{
		"with a cookie":      {"https://console.example.com/vnc?token=s3cret&copy=1", cookie, "console.example.com", true},
		"without":            {"https://console.example.com:6080/vnc?token=s3cret", "", "console.example.com:6080", false},
		"an unknown cookie":  {"https://console.example.com/s3cret", `,"cookies":[]`, "console.example.com", true},
		"plain":              {"http://console.example.com/s3cret", cookie, "", false},
		"a script":           {"javascript:s3cret()", cookie, "", false},
		"with a password":    {"https://me:s3cret@console.example.com/", cookie, "", false},
		"no host":            {"https:///s3cret", cookie, "", false},
		"opaque":             {"https:console.example.com/s3cret", cookie, "", false},
		"a relative one":     {"//console.example.com/s3cret", cookie, "", false},
		"an address":         {"https://203.0.113.7/s3cret", cookie, "", false},
		"another alphabet":   {"https://cоnsole.example.com/s3cret", cookie, "", false}, // a Cyrillic о
		"a blank":            {"https://console.example.com/s3cret ", cookie, "", false},
		"broken":             {"https://console.example.com:s3cret", cookie, "", false},
		"long":               {"https://console.example.com/s3cret" + strings.Repeat("a", 2048), cookie, "", false},
		"none":               {"", cookie, "", false},
		"a function instead": {"func=s3cret", cookie, "", false},
	} {
		_, c := newVendor(t, ok(`{"doc":{"ok":{"$":"`+test.address+`"}`+test.rest+`}}`))
		console, err := c.Console(t.Context(), testAuth, "5116804")
		if test.host == "" {
			if KindOf(err) != Unreadable || strings.Contains(err.Error(), "s3cret") || !console.Address.IsZero() {
				t.Errorf("%s: %+v, %v", name, console, err)
			}
			continue
		}
		if err != nil || console.Address.Reveal() != test.address || console.Host != test.host || console.Bound != test.bound {
			t.Errorf("%s: %+v, %v", name, console, err)
		}
	}
	for _, body := range []string{`{"doc":{}}`, `{"doc":{"ok":{"$":["https://a.example.com","https://b.example.com"]}}}`, `{"doc":{"ok":7}}`} {
		_, c := newVendor(t, ok(body))
		if _, err := c.Console(t.Context(), testAuth, "5116804"); KindOf(err) != Unreadable {
			t.Errorf("%s: %v", body, err)
		}
	}
	_, c := newVendor(t, ok(`{"doc":{"ok":{"$":"https://console.example.com/vnc?a=1&amp;token=2"}}}`))
	if console, err := c.Console(t.Context(), testAuth, "5116804"); err != nil || console.Address.Reveal() != "https://console.example.com/vnc?a=1&token=2" {
		t.Errorf("an ampersand of HTML: %v", err)
	}
}

func TestHasConsole(t *testing.T) {
	for _, test := range []struct {
		status Status
		power  string
		want   bool
	}{
		{StatusActive, "active", true},
		{StatusActive, "rescued", true},
		{StatusActive, "booted_from_iso", true},
		{StatusActive, "resized", true},
		{StatusSuspended, "stopped", false},
		{StatusActive, "processing", false},
		{StatusActive, "error", false},
		{StatusSuspended, "suspended", false},
		{StatusOrdered, "active", false},
		{StatusBusy, "active", false},
		{StatusActive, "", false},
	} {
		if got := (Service{Status: test.status, PowerState: test.power}).HasConsole(); got != test.want {
			t.Errorf("%s, %s: %v", test.status, test.power, got)
		}
	}
}

// TestConsoleErrorIsWordless: the vendor's words, types and objects may hold the address.
func TestConsoleErrorIsWordless(t *testing.T) {
	const secret = "4f1c-token"
	for _, body := range []string{
		`{"doc":{"error":{"$type":"value","$object":"` + secret + `","msg":{"$":"cannot open https://vnc.example/?token=` + secret + `"}}}}`,
		`{"doc":{"error":{"$type":"` + secret + `","msg":{"$":"cookie vncsession=` + secret + `"},"param":[{"$name":"value","$":"` + secret + `"}]}}}`,
	} {
		_, c := newVendor(t, ok(body))
		_, err := c.Console(t.Context(), testAuth, "5116804")
		var failure *Error
		if !errors.As(err, &failure) || strings.Contains(err.Error(), secret) || strings.Contains(fmt.Sprintf("%+v", *failure), secret) {
			t.Errorf("%v, %+v", err, failure)
		}
	}
	_, c := newVendor(t, ok(`{"doc":{"error":{"$type":"value","$object":"runningoperation","msg":{"$":"busy"}}}}`))
	var failure *Error
	if _, err := c.Console(t.Context(), testAuth, "5116804"); !errors.As(err, &failure) || failure.Object != ObjectAtWork {
		t.Errorf("that something else is being done is not told: %v", err)
	}
}
