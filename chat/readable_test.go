package chat

import (
	"strings"
	"testing"
)

// TestReadable: nothing in a name breaks the line that it stands in, or hides in it.
func TestReadable(t *testing.T) {
	for name, want := range map[string]string{
		"web-1":               "web-1",
		"a\nb\r\n\tc":         "a b c",
		"a\u2028b\u00a0c":     "a b c",
		"\u202egnp.1-bew":     "gnp.1-bew",
		"\u2066a\u2069":       "a",
		"a\u200bb\ufeffc":     "abc",
		"a\u3164":             "a",
		"\u200d\u200b":        "",
		"👨\u200d👩\u200d👧":     "👨\u200d👩\u200d👧",
		"e\u0301\u0301\u0301": "e\u0301\u0301",
	} {
		if got := Readable(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

// TestCut: no character is cut in two.
func TestCut(t *testing.T) {
	family, flag, letter := "👨\u200d👩\u200d👧", "🇳🇱", "e\u0301"
	for _, test := range []struct {
		text string
		most int
		want string
	}{
		{"web-1", 5, "web-1"},
		{"web-12", 5, "web-…"},
		{"", 5, ""},
		{strings.Repeat(family, 3), 3, strings.Repeat(family, 3)},
		{strings.Repeat(family, 4), 3, family + family + "…"},
		{strings.Repeat(flag, 4), 3, flag + flag + "…"},
		{strings.Repeat(letter, 4), 3, letter + letter + "…"},
	} {
		if got := Cut(test.text, test.most); got != test.want {
			t.Errorf("%q is cut to %q, want %q", test.text, got, test.want)
		}
	}
	if got := CutMiddle(strings.Repeat(flag, 3)+"web"+strings.Repeat(family, 3), 2, 2); got != flag+flag+"…"+family+family {
		t.Errorf("the middle is cut to %q", got)
	}
	if got := CutMiddle("aaaaa", 2, 3); got != "aaaaa" {
		t.Errorf("what fits is cut to %q", got)
	}
}

// TestReads is the table of names and of what is typed for them.
func TestReads(t *testing.T) {
	for _, test := range []struct {
		typed, name string
		want        bool
	}{
		{"web-1", "web-1", true},
		{"web-2", "web-1", false},
		{"Web-1", "web-1", false},
		{"a b", "a\nb", true},
		{"a b", "a  b", true},
		{"ab", "a b", false},
		{"gnp.1-bew", "\u202egnp.1-bew", true},
		{"ab", "a\u200bb", true},
		{"it's", "it’s", true},
	} {
		if got := Reads(test.typed, test.name); got != test.want {
			t.Errorf("%q for %q: %v", test.typed, test.name, got)
		}
	}
}

// TestWidth: an emoji is two letters wide, also as one of several characters; what is narrow
// is half a letter.
func TestWidth(t *testing.T) {
	for text, want := range map[string]int{
		"":                0,
		"web":             6,
		"ёж":              4,
		"e\u0301":         2,
		"10:00":           9,
		"a b":             5,
		"💾":               4,
		"▶\ufe0f":         4,
		"🇳🇱":              4,
		"👨\u200d👩\u200d👧": 4,
	} {
		if got := Width(text); got != want {
			t.Errorf("%q is %d wide, want %d", text, got, want)
		}
	}
}
