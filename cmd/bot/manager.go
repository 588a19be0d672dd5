package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/coreos/go-systemd/v22/daemon"
)

// manager is the service manager that runs the bot, systemd where the unit says
// Type=notify. It is told when the bot is ready, in words how it is, and that it is
// alive; else it ends the bot and starts it again. The zero manager is nobody.
type manager struct {
	tell    func(state string) // in the words of sd_notify(3); nil: nobody wants to know
	expects time.Duration      // a sign of life at least so often; 0: none
}

// stuckAfter is how long one of the loops that keep the bot going may do the same before
// it counts as stuck. A poll takes 45 seconds at the most.
const stuckAfter = 5 * time.Minute

// findManager returns the manager that the environment names.
func findManager(log *slog.Logger) manager {
	if os.Getenv("NOTIFY_SOCKET") == "" {
		return manager{}
	}
	expects, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		log.Warn("how often the service manager expects a sign of life cannot be read", "error", err)
	}
	tell := func(state string) {
		if _, err := daemon.SdNotify(false, state); err != nil {
			log.Warn("the service manager cannot be told how the bot is", "error", err)
		}
	}
	return manager{tell, expects}
}

// vitals are what shows whether the bot is alive.
type vitals struct {
	heard func() (time.Time, error)       // when something last came of listening to Telegram, see telegram.Bot.Pulse
	swept func() time.Time                // when what is due was last looked at, see engine.Engine.Pulse
	write func(ctx context.Context) error // writes to the store
}

// say tells the manager in words how the bot is, beside other lines.
func (m manager) say(words string, lines ...string) {
	if m.tell == nil {
		return
	}
	// An error can quote what somebody else has sent: it must not become a line of its own.
	words = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, words)
	m.tell(strings.Join(append(lines, "STATUS="+words), "\n"))
}

// waits tells the manager, until ctx ends, that the bot is ready and alive, and in words how it
// waits to take over from another.
func (m manager) waits(ctx context.Context, how func() string) {
	if m.tell == nil {
		return
	}
	const unasked = 30 * time.Second
	for ctx.Err() == nil {
		m.say(how(), daemon.SdNotifyReady, daemon.SdNotifyWatchdog)
		select {
		case <-ctx.Done():
		case <-time.After(cmp.Or(m.expects/3, unasked)):
		}
	}
}

// watch tells the manager, until ctx ends, how the bot is that has taken up what was left.
// It is ready when updates come, or when Telegram is not reached, which is tried again
// for as long as it takes: purchases are followed meanwhile. It is alive as long as
// listening to Telegram and looking at what is due lead to anything, an error too, and a
// write to the store returns: what a new start would not mend is not worth one.
func (m manager) watch(ctx context.Context, v vitals, log *slog.Logger) {
	if m.tell == nil {
		return
	}
	const beforeReady, unasked = time.Second, 30 * time.Second
	pause, wasStuck := beforeReady, false
	m.say("asks Telegram who the bot is")
	for ctx.Err() == nil {
		heard, deaf := v.heard()
		if !heard.IsZero() {
			var lines []string
			if pause == beforeReady {
				lines = append(lines, daemon.SdNotifyReady)
			}
			pause = cmp.Or(m.expects/3, unasked)
			words := "takes updates"
			if deaf != nil {
				words = fmt.Sprint("does not hear Telegram: ", deaf)
			}
			if err := v.write(ctx); err != nil {
				words = fmt.Sprint(unwell(err), ": ", err)
			}
			stuck := stuckIn(heard, v.swept())
			switch {
			case stuck == "":
				lines = append(lines, daemon.SdNotifyWatchdog)
			case !wasStuck:
				log.ErrorContext(ctx, "the bot is stuck", "in", stuck)
			}
			if wasStuck = stuck != ""; wasStuck {
				words = "is stuck: " + stuck
			}
			if ctx.Err() == nil {
				m.say(words, lines...)
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// stuckIn says which loop is stuck; "": none is.
func stuckIn(heard, swept time.Time) string {
	switch {
	case time.Since(heard) > stuckAfter:
		return "nothing comes of listening to Telegram, not even an error"
	case time.Since(swept) > stuckAfter:
		return "nobody looks at what is due"
	default:
		return ""
	}
}

// stops tells the manager that the bot stops.
func (m manager) stops() {
	m.say("finishes what is under way", daemon.SdNotifyStopping)
}
