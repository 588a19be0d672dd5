package engine

import (
	"testing"
	"time"
)

// TestOnlyWhatIsEarlierWakesTheSweep: a turn that puts something off does not have all
// looked at again that is due, unless it is due before the next look. While it is
// looked, everything has it looked again.
func TestOnlyWhatIsEarlierWakesTheSweep(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	e := New(Config{Now: func() time.Time { return now }})
	rung := func(at time.Time) bool {
		e.wakeSweep(at)
		select {
		case <-e.sweeps.alarm:
			return true
		default:
			return false
		}
	}
	if !rung(now.Add(time.Hour)) {
		t.Error("nothing waits yet, and nobody looks")
	}
	e.sweeps.waits(now.Add(idle))
	for after, want := range map[time.Duration]bool{-time.Hour: true, time.Second: true, idle: false, time.Hour: false} {
		if got := rung(now.Add(after)); got != want {
			t.Errorf("due after %v: rung %v, want %v", after, got, want)
		}
	}
	if !rung(time.Time{}) {
		t.Error("what is in doubt waits")
	}
	e.sweeps.waits(time.Time{})
	if !rung(now.Add(time.Hour)) {
		t.Error("what comes while it is looked may have been missed")
	}
}
