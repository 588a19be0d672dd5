package telegram

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"zomrobot/chat"
)

// Raw is an update as Telegram sent it. Its body may hold a secret.
type Raw struct {
	ID    int64     // update_id
	Body  []byte    // one JSON object
	After time.Time // as the inbox noted when it arrived: it was not made before
}

// Update is an update that holds something for the conversation.
type Update struct {
	ID    int64    // as in the inbox
	Key   chat.Key // with the chat's current id; it has no user when the update is about the chat itself
	Title string   // of a group, by its current name
	Event chat.Event
	Date  time.Time // of a message, by Telegram's clock; zero: it has none
	After time.Time // as in the inbox: it was not made before
}

// Handler takes an update. In one transaction it notes that the update was handled and
// removes it from the inbox, where it stands if it had to wait; one that was handled
// before it passes over. After an error it is called again with the same update, until
// it succeeds or the bot stops.
type Handler func(ctx context.Context, u Update) error

// Inbox keeps updates that are not handled at once.
type Inbox interface {
	// After returns since when nothing was waiting at Telegram: what arrives now was
	// not made before.
	After() time.Time
	// Accept keeps, durably, those updates that were neither kept nor handled before,
	// and returns them in their order.
	Accept(ctx context.Context, updates []Raw) (fresh []Raw, err error)
	// Pending returns what was accepted and is not handled yet, in order.
	Pending(ctx context.Context) ([]Raw, error)
	// Discard notes that nobody will handle an update, and removes it.
	Discard(ctx context.Context, id int64) error
	// Emptied notes that nothing is waiting at Telegram: what is accepted later was
	// made later.
	Emptied(ctx context.Context) error
}

// handledWithin is how long a batch waits to be handled before what is left of it is
// kept in the inbox: Telegram is told that it was taken only when all of it is on disk,
// one way or the other.
const handledWithin = 100 * time.Millisecond

// acceptWithin limits how long the inbox may take for a batch.
const acceptWithin = 30 * time.Second

// intake is the one way in for updates.
type intake struct {
	inbox    Inbox
	dispatch *dispatcher
	log      *slog.Logger
	commands []chat.CommandInfo

	mu sync.Mutex
	// doubt: the inbox may hold updates that were not dispatched, left by an
	// earlier run or by an Accept that failed after it had committed.
	doubt bool
}

// take has a batch handled, and keeps in the inbox what is not handled soon. It waits
// while too much is queued already. An error means that the batch must come again.
//
// Updates that hold nothing for the conversation are not even kept.
func (i *intake) take(ctx context.Context, batch []Raw, username string) error {
	if err := i.dispatch.room(ctx); err != nil {
		return fmt.Errorf("wait for room: %w", err)
	}
	after := i.inbox.After()
	decoded := make(map[int64]Update, len(batch))
	wanted := make([]Raw, 0, len(batch))
	for _, raw := range batch {
		raw.After = after
		if u, ok := i.decode(ctx, raw, username); ok {
			u.After = after
			decoded[raw.ID] = u
			wanted = append(wanted, raw)
		}
	}

	left := wanted
	if handled, ok := i.hand(wanted, decoded); ok {
		if left = unhandled(wanted, handled); len(left) == 0 {
			return nil
		}
	}
	// A batch that has arrived is kept even when the bot is about to stop.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), acceptWithin)
	defer cancel()
	return i.keep(ctx, left, decoded, username)
}

// hand dispatches a batch, unless something may be left in the inbox that has to be
// handled before, and returns what is closed when each update was handled.
func (i *intake) hand(batch []Raw, decoded map[int64]Update) (handled []<-chan struct{}, ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.doubt {
		return nil, false
	}
	for _, raw := range batch {
		handled = append(handled, i.dispatch.add(decoded[raw.ID]))
	}
	return handled, true
}

// unhandled returns what of a batch is not handled soon.
func unhandled(batch []Raw, handled []<-chan struct{}) (left []Raw) {
	late := time.NewTimer(handledWithin)
	defer late.Stop()
	for n, done := range handled {
		select {
		case <-done:
			continue
		default:
		}
		select {
		case <-done:
		case <-late.C:
			late.Reset(0)
			left = append(left, batch[n])
		}
	}
	return left
}

// keep keeps updates in the inbox, and dispatches what nobody has yet.
func (i *intake) keep(ctx context.Context, batch []Raw, decoded map[int64]Update, username string) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(batch) > 0 {
		if _, err := i.inbox.Accept(ctx, batch); err != nil {
			i.doubt = true
			return fmt.Errorf("accept %d updates: %w", len(batch), err)
		}
	}
	if !i.doubt {
		return nil
	}
	// What is being handled may leave the inbox just after the inbox was read,
	// so the handlers are looked at first.
	known := i.dispatch.known()
	pending, err := i.inbox.Pending(ctx)
	if err != nil {
		return fmt.Errorf("read pending updates: %w", err)
	}
	i.doubt = false
	for _, raw := range pending {
		if known[raw.ID] {
			continue
		}
		u, ok := decoded[raw.ID]
		if !ok {
			u, ok = i.decode(ctx, raw, username)
		}
		u.After = raw.After
		if ok {
			i.dispatch.add(u)
		} else if err := i.inbox.Discard(ctx, raw.ID); err != nil {
			i.log.WarnContext(ctx, "an update that holds nothing stays in the inbox", "update", raw.ID, "error", err)
		}
	}
	return nil
}

func (i *intake) decode(ctx context.Context, raw Raw, username string) (Update, bool) {
	u, ok, err := decode(raw, username, i.commands)
	if err != nil {
		i.log.ErrorContext(ctx, "an update cannot be read and is left out", "update", raw.ID, "error", err)
	}
	return u, ok
}
