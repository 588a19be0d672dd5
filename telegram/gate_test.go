package telegram

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-telegram/bot"
)

// busy is what chats do that make a call, and another when it is done and a while has
// passed.
type busy struct {
	pace    *pacer
	refuse  func(chat int64, since time.Duration) (seconds int) // 0: the call goes through
	refused map[int64]int
	waits   map[int64][]wait // those for anything but the call itself
	done    map[int64][]time.Duration
}

// wait is one of a call that was to be made at a time from the start.
type wait struct{ at, long time.Duration }

// keep has chats make edits for a time, and notes how long each took.
func keep(ctx context.Context, t *testing.T, chats []int64, gap, length time.Duration, refuse func(int64, time.Duration) int) *busy {
	b := &busy{newPacer(), refuse, make(map[int64]int), make(map[int64][]wait), make(map[int64][]time.Duration)}
	var mu sync.Mutex
	var all sync.WaitGroup
	began := time.Now()
	one := func(chat int64) {
		asked := time.Since(began)
		err := &TooManyError{}
		for errors.As(b.pace.do(ctx, chat, edit, true, func() error {
			mu.Lock()
			defer mu.Unlock()
			if seconds := b.refuse(chat, time.Since(began)); seconds > 0 {
				b.refused[chat]++
				return &bot.TooManyRequestsError{RetryAfter: seconds}
			}
			b.done[chat] = append(b.done[chat], time.Since(began))
			return nil
		}), &err) {
			if sleep(ctx, err.After) != nil {
				t.Error("the test has ended")
			}
		}
		mu.Lock()
		defer mu.Unlock()
		if long := time.Since(began) - asked; long > 0 {
			b.waits[chat] = append(b.waits[chat], wait{asked, long})
		}
	}
	for i, chat := range chats {
		all.Go(func() {
			time.Sleep(gap * time.Duration(i) / time.Duration(len(chats))) // of the bubble
			for time.Since(began) < length {
				one(chat)
				time.Sleep(gap) // of the bubble
			}
		})
	}
	all.Wait()
	return b
}

// others fails the test when anybody waited but the chats that are limited, or these
// were not refused.
func (b *busy) others(t *testing.T, limited ...int64) {
	t.Helper()
	for _, chat := range limited {
		if b.refused[chat] == 0 || len(b.waits[chat]) == 0 {
			t.Errorf("chat %d was not refused", chat)
		}
		delete(b.waits, chat)
		delete(b.refused, chat)
	}
	if len(b.waits) > 0 || len(b.refused) > 0 {
		t.Errorf("waits of the others: %v, refused: %v", b.waits, b.refused)
	}
}

// TestARefusedChatWaitsAlone: 20 chats make 70 calls a second. One more is refused for
// 75 seconds, at its first call or at a later one, and nobody else waits.
func TestARefusedChatWaitsAlone(t *testing.T) {
	const limited = 99
	for name, from := range map[string]time.Duration{"at once": 0, "later": 20 * time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				once := false
				b := keep(t.Context(), t, append(manyChats(20), limited), 290*time.Millisecond, 2*time.Minute, func(chat int64, since time.Duration) int {
					if chat != limited || once || since < from {
						return 0
					}
					once = true
					return 75
				})
				b.others(t, limited)
			})
		})
	}
}

// TestAGroupsMinuteIsItsOwn: a group with 20 calls a minute, and busy private chats,
// none of which waits. The group's limit is learned at once.
func TestAGroupsMinuteIsItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const group = -5
		s := newServer(strictness{group: inWindow(20, time.Minute), kinds: []kind{edit}})
		b := keep(t.Context(), t, append(manyChats(20), group), 290*time.Millisecond, 5*time.Minute, func(chat int64, _ time.Duration) int {
			return int((s.take(chat, edit, time.Now()) + time.Second - 1) / time.Second)
		})
		if b.refused[group] > 2 || len(b.done[group]) < 95 {
			t.Errorf("the group was refused %d times and made %d calls in 5 minutes", b.refused[group], len(b.done[group]))
		}
		b.others(t, group)
	})
}

// TestLimitedChatsDoNotStopAFreeOne: three chats are refused for half a minute, one
// soon after the other. Another that calls then is let through as soon as one is tried.
func TestLimitedChatsDoNotStopAFreeOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const free = 4
		b := keep(t.Context(), t, manyChats(free), 400*time.Millisecond, 20*time.Second, func(chat int64, since time.Duration) int {
			if left := 25*time.Second - since; chat != free && left > 0 {
				return int(left/time.Second) + 1
			}
			return 0
		})
		if w := b.waits[free]; len(w) > 1 || len(w) == 1 && w[0].long > probeEvery {
			t.Errorf("it waited: %v", w)
		}
		if len(b.done[free]) < 45 {
			t.Errorf("it made %d calls", len(b.done[free]))
		}
	})
}

// TestAStormIsForgotten: every call is refused for 20 seconds, whatever the pace. The
// calls that waited are made soon after, then all goes nearly as fast as before, and
// half a minute later nobody waits.
func TestAStormIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const from, to, soon, well, end = 10 * time.Second, 30 * time.Second, 35 * time.Second, time.Minute, 2 * time.Minute
		b := keep(t.Context(), t, manyChats(20), 500*time.Millisecond, end, func(_ int64, since time.Duration) int {
			if since > from && since < to {
				return 3
			}
			return 0
		})
		if len(b.refused) < 20 {
			t.Fatalf("only %d chats were refused", len(b.refused))
		}
		late, slow, calls := 0, 0, 0
		for chat, waits := range b.waits {
			for _, w := range waits {
				switch done := w.at + w.long; {
				case w.at < to && done > soon:
					late++
				case w.at > well:
					slow++
				}
			}
			for _, at := range b.done[chat] {
				if at > soon && at <= soon+10*time.Second {
					calls++
				}
			}
		}
		if late > 0 || slow > 0 || calls < 20*20*9/10 {
			t.Errorf("%d calls were made late, %d waited later, %d were made in 10 seconds", late, slow, calls)
		}
	})
}

// TestARefusedAnswerHoldsUpNobody: one answer to a press is refused. It is given again
// after the pause, when that is of use, and all others are given at once.
func TestARefusedAnswerHoldsUpNobody(t *testing.T) {
	for name, tt := range map[string]struct {
		pause, calls int
		took         time.Duration
	}{
		"short": {2, 2, 2 * time.Second},
		"long":  {30, 1, 0},
		"later": {int(answerWithin/time.Second) + 1, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPacer()
				answer := func(call func() error) (time.Duration, error) {
					ctx, cancel := context.WithTimeout(t.Context(), answerWithin)
					defer cancel()
					began := time.Now()
					err := p.insist(ctx, nil, other, true, call)
					return time.Since(began), err
				}
				var all sync.WaitGroup
				calls := 0
				all.Go(func() {
					took, err := answer(func() error {
						if calls++; calls > 1 {
							return nil
						}
						return &bot.TooManyRequestsError{RetryAfter: tt.pause}
					})
					if calls != tt.calls || took != tt.took || (err == nil) != (tt.calls > 1) {
						t.Errorf("%d calls in %s: %v", calls, took, err)
					}
				})
				synctest.Wait()
				for range 100 {
					all.Go(func() {
						if took, err := answer(func() error { return nil }); took > 0 || err != nil {
							t.Errorf("another one took %s: %v", took, err)
						}
					})
				}
				all.Wait()
			})
		})
	}
}
