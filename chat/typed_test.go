package chat_test

import (
	"testing"
	"unicode/utf8"

	"zomrobot/chat"
)

// FuzzTyped: a text that was made plain stays as it is, and is text.
func FuzzTyped(f *testing.F) {
	for _, text := range []string{"", "web—1", "\ufeff“x”\u200b", "а\u0301 ё", "\xff\xfe", "\u00a0\u202f"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := chat.Typed(text)
		if again := chat.Typed(once); again != once {
			t.Errorf("%q becomes %q and then %q", text, once, again)
		}
		if !utf8.ValidString(once) {
			t.Errorf("%q becomes %q, which is no text", text, once)
		}
	})
}
