package zomro_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zomrobot/zomro"
)

// TestTrace: a secret is recognised that is kept nowhere, in each of its spellings and
// anywhere in a text.
func TestTrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[A-Za-z0-9!&<%+/ ]{8,40}`).Draw(t, "secret")
		around := rapid.StringMatching(`[а-яa-z .,:"]{0,40}`)
		kept, err := json.Marshal(zomro.NewTrace(zomro.NewSecret(secret)))
		if err != nil || strings.Contains(string(kept), secret) {
			t.Fatalf("%s (%v)", kept, err)
		}
		var trace zomro.Trace
		if err := json.Unmarshal(kept, &trace); err != nil {
			t.Fatal(err)
		}
		before, after := around.Draw(t, "before"), around.Draw(t, "after")
		for _, spelling := range []string{
			secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(html.EscapeString(secret)),
			base64.StdEncoding.EncodeToString([]byte(secret)), hex.EncodeToString([]byte(secret)),
		} {
			if is, want := trace.Hide(before+spelling+after+spelling), before+"[redacted]"+after+"[redacted]"; is != want {
				t.Fatalf("%q, want %q", is, want)
			}
		}
		if is := (zomro.Trace{}).Hide(before); is != before {
			t.Fatalf("%q became %q", before, is)
		}
	})
}
