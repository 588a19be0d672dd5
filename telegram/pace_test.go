package telegram

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-telegram/bot"
)

// TestPace sends for ten minutes of a false clock as fast as it is let, and
// counts.
func TestPace(t *testing.T) {
	for _, tt := range []struct {
		name          string
		chats         []int64
		within        time.Duration
		most, atLeast int
	}{
		{"a private chat, a second", []int64{1}, time.Second, 4, 3},
		{"a private chat, a minute", []int64{1}, time.Minute, 63, 60},
		{"a group, a minute", []int64{-1}, time.Minute, 20, 19},
		{"all chats, a second", manyChats(200), time.Second, 60, 60},
		{"all chats, a minute", manyChats(200), time.Minute, 1830, 1800},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPacer(false)
				ctx, cancel := context.WithTimeout(t.Context(), tt.within)
				defer cancel()
				var mu sync.Mutex
				sent := 0
				var wait sync.WaitGroup
				for _, chat := range tt.chats {
					wait.Go(func() {
						for p.do(ctx, chat, true, func() error {
							mu.Lock()
							defer mu.Unlock()
							sent++
							return nil
						}) == nil {
						}
					})
				}
				wait.Wait()
				if sent > tt.most || sent < tt.atLeast {
					t.Errorf("%d messages, want %d to %d", sent, tt.atLeast, tt.most)
				}
			})
		})
	}
}

func manyChats(n int) []int64 {
	chats := make([]int64, n)
	for i := range chats {
		chats[i] = int64(i + 1)
	}
	return chats
}

func TestCallsOfAChatGoInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(false)
		var got []int
		var wait sync.WaitGroup
		for i := range 20 {
			wait.Go(func() {
				if err := p.do(t.Context(), 1, true, func() error { got = append(got, i); return nil }); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait() // it has come to its place
		}
		wait.Wait()
		for i, n := range got {
			if i != n {
				t.Fatalf("order %v", got)
			}
		}
	})
}

// TestBusyChatDoesNotHoldUpOthers: 50 messages wait in one chat; a message to
// another goes at once.
func TestBusyChatDoesNotHoldUpOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(false)
		ctx, cancel := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		for range 50 {
			wait.Go(func() { _ = p.do(ctx, 1, true, func() error { return nil }) })
		}
		synctest.Wait()
		begin := time.Now()
		if err := p.do(ctx, 2, true, func() error { return nil }); err != nil {
			t.Error(err)
		}
		if waited := time.Since(begin); waited > 0 {
			t.Errorf("waited %s", waited)
		}
		cancel()
		wait.Wait()
	})
}

// TestQuestionsDoNotWaitForMessages: what a press waits for is asked while messages
// of the chat wait for their pace, and not for longer than a press can wait.
func TestQuestionsDoNotWaitForMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &Bot{pace: newPacer(false)}
		var wait sync.WaitGroup
		for range 20 {
			wait.Go(func() {
				if err := b.pace.do(t.Context(), -1, true, func() error { return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		began := time.Now()
		if err := b.ask(t.Context(), "ask", -1, func(context.Context) error { return nil }); err != nil || time.Since(began) > time.Second {
			t.Errorf("asked after %s: %v", time.Since(began), err)
		}
		began = time.Now()
		err := b.ask(t.Context(), "ask", -1, func(ctx context.Context) error {
			<-ctx.Done()
			return fmt.Errorf("%w: %w", ErrUncertain, ctx.Err())
		})
		if !errors.Is(err, ErrUncertain) || time.Since(began) > askWithin {
			t.Errorf("given up after %s: %v", time.Since(began), err)
		}
		wait.Wait()
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(false)
		hold := make(chan struct{})
		var wait sync.WaitGroup
		wait.Go(func() { _ = p.do(t.Context(), 1, true, func() error { <-hold; return nil }) })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := p.do(ctx, 1, true, func() error { t.Error("was called"); return nil })
		if !errors.Is(err, ErrUnsent) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		close(hold)
		wait.Wait()
	})
}

func TestIdleLanesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(false)
		for chat := range int64(3 * lanesKept) {
			if err := p.do(t.Context(), chat, false, func() error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(p.lanes); n > lanesKept {
			t.Errorf("%d lanes are kept", n)
		}
	})
}

func TestInsist(t *testing.T) {
	tooMany := func(seconds int) error { return &bot.TooManyRequestsError{RetryAfter: seconds} }
	lost := fmt.Errorf("%w: cut", ErrUncertain)
	unsent := fmt.Errorf("%w: refused", ErrUnsent)
	badGateway := errors.New("error response from telegram for method x, 502 Bad Gateway")
	for _, tt := range []struct {
		name     string
		harmless bool
		answers  []error // the last one again and again
		calls    int
		took     time.Duration
		want     error
	}{
		{"success", false, []error{nil}, 1, 0, nil},
		{"asked to wait", false, []error{tooMany(7), nil}, 2, 7 * time.Second, nil},
		{"asked to wait again and again", false, []error{tooMany(7)}, attempts, 21 * time.Second, &TooManyError{After: 7 * time.Second}},
		{"asked to wait for too long", true, []error{tooMany(31)}, 1, 0, &TooManyError{After: 31 * time.Second}},
		{"asked to wait, not said how long", false, []error{tooMany(0), nil}, 2, time.Second, nil},
		{"answer of a message is lost", false, []error{lost, nil}, 1, 0, ErrUncertain},
		{"answer of an edit is lost", true, []error{lost, nil}, 2, firstPause, nil},
		{"all answers of an edit are lost", true, []error{lost}, attempts, 7 * firstPause, ErrUncertain},
		{"fault of the server, message", false, []error{badGateway, nil}, 1, 0, ErrUncertain},
		{"fault of the server, edit", true, []error{badGateway, nil}, 2, firstPause, nil},
		{"not reached", false, []error{unsent, unsent, nil}, 3, 3 * firstPause, nil},
		{"refused", true, []error{bot.ErrorBadRequest}, 1, 0, ErrRefused},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin, calls := time.Now(), 0
				err := insist(t.Context(), tt.harmless, func() error {
					calls++
					return tt.answers[min(calls, len(tt.answers))-1]
				})
				var want *TooManyError
				if errors.As(tt.want, &want) {
					var got *TooManyError
					if !errors.As(err, &got) || *got != *want {
						t.Errorf("error %v, want %v", err, want)
					}
				} else if !errors.Is(err, tt.want) {
					t.Errorf("error %v, want %v", err, tt.want)
				}
				if took := time.Since(begin); calls != tt.calls || took != tt.took {
					t.Errorf("%d calls in %s, want %d in %s", calls, took, tt.calls, tt.took)
				}
			})
		})
	}
}

func TestInsistEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		begin := time.Now()
		err := insist(ctx, false, func() error { return &bot.TooManyRequestsError{RetryAfter: 20} })
		var tooMany *TooManyError
		if !errors.As(err, &tooMany) || time.Since(begin) != 3*time.Second {
			t.Errorf("error %v after %s", err, time.Since(begin))
		}
	})
}
