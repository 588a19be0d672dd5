package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"zomrobot/purchase"
	"zomrobot/zomro"
)

// A look is a reading call that is made at the same time as others, and what it came to.
type look struct {
	call   purchase.Call
	answer purchase.Answered
	took   time.Duration // by a clock that nobody sets
	err    error
}

// lookAtOnce makes the reading calls that can be made together with the one that is due,
// and moves the record by their answers; seen reports whether it has moved it. It does so
// only if every one of them was answered and together they lead straight on. If not,
// whatever they brought is forgotten, and the calls are made one after the other. That is so from then
// on for an account where one failed, for the vendor may not serve them beside each
// other; and always where a session that ends because of it could not be renewed.
func (r *run) lookAtOnce(ctx context.Context, call purchase.Call) (seen bool, err error) {
	e, was := r.engine, r.now
	calls := purchase.Together(was.Record)
	if r.alone || len(calls) < 2 || calls[0] != call || !e.mayLookAtOnce(ctx, r) {
		return false, nil
	}
	defer func() { r.alone = !seen }()
	began := e.now()
	looks, whole := e.lookBeside(ctx, r, calls)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	var failed error
	for _, l := range looks {
		failed = errors.Join(failed, l.err)
	}
	if failed != nil {
		e.apart.Store(was.Record.Account, true)
		e.log.WarnContext(ctx, "reading calls of a purchase, made at the same time, failed; those of its account are made one after the other from now on", "error", zomro.Wordless(failed))
		return false, nil
	}
	ended := e.now()
	now, steps := was, r.steps[:len(r.steps):len(r.steps)]
	now.Held = nil
	for _, l := range looks {
		if l.call == purchase.CallCart && l.took < whole && leadsToPaying(was.Record) {
			break // it was not the last that came back: it is looked at once more, alone
		}
		asked, err := e.stepAt(now.Record, purchase.Calling{Call: l.call}, began)
		if err == nil {
			var answered step
			answered, err = e.stepAt(asked.is, l.answer, ended)
			now.Record, steps = answered.is, append(steps, asked, answered)
		}
		if errors.Is(err, errStale) {
			return false, nil // they led elsewhere
		}
		if err != nil {
			return false, err
		}
	}
	if !purchase.Straight(was.Record, now.Record) {
		return false, nil
	}
	e.log.InfoContext(ctx, "a purchase made calls at the same time", "calls", len(calls))
	r.now, r.steps = now, steps
	return true, nil
}

// leadsToPaying reports whether the cart that is looked at is what is paid next.
func leadsToPaying(r purchase.Record) bool {
	return r.State != purchase.StateChecking && r.State != purchase.StateSettling
}

// headStart is which part of the time that the calls of the purchase's last set took the
// look at the cart lets the others have, so that it is the last that comes back. The first
// set since the runner began has none: if the cart comes back too early it is looked at
// once more.
const headStart = 4

// mayLookAtOnce reports whether calls of the purchase's account may be made at the same
// time.
func (e *Engine) mayLookAtOnce(ctx context.Context, r *run) bool {
	id := r.now.Record.Account
	if _, apart := e.apart.Load(id); apart || id == "" {
		return false
	}
	a, err := e.accounts.Get(ctx, r.now.Payer(), id)
	return err == nil && a.Username != ""
}

// lookBeside makes the calls at the same time, each once, and returns when all of them
// are back. The look at the cart that is paid next begins a little later. whole is how
// long it took in all.
func (e *Engine) lookBeside(ctx context.Context, r *run, calls []purchase.Call) (looks []look, whole time.Duration) {
	record, vendor := r.now.Record, e.vendor.AtOnce()
	looks = make([]look, len(calls))
	lang := e.langOf(ctx, r.now.Owner)
	var under sync.WaitGroup
	began := time.Now()
	for i, call := range calls {
		under.Go(func() {
			l := look{call: call}
			if call == purchase.CallCart && leadsToPaying(record) {
				wait(ctx, r.took/headStart)
			}
			l.err = e.accounts.Once(ctx, r.now.Payer(), record.Account, lang, func(auth zomro.Auth) (err error) {
				l.answer, err = e.readFor(ctx, vendor, auth, record, call)
				return err
			})
			l.took = time.Since(began)
			looks[i] = l
		})
	}
	under.Wait()
	for _, l := range looks {
		whole = max(whole, l.took)
	}
	r.took = whole
	return looks, whole
}

// wait waits by a clock that nobody sets.
func wait(ctx context.Context, by time.Duration) {
	timer := time.NewTimer(by)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
