package zomro

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckHost(t *testing.T) {
	long := strings.Repeat("a", 63)
	for host, want := range map[string]HostFault{
		"web-1.example.com":                  "",
		"MAIL.Example.COM":                   "",
		"a.example.com":                      "",
		"xn--e1afmkfd.xn--p1ai":              "",
		"1.2.example.com":                    "",
		long + ".example":                    "",
		"пример.рф":                          HostForeign,
		"mаil.example.com":                   HostForeign, // a Cyrillic а
		"203.0.113.7":                        HostAddress,
		"2001:db8::7":                        HostAddress,
		"https://example.com":                HostSigns,
		"example.com:25":                     HostSigns,
		"web_1.example.com":                  HostSigns,
		"web 1.example.com":                  HostSigns,
		"*.example.com":                      HostSigns,
		"":                                   HostBare,
		"web-1":                              HostBare,
		"web..example.com":                   HostLabel,
		".example.com":                       HostLabel,
		"example.com.":                       HostLabel, // a person's is dropped before
		"-web.example.com":                   HostLabel,
		"web-.example.com":                   HostLabel,
		long + "a.example.com":               HostLabel,
		"example.c":                          HostTop,
		"web.example.123":                    HostTop,
		"203.0.113.777":                      HostTop,
		strings.Repeat("a.", 124) + "abcde":  "",
		strings.Repeat("a.", 124) + "abcdef": HostLong,
	} {
		err := CheckHost(host)
		var got HostFault
		if errors.As(err, &got); got != want || (err == nil) != (want == "") {
			t.Errorf("%q: %v, want %q", host, err, want)
		}
	}
}

func TestSameHost(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"web.example.com", "web.example.com", true},
		{"web.example.com", "WEB.example.com.", true},
		{"web.example.com", "example.com", false},
		{"", "web.example.com", false},
	} {
		if got := SameHost(test.a, test.b); got != test.want {
			t.Errorf("%q and %q: %v", test.a, test.b, got)
		}
	}
}
