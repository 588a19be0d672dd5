package logs_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"zomrobot/logs"
)

// TestHandler: a line has what its context says, each once; what is nearer counts.
func TestHandler(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := slog.New(logs.Handler(slog.NewTextHandler(&out, nil)))
	far := logs.With(t.Context(), slog.Int(logs.Update, 7), slog.String(logs.Dialogue, "1/0/1"))
	near := logs.With(far, slog.String(logs.Dialogue, "2/0/2"), slog.String(logs.Purchase, "AAA-01"))
	log.InfoContext(t.Context(), "nothing")
	log.InfoContext(far, "far")
	log.InfoContext(near, "near", logs.Purchase, "BBB-02")
	log.With("by", "with").InfoContext(logs.With(t.Context(), logs.About(near)...), "beside")
	want := []string{
		`msg=nothing`,
		`msg=far update=7 dialogue=1/0/1`,
		`msg=near purchase=BBB-02 update=7 dialogue=2/0/2`,
		`msg=beside by=with update=7 dialogue=2/0/2 purchase=AAA-01`,
	}
	for i, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		if _, got, _ := strings.Cut(line, "level=INFO "); got != want[i] {
			t.Errorf("%q, want %q", got, want[i])
		}
	}
}
