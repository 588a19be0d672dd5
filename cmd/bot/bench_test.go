package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"zomrobot/storage"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// BenchmarkTap measures the time from a tap to the edited card, through all of
// the bot: the emulator's long poll, the inbox on disk, the turn, the edit. In
// each round everybody turns a page of the list of plans at the same time; the
// catalogue is known. The stand-ins run in the same process and on the same
// cores.
func BenchmarkTap(b *testing.B) {
	for _, people := range []int{1, 50} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			w := newWorld(b, sandbox.Config{})
			cards := make(map[int64]int, people)
			for i := range people {
				person := int64(5001 + i)
				login := fmt.Sprintf("person-%d@example.com", person)
				w.chats.AddUser(person, login, "en")
				w.vendor.AddAccount(login, vendorPassword, eur(100))
				w.say(person, "/login")
				w.tap(person, words["login and password"][anna])
				w.say(person, login)
				w.say(person, vendorPassword)
				w.say(person, "/order")
				w.tap(person, "🇳🇱 Netherlands-3")
				card, ok := w.chats.Last(person)
				if _, turns := card.Button(nextPage); !ok || !turns {
					b.Fatalf("the list of plans has no second page:\n%s", w.chats.Transcript(person))
				}
				cards[person] = card.ID
			}
			var mu sync.Mutex
			var took []time.Duration
			for b.Loop() {
				var round sync.WaitGroup
				for person, card := range cards {
					round.Go(func() {
						t, err := w.turnPage(b.Context(), person, card)
						if err != nil {
							b.Error(err)
						}
						mu.Lock()
						defer mu.Unlock()
						took = append(took, t)
					})
				}
				round.Wait()
			}
			slices.Sort(took)
			b.ReportMetric(milliseconds(quantile(took, 0.50)), "p50-ms")
			b.ReportMetric(milliseconds(quantile(took, 0.99)), "p99-ms")
			b.ReportMetric(0, "ns/op") // of a whole round, which says nothing
		})
	}
}

// nextPage is the button that turns a page of a list.
const nextPage = "›"

// turnPage taps the button that turns the page of a list and returns how long it
// took until the card showed another one.
func (w *world) turnPage(ctx context.Context, person int64, card int) (time.Duration, error) {
	before, _ := w.chats.Message(person, card)
	began := time.Now()
	if _, err := w.chats.Tap(person, person, card, nextPage); err != nil {
		return 0, err
	}
	err := w.chats.Until(ctx, func() bool {
		now, _ := w.chats.Message(person, card)
		return !slices.EqualFunc(now.Keyboard, before.Keyboard, slices.Equal)
	})
	return time.Since(began), err
}

// quantile returns the value below which a part of the sorted values lies.
func quantile(sorted []time.Duration, part float64) time.Duration {
	return sorted[min(len(sorted)-1, int(part*float64(len(sorted))))]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// lastCall is the number of the vendor's last call; only so many are remembered.
func (w *world) lastCall() int {
	calls := w.vendor.Calls()
	if len(calls) == 0 {
		return 0
	}
	return calls[len(calls)-1].Number
}

// toldOf is how many messages of the bot to a person hold a text.
func (w *world) toldOf(person int64, text string) int {
	n := 0
	for _, m := range w.chats.Messages(person) {
		if m.Bot && strings.Contains(m.Text, text) {
			n++
		}
	}
	return n
}

// BenchmarkPurchase compares, turn about in one run, an order that goes through
// the journal, from /confirm until the vendor has sold it, with the bare three
// calls of an order (add, promo code, confirm) made with the client alone, and
// tells how long it takes until the person is told that it is paid. The journal
// also reads the services, the balance, the charges, the unpaid orders and the
// cart, and writes to the disk before and after each call. The sandbox answers at once; the real vendor
// does not, so that there the ratio tends to that of the numbers of calls.
func BenchmarkPurchase(b *testing.B) {
	const direct = "direct@example.com"
	w := newWorld(b, sandbox.Config{})
	w.login(anna)
	w.vendor.AddAccount(direct, vendorPassword, eur(100))
	order := zomro.Order{
		Plan: "9102", Datacenter: "17", Period: zomro.Month, Count: 1,
		UseKey: true, Key: w.vendor.AddKey(direct, "laptop", demoKey), ServerName: "web-1",
		Addons: []zomro.AddonValue{{Name: "addon_91021", Value: "301"}},
	}
	client := zomro.New(w.vendorURL)
	auth := zomro.Auth{Session: zomro.NewSecret(w.vendor.OpenSession(direct)), Lang: "en"}

	var took [2]time.Duration
	var told time.Duration
	var calls int
	n := 0
	for b.Loop() {
		w.vendor.SetBalance(vendorLogin, eur(100))
		w.vendor.SetBalance(direct, eur(100))
		w.say(anna, shortOrder+" promocode=WELCOME10")
		before := w.lastCall()

		began := time.Now()
		if _, err := w.chats.Say(anna, anna, "/confirm"); err != nil {
			b.Fatal(err)
		}
		for n++; ; {
			changed := w.vendor.Changed()
			if w.sold() == n {
				break
			}
			select {
			case <-changed:
			case <-b.Context().Done():
				b.Fatal("nothing was sold")
			}
		}
		took[0] += time.Since(began)
		calls += w.lastCall() - before
		if err := w.chats.Until(b.Context(), func() bool { return w.toldOf(anna, "Paid. Item of the order") == n }); err != nil {
			b.Fatal(err)
		}
		told += time.Since(began)
		w.settle()
		w.pass(10 * time.Second)

		if order.Image == "" {
			sold := w.vendor.Orders(vendorLogin)[0]
			order.Image = (sandbox.Call{Fields: sold.Fields}).Field("instances_os")
		}
		began = time.Now()
		item, err := client.AddToCart(b.Context(), auth, order)
		if err == nil {
			err = client.ApplyPromo(b.Context(), auth, "WELCOME10")
		}
		if err == nil {
			err = client.Confirm(b.Context(), auth, item)
		}
		took[1] += time.Since(began)
		if err != nil {
			b.Fatal(err)
		}
	}
	if sold := len(w.vendor.Orders(direct)); sold != n {
		b.Fatalf("%d orders were sold directly, %d through the journal", sold, n)
	}
	b.ReportMetric(milliseconds(took[0])/float64(n), "journal-ms")
	b.ReportMetric(milliseconds(took[1])/float64(n), "direct-ms")
	b.ReportMetric(float64(calls)/float64(n), "journal-calls")
	b.ReportMetric(milliseconds(told)/float64(n), "told-ms")
	b.ReportMetric(float64(took[0])/float64(took[1]), "x")
	b.ReportMetric(0, "ns/op") // of both and what is between them
}

// BenchmarkRest measures the program as make build makes it: its size, the
// memory that it holds when it has started and polls, and how long that took.
func BenchmarkRest(b *testing.B) {
	path := release(b)
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	var resident, started float64
	n := 0
	for b.Loop() {
		r, s := atRest(b, path)
		resident, started = resident+r, started+s
		n++
	}
	b.ReportMetric(float64(info.Size())/1e6, "binary-MB")
	b.ReportMetric(resident/float64(n), "resident-MB")
	b.ReportMetric(started/float64(n), "start-ms")
	b.ReportMetric(0, "ns/op") // says the same as start-ms, and stopping
}

// release is the program as make build makes it.
func release(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bot")
	build := exec.CommandContext(b.Context(), "make", "build", "OUT="+path)
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("make build: %v\n%s", err, out)
	}
	return path
}

// BenchmarkDemo measures the time from the start of bot demo, as make build makes
// it, until the first card of an order is in the chat, with the login before it.
func BenchmarkDemo(b *testing.B) {
	path := release(b)
	var took time.Duration
	n := 0
	for b.Loop() {
		began := time.Now()
		d := startDemoOf(b, path)
		d.loginAs(anna)
		d.say(anna, "/order")
		d.until(anna, "the first card", func(m emulator.Message) bool {
			_, ok := m.Button("🇳🇱 Netherlands-3")
			return ok
		})
		took += time.Since(began)
		n++
		d.stop()
	}
	b.ReportMetric(milliseconds(took)/float64(n), "first-card-ms")
	b.ReportMetric(0, "ns/op") // of stopping, too
}

var residentSize = regexp.MustCompile(`(?m)^VmRSS:\s+(\d+) kB$`)

// atRest starts the bot on an empty store, waits until it polls, and returns its
// resident memory in megabytes and the time that it took in milliseconds.
func atRest(b *testing.B, path string) (resident, started float64) {
	b.Helper()
	chats, vendor := emulator.New(emulator.Config{Token: worldToken}), sandbox.New(sandbox.Config{})
	chatsServer, vendorServer := httptest.NewServer(chats), httptest.NewServer(vendor)
	defer vendorServer.Close()
	defer chatsServer.Close()
	defer chats.Close()
	defer vendor.Close()
	key, err := storage.GenerateKey("rest")
	if err != nil {
		b.Fatal(err)
	}
	bot := exec.CommandContext(b.Context(), path)
	bot.Env = []string{
		"TELEGRAM_TOKEN=" + worldToken, "TELEGRAM_API_URL=" + chatsServer.URL, "ZOMRO_API_URL=" + vendorServer.URL,
		"STORAGE_URL=bolt:" + filepath.Join(b.TempDir(), "bot.db"), "STORAGE_KEYS=" + key, "HTTP_ADDR=127.0.0.1:0",
	}
	began := time.Now()
	if err := bot.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := errors.Join(bot.Process.Signal(os.Interrupt), bot.Wait()); err != nil {
			b.Error(err)
		}
	}()
	// It polls, and its commands are registered: all of its start is done.
	err = chats.Until(b.Context(), func() bool {
		polls := slices.ContainsFunc(chats.Calls(), func(c emulator.Call) bool { return strings.EqualFold(c.Method, "getUpdates") })
		return polls && len(chats.Menu(anna, anna)) > 0
	})
	took := time.Since(began)
	if err != nil {
		b.Fatal(err)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", bot.Process.Pid))
	if errors.Is(err, fs.ErrNotExist) {
		b.Skip("only Linux tells how much memory a process holds")
	}
	found := residentSize.FindSubmatch(status)
	if err != nil || found == nil {
		b.Fatalf("no VmRSS: %v", err)
	}
	kilobytes, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return kilobytes * 1024 / 1e6, milliseconds(took)
}
