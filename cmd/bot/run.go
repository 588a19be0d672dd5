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
	"net/url"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"zomrobot/engine"
	"zomrobot/locales"
	"zomrobot/logs"
	"zomrobot/storage"
	"zomrobot/storage/etcd"
	"zomrobot/telegram"
	"zomrobot/zomro"
)

// stopWithin is how long stopping may take in all. Docker kills after 10
// seconds.
const stopWithin = 9 * time.Second

// Program is the bot as a value: everything that it needs, opened in Open,
// run by Run and released by Close.
type Program struct {
	Config Config
	Keys   storage.Keyring
	Log    *slog.Logger
	Socket string           // where the verbs ask it, beside the store; "": nowhere
	Now    func() time.Time // nil: time.Now

	manager      manager // is told how the bot is
	afterPicture func()  // nil: nothing is done

	Store  storage.Store
	Engine *engine.Engine
	Chat   *telegram.Bot

	// For tests and stand-ins:
	after         func(time.Duration) <-chan time.Time  // waits by Now; nil: time.After
	wrapBackend   func(storage.Backend) storage.Backend // sees every commit; nil: nobody does
	wrapStore     func(storage.Store) storage.Store     // sees every transaction
	wrapMark      func(engine.Mark) engine.Mark         // sees every save of the mark beside the store
	vendorClient  *http.Client                          // sees every call to the vendor
	chatTransport http.RoundTripper                     // carries every call to the chats
	vendorOptions []zomro.Option                        // other time limits
	started       func()                                // is told when what was left over has been taken up

	sealed   storage.Store                 // Store as it was opened
	counted  *counted                      // nil: there are no metrics
	local    *http.Server                  // at Socket
	beside   net.Listener                  // of local
	tries    atomic.Pointer[engine.Engine] // Engine, for bot trial; nil: it has not started yet
	listener net.Listener
	server   *http.Server
	pages    replaced // of the server

	// Of a store on a cluster:
	owned  io.Closer     // the mark, see [markFile.own]; nil: the store is in a file
	lead   *etcd.Backend // nil: the same
	lost   atomic.Bool   // it leads no more
	margin time.Duration // so long before the end of the lease nothing is written at the vendor
	mark   engine.Mark
}

// Open opens the store, reaches Telegram and listens. Nothing but metrics is served
// before Run. A wrong key or a held store is an error before anything is
// touched.
func (p *Program) Open(ctx context.Context) error {
	p.Log = slog.New(logs.Handler(p.Log.Handler(), func(err error) bool { return p.follows(ctx, err) }))
	texts, err := locales.Load()
	if err != nil {
		return err
	}
	wrap := p.wrapBackend
	if wrap == nil {
		wrap = func(b storage.Backend) storage.Backend { return b }
	}
	if err := p.count(ctx); err != nil {
		return err
	}
	if p.Store, err = p.openStore(ctx, wrap); errors.Is(err, engine.ErrOtherBot) {
		return otherBot(err)
	} else if err != nil {
		return setting("STORAGE_URL", err)
	}
	p.sealed = p.Store
	if p.Socket != "" {
		p.serveBeside(ctx)
	}
	if err := p.counted.store(p.sealed); err != nil {
		return err
	}
	if p.wrapStore != nil {
		p.Store = p.wrapStore(p.Store)
	}
	if p.vendorClient == nil {
		transport := manyConns()
		if p.lead != nil {
			transport = leading(transport, p.lead.Leads)
		}
		p.vendorClient = &http.Client{Transport: transport}
	}
	vendor := append([]zomro.Option{zomro.WithLogger(p.Log), zomro.WithHTTPClient(p.vendorClient)}, p.vendorOptions...)
	vendor = append(vendor, p.counted.vendor()...)
	mark := p.mark
	if p.lead != nil {
		vendor = append(vendor, zomro.WithLeave(p.mayWrite))
	} else {
		mark = markBeside(p.Config.Storage.URL)
		if file, ok := mark.(markFile); ok {
			if _, _, err := file.usable(); errors.Is(err, storage.ErrMark) {
				return setting("STORAGE_URL", err)
			}
		}
	}
	if p.wrapMark != nil {
		mark = p.wrapMark(mark)
	}
	machine := newMachine()
	p.Engine = engine.New(engine.Config{
		Machine:      machine,
		Store:        p.Store,
		Vendor:       zomro.New(p.Config.Zomro.APIURL, vendor...),
		Now:          p.Now,
		After:        p.after,
		Log:          p.Log,
		AllowedUsers: p.Config.Allowed.Users,
		AllowedChats: p.Config.Allowed.Chats,
		Owners:       p.Config.Owners,
		Bot:          p.bot(),
		Renew:        p.Config.Zomro.Renew,
		Mark:         mark,
		Others:       p.lead != nil,
		Observer:     p.counted.engine(),
		Version:      thisBuild().Version,
	})
	p.Chat, err = telegram.New(telegram.Config{
		Token:         telegram.NewToken(p.Config.Telegram.Token),
		APIURL:        p.Config.Telegram.APIURL,
		Proxy:         p.Config.Telegram.Proxy,
		WebhookURL:    p.Config.Telegram.WebhookURL,
		WebhookSecret: telegram.NewToken(p.Config.Telegram.WebhookSecret),
		Drain:         stopWithin / 3,
		Transport:     p.chatTransport,
		Log:           p.Log,
		Alarm:         p.Engine.Alarm,
		Observer:      p.counted.telegram(),
		Commands:      machine.Commands(),

		OwnersCommands: machine.OwnersCommands(),
		Owners:         p.Config.Owners,

		AfterPicture: p.afterPicture,
	}, p.Engine.Inbox(), texts, p.Engine.Handle)
	if err != nil {
		return usage(fmt.Errorf("TELEGRAM_TOKEN: %w", err)) // the rest was checked before
	}
	if p.Config.HTTP.Addr != "" && p.listener == nil {
		return p.listen(ctx)
	}
	return nil
}

// follows reports whether an error comes of the stop of the program, or of the end of its lead,
// of which the log has a line of its own.
func (p *Program) follows(ctx context.Context, err error) bool {
	if errors.Is(err, storage.ErrLost) && onCluster(p.Config.Storage.URL) {
		return true
	}
	over := ctx.Err() != nil || p.lost.Load()
	return over && (errors.Is(err, storage.ErrLost) || errors.Is(err, storage.ErrClosed) || errors.Is(err, context.Canceled))
}

// listen listens for health and the webhook.
func (p *Program) listen(ctx context.Context) (err error) {
	if p.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", p.Config.HTTP.Addr); err != nil {
		return setting("HTTP_ADDR", err)
	}
	return nil
}

// bot is Telegram's id of the bot, as its token says.
func (p *Program) bot() int64 { return telegram.NewToken(p.Config.Telegram.Token).Bot() }

// otherBot says what to do about a store that belongs to another bot.
func otherBot(err error) error {
	return setting("TELEGRAM_TOKEN", fmt.Errorf("%w; stop the one that should not run, or give the store to this one with bot adopt", err))
}

// Run serves until ctx ends, then stops in order: no new updates, the turns
// under way, the calls under way.
func (p *Program) Run(ctx context.Context) error {
	ctx, stop := p.untilLost(ctx)
	defer stop()
	if err := p.Engine.Start(ctx, p.Chat); errors.Is(err, engine.ErrOtherBot) {
		return otherBot(err)
	} else if ended, why := p.ended(ctx, err); ended {
		return why
	} else if err != nil {
		return fmt.Errorf("take up what was left: %w", err)
	}
	p.tries.Store(p.Engine)
	if p.started != nil {
		p.started()
	}
	if p.listener != nil {
		p.serve(p.usual())
	}
	p.counted.watch(p.Engine)
	p.Log.InfoContext(ctx, "the bot is running", "version", thisBuild().Version, "storage", p.Config.Storage.URL, "telegram", p.Config.Telegram.APIURL, "vendor", p.Config.Zomro.APIURL)
	var beside sync.WaitGroup
	beside.Go(func() {
		if err := p.Chat.Publish(ctx); err != nil && ctx.Err() == nil {
			p.Log.ErrorContext(ctx, "the commands are not registered with Telegram", "error", err)
		}
	})
	beside.Go(func() { p.reseal(ctx) })
	defer beside.Wait()
	// Nobody waits for it: it may hang where the store does.
	go p.manager.watch(ctx, vitals{
		heard: p.Chat.Pulse, swept: p.Engine.Pulse,
		write: func(ctx context.Context) error { return storage.Healthy(ctx, p.Store, engine.MinFree) },
	}, p.Log)
	err := p.Chat.Run(ctx)
	if errors.Is(err, telegram.ErrToken) {
		return usage(fmt.Errorf("TELEGRAM_TOKEN: %w", err))
	}
	if ended, why := p.ended(ctx, err); ended {
		return why
	}
	return err
}

// ended reports whether an error comes of the end of ctx, and why that came: nil for a stop as
// asked, [errTakenOver] when this bot leads no more.
func (p *Program) ended(ctx context.Context, err error) (bool, error) {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errTakenOver):
		return true, cause
	case p.lead != nil && errors.Is(err, storage.ErrLost): // it is noticed here first
		return true, errTakenOver
	default:
		return ctx.Err() != nil && errors.Is(err, ctx.Err()), nil
	}
}

// reseal seals again, with the first key, what was sealed with an old one, so that
// the old keys are no longer needed.
func (p *Program) reseal(ctx context.Context) {
	if p.Keys.Len() < 2 {
		return
	}
	count, err := storage.Reseal(ctx, p.sealed)
	switch {
	case err == nil:
		p.Log.InfoContext(ctx, "everything is sealed with the first key: the old keys can be removed", "keys", p.Keys, "sealed anew", count)
	case ctx.Err() == nil:
		p.Log.WarnContext(ctx, "not everything could be sealed with the first key: the old keys are still needed; the next start tries again", "keys", p.Keys, "sealed anew", count, "error", err)
	}
}

// usual is what an active bot serves: health and the webhook.
func (p *Program) usual() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(healthPath, healthHandler(p.Store, p.Chat.Deaf))
	if p.Config.Telegram.WebhookURL != "" {
		if u, err := url.Parse(p.Config.Telegram.WebhookURL); err == nil { // it was checked
			mux.Handle(servedPath(u), p.Chat.Webhook())
		}
	}
	return mux
}

// serve serves pages, in the place of those before.
func (p *Program) serve(pages http.Handler) {
	p.pages.Store(&pages)
	if p.server != nil {
		return
	}
	p.server = &http.Server{Handler: &p.pages, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := p.server.Serve(p.listener); !errors.Is(err, http.ErrServerClosed) {
			p.Log.Error("health and webhook are not served any more", "error", err)
		}
	}()
}

// Close releases everything, in the opposite order. It may be called after a
// failed Open.
func (p *Program) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	var failed []error
	if p.local != nil {
		failed = append(failed, p.local.Close()) // a copy under way is not waited for
		_ = p.beside.Close()                     // what has not begun to serve does not know it, and would leave the socket
	}
	if p.server != nil {
		failed = append(failed, p.server.Shutdown(ctx))
	} else if p.listener != nil {
		failed = append(failed, p.listener.Close())
	}
	failed = append(failed, p.counted.close(ctx))
	if p.Engine != nil {
		failed = append(failed, p.Engine.Close(ctx))
	}
	if p.Store != nil {
		failed = append(failed, p.Store.Close())
	}
	if p.owned != nil { // last: the next one may remove the socket and write the mark
		failed = append(failed, p.owned.Close())
	}
	return errors.Join(failed...)
}

// collectAt is how much garbage there may be, in percent of what is in use, before it is
// collected, unless GOGC says it. Go's own 100 makes the heap half as large again without
// taking measurably less of the processor; with 30 a turn of one person takes a fifth more of it.
const collectAt = 50

// manyConns is a transport that keeps as many connections to the vendor as people ask it
// something at once; Go's keeps two.
func manyConns() *http.Transport {
	const idle = 64
	own := http.DefaultTransport.(*http.Transport).Clone()
	own.MaxIdleConnsPerHost = idle
	return own
}

func runBot(ctx context.Context, args []string, _, stderr io.Writer) error {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	attached := flags.Bool("attached", false, "stop when standard input ends: for a program that runs the bot")
	if err := parse(flags, args, stderr); err != nil {
		return err
	}
	if *attached {
		var stop context.CancelFunc
		ctx, stop = context.WithCancel(ctx)
		defer stop()
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			stop()
		}()
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	c, err := ReadConfig()
	if err != nil {
		return usage(err)
	}
	if c.Telegram.Token, err = c.Token(); err != nil {
		return usage(err)
	}
	keys, err := c.Keyring()
	if err != nil {
		return usage(err)
	}
	p := &Program{Config: c, Keys: keys, Log: c.Logger(stderr), Socket: socketBeside(c.Storage.URL)}
	// What a picture was drawn on is half of what the program takes at rest, and would be
	// kept for minutes. Pictures are rare.
	p.afterPicture = debug.FreeOSMemory
	p.manager = findManager(p.Log)
	p.manager.say("opens the store and takes up what was left")
	context.AfterFunc(ctx, p.manager.stops)
	defer context.AfterFunc(ctx, func() { p.Log.InfoContext(ctx, "stopping", "why", context.Cause(ctx)) })() // not once it has ended by itself
	if len(c.Foreign) > 0 {
		p.Log.WarnContext(ctx, "variables of the environment that are not the bot's are left out; bot help shows its own", "variables", c.Foreign)
	}
	err = p.Open(ctx)
	if err == nil {
		err = p.Run(ctx)
	} else if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = nil // it was stopped while it waited
	}
	p.manager.stops() // at the latest: who was told of it beside this may not have had its turn
	closed := p.Close()
	if ctx.Err() != nil && errors.Is(closed, engine.ErrUnderWay) { // it was stopped as asked
		p.Log.WarnContext(ctx, "calls were still under way; the next start looks for their outcome")
		closed = nil
	}
	err = errors.Join(err, closed)
	if err == nil {
		p.Log.InfoContext(ctx, "stopped")
	}
	return err
}
