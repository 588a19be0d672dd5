package etcd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"go.etcd.io/etcd/api/v3/mvccpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"zomrobot/storage"
)

// How long one request may take at most, and how the next waits after one that failed.
const (
	requestWithin = 3 * time.Second
	firstPause    = 50 * time.Millisecond
)

// silent is how long a connection is silent before it is looked whether its member is still
// there. gRPC takes no less.
const silent = 10 * time.Second

// within is how long one request may take. One that a member has passed on to a leader that
// is gone is never answered: it has to be sent again well before the lease ends.
func (c Config) within() time.Duration { return min(requestWithin, c.Lease/renewals) }

// Cluster is a connection to a cluster.
type Cluster struct {
	client *clientv3.Client // nil: it was not reached yet
	config Config
	log    *slog.Logger
	now    func() time.Time
	known  bool // it has let us in

	unusable atomic.Pointer[time.Time] // see Unusable
}

// Connect prepares the connection to a cluster. It does not wait for it: a cluster that is
// not there may come.
func Connect(c Config, log *slog.Logger) *Cluster {
	return &Cluster{config: c, log: log, now: time.Now}
}

// reach makes the connection. With a user it logs in, which needs the cluster.
func (c *Cluster) reach() error {
	if c.client != nil {
		return nil
	}
	client, err := clientv3.New(clientv3.Config{
		Endpoints: c.config.Endpoints, TLS: c.config.TLS,
		Username: c.config.user, Password: c.config.password,
		DialTimeout:          requestWithin,
		DialKeepAliveTime:    silent,
		DialKeepAliveTimeout: requestWithin,
		Logger:               zap.NewNop(),
	})
	if err != nil {
		return err
	}
	c.client = client
	return nil
}

// Close ends the connection. It is for one that does not lead: else the engine is closed.
func (c *Cluster) Close() error {
	if c.client == nil {
		return nil
	}
	return c.client.Close()
}

// Unusable is since when the cluster cannot be used by a process that waits to lead, as no
// member answers or they have no majority or no room; zero: it can.
func (c *Cluster) Unusable() time.Time {
	if since := c.unusable.Load(); since != nil {
		return *since
	}
	return time.Time{}
}

// retried notes that a request is made once more.
func (c *Cluster) retried() {
	if c.config.Retried != nil {
		c.config.Retried()
	}
}

func (c *Cluster) leaderKey() string { return c.config.Prefix + "leader" }
func (c *Cluster) markKey() string   { return c.config.Prefix + "mark" }
func (c *Cluster) dataKey(key string) string {
	return c.config.Prefix + "d/" + key
}

// Lead waits until this process alone leads, and returns the engine; it owns the
// connection from then on. Meanwhile follow is told of each mark that the leader saves. A
// cluster that is not reached, or is full, is waited for, too. An error of follow ends that, and
// what the cluster refuses is an error, [storage.ErrAccess] if it does not let us in and
// [storage.ErrMark] of a mark that is none.
func (c *Cluster) Lead(ctx context.Context, follow func(mark int64) error) (*Backend, error) {
	for pause := firstPause; ; {
		b, err := c.lead(ctx, follow)
		switch {
		case err == nil:
			return b, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case !c.known && keptOut(err):
			return nil, fmt.Errorf("%w: %w", storage.ErrAccess, err)
		case !mayPass(err) && !errors.Is(err, rpctypes.ErrNoSpace):
			return nil, fmt.Errorf("storage: lead: %w", err)
		}
		c.retried()
		if since := c.now(); c.unusable.CompareAndSwap(nil, &since) {
			c.log.WarnContext(ctx, "the cluster of the store cannot be used yet", "error", err)
		} else {
			c.log.DebugContext(ctx, "the cluster of the store can still not be used", "error", err)
		}
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
		pause = min(2*pause, c.config.within()/2)
	}
}

// TryLead is Lead for who does not wait for another that leads: then the error is
// [storage.ErrLocked].
func (c *Cluster) TryLead(ctx context.Context) (*Backend, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*requestWithin)
	defer cancel()
	b, err := c.campaign(ctx)
	switch {
	case err != nil && keptOut(err):
		return nil, fmt.Errorf("%w: %w", storage.ErrAccess, err)
	case err != nil:
		return nil, fmt.Errorf("storage: lead: %w", err)
	case b == nil:
		return nil, storage.ErrLocked
	}
	return b, nil
}

// lead is Lead up to the first error.
func (c *Cluster) lead(ctx context.Context, follow func(int64) error) (*Backend, error) {
	for waited := false; ; waited = true {
		b, err := c.campaign(ctx)
		if err != nil {
			return nil, err
		}
		c.known = true
		if c.unusable.Swap(nil) != nil {
			c.log.InfoContext(ctx, "the cluster of the store can be used again")
		}
		if b != nil {
			return b, nil
		}
		if !waited {
			c.log.InfoContext(ctx, "another bot is active; this one waits to take over")
		}
		if err := c.follow(ctx, follow); err != nil {
			return nil, err
		}
	}
}

// once makes a request that may take so long.
func once[R any](ctx context.Context, within time.Duration, request func(context.Context) (R, error)) (R, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	return request(ctx)
}

// campaign tries to lead; nil: somebody else does.
func (c *Cluster) campaign(ctx context.Context) (*Backend, error) {
	if !c.known && c.config.TLS != nil {
		if err := c.shakeHands(ctx); err != nil {
			return nil, err
		}
	}
	if err := c.reach(); err != nil {
		return nil, err
	}
	within := c.config.within()
	held, err := once(ctx, within, func(ctx context.Context) (*clientv3.GetResponse, error) {
		return c.client.Get(ctx, c.leaderKey())
	})
	if err != nil || held.Count > 0 {
		return nil, err
	}
	asked := c.now()
	granted, err := once(ctx, within, func(ctx context.Context) (*clientv3.LeaseGrantResponse, error) {
		return c.client.Grant(ctx, int64(c.config.Lease/time.Second))
	})
	if err != nil {
		return nil, err
	}
	made, err := once(ctx, within, func(ctx context.Context) (*clientv3.TxnResponse, error) {
		return c.client.Txn(ctx).
			If(clientv3.Compare(clientv3.CreateRevision(c.leaderKey()), "=", 0)).
			Then(clientv3.OpPut(c.leaderKey(), "0", clientv3.WithLease(granted.ID))).
			Commit()
	})
	if err != nil || !made.Succeeded {
		// It may have been made all the same: then it ends with the lease.
		soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), within)
		defer cancel()
		c.giveBack(soon, granted.ID)
		return nil, err
	}
	return newBackend(c, newTerm(granted.ID, c.config.Lease, asked, c.now), made.Header.Revision), nil
}

// giveBack ends a lease at once, as soon as the cluster is reached.
func (c *Cluster) giveBack(ctx context.Context, id clientv3.LeaseID) {
	within := c.config.within()
	for pause := firstPause; ; pause = min(2*pause, within/2) {
		_, err := once(ctx, within, func(ctx context.Context) (*clientv3.LeaseRevokeResponse, error) {
			return c.client.Revoke(ctx, id)
		})
		if err == nil || errors.Is(err, rpctypes.ErrLeaseNotFound) {
			return
		}
		c.log.DebugContext(ctx, "a lease is not given back yet; it may end by itself", "error", err)
		if !mayPass(err) || sleep(ctx, pause) != nil {
			return
		}
	}
}

// errNotKept is a fault of who waits, not of the cluster.
var errNotKept = errors.New("the mark that the active bot has told cannot be kept here, so this bot must not take over")

// errWatchOver ends a watch that the client has given up; another one is begun.
var errWatchOver = errors.New("storage: the watch is over")

// follow waits until nobody leads, and tells of the marks meanwhile.
func (c *Cluster) follow(ctx context.Context, tell func(int64) error) error {
	revision, err := c.led(ctx, tell)
	if err != nil || revision == 0 {
		return err
	}
	ctx, cancel := context.WithCancel(clientv3.WithRequireLeader(ctx))
	defer cancel()
	next := clientv3.WithRev(revision + 1)
	gone := c.client.Watch(ctx, c.leaderKey(), next, clientv3.WithFilterPut())
	marks := c.client.Watch(ctx, c.markKey(), next, clientv3.WithFilterDelete())
	// The member that is watched may be gone with its machine, and with the bot that leads:
	// then no answer comes, and no error either for long.
	look := time.NewTicker(c.config.within())
	defer look.Stop()
	for {
		var seen clientv3.WatchResponse
		ok, over := false, false
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
			if revision, err = c.led(ctx, tell); err == nil && revision > 0 {
				continue
			}
			return err
		case seen, ok = <-gone:
			over = len(seen.Events) > 0
		case seen, ok = <-marks:
			err = told(tell, seen)
		}
		switch {
		case !ok:
			return errWatchOver
		case seen.Err() != nil:
			return seen.Err()
		case err != nil || over:
			return err
		}
	}
}

// led returns the revision at which somebody leads, 0 when nobody does, and tells of the
// mark: what is there while somebody leads is no older copy.
func (c *Cluster) led(ctx context.Context, tell func(int64) error) (int64, error) {
	is, err := once(ctx, c.config.within(), func(ctx context.Context) (*clientv3.TxnResponse, error) {
		return c.client.Txn(ctx).Then(clientv3.OpGet(c.leaderKey()), clientv3.OpGet(c.markKey())).Commit()
	})
	if err != nil || is.Responses[0].GetResponseRange().Count == 0 {
		return 0, err
	}
	for _, kv := range is.Responses[1].GetResponseRange().Kvs {
		if err := tellOf(tell, kv); err != nil {
			return 0, err
		}
	}
	return is.Header.Revision, nil
}

// told tells of the marks of a watch.
func told(tell func(int64) error, seen clientv3.WatchResponse) error {
	for _, event := range seen.Events {
		if err := tellOf(tell, event.Kv); err != nil {
			return err
		}
	}
	return nil
}

func tellOf(tell func(int64) error, kv *mvccpb.KeyValue) error {
	n, err := strconv.ParseInt(string(kv.Value), 10, 64)
	if err != nil {
		return fmt.Errorf("%w: %s in the cluster; delete that key and restart the active bot", storage.ErrMark, kv.Key)
	}
	if err := tell(n); err != nil {
		return fmt.Errorf("%w: %w", errNotKept, err)
	}
	return nil
}

// sleep waits, or less when ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// keptOut reports whether an error says that the cluster does not let us in: by another user,
// password or certificate than it wants, or to other keys than those of the user.
func keptOut(err error) bool {
	for _, refused := range []error{
		errTLS, rpctypes.ErrAuthFailed, rpctypes.ErrUserEmpty, rpctypes.ErrPermissionDenied, rpctypes.ErrInvalidAuthToken,
	} {
		if errors.Is(err, refused) || errors.Is(rpctypes.Error(err), refused) {
			return true
		}
	}
	return false
}

// mayPass reports whether an error of a request may pass by itself: the cluster is not
// reached, has no majority, or is slow. Then it is not known either whether the request
// was carried out.
func mayPass(err error) bool {
	if errors.Is(err, errNotKept) {
		return false
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, storage.ErrMark) {
		return false
	}
	code := codes.Unknown
	var server rpctypes.EtcdError
	if errors.As(err, &server) {
		code = server.Code()
	} else if s, ok := status.FromError(err); ok {
		code = s.Code()
	}
	switch code {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.Aborted, codes.Internal, codes.Unknown:
		return true
	case codes.ResourceExhausted:
		return errors.Is(err, rpctypes.ErrTooManyRequests)
	default:
		return false
	}
}
