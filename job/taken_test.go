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

// TestTakenOverOften: where processes take over from each other sooner than a call is excluded,
// what each has looked adds up; the time between a last look and the next takeover does not, and
// a clock that is ahead by hours changes nothing.
func TestTakenOverOften(t *testing.T) {
	const term, gap = 40 * time.Second, 30 * time.Second
	called := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	before := sight("active")
	for _, apart := range []time.Duration{0, 3 * time.Hour} {
		r := Record{
			Order: Order{Server: "1", Op: Backup, NewName: "new"}, Stage: Following, Called: called,
			Before: &before, Failure: &Failure{Kind: zomro.Unknown, Code: "value"}, Unsure: true,
		}
		// The first to take over has the clock of the one that sent it.
		took, looked := called.Add(gap), time.Duration(0)
		for n := 1; !r.Stage.Ended(); n++ {
			if n > 10 {
				t.Fatalf("a clock ahead by %s: it is looked for without end: %+v", apart, r.Counted)
			}
			for _, at := range []time.Duration{term / 2, term} {
				r.Due = time.Time{}
				is, err := Step(r, Looked{Sight: before, Seen: true, At: took.Add(at), Took: took}, took.Add(at))
				if err != nil {
					t.Fatal(err)
				}
				looked += term / 2
				if ended := looked >= excluded; is.Stage.Ended() != ended {
					t.Fatalf("a clock ahead by %s: %s after %s of looks, process %d", apart, is.Stage, looked, n)
				}
				if r = is; r.Stage.Ended() {
					break
				}
			}
			if took = took.Add(term + gap); n%2 == 1 {
				took = took.Add(apart)
			} else {
				took = took.Add(-apart)
			}
		}
	}
}

// TestCountIsOfOneCall: a call that is sent anew is counted anew.
func TestCountIsOfOneCall(t *testing.T) {
	first := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	r := Record{Stage: Following, Called: first}
	r.count(time.Time{}, first.Add(time.Hour))
	r.Called = first.Add(2 * time.Hour)
	if r.count(time.Time{}, r.Called.Add(time.Second)); !r.Counted.From.Equal(r.Called) {
		t.Errorf("it is counted from %s, want %s", r.Counted.From, r.Called)
	}
}
