package etcd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"go.etcd.io/etcd/api/v3/mvccpb"
	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"zomrobot/storage"
)

// How long one request may take, and how the next waits after one that failed.
const (
	requestWithin = 3 * time.Second
	firstPause    = 50 * time.Millisecond
	longestPause  = time.Second
)

// Cluster is a connection to a cluster.
type Cluster struct {
	client *clientv3.Client
	config Config
	log    *slog.Logger
	now    func() time.Time
}

// Connect prepares the connection to a cluster. It does not wait for it: a cluster that is
// not there may come.
func Connect(c Config, log *slog.Logger) (*Cluster, error) {
	client, err := clientv3.New(clientv3.Config{
		Endpoints: c.Endpoints, TLS: c.TLS,
		Username: c.user, Password: c.password,
		DialTimeout:          requestWithin,
		DialKeepAliveTime:    requestWithin, // a member that is cut off is noticed
		DialKeepAliveTimeout: requestWithin,
		Logger:               zap.NewNop(),
	})
	if err != nil {
		return nil, fmt.Errorf("storage: reach the cluster of the store: %w", err)
	}
	return &Cluster{client: client, config: c, log: log, now: time.Now}, nil
}

// Close ends the connection. It is for one that does not lead: else the engine is closed.
func (c *Cluster) Close() error { return c.client.Close() }

func (c *Cluster) leaderKey() string { return c.config.Prefix + "leader" }
func (c *Cluster) markKey() string   { return c.config.Prefix + "mark" }
func (c *Cluster) dataKey(key string) string {
	return c.config.Prefix + "d/" + key
}

// Lead waits until this process alone leads, and returns the engine; it owns the
// connection from then on. Meanwhile follow is told of each mark that the leader saves. A
// cluster that is not reached is waited for, too; what it refuses is an error.
func (c *Cluster) Lead(ctx context.Context, follow func(mark int64) error) (*Backend, error) {
	for pause := firstPause; ; {
		b, err := c.lead(ctx, follow)
		switch {
		case err == nil:
			return b, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case !mayPass(err):
			return nil, fmt.Errorf("storage: lead: %w", err)
		}
		c.log.WarnContext(ctx, "the cluster of the store cannot be used yet", "error", err)
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
		pause = min(2*pause, longestPause)
	}
}

// TryLead is Lead for who does not wait for another that leads: then the error is
// [storage.ErrLocked].
func (c *Cluster) TryLead(ctx context.Context) (*Backend, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*requestWithin)
	defer cancel()
	b, err := c.campaign(ctx)
	switch {
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
		if b != nil || err != nil {
			return b, err
		}
		if !waited {
			c.log.InfoContext(ctx, "another bot is active; this one waits to take over")
		}
		if err := c.follow(ctx, follow); err != nil {
			return nil, err
		}
	}
}

// campaign tries to lead; nil: somebody else does.
func (c *Cluster) campaign(ctx context.Context) (*Backend, error) {
	asked := c.now()
	within, cancel := context.WithTimeout(ctx, requestWithin)
	defer cancel()
	if held, err := c.client.Get(within, c.leaderKey()); err != nil || held.Count > 0 {
		return nil, err
	}
	granted, err := c.client.Grant(within, int64(c.config.Lease/time.Second))
	if err != nil {
		return nil, err
	}
	made, err := c.client.Txn(within).
		If(clientv3.Compare(clientv3.CreateRevision(c.leaderKey()), "=", 0)).
		Then(clientv3.OpPut(c.leaderKey(), "0", clientv3.WithLease(granted.ID))).
		Commit()
	if err != nil || !made.Succeeded {
		// It may have been made all the same: then it ends with the lease.
		c.revoke(granted.ID)
		return nil, err
	}
	return newBackend(c, newTerm(granted.ID, c.config.Lease, asked, c.now), made.Header.Revision), nil
}

// revoke ends a lease at once, if the cluster is reached; else it ends by itself.
func (c *Cluster) revoke(id clientv3.LeaseID) {
	ctx, cancel := context.WithTimeout(context.Background(), requestWithin)
	defer cancel()
	if _, err := c.client.Revoke(ctx, id); err != nil {
		c.log.DebugContext(ctx, "a lease was not given back and ends by itself", "error", err)
	}
}

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
	for {
		var seen clientv3.WatchResponse
		ok, over := false, false
		select {
		case <-ctx.Done():
			return ctx.Err()
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
	ctx, cancel := context.WithTimeout(ctx, requestWithin)
	defer cancel()
	is, err := c.client.Txn(ctx).Then(clientv3.OpGet(c.leaderKey()), clientv3.OpGet(c.markKey())).Commit()
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
		return fmt.Errorf("%w: the mark beside it is not a number", storage.ErrDamaged)
	}
	return tell(n)
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

// mayPass reports whether an error of a request may pass by itself: the cluster is not
// reached, has no majority, or is slow. Then it is not known either whether the request
// was carried out.
func mayPass(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, storage.ErrDamaged) {
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
