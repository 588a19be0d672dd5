package telegram

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-telegram/bot"
)

// carried answers requests without a network.
type carried func(*http.Request) (*http.Response, error)

func (c carried) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }

// TestObserverHearsOfCalls: of each call its method and what it came to, and neither the
// token nor the chat.
func TestObserverHearsOfCalls(t *testing.T) {
	t.Parallel()
	var told []string
	o := Observer{Called: func(method string, result Result, _ time.Duration) { told = append(told, method+" "+string(result)) }}
	for _, status := range []int{200, 400, 401, 403, 404, 409, 429, 502, 0} {
		h := &http.Client{Transport: carried(func(*http.Request) (*http.Response, error) {
			if status == 0 {
				return nil, errors.New("no network")
			}
			return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader("{}")), Header: http.Header{}}, nil
		})}
		c := caller{client: h, wire: wire{slog.New(slog.DiscardHandler), o}, url: "https://api.telegram.org/bot123:SECRET/"}
		_ = c.call(t.Context(), "sendMessage", map[string]int64{"chat_id": 7}, nil) // the answers say nothing
	}
	var want []string
	for _, result := range []Result{
		ResultDone, ResultRefused, ResultToken, ResultRefused, ResultToken, ResultConflict, ResultTooMany, ResultUncertain, ResultUnsent,
	} {
		want = append(want, "sendMessage "+string(result))
	}
	if !slices.Equal(told, want) {
		t.Errorf("told of %q, want %q", told, want)
	}
}

// TestObserverHearsOfWaits: of the time that Telegram has asked for.
func TestObserverHearsOfWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var waited time.Duration
		p := newPacer()
		p.observe.Waited = func(d time.Duration) { waited += d }
		calls := 0
		err := p.do(t.Context(), 7, newMessage, false, func() error {
			if calls++; calls == 1 {
				return &bot.TooManyRequestsError{RetryAfter: 20}
			}
			return nil
		})
		if err != nil || calls != 2 || waited < 20*time.Second || waited > 21*time.Second {
			t.Errorf("%d calls, waited %s: %v", calls, waited, err)
		}
	})
}
