package engine

import (
	"errors"
	"path/filepath"
	"testing"

	"zomrobot/chat"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// testEngine is an engine on a store of its own, which is not started.
func testEngine(t *testing.T) *Engine {
	t.Helper()
	key, err := storage.GenerateKey("test")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := storage.ParseKeys(key)
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), "bolt:"+filepath.Join(t.TempDir(), "bot.db"), keys)
	if err != nil {
		t.Fatal(err)
	}
	e := New(Config{Store: store})
	t.Cleanup(func() {
		e.stop()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// TestMoves: whatever tells of a move, in whatever order and however often, the
// chat keeps its first id inside, has its newest one outside, and nothing of its
// old messages is touched.
func TestMoves(t *testing.T) {
	const before, after = -5, -1005
	toldThere := telegram.Update{Key: chat.Key{Chat: before}, Event: chat.Moved{From: before, To: after}}
	toldHere := telegram.Update{Key: chat.Key{Chat: after}, Event: chat.Moved{From: before, To: after}}
	for name, updates := range map[string][]telegram.Update{
		"in order":                {toldThere, toldHere},
		"in the other order":      {toldHere, toldThere},
		"once more":               {toldThere, toldHere, toldThere},
		"by the old chat alone":   {toldThere},
		"by the new chat alone":   {toldHere},
		"by the new chat, twice":  {toldHere, toldHere},
		"by the old chat, thrice": {toldThere, toldThere, toldThere},
	} {
		t.Run(name, func(t *testing.T) {
			e := testEngine(t)
			if err := e.Start(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			for i, u := range updates {
				u.ID = int64(i + 1)
				if _, err := e.Inbox().Accept(t.Context(), []telegram.Raw{{ID: u.ID, Body: []byte("{}")}}); err != nil {
					t.Fatal(err)
				}
				if err := e.Handle(t.Context(), u); err != nil {
					t.Fatal(err)
				}
				// As after a restart, too.
				other := New(Config{Store: e.store})
				other.chat = &chats{}
				if err := other.loadMoves(t.Context()); err != nil {
					t.Fatal(err)
				}
				for _, c := range []*chats{e.chat, other.chat} {
					if c.identity(after) != before || c.identity(before) != before || c.current(before) != after || !c.former(before) || c.former(after) {
						t.Fatalf("after %+v: %d is %d inside, %d is %d outside", u, after, c.identity(after), before, c.current(before))
					}
				}
				if err := e.chat.Delete(t.Context(), spot{Chat: before, Message: 7}); !errors.Is(err, telegram.ErrNoMessage) {
					t.Errorf("delete a message of the former chat: %v", err)
				}
			}
		})
	}
}
