package conversation

import (
	"fmt"
	"io"
	"strings"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// The rules for a root password: those of the vendor's cabinet, which are the
// stricter ones [F].
const (
	passwordLeast = 8
	passwordMost  = 48
	signsRefused  = "\"#%&'()*;<>?@|"
	signsChanged  = "“”„«»‘’–—…" // what a phone turns quotes, hyphens and dots into by itself
)

// examplePassword is the one that the chat shows: everybody knows it.
const examplePassword = "Sunny-Day-2031"

// CheckPassword returns what is wrong with a root password; nil: nothing. The
// phrase never repeats the password.
func CheckPassword(text string) *chat.Phrase {
	var lower, upper, digit, foreign, refused bool
	for _, r := range text {
		switch {
		case r <= ' ' || r > '~':
			foreign = true
		case strings.ContainsRune(signsRefused, r):
			refused = true
		case 'a' <= r && r <= 'z':
			lower = true
		case 'A' <= r && r <= 'Z':
			upper = true
		case '0' <= r && r <= '9':
			digit = true
		}
	}
	var wrong chat.Phrase
	switch {
	case strings.EqualFold(text, examplePassword):
		wrong = chat.Say("wrong.password_example")
	case strings.ContainsAny(text, signsChanged):
		wrong = chat.Say("wrong.password_changed")
	case foreign:
		wrong = chat.Say("wrong.password_foreign")
	case refused:
		wrong = chat.Say("wrong.password_signs", "Signs", signsRefused)
	case len(text) < passwordLeast || len(text) > passwordMost:
		wrong = chat.Say("wrong.password_length", "Min", passwordLeast, "Max", passwordMost)
	case !lower:
		wrong = chat.Say("wrong.password_lower")
	case !upper:
		wrong = chat.Say("wrong.password_upper")
	case !digit:
		wrong = chat.Say("wrong.password_digit")
	default:
		return nil
	}
	return &wrong
}

// MakePasswordFrom makes a root password that satisfies [CheckPassword] from
// random, which is crypto/rand's Reader outside of tests. It panics when
// random fails, as crypto/rand's own functions do.
func MakePasswordFrom(random io.Reader) zomro.Secret {
	// Letters and digits that are not mistaken for each other.
	const signs = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789-_"
	const length = 20
	for {
		text := make([]byte, length)
		for i := range text {
			text[i] = signs[pick(random, len(signs))]
		}
		if CheckPassword(string(text)) == nil {
			return zomro.NewSecret(string(text))
		}
	}
}

// pick returns a number below n, each as likely as the others.
func pick(random io.Reader, n int) int {
	var b [1]byte
	for {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			panic(fmt.Sprintf("conversation: no randomness for a password: %v", err))
		}
		if limit := 256 - 256%n; int(b[0]) < limit {
			return int(b[0]) % n
		}
	}
}

// PasswordScreen shows a password that the bot made, once, below what it is for.
func PasswordScreen(what chat.Phrase, password zomro.Secret) chat.Screen {
	return chat.Screen{
		Lines: []chat.Phrase{
			what,
			chat.Say("password.text", "Password", chat.Arg{Hidden: password.Reveal()}),
			chat.Say("password.save"),
		},
		Rows: [][]chat.Button{{DeleteButton()}},
	}
}
