package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"zomrobot/audit"
	"zomrobot/storage"
	"zomrobot/zomro/sandbox"
)

// errDisk is what a store fails with that a test breaks.
var errDisk = errors.New("the disk does not work")

// brokenStore is a store that fails as a test says.
type brokenStore struct {
	storage.Store

	mu sync.Mutex
	// commit says what becomes of a transaction that wants to write these
	// records, by key; a deleted one is nil. nil: it is made.
	commit func(wrote map[string][]byte) error
	// after says with what error a transaction ends that was made.
	after func(wrote map[string][]byte) error
	// read says with what error reading a record fails; it may also take its
	// time.
	read func(key string) error
	// looked is called after a reading transaction has read a record.
	looked func(key string)
}

// broken makes a world whose store is broken as b says.
func broken(t *testing.T, config sandbox.Config, b *brokenStore, configure func(*Config)) *world {
	t.Helper()
	return newWorldOf(t, config, func(p *Program) {
		if configure != nil {
			configure(&p.Config)
		}
		p.wrapStore = func(s storage.Store) storage.Store {
			b.Store = s
			return b
		}
	})
}

// set changes how the store is broken.
func (b *brokenStore) set(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
}

func (b *brokenStore) ask(f func(map[string][]byte) error, wrote map[string][]byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if f == nil {
		return nil
	}
	return f(wrote)
}

func (b *brokenStore) Update(ctx context.Context, fn func(storage.Tx) error) error {
	return b.write(ctx, b.Store.Update, fn)
}

func (b *brokenStore) Soon(ctx context.Context, fn func(storage.Tx) error) error {
	return b.write(ctx, b.Store.Soon, fn)
}

func (b *brokenStore) write(ctx context.Context, update func(context.Context, func(storage.Tx) error) error, fn func(storage.Tx) error) error {
	var wrote map[string][]byte
	err := update(ctx, func(tx storage.Tx) error {
		wrote = map[string][]byte{}
		if err := fn(&watchedTx{Tx: tx, wrote: wrote}); err != nil {
			return err
		}
		b.mu.Lock()
		commit := b.commit
		b.mu.Unlock()
		return b.ask(commit, wrote)
	})
	if err != nil {
		return err
	}
	b.mu.Lock()
	after := b.after
	b.mu.Unlock()
	return b.ask(after, wrote)
}

func (b *brokenStore) View(ctx context.Context, fn func(storage.Tx) error) error {
	tx := &watchedTx{}
	b.mu.Lock()
	tx.read = b.read
	looked := b.looked
	b.mu.Unlock()
	err := b.Store.View(ctx, func(raw storage.Tx) error {
		tx.Tx = raw
		return fn(tx)
	})
	if looked != nil {
		for _, key := range tx.keys {
			looked(key)
		}
	}
	return err
}

// watchedTx notes what a transaction reads and writes.
type watchedTx struct {
	storage.Tx
	wrote map[string][]byte
	keys  []string
	read  func(key string) error
}

func (t *watchedTx) Get(key string) ([]byte, error) {
	t.keys = append(t.keys, key)
	if t.read != nil {
		if err := t.read(key); err != nil {
			return nil, err
		}
	}
	return t.Tx.Get(key)
}

func (t *watchedTx) Put(key string, value []byte) error {
	t.wrote[key] = value
	return t.Tx.Put(key, value)
}

func (t *watchedTx) Delete(key string) error {
	t.wrote[key] = nil
	return t.Tx.Delete(key)
}

// purchaseWith reports whether a purchase is written whose record has a part.
func purchaseWith(wrote map[string][]byte, part string) bool {
	for key, value := range wrote {
		if strings.HasPrefix(key, "purchase/") && strings.Contains(string(value), part) {
			return true
		}
	}
	return false
}

// once returns a function that fails the first time that what is written fits.
func once(fits func(wrote map[string][]byte) bool) func(map[string][]byte) error {
	failed := false
	return func(wrote map[string][]byte) error {
		if failed || !fits(wrote) {
			return nil
		}
		failed = true
		return errDisk
	}
}

// count is how many messages the bot has sent that contain a part.
func (w *world) count(person int64, part string) int {
	n := 0
	for _, m := range w.chats.Messages(person) {
		if m.Bot && (strings.Contains(m.Text, part) || strings.Contains(m.First, part)) {
			n++
		}
	}
	return n
}

// buy has a person order by key and confirm, after a login.
func (w *world) buy(person int64, more string) {
	w.t.Helper()
	w.login(person)
	w.say(person, shortOrder+more)
	w.say(person, "/confirm")
}

// TestBookKeepsEveryMove: what happened to a purchase is in the book with each
// call and its answer, whatever ticks and restarts came in between.
func TestBookKeepsEveryMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.buy(anna, "")
	for range 4 {
		w.pass(10 * time.Second)
	}
	w.restart()
	w.settle()
	w.pass(2 * time.Minute)
	w.wantSaid(anna, "The server is active")
	calls := map[string]int{}
	for _, line := range w.book("user/1001") {
		deed, err := line.Read()
		if err != nil {
			t.Fatal(err)
		}
		switch deed := deed.(type) {
		case audit.Called:
			calls[deed.Call]++
		case audit.Answered:
			calls[deed.Call]--
		case audit.Moved:
			if deed.By == "tick" {
				t.Errorf("a tick that changed nothing is line %d", line.N)
			}
		}
	}
	for call, n := range calls {
		if n != 0 {
			t.Errorf("%d answers to %s are missing in the book", n, call)
		}
	}
	if len(calls) < 5 {
		t.Errorf("the book knows of the calls %v only", calls)
	}
}

// TestLostCallIsToldOnce: the bot dies while it pays; the next start tells it
// in one message.
func TestLostCallIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.login(anna)
	w.say(anna, shortOrder)
	held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "cartorder.create.confirm"})
	card, confirm := w.confirmButton(anna)
	w.press(anna, card, confirm)
	w.hit(held)
	store, mark := w.copied(), read(t, markOf(w.store))
	held.Release()
	w.settle()
	w.stopBot()
	w.putBack(store)
	write(t, markOf(w.store), mark)
	told := w.count(anna, "Please don't order") // by the one that died, where the answer proved nothing
	w.start()
	w.settle()
	if n := w.count(anna, "Please don't order") - told; n != 1 {
		t.Errorf("%d messages say that an answer was lost, want 1:\n%s", n, w.chats.Transcript(anna))
	}
	for range 10 {
		w.pass(time.Minute)
	}
	w.wantSaid(anna, "The server is active")
	w.boughtOnce(anna)
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestCommitOfUnknownOutcome: a commit that announces a call fails, but was
// made. The call is not on its way, and the purchase must not wait for it.
func TestCommitOfUnknownOutcome(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"add", "confirm"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			b := &brokenStore{after: once(func(wrote map[string][]byte) bool {
				return purchaseWith(wrote, `"inFlight":"`+call+`"`)
			})}
			w := broken(t, sandbox.Config{ActivationDelay: time.Minute}, b, nil)
			w.buy(anna, "")
			for range 15 {
				w.pass(time.Minute)
			}
			w.tap(anna, "🔄 Try again") // nothing was sent: a person repeats it
			for range 5 {
				w.pass(time.Minute)
			}
			w.wantSaid(anna, "The server is active")
			w.boughtOnce(anna)
		})
	}
}

// TestNewsOnce: a message that was sent is not sent again because the store
// cannot write that it was.
func TestNewsOnce(t *testing.T) {
	t.Parallel()
	b := &brokenStore{}
	w := broken(t, sandbox.Config{ActivationDelay: time.Minute}, b, nil)
	w.login(anna)
	w.say(anna, shortOrder)
	var sent bool
	b.set(func() {
		b.commit = once(func(wrote map[string][]byte) bool {
			if len(wrote) != 1 {
				return false
			}
			for key := range wrote {
				sent = strings.HasPrefix(key, "outbox/") && w.count(anna, "The server is active") > 1 // the card and the news
			}
			return sent
		})
	})
	w.say(anna, "/confirm")
	w.pass(2 * time.Minute)
	if !sent {
		t.Fatal("nothing was broken")
	}
	if n := w.count(anna, "The server is active"); n != 2 {
		t.Errorf("%d messages say that it is active, want the card and one more:\n%s", n, w.chats.Transcript(anna))
	}
}

// TestStoreThatCannotBeReadForAMoment: nothing is sent while the store cannot
// be read, so that nothing becomes of it but a delay.
func TestStoreThatCannotBeReadForAMoment(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"purchase-secret/", "account/"} {
		t.Run(strings.Trim(key, "/"), func(t *testing.T) {
			t.Parallel()
			b := &brokenStore{}
			w := broken(t, sandbox.Config{ActivationDelay: time.Minute}, b, nil)
			w.login(anna)
			w.say(anna, orderLine)
			var failed, adding bool
			b.set(func() {
				b.commit = func(wrote map[string][]byte) error {
					adding = adding || purchaseWith(wrote, `"inFlight":"add"`)
					return nil
				}
				b.read = func(of string) error {
					b.mu.Lock()
					defer b.mu.Unlock()
					if failed || !adding || !strings.HasPrefix(of, key) {
						return nil
					}
					failed = true
					return errDisk
				}
			})
			w.say(anna, "/confirm")
			if !failed {
				t.Fatal("nothing was broken")
			}
			for range 3 {
				w.pass(time.Minute)
			}
			w.wantSaid(anna, "The server is active")
			w.boughtOnce(anna)
		})
	}
}

// TestCrashWhileAnOlderCopyIsMadeSafe: the start on an older copy fails in the
// middle. The next start still knows that the copy is old.
func TestCrashWhileAnOlderCopyIsMadeSafe(t *testing.T) {
	t.Parallel()
	b := &brokenStore{}
	w := broken(t, sandbox.Config{ActivationDelay: time.Minute}, b, nil)
	w.buy(anna, " promocode=NOSUCH") // asks, and holds the cart
	w.login(boris)
	w.say(boris, strings.Replace(shortOrder, "web-1", "web-2", 1))
	w.say(boris, "/confirm")
	w.stopBot()
	older := w.copied()
	w.start()
	w.tap(anna, "Without a code")
	w.pass(30 * time.Second)
	w.shown()
	w.stopBot()
	w.putBack(older)

	restored := 0
	b.set(func() {
		b.commit = func(wrote map[string][]byte) error {
			for key, value := range wrote {
				if strings.HasPrefix(key, "audit/") && strings.Contains(string(value), `"by":"restored"`) {
					if restored++; restored == 2 {
						return errDisk
					}
				}
			}
			return nil
		}
	})
	p := &Program{
		Config: Config{
			Telegram: TelegramConfig{Token: worldToken, APIURL: w.chatsURL},
			Zomro:    ZomroConfig{APIURL: w.vendorURL, Renew: true},
			Storage:  StorageConfig{URL: w.url},
		},
		Keys: w.keys,
		Log:  slog.New(slog.NewTextHandler(w.logs, nil)),
		Now:  w.clock.Now,
	}
	w.configure(p)
	if err := p.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := p.Run(t.Context()); !errors.Is(err, errDisk) {
		t.Errorf("run: %v, want %v", err, errDisk)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	b.set(func() { b.commit = nil })
	w.start()
	w.settle()
	for range 20 {
		w.pass(time.Minute)
	}
	for person, text := range map[int64]string{anna: "It's unclear whether the last request", boris: "Неясно, выполнен ли последний запрос"} {
		w.wantSaid(person, text)
	}
	if n := w.sold(); n != 2 {
		t.Errorf("%d orders were paid, want the 2 before the copy came back", n)
	}
}

// TestCancelWhileHeldUp: a purchase that is held up and given up says that it is
// cancelled, and not that it goes on by itself.
func TestCancelWhileHeldUp(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{boris} })
	w.say(boris, "/stop_purchases maintenance")
	w.buy(anna, "")
	w.wantSaid(anna, "paused all purchases")
	w.tap(anna, "Cancel purchase")
	w.wantSaid(anna, "Purchase cancelled", "Nothing was charged")
	messages := w.chats.Messages(anna)
	if last := messages[len(messages)-1].Text; strings.Contains(last, "continue on its own") {
		t.Errorf("a cancelled purchase is said to go on:\n%s", w.chats.Transcript(anna))
	}
}

// TestStopBetweenLookAndCall: an owner stops all purchases after a purchase has
// looked whether it may go on, and before its call is announced.
func TestStopBetweenLookAndCall(t *testing.T) {
	t.Parallel()
	b := &brokenStore{}
	w := broken(t, sandbox.Config{}, b, func(c *Config) { c.Owners = []int64{boris} })
	w.login(anna)
	w.say(anna, shortOrder)
	var stop sync.Once
	b.set(func() {
		b.looked = func(key string) {
			if key != "hold/purchases" || len(w.vendor.Cart(vendorLogin)) == 0 {
				return // not yet in the cart
			}
			stop.Do(func() {
				if _, err := w.chats.Say(boris, boris, "/stop_purchases"); err != nil {
					t.Error(err)
				}
				if err := w.chats.Until(t.Context(), func() bool { return w.said(boris, "Все покупки остановлены") }); err != nil {
					t.Error(err)
				}
			})
		}
	})
	w.say(anna, "/confirm")
	w.wantSaid(boris, "Все покупки остановлены")
	if n := w.sold(); n != 0 {
		t.Errorf("%d orders were paid after the owner was told that all are stopped", n)
	}
	w.say(boris, "/allow_purchases")
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want 1:\n%s", n, w.chats.Transcript(anna))
	}
}

// TestOtherAccountWhileACallIsDenied: the session dies under a call, and its
// owner logs in to another account, and out of this one, before the call is
// answered.
func TestOtherAccountWhileACallIsDenied(t *testing.T) {
	t.Parallel()
	const other = "other@example.com"
	w := newWorld(t, sandbox.Config{})
	w.vendor.AddAccount(other, "Other-Secret-1", eur(50))
	w.login(anna)
	w.say(anna, shortOrder)
	held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "v2.instances.order.param", Match: map[string]string{"sok": "ok"}})
	card, confirm := w.confirmButton(anna)
	w.press(anna, card, confirm)
	<-held.Hit()
	for _, text := range []string{"/login", "", other, "Other-Secret-1"} {
		if text == "" {
			until(w, func() bool { return w.tapNewest(anna, "Login and password") == nil })
			continue
		}
		if _, err := w.chats.Say(anna, anna, text); err != nil {
			t.Fatal(err)
		}
	}
	until(w, func() bool { return w.said(anna, "Logged in as "+other) })
	if _, err := w.chats.Say(anna, anna, "/logout"); err != nil {
		t.Fatal(err)
	}
	for _, label := range []string{vendorLogin, "Log out"} {
		until(w, func() bool { return w.tapNewest(anna, label) == nil })
	}
	until(w, func() bool { return w.said(anna, "the account is forgotten") })
	w.vendor.ExpireSessions(vendorLogin)
	held.Release()
	w.settle()
	w.pass(time.Minute)
	if n := len(w.vendor.Cart(other)); n != 0 {
		t.Errorf("%d items were put into the cart of another account", n)
	}
	w.wantSaid(anna, "Zomro does not accept the session")
}

// until waits until something holds that a message of the bot brings about.
func until(w *world, holds func() bool) {
	w.t.Helper()
	ctx, cancel := w.patient()
	defer cancel()
	if err := w.chats.Until(ctx, func() bool { w.oblige(); return holds() }); err != nil {
		w.t.Fatalf("%v:\n%s", err, w.chats.Transcript(anna))
	}
}

// TestTurnOfUnknownOutcome: the commit of a turn fails, but was made. What the
// person did is done once, and what follows from it does not wait for a restart.
func TestTurnOfUnknownOutcome(t *testing.T) {
	t.Parallel()
	b := &brokenStore{}
	w := broken(t, sandbox.Config{ActivationDelay: time.Minute}, b, nil)
	w.login(anna)
	b.set(func() {
		b.after = once(func(wrote map[string][]byte) bool {
			for key, value := range wrote {
				if strings.HasPrefix(key, "dialogue/") && strings.Contains(string(value), `"place":"plan"`) {
					return true
				}
			}
			return false
		})
	})
	w.say(anna, "/order")
	w.tap(anna, words["choose"][anna])
	w.tap(anna, "🇳🇱 Netherlands-3")
	until(w, func() bool { return w.said(anna, "Step 2 of 10") })
	w.say(anna, "/cancel")

	w.say(anna, shortOrder)
	b.set(func() {
		b.after = once(func(wrote map[string][]byte) bool { return purchaseWith(wrote, `"state":"drafted"`) })
	})
	w.say(anna, "/confirm")
	until(w, func() bool { return w.sold() == 1 || w.said(anna, "Nothing to confirm") })
	w.settle()
	w.shown()
	w.wantSaid(anna, "Charged: ")
	if w.said(anna, "Nothing to confirm") {
		t.Errorf("the command was carried out twice:\n%s", w.chats.Transcript(anna))
	}
	w.pass(time.Minute)
	w.wantSaid(anna, "The server is active")
	w.boughtOnce(anna)
}

// TestStoreThatFailsNowAndThen orders while commits fail at random, before they
// are made or after. What was confirmed is bought once, and told.
func TestStoreThatFailsNowAndThen(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			b := &brokenStore{}
			w := broken(t, sandbox.Config{ActivationDelay: time.Minute}, b, nil)
			w.login(anna)
			random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // chooses commits
			fail := func(wrote map[string][]byte) error {
				for key := range wrote {
					if strings.HasPrefix(key, "seen/") {
						return nil // Telegram sends it again
					}
				}
				if random.IntN(25) == 0 {
					return errDisk
				}
				return nil
			}
			b.set(func() { b.commit, b.after = fail, fail })
			w.say(anna, orderLine+" promocode=WELCOME10")
			until(w, func() bool { return w.said(anna, "Charged now") })
			w.say(anna, "/confirm")
			for range 10 {
				w.clock.move(20 * time.Second)
				_, _ = w.program.Engine.Sweep(t.Context())
				w.settle()
			}
			b.set(func() { b.commit, b.after = nil, nil })
			for range 20 {
				if w.said(anna, "The server is active") {
					break
				}
				for _, label := range []string{"🔄 Try again", "Without a code"} {
					_ = w.tapNewest(anna, label)
				}
				w.settle()
				w.pass(time.Minute)
			}
			w.wantSaid(anna, "The server is active")
			w.boughtOnce(anna)
		})
	}
}

// TestTooLateToCancel taps an old card's button to cancel what is paid.
func TestTooLateToCancel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.login(anna)
	w.say(anna, shortOrder)
	held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "instances"})
	card, confirm := w.confirmButton(anna)
	w.press(anna, card, confirm)
	<-held.Hit()
	var cancel string
	until(w, func() bool {
		for _, m := range w.chats.Messages(anna) {
			if b, ok := m.Button("Cancel purchase"); ok {
				card, cancel = m.ID, b.Data
			}
		}
		return cancel != ""
	})
	held.Release()
	w.settle()
	press, err := w.chats.TapData(anna, anna, card, cancel)
	if err != nil {
		t.Fatal(err)
	}
	w.settle()
	if text := w.chats.Transcript(anna); !strings.Contains(text, "alert to Anna: Too late to cancel") {
		t.Errorf("press %s: nobody was told that it is too late:\n%s", press, text)
	}
	w.boughtOnce(anna)
}

// TestSessionThatMayBeAlive: a call is denied, and whether the session has died
// cannot be asked for a moment. Nobody has to log in again for that.
func TestSessionThatMayBeAlive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.say(anna, "/login")
	w.tap(anna, "Session token")
	w.say(anna, w.vendor.OpenSession(vendorLogin))
	w.say(anna, shortOrder)
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.Reply, Func: "cart", ErrorType: "access"})
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.Status, Func: "keepalive", Times: 4})
	w.say(anna, "/confirm")
	for range 3 {
		w.pass(time.Minute)
	}
	if w.said(anna, "Zomro ended your session") {
		t.Errorf("a session that is alive is said to be lost:\n%s", w.chats.Transcript(anna))
	}
	w.wantSaid(anna, "The server is active")
	w.boughtOnce(anna)
}
