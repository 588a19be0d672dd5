package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"zomrobot/chat"
	trialflow "zomrobot/conversation/trial"
	"zomrobot/trial"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// TestTrialOfASpoiltVendor: whatever the vendor calls its fields, lists and errors, and
// whatever is in them, while a trial reads and writes, none of it is in the report or the log.
func TestTrialOfASpoiltVendor(t *testing.T) {
	t.Parallel()
	const word = "kestrel"
	var on atomic.Pointer[spoilt]
	var vendor atomic.Pointer[sandbox.Sandbox]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s := on.Load(); s != nil {
			s.ServeHTTP(w, r)
			return
		}
		vendor.Load().ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Zomro.APIURL = server.URL })
	vendor.Store(w.vendor)
	w.login(anna)
	asks := func(source profile.Source) {
		w.tries(trialflow.Begin{})
		w.tries(trialflow.Run{Source: source})
	}
	for name, spoil := range spoilers {
		spoils := &spoilt{vendor: w.vendor, spoil: spoil, word: word, first: true}
		for _, source := range []profile.Source{profile.ByRead, profile.ByCart} {
			asks(source)
			on.Store(spoils)
			w.tries(trialflow.Consent{Source: source})
			w.pass(20 * time.Second)
			w.tries(trialflow.Begin{})
			w.tries(trialflow.Stop{Source: source})
			on.Store(nil)
			for range 20 {
				if w.stands().Running == nil {
					break
				}
				w.pass(30 * time.Second)
			}
			if run := w.stands().Running; run != nil {
				t.Fatalf("%s, %s: it does not end: %+v", name, source, run)
			}
		}
		var report strings.Builder
		made, err := w.program.Engine.TrialReport(t.Context(), chat.Key{Chat: anna, User: anna}, "")
		if err == nil {
			err = made.Write(&report)
		}
		if err != nil || !strings.Contains(report.String(), "Experiment "+string(profile.ByCart)) || made.Record.Done[profile.ByRead].How == trial.Done {
			t.Errorf("%s: no report of it: %v\n%s", name, err, report.String())
		}
		for line := range strings.Lines(report.String() + w.logs.String()) {
			if strings.Contains(strings.ToLower(line), word) {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}
