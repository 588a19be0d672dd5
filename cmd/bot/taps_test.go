package main

import (
	"os"
	"strings"
	"testing"
)

// TestTapsToAnOrder counts the taps from /order until the order is confirmed, in the
// dialogues of a first order and of the same one again.
func TestTapsToAnOrder(t *testing.T) {
	t.Parallel()
	for name, most := range map[string][]int{"order-quick": {4}, "order-again": {4, 2}} {
		for lang, confirm := range map[string]string{"en": "✅ Order for", "ru": "✅ Заказать за"} {
			text, err := os.ReadFile("testdata/dialogues/" + name + "." + lang + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			steps := strings.Split(string(text), "\n")
			taps, order := 0, 0
			for i := 0; i+2 < len(steps) && order < len(most); i++ {
				switch {
				case steps[i+2] != "----":
				case steps[i] == "say" && steps[i+1] == "/order":
					taps = 0
				case steps[i] == "tap":
					taps++
				}
				if steps[i] != "tap" || !strings.HasPrefix(steps[i+1], confirm) {
					continue
				}
				t.Logf("%s.%s: order %d took %d taps", name, lang, order+1, taps)
				if taps < 2 || taps > most[order] {
					t.Errorf("%s.%s: order %d took %d taps, at most %d are wanted", name, lang, order+1, taps, most[order])
				}
				order++
			}
			if order < len(most) {
				t.Errorf("%s.%s has %d orders", name, lang, order)
			}
		}
	}
}
