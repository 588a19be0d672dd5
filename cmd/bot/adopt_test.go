package main

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"zomrobot/engine"
	"zomrobot/storage"
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
	other := append(slices.Clone(p.env), "TELEGRAM_TOKEN="+otherToken)
	calls := len(p.chats.Calls())
	refused := func(env []string, verb, want string, code int) {
		t.Helper()
		if out, got := run(t, env, verb); got != code || !strings.Contains(out, want) {
			t.Errorf("bot %s ended with %d, want %d and %q:\n%s", verb, got, code, want, out)
		}
	}
	refused(other, "run", "TELEGRAM_TOKEN: engine: the store belongs to another bot: to 4242, and this one is 777", exitUsage)
	if n := len(p.chats.Calls()); n != calls {
		t.Errorf("Telegram was called %d times by a bot that refuses to start", n-calls)
	}
	refused(other, "check", "FAIL  bot           it belongs to bot 4242", exitFailed)
	refused(p.env, "adopt", "belongs to bot 4242 already", exitDone)
	refused(other, "adopt", "belongs to bot 777 now, and no more to bot 4242", exitDone)
	refused(p.env, "run", "to 777, and this one is 4242", exitUsage)
	refused(p.env, "adopt", "belongs to bot 4242 now", exitDone)
	p.start()
	p.say(anna, "/help")
	p.await(anna, "/order")
	refused(other, "adopt", "stop it", exitFailed)
	p.stop()
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
