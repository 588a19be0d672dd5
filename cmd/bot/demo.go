package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/storage"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// The vendor's account of the demo.
const (
	demoLogin    = "demo"
	demoPassword = "demo"
	demoBalance  = 100 // EUR
	demoToken    = "1000:demo"
)

// runDemo runs the bot between a stand-in for Telegram, with a page to chat in,
// and a stand-in for the vendor. Everything is on this machine and gone in the
// end.
func runDemo(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8080", "where the page is served; loopback only")
	verbose := flags.Bool("v", false, "log what happens")
	if err := parse(flags, args, stderr); err != nil {
		return err
	}
	if err := loopback(*addr); err != nil {
		return usage(err)
	}
	folder, err := os.MkdirTemp("", "zomrobot-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo's store: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()

	vendor := sandbox.New(sandbox.Config{ActivationDelay: 15 * time.Second, WorkDelay: 8 * time.Second})
	vendor.AddAccount(demoLogin, demoPassword, zomro.Money{Amount: decimal.NewFromInt(demoBalance), Currency: "EUR"})
	vendor.AddKey(demoLogin, "laptop", demoKey)
	chats := emulator.New(emulator.Config{Token: demoToken})

	stopVendor, vendorURL, err := serveOn(ctx, "127.0.0.1:0", vendor)
	if err != nil {
		return err
	}
	defer stopVendor()
	stopChats, chatsURL, err := serveOn(ctx, *addr, chats)
	if err != nil {
		return err
	}
	defer stopChats()
	defer chats.Close()
	defer vendor.Close()

	key, err := storage.GenerateKey("demo")
	if err != nil {
		return err
	}
	keys, err := storage.ParseKeys(key)
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	if *verbose {
		log = slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	p := &Program{
		Config: Config{
			Telegram: TelegramConfig{Token: demoToken, APIURL: chatsURL},
			Zomro:    ZomroConfig{APIURL: vendorURL},
			Storage:  StorageConfig{URL: "bolt:" + filepath.Join(folder, "bot.db")},
		},
		Keys:    keys,
		Log:     log,
		unpaced: true,
	}
	if err = p.Open(ctx); err == nil {
		_, _ = fmt.Fprintf(stdout, `Open %s in a browser.

Write /login there: the vendor's login is %q, its password %q,
and %d EUR are on its balance. Then write /order. WELCOME10 is a promo code.
Nothing here is real; stop with Ctrl+C.
`, chatsURL, demoLogin, demoPassword, demoBalance)
		err = p.Run(ctx)
	}
	return errors.Join(err, p.Close())
}

// demoKey is a public key for the demo's account. Nobody has its private half.
const demoKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGRlbW8gZGVtbyBkZW1vIGRlbW8gZGVtbyBkZW1vIGRl demo@laptop"

// loopback refuses an address that others could reach.
func loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("-addr: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("-addr: %s is not a loopback address; the page lets anybody who reaches it act as everybody", host)
	}
	return nil
}

// serveOn serves a handler until the returned function is called, and returns
// its address as a URL.
func serveOn(ctx context.Context, addr string, handler http.Handler) (stop func(), url string, err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, "", fmt.Errorf("listen for the demo: %w (another address: bot demo -addr 127.0.0.1:0)", err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return func() { _ = server.Close() }, "http://" + listener.Addr().String(), nil
}
