package main

import (
	"testing"
	"testing/synctest"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// TestTextAgreesToNothingThatIsNotShown: while Telegram holds up the edit that shows the
// question, what is typed at the list that is still there deletes nothing.
func TestTextAgreesToNothingThatIsNotShown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newBubble(t, sandbox.Config{}, emulator.Config{}, func(*Program) {})
		for _, name := range []string{"web-1", "web-2", "web-3"} {
			w.vendor.AddService(vendorLogin, name)
		}
		w.login(anna)
		w.say(anna, "/servers")
		w.tap(anna, "☑️ Choose several")
		w.tap(anna, "☑️ All 3")
		w.must(w.chats.Break(emulator.Fault{Method: "editMessageText", Kind: emulator.TooMany, RetryAfter: 20}))
		if err := w.tapNewest(anna, "🗑 Delete…"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // the edit is refused
		w.say(anna, "3")
		if n := w.called("instances.delete"); n != 0 {
			t.Fatalf("%d servers are deleted by a text that was a search", n)
		}
		w.wantSaid(anna, "I had not shown you this question yet", "Delete 3 servers?")
		w.say(anna, "3")
		w.wantOnce("instances.delete", 3)
	})
}

// TestForwardedTextAgreesToNothing: the name of a server in somebody else's words deletes
// nothing.
func TestForwardedTextAgreesToNothing(t *testing.T) {
	t.Parallel()
	w := withServers(t, 1, sandbox.Config{})
	w.newGroup([]int64{anna, boris, carol})
	theirs, err := w.chats.Say(boris, w.group(), "web-1")
	w.must(err)
	w.settle()
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "⋯ More")
	w.tap(anna, "🗑 Delete…")
	_, err = w.chats.Forward(anna, w.group(), theirs, anna)
	w.must(err)
	w.settle()
	if n := w.called("instances.delete"); n != 0 {
		t.Fatalf("%d deletions by a forwarded message", n)
	}
	w.wantSaid(anna, "A forwarded message confirms nothing")
	w.say(anna, "web-1")
	w.wantOnce("instances.delete", 1)
}
