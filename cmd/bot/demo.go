package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"zomrobot/storage"
)

// runDemo runs the bot between a stand-in for Telegram, with a page to chat in,
// and a stand-in for the vendor, whose panel is on the page, too. The bot is a
// process of its own, so that it can be killed. Everything stays on this machine
// and is gone at the end.
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
	path, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program, to run it as the demo's bot: %w", err)
	}
	key, err := storage.GenerateKey("demo")
	if err != nil {
		return err
	}

	bot := &keptBot{path: path, log: stderr, verbose: *verbose, changed: make(chan struct{})}
	vendor := demoVendor()
	chats, err := demoChats(&panel{vendor: vendor, bot: bot})
	if err != nil {
		return err
	}
	stopVendor, vendorURL, err := serveOn(ctx, "127.0.0.1:0", vendor)
	if err != nil {
		return err
	}
	defer stopVendor()
	stopChats, chatsURL, err := serveOn(ctx, *addr, bot.watch(chats))
	if err != nil {
		return err
	}
	defer stopChats()
	defer chats.Close()
	defer vendor.Close()

	bot.env = []string{
		"TELEGRAM_TOKEN=" + demoToken, "TELEGRAM_API_URL=" + chatsURL, "ZOMRO_API_URL=" + vendorURL,
		"STORAGE_URL=bolt:" + filepath.Join(folder, "bot.db"), "STORAGE_KEYS=" + key, "HTTP_ADDR=127.0.0.1:0",
	}
	_, _ = fmt.Fprintf(stdout, `Open %s in a browser.

Write /login there: the vendor's login is %q, its password %q,
and %d EUR are on its balance. Then write /order. WELCOME10 is a promo code.
Or let a guided tour show it. Nothing here is real; stop with Ctrl+C.
`, chatsURL, demoLogin, demoPassword, demoBalance)
	return bot.keep(ctx)
}

// loopback refuses an address that others could reach.
func loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("-addr: %w", err)
	}
	if !isLoopback(host) {
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
