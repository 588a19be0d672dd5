package chat

import (
	"fmt"
	"strings"
)

// Key names a dialogue: a person in a chat and, if it has topics, in one of them.
type Key struct {
	Chat   int64 `json:"chat"`
	Thread int   `json:"thread,omitempty"` // the topic; 0: none
	User   int64 `json:"user"`
}

// String returns "chat/thread/user", a part of the store's keys.
func (k Key) String() string { return fmt.Sprintf("%d/%d/%d", k.Chat, k.Thread, k.User) }

// Private reports whether the chat is the person's own with the bot.
func (k Key) Private() bool { return k.Chat == k.User }

// ParseKey reads what [Key.String] wrote.
func ParseKey(s string) (Key, error) {
	var k Key
	if strings.Count(s, "/") != 2 {
		return Key{}, fmt.Errorf("dialogue key %q: want chat/thread/user", s)
	}
	if _, err := fmt.Sscanf(s, "%d/%d/%d", &k.Chat, &k.Thread, &k.User); err != nil {
		return Key{}, fmt.Errorf("dialogue key %q: %w", s, err)
	}
	return k, nil
}
