package telegram_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"zomrobot/telegram"
	"zomrobot/telegram/emulator"
)

// alarms is what the operator was told.
type alarms struct {
	mu  sync.Mutex
	got []telegram.Alarm
}

func (a *alarms) tell(_ context.Context, what telegram.Alarm, _ time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.got = append(a.got, what)
}

func (a *alarms) all() []telegram.Alarm {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.got)
}

// listening runs a bot in a bubble, in a world in which nothing costs time.
func listening(t *testing.T, test func(t *testing.T, w *world, b *telegram.Bot, told *alarms), configure ...func(*telegram.Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{Server: emulator.New(emulator.Config{Token: token, BotUsername: "ZomroTestBot"})}
		defer w.Close()
		told := &alarms{}
		b := w.bot(t, newRecord().handle, append(configure, func(c *telegram.Config) {
			c.APIURL, c.Transport, c.Alarm = "http://chats", inside{w}, told.tell
		})...)
		stop := run(t, b)
		test(t, w, b, told)
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

func webhookAt(url string) func(*telegram.Config) {
	return func(c *telegram.Config) { c.WebhookURL, c.WebhookSecret = url, telegram.NewToken(webhookSecret) }
}

// TestDeafBotSaysSo: a bot that nothing reaches for a minute is deaf, the operator is
// told once, and it hears again once the cause is gone.
func TestDeafBotSaysSo(t *testing.T) {
	for _, tt := range []struct {
		name  string
		begin func(t *testing.T, w *world) (end func())
		kind  error
		alarm telegram.Alarm
		hook  string
	}{
		{"the token is revoked", func(t *testing.T, w *world) func() {
			if err := w.Break(emulator.Fault{Kind: emulator.Unauthorized, Times: 1 << 20}); err != nil {
				t.Fatal(err)
			}
			return w.Mend
		}, telegram.ErrToken, telegram.AlarmToken, ""},
		{"somebody else polls", func(t *testing.T, w *world) func() {
			other := w.bot(t, newRecord().handle, func(c *telegram.Config) {
				c.APIURL, c.Transport, c.Log = "http://chats", inside{w}, slog.New(slog.DiscardHandler)
			})
			stop := run(t, other)
			return func() { _ = stop() }
		}, telegram.ErrConflict, telegram.AlarmConflict, ""},
		{"Telegram is not reached", func(t *testing.T, w *world) func() {
			if err := w.Break(emulator.Fault{Kind: emulator.BadGateway, Times: 1 << 20}); err != nil {
				t.Fatal(err)
			}
			return w.Mend
		}, telegram.ErrUncertain, telegram.AlarmSilence, ""},
		{"nothing is delivered", func(_ *testing.T, w *world) func() {
			_, _ = w.Say(anna, anna, "hi")
			return func() { w.TakeWebhook("") } // and it is set again, without what was there
		}, nil, telegram.AlarmWebhook, "http://127.0.0.1:1/hook"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var configure []func(*telegram.Config)
			if tt.hook != "" {
				configure = append(configure, webhookAt(tt.hook))
			}
			listening(t, func(t *testing.T, w *world, b *telegram.Bot, told *alarms) {
				time.Sleep(5 * time.Minute) // of the bubble
				if err := b.Deaf(); err != nil || len(told.all()) > 0 {
					t.Fatalf("a bot that nobody writes to is deaf: %v, %v", err, told.all())
				}
				end := tt.begin(t, w)
				time.Sleep(2 * time.Minute) // of the bubble
				err := b.Deaf()
				if err == nil || tt.kind != nil && !errors.Is(err, tt.kind) {
					t.Errorf("deaf: %v, want %v", err, tt.kind)
				}
				if err != nil && strings.Contains(err.Error(), "THE-token") {
					t.Errorf("it tells the token: %v", err)
				}
				time.Sleep(10 * time.Minute) // of the bubble
				wanted := []telegram.Alarm{tt.alarm}
				if tt.alarm == telegram.AlarmSilence {
					wanted = nil // for it could not be said
				}
				if got := told.all(); !slices.Equal(got, wanted) {
					t.Errorf("the operator is told %q", got)
				}
				if n := strings.Count(w.logs.String(), "the bot is deaf"); n != 1 {
					t.Errorf("the log says %d times that it is deaf", n)
				}
				if at, why := b.Pulse(); why == nil || time.Since(at) > 90*time.Second {
					t.Errorf("a bot that is deaf, but not stuck: %v, %s ago", why, time.Since(at))
				}
				end()
				if tt.hook != "" {
					return // what waits cannot be delivered still
				}
				time.Sleep(time.Minute) // of the bubble
				if err := b.Deaf(); err != nil {
					t.Errorf("still deaf: %v", err)
				}
				if got := told.all(); !slices.Equal(got, []telegram.Alarm{tt.alarm}) {
					t.Errorf("the operator is told in all %q", got)
				}
			}, configure...)
		})
	}
}

// TestPauseIsNoStandstill: while Telegram has the bot wait with its polls, nothing else is
// expected of it.
func TestPauseIsNoStandstill(t *testing.T) {
	listening(t, func(t *testing.T, w *world, b *telegram.Bot, _ *alarms) {
		time.Sleep(time.Minute) // of the bubble
		if at, why := b.Pulse(); why != nil || time.Since(at) > 90*time.Second {
			t.Errorf("a bot that begins: %v, %s ago", why, time.Since(at))
		}
		if err := w.Break(emulator.Fault{Method: "getUpdates", Kind: emulator.TooMany, RetryAfter: 1800}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(25 * time.Minute) // of the bubble
		if at, why := b.Pulse(); why == nil || time.Until(at) < 4*time.Minute {
			t.Errorf("in the pause: %v, until %s", why, time.Until(at))
		}
		time.Sleep(15 * time.Minute) // of the bubble
		if at, why := b.Pulse(); why != nil || time.Since(at) > 90*time.Second {
			t.Errorf("after the pause: %v, %s ago", why, time.Since(at))
		}
	})
}

// TestWebhookIsLookedAfter: one that was removed, or pointed elsewhere, is set
// again, and a bot that polls removes one that was set.
func TestWebhookIsLookedAfter(t *testing.T) {
	const own = "http://127.0.0.1:1/hook"
	for _, tt := range []struct{ name, own, taken string }{
		{"removed", own, ""},
		{"pointed elsewhere", own, "http://127.0.0.1:1/other"},
		{"set beside polling", "", "http://127.0.0.1:1/other"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var configure []func(*telegram.Config)
			if tt.own != "" {
				configure = append(configure, webhookAt(tt.own))
			}
			listening(t, func(t *testing.T, w *world, b *telegram.Bot, told *alarms) {
				time.Sleep(time.Minute) // of the bubble
				w.TakeWebhook(tt.taken)
				time.Sleep(40 * time.Second) // of the bubble
				if got := told.all(); !slices.Equal(got, []telegram.Alarm{telegram.AlarmReset}) {
					t.Errorf("the operator is told %q", got)
				}
				if got := w.Webhook(); got != tt.own {
					t.Errorf("the webhook is %q, want %q", got, tt.own)
				}
				time.Sleep(2 * time.Minute) // of the bubble
				if err := b.Deaf(); err != nil || len(told.all()) != 1 {
					t.Errorf("in the end: %v, %q", err, told.all())
				}
			}, configure...)
		})
	}
}

// TestSilentWebhookKnowsThatNothingWaits: a press after an hour in which nobody wrote
// is not taken for one of an hour ago.
func TestSilentWebhookKnowsThatNothingWaits(t *testing.T) {
	listening(t, func(t *testing.T, w *world, _ *telegram.Bot, _ *alarms) {
		time.Sleep(time.Hour) // of the bubble
		if since := time.Since(w.inbox.emptiedAt()); since > 30*time.Second {
			t.Errorf("that nothing waits was seen %v ago", since)
		}
	}, webhookAt("http://127.0.0.1:1/hook"))
}

// TestRestNeedsAnEmptyAnswer: as long as Telegram does not count what was given out
// as read, or may have more, nothing says that nothing is waiting.
func TestRestNeedsAnEmptyAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 3 {
		w.say(t, anna, anna, "hi")
	}
	w.inbox.fail = func() (error, error) { return errors.New("full"), nil }
	run(t, w.bot(t, newRecord().handle))
	if err := w.Until(soon(t), func() bool { return w.polls() > 2 }); err != nil {
		t.Fatal(err)
	}
	if at := w.inbox.emptiedAt(); !at.IsZero() {
		t.Error("nothing is said to wait while three updates do")
	}
}

// TestRenamedBot: commands to the old name are no longer for it, those to the new
// one are.
func TestRenamedBot(t *testing.T) {
	const team = int64(-1000)
	synctest.Test(t, func(t *testing.T) {
		w := &world{Server: emulator.New(emulator.Config{Token: token, BotUsername: "ZomroTestBot"})}
		defer w.Close()
		if err := w.AddGroup(team, "Team", anna); err != nil {
			t.Fatal(err)
		}
		r := newRecord()
		b := w.bot(t, r.handle, func(c *telegram.Config) { c.APIURL, c.Transport = "http://chats", inside{w} })
		stop := run(t, b)
		time.Sleep(time.Minute) // of the bubble
		w.RenameBot("ZomroNewBot")
		time.Sleep(15 * time.Minute) // of the bubble
		if b.Username() != "ZomroNewBot" {
			t.Errorf("it thinks that it is called %q", b.Username())
		}
		w.say(t, anna, team, "/order@ZomroTestBot")
		w.say(t, anna, team, "/order@ZomroNewBot")
		synctest.Wait()
		if got := r.texts()[team]; !slices.Contains(got, "/order") {
			t.Errorf("it hears %q", got)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}
