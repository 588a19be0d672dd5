package zomro

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
)

// Console is the way to a server's screen, in a browser.
type Console struct {
	Address Secret // https: whoever has it sees the screen
	Host    string // that it leads to
	// Bound: the vendor gives a cookie along, which its panel sets in the browser before it
	// opens the address [F]. The cookie itself is read by nobody.
	Bound bool
}

// HasConsole reports whether the vendor shows the server's screen now [F].
func (s Service) HasConsole() bool {
	shown := []string{PowerActive, PowerResized, PowerRescued, PowerISO}
	return !s.InWork() && (s.Status == StatusActive || s.Status == StatusSuspended) && slices.Contains(shown, s.PowerState)
}

// Console asks for the way to a server's screen (func=instances.fleio.vnc [F]). How long
// it is open, how often it can be used, and whether the address opens without the cookie
// is not known. An address that is not https, or whose host is not a plain host name, is
// [Unreadable]; no error holds any of it.
func (c *Client) Console(ctx context.Context, auth Auth, service string) (Console, error) {
	const op = "instances.fleio.vnc"
	doc, err := c.readServer(ctx, op, auth, service)
	if err != nil {
		return Console{}, wordless(err)
	}
	console, err := parseConsole(doc)
	if err != nil {
		return Console{}, unreadable(op, err)
	}
	return console, nil
}

// wordless is an error without the vendor's own words: an address may stand in them. What
// it is about is kept where it is known beforehand.
func wordless(err error) error {
	var failure *Error
	if !errors.As(err, &failure) {
		return err
	}
	bare := *failure
	bare.Message, bare.Params = "", nil
	if bare.Object != ObjectAtWork {
		bare.Object = ""
	}
	if !slices.Contains([]string{CodeMissed, "value", CodeAccess, CodeAuth}, bare.Code) {
		bare.Code = ""
	}
	return &bare
}

// longestAddress is that of an address that is believed, in bytes.
const longestAddress = 2048

// parseConsole reads the way to a screen. Its errors are fixed texts: those of net/url
// quote the address.
func parseConsole(doc node) (Console, error) {
	text, ok := doc.at("ok").literal()
	switch {
	case !ok || text == "":
		return Console{}, errors.New("no address")
	case len(text) > longestAddress || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }):
		return Console{}, errors.New("no plain address")
	}
	address, err := url.Parse(text)
	switch {
	case err != nil || address.Scheme != "https" || address.Opaque != "" || address.User != nil:
		return Console{}, errors.New("no https address")
	case CheckHost(address.Hostname()) != nil:
		return Console{}, errors.New("an address without a plain host name")
	}
	return Console{Address: NewSecret(text), Host: address.Host, Bound: doc.at("cookies").exists()}, nil
}
