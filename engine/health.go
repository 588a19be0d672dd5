package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/home"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// Health is how the bot is at one moment. It holds nothing of a person.
type Health struct {
	At time.Time // that moment, by the bot's clock

	Open         map[purchase.State]int          // purchases that are not at their end, by state
	Held         map[conversation.HeldBy]int     // those of them that may not go on now, by what holds them up
	Damaged      int                             // those that cannot be read
	UnknownSince time.Time                       // since when the oldest in StateUnknown is; zero: none is
	Asked        map[purchase.QuestionKind]Asked // those of them that wait for a person's answer, by what they ask
	Stopped      bool                            // an owner has stopped all purchases
	StoppedFor   string                          // what the owner said why

	Outbox      int       // what is on its way out
	OutboxSince time.Time // since when the oldest of it is; zero: nothing is
	Unsaid      int       // dialogues for which something is kept that could not be said

	Vendor zomro.Pulse
	Heard  time.Time // when a poll or a webhook of Telegram last worked, or the bot was made
	Deaf   error     // set: nothing was heard for a minute, and why

	Size uint64 // of the store, in bytes; 0: not known
	Free uint64 // on its disk, or of what its cluster may take, in bytes; with RoomKnown
	// RoomKnown: the engine and the system tell how much is free.
	RoomKnown bool
}

// Asked are purchases that wait for a person's answer.
type Asked struct {
	Count int
	Since time.Time // since when the oldest of them does
}

// Health tells how the bot is. It reads the purchases that are not at their end, and no
// others. An error means that the store cannot be read.
func (e *Engine) Health(ctx context.Context) (Health, error) {
	h := Health{At: e.now(), Open: map[purchase.State]int{}, Held: map[conversation.HeldBy]int{}, Asked: map[purchase.QuestionKind]Asked{}, Vendor: e.vendor.Pulse()}
	if e.chat != nil { // it was started
		h.Heard, h.Deaf = e.chat.edge.Heard(), e.chat.edge.Deaf()
	}
	h.Outbox, h.OutboxSince = e.posts.waiting()
	h.Unsaid = e.missed.count()
	ids, err := journal.OpenPurchases(ctx, e.store)
	if err != nil {
		return Health{}, err
	}
	for _, id := range ids {
		p, found, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
		switch {
		case storage.Damaged(err):
			h.Damaged++
		case err != nil:
			return Health{}, err
		case found:
			h.count(p)
		}
	}
	var stop hold
	if stop, h.Stopped, err = storage.Read[hold](ctx, e.store, holdKey); err != nil && !storage.Damaged(err) {
		return Health{}, err
	}
	h.StoppedFor = stop.Reason
	return h, h.measure(ctx, e.store)
}

// tellHealth tells an owner how the bot is.
func (e *Engine) tellHealth(ctx context.Context, key chat.Key, lang string, also func(storage.Tx) error) error {
	h, err := e.Health(ctx)
	if err == nil {
		said := h.view(e.version, e.started).Screen()
		err = e.transact(ctx, key, func(t *transaction) error { return t.post(post{To: key, Lang: lang, Notice: &said}) }, also)
	}
	if err != nil {
		return fmt.Errorf("/%s: %w", home.CommandHealth, err)
	}
	return nil
}

// view is what owners are told of it.
func (h Health) view(version string, started time.Time) home.Health {
	v := home.Health{
		Version: version, Up: h.At.Sub(started),
		Deaf: h.Deaf != nil, Silent: time.Since(h.Heard), Unsaid: h.Unsaid,
		Asked: h.Vendor != zomro.Pulse{}, Answers: h.Vendor.Well(),
		Unknown: h.Open[purchase.StateUnknown], Damaged: h.Damaged, Stopped: h.Stopped, StoppedFor: h.StoppedFor,
		Outbox: h.Outbox, Size: int64(min(h.Size, math.MaxInt64)), Free: -1,
	}
	if !h.Vendor.Answered.IsZero() {
		v.Answered = time.Since(h.Vendor.Answered)
	}
	if !h.UnknownSince.IsZero() {
		v.UnknownFor = h.At.Sub(h.UnknownSince)
	}
	if !h.OutboxSince.IsZero() {
		v.OutboxFor = h.At.Sub(h.OutboxSince)
	}
	for _, n := range h.Open {
		v.Open += n
	}
	for _, n := range h.Held {
		v.Held += n
	}
	for _, a := range h.Asked {
		v.Waiting += a.Count
		v.WaitingFor = max(v.WaitingFor, h.At.Sub(a.Since))
	}
	if h.RoomKnown {
		v.Free, v.Full = int64(min(h.Free, math.MaxInt64)), h.Free < MinFree
	}
	return v
}

// count counts a purchase that is not at its end. One that is may still be looked after, for
// its money is not seen yet.
func (h *Health) count(p journal.Entry) {
	if p.Record.State.Ended() {
		return
	}
	h.Open[p.Record.State]++
	if p.Held != nil {
		h.Held[p.Held.By]++
	}
	if since := p.Record.Since; p.Record.State == purchase.StateUnknown && (h.UnknownSince.IsZero() || since.Before(h.UnknownSince)) {
		h.UnknownSince = since
	}
	if q := p.Record.Open(); q != nil {
		since := q.Since
		if since.IsZero() {
			since = p.Record.Since
		}
		a := h.Asked[q.Kind]
		if a.Count++; a.Since.IsZero() || since.Before(a.Since) {
			a.Since = since
		}
		h.Asked[q.Kind] = a
	}
}

// measure looks how much room the store takes, and has.
func (h *Health) measure(ctx context.Context, store storage.Store) error {
	var err error
	if h.Size, err = storage.Size(ctx, store); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	h.Free, err = storage.Free(ctx, store)
	h.RoomKnown = err == nil
	if errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return err
}

// waiting returns how many posts are on their way, and since when the oldest is: their
// numbers are the times at which they were decided, in nanoseconds.
func (p *posts) waiting() (count int, since time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key := range p.known {
		_, number, _ := cutLast(key)
		nanos, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			continue // it is not ours
		}
		if at := time.Unix(0, nanos); since.IsZero() || at.Before(since) {
			since = at
		}
	}
	return len(p.known), since
}

func (m *missed) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.set)
}
