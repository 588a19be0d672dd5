package telegram

import "time"

// pauses are those between attempts: each is twice as long as the one before.
type pauses struct{ first, last time.Duration }

// atOnce are the pauses for what nobody can do without.
var atOnce = pauses{100 * time.Millisecond, 10 * time.Second}

// retry repeats something until it succeeds or must stop; it then returns the last
// error. failed is told of each failure before the pause; false: retry stops there.
func retry(stop <-chan struct{}, p pauses, do func() error, failed func(err error, pause time.Duration) bool) error {
	for pause := p.first; ; pause = min(2*pause, p.last) {
		err := do()
		if err == nil || !failed(err, pause) {
			return err
		}
		select {
		case <-stop:
			return err
		case <-time.After(pause):
		}
	}
}
