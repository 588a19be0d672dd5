package engine

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"zomrobot/conversation"
	"zomrobot/storage"
)

// memberLeft closes what somebody was doing in a group that they have left, in all
// of its topics. Their purchases go on.
func (e *Engine) memberLeft(ctx context.Context, chat, user int64, taken func(storage.Tx) error) error {
	keys, err := e.dialoguesIn(ctx, chat)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if key.User != user {
			continue
		}
		if err := e.turn(ctx, key, conversation.Left{}); err != nil {
			return fmt.Errorf("%d has left chat %d: %w", user, chat, err)
		}
	}
	return e.commit(ctx, taken)
}

// dialoguesIn lists the dialogues of a chat, in all of its topics.
func (e *Engine) dialoguesIn(ctx context.Context, chat int64) ([]conversation.Key, error) {
	var keys []conversation.Key
	prefix := dialoguePrefix + strconv.FormatInt(chat, 10) + "/"
	err := e.store.Scan(ctx, prefix, "", func(name string, _ []byte) (bool, error) {
		key, err := conversation.ParseKey(strings.TrimPrefix(name, dialoguePrefix))
		keys = append(keys, key)
		return true, err
	})
	return keys, err
}
