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
type mask struct{ replacer *strings.Replacer }

// newMask returns a mask for secrets, in each of the spellings that an answer
// may quote them in.
func newMask(secrets ...Secret) mask {
	var spellings []string
	for _, secret := range secrets {
		text := secret.Reveal()
		spellings = append(spellings,
			text, clean(text), html.EscapeString(text), html.UnescapeString(text),
			url.QueryEscape(text), url.PathEscape(text))
	}
	// The longest first: no tail of one is left where another is its beginning.
	slices.SortFunc(spellings, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, spelling := range spellings {
		if spelling != "" {
			pairs = append(pairs, spelling, redacted)
		}
	}
	return mask{strings.NewReplacer(pairs...)}
}

// hide masks every text of e and of its cause.
func (m mask) hide(e *Error) *Error {
	e.Code = m.replacer.Replace(e.Code)
	e.Object = m.replacer.Replace(e.Object)
	e.Message = m.replacer.Replace(e.Message)
	params := make(map[string]string, len(e.Params))
	for name, value := range e.Params {
		params[m.replacer.Replace(name)] = m.replacer.Replace(value)
	}
	if len(params) > 0 {
		e.Params = params
	}
	if e.Err != nil {
		// Only a cause that shows a secret loses its type: the others stay
		// what errors.Is and errors.As look for.
		if text := e.Err.Error(); m.replacer.Replace(text) != text {
			e.Err = errors.New(m.replacer.Replace(text))
		}
	}
	return e
}
