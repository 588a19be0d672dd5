package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// missedLimit is how much is kept for a dialogue in which the bot cannot write;
// the oldest goes first.
const missedLimit = 50

// missed are the dialogues for which something is kept that could not be said.
type missed struct {
	mu  sync.Mutex
	set map[chat.Key]bool
}

func (m *missed) add(key chat.Key) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.set == nil {
		m.set = make(map[chat.Key]bool)
	}
	m.set[key] = true
}

// take takes those out that match.
func (m *missed) take(match func(chat.Key) bool) []chat.Key {
	m.mu.Lock()
	defer m.mu.Unlock()
	var keys []chat.Key
	for key := range m.set {
		if match(key) {
			keys = append(keys, key)
			delete(m.set, key)
		}
	}
	return keys
}

// unsaid does what can be done about a post that Telegram does not take, because the
// bot may not write in the chat or for a reason that nobody knows. What concerns a
// purchase is said to the person in private; what cannot be said there either is kept
// until the bot is back, or the person writes.
func (e *Engine) unsaid(ctx context.Context, key chat.Key, p post, why error) error {
	if errors.Is(why, telegram.ErrGone) {
		e.log.InfoContext(ctx, "the bot cannot write there", "error", why)
	} else {
		e.log.WarnContext(ctx, "Telegram refuses a message, also without markup", "kept", p.lasting(), "error", why)
	}
	if !key.Private() && (p.Purchase != "" || p.Notice != nil) {
		err := e.sayInPrivate(ctx, key, p)
		if !errors.Is(err, telegram.ErrRefused) {
			return err
		}
	}
	if !p.lasting() {
		return nil
	}
	return e.keepMissed(ctx, key, p)
}

// lasting reports whether a post is still of use later. A secret is not kept for
// longer than it takes to show it.
func (p post) lasting() bool {
	if p.Effect == nil {
		return p.Purchase != "" || p.Job != "" || p.Batch != "" || p.Notice != nil
	}
	switch effect := p.Effect.Effect.(type) {
	case conversation.Show:
		return true
	case conversation.Notify:
		return !effect.Protect && !effect.Alone
	default:
		return false
	}
}

// sayInPrivate says to a person in private what was to be said in a group.
func (e *Engine) sayInPrivate(ctx context.Context, key chat.Key, p post) error {
	lang := p.Lang
	if lang == "" {
		lang = e.langOf(ctx, key)
	}
	to := chat.Key{Chat: key.User, User: key.User}
	if p.Notice == nil {
		return e.showPurchase(ctx, errand{key: to, lang: lang}, p.Purchase, placing{asNew: p.AsNew})
	}
	group, err := e.group(ctx, key.Chat)
	if err != nil {
		return err
	}
	_, err = e.chat.Send(ctx, to, lang, e.news(ctx, p, conversation.InPrivate(*p.Notice, group.Title)), false)
	return err
}

// keepMissed keeps a post that could not be said.
func (e *Engine) keepMissed(ctx context.Context, key chat.Key, p post) error {
	earlier, err := e.missedBy(ctx, key)
	if err != nil {
		return err
	}
	var needless []string
	kept := 0
	for _, old := range earlier {
		if old.coveredBy(p) {
			needless = append(needless, old.Key)
			continue
		}
		earlier[kept] = old
		kept++
	}
	for _, old := range earlier[:max(0, kept-missedLimit+1)] {
		needless = append(needless, old.Key)
	}
	err = e.commit(context.WithoutCancel(ctx), func(tx storage.Tx) error {
		if err := consume(p.Key)(tx); err != nil {
			return err
		}
		for _, name := range needless {
			if err := tx.Delete(name); err != nil {
				return err
			}
		}
		return storage.Put(tx, missedPrefix+strings.TrimPrefix(p.Key, outboxPrefix), p)
	})
	if err != nil && !errors.Is(err, errConsumed) {
		return fmt.Errorf("keep what dialogue %s has missed: %w", key, err)
	}
	e.missed.add(key)
	return nil
}

// missedBy lists what is kept for a dialogue, the oldest first.
func (e *Engine) missedBy(ctx context.Context, key chat.Key) ([]post, error) {
	var kept []post
	err := e.store.Scan(ctx, missedPrefix+key.String()+"/", "", func(name string, value []byte) (bool, error) {
		p := post{Key: name, To: key}
		if err := json.Unmarshal(value, &p); err != nil {
			return false, fmt.Errorf("%s: %w", name, err)
		}
		kept = append(kept, p)
		return true, nil
	})
	return kept, err
}

// catchUp tries again to say what was missed in the dialogues that match: the bot
// may be able to write there now.
func (e *Engine) catchUp(ctx context.Context, match func(chat.Key) bool) error {
	for _, key := range e.missed.take(match) {
		if err := e.sayMissed(ctx, key); err != nil {
			e.missed.add(key)
			return fmt.Errorf("say what dialogue %s has missed: %w", key, err)
		}
	}
	return nil
}

func (e *Engine) sayMissed(ctx context.Context, key chat.Key) error {
	kept, err := e.missedBy(ctx, key)
	if err != nil {
		return err
	}
	return e.beside(ctx, func(t *transaction) error {
		for _, p := range kept {
			if err := consume(p.Key)(t.tx); errors.Is(err, errConsumed) {
				continue
			} else if err != nil {
				return err
			}
			if err := t.post(p); err != nil {
				return err
			}
		}
		return nil
	})
}

// loadMissed reads for which dialogues something is kept.
func (e *Engine) loadMissed(ctx context.Context) error {
	return e.store.Scan(ctx, missedPrefix, "", func(name string, _ []byte) (bool, error) {
		dialogue, _, _ := cutLast(strings.TrimPrefix(name, missedPrefix))
		key, err := chat.ParseKey(dialogue)
		if err != nil {
			return false, fmt.Errorf("%s: %w", name, err)
		}
		e.missed.add(key)
		return true, nil
	})
}
