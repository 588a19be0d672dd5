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
	"strings"
	"sync/atomic"
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

	d := &demo{folder: folder, bot: &keptBot{path: path, log: stderr, verbose: *verbose, changed: make(chan struct{})}}
	if err := d.renew(); err != nil {
		return err
	}
	defer func() { d.world.Load().end() }()
	stopVendor, vendorURL, err := serveOn(ctx, "127.0.0.1:0", http.HandlerFunc(d.serveVendor))
	if err != nil {
		return err
	}
	defer stopVendor()
	stopChats, chatsURL, err := serveOn(ctx, *addr, http.HandlerFunc(d.serveChats))
	if err != nil {
		return err
	}
	defer stopChats()

	d.bot.env = func() []string {
		return []string{
			"TELEGRAM_TOKEN=" + demoToken, "TELEGRAM_API_URL=" + chatsURL, "ZOMRO_API_URL=" + vendorURL, "ZOMRO_RENEW=true",
			"STORAGE_URL=bolt:" + filepath.Join(d.world.Load().folder, "bot.db"), "STORAGE_KEYS=" + key, "HTTP_ADDR=127.0.0.1:0",
		}
	}
	_, _ = fmt.Fprintf(stdout, `Open %s in a browser.

Write /login there: the vendor's login is %q, its password %q,
and %d EUR are on its balance. Then write /order. WELCOME10 is a promo code.
Or let a guided tour show it. Nothing here is real; stop with Ctrl+C.
`, chatsURL, demoLogin, demoPassword, demoBalance)
	return d.bot.keep(ctx)
}

// demo is the bot and the world that it lives in at the moment.
type demo struct {
	folder string
	bot    *keptBot
	world  atomic.Pointer[demoWorld]
}

// renew puts a world in which nothing has happened in place of the one that is there.
// The bot must not run meanwhile.
func (d *demo) renew() error {
	old, number := d.world.Load(), 1
	if old != nil {
		number += old.number
	}
	next, err := newDemoWorld(number, d.folder, func(w *demoWorld) http.Handler { return &panel{world: w, demo: d} })
	if err != nil {
		return err
	}
	d.world.Store(next)
	if old == nil {
		return nil
	}
	old.end()
	if err := os.RemoveAll(old.folder); err != nil {
		return fmt.Errorf("throw away the demo's store: %w", err)
	}
	return nil
}

// anew makes a new world with a bot that knows nothing, greeted in a language of the
// page, and returns its number once the bot is up.
func (d *demo) anew(ctx context.Context, lang string) (int, error) {
	err := d.bot.beginAnew(ctx, func() error {
		if err := d.renew(); err != nil {
			return err
		}
		return d.world.Load().meet(lang)
	})
	return d.world.Load().number, err
}

func (d *demo) serveVendor(w http.ResponseWriter, r *http.Request) {
	d.world.Load().vendor.ServeHTTP(w, r)
}

// serveChats serves the chats and their page, and notices when the bot has come up: it
// asks for updates.
func (d *demo) serveChats(w http.ResponseWriter, r *http.Request) {
	world := d.world.Load()
	switch {
	case strings.HasPrefix(r.URL.Path, "/bot") && strings.HasSuffix(strings.ToLower(r.URL.Path), "/getupdates"):
		d.bot.came()
	case r.URL.Path == "/":
		if err := world.meet(pageLang(r)); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	world.chats.ServeHTTP(w, r)
}

// pageLang is the language that the page will be in: the one in its address, the one
// that was chosen on it, or the browser's.
func pageLang(r *http.Request) string {
	chosen := ""
	if c, err := r.Cookie("lang"); err == nil {
		chosen = c.Value
	}
	for _, lang := range []string{r.URL.Query().Get("lang"), chosen, r.Header.Get("Accept-Language")} {
		for _, known := range []string{"en", "ru"} {
			if strings.HasPrefix(lang, known) {
				return known
			}
		}
	}
	return "en"
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
