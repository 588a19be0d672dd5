package telegram

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// How the bot watches that it hears.
const (
	deafAfter   = time.Minute      // without a poll or a webhook that worked
	lookEvery   = 15 * time.Second // whether it hears, and whether the webhook is in its place
	renameEvery = 10 * time.Minute // what the bot is called
)

// Alarm is something that the operator has to know, for nobody else can see it.
type Alarm string

// The alarms.
const (
	AlarmToken    Alarm = "token"    // deaf: the token is no longer accepted
	AlarmConflict Alarm = "conflict" // deaf: somebody else polls with the token
	AlarmWebhook  Alarm = "webhook"  // deaf: Telegram cannot deliver to the webhook
	AlarmSilence  Alarm = "silence"  // was deaf, for Telegram was not reached: it is told once it is
	AlarmReset    Alarm = "reset"    // the webhook was removed or changed by somebody else, and is set again
)

// hearing is what is known of whether the bot hears.
type hearing struct {
	mu     sync.Mutex
	worked time.Time // when a poll or a webhook last worked, or the bot was made
	why    error     // the last failure
	told   bool      // that it is deaf
	silent bool      // with told: the operator was not, for Telegram was not reached
	noted  time.Time // when something last came of listening, good or bad; zero: nothing yet

	// Of the webhook:
	failure   int64     // Telegram's date of the last delivery that failed
	failed    time.Time // when that was first seen
	delivered time.Time // when an update was last taken
}

// works notes that a poll or a webhook has worked, and reports whether the bot was
// deaf until then; of a silence that is yet to be told also how long it was.
func (h *hearing) works() (again bool, silent time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	again = h.told
	now := time.Now()
	if h.silent {
		silent = now.Sub(h.worked)
	}
	h.worked, h.noted, h.why, h.told, h.silent = now, now, nil, false, false
	return again, silent
}

// fails notes why a poll or a webhook does not work; nil: it may be working again.
func (h *hearing) fails(why error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.why, h.noted = why, time.Now()
	var pause *bot.TooManyRequestsError
	if errors.As(why, &pause) { // nothing comes before its end
		h.noted = h.noted.Add(time.Duration(pause.RetryAfter) * time.Second)
	}
}

// took notes that the webhook has brought an update.
func (h *hearing) took() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.delivered = time.Now()
}

// Deaf returns why the bot hears nothing from Telegram, when no poll or webhook has
// worked for a minute; nil: it hears.
func (b *Bot) Deaf() error {
	h := &b.hearing
	h.mu.Lock()
	defer h.mu.Unlock()
	since := time.Since(h.worked)
	if since <= deafAfter {
		return nil
	}
	why := h.why
	if why == nil {
		why = ErrUnsent
	}
	return fmt.Errorf("nothing was heard from Telegram for %s: %w", since.Truncate(time.Second), why)
}

// Heard returns when a poll or a webhook last worked, or when the bot was made.
func (b *Bot) Heard() time.Time {
	b.hearing.mu.Lock()
	defer b.hearing.mu.Unlock()
	return b.hearing.worked
}

// Pulse returns when something last came of listening to Telegram: a poll or webhook
// that worked, nil, or one that did not, and why; zero before the first. While Telegram
// has polls wait it is when that ends. Where the bot is not stuck it is never more than a
// minute and a half ago, whatever becomes of the network: deaf is another thing.
func (b *Bot) Pulse() (time.Time, error) {
	h := &b.hearing
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.noted, h.why
}

// hears notes that a poll or a webhook has worked.
func (b *Bot) hears(ctx context.Context) {
	again, silent := b.hearing.works()
	if again {
		b.log.InfoContext(ctx, "the bot hears Telegram again")
	}
	if silent > 0 {
		b.alarm(ctx, AlarmSilence, silent)
	}
}

// watch checks, until ctx ends, whether the bot hears, whether the webhook is in
// place, and what the bot is called.
func (b *Bot) watch(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	named := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		b.lookAfterHook(ctx)
		if time.Since(named) >= renameEvery {
			named = time.Now()
			was := b.Username()
			switch err := b.Check(ctx); {
			case err != nil && ctx.Err() == nil:
				b.log.WarnContext(ctx, "it is not known whether the bot is still called so", "username", was, "error", err)
			case err == nil && b.Username() != was:
				b.log.InfoContext(ctx, "the bot was renamed", "was", was, "username", b.Username())
			}
		}
		b.sayDeaf(ctx)
	}
}

// sayDeaf tells the log and the operator, once, that the bot hears nothing. While Telegram
// is not reached the operator is not: each message that is tried may arrive in the end.
func (b *Bot) sayDeaf(ctx context.Context) {
	why := b.Deaf()
	if why == nil || ctx.Err() != nil {
		return
	}
	b.hearing.mu.Lock()
	told := b.hearing.told
	silent := !errors.Is(why, ErrToken) && !errors.Is(why, ErrConflict) && !errors.Is(why, errUndelivered)
	if !told {
		b.hearing.told, b.hearing.silent = true, silent
	}
	since := time.Since(b.hearing.worked)
	b.hearing.mu.Unlock()
	if told {
		return
	}
	b.log.ErrorContext(ctx, "the bot is deaf", "error", why)
	switch {
	case errors.Is(why, ErrToken):
		b.alarm(ctx, AlarmToken, since)
	case errors.Is(why, ErrConflict):
		b.alarm(ctx, AlarmConflict, since)
	case errors.Is(why, errUndelivered):
		b.alarm(ctx, AlarmWebhook, since)
	}
}

// errUndelivered: Telegram has updates that it cannot deliver to the webhook.
var errUndelivered = errors.New("telegram: updates are not delivered")

// lookAfterHook checks whether updates still come the way that was chosen, and
// chooses it again when somebody has changed it.
func (b *Bot) lookAfterHook(ctx context.Context) {
	if b.webhookURL == "" {
		b.hearing.mu.Lock()
		why := b.hearing.why
		b.hearing.mu.Unlock()
		if why != nil && errors.Is(why, ErrConflict) && strings.Contains(why.Error(), "webhook") {
			b.chooseAgain(ctx)
		}
		return
	}
	info, err := b.api.GetWebhookInfo(ctx)
	switch {
	case err != nil:
		b.hearing.fails(classify(err))
	case info.URL != b.webhookURL:
		b.chooseAgain(ctx)
	case b.delivers(info):
		b.hears(ctx)
		if info.PendingUpdateCount == 0 {
			b.emptied(ctx)
		}
	default:
		b.hearing.fails(fmt.Errorf("%w: %d wait, %s", errUndelivered, info.PendingUpdateCount, info.LastErrorMessage))
	}
}

// delivers reports whether Telegram reaches the webhook: nothing is waiting, or
// what waits has not failed since the last delivery.
func (b *Bot) delivers(info *models.WebhookInfo) bool {
	h := &b.hearing
	h.mu.Lock()
	defer h.mu.Unlock()
	if failure := int64(info.LastErrorDate); failure != h.failure {
		h.failure, h.failed = failure, time.Now()
	}
	return info.PendingUpdateCount == 0 || h.failure == 0 || h.delivered.After(h.failed)
}

func (b *Bot) chooseAgain(ctx context.Context) {
	if err := b.choose(ctx); err != nil {
		b.hearing.fails(err)
		return
	}
	b.hearing.fails(nil) // that was why
	b.log.WarnContext(ctx, "somebody had set, changed or removed the webhook of the bot; it is as configured again", "webhook", b.webhookURL)
	b.alarm(ctx, AlarmReset, 0)
}

// polledBadly notes why a poll failed.
func (b *Bot) polledBadly(err error) {
	if errors.Is(err, bot.ErrorConflict) || errors.Is(err, bot.ErrorUnauthorized) || errors.Is(err, bot.ErrorNotFound) {
		err = classify(err)
	}
	b.hearing.fails(err)
}
