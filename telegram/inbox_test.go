package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// shelf is an inbox that notes what it is asked to keep.
type shelf struct {
	kept    []int64
	pending []Raw
	fails   error
}

func (s *shelf) After() time.Time { return time.Unix(1, 0) }

func (s *shelf) Accept(_ context.Context, updates []Raw) ([]Raw, error) {
	for _, u := range updates {
		s.kept = append(s.kept, u.ID)
	}
	return updates, s.fails
}

func (s *shelf) Pending(context.Context) ([]Raw, error) { return s.pending, nil }
func (s *shelf) Discard(context.Context, int64) error   { return nil }
func (s *shelf) Emptied(context.Context) error          { return nil }

// written are messages of people to the bot, one of each.
func written(people ...int64) []Raw {
	var batch []Raw
	for _, person := range people {
		batch = append(batch, Raw{ID: person, Body: fmt.Appendf(nil,
			`{"update_id":%d,"message":{"message_id":1,"date":1,"from":{"id":%[1]d,"first_name":"A"},"chat":{"id":%[1]d,"type":"private"},"text":"hi"}}`, person)})
	}
	return batch
}

// TestTake: Telegram is told that a batch was taken when all of it was handled, and
// nothing of it is kept then; what takes long is kept meanwhile, and handled once.
func TestTake(t *testing.T) {
	for _, tt := range []struct {
		name  string
		takes [3]time.Duration // of each update; its handler fails once when negative
		kept  []int64
		in    time.Duration
	}{
		{"at once", [3]time.Duration{0, 0, 0}, nil, 0},
		{"soon", [3]time.Duration{0, 30 * time.Millisecond, 90 * time.Millisecond}, nil, 90 * time.Millisecond},
		{"one is slow", [3]time.Duration{0, time.Minute, 10 * time.Millisecond}, []int64{2}, handledWithin},
		{"all are slow", [3]time.Duration{time.Second, time.Minute, time.Hour}, []int64{1, 2, 3}, handledWithin},
		{"one fails at first", [3]time.Duration{0, -1, 0}, []int64{2}, handledWithin},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				handled := make(chan int64, 10)
				failed := false
				d, _ := testDispatcher(8, func(_ context.Context, u Update) error {
					if !u.After.Equal(time.Unix(1, 0)) {
						t.Errorf("update %d is not dated: %v", u.ID, u.After)
					}
					takes := tt.takes[u.ID-1]
					if takes < 0 && !failed {
						failed = true
						return errors.New("not now")
					}
					time.Sleep(max(0, takes)) // of the bubble
					handled <- u.ID
					return nil
				})
				inbox := &shelf{}
				in := &intake{inbox: inbox, dispatch: d, log: slog.New(slog.DiscardHandler)}
				began := time.Now()
				batch := written(1, 2, 3)
				if err := in.take(t.Context(), batch, "bot"); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began); took != tt.in {
					t.Errorf("taken after %s, want %s", took, tt.in)
				}
				slices.Sort(inbox.kept)
				if !slices.Equal(inbox.kept, tt.kept) {
					t.Errorf("kept %v, want %v", inbox.kept, tt.kept)
				}
				d.wait.Wait()
				if close(handled); len(handled) != 3 {
					t.Errorf("%d updates were handled, want 3", len(handled))
				}
			})
		})
	}
}

// TestTakeAgain: a batch comes again while its first update is still being handled,
// because what was left of it could not be kept.
func TestTakeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handled := make(chan int64, 10)
		d, _ := testDispatcher(8, func(_ context.Context, u Update) error {
			time.Sleep(time.Second) // of the bubble
			handled <- u.ID
			return nil
		})
		inbox := &shelf{fails: errors.New("the disk is full")}
		in := &intake{inbox: inbox, dispatch: d, log: slog.New(slog.DiscardHandler)}
		batch := written(1)
		if err := in.take(t.Context(), batch, "bot"); !errors.Is(err, inbox.fails) {
			t.Fatalf("taken although nothing is on disk: %v", err)
		}
		inbox.fails, inbox.pending = nil, batch
		if err := in.take(t.Context(), batch, "bot"); err != nil {
			t.Fatal(err)
		}
		d.wait.Wait()
		if len(handled) != 1 {
			t.Errorf("handled %d times", len(handled))
		}
	})
}

// TestTakeWhenStopped: what comes after a stop is kept for the next start.
func TestTakeWhenStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _ := testDispatcher(8, func(context.Context, Update) error {
			t.Error("handled after the stop")
			return nil
		})
		d.drain(time.Second)
		inbox := &shelf{}
		in := &intake{inbox: inbox, dispatch: d, log: slog.New(slog.DiscardHandler)}
		if err := in.take(t.Context(), written(1, 2), "bot"); err != nil || len(inbox.kept) != 2 {
			t.Errorf("kept %v: %v", inbox.kept, err)
		}
	})
}
