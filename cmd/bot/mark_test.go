package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zomrobot/engine"
	"zomrobot/zomro/sandbox"
)

// TestMarkRecognisesAnOlderCopy starts the bot on a copy of the store that was
// made before an order was paid, in each way in which the mark beside it may be
// left, as docs/operating.md tells.
func TestMarkRecognisesAnOlderCopy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mark   func(path string, older []byte) error
		remade bool
	}{
		"the mark left in place":     {func(string, []byte) error { return nil }, true},
		"the mark deleted":           {func(path string, _ []byte) error { return os.Remove(path) }, true},
		"an old mark beside the old": {func(path string, older []byte) error { return os.WriteFile(path, older, 0o600) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Config{})
			w.login(anna)
			w.say(anna, shortOrder+" promocode=NOSUCH")
			w.say(anna, "/confirm") // asks about the code
			w.stopBot()
			older, mark := w.copied(), read(t, markOf(w.store))
			w.start()
			w.tap(anna, "Without a code")
			w.pass(10 * time.Second)
			if n := w.sold(); n != 1 {
				t.Fatalf("%d orders were paid, want 1", n)
			}
			w.stopBot()
			w.putBack(older)
			if err := c.mark(markOf(w.store), mark); err != nil {
				t.Fatal(err)
			}
			w.start()
			w.settle()
			if remade := strings.Contains(w.logs.String(), "the store is an older copy"); remade != c.remade {
				t.Errorf("recognised as an older copy: %v, want %v", remade, c.remade)
			}
			if n := w.sold(); n != 1 {
				t.Errorf("%d orders were paid, want 1", n)
			}
		})
	}
}

// TestMarkIsBeforeWhatIsDoneWithServers: a copy of the store from before a resize was sent
// is recognised, also when the bot was stopped in an orderly way for it; the resize is not
// sent from it once more.
func TestMarkIsBeforeWhatIsDoneWithServers(t *testing.T) {
	t.Parallel()
	const sent = "service.changepricelist.getmoney"
	for name, stopped := range map[string]bool{"copied as it runs": false, "stopped for it": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Config{})
			w.vendor.AddService(vendorLogin, "web-1")
			w.login(anna)
			w.say(anna, "/servers")
			w.tap(anna, "🟢 web-1")
			w.tap(anna, "⋯ More")
			w.tap(anna, "📈 Larger plan")
			w.tap(anna, "Birch Intel| NL-3 · €1.92")
			looks := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "instances"})
			if err := w.tapNewest(anna, "📈 Larger plan"); err != nil {
				t.Fatal(err)
			}
			<-looks.Hit() // before the call
			call := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: sent})
			if stopped {
				w.stopBot()
			}
			older := w.copied()
			if stopped {
				w.start()
			}
			looks.Release()
			<-call.Hit()
			mark := read(t, markOf(w.store)) // whatever becomes of the bot from here on
			call.Release()
			w.settle()
			w.pass(10 * time.Second)
			if n := w.called(sent); n != 1 {
				t.Fatalf("the resize was sent %d times, want once", n)
			}
			w.stopBot()
			w.putBack(older)
			write(t, markOf(w.store), mark)
			w.start()
			w.settle()
			w.pass(time.Minute)
			if !strings.Contains(w.logs.String(), "the store is an older copy") {
				t.Error("the copy is not recognised")
			}
			if n := w.called(sent); n != 1 {
				t.Errorf("the resize was sent %d times", n)
			}
		})
	}
}

// unwritable is a mark that cannot be written any more once something was kept in it.
type unwritable struct{ engine.Mark }

func (u unwritable) Save(n int64) error {
	if n > 0 {
		return errDisk
	}
	return u.Mark.Save(n)
}

// TestNothingIsDoneWithoutTheMark: while the mark cannot be written nothing is paid and
// nothing is done with a server, and the person is told.
func TestNothingIsDoneWithoutTheMark(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, sandbox.Config{}, func(p *Program) {
		p.wrapMark = func(m engine.Mark) engine.Mark { return unwritable{m} }
	})
	w.vendor.AddService(vendorLogin, "web-0")
	w.login(anna)
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-0")
	w.tap(anna, "🔁 Reboot")
	w.tap(anna, "🔁 Reboot")
	w.wantSaid(anna, "Not done")
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	w.pass(time.Minute)
	if n := w.sold(); n != 0 || w.called("cartorder.create.confirm") != 0 || w.called("service.reboot") != 0 {
		t.Errorf("%d orders were paid\n%s", n, w.chats.Transcript(anna))
	}
	if !strings.Contains(w.logs.String(), "the mark beside the store") {
		t.Error("nobody is told why")
	}
}

// TestMarkFile reads what it wrote, and tells a missing mark from a broken one.
func TestMarkFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	mark := markBeside("bolt:" + path)
	if _, found, err := mark.Load(); found || err != nil {
		t.Errorf("a missing mark: %v, %v", found, err)
	}
	for _, n := range []int64{1, 1 << 40} {
		if err := mark.Save(n); err != nil {
			t.Fatal(err)
		}
		if got, found, err := mark.Load(); got != n || !found || err != nil {
			t.Errorf("saved %d, loaded %d, %v, %v", n, got, found, err)
		}
	}
	if _, err := os.Stat(path + ".mark.new"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something is left: %v", err)
	}
	if err := os.WriteFile(path+".mark", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := mark.Load(); err == nil {
		t.Error("a broken mark is read")
	}
	if markBeside("other:somewhere") != nil {
		t.Error("another engine has a mark in a file")
	}
}
