package conversation_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zomrobot/conversation"
)

func TestCheckPassword(t *testing.T) {
	for text, want := range map[string]string{
		goodPassword:                       "",
		"Aa345678":                         "",
		strings.Repeat("Aa1-", 12):         "",
		"Aa34567":                          "wrong.password_length",
		strings.Repeat("Aa1-", 12) + "x":   "wrong.password_length",
		"":                                 "wrong.password_length",
		"AA345678":                         "wrong.password_lower",
		"aa345678":                         "wrong.password_upper",
		"Aabcdefgh":                        "wrong.password_digit",
		"Aa34 5678":                        "wrong.password_foreign",
		"Aa345678\n":                       "wrong.password_foreign",
		"Пароль12345":                      "wrong.password_foreign",
		"Aa345678\x7f":                     "wrong.password_foreign",
		"Aa345678!$+,-./:=[]^_`{}~\\Zz019": "",
	} {
		got := ""
		if wrong := conversation.CheckPassword(text); wrong != nil {
			got = wrong.Key
			checkPhrase(t, *wrong)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, sign := range "\"#%&'()*;<>?@|" {
		if wrong := conversation.CheckPassword("Aa345678" + string(sign)); wrong == nil || wrong.Key != "wrong.password_signs" {
			t.Errorf("%q was taken", sign)
		}
	}
}

func TestMadePasswordsAreGood(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Bytes that are not random at all must do too, as long as they vary.
		bytes := rapid.SliceOfN(rapid.Byte(), 64, 64).Draw(t, "bytes")
		password := conversation.MakePasswordFrom(&cycle{append(bytes, 0, 30, 50, 100)}).Reveal()
		if wrong := conversation.CheckPassword(password); wrong != nil {
			t.Fatalf("%q: %s", password, wrong.Key)
		}
	})
	one, two := conversation.MakePasswordFrom(rand.Reader), conversation.MakePasswordFrom(rand.Reader)
	if one.Reveal() == two.Reveal() || len(one.Reveal()) < 16 {
		t.Error("passwords that can be guessed")
	}
}

// cycle repeats its bytes, each time shifted, so that it is no trap.
type cycle struct{ bytes []byte }

func (c *cycle) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = c.bytes[0]
		c.bytes = append(c.bytes[1:], c.bytes[0]+37)
	}
	return len(p), nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("no randomness") }

func TestNoPasswordWithoutRandomness(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a password was made of nothing")
		}
	}()
	conversation.MakePasswordFrom(broken{})
}
