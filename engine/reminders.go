package engine

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/engine/journal"
	"zomrobot/storage"
)

func groupDraftKey(k chat.Key) string { return journal.GroupDraftsOf(k.User) + k.String() }

// remindersKey says that everybody of an older store is reminded.
const remindersKey = "reminders/begun"

// resumeReminders begins to remind people who connected an account before there
// were reminders, and have not been heard of since. Once that came to its end, a start
// reads nothing for it.
func (e *Engine) resumeReminders() {
	if err := e.beginReminders(e.ctx); err != nil && e.ctx.Err() == nil {
		e.log.ErrorContext(e.ctx, "reminders do not begin for people of an older store", "error", err)
	}
}

func (e *Engine) beginReminders(ctx context.Context) error {
	_, begun, err := storage.Read[bool](ctx, e.store, remindersKey)
	if err != nil || begun {
		return err
	}
	err = storage.EachKey(ctx, e.store, account.Prefix, "", func(key string) (bool, error) {
		user, err := strconv.ParseInt(strings.TrimPrefix(key, account.Prefix), 10, 64)
		if err != nil {
			return false, fmt.Errorf("%s: %w", key, err)
		}
		if err := e.posts.room(ctx); err != nil {
			return false, err
		}
		return true, e.beginRemindersOf(ctx, user)
	})
	if err != nil {
		return err
	}
	return e.store.Update(ctx, func(tx storage.Tx) error { return storage.Put(tx, remindersKey, true) })
}

func (e *Engine) beginRemindersOf(ctx context.Context, user int64) error {
	key := chat.Key{Chat: user, User: user}
	d, found, err := e.dialogue(ctx, key)
	if err == nil && found && d.Reminders.Next.IsZero() {
		err = e.turn(ctx, key, conversation.Tick{})
	}
	if storage.Damaged(err) {
		e.log.ErrorContext(ctx, "a dialogue cannot be read; its person is not reminded", "dialogue", key.String(), "error", err)
		return nil
	}
	return err
}

// listGroupDraft keeps the list of drafts in groups in step with a dialogue.
func (t *transaction) listGroupDraft(had bool, d conversation.Dialogue) error {
	switch has := d.Draft != nil; {
	case t.key.Private():
		return nil
	case has:
		return mark(t.tx, groupDraftKey(t.key))
	case had:
		return t.tx.Delete(groupDraftKey(t.key))
	default:
		return nil
	}
}
