package engine

import (
	"zomrobot/chat"
	accountflow "zomrobot/conversation/account"
	"zomrobot/engine/journal"
	"zomrobot/job"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/watch"
)

// serversTold remembers of which servers the person was told.
func (t *transaction) serversTold(told accountflow.ServersTold) error {
	return t.watched(t.key.User, told.Account, func(r watch.Record) watch.Record {
		return r.Told(told.Servers).TrafficTold(told.Traffic)
	})
}

// watchJob remembers of a job that is about to be sent that it may stop its server, as long
// as it may: that it is down then is no news to whoever holds the account.
func (t *transaction) watchJob(was, is job.Record) error {
	if !is.Order.Op.MayStop() || is.Called.IsZero() {
		return nil
	}
	return t.watched(is.Holder(), is.Order.Account, func(r watch.Record) watch.Record {
		if !was.Called.Equal(is.Called) {
			r = r.Ask(is.Order.Server, is.Until())
		}
		if is.Stage.Ended() {
			r = r.Answered(is.Order.Server, t.engine.now())
		}
		return r
	})
}

// watchBought has the servers of whoever pays looked at once one more of them is active.
func (t *transaction) watchBought(was, is journal.Entry) error {
	if is.Record.State != purchase.StateActive || was.Record.State == is.Record.State || is.Record.Prolong != nil {
		return nil
	}
	return t.post(post{To: chat.Key{Chat: is.Payer(), User: is.Payer()}, Told: &told{ServerBought: true}})
}

// watched changes what is remembered of the servers of an account.
func (t *transaction) watched(user int64, account string, change func(watch.Record) watch.Record) error {
	key := journal.WatchedKey(user, account)
	r, _, err := storage.Get[watch.Record](t.tx, key)
	if err != nil {
		return err
	}
	return storage.Put(t.tx, key, change(r))
}
