package purchase_test

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"zomrobot/purchase"
)

// TestNewID: an id has one form, whatever it is made of, without letters that are taken
// for digits.
func TestNewID(t *testing.T) {
	form := regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{2}$`)
	rapid.Check(t, func(t *rapid.T) {
		var random [5]byte
		copy(random[:], rapid.SliceOfN(rapid.Byte(), 5, 5).Draw(t, "random"))
		if id := purchase.NewID(random); !form.MatchString(id) {
			t.Fatalf("the id of %v is %q", random, id)
		}
	})
	if one, other := purchase.NewID([5]byte{1}), purchase.NewID([5]byte{2}); one == other {
		t.Errorf("both are %s", one)
	}
}
