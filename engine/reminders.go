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

// resumeReminders begins to remind people who connected an account before there
// were reminders, and have not been heard of since.
func (e *Engine) resumeReminders() {
	if err := e.beginReminders(e.ctx); err != nil && e.ctx.Err() == nil {
		e.log.Error("reminders do not begin for people of an older store", "error", err)
	}
}

func (e *Engine) beginReminders(ctx context.Context) error {
	var users []int64
	err := e.store.Scan(ctx, account.Prefix, "", func(key string, _ []byte) (bool, error) {
		user, err := strconv.ParseInt(strings.TrimPrefix(key, account.Prefix), 10, 64)
		if err != nil {
			return false, fmt.Errorf("%s: %w", key, err)
		}
		users = append(users, user)
		return true, nil
	})
	if err != nil {
		return err
	}
	for _, user := range users {
		key := chat.Key{Chat: user, User: user}
		d, found, err := e.dialogue(ctx, key)
		if err == nil && found && d.Reminders.Next.IsZero() {
			err = e.turn(ctx, key, conversation.Tick{})
		}
		if storage.Damaged(err) {
			e.log.Error("a dialogue cannot be read; its person is not reminded", "dialogue", key.String(), "error", err)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
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
