package zomro

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func TestPause(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		attempt := rapid.IntRange(1, maxAttempts).Draw(t, "attempt")
		asked := time.Duration(rapid.Int64Range(0, int64(longestPause)).Draw(t, "asked"))
		whole := firstPause << (attempt - 1)
		if got := pause(attempt, asked); got < whole/2 || got < asked || got > max(whole, asked) {
			t.Fatalf("attempt %d, asked %v: pause %v", attempt, asked, got)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"":                              0,
		"0":                             0,
		"7":                             7 * time.Second,
		"-7":                            0,
		"7.5":                           0,
		"soon":                          0,
		"99999999999999999999":          longestPause + 1,
		"Mon, 23 Nov 2026 12:00:09 GMT": 9 * time.Second,
		"Mon, 23 Nov 2026 11:00:00 GMT": 0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		if err := sleep(t.Context(), time.Hour); err != nil || time.Since(started) != time.Hour {
			t.Errorf("slept %v, %v", time.Since(started), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		started = time.Now()
		if err := sleep(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) || time.Since(started) != time.Minute {
			t.Errorf("slept %v, %v", time.Since(started), err)
		}
	})
}
