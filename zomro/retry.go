package zomro

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	maxAttempts   = 4                      // of a reading call, the first included
	firstPause    = 400 * time.Millisecond // doubled after each attempt
	longestPause  = 10 * time.Second       // a longer Retry-After ends the call
	attemptsBound = 3                      // of a reading call in all, in read timeouts
)

// pause returns how long to wait after the attempt, counted from 1: between a
// half and the whole of the doubled pause, so that clients do not come back
// together, and not less than the vendor asked for.
func pause(attempt int, asked time.Duration) time.Duration {
	whole := min(firstPause<<(attempt-1), longestPause)
	jittered := whole/2 + rand.N(whole/2+1) //nolint:gosec // spreads load, keeps no secret
	return max(jittered, asked)
}

// retryAfter reads the Retry-After header: seconds, or a date. 0 for none.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	if isNumber(text) {
		seconds, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return longestPause + 1
		}
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

// sleep waits, or returns the context's error when that comes first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
