package zomro

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
)

// mask takes the secrets of a call out of what the vendor said: a message may
// quote the request.
type mask struct {
	replacer *strings.Replacer
	traces   []Trace
}

// spellingsOf are the spellings in which an answer may quote a secret: as it is, and as
// it stands in HTML, in an address, in JSON or in a header, even encoded twice.
func spellingsOf(secret Secret) []string {
	text := secret.Reveal()
	all := []string{text, clean(text)}
	for _, spell := range []func(string) string{html.EscapeString, html.UnescapeString, url.QueryEscape, url.PathEscape, jsonEscape, jsonEscapeHTML} {
		once := spell(text)
		all = append(all, once, spell(once))
	}
	var percent, upper strings.Builder
	for _, b := range []byte(text) {
		fmt.Fprintf(&percent, "%%%02x", b)
		fmt.Fprintf(&upper, "%%%02X", b)
	}
	all = append(all, percent.String(), upper.String(), hex.EncodeToString([]byte(text)), strings.ToUpper(hex.EncodeToString([]byte(text))))
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		all = append(all, encoding.EncodeToString([]byte(text)))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// jsonEscape is how a text stands in JSON, and jsonEscapeHTML in that which is safe in HTML.
func jsonEscape(text string) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string and a builder never fail
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(out.String(), "\n"), `"`), `"`)
}

func jsonEscapeHTML(text string) string {
	out, _ := json.Marshal(text) // it never fails
	return strings.TrimSuffix(strings.TrimPrefix(string(out), `"`), `"`)
}

// newMask returns a mask for secrets.
func newMask(secrets ...Secret) mask {
	var spellings []string
	for _, secret := range secrets {
		spellings = append(spellings, spellingsOf(secret)...)
	}
	// The longest first: no tail of one is left where another is its beginning.
	slices.SortFunc(spellings, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, spelling := range spellings {
		if spelling != "" {
			pairs = append(pairs, spelling, redacted)
		}
	}
	return mask{replacer: strings.NewReplacer(pairs...)}
}

// mostSaid is how much of what the vendor says in an error is kept, in bytes: looking for
// what is known only by its trace takes a while.
const mostSaid = 8 << 10

// text masks one text.
func (m mask) text(text string) string {
	text = m.replacer.Replace(text)
	if len(text) > mostSaid {
		text = strings.ToValidUTF8(text[:mostSaid], "") + "…"
	}
	for _, trace := range m.traces {
		text = trace.Hide(text)
	}
	return text
}

// hide masks every text of e and of its cause.
func (m mask) hide(e *Error) *Error {
	e.Code = m.text(e.Code)
	e.Object = m.text(e.Object)
	e.Message = untagged(m.text(e.Message)) // its secrets first: without tags they would be other texts
	params := make(map[string]string, len(e.Params))
	for name, value := range e.Params {
		params[m.text(name)] = m.text(value)
	}
	if len(params) > 0 {
		e.Params = params
	}
	if e.Err != nil {
		// Only a cause that shows a secret loses its type: the others stay
		// what errors.Is and errors.As look for.
		if text := e.Err.Error(); m.text(text) != text {
			e.Err = errors.New(m.text(text))
		}
	}
	return e
}
