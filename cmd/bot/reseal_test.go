package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"zomrobot/storage"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// notice is a log that tells when a text is written to it.
type notice struct {
	text string
	once sync.Once
	seen chan struct{}
}

func (n *notice) Write(p []byte) (int, error) {
	if strings.Contains(string(p), n.text) {
		n.once.Do(func() { close(n.seen) })
	}
	return len(p), nil
}

// TestOldKeysAreReplaced rotates a key: the bot that starts with a new key ahead of
// the old one reseals everything, and after that the old one is not needed.
func TestOldKeysAreReplaced(t *testing.T) {
	chats, vendor := emulator.New(emulator.Config{Token: worldToken}), sandbox.New(sandbox.Config{})
	chatsServer, vendorServer := httptest.NewServer(chats), httptest.NewServer(vendor)
	defer vendorServer.Close()
	defer chatsServer.Close()
	defer chats.Close()
	defer vendor.Close()
	url := "bolt:" + filepath.Join(t.TempDir(), "bot.db")
	var generated [2]string
	for i, id := range []string{"old", "new"} {
		key, err := storage.GenerateKey(id)
		if err != nil {
			t.Fatal(err)
		}
		generated[i] = key
	}
	older, newer := generated[0], generated[1]
	parse := func(keys ...string) storage.Keyring {
		ring, err := storage.ParseKeys(strings.Join(keys, ","))
		if err != nil {
			t.Fatal(err)
		}
		return ring
	}
	// serve runs the bot until during returns, which is told when the old keys are
	// not needed any more.
	serve := func(keys storage.Keyring, during func(ctx context.Context, replaced <-chan struct{})) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		log := &notice{text: "the old keys can be removed", seen: make(chan struct{})}
		p := &Program{
			Config: Config{
				Telegram: TelegramConfig{Token: worldToken, APIURL: chatsServer.URL},
				Zomro:    ZomroConfig{APIURL: vendorServer.URL},
				Storage:  StorageConfig{URL: url},
			},
			Keys: keys, Log: slog.New(slog.NewTextHandler(log, nil)),
		}
		if err := p.Open(ctx); err != nil {
			t.Fatal(errors.Join(err, p.Close()))
		}
		done := make(chan error, 1)
		go func() { done <- p.Run(ctx) }()
		during(ctx, log.seen)
		cancel()
		if err := errors.Join(<-done, p.Close()); err != nil {
			t.Fatal(err)
		}
	}
	answered := func(ctx context.Context) {
		t.Helper()
		n := len(chats.Messages(anna))
		if _, err := chats.Say(anna, anna, "/help"); err != nil {
			t.Fatal(err)
		}
		if err := chats.Wait(ctx, anna, func(m []emulator.Message) bool { return len(m) > n+1 }); err != nil {
			t.Fatal(err)
		}
	}
	refuses := func(keys storage.Keyring) {
		t.Helper()
		store, err := storage.Open(t.Context(), url, keys)
		if err == nil {
			err = store.Close()
		}
		if !errors.Is(err, storage.ErrSealed) {
			t.Errorf("the store opens with %v, which must not be enough: %v", keys, err)
		}
	}

	serve(parse(older), func(ctx context.Context, _ <-chan struct{}) { answered(ctx) })
	refuses(parse(newer))
	serve(parse(newer, older), func(ctx context.Context, replaced <-chan struct{}) {
		answered(ctx)
		select {
		case <-replaced:
		case <-ctx.Done():
			t.Error("nobody said that the old keys can be removed")
		}
	})
	refuses(parse(older))
	serve(parse(newer), func(ctx context.Context, _ <-chan struct{}) { answered(ctx) })
}
