package main

import (
	"cmp"
	"strings"
	"testing"
	"testing/synctest"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// What changes a key of the account, by its function at the vendor.
var keyDeeds = map[string]struct {
	ask  func(w *world, name string) // all but the last step
	send func(w *world) error
	done string
}{
	"sshkeys.delete": {
		ask: func(w *world, name string) {
			w.say(anna, "/keys")
			w.tap(anna, "🔑 "+name)
			w.tap(anna, "🗑 Delete")
		},
		send: func(w *world) error { return w.tapNewest(anna, "🗑 Yes, delete it") },
		done: "deleted",
	},
	"sshkeys.edit": {
		ask: func(w *world, name string) {
			w.say(anna, "/keys")
			w.tap(anna, "🔑 "+name)
			w.tap(anna, "✏️ Rename")
		},
		send: func(w *world) error {
			_, err := w.chats.Say(anna, anna, "renamed")
			return err
		},
		done: "is now called renamed",
	},
}

// TestKeyIsWhatTheListShows: whatever the vendor answers to the call that renames or
// deletes a key, it is sent once, and what is said is what the account shows.
func TestKeyIsWhatTheListShows(t *testing.T) {
	t.Parallel()
	const before = "still lists key"
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	for name, c := range map[string]struct {
		fault sandbox.Fault
		said  string // "": that it is done
	}{
		"cut, done":                         {fault: sandbox.Fault{Kind: sandbox.Drop, Effect: true}},
		"cut, not done":                     {sandbox.Fault{Kind: sandbox.Drop}, before},
		"ok, not done":                      {sandbox.Fault{Kind: sandbox.Pretend}, before},
		"an empty document, not done":       {sandbox.Fault{Kind: sandbox.Pretend, Shape: sandbox.EmptyShape}, before},
		"HTML, done":                        {fault: sandbox.Fault{Kind: sandbox.HTML, Effect: true}},
		"an empty body, not done":           {sandbox.Fault{Kind: sandbox.Empty}, before},
		"truncated, done":                   {fault: sandbox.Fault{Kind: sandbox.TruncatedJSON}},
		"502, not done":                     {sandbox.Fault{Kind: sandbox.Status}, before},
		"missed, not done":                  {documented("missed", "sshkeys", "The item does not exist"), before},
		"missed, done":                      {fault: done(documented("missed", "sshkeys", "The item does not exist"))},
		"an internal error, done":           {fault: done(documented("exception", "", "Internal error"))},
		"403, not done":                     {sandbox.Fault{Kind: sandbox.Status, Status: 403}, "temporarily blocked"},
		"cut, done, and the list is cut":    {sandbox.Fault{Kind: sandbox.Drop, Effect: true}, "can't tell whether"},
		"cut, not done, and the list is so": {sandbox.Fault{Kind: sandbox.Drop}, "can't tell whether"},
	} {
		for function, deed := range keyDeeds {
			t.Run(function+"/"+name, func(t *testing.T) {
				w.t = t
				key := w.vendor.AddKey(vendorLogin, "spare", demoKey)
				fault := c.fault
				fault.Func = function
				hit := w.vendor.Inject(fault)
				deed.ask(w, "spare")
				var lists *sandbox.Injection
				if c.said == "can't tell whether" {
					lists = w.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: "sshkeys", Nth: 2, Times: 20})
				}
				calls := w.called(function)
				w.must(deed.send(w))
				w.settle()
				if lists != nil {
					lists.Remove()
				}
				want := c.said
				if want == "" {
					want = deed.done
				}
				if text := w.newest(anna); !strings.Contains(text, want) {
					t.Errorf("nothing says %q, but\n%s", want, text)
				}
				if n := w.called(function) - calls; n != 1 || hit.Hits() != 1 {
					t.Errorf("it was sent %d times", n)
				}
				w.say(anna, "/cancel")
				w.vendor.RemoveKey(vendorLogin, key)
				hit.Remove()
			})
		}
	}
	w.t = t
}

// TestKeyIsAskedForOnce: when the bot is stopped around the call, it is sent no second
// time, and what is said is what the account shows.
func TestKeyIsAskedForOnce(t *testing.T) {
	t.Parallel()
	const unsure = "I was restarted just then"
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	for name, c := range map[string]struct {
		held string // the function that is held when the bot stops; "": that of the deed
		done bool
		sent int
	}{
		"before the call":           {held: "sshkeys"},
		"at the call, not done":     {sent: 1},
		"at the call, then done":    {sent: 1, done: true},
		"after the call, in a look": {held: "sshkeys", sent: 1, done: true},
	} {
		for function, deed := range keyDeeds {
			t.Run(function+"/"+name, func(t *testing.T) {
				w.t = t
				key := w.vendor.AddKey(vendorLogin, "spare", demoKey)
				deed.ask(w, "spare")
				fault := sandbox.Fault{Kind: sandbox.Hold, Func: cmp.Or(c.held, function), Effect: c.done && c.held == "", Nth: 1}
				if c.held != "" && c.sent > 0 {
					fault.Nth = 2
				}
				held, calls := w.vendor.Inject(fault), w.called(function)
				if err := deed.send(w); err != nil {
					t.Fatal(err)
				}
				w.until(func() bool { return held.Held() > 0 })
				w.stopBot()
				<-held.Over() // nobody waits for it any more
				held.Remove()
				w.start()
				w.settle()
				want := unsure
				if c.done {
					want = deed.done
				}
				if text := w.newest(anna); !strings.Contains(text, want) {
					t.Errorf("nothing says %q, but\n%s", want, text)
				}
				if n := w.called(function) - calls; n != c.sent {
					t.Errorf("it was sent %d times, want %d", n, c.sent)
				}
				w.say(anna, "/cancel")
				w.vendor.RemoveKey(vendorLogin, key)
			})
		}
	}
	w.t = t
}

// TestKeyIsNotGoneByOneLook: a list without the key, of which the other keys are missing
// too, makes it neither deleted nor asked for.
func TestKeyIsNotGoneByOneLook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newBubble(t, sandbox.Config{}, emulator.Config{}, func(*Program) {})
		w.login(anna)
		deed := keyDeeds["sshkeys.delete"]
		for _, c := range []struct {
			name  string
			empty []int // which looks from the answer on show no keys at all
			done  bool  // the vendor deletes it
			said  string
			sent  int
		}{
			{"empty before", []int{1}, true, "I sent nothing to Zomro", 0},
			{"empty once after, not done", []int{2}, false, "still lists key", 1},
			{"empty once after, done", []int{2}, true, "deleted", 1},
			{"empty twice after", []int{2, 3}, false, "can't tell whether", 1},
		} {
			key := w.vendor.AddKey(vendorLogin, "spare", demoKey)
			deed.ask(w, "spare")
			var faults []*sandbox.Injection
			for _, nth := range c.empty {
				faults = append(faults, w.vendor.Inject(sandbox.Fault{Kind: sandbox.Pretend, Func: "sshkeys", Nth: nth}))
			}
			if !c.done {
				faults = append(faults, w.vendor.Inject(sandbox.Fault{Kind: sandbox.Pretend, Func: "sshkeys.delete"}))
			}
			calls := w.called("sshkeys.delete")
			w.must(deed.send(w))
			if text := w.newest(anna); !strings.Contains(text, c.said) {
				t.Errorf("%s: nothing says %q, but\n%s", c.name, c.said, text)
			}
			if n := w.called("sshkeys.delete") - calls; n != c.sent {
				t.Errorf("%s: it was sent %d times", c.name, n)
			}
			for _, f := range faults {
				f.Remove()
			}
			w.say(anna, "/cancel")
			w.vendor.RemoveKey(vendorLogin, key)
		}
	})
}
