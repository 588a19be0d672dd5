package engine

import (
	accountflow "zomrobot/conversation/account"
	"zomrobot/engine/journal"
	"zomrobot/job"
	"zomrobot/storage"
	"zomrobot/watch"
)

// serversTold remembers of which servers the person was told.
func (t *transaction) serversTold(told accountflow.ServersTold) error {
	return t.watched(t.key.User, told.Account, func(r watch.Record) watch.Record {
		return r.Told(told.Servers).TrafficTold(told.Traffic)
	})
}

// watchJob remembers of a job that is about to be sent that it may stop its server: that it
// is down then is no news to whoever holds the account.
func (t *transaction) watchJob(was, is job.Record) error {
	if was.Called.Equal(is.Called) || is.Called.IsZero() || !is.Order.Op.MayStop() {
		return nil
	}
	return t.watched(is.Holder(), is.Order.Account, func(r watch.Record) watch.Record { return r.Ask(is.Order.Server, is.Called) })
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
