package zomro

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Kind says what an error means for the caller: what may have happened at the
// vendor, and what can be done.
type Kind string

// That a writing call did nothing is believed only where the documents show it:
// each call names those answers. Every other error that it is answered with is
// [Unknown], whatever it says.
const (
	// Denied says that the session or the login is not accepted (types auth and
	// access), or this address is blocked (HTTP 403, 460 [F]). Nothing was done. A
	// call that spends, or that puts something into the cart, is Denied only by
	// this client, with [CodeNoSession].
	Denied Kind = "denied"
	// Refused says that the vendor read the request and said no: for a reading call
	// any error, for a writing call one that is documented for it. Nothing was done.
	Refused Kind = "refused"
	// Transient says that a reading call got no answer, or a writing call certainly
	// never left this machine. Nothing was done; it may be tried again.
	Transient Kind = "transient"
	// Unreadable says that a reading call was answered with something that cannot be
	// understood. Nothing was done; trying again is not likely to help.
	Unreadable Kind = "unreadable"
	// Unknown says that a writing call was sent and its outcome is not known, with
	// whatever the vendor said of it. It must not be repeated without evidence.
	Unknown Kind = "unknown"
)

// Codes of [Error] that do not come from doc.error.$type.
const (
	CodeBlockedAddress = "blocked_address" // HTTP 403 or 460 [F]
	CodeSecondFactor   = "totp"            // whoami asks for totp.confirm [F]
	CodeNoSession      = "no_session"      // Denied: the call was given no session; nothing was sent
	CodeInvalid        = "invalid"         // Refused: the call cannot be sent as it is, Object names the field; nothing was sent
)

// Codes of [Error] for what the vendor says in English words alone, whatever language is
// asked for [F]. Refused: nothing was done.
const (
	CodeKeyTaken = "key_taken" // another SSH key has the name
	CodeKeyBad   = "key_bad"   // it is no SSH key
)

// ObjectAtWork is doc.error.$object when something else is being done with a server [F].
const ObjectAtWork = "runningoperation"

// Codes of [Error] from doc.error.$type that callers tell apart.
const (
	CodeAuth         = "auth"              // not signed in: a failed login, or a lost session [C][g]
	CodeAccess       = "access"            // see [Client.KeepAlive]: no rights, or a lost session [F]
	CodeMissed       = "missed"            // no such thing: an unknown promo code, an unknown function [F][g]
	CodePromoNotUsed = "promocode_not_use" // a promo code that does not apply; Params[""] is the code [F]
)

// Error is what every call of [Client] returns when it fails. It never holds a
// credential.
type Error struct {
	Op      string            // the function called: "cartorder.create.confirm"
	Kind    Kind              //
	Code    string            // doc.error.$type, or one of the Code constants; may be empty
	Object  string            // doc.error.$object; may be empty
	Message string            // doc.error.msg, in the language asked for; may be empty
	Params  map[string]string // doc.error.param by $name; a nameless one is under ""
	Status  int               // the HTTP status, 0: no answer
	Err     error             // the cause; may be nil

	// Unsent says that the call, or the last attempt of a reading one, certainly
	// never left this machine.
	Unsent bool
}

func (e *Error) Error() string {
	text := fmt.Sprintf("zomro %s: %s", e.Op, e.Kind)
	if e.Code != "" {
		text += " " + e.Code
	}
	if e.Object != "" {
		text += " (" + e.Object + ")"
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of an error returned by [Client]; "" for nil and for
// foreign errors.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// FieldError says which field of a request cannot be sent, and why. It is the
// cause of an [Error] with [CodeInvalid]. It never quotes the value.
type FieldError struct {
	Field  string // by the vendor's name: "order_count"
	Reason string // "is not between 1 and 35"
}

func (e *FieldError) Error() string { return e.Field + " " + e.Reason }

// invalid returns the error of a call that is not sent because of a field.
func invalid(op string, cause error) *Error {
	e := &Error{Op: op, Kind: Refused, Code: CodeInvalid, Err: cause, Unsent: true}
	var field *FieldError
	if errors.As(cause, &field) {
		e.Object = field.Field
	}
	return e
}

// unreadable returns the error of a reading call whose answer is a document
// that cannot be understood. cause must not quote the answer.
func unreadable(op string, cause error) *Error {
	return &Error{Op: op, Kind: Unreadable, Status: http.StatusOK, Err: cause}
}

// parseError reads doc.error and reports whether there is one. The error has
// the kind that fits a reading call.
func parseError(op string, doc node) (*Error, bool) {
	found := doc.at("error")
	if !found.exists() {
		return nil, false
	}
	e := &Error{Op: op, Kind: Refused, Message: message(found.at("msg"))}
	e.Code, _ = found.at("$type").scalar()
	e.Object, _ = found.at("$object").scalar()
	if text, ok := found.value.(string); ok && e.Message == "" {
		e.Message = clean(text)
	}
	for _, param := range found.at("param").rows() {
		if e.Params == nil {
			e.Params = map[string]string{}
		}
		e.Params[param.at("$name").text()] = param.text()
	}
	switch {
	case e.Code == CodeAuth || e.Code == CodeAccess:
		e.Kind = Denied
	case e.Code == "" && e.Object == "" && e.Message == "":
		e.Kind, e.Err = Unreadable, errors.New("an error without a word about it")
	case isFault(e):
		e.Kind = Transient
	}
	return e, true
}

// message reads error.msg: an object, a plain string, a list of either [F], or
// a JSON document {"msg":…} within the text [F].
func message(msg node) string {
	text := msg.text()
	if !strings.HasPrefix(text, "{") || countValues([]byte(text)) > maxValues {
		return text
	}
	var inner map[string]any
	if err := json.Unmarshal([]byte(text), &inner); err != nil {
		return text
	}
	if within := (node{inner}).at("msg").text(); within != "" {
		return within
	}
	return text
}

// faults are the types by which BILLmanager reports trouble of its own [i]. The
// request was not judged, and for a writing call nothing says how far it got.
var faults = map[string]bool{
	"connect": true, "db": true, "exception": true, "exec": true, "internal": true, "timeout": true, "unknown": true,
}

// stillRunning are the texts of a request that goes on behind the answer [F].
var stillRunning = []string{"request in process, please wait", "ваш запрос обрабатывается"}

// isFault reports whether an error does not answer the request: the request failed
// inside the vendor's machinery or is still being carried out.
func isFault(e *Error) bool {
	text := strings.ToLower(e.Message)
	return faults[e.Code] || slices.ContainsFunc(stillRunning, func(part string) bool {
		return strings.Contains(text, part)
	})
}
