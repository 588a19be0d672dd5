package logs_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"zomrobot/logs"
)

// TestHandler: a line has what its context says, each once; what is nearer counts.
func TestHandler(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := slog.New(logs.Handler(slog.NewTextHandler(&out, nil), nil))
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

// TestWhatFollows: an error that follows from what was said is no warning, also within another.
func TestWhatFollows(t *testing.T) {
	t.Parallel()
	over, other := errors.New("over"), errors.New("other")
	for level, want := range map[slog.Level]string{
		slog.LevelDebug: "DEBUG said, WARN failed, DEBUG failed, DEBUG failed, INFO said",
		slog.LevelInfo:  "WARN failed, INFO said",
	} {
		var out bytes.Buffer
		text := slog.NewTextHandler(&out, &slog.HandlerOptions{Level: level})
		log := slog.New(logs.Handler(text, func(err error) bool { return errors.Is(err, over) })).With("by", "with").WithGroup("g")
		log.Debug("said", "error", other)
		log.Warn("failed", "error", other)
		log.Warn("failed", "error", over)
		log.Error("failed", "pause", time.Second, "error", fmt.Errorf("read: %w", over))
		log.Info("said", "error", over)
		var got []string
		for line := range strings.Lines(out.String()) {
			_, line, _ = strings.Cut(line, "level=")
			line = strings.Replace(line, " msg=", " ", 1)
			got = append(got, strings.Join(strings.Fields(line)[:2], " "))
		}
		if is := strings.Join(got, ", "); is != want {
			t.Errorf("from %s on it has %q, want %q", level, is, want)
		}
	}
}
