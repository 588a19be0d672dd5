package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestManagerIsToldHowTheBotIs: the built program tells systemd's socket that it is ready
// once updates come, in words how it is, that it is alive, and that it stops.
func TestManagerIsToldHowTheBotIs(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Net: "unixgram", Name: filepath.Join(storeDir(t), "notify")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = socket.Close() }()
	told := func() string {
		message := make([]byte, 4096)
		_ = socket.SetReadDeadline(time.Now().Add(time.Minute))
		n, err := socket.Read(message)
		if err != nil {
			t.Fatalf("nothing more is told: %v", err)
		}
		return string(message[:n])
	}
	p.env = append(p.env, "NOTIFY_SOCKET="+socket.LocalAddr().String(), "WATCHDOG_USEC=900000")
	p.start()
	for _, want := range []string{
		"STATUS=opens the store and takes up what was left",
		"STATUS=asks Telegram who the bot is",
		"READY=1\nWATCHDOG=1\nSTATUS=takes updates",
		"WATCHDOG=1\nSTATUS=takes updates",
		"WATCHDOG=1\nSTATUS=takes updates",
	} {
		if got := told(); got != want {
			t.Fatalf("the manager is told %q, want %q", got, want)
		}
	}
	p.polled()
	p.stop()
	for {
		switch got := told(); got {
		case "STOPPING=1\nSTATUS=finishes what is under way":
			return
		case "WATCHDOG=1\nSTATUS=takes updates":
		default:
			t.Fatalf("at the stop the manager is told %q", got)
		}
	}
}

// TestManagerHearsOfNoLife: no sign of life is given once a loop that keeps the bot going
// has stopped, and it is given whatever the network and the disk do, which a new start
// would not mend.
func TestManagerHearsOfNoLife(t *testing.T) {
	t.Parallel()
	type state struct {
		heard, swept time.Duration // ago
		deaf, write  error
		hangs        bool
	}
	const limit = 30 * time.Second
	for name, c := range map[string]struct {
		state
		alive bool
		words string
	}{
		"well":                         {alive: true, words: "takes updates"},
		"a poll that lasts":            {state: state{heard: time.Minute}, alive: true, words: "takes updates"},
		"Telegram is not reached":      {state: state{deaf: errors.New("no route\nWATCHDOG=trigger")}, alive: true, words: "does not hear Telegram: no route WATCHDOG=trigger"},
		"the disk is full":             {state: state{write: errors.New("full")}, alive: true, words: "the store cannot be written: full"},
		"the store hangs":              {state: state{hangs: true}},
		"listening is stuck":           {state: state{heard: time.Hour}, words: "is stuck: nothing comes of listening"},
		"looking at what is due, too":  {state: state{swept: time.Hour}, words: "is stuck: nobody looks at what is due"},
		"stuck says more than refused": {state: state{swept: time.Hour, deaf: errors.New("refused")}, words: "is stuck: "},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				var told []string
				m := manager{tell: func(state string) { told = append(told, state) }, expects: limit}
				ago := func(d time.Duration) time.Time { return time.Now().Add(-d) }
				done := make(chan struct{})
				go func() {
					defer close(done)
					m.watch(ctx, vitals{
						heard: func() (time.Time, error) { return ago(c.heard), c.deaf },
						swept: func() time.Time { return ago(c.swept) },
						write: func(ctx context.Context) error {
							if c.hangs {
								<-ctx.Done()
							}
							return c.write
						},
					}, slog.New(slog.DiscardHandler))
				}()
				time.Sleep(10 * limit) // of the bubble
				stop()
				<-done
				signs := 0
				for _, state := range told {
					lines := strings.Split(state, "\n")
					if slices.Contains(lines, "WATCHDOG=1") {
						signs++
					}
					if len(lines) > 1 && !strings.HasPrefix(lines[len(lines)-1], "STATUS="+c.words) {
						t.Errorf("the manager is told %q, want %q", state, c.words)
					}
				}
				if c.alive && signs < 20 || !c.alive && signs > 0 {
					t.Errorf("%d signs of life:\n%s", signs, strings.Join(told, "\n--\n"))
				}
			})
		})
	}
	manager{}.watch(t.Context(), vitals{}, nil) // where nobody wants to know
}
