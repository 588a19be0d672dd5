package telegram

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"
)

// redacted is what every way of printing a Token shows.
const redacted = "[redacted]"

// Token is a text whose holder can act as the bot, or as Telegram towards the
// bot. Printing, logging and marshalling it shows "[redacted]". The zero value
// is no token.
type Token struct{ text string }

// NewToken returns text as a Token.
func NewToken(text string) Token { return Token{text: text} }

// Bot is Telegram's id of the bot whose token it is, which is no secret; 0: it is none.
func (t Token) Bot() int64 {
	id, _, _ := strings.Cut(t.text, ":")
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Formed reports whether it has the form of a token, as 123456:ABC.
func (t Token) Formed() bool { return tokenForm.MatchString(t.text) && t.Bot() != 0 }

// IsZero reports whether there is no token.
func (t Token) IsZero() bool { return t.text == "" }

// String returns "[redacted]".
func (t Token) String() string { return redacted }

// Format prints "[redacted]" whatever the verb is.
func (t Token) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue logs "[redacted]".
func (t Token) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "[redacted]".
func (t Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }
