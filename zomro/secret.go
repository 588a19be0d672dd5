package zomro

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"
)

// redacted is what every way of printing a Secret shows.
const redacted = "[redacted]"

// Secret is a text that must not be shown: a password, a session id. Printing,
// logging and marshalling it shows "[redacted]"; only [Secret.Reveal] returns
// the text. The zero value is an empty secret.
type Secret struct{ text string }

// NewSecret returns text as a Secret.
func NewSecret(text string) Secret { return Secret{text: text} }

// Reveal returns the text itself, for the place that sends or seals it.
func (s Secret) Reveal() string { return s.text }

// IsZero reports whether the secret is empty.
func (s Secret) IsZero() bool { return s.text == "" }

// String returns "[redacted]".
func (s Secret) String() string { return redacted }

// Format prints "[redacted]" whatever the verb is.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue logs "[redacted]".
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "[redacted]": a secret is never part of a document. What
// must be kept is sealed by the storage, from Reveal.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// sessionForm is that of a session's id as the vendor prints it [A].
var sessionForm = regexp.MustCompile(`^[0-9a-f]{24}$`)

// LooksLikeSession reports whether a text consists only of what may be a session's
// id. Passwords have no form to recognise them by.
func LooksLikeSession(text string) bool { return sessionForm.MatchString(strings.TrimSpace(text)) }
