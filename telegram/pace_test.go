package telegram

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-telegram/bot"
	"pgregory.net/rapid"
)

// A limit is one that Telegram may have. wait returns after how long a call will be
// let through, 0: now; count counts one that is.
type limit interface {
	wait(now time.Time) time.Duration
	count(now time.Time)
}

// bucket lets burst calls through at once, then one in each interval.
type bucket struct {
	burst float64
	every time.Duration
	used  float64
	at    time.Time
}

func (b *bucket) leak(now time.Time) {
	if !b.at.IsZero() {
		b.used = max(0, b.used-float64(now.Sub(b.at))/float64(b.every))
	}
	b.at = now
}

func (b *bucket) wait(now time.Time) time.Duration {
	b.leak(now)
	return max(0, time.Duration(math.Ceil((b.used+1-b.burst)*float64(b.every))))
}

func (b *bucket) count(now time.Time) {
	b.leak(now)
	b.used++
}

// window lets most calls through in any time of a length.
type window struct {
	most   int
	length time.Duration
	times  []time.Time
}

func (w *window) wait(now time.Time) time.Duration {
	for len(w.times) > 0 && now.Sub(w.times[0]) >= w.length {
		w.times = w.times[1:]
	}
	if len(w.times) < w.most {
		return 0
	}
	return w.times[0].Add(w.length).Sub(now)
}

func (w *window) count(now time.Time) { w.times = append(w.times, now) }

// strictness is what a server allows.
type strictness struct {
	chat, group func() limit // nil: everything
	whole       func() limit
	kinds       []kind        // that count; none: messages
	pause       time.Duration // asked for beyond what is needed
	takes       time.Duration // how long a call takes; it is judged in the middle
}

func oneASecond(burst float64) func() limit {
	return func() limit { return &bucket{burst: burst, every: time.Second} }
}

func inWindow(most int, length time.Duration) func() limit {
	return func() limit { return &window{most: most, length: length} }
}

// server refuses calls as it is strict.
type server struct {
	strictness
	mu      sync.Mutex
	limits  map[int64][]limit
	all     limit
	until   map[string]time.Time // when a call may come again, by whom it was told
	refused int
	early   []string // calls that came although they were to wait
}

func newServer(s strictness) *server {
	if len(s.kinds) == 0 {
		s.kinds = []kind{newMessage}
	}
	return &server{strictness: s, limits: make(map[int64][]limit), until: make(map[string]time.Time)}
}

// of returns the limits that a call must keep.
func (s *server) of(chat int64, k kind) []limit {
	counts := false
	for _, one := range s.kinds {
		counts = counts || one == k
	}
	if !counts {
		return nil
	}
	if s.all == nil && s.whole != nil {
		s.all = s.whole()
	}
	if _, known := s.limits[chat]; !known {
		s.limits[chat] = nil
		for of, make := range map[bool]func() limit{true: s.chat, false: s.group} {
			if make != nil && (of || chat < 0) {
				s.limits[chat] = append(s.limits[chat], make())
			}
		}
	}
	if s.all != nil {
		return append([]limit{s.all}, s.limits[chat]...)
	}
	return s.limits[chat]
}

// take makes a call and returns how long it would have to wait, 0: it was made.
func (s *server) take(chat int64, k kind, now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var wait time.Duration
	limits := s.of(chat, k)
	for _, l := range limits {
		wait = max(wait, l.wait(now))
	}
	if wait > 0 {
		return wait
	}
	for _, l := range limits {
		l.count(now)
	}
	return 0
}

// call makes a call as the library does: a refusal tells whole seconds.
func (s *server) call(chat int64, k kind) error {
	time.Sleep(s.takes / 2)       // of the bubble
	defer time.Sleep(s.takes / 2) // of the bubble
	now := time.Now()
	wait := s.take(chat, k, now)
	s.mu.Lock()
	defer s.mu.Unlock()
	name := fmt.Sprint(chat, k)
	if until := s.until[name]; now.Before(until) {
		s.early = append(s.early, fmt.Sprintf("chat %d, kind %d: %s too early", chat, k, until.Sub(now)))
	}
	if wait == 0 {
		return nil
	}
	s.refused++
	seconds := math.Ceil((wait + s.pause).Seconds())
	s.until[name] = now.Add(time.Duration(seconds) * time.Second)
	return &bot.TooManyRequestsError{RetryAfter: int(seconds)}
}

// ideal returns how long it takes who knows the limits to make each chat's calls.
func (s strictness) ideal(chats []int64, each []kind) time.Duration {
	began := time.Unix(0, 0)
	perfect, now := newServer(s), began
	left := make([][]kind, len(chats))
	for i := range chats {
		left[i] = each
	}
	for {
		next := time.Duration(math.MaxInt64)
		for i, chat := range chats {
			for len(left[i]) > 0 {
				if wait := perfect.take(chat, left[i][0], now); wait > 0 {
					next = min(next, wait)
					break
				}
				left[i] = left[i][1:]
			}
		}
		if next == math.MaxInt64 {
			return now.Sub(began)
		}
		now = now.Add(next)
	}
}

// flood makes the calls of each chat as fast as the pacer lets it, and returns how
// long it took.
func flood(ctx context.Context, p *pacer, s *server, chats []int64, each []kind) (took time.Duration, err error) {
	began := time.Now()
	errs := make([]error, len(chats))
	var wait sync.WaitGroup
	for i, chat := range chats {
		wait.Go(func() {
			for _, k := range each {
				errs[i] = errors.Join(errs[i], deliver(ctx, p, s, chat, k))
			}
		})
	}
	wait.Wait()
	return time.Since(began), errors.Join(errs...)
}

// deliver makes a call until it is let through, as the engine does.
func deliver(ctx context.Context, p *pacer, s *server, chat int64, k kind) error {
	for {
		err := p.do(ctx, chat, k, false, func() error { return s.call(chat, k) })
		var tooMany *TooManyError
		if !errors.As(err, &tooMany) {
			return err
		}
		if err := sleep(ctx, tooMany.After); err != nil {
			return err
		}
	}
}

func manyChats(n int) []int64 {
	chats := make([]int64, n)
	for i := range chats {
		chats[i] = int64(i + 1)
	}
	return chats
}

func messages(n int) []kind { return make([]kind, n) }

// mixed are messages and edits in turn.
func mixed(n int) []kind {
	calls := make([]kind, n)
	for i := range calls {
		calls[i] = []kind{newMessage, edit}[i%2]
	}
	return calls
}

// TestPaceIsLearned floods servers of different strictness, three times with a rest
// between. Nobody waits who was not refused, nobody calls before a pause is over, what
// was learned is not refused again, and little time is lost against who knows the
// limits: a pause that is longer than needed, and a part of the whole.
func TestPaceIsLearned(t *testing.T) {
	slowly := func() limit { return &bucket{burst: 3, every: 10 * time.Second} }
	wholeBucket := func() limit { return &bucket{burst: 30, every: time.Second / 30} }
	wholeSlowly := func() limit { return &bucket{burst: 10, every: time.Second / 10} }
	asWritten := strictness{chat: oneASecond(3), group: inWindow(20, time.Minute), whole: inWindow(30, time.Second)}
	every := []kind{newMessage, edit, other}
	for _, tt := range []struct {
		name    string
		server  strictness
		chats   []int64
		each    []kind
		refused int     // at most, the first time
		again   int     // at most, each later time
		slower  float64 // at most so many times as long as who knows the limits
	}{
		{"no limits", strictness{}, manyChats(50), mixed(100), 0, 0, 1},
		{"one a second", strictness{chat: oneASecond(1)}, []int64{1}, messages(60), 1, 0, 1.06},
		{"bursts of 3", strictness{chat: oneASecond(3)}, []int64{1}, messages(60), 1, 0, 1.06},
		{"bursts of 20", strictness{chat: oneASecond(20)}, []int64{1}, messages(60), 1, 0, 1.06},
		{"bursts of 3, pauses of 30 s", strictness{chat: oneASecond(3), pause: 30 * time.Second}, []int64{1}, messages(60), 1, 0, 1.06},
		{"bursts of 3, pauses of a minute", strictness{chat: oneASecond(3), pause: 59 * time.Second}, []int64{1}, messages(60), 1, 0, 1.06},
		{"bursts of 3, pauses of 30 s, in a group", strictness{chat: oneASecond(3), pause: 30 * time.Second}, []int64{-1}, messages(60), 1, 0, 1.06},
		{"one in 10 s", strictness{chat: slowly}, []int64{1}, messages(20), 5, 5, 1.1},
		{"20 a minute", strictness{group: inWindow(20, time.Minute)}, []int64{-1}, messages(100), 1, 0, 1.01},
		{"20 a minute, 1 a second", strictness{chat: oneASecond(3), group: inWindow(20, time.Minute)}, []int64{-1}, messages(100), 2, 0, 1.01},
		{"20 a minute, edits too", strictness{group: inWindow(20, time.Minute), kinds: every}, []int64{-1}, mixed(100), 1, 0, 1.01},
		{"edits count", strictness{chat: oneASecond(3), kinds: []kind{newMessage, edit}}, []int64{1}, mixed(60), 4, 0, 1.1},
		{"everything counts", strictness{chat: oneASecond(3), kinds: every}, []int64{1, 2}, append(mixed(30), other, other, other), 10, 1, 1.2},
		{"30 a second in all", strictness{whole: inWindow(30, time.Second)}, manyChats(200), messages(3), 200, 20, 1.12},
		{"30 a second in all, by a bucket", strictness{whole: wholeBucket}, manyChats(200), messages(3), 200, 20, 1.12},
		{"10 a second in all", strictness{whole: wholeSlowly}, manyChats(200), messages(3), 240, 40, 1.12},
		{"as it is written", asWritten, append(manyChats(100), -1, -2, -3), messages(6), 120, 20, 1.1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, s := newPacer(), newServer(tt.server)
				ideal := tt.server.ideal(tt.chats, tt.each)
				for round, most := range []int{tt.refused, tt.again, tt.again} {
					s.refused = 0
					took, err := flood(t.Context(), p, s, tt.chats, tt.each)
					if err != nil {
						t.Error(err)
					}
					lost := time.Duration(s.refused) * (s.pause + time.Second)
					if s.refused > most || took > time.Duration(tt.slower*float64(ideal))+lost {
						t.Errorf("round %d: %d refused, %s instead of %s", round, s.refused, took, ideal)
					}
					time.Sleep(2 * time.Minute) // of the bubble
				}
				if len(s.early) > 0 {
					t.Errorf("calls that were to wait: %q", s.early)
				}
			})
		})
	}
}

// TestPaceSuitsAnyServer: the same of servers and floods that nobody has thought of.
// A call may be refused that was on its way when another was, so each chat adds some.
func TestPaceSuitsAnyServer(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		seconds := func(most int, name string) time.Duration {
			return time.Duration(rapid.IntRange(0, most).Draw(r, name)) * time.Second
		}
		burst := float64(rapid.IntRange(1, 20).Draw(r, "burst"))
		every := time.Duration(rapid.IntRange(1, 50).Draw(r, "every")) * 100 * time.Millisecond
		minute := rapid.IntRange(10, 40).Draw(r, "minute")
		second := rapid.IntRange(10, 60).Draw(r, "second")
		s := strictness{
			kinds: rapid.SampledFrom([][]kind{{newMessage}, {edit}, {newMessage, edit}}).Draw(r, "kinds"),
			pause: seconds(60, "pause"),
			takes: time.Duration(rapid.IntRange(0, 200).Draw(r, "takes")) * time.Millisecond,
		}
		if rapid.Bool().Draw(r, "a limit of chats") {
			s.chat = func() limit { return &bucket{burst: burst, every: every} }
		}
		if rapid.Bool().Draw(r, "a limit of groups") {
			s.group = inWindow(minute, time.Minute)
		}
		if rapid.Bool().Draw(r, "a limit of all") {
			s.whole = inWindow(second, time.Second)
		}
		chats := append(manyChats(rapid.IntRange(0, 100).Draw(r, "chats")), -1)
		each := mixed(rapid.IntRange(1, 60).Draw(r, "calls"))
		ideal := s.ideal(chats, each)
		var took time.Duration
		var err error
		var refused int
		var early []string
		synctest.Test(t, func(t *testing.T) {
			p, s := newPacer(), newServer(s)
			took, err = flood(t.Context(), p, s, chats, each)
			refused, early = s.refused, s.early
		})
		if err != nil || len(early) > 0 {
			r.Fatalf("%v, calls that were to wait: %q", err, early)
		}
		// Which limit was overstepped is a guess where several are near. At worst it takes
		// a few times as long as the limits want, or those that Telegram writes of.
		written := time.Duration(len(each)) * max(time.Minute/minuteCalls, time.Duration(len(chats))*time.Second/30)
		pauses := time.Duration(refused) * (s.pause + time.Second)
		// A limit of all is tried again and again while there is so much to do.
		lessons := 16 * len(chats)
		if s.whole != nil {
			lessons += len(chats) * len(each) / 2
		}
		if most := 4*ideal + 2*written + pauses + time.Duration(len(each))*s.takes; refused > lessons || took > most {
			r.Fatalf("%d refused, %s instead of %s, at most %s", refused, took, ideal, most)
		}
	})
}

// atOnceOf is how many calls a pace lets through now, at most 50.
func atOnceOf(p pace, now time.Time) (n int) {
	for n < 50 && !p.ready(now).After(now) {
		p.take(now)
		n++
	}
	return n
}

// refuse makes calls at once until so many were made, and has the next one refused.
func refuse(p *pace, now time.Time, after int) {
	for range after {
		p.take(now)
		p.answered(now, now, false)
	}
	level := p.take(now)
	p.answered(now, now, true)
	p.refused(now, level, now, time.Second)
}

// TestPaceGrowsBack: each period gives one call more, in the end there is no limit. A
// limit that had grown too far is the old one again, one that was too high is lowered,
// and a refusal of what was on its way teaches nothing.
func TestPaceGrowsBack(t *testing.T) {
	began := time.Unix(0, 0)
	learned := func() *pace {
		p := &pace{}
		refuse(p, began, 3)
		return p
	}
	for after, want := range map[time.Duration]int{
		time.Second: 1, time.Minute: 3, growPeriod: 4, 5*growPeriod + time.Minute: 8, growPeriods * growPeriod: 50,
	} {
		if got := atOnceOf(*learned(), began.Add(after)); got != want {
			t.Errorf("after %s: %d at once, want %d", after, got, want)
		}
	}
	later := began.Add(growPeriod)
	for _, tt := range []struct {
		name   string
		refuse func(*pace)
		burst  int
		every  time.Duration
	}{
		{"grown too far", func(p *pace) { refuse(p, later, 3) }, 3, chatEvery},
		{"too high", func(p *pace) { refuse(p, later, 1) }, 1, 2 * chatEvery},
		{"on its way", func(p *pace) { p.refused(began.Add(-time.Second), 0, later, time.Second) }, 4, chatEvery},
	} {
		p := learned()
		tt.refuse(p)
		if got := p.ready(later); got.Sub(later) != time.Second {
			t.Errorf("%s: the next call in %s", tt.name, got.Sub(later))
		}
		rested := later.Add(ratePeriod - time.Second)
		if got := atOnceOf(*p, rested); got != tt.burst || p.interval(rested) != tt.every {
			t.Errorf("%s: %d at once, then one in %s, want %d and %s", tt.name, got, p.interval(rested), tt.burst, tt.every)
		}
	}
	slow := learned()
	refuse(slow, later, 1)
	if was, is := slow.interval(later), slow.interval(later.Add(ratePeriod)); is != was/2 || is != chatEvery {
		t.Errorf("the interval was %s and is %s", was, is)
	}
}
