package engine

import (
	"context"
	"errors"
	"sync"

	"zomrobot/chat"
	serverflow "zomrobot/conversation/server"
	"zomrobot/job"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// actTogether opens a batch, with a job for each of several servers. Those with which
// something is being done already are left out, and named.
func (t *transaction) actTogether(acts serverflow.Acts) ([]chat.Event, error) {
	first := acts.Orders[0]
	of, why, err := t.operates(first, acts.Status, acts.Holder)
	if err != nil {
		return nil, err
	}
	if why != "" {
		return []chat.Event{serverflow.ActRefused{Order: first, Why: why}}, nil
	}
	id, err := newJobID()
	if err != nil {
		return nil, err
	}
	b := job.Batch{ID: id, Owner: t.key, Account: first.Account, Op: first.Op, For: of}
	for _, order := range acts.Orders {
		r, begun, err := t.openJob(order, of, id)
		switch {
		case err != nil:
			return nil, err
		case begun:
			b.Jobs = append(b.Jobs, r.ID)
		default:
			b.Busy = append(b.Busy, order)
		}
	}
	if err := storage.Put(t.tx, batchKey(id), b); err != nil {
		return nil, err
	}
	t.jobs = append(t.jobs, b.Jobs)
	t.opened = append(t.opened, post{To: t.key, Batch: id, Begins: acts.Handed, AsNew: acts.Below, Typed: acts.Typed})
	return nil, nil
}

// recallBatch says with which servers a batch has not done what it was to do, to whoever
// sees its card.
func (t *transaction) recallBatch(recall serverflow.RecallBatch) ([]chat.Event, error) {
	event := serverflow.BatchRecalled{Batch: recall.Batch}
	b, jobs, err := batchOf(t.tx, recall.Batch)
	if err != nil {
		return nil, err
	}
	if b.ID != "" && (b.Owner == t.key || near(b.Owner, t.key)) {
		event.Account, event.Op, event.Servers = b.Account, b.Op, b.Undone(jobs)
	}
	return []chat.Event{event}, nil
}

// batchOf reads a batch and its jobs; a zero one: there is none of that id. A job that
// cannot be read is left out: the others go on.
func batchOf(tx storage.Tx, id string) (job.Batch, []job.Record, error) {
	b, _, err := storage.Get[job.Batch](tx, batchKey(id))
	if err != nil {
		return job.Batch{}, nil, err
	}
	jobs := make([]job.Record, 0, len(b.Jobs))
	for _, id := range b.Jobs {
		r, _, err := storage.Get[job.Record](tx, jobKey(id))
		switch {
		case storage.Damaged(err):
		case err != nil:
			return job.Batch{}, nil, err
		default:
			jobs = append(jobs, r)
		}
	}
	return b, jobs, nil
}

// tellBatch brings the card of a job's batch up to date. When all of its jobs have ended
// it comes as a new message, in the place of the card.
func (t *transaction) tellBatch(was, is job.Record) error {
	card := post{To: is.Owner, Batch: is.Batch}
	switch {
	case was.Stage == is.Stage && was.Unsure == is.Unsure:
		return nil
	case !is.Stage.Ended():
		return t.post(card)
	}
	b, jobs, err := batchOf(t.tx, is.Batch)
	if storage.Damaged(err) {
		t.engine.log.ErrorContext(t.ctx, "a batch cannot be read; its card is not shown", "batch", is.Batch, "error", err)
		return nil
	}
	if err != nil {
		return err
	}
	if !job.Ended(jobs) {
		return t.post(card)
	}
	card.AsNew = true
	return errors.Join(
		t.post(card),
		t.tellAccountHolder(b.For, func(team string) (chat.Screen, bool) { return serverflow.HolderNewsOfBatch(b, jobs, team) }),
	)
}

// showBatch brings a batch's card up to date.
func (e *Engine) showBatch(ctx context.Context, er errand, id string, how placing) error {
	_, found, err := storage.Read[job.Batch](ctx, e.store, batchKey(id))
	if err != nil || !found {
		return err
	}
	draw := func() (picture, error) {
		var b job.Batch
		var jobs []job.Record
		err := e.store.View(ctx, func(tx storage.Tx) (err error) {
			b, jobs, err = batchOf(tx, id)
			return err
		})
		return picture{screen: serverflow.RenderBatch(b, jobs), matter: batchCardKey(id)}, err
	}
	return e.place(ctx, er, batchCardKey(id), draw, how)
}

// lanes let the calls of batches go to the vendor one after the other, for each account:
// so fifty of them do not come at once, and none comes while another of the same session
// is under way. Whether the vendor serves such calls each by itself is not known [i], and
// an answer that is taken for another's would tell of the wrong server.
type lanes struct {
	mu    sync.Mutex
	lanes map[string]chan struct{} // by holder and account; holding one is being in it
	looks map[string]*round        // that have not begun: who comes now shares them
}

// enterLane waits until the lane of a job's account is free. A job that belongs to no
// batch waits for nothing.
func (e *Engine) enterLane(ctx context.Context, r job.Record) (leave func(), err error) {
	if r.Batch == "" {
		return func() {}, nil
	}
	lane := e.lanes.of(laneOf(r))
	select {
	case lane <- struct{}{}:
		return func() { <-lane }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func laneOf(r job.Record) string {
	return chat.Key{Chat: r.Holder(), User: r.Holder()}.String() + " " + r.Order.Account
}

func (l *lanes) of(name string) chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lanes == nil {
		l.lanes, l.looks = map[string]chan struct{}{}, map[string]*round{}
	}
	if l.lanes[name] == nil {
		l.lanes[name] = make(chan struct{}, 1)
	}
	return l.lanes[name]
}

// A round is one look at the servers of an account, for all jobs of batches that wait for
// it.
type round struct {
	over     chan struct{} // closed when services and err are there
	services []zomro.Service
	err      error
}

// join returns the look that has not begun yet; first: it is a new one, and whoever gets
// it makes it.
func (l *lanes) join(name string) (r *round, first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.looks[name]; r != nil {
		return r, false
	}
	r = &round{over: make(chan struct{})}
	l.looks[name] = r
	return r, true
}

// begin has nobody else share a look: it is being made, and would show what was before
// their call.
func (l *lanes) begin(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.looks, name)
}

// seeTogether is see for a job of a batch: one look at the servers of the account serves
// all that are due.
func (e *Engine) seeTogether(ctx context.Context, r job.Record) (job.Sight, error) {
	name := laneOf(r)
	lane := e.lanes.of(name)
	round, first := e.lanes.join(name)
	if first {
		select {
		case lane <- struct{}{}:
			e.lanes.begin(name)
			round.err = e.asAccount(ctx, r.Holder(), r.Owner, r.Order.Account, func(auth zomro.Auth) (err error) {
				round.services, err = e.vendor.Services(ctx, auth)
				return err
			})
			<-lane
		case <-ctx.Done():
			e.lanes.begin(name)
			round.err = ctx.Err()
		}
		close(round.over)
	}
	select {
	case <-round.over:
		return job.Sight{Service: r.ServerIn(round.services)}, round.err
	case <-ctx.Done():
		return job.Sight{}, ctx.Err()
	}
}
