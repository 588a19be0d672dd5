package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"zomrobot/storage"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

var soakWeeks = flag.Int("weeks", 3, "of the soak: how many weeks each of its two lives has; 2 at the least")

// growing are the keys of what is kept for ever: docs/operating.md names it with its rate.
var growing = map[string]bool{"audit/": true, "purchase/": true}

// aging are the keys of what is kept for 400 days after the end of a purchase or a job.
var aging = map[string]bool{
	"ended/": true, "draft/": true, "purchase-card/": true, "alarming/": true,
	"action/": true, "action-card/": true, "batch/": true, "batch-card/": true,
}

// each are the keys of which an account of a person has one record at the most, from time to
// time.
var each = map[string]bool{"watched/": true}

// soak is a world that lives for weeks.
type soak struct {
	*world
	lived int // weeks
}

// kept is what is in a store.
type kept struct {
	counts, sizes map[string]int // of records and their bytes, by how their keys begin
	used, length  int64          // of the file, in bytes: without the room that nothing is in, and with it
	atRest        int            // goroutines of the bot that nothing is asked of
}

// kept is what is in the store of a bot that is stopped.
func (w *soak) kept() kept {
	w.t.Helper()
	k := kept{counts: map[string]int{}, sizes: map[string]int{}}
	store, err := w.openStore(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	err = store.Scan(w.t.Context(), "", "", func(key string, value []byte) (bool, error) {
		begin, _, more := strings.Cut(key, "/")
		if more {
			begin += "/"
		}
		k.counts[begin]++
		k.sizes[begin] += len(key) + len(value)
		return true, nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		w.t.Fatal(err)
	}
	k.used, k.length = w.used()
	return k
}

// week is what people do in a week: they buy, for themselves and for the team, pay on,
// do things with servers, delete them and leave something unfinished. Then the bot is stopped.
func (w *soak) week() kept {
	w.t.Helper()
	w.lived++
	w.vendor.SetBalance(vendorLogin, eur(100))
	w.login(anna)
	w.login(boris)
	name := func(of string) string { return fmt.Sprintf("%s-%d", of, w.lived) }
	order := func(of string) string { return strings.Replace(shortOrder, "web-1", name(of), 1) }
	rest := func() {
		w.settle()
		time.Sleep(20 * time.Minute) // of the bubble
		w.settle()
	}

	w.say(anna, order("web"))
	w.tap(anna, "✅ Order for €5.76")
	w.sayIn(boris, bigTeam, order("app"))
	w.tapIn(boris, bigTeam, "✅", name("app"))
	w.tap(anna, "Approve €5.76")
	rest()
	w.say(anna, "/servers")
	w.tap(anna, "🟢 "+name("web"))
	for _, label := range []string{"💶 Billing", "💶 Renew", "month", "🛒 Ask for the price"} {
		w.tap(anna, label)
	}
	w.tap(anna, "Pay €5.76")
	rest()
	if n := w.sold(); n != 3*w.lived {
		w.t.Fatalf("%d things were paid after %d weeks:\n%s\n%s", n, w.lived, w.chats.Transcript(anna), w.chats.Transcript(bigTeam))
	}

	w.again()
	for _, of := range []string{"web", "app"} {
		w.say(anna, "/servers")
		w.tap(anna, "🟢 "+name(of))
		w.tap(anna, "🔁 Reboot")
		w.tap(anna, "🔁 Reboot")
		rest()
	}
	w.say(anna, "/servers")
	w.tap(anna, "☑️ Choose several")
	w.tap(anna, "☑️ All 2")
	w.tap(anna, "🗑 Delete…")
	w.say(anna, "2")
	rest()
	if n := len(w.vendor.Services(vendorLogin)); n != 0 {
		w.t.Fatalf("%d servers are left:\n%s", n, w.chats.Transcript(anna))
	}

	w.say(anna, "/order")
	w.say(boris, strings.Replace(passwordOrder, "web-1", "left-open", 1))
	w.say(boris, "/login")
	rest()
	w.end()
	time.Sleep(6 * 24 * time.Hour) // of the bubble
	w.run()
	rest() // what was left open is closed
	synctest.Wait()
	atRest := w.running()
	w.end()
	is := w.kept()
	is.atRest = atRest
	return is
}

// life is some weeks, of which the last adds nothing to the one before but what is kept for
// ever or for its time.
func (w *soak) life() (is kept) {
	w.t.Helper()
	for week := range *soakWeeks {
		w.run()
		was := is
		if is = w.week(); is.atRest == 0 {
			w.t.Fatal("nothing goes on in a bot that runs: it is not seen")
		}
		if week == 0 {
			continue
		}
		if is.atRest != was.atRest {
			w.t.Errorf("%d goroutines go on in a bot at rest, %d in the week before", is.atRest, was.atRest)
		}
		for begin, n := range is.counts {
			if n > was.counts[begin] && !growing[begin] && !aging[begin] && (!each[begin] || n > 2) {
				w.t.Errorf("week %d leaves %d more records at %s", w.lived, n-was.counts[begin], begin)
			}
		}
	}
	return is
}

// run starts the bot. Whatever goes on in it from then on bears a label.
func (w *soak) run() {
	w.t.Helper()
	pprof.Do(w.t.Context(), pprof.Labels("soak", w.t.Name()), func(context.Context) { w.start() })
	w.until(w.chats.Polling)
}

// again stops the bot, of which nothing may go on then, and starts it.
func (w *soak) again() {
	w.t.Helper()
	w.end()
	w.run()
}

// end stops the bot, of which nothing may go on then.
func (w *soak) end() {
	w.t.Helper()
	w.stopBot()
	synctest.Wait()
	if n := w.running(); n != 0 {
		w.t.Errorf("%d goroutines go on in a bot that was stopped", n)
	}
}

// running is how many goroutines there are of the bot, without those of connections: they
// are kept for the next call by what the test has given it.
func (w *soak) running() (n int) {
	w.t.Helper()
	var text bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&text, 1); err != nil {
		w.t.Fatal(err)
	}
	label := fmt.Sprintf("# labels: {\"soak\":%q}", w.t.Name())
	for stack := range strings.SplitSeq(text.String(), "\n\n") {
		count, rest, _ := strings.Cut(stack, " @ ")
		if _, of, _ := strings.Cut(rest, "\n"); !strings.HasPrefix(of, label) || strings.Contains(of, "http.(*persistConn).") {
			continue
		}
		one, err := strconv.Atoi(count[strings.LastIndexByte(count, '\n')+1:])
		if err != nil {
			w.t.Fatalf("%v in %s", err, stack)
		}
		n += one
	}
	return n
}

// used is how long the store's file is without the room that nothing is in, and how long
// it is. The bot must be stopped.
func (w *soak) used() (used, length int64) {
	w.t.Helper()
	copied := filepath.Join(w.t.TempDir(), "copy.db")
	file, err := os.ReadFile(w.store)
	if err == nil {
		err = os.WriteFile(copied, file, 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	length, used, err = storage.Compact(w.t.Context(), "bolt:"+copied)
	if err != nil {
		w.t.Fatal(err)
	}
	return used, length
}

// TestSoak: after weeks, some of which are more than 400 days later than the first, a bot
// that was stopped and started keeps no more than it did, but for what is kept for ever, and
// leaves nothing running.
func TestSoak(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &soak{world: newBubble(t, sandbox.Config{}, emulator.Config{}, func(p *Program) {
			p.Log = slog.New(slog.DiscardHandler) // each poll would be a line
		})}
		w.login(anna)
		w.login(boris)
		w.must(w.chats.AddGroup(bigTeam, "Big team", anna, boris))
		w.makeTeamIn(anna, bigTeam, 0)
		w.needs("1 approval")
		w.stopBot()

		first := w.life()
		time.Sleep(60 * 7 * 24 * time.Hour) // of the bubble
		second := w.life()
		for _, begin := range slices.Sorted(maps.Keys(second.counts)) {
			was, is := first.counts[begin], second.counts[begin]
			switch {
			case growing[begin] && is > 2*was+was/10:
				t.Errorf("%s: %d records after %d weeks, %d after twice as many", begin, was, *soakWeeks, is)
			case !growing[begin] && is > was && (!each[begin] || is > 2):
				t.Errorf("%s: %d records after %d weeks, %d a year and as many weeks later", begin, was, *soakWeeks, is)
			}
			t.Logf("%-16s %4d → %4d records, %6d → %6d bytes", begin, was, is, first.sizes[begin], second.sizes[begin])
		}
		for begin := range aging {
			if first.counts[begin] == 0 {
				t.Errorf("nothing was kept at %s", begin)
			}
		}
		t.Logf("the file: %d → %d bytes used, %d → %d long", first.used, second.used, first.length, second.length)
		if second.used > 2*first.used || second.length > 2*first.length {
			t.Error("the file has grown by more than twice as many weeks explain")
		}
	})
}
