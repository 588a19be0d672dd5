package zomro

import (
	"errors"
	"fmt"
)

// Kind says what an error means for the caller: what may have happened at the
// vendor, and what can be done.
type Kind string

const (
	// Denied: the session or the login is not accepted (types auth and
	// access), or this address is blocked (HTTP 403, 460 [F]). Nothing was done.
	Denied Kind = "denied"
	// Refused: the vendor read the request and said no. Nothing was done.
	Refused Kind = "refused"
	// Transient: a reading call got no answer, or a writing call certainly
	// never left this machine. Nothing was done; it may be tried again.
	Transient Kind = "transient"
	// Unreadable: a reading call was answered with something that cannot be
	// understood. Nothing was done; trying again is not likely to help.
	Unreadable Kind = "unreadable"
	// Unknown: a writing call was sent and its outcome is not known. It must
	// not be repeated without evidence.
	Unknown Kind = "unknown"
)

// Codes of [Error] that do not come from doc.error.$type.
const (
	CodeBlockedAddress = "blocked_address" // HTTP 403 or 460 [F]
	CodeSecondFactor   = "totp"            // whoami asks for totp.confirm [F]
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
