package etcd

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// lookForRoom is how often the members are asked how much room there is.
const lookForRoom = 30 * time.Second

// room is how large the files of the members are, as they said last.
type room struct {
	mu      sync.Mutex
	size    uint64 // of the largest; 0: nobody has said
	free    uint64 // of the quota of the one that has least
	limited bool   // free is known: members before 3.6 do not tell their quota
}

// Size is how many bytes the file of a member takes: that of the largest, with the history
// of all keys.
func (b *Backend) Size(context.Context) (uint64, error) {
	b.room.mu.Lock()
	defer b.room.mu.Unlock()
	if b.room.size == 0 {
		return 0, errors.ErrUnsupported
	}
	return b.room.size, nil
}

// Free is how many bytes the file may grow until a member takes no more: none when one takes
// no more already.
func (b *Backend) Free(context.Context) (uint64, error) {
	b.room.mu.Lock()
	defer b.room.mu.Unlock()
	if !b.room.limited {
		return 0, errors.ErrUnsupported
	}
	return b.room.free, nil
}

// keep asks the members now and then.
func (r *room) keep(ctx context.Context, c *Cluster) {
	for {
		r.look(ctx, c)
		if sleep(ctx, lookForRoom) != nil {
			return
		}
	}
}

// look asks all members. One that does not answer says nothing; when none does, what was
// known stays.
func (r *room) look(ctx context.Context, c *Cluster) {
	var is room
	for _, endpoint := range c.config.Endpoints {
		says, err := once(ctx, c.config.within(), func(ctx context.Context) (*clientv3.StatusResponse, error) {
			return c.client.Status(ctx, endpoint)
		})
		if err != nil {
			c.log.DebugContext(ctx, "a member of the store does not say how much room it has", "member", endpoint, "error", err)
			continue
		}
		is.add(says)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if is.size > 0 {
		r.size, r.free, r.limited = is.size, is.free, is.limited
	}
}

// add takes in what a member says. That one takes no more is said by all.
func (r *room) add(says *clientv3.StatusResponse) {
	size, quota := uint64(max(says.DbSize, 0)), uint64(max(says.DbSizeQuota, 0))
	full := false
	for _, what := range says.Errors {
		full = full || strings.Contains(what, "NOSPACE")
	}
	r.size = max(r.size, size)
	if quota == 0 && !full {
		return
	}
	free := uint64(0)
	if !full && quota > size {
		free = quota - size
	}
	if !r.limited || free < r.free {
		r.free, r.limited = free, true
	}
}
