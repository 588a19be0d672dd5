package engine

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"zomrobot/storage"
)

// seenFor is how long an update's id is remembered at least. Telegram keeps an
// update for 24 hours, so a repeated one cannot be older.
const seenFor = 48 * time.Hour

// seenDay is the form of the days by which ids are kept, in UTC.
const seenDay = time.DateOnly

// formerSeen begins the keys of earlier versions, which kept no days: an id has 20
// digits, the first of them always 0, as no year's is. They go with the first day that
// goes, for every id of that day is newer.
const formerSeen = seenPrefix + "0"

// atOnce is how many of many records are kept or deleted in one transaction.
const atOnce = 256

// seenIDs are the ids of updates that were seen. Each is kept with its day, so that
// whole days can be forgotten without a look at the others. Which days there are is
// known here: an id is looked for in all of them, also in those of a clock that was
// ahead.
type seenIDs struct {
	mu     sync.Mutex
	days   []string // ascending
	former bool     // there are ids that an earlier version has kept
}

func seenKey(day string, update int64) string {
	return seenPrefix + day + "/" + strconv.FormatInt(update, 10)
}

// load reads which days there are. It has to come before the first update.
func (s *seenIDs) load(ctx context.Context, store storage.Store) error {
	former, err := storage.FirstKeys(ctx, store, formerSeen, "", 1)
	if err != nil {
		return fmt.Errorf("ids that an earlier version has seen: %w", err)
	}
	var days []string
	for from := seenPrefix + "1"; ; {
		keys, err := storage.FirstKeys(ctx, store, seenPrefix, from, 1)
		if err != nil {
			return fmt.Errorf("days of which ids were seen: %w", err)
		}
		if len(keys) == 0 {
			break
		}
		day, _, ok := strings.Cut(strings.TrimPrefix(keys[0], seenPrefix), "/")
		if !ok {
			return fmt.Errorf("seen key %q: want a day and an id", keys[0])
		}
		days = append(days, day)
		from = seenPrefix + day + "0" // the first key behind the day's
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.days, s.former = days, len(former) > 0
	return nil
}

// seen reports whether an update was noted.
func (s *seenIDs) seen(tx storage.Tx, update int64) (bool, error) {
	s.mu.Lock()
	keys := make([]string, 0, len(s.days)+1)
	for _, day := range slices.Backward(s.days) {
		keys = append(keys, seenKey(day, update))
	}
	if s.former {
		keys = append(keys, seenPrefix+ordered(update))
	}
	s.mu.Unlock()
	for _, key := range keys {
		if value, err := tx.Get(key); err != nil || value != nil {
			return value != nil, err
		}
	}
	return false, nil
}

// note notes an update. The day is known from then on, whatever becomes of the
// transaction.
func (s *seenIDs) note(tx storage.Tx, update int64, now time.Time) error {
	day := now.UTC().Format(seenDay)
	s.mu.Lock()
	if i, known := slices.BinarySearch(s.days, day); !known {
		s.days = slices.Insert(s.days, i, day)
	}
	s.mu.Unlock()
	return storage.Put(tx, seenKey(day, update), true)
}

// over returns the first day that still counts, and whether there are older ones.
func (s *seenIDs) over(now time.Time) (first string, older bool) {
	first = now.Add(-seenFor).UTC().Format(seenDay)
	s.mu.Lock()
	defer s.mu.Unlock()
	return first, len(s.days) > 0 && s.days[0] < first
}

// forgot notes that nothing is left of the days before this one.
func (s *seenIDs) forgot(first string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.former = false
	s.days = slices.DeleteFunc(s.days, func(day string) bool { return day < first })
}

// forgetSeen removes the ids that cannot come again: those of the days that are over.
// Nothing else is read, and other transactions are made in between.
func (e *Engine) forgetSeen(ctx context.Context) error {
	first, older := e.seenIDs.over(e.now())
	for more := older; more; {
		keys, err := storage.FirstKeys(ctx, e.store, seenPrefix, "", atOnce)
		if err != nil {
			return err
		}
		old := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return key >= seenPrefix+first })
		if len(old) > 0 {
			if err := e.deleteKeys(ctx, old...); err != nil {
				return err
			}
		}
		more = len(old) == atOnce
	}
	if older {
		e.seenIDs.forgot(first)
	}
	return nil
}
