package zomro

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// trust says which answers of a writing call are believed to mean that nothing was
// done. The zero value believes none: calls that spend, or that put something into
// the cart, have it.
type trust struct {
	denials  bool // HTTP 403 and 460 [F], auth [C] and access [F]: the request was not let in
	refusals []refusal
}

// refusal is an error with which the vendor refuses a call, as the documents show
// it. Fields that are not set are not compared.
type refusal struct {
	code   string // doc.error.$type
	object string // doc.error.$object
	text   string // a part of doc.error.msg
	fields bool   // doc.error.$object is a JSON object of fields, each with what is wrong about it
}

// kind returns the kind of an error that answered a writing call.
func (t trust) kind(e *Error) Kind {
	switch {
	case t.denials && (e.Status == http.StatusForbidden || e.Status == statusBlocked):
		return Denied
	case e.Status != http.StatusOK || isFault(e): // errors come with status 200 [F]
		return Unknown
	case t.denials && (e.Code == CodeAuth || e.Code == CodeAccess):
		return Denied
	case slices.ContainsFunc(t.refusals, func(r refusal) bool { return r.fits(e) }):
		return Refused
	default:
		return Unknown
	}
}

func (r refusal) fits(e *Error) bool {
	return (r.code == "" || r.code == e.Code) &&
		(r.object == "" || r.object == e.Object) &&
		strings.Contains(e.Message, r.text) &&
		(!r.fields || namesFields(e.Object))
}

// namesFields reports whether a text is a JSON object of fields, each with a list
// of texts.
func namesFields(text string) bool {
	var fields map[string][]string
	return countValues([]byte(text)) <= maxValues && json.Unmarshal([]byte(text), &fields) == nil && len(fields) > 0
}
