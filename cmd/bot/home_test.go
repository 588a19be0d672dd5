package main

import (
	"regexp"
	"strings"
	"testing"

	"zomrobot/zomro/sandbox"
)

// The examples in the help that a person has just been sent.
var (
	exampleOf   = regexp.MustCompile(`/order [a-z_]+=.*`)
	inWordsOfIt = regexp.MustCompile(`/order \d.*`)
)

// TestHelpGivesAnExampleThatIsTaken: what the help shows can be sent as it stands, before
// the price list of the vendor is known and after.
func TestHelpGivesAnExampleThatIsTaken(t *testing.T) {
	t.Parallel()
	for _, person := range []int64{anna, boris} {
		w := newWorld(t, sandbox.Config{})
		w.login(person)
		taken := func(parts ...string) {
			t.Helper()
			w.say(person, "/help")
			m, _ := w.chats.Last(person)
			w.say(person, exampleOf.FindString(m.Text))
			m, _ = w.chats.Last(person)
			for _, part := range append(parts, "web-1") {
				if !strings.Contains(m.Text, part) {
					t.Errorf("the card after the example has no %q:\n%s", part, m.Text)
				}
			}
			for _, name := range []string{"pricelist", "datacenter", "order_period", "servername", "order_count"} {
				if strings.Contains(m.Text, name) {
					t.Errorf("%s is not taken:\n%s", name, m.Text)
				}
			}
		}
		taken()
		taken("Acorn AMD", "Netherlands")
		w.say(person, "/help")
		m, _ := w.chats.Last(person)
		w.say(person, inWordsOfIt.FindString(m.Text))
		m, _ = w.chats.Last(person)
		for _, part := range []string{"Cedar AMD", "Netherlands-3", "Ubuntu 24.04", map[int64]string{anna: "Period: month\n", boris: "Период: месяц\n"}[person]} {
			if !strings.Contains(m.Text, part) {
				t.Errorf("the card after the example in words has no %q:\n%s", part, m.Text)
			}
		}
		if strings.ContainsAny(m.Text, "❓❗") {
			t.Errorf("not all of the example is understood:\n%s", m.Text)
		}
	}
}
