package engine

import (
	"maps"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/storage"
)

// TestUnchangedIsNotWritten: what is kept beside a dialogue is written when it changes,
// and when it has gone meanwhile, but not again.
func TestUnchangedIsNotWritten(t *testing.T) {
	e := testEngine(t)
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	group := chat.Key{Chat: -7, User: 1}
	in := func(do func(*transaction) error) map[string]int {
		t.Helper()
		wrote := map[string]int{}
		err := e.store.Update(t.Context(), func(tx storage.Tx) error {
			return do(&transaction{engine: e, tx: recorder{tx, wrote}, key: group})
		})
		if err != nil {
			t.Fatal(err)
		}
		return wrote
	}
	due := func(was, is time.Time) func(*transaction) error {
		return func(t *transaction) error { return moveDue(t.tx, was, is, dueDialogue, group.String()) }
	}
	draft := func(t *transaction) error {
		return t.listGroupDraft(true, conversation.Dialogue{Draft: &conversation.Draft{}})
	}
	for _, step := range []struct {
		what string
		do   func(*transaction) error
		want map[string]int
	}{
		{"a time", due(time.Time{}, at), map[string]int{"due": 1}},
		{"a time that stays", due(at, at), nil},
		{"a tick that came too early", func(t *transaction) error { return t.tx.Delete(dueKey(at, dueDialogue, group.String())) }, map[string]int{"due": 1}},
		{"a time that stays, and has gone", due(at, at), map[string]int{"due": 1}},
		{"another time", due(at, at.Add(time.Second)), map[string]int{"due": 2}},
		{"a draft in a group", draft, map[string]int{"group-draft": 1}},
		{"a draft that stays", draft, nil},
	} {
		if wrote := in(step.do); !maps.Equal(wrote, step.want) {
			t.Errorf("%s has written %v, want %v", step.what, wrote, step.want)
		}
	}
}
