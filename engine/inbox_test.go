package engine

import (
	"testing"

	"zomrobot/chat"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// TestUpdateHasOneTurn: an update that is handled and kept, in whatever order and
// however often, has one turn, is in the inbox no more, and nothing stays under way.
func TestUpdateHasOneTurn(t *testing.T) {
	for _, steps := range []string{"h", "hh", "ha", "hah", "ah", "aah", "aha", "ahah", "d", "dh", "da", "ad", "adh", "apd", "pah", "aph"} {
		t.Run(steps, func(t *testing.T) {
			e := testEngine(t)
			if err := e.Start(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			u := telegram.Update{ID: 7, Key: chat.Key{Chat: -1005}, Event: chat.Moved{From: -5, To: -1005}}
			in, turns, kept := e.Inbox(), 0, 0
			for _, step := range steps {
				var err error
				switch step {
				case 'h':
					before := e.chat.current(-5)
					err = e.Handle(t.Context(), u)
					if e.chat.current(-5) != before {
						turns++
					}
				case 'a':
					var fresh []telegram.Raw
					fresh, err = in.Accept(t.Context(), []telegram.Raw{{ID: u.ID, Body: []byte("{}")}})
					kept += len(fresh)
				case 'p':
					_, err = in.Pending(t.Context())
				case 'd':
					err = in.Discard(t.Context(), u.ID)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			left, err := storage.Keys(t.Context(), e.store, inboxPrefix)
			if err != nil || len(left) > 0 {
				t.Errorf("left in the inbox: %v, %v", left, err)
			}
			want := 1
			if steps[0] == 'd' || steps == "ad" || steps == "adh" || steps == "apd" {
				want = 0
			}
			if turns != want {
				t.Errorf("%d turns, want %d", turns, want)
			}
			if again := steps[0] == 'h' || steps[0] == 'd'; again && kept > 0 || kept > 1 {
				t.Errorf("kept %d times", kept)
			}
			if err := e.Settle(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}
