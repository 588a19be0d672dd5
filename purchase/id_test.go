package purchase_test

import (
	"testing"

	"pgregory.net/rapid"

	"zomrobot/purchase"
)

func TestIDRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var random [5]byte
		copy(random[:], rapid.SliceOfN(rapid.Byte(), 5, 5).Draw(t, "random"))
		id := purchase.NewID(random)
		if got, ok := purchase.ParseID(id); !ok || got != id {
			t.Fatalf("ParseID(%q) = %q, %v", id, got, ok)
		}
	})
}

func TestParseID(t *testing.T) {
	for typed, want := range map[string]string{
		"A7K-42":    "A7K-42",
		" a7k42 ":   "A7K-42",
		"o1l-i2":    "011-12",
		"А7К-42":    "A7K-42", // Cyrillic А and К
		"":          "",
		"A7K-4":     "",
		"A7K-422":   "",
		"A7-K42":    "",
		"A7U-42":    "",
		"A7K/42":    "",
		"ж7К-42":    "",
		"A7K-42 ok": "",
	} {
		if got, ok := purchase.ParseID(typed); got != want || ok != (want != "") {
			t.Errorf("ParseID(%q) = %q, %v; want %q", typed, got, ok, want)
		}
	}
}

func FuzzParseID(f *testing.F) {
	for _, seed := range []string{"A7K-42", "a7k42", "А7К-42", "ſ7K-42", "---------", "\xff7K-42"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		id, ok := purchase.ParseID(typed)
		if again, stays := purchase.ParseID(id); ok && (!stays || again != id) {
			t.Errorf("ParseID(%q) = %q, of which it makes %q", typed, id, again)
		}
	})
}
