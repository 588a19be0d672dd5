package home_test

import (
	"slices"
	"testing"
	"time"

	"zomrobot/conversation/home"
)

// TestHealthSaysWhatIsWrong: each thing that is wrong has its line, and nothing else has.
func TestHealthSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		health home.Health
		want   []string // beside the title and the lines that are always there
	}{
		"nothing was asked":   {home.Health{Free: -1}, []string{"health.hears", "health.vendor_unasked", "health.outbox_empty"}},
		"well":                {home.Health{Asked: true, Answers: true, Answered: time.Second, Size: 1, Free: 1}, []string{"health.hears", "health.vendor", "health.outbox_empty", "health.store"}},
		"no size of the disk": {home.Health{Size: 1, Free: -1}, []string{"health.hears", "health.vendor_unasked", "health.outbox_empty", "health.store_size"}},
		"never an answer":     {home.Health{Asked: true, Free: -1}, []string{"health.hears", "health.vendor_never", "health.outbox_empty"}},
		"all at once": {
			home.Health{
				Deaf: true, Unsaid: 1, Asked: true, Answered: time.Hour, Open: 3, Unknown: 1, Waiting: 1, Held: 1, Damaged: 1, Stopped: true,
				Outbox: 1, Size: 1, Full: true,
			},
			[]string{
				"health.deaf", "health.unsaid", "health.vendor_silent", "health.unknown", "health.waiting", "health.damaged", "health.stopped", "health.held",
				"health.outbox", "health.store", "health.full",
			},
		},
	} {
		var said []string
		for _, line := range test.health.Screen().Lines {
			if line.Key != "" && line.Key != "health.title" && line.Key != "health.open" {
				said = append(said, line.Key)
			}
		}
		if !slices.Equal(said, test.want) {
			t.Errorf("%s: says %q, want %q", name, said, test.want)
		}
	}
}
