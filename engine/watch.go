package engine

import (
	"errors"

	"zomrobot/chat"
	accountflow "zomrobot/conversation/account"
	"zomrobot/engine/handlers"
	"zomrobot/engine/journal"
	"zomrobot/job"
	"zomrobot/purchase"
	"zomrobot/watch"
	"zomrobot/zomro"
)

// serversTold remembers of which servers the person was told.
func (t *transaction) serversTold(told accountflow.ServersTold) error {
	return handlers.Watched(t.tx, t.key.User, told.Account, func(r watch.Record) watch.Record {
		return r.Told(told.Servers).TrafficTold(told.Traffic)
	})
}

// noteMissing has the purchases of servers told that they are missing, once.
func (t *transaction) noteMissing(note accountflow.NoteMissing) error {
	if err := t.post(post{To: t.key, Missing: &note}); err != nil {
		return err
	}
	return handlers.Watched(t.tx, t.key.User, note.Account, func(r watch.Record) watch.Record {
		return r.Note(note.Missing, note.Back)
	})
}

// watchJob remembers of a job that it may stop its server, from before it is sent until it is
// known what came of it: that the server is down is no news then to whoever holds the account.
// A job that the vendor refused for another operation has done nothing until it is sent again.
func (t *transaction) watchJob(was, is job.Record, event job.Event) error {
	op := is.Order.Op
	asked := !is.Called.IsZero() && !was.Called.Equal(is.Called)
	known := !was.Called.IsZero() && was.Stage != job.Waiting && (is.Stage.Known() || is.Stage == job.Waiting)
	shown := shownBy(event)
	ran := is.Stage.Known() && shown != nil && (op.MayStop() || op == job.Start)
	asked, known = asked && op.MayStop(), known && op.MayStop()
	if !asked && !known && !ran {
		return nil
	}
	return handlers.Watched(t.tx, is.Holder(), is.Order.Account, func(r watch.Record) watch.Record {
		if asked {
			r = r.Ask(is.Order.Server, is.Called)
		}
		if known {
			r = r.Settle(is.Order.Server, t.engine.now())
		}
		if ran {
			r = r.Ran(*shown, t.engine.now())
		}
		return r
	})
}

// shownBy is how a look of a job shows its server; nil: it does not.
func shownBy(event job.Event) *zomro.Service {
	switch e := event.(type) {
	case job.Looked:
		return e.Sight.Service
	case job.Weighed:
		return e.Sight.Service
	default:
		return nil
	}
}

// watchBought has the servers of whoever pays looked at once more of them are found, and once
// they are active: what was bought is missed where it is not listed any more.
func (t *transaction) watchBought(was, is journal.Entry) error {
	if !seen(is.Record) || was.Record.State == is.Record.State {
		return nil
	}
	var servers []string
	for _, s := range is.Record.Services {
		servers = append(servers, s.ID)
	}
	return errors.Join(
		handlers.Watched(t.tx, is.Payer(), is.Record.Account, func(r watch.Record) watch.Record { return r.Expect(servers) }),
		t.post(post{To: chat.Key{Chat: is.Payer(), User: is.Payer()}, Told: &told{ServerBought: true}}),
	)
}

// seen reports whether the account has shown servers that a purchase has paid for.
func seen(r purchase.Record) bool {
	return r.Prolong == nil && (r.State == purchase.StateActivating || r.State == purchase.StateActive)
}
