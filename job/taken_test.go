package job

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
)

// TestTakenOver: the call of a process before can have been sent until another took over,
// however long ago it was announced, and what is seen too soon after that excludes nothing.
func TestTakenOver(t *testing.T) {
	called := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	took := called.Add(10 * time.Minute) // another clock
	money := zomro.Money{Amount: decimal.NewFromInt(100), Currency: "EUR"}
	before := sight("active")
	before.Service.Plan, before.Service.Cost, before.Balance = "Nova | NL-3", "1.00 EUR / Month", &money
	lost := Failure{Kind: zomro.Unknown, Code: "value"}
	for op, look := range map[Op]func(at, took time.Time) Event{
		Backup: func(at, took time.Time) Event { return Looked{Sight: before, Seen: true, At: at, Took: took} },
		Resize: func(at, took time.Time) Event { return Weighed{Sight: before, Seen: true, At: at, Took: took} },
	} {
		r := Record{
			Order: Order{Server: "1", Op: op, NewName: "new", Label: "Zen | NL-3"}, Stage: Following,
			Called: called, Before: &before, Failure: &lost, Unsure: true,
		}
		for _, test := range []struct {
			at, took time.Time
			want     Stage
		}{
			{called.Add(excluded), time.Time{}, Refused},
			{took.Add(excluded - 1), took, Following},
			{took.Add(excluded), took, Refused},
			{called.Add(excluded), called.Add(-time.Hour), Refused}, // our own call
		} {
			is, err := Step(r, look(test.at, test.took), test.at)
			if err != nil || is.Stage != test.want {
				t.Errorf("%s seen %s after the call, taken over at %s: %s, %v; want %s", op, test.at.Sub(called), test.took, is.Stage, err, test.want)
			}
		}
	}
}
