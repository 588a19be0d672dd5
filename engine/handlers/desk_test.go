package handlers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"zomrobot/chat"
	"zomrobot/storage"
)

// TestStopIsNoFault: what fails because the bot stops, or leads no more, is no fault of our own
// in the log; anything else is.
func TestStopIsNoFault(t *testing.T) {
	t.Parallel()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, c := range map[string]struct {
		ctx   context.Context
		err   error
		fault bool
	}{
		"stopped":   {stopped, context.Canceled, false},
		"overtaken": {t.Context(), fmt.Errorf("read: %w", storage.ErrLost), false},
		"closed":    {t.Context(), storage.ErrClosed, false},
		"a fault":   {t.Context(), errors.New("broken"), true},
	} {
		var log strings.Builder
		d := &Desk{Log: slog.New(slog.NewTextHandler(&log, nil))}
		if p := d.Problem(c.ctx, "a test", chat.Key{Chat: 1, User: 1}, c.err); p == nil {
			t.Errorf("%s: no problem is told", name)
		}
		if told := strings.Contains(log.String(), "level=ERROR"); told != c.fault {
			t.Errorf("%s: told as a fault of our own: %v, want %v\n%s", name, told, c.fault, log.String())
		}
	}
}
