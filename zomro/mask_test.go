package zomro

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMaskHidesEveryText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[!-~]{8,20}`).Draw(t, "secret")
		around := rapid.StringMatching(`[ъэ]{0,5}`)
		text := around.Draw(t, "before") + secret + around.Draw(t, "after")
		e := newMask(NewSecret(secret), NewSecret("user:"+secret)).hide(&Error{
			Object: text, Message: text, Params: map[string]string{text: text}, Err: errors.New(text),
		})
		if shown := fmt.Sprintf("%v %#v %v", e, e, e.Err); strings.Contains(shown, secret) {
			t.Fatal("the secret is shown")
		}
	})
}

func TestMaskKeepsCauses(t *testing.T) {
	cause := errors.New("refused")
	e := newMask(NewSecret("secret"), Secret{}).hide(&Error{Message: "plain", Err: fmt.Errorf("dial: %w", cause)})
	if !errors.Is(e, cause) || e.Message != "plain" || e.Params != nil {
		t.Errorf("got %#v", e)
	}
}
