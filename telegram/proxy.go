package telegram

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
)

// Proxy is the address of a proxy on the way to Telegram. It may hold a password:
// printing, logging and marshalling it leaves the password out. The zero value is no
// proxy.
type Proxy struct{ address *url.URL }

// errProxy does not quote the address, which may hold a password.
var errProxy = errors.New("want an address like http://host:port, https://host:port or socks5://user:password@host:port")

// NewProxy reads the address of a proxy: http, https or socks5.
func NewProxy(text string) (Proxy, error) {
	u, err := url.Parse(text)
	if err != nil || !slices.Contains([]string{"http", "https", "socks5"}, u.Scheme) || u.Hostname() == "" ||
		u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return Proxy{}, errProxy
	}
	return Proxy{address: u}, nil
}

// IsZero reports whether there is no proxy.
func (p Proxy) IsZero() bool { return p.address == nil }

// Decode reads a variable of the environment.
func (p *Proxy) Decode(value string) (err error) {
	*p, err = NewProxy(value)
	return err
}

// String returns the address, with [redacted] in place of a password.
func (p Proxy) String() string {
	if p.address == nil {
		return ""
	}
	shown := p.address.Scheme + "://"
	if user := p.address.User; user != nil {
		shown += url.User(user.Username()).String()
		if _, secret := user.Password(); secret {
			shown += ":" + redacted
		}
		shown += "@"
	}
	return shown + p.address.Host
}

// Format prints what String returns, whatever the verb is.
func (p Proxy) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(p.String())) }

// LogValue logs what String returns.
func (p Proxy) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalText returns what String returns.
func (p Proxy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// through makes a transport use the proxy, if there is one, and not one of the
// environment.
func (p Proxy) through(t *http.Transport) {
	if p.address != nil {
		t.Proxy = http.ProxyURL(p.address)
	}
}
