package trial

import (
	"slices"
	"testing"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// beside holds back each call of a kind a number of times.
func (w *world) beside(held Call, times int) {
	w.answer = func(c Call) (*Failure, bool) {
		if c != held || times == 0 {
			return nil, true
		}
		times--
		return &Failure{Kind: zomro.Transient, Unsent: true, Code: CodeBeside}, false
	}
}

// TestHeldBack: what a purchase of another login holds back is made once that is out of the way,
// and all that it rests on was read anew: an experiment ends as one that nothing was in the way of.
func TestHeldBack(t *testing.T) {
	t.Parallel()
	for source, held := range map[profile.Source][]Call{
		profile.ByCart:  {CallAddBad, CallAdd},
		profile.ByCount: {CallAddTwo},
		profile.ByPromo: {CallAdd, CallAddSecond},
		profile.ByPoor:  {CallAdd, CallConfirm},
		profile.ByTwo:   {CallAddSecond},
	} {
		for _, call := range held {
			t.Run(string(source)+" "+string(call), func(t *testing.T) {
				t.Parallel()
				ends := func(times int) (*world, Outcome) {
					w := newWorld(t, ways{})
					if source == profile.ByPoor {
						w.balance.Real = eur("0.10")
					}
					w.beside(call, times)
					w.consent(source, map[profile.Source]string{profile.ByPromo: "OWN"}[source])
					w.run()
					return w, w.r.Done[source]
				}
				_, want := ends(0)
				w, got := ends(8)
				if got.How != Done || !slices.Equal(got.Lessons, want.Lessons) || len(w.cart) > 0 {
					t.Errorf("it ended %s: %+v, %v, with %+v in the cart; want %v", got.How, got.Failure, got.Lessons, w.cart, want.Lessons)
				}
				for i, c := range w.calls {
					if c == call && slices.Contains(w.calls[:i], call) && w.calls[i-1].Announced() {
						t.Errorf("%s is tried again after %s, and nothing is read before it", c, w.calls[i-1])
					}
				}
				if w, got = ends(-1); got.How != Failed || got.Failure.Code != CodeBeside || len(w.cart) > 0 {
					t.Errorf("held back for ever it ended %s: %+v", got.How, got.Failure)
				}
				if waited := w.now.Sub(begin); waited < 25*time.Minute || waited > 40*time.Minute {
					t.Errorf("it has waited for %s", waited)
				}
			})
		}
	}
}

// TestHeldBackWaitsForRows: nothing is added beside the row of a purchase that was in the way, and
// what else has come into the cart meanwhile ends the experiment.
func TestHeldBackWaitsForRows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ways{})
	w.beside(CallAddTwo, 1)
	w.consent(profile.ByCount, "")
	w.until(CallAddTwo)
	w.step()
	w.add(goods[1], 1)
	w.purchased = []string{w.cart[0].ID}
	for began := w.now; w.now.Sub(began) < time.Minute; {
		w.step()
	}
	if n := len(slices.DeleteFunc(slices.Clone(w.calls), func(c Call) bool { return c != CallAddTwo })); n != 1 {
		t.Fatalf("it has tried to add %d times, with the row there", n)
	}
	left := w.cart
	w.cart = nil
	w.run()
	if o := w.r.Done[profile.ByCount]; o.How != Done {
		t.Errorf("it ended %s: %+v", o.How, o.Failure)
	}

	w.beside(CallAddTwo, 1)
	w.consent(profile.ByCount, "")
	w.until(CallAddTwo)
	w.step()
	w.cart, w.purchased = left, nil
	w.run()
	if o := w.r.Done[profile.ByCount]; o.How != Failed || o.Failure.Code != CodeForeign || len(w.cart) != 1 {
		t.Errorf("beside a row of somebody's it ended %s: %+v", o.How, o.Failure)
	}
}

// TestHeldBackIsStopped by the person at once.
func TestHeldBackIsStopped(t *testing.T) {
	t.Parallel()
	for _, flying := range []bool{false, true} {
		w := newWorld(t, ways{})
		w.beside(CallAddTwo, -1)
		w.consent(profile.ByCount, "")
		a := w.until(CallAddTwo)
		if flying {
			w.do(Calling{Source: a.Source, Call: a.Call})
			w.do(Stop{Source: a.Source})
			w.do(Answered{Source: a.Source, Call: a.Call, Failure: &Failure{Kind: zomro.Transient, Unsent: true, Code: CodeBeside}})
		} else {
			w.step()
			w.do(Stop{Source: a.Source})
		}
		w.run()
		if o := w.r.Done[profile.ByCount]; o.How != Stopped || o.Failure != nil {
			t.Errorf("it ended %s: %+v", o.How, o.Failure)
		}
	}
}

// TestWhatATrialAdds is known as long as a look of somebody else may not show it yet.
func TestWhatATrialAdds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, ways{})
	w.consent(profile.ByCount, "")
	a := w.until(CallAddTwo)
	if at, _ := w.r.Looked(); w.r.Adding() || !w.r.AddedBy.IsZero() || at.IsZero() {
		t.Errorf("before it adds: %v, %s, it has looked at %s", w.r.Adding(), w.r.AddedBy, at)
	}
	w.do(Calling{Source: a.Source, Call: a.Call})
	if !w.r.Adding() || w.r.AddedBy != w.now.Add(late) {
		t.Errorf("while it adds: %v, by %s", w.r.Adding(), w.r.AddedBy)
	}
	lost := w.r
	w.do(w.carry(a))
	if w.r.Adding() || w.r.AddedBy != w.now || len(w.r.InCart()) != 1 {
		t.Errorf("after it has added: %v, by %s, %v", w.r.Adding(), w.r.AddedBy, w.r.InCart())
	}
	w.r, w.now = lost, w.now.Add(time.Minute)
	w.do(Resumed{})
	if w.r.Adding() || w.r.AddedBy != w.now.Add(late) {
		t.Errorf("after that was lost: %v, by %s", w.r.Adding(), w.r.AddedBy)
	}
	w.do(Gone{})
	if w.r.Running != nil || w.r.AddedBy != w.now.Add(late) {
		t.Errorf("after the account has gone: by %s", w.r.AddedBy)
	}
}
