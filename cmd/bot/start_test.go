package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/storage"
	"zomrobot/storage/storagetest"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// firstDrafter is the id of the first of those who have a draft in a filled store.
const firstDrafter = 700_000_001

// drafts returns what the store holds of somebody who began an order at a time: the
// dialogue with a draft, its card, when it wants a tick, an account, an update's id.
func drafts(t testing.TB, at time.Time) func(i int) []storage.Record {
	return func(i int) []storage.Record {
		user := int64(firstDrafter + i)
		key := chat.Key{Chat: user, User: user}
		d := conversation.New(key)
		d.Heard, d.Name, d.Account = "en", "Drafter", fmt.Sprintf("drafter-%d@example.com", i)
		d.Draft = &conversation.Draft{
			ID: conversation.DraftID(key, fmt.Sprint(i)), Touched: at, Place: "period", Reviewed: true,
			Datacenter: zomro.Datacenter{ID: "3", Name: "Netherlands-3"}, Name: "web-1", Named: true, Count: 1,
		}
		d.Wake = at.Add(conversation.DraftLives)
		d.Reminders.Next = at.Add(20 * time.Hour)
		value := func(v any) []byte {
			text, err := json.Marshal(v)
			if err != nil {
				t.Error(err)
			}
			return text
		}
		name := key.String()
		return []storage.Record{
			{Key: "dialogue/" + name, Value: value(d)},
			{Key: "card/" + name, Value: value(map[string]any{"chat": user, "message": 17, "digest": "0123456789abcdef"})},
			{Key: fmt.Sprintf("due/%020d/dialogue/%s", d.Wake.UnixNano(), name), Value: value(true)},
			{Key: fmt.Sprintf("draft/%s/%s", name, d.Draft.ID), Value: value("ABCDEFGH")},
			{Key: fmt.Sprintf("account/%d", user), Value: value(map[string]any{"list": []any{}})},
			{Key: fmt.Sprintf("seen/%s/%d", at.UTC().Format(time.DateOnly), 900_000_000+i), Value: value(true)},
		}
	}
}

// fill puts drafts into the store of a bot that is stopped.
func (w *world) fill(n int, at time.Time) {
	w.t.Helper()
	store, err := storage.Open(w.t.Context(), "bolt:"+w.store, w.keys)
	if err == nil {
		err = storagetest.Fill(w.t.Context(), store, n, drafts(w.t, at))
		err = cmp.Or(err, store.Close())
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestStartDoesNotGrowWithTheStore: from the opening to the first poll and until
// everything rests, a bot reads no more of a store with ten times as many drafts; nor
// does it afterwards, a day later.
func TestStartDoesNotGrowWithTheStore(t *testing.T) {
	t.Parallel()
	reads := func(n int) (start, day int) {
		var counted *storagetest.Counted
		w := newWorldOf(t, sandbox.Config{}, func(p *Program) {
			p.wrapStore = func(s storage.Store) storage.Store {
				counted = &storagetest.Counted{Store: s}
				return counted
			}
		})
		w.login(anna)
		w.stopBot()
		w.fill(n, w.clock.Now().Add(10*time.Hour)) // nothing of it is due in a day
		w.start()
		w.until(w.chats.Polling)
		w.settle()
		start = counted.Reads()
		counted.Reset()
		for range 24 {
			w.pass(30 * time.Minute)
		}
		return start, counted.Reads()
	}
	start, day := reads(150)
	if more, later := reads(1500); more > start || later > day+day/10 { // how often it looks is not quite the same
		t.Errorf("a start reads %d records and half a day %d, with ten times as many drafts %d and %d", start, day, more, later)
	}
}

// TestMuchIsDueAtOnce: after a long stop more is due than one look gives ticks. All get
// theirs, and whoever writes meanwhile is answered.
func TestMuchIsDueAtOnce(t *testing.T) {
	t.Parallel()
	const n = 700
	w := newWorld(t, sandbox.Config{})
	w.stopBot()
	w.fill(n, w.clock.Now().Add(-5*24*time.Hour))
	w.start()
	w.say(anna, "/help")
	w.wantSaid(anna, "/order")
	w.settle()
	store, now := w.program.Store, w.clock.Now()
	err := storage.EachKey(t.Context(), store, "due/", "", func(key string) (bool, error) {
		if at := fmt.Sprintf("due/%020d/", now.UnixNano()); key <= at {
			t.Errorf("%s is due", key)
			return false, nil
		}
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// None of them has ever written here, so the message and the card are kept for them.
	if told, err := storage.Keys(t.Context(), store, "missed/"); err != nil || len(told) != 2*n {
		t.Errorf("%d messages are kept for %d people (%v)", len(told), n, err)
	}
}

// BenchmarkStart measures the program as make build makes it on a store with many
// drafts: the time from its start to the first poll, the processor time until then, and
// the memory that it holds then, with and without what it has read of its files.
func BenchmarkStart(b *testing.B) {
	path := release(b)
	for _, n := range []int{1000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("drafts=%d", n), func(b *testing.B) {
			if n > 100_000 && testing.Short() {
				b.Skip("a million drafts take a minute to be made")
			}
			key, err := storage.GenerateKey("start")
			if err != nil {
				b.Fatal(err)
			}
			ring, err := storage.ParseKeys(key)
			if err != nil {
				b.Fatal(err)
			}
			url := "bolt:" + filepath.Join(b.TempDir(), "bot.db")
			store, err := storage.Open(b.Context(), url, ring)
			if err == nil {
				err = storagetest.Fill(b.Context(), store, n, drafts(b, time.Now()))
				err = cmp.Or(err, store.Close())
			}
			if err != nil {
				b.Fatal(err)
			}
			var all startCost
			rounds := 0.0
			for b.Loop() {
				cost := firstPoll(b, path, url, key)
				all.wall, all.cpu = all.wall+cost.wall, all.cpu+cost.cpu
				all.resident, all.anonymous = all.resident+cost.resident, all.anonymous+cost.anonymous
				rounds++
			}
			b.ReportMetric(all.wall/rounds, "first-poll-ms")
			b.ReportMetric(all.cpu/rounds, "cpu-ms")
			b.ReportMetric(all.resident/rounds, "resident-MB")
			b.ReportMetric(all.anonymous/rounds, "anonymous-MB")
			b.ReportMetric(0, "ns/op") // of stopping, too
		})
	}
}

// startCost is what a start costs: milliseconds and megabytes.
type startCost struct{ wall, cpu, resident, anonymous float64 }

// firstPoll starts the bot on a store, and stops it when it has polled once.
func firstPoll(b *testing.B, path, url, key string) (cost startCost) {
	b.Helper()
	chats, vendor := emulator.New(emulator.Config{Token: worldToken}), sandbox.New(sandbox.Config{})
	chatsServer, vendorServer := httptest.NewServer(chats), httptest.NewServer(vendor)
	defer vendorServer.Close()
	defer chatsServer.Close()
	defer chats.Close()
	defer vendor.Close()
	bot := exec.CommandContext(b.Context(), path)
	bot.Env = []string{
		"TELEGRAM_TOKEN=" + worldToken, "TELEGRAM_API_URL=" + chatsServer.URL, "ZOMRO_API_URL=" + vendorServer.URL,
		"STORAGE_URL=" + url, "STORAGE_KEYS=" + key, "HTTP_ADDR=127.0.0.1:0",
	}
	began := time.Now()
	if err := bot.Start(); err != nil {
		b.Fatal(err)
	}
	err := chats.Until(b.Context(), chats.Polling)
	cost.wall = milliseconds(time.Since(began))
	status, read := os.ReadFile(fmt.Sprintf("/proc/%d/status", bot.Process.Pid))
	if err := errors.Join(err, bot.Process.Signal(os.Interrupt), bot.Wait()); err != nil {
		b.Fatal(err)
	}
	if errors.Is(read, fs.ErrNotExist) {
		b.Skip("only Linux tells how much memory a process holds")
	}
	cost.cpu = milliseconds(bot.ProcessState.UserTime() + bot.ProcessState.SystemTime())
	for line, into := range map[string]*float64{"VmRSS": &cost.resident, "RssAnon": &cost.anonymous} {
		found := regexp.MustCompile(`(?m)^` + line + `:\s+(\d+) kB$`).FindSubmatch(status)
		if found == nil {
			b.Fatalf("no %s", line)
		}
		kilobytes, err := strconv.ParseFloat(string(found[1]), 64)
		if err != nil {
			b.Fatal(err)
		}
		*into = kilobytes * 1024 / 1e6
	}
	return cost
}
