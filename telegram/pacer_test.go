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

func TestCallsOfAChatGoInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		var got []int
		refusals := 0
		var wait sync.WaitGroup
		for i := range 20 {
			wait.Go(func() {
				if err := p.do(t.Context(), 1, newMessage, false, func() error {
					refusals++
					if refusals%7 == 1 {
						return &bot.TooManyRequestsError{RetryAfter: 1}
					}
					got = append(got, i)
					return nil
				}); err != nil {
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

// TestBusyChatDoesNotHoldUpOthers: messages wait in one chat, which was refused; what
// concerns another goes at once, and so do the answers to presses and what is asked,
// also about the same chat.
func TestBusyChatDoesNotHoldUpOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &Bot{pace: newPacer()}
		s := newServer(strictness{chat: oneASecond(3), pause: 20 * time.Second})
		var wait sync.WaitGroup
		wait.Go(func() {
			if _, err := flood(t.Context(), b.pace, s, []int64{-1}, messages(8)); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		if s.refused == 0 {
			t.Fatal("nothing waits")
		}
		began := time.Now()
		nothing := func(context.Context) error { return nil }
		if err := errors.Join(
			b.ask(t.Context(), "ask", -1, nothing),
			b.deliver(t.Context(), "send", 2, newMessage, false, func() error { return nil }),
			b.pace.insist(t.Context(), nil, other, true, func() error { return nil }),
		); err != nil || time.Since(began) > 0 {
			t.Errorf("made after %s: %v", time.Since(began), err)
		}
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
		p := newPacer()
		hold := make(chan struct{})
		var wait sync.WaitGroup
		wait.Go(func() { _ = p.do(t.Context(), 1, newMessage, false, func() error { <-hold; return nil }) })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := p.do(ctx, 1, newMessage, false, func() error { t.Error("was called"); return nil })
		if !errors.Is(err, ErrUnsent) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		close(hold)
		wait.Wait()
	})
}

func TestIdleLanesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		for chat := range int64(3 * lanesKept) {
			if err := p.do(t.Context(), chat, other, false, func() error { return nil }); err != nil {
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
				p := newPacer()
				err := p.do(t.Context(), 1, newMessage, tt.harmless, func() error {
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
		err := newPacer().do(ctx, 1, newMessage, false, func() error { return &bot.TooManyRequestsError{RetryAfter: 20} })
		var tooMany *TooManyError
		if !errors.As(err, &tooMany) || time.Since(begin) > 3*time.Second {
			t.Errorf("error %v after %s", err, time.Since(begin))
		}
	})
}
