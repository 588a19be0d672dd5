package zomro

import (
	"errors"
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

// spellingsOf are those that an answer may quote a secret in.
func spellingsOf(secret Secret) []string {
	text := secret.Reveal()
	all := []string{
		text, clean(text), html.EscapeString(text), html.UnescapeString(text),
		url.QueryEscape(text), url.PathEscape(text),
	}
	slices.Sort(all)
	return slices.Compact(all)
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

// text masks one text.
func (m mask) text(text string) string {
	text = m.replacer.Replace(text)
	for _, trace := range m.traces {
		text = trace.Hide(text)
	}
	return text
}

// hide masks every text of e and of its cause.
func (m mask) hide(e *Error) *Error {
	e.Code = m.text(e.Code)
	e.Object = m.text(e.Object)
	e.Message = m.text(e.Message)
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
