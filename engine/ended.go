package engine

import (
	"context"
	"errors"
	"strings"
	"time"

	"zomrobot/engine/journal"
	"zomrobot/job"
	"zomrobot/storage"
)

// endedFor is how long what hangs on a purchase or a job is kept after its end, at least.
// A charge of the last twelve months may have to be explained by a job.
const endedFor = 400 * 24 * time.Hour

const (
	endedJob      = "action"
	endedPurchase = "purchase"
)

// endedKey lists a purchase or a job with the day of its end, in UTC.
func endedKey(day, kind, id string) string { return endedPrefix + day + "/" + kind + "/" + id }

// noteEnded lists a purchase or a job that has ended.
func (t *transaction) noteEnded(kind, id string) error {
	return mark(t.tx, endedKey(t.engine.now().UTC().Format(seenDay), kind, id))
}

// forgetEnded drops what hangs on the purchases and the jobs that ended long ago. Of a
// purchase its record stays, of a job its lines in the book alone. Nothing is read but what
// is dropped.
func (e *Engine) forgetEnded(ctx context.Context) error {
	const some = 16 // at once
	first := endedPrefix + e.now().Add(-endedFor).UTC().Format(seenDay)
	for {
		keys, err := storage.FirstKeys(ctx, e.store, endedPrefix, "", some)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if key >= first {
				return nil
			}
			if err := e.forgetOne(ctx, key); err != nil {
				return err
			}
		}
		if len(keys) < some {
			return nil
		}
	}
}

// forgetOne drops what hangs on one of them. Its place in the list goes last: what is cut
// short is done again.
func (e *Engine) forgetOne(ctx context.Context, key string) error {
	_, of, _ := strings.Cut(strings.TrimPrefix(key, endedPrefix), "/")
	kind, id, _ := strings.Cut(of, "/")
	var gone []string
	var err error
	switch kind {
	case endedPurchase:
		gone, err = e.leftOfPurchase(ctx, id)
	case endedJob:
		gone, err = e.leftOfJob(ctx, id)
	default:
	}
	if err != nil && !storage.Damaged(err) { // a damaged record is left as it is
		return err
	}
	return e.deleteKeys(ctx, append(gone, key)...)
}

// leftOfPurchase are the keys of what hangs on a purchase and is of no use once it has
// ended: which draft it was opened for, and where its card and its news stand.
func (e *Engine) leftOfPurchase(ctx context.Context, id string) ([]string, error) {
	p, found, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
	if err != nil || !found || !p.Record.State.Ended() {
		return nil, err
	}
	return []string{draftKey(p.Owner, p.Record.Draft), purchaseCardKey(id), alarmingKey(id)}, nil
}

// leftOfJob are the keys of a job that has ended and of its batch. One whose new size is
// still to be decided stays.
func (e *Engine) leftOfJob(ctx context.Context, id string) ([]string, error) {
	r, found, err := storage.Read[job.Record](ctx, e.store, jobKey(id))
	if err != nil || !found || !r.Stage.Ended() || r.Awaits() {
		return nil, err
	}
	gone := []string{jobCardKey(id), jobKey(id)}
	if r.Batch != "" {
		gone = append(gone, batchCardKey(r.Batch), batchKey(r.Batch))
	}
	return gone, nil
}

// forgetOld drops what has become too old to be of use.
func (e *Engine) forgetOld(ctx context.Context) error {
	return errors.Join(e.forgetSeen(ctx), e.forgetEnded(ctx))
}
