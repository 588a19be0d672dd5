package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zomrobot/engine"
	"zomrobot/storage"
	"zomrobot/storage/etcd"
	"zomrobot/storage/etcd/etcdtest"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

const otherToken = "777:token-of-another-bot"

// TestStoreOfAnotherBot: a bot does not start on the store of another one before it was
// given to it; then the former one does not.
func TestStoreOfAnotherBot(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start()
	p.connect(anna)
	p.stop()
	chats := httptest.NewServer(emulator.New(emulator.Config{Token: otherToken}))
	defer chats.Close()
	stranger := append(slices.Clone(p.env), "TELEGRAM_TOKEN="+otherToken)
	other := append(slices.Clone(stranger), "TELEGRAM_API_URL="+chats.URL)
	calls := len(p.chats.Calls())
	refused := func(env []string, verb, want string, code int) {
		t.Helper()
		if out, got := run(t, env, strings.Fields(verb)...); got != code || !strings.Contains(out, want) {
			t.Errorf("bot %s ended with %d, want %d and %q:\n%s", verb, got, code, want, out)
		}
	}
	refused(other, "run", "TELEGRAM_TOKEN: engine: the store belongs to another bot: to 4242, and this one is 777", exitUsage)
	if n := len(p.chats.Calls()); n != calls {
		t.Errorf("Telegram was called %d times by a bot that refuses to start", n-calls)
	}
	refused(other, "check", "FAIL  bot           it belongs to bot 4242", exitFailed)
	refused(p.env, "adopt", "belongs to bot 4242 already", exitDone)
	refused(stranger, "adopt -yes", "TELEGRAM_TOKEN: nothing was changed: ", exitUsage)
	refused(append(slices.Clone(other), "TELEGRAM_API_URL=http://127.0.0.1:1"), "adopt -yes", "nothing was changed: http://127.0.0.1:1", exitFailed)
	refused(other, "adopt", "Type yes: bot adopt: nothing was changed: there was no yes", exitFailed)
	refused(p.env, "adopt", "belongs to bot 4242 already", exitDone)
	refused(other, "adopt -yes", "belongs to bot 777 now, and no longer to bot 4242", exitDone)
	refused(p.env, "run", "to 777, and this one is 4242", exitUsage)
	refused(p.env, "adopt -yes", "belongs to bot 4242 now", exitDone)
	p.start()
	p.say(anna, "/help")
	p.await(anna, "/order")
	refused(other, "adopt", "stop it", exitFailed)
	p.stop()
}

// TestClusterOfAnotherBot: a bot that comes to lead a store of another one ends, and tells those
// who wait nothing of the mark of its machine.
func TestClusterOfAnotherBot(t *testing.T) {
	t.Parallel()
	p, marks := newProcess(t), t.TempDir()
	addresses, prefix := etcdtest.Shared(t).Addresses(), prefixes.Add(1)
	on := func(mark string) string {
		return fmt.Sprintf("etcd://%s/test/%d?lease=%s&mark=%s", addresses, prefix, leaseOfOthers, filepath.Join(marks, mark))
	}
	whole := slices.Clone(p.env)
	const own, foreign = 5, 900_000
	err := errors.Join(markFile(filepath.Join(marks, "own")).Save(own), markFile(filepath.Join(marks, "other")).Save(foreign))
	if err != nil {
		t.Fatal(err)
	}
	p.env = append(p.env, "STORAGE_URL="+on("own"))
	p.start()
	p.connect(anna)
	p.stop()
	out, code := run(t, append(whole, "TELEGRAM_TOKEN="+otherToken, "STORAGE_URL="+on("other")), "run")
	if want := "TELEGRAM_TOKEN: engine: the store belongs to another bot: to 4242, and this one is 777"; code != exitUsage || !strings.Contains(out, want) {
		t.Errorf("it ended with %d, want %d and %q:\n%s", code, exitUsage, want, out)
	}

	config, err := etcd.Parse(on("own"))
	if err != nil {
		t.Fatal(err)
	}
	active, err := leadLeft(t.Context(), on("own"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = active.Close() }()
	ctx, enough := context.WithCancel(t.Context())
	told, waiting := int64(0), etcd.Connect(config, slog.New(slog.DiscardHandler))
	_, err = waiting.Lead(ctx, func(mark int64) error {
		told = mark
		enough()
		return nil
	})
	_ = waiting.Close()
	if !errors.Is(err, context.Canceled) || told < own || told >= foreign {
		t.Errorf("who waits is told the mark %d (%v)", told, err)
	}
}

// TestOldStoreIsClaimed: a store that does not say whose it is belongs to the bot that is
// started on it.
func TestOldStoreIsClaimed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.stopBot()
	w.tamper(func(tx storage.Tx) error { return tx.Delete("bot") })
	w.start()
	if bot, err := engine.BotOf(t.Context(), w.program.Store); err != nil || bot != 4242 {
		t.Errorf("the store belongs to %d, %v; want the token's bot", bot, err)
	}
}

// TestAdoptedStore: a bot that was given a store takes no message of its own for one of the
// former, and none of its updates for one that the former has seen.
func TestAdoptedStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.login(anna)
	w.say(anna, "/order")
	w.stopBot()
	w.withStore(func(store storage.Store) error { return engine.Adopt(t.Context(), store, 777) })
	w.chats.Close()
	w.chats = emulator.New(emulator.Config{Token: otherToken, Now: w.clock.Now})
	w.clock.moved = w.chats.ClockMoved
	server := httptest.NewServer(w.chats)
	t.Cleanup(server.Close)
	w.chatsURL = server.URL
	w.configure = func(p *Program) { p.Config.Telegram.Token = otherToken }
	w.start()
	w.until(w.chats.Polling)
	w.say(anna, "/help")
	w.wantSaid(anna, "/order")
	w.say(anna, "/order")
	w.wantSaid(anna, "New server")
	w.stopBot()
	if v := w.chats.Violations(); len(v) > 0 {
		t.Errorf("the Bot API was used wrongly: %v", v)
	}
	for _, call := range w.chats.Calls() {
		if strings.HasPrefix(call.Method, "edit") {
			t.Errorf("%s of a message that the former bot has sent", call.Method)
		}
	}
}
