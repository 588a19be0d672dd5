package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"zomrobot/chat"
	"zomrobot/locales"
)

// Defaults of [Config].
const (
	DefaultAPIURL   = "https://api.telegram.org"
	DefaultParallel = 256
	DefaultDrain    = 10 * time.Second
)

// Config is what a bot is made of. Token is needed.
type Config struct {
	Token         Token         // "123456:ABC-…", of @BotFather
	APIURL        string        // another Bot API server; "": DefaultAPIURL
	WebhookURL    string        // where Telegram posts updates; "": they are polled
	WebhookSecret Token         // with WebhookURL: 1 to 256 of A-Z, a-z, 0-9, "_", "-"
	Parallel      int           // how many conversations are handled at once; 0: DefaultParallel
	Drain         time.Duration // how long handlers may finish at a stop; 0: DefaultDrain
	Log           *slog.Logger  // nil: slog.Default

	Proxy   Proxy  // on the way to Telegram; zero: the one that the environment names, if any
	Network string // "tcp4" or "tcp6": reach Telegram by this alone; "": by whatever works

	// Commands are those that the chat offers.
	Commands []chat.CommandInfo
	// OwnersCommands are offered to the owners of the bot besides, in their own chats with it.
	OwnersCommands []chat.CommandInfo
	Owners         []int64

	// Transport carries the calls to Telegram, Proxy apart; nil: the network.
	Transport http.RoundTripper

	// Observer is told of the calls to Telegram; zero: nobody is told.
	Observer Observer

	// AfterPicture is called when a picture was drawn, which leaves some megabytes to be
	// collected; nil: nothing is done.
	AfterPicture func()

	// Alarm is told what the operator has to know, and for how long nothing was heard; nil:
	// nobody is told. It must return soon.
	Alarm func(ctx context.Context, what Alarm, silent time.Duration)
}

// updates are the kinds of updates that Telegram is asked for. Those about other
// members come only where the bot is an administrator.
var updates = []string{
	models.AllowedUpdateMessage, models.AllowedUpdateEditedMessage, models.AllowedUpdateCallbackQuery,
	models.AllowedUpdateMyChatMember, models.AllowedUpdateChatMember,
}

// Bot is the edge between Telegram and a conversation. Its methods are safe
// for concurrent use.
type Bot struct {
	api           *bot.Bot
	caller        caller
	files         http.Client
	render        renderer
	pace          *pacer
	intake        *intake
	dispatch      *dispatcher
	webhookURL    string
	webhookSecret Token
	drain         time.Duration
	log           *slog.Logger
	commands      []chat.CommandInfo
	theirs        []chat.CommandInfo // of the owners
	owners        []int64

	username atomic.Pointer[string]
	running  atomic.Bool
	noOffs   atomic.Bool // Telegram refuses buttons that cannot be pressed
	aloud    aloud       // where nothing can be said to one member alone
	hearing  hearing
	alarm    func(context.Context, Alarm, time.Duration)

	afterPicture func()
}

// Forms of the secrets, as Telegram gives and takes them.
var (
	tokenForm  = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)
	secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
)

const longestSecret = 256

// New returns a bot that is not running yet; Telegram is not called. It fails
// when the configuration cannot work; the error names the field.
func New(c Config, inbox Inbox, catalog *locales.Catalog, handle Handler) (*Bot, error) {
	if c.APIURL == "" {
		c.APIURL = DefaultAPIURL
	}
	if c.Parallel == 0 {
		c.Parallel = DefaultParallel
	}
	if c.Drain == 0 {
		c.Drain = DefaultDrain
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	b := &Bot{
		pace:          newPacer(),
		dispatch:      newDispatcher(c.Parallel, handle, inbox.Discard, c.Log),
		webhookURL:    c.WebhookURL,
		webhookSecret: c.WebhookSecret,
		drain:         c.Drain,
		log:           c.Log,
		commands:      c.Commands,
		theirs:        c.OwnersCommands,
		owners:        c.Owners,
		alarm:         c.Alarm,
		afterPicture:  c.AfterPicture,
	}
	b.pace.observe = c.Observer
	if b.alarm == nil {
		b.alarm = func(context.Context, Alarm, time.Duration) {}
	}
	if b.afterPicture == nil {
		b.afterPicture = func() {}
	}
	b.hearing.worked = time.Now()
	b.render = renderer{catalog: catalog, log: c.Log, username: b.Username, textual: new(atomic.Bool)}
	b.intake = &intake{inbox: inbox, dispatch: b.dispatch, log: c.Log, commands: c.Commands, doubt: true}

	transport := c.transport()
	b.files = http.Client{
		Transport: transport, Timeout: fileTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	server, client := strings.TrimRight(c.APIURL, "/"), newClient(transport, c.Log, c.Observer, b.take, b.polled)
	b.caller = caller{client: &client.calls, wire: client.wire, url: server + "/bot" + c.Token.text + "/"}
	api, err := bot.New(c.Token.text,
		bot.WithSkipGetMe(),
		bot.WithServerURL(server),
		bot.WithHTTPClient(pollFor+time.Second, client), // the library asks for one second less
		bot.WithAllowedUpdates(updates),
		bot.WithNotAsyncHandlers(),
		bot.WithWorkers(1),
		bot.WithDefaultHandler(func(context.Context, *bot.Bot, *models.Update) {}), // it sees ids alone
		bot.WithErrorsHandler(func(err error) {
			if b.running.Load() {
				c.Log.Warn("updates cannot be polled; it is tried again", "error", err)
				b.polledBadly(err)
			}
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("telegram: make a client: %w", err)
	}
	b.api = api
	return b, nil
}

// Connections to Telegram. With HTTP/2, which api.telegram.org speaks, there is one: it
// is looked after, for calls would hang on it for long once it is dead. A Bot API server
// of one's own gets as many as calls are made at once.
const (
	idleConns = 256 // that are kept for the next calls
	pingAfter = 15 * time.Second
	pingLasts = 10 * time.Second
)

// transport is what carries the calls to Telegram.
func (c Config) transport() http.RoundTripper {
	if c.Transport != nil {
		return c.Transport
	}
	own := http.DefaultTransport.(*http.Transport).Clone()
	own.MaxIdleConns, own.MaxIdleConnsPerHost = idleConns, idleConns
	own.HTTP2 = &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingLasts}
	c.Proxy.through(own)
	if c.Network != "" {
		own.DialContext = func(ctx context.Context, _, address string) (net.Conn, error) {
			return (&net.Dialer{Timeout: callTimeout}).DialContext(ctx, c.Network, address)
		}
	}
	return own
}

// check reports what cannot work. It never quotes a secret.
func (c Config) check() error {
	if !c.Token.Formed() {
		return errors.New("telegram: Token is missing or not of the form 123456:ABC")
	}
	if u, err := url.Parse(c.APIURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("telegram: APIURL is not an http or https address")
	}
	if c.Parallel < 0 || c.Drain < 0 {
		return errors.New("telegram: Parallel and Drain cannot be negative")
	}
	if c.WebhookURL == "" {
		if !c.WebhookSecret.IsZero() {
			return errors.New("telegram: WebhookSecret is of no use without WebhookURL")
		}
		return nil
	}
	if u, err := url.Parse(c.WebhookURL); err != nil || u.Host == "" {
		return errors.New("telegram: WebhookURL is not an address")
	}
	if secret := c.WebhookSecret.text; len(secret) > longestSecret || !secretForm.MatchString(secret) {
		return errors.New("telegram: WebhookSecret must be 1 to 256 of A-Z, a-z, 0-9, _ and -")
	}
	return nil
}

// Run brings updates to the handler until ctx ends: first those that an
// earlier run left in the inbox, then new ones. It survives every failure of the
// network and of Telegram, except that a token that is not accepted at the start
// ends it with [ErrToken].
//
// When ctx ends it begins nothing new and gives the handlers that run
// Config.Drain to finish; an error then says how many were cut short. What was
// not handled stays in the inbox. Run can be called once.
func (b *Bot) Run(ctx context.Context) error {
	if err := b.until(ctx, "ask who the bot is", b.Check); err != nil {
		return err
	}
	if err := b.until(ctx, "replay the inbox", func(ctx context.Context) error { return b.take(ctx, nil) }); err != nil {
		return err
	}
	b.running.Store(true)
	context.AfterFunc(ctx, func() { b.running.Store(false) })
	if err := b.until(ctx, "choose how updates come", b.choose); err != nil {
		return err
	}
	b.hears(ctx)
	b.lookForRest(ctx, 0)
	var beside sync.WaitGroup
	beside.Go(func() { b.watch(ctx) })
	defer beside.Wait()
	if b.webhookURL == "" {
		b.api.Start(ctx)
	}
	<-ctx.Done()
	if n := b.dispatch.drain(b.drain); n > 0 {
		return fmt.Errorf("telegram: %d updates were still being handled after %s", n, b.drain)
	}
	return nil
}

// until repeats a step of the start until it succeeds or ctx ends. Only a token
// that is not accepted is an error.
func (b *Bot) until(ctx context.Context, what string, do func(ctx context.Context) error) error {
	err := retry(ctx.Done(), atOnce, func() error { return do(ctx) }, func(err error, pause time.Duration) bool {
		if ctx.Err() != nil || errors.Is(err, ErrToken) {
			return false
		}
		b.hearing.fails(err)
		b.sayDeaf(ctx)
		b.log.WarnContext(ctx, "the bot cannot start yet; it is tried again", "what", what, "pause", pause, "error", err)
		return true
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// hookConnections is how many updates Telegram may deliver at the same time, the most that
// it allows: each waits for a commit, and those that wait share one.
const hookConnections = 100

// choose tells Telegram whether to wait for polls or to post to the webhook.
func (b *Bot) choose(ctx context.Context) error {
	if b.webhookURL == "" {
		_, err := b.api.DeleteWebhook(ctx, &bot.DeleteWebhookParams{})
		return classify(err)
	}
	_, err := b.api.SetWebhook(ctx, &bot.SetWebhookParams{
		URL:            b.webhookURL,
		MaxConnections: hookConnections,
		SecretToken:    b.webhookSecret.text,
		AllowedUpdates: updates,
	})
	return classify(err)
}

// take is the one way in for updates, whatever brought them.
func (b *Bot) take(ctx context.Context, batch []Raw) error {
	return b.intake.take(ctx, batch, b.Username())
}

// mostUpdates is how many updates an answer to getUpdates has at most.
const mostUpdates = 100

// polled notes that a poll has worked, and whether it has left anything. A bot that
// soon asks the same again is given one update, however many wait.
func (b *Bot) polled(ctx context.Context, count int, again bool) {
	b.hears(ctx)
	switch {
	case count == mostUpdates:
	case count == 1 && again:
		b.lookForRest(ctx, 1)
	default:
		b.emptied(ctx)
	}
}

// lookForRest asks Telegram whether more is waiting than the updates that were
// given out but not confirmed.
func (b *Bot) lookForRest(ctx context.Context, given int) {
	info, err := b.api.GetWebhookInfo(ctx)
	if err == nil && info.PendingUpdateCount <= given {
		b.emptied(ctx)
	}
}

// emptied has the inbox note that nothing is waiting at Telegram.
func (b *Bot) emptied(ctx context.Context) {
	if err := b.intake.inbox.Emptied(ctx); err != nil && ctx.Err() == nil {
		b.log.WarnContext(ctx, "presses that come after a restart may be taken for old ones", "error", err)
	}
}

// Check asks Telegram who the bot is. It fails with [ErrToken] when the token
// is not accepted, with [ErrUnsent] or [ErrUncertain] when Telegram cannot be
// reached.
func (b *Bot) Check(ctx context.Context) error {
	me, err := b.api.GetMe(ctx)
	if err != nil {
		return fmt.Errorf("ask who the bot is: %w", classify(err))
	}
	b.username.Store(&me.Username)
	return nil
}

// Username returns the bot's name without the "@". It is "" before [Bot.Run]
// or [Bot.Check] has reached Telegram.
func (b *Bot) Username() string {
	if name := b.username.Load(); name != nil {
		return *name
	}
	return ""
}
