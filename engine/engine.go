package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/engine/handlers"
	"zomrobot/logs"
	"zomrobot/storage"
	"zomrobot/telegram"
	"zomrobot/zomro"
)

// Vendor is what the engine asks of the vendor's client.
type Vendor interface {
	handlers.Vendor

	// AtOnce returns a client for reading calls that are made at the same time.
	AtOnce() *zomro.Client
	// Build is the panel's build that the last answer of a function has named.
	Build(function string) string
	// Pulse tells when the vendor was last heard.
	Pulse() zomro.Pulse
	Login(ctx context.Context, username string, password zomro.Secret, lang string) (zomro.Secret, error)
	KeepAlive(ctx context.Context, auth zomro.Auth) error
	Survey(ctx context.Context, auth zomro.Auth) (zomro.Conformance, error)
	OldList(ctx context.Context, auth zomro.Auth) error
	Logout(ctx context.Context, auth zomro.Auth) error
	Charges(ctx context.Context, auth zomro.Auth) ([]zomro.Charge, error)
	UnpaidOrders(ctx context.Context, auth zomro.Auth) ([]zomro.UnpaidOrder, error)
	AddToCart(ctx context.Context, auth zomro.Auth, order zomro.Order) (string, error)
	Prolong(ctx context.Context, auth zomro.Auth, service string, period zomro.Period) (string, error)
	ApplyPromo(ctx context.Context, auth zomro.Auth, code string) error
	RemoveFromCart(ctx context.Context, auth zomro.Auth, item string) error
	RemoveFromCartByElid(ctx context.Context, auth zomro.Auth, elid string) error
	EmptyCart(ctx context.Context, auth zomro.Auth) error
	Confirm(ctx context.Context, auth zomro.Auth, lineItem string) error

	StartService(ctx context.Context, auth zomro.Auth, service string) error
	StopService(ctx context.Context, auth zomro.Auth, service string) error
	RebootService(ctx context.Context, auth zomro.Auth, service string) error
	RenameService(ctx context.Context, auth zomro.Auth, service, name string) error
	SetReverseDNS(ctx context.Context, auth zomro.Auth, service, host string) error
	DeleteService(ctx context.Context, auth zomro.Auth, service string) error
	SetRenewal(ctx context.Context, auth zomro.Auth, service, key string) error
	ChangePassword(ctx context.Context, auth zomro.Auth, service string, password zomro.Secret) error
	Rebuild(ctx context.Context, auth zomro.Auth, service string, rebuild zomro.Rebuild) error
	Rescue(ctx context.Context, auth zomro.Auth, service string, boot zomro.Boot, password zomro.Secret) error
	BootISO(ctx context.Context, auth zomro.Auth, service string, boot zomro.Boot) error
	Unrescue(ctx context.Context, auth zomro.Auth, service string) error
	Resize(ctx context.Context, auth zomro.Auth, service, plan string) error
	SettleResize(ctx context.Context, auth zomro.Auth, service string, keep bool) error

	MakeCopy(ctx context.Context, auth zomro.Auth, service string, kind zomro.CopyKind, name string) error
	Restore(ctx context.Context, auth zomro.Auth, service, fleio string) error
	RenameImage(ctx context.Context, auth zomro.Auth, image, service, name string) error
	ProtectImage(ctx context.Context, auth zomro.Auth, image string, protected bool) error
	DeleteImage(ctx context.Context, auth zomro.Auth, image string) error
	SetSchedule(ctx context.Context, auth zomro.Auth, service string, s zomro.Schedule) error
	DeleteSchedule(ctx context.Context, auth zomro.Auth, schedule string) error
	KeepBackups(ctx context.Context, auth zomro.Auth, service string, kept int) error
}

// Chat is what the engine asks of the chat's edge.
type Chat interface {
	handlers.Chat

	Send(ctx context.Context, to chat.Key, lang string, draw telegram.Draw, protect bool) (int, error)
	SendAlone(ctx context.Context, to chat.Key, lang string, draw telegram.Draw, press string) error
	Edit(ctx context.Context, to chat.Key, lang string, message int, draw telegram.Draw) error
	Strip(ctx context.Context, to chat.Key, message int) error
	Delete(ctx context.Context, to chat.Key, message int) error
	Remove(ctx context.Context, to chat.Key, messages []int) error
	Typing(ctx context.Context, to chat.Key) error
	SendFile(ctx context.Context, to chat.Key, lang string, file chat.File) error
	Answer(ctx context.Context, press, lang string, text *chat.Phrase, alert bool) error
	// Administrators returns the people who run the dialogue's group, its creator first.
	Administrators(ctx context.Context, in chat.Key) ([]chat.Person, error)
	// Heard returns when updates could last come, Deaf why they have not for a minute.
	Heard() time.Time
	Deaf() error
}

// Config is what an engine is made of. Store and Vendor are needed.
type Config struct {
	Store   storage.Store
	Vendor  Vendor
	Machine *conversation.Machine                // the dialogue; nil: only accounts are read
	Now     func() time.Time                     // the system's clock; nil: time.Now
	After   func(time.Duration) <-chan time.Time // fires when Now has moved on by so much; nil: time.After
	Log     *slog.Logger                         // nil: slog.Default

	AllowedUsers []int64 // who may use the bot; empty: everybody
	AllowedChats []int64 // where; empty: everywhere
	Owners       []int64 // who may stop all purchases

	Bot int64 // Telegram's id of the bot that the store has to belong to; 0: whichever

	// Others: until Start another process, with a clock of its own, may have made calls that
	// write at the vendor. How long they can come late is counted from Start.
	Others bool

	Renew bool // servers can be renewed: how the vendor takes that is not known

	Version string // of the program, for its owners

	Mark Mark // nil: an older copy of the store is not recognised

	Observer Observer // zero: nobody is told
}

// Engine turns updates into turns, and runs what follows from them.
type Engine struct {
	store   storage.Store
	vendor  Vendor
	machine *conversation.Machine
	chat    *chats
	clock   clock
	doubts  sync.Map         // [doubt]s by the purchase's id
	bot     int64            // see Config
	others  bool             // likewise
	took    time.Time        // when it took over from another process; zero: there is none
	now     func() time.Time // the clock's
	after   func(time.Duration) <-chan time.Time
	log     *slog.Logger
	observe Observer
	version string
	started time.Time // by the clock

	allowedUsers, allowedChats, owners map[int64]bool

	ctx  context.Context // of everything that runs beside the turns
	stop context.CancelFunc
	wait sync.WaitGroup

	lastHeard     heard
	inboxed       inboxed
	seenIDs       seenIDs // of updates
	active        activity
	answering     chan struct{} // holds one for each press that is being answered
	posts         posts         // effects on their way out, one line per dialogue
	edited        edits         // what cards show, as far as it is not on disk
	missed        missed        // what could not be said
	dialogues     dialogues     // as they were read last
	runners       runners       // purchases being moved
	trialRunners  runners       // trials being moved
	calling       sync.Map      // ids of actions whose call is being made
	lanes         lanes         // of the calls of batches
	apart         sync.Map      // accounts whose reading calls are made one after the other
	accounts      *account.Pool
	desk          *handlers.Desk
	storeFailures storeFailures
	profileLost   sync.Once // that what is known of the vendor cannot be read is logged
	mark          Mark
	marks         marks
	sweeps        sweeps
	doubt         atomic.Bool // a commit failed, and may have been made
	full          atomic.Bool // the store is nearly full, and the log says so
}

// New returns an engine. It does nothing before Start.
func New(c Config) *Engine {
	e := &Engine{
		store: c.Store, vendor: c.Vendor, after: c.After, log: c.Log, observe: c.Observer, version: c.Version,
		allowedUsers: set(c.AllowedUsers), allowedChats: set(c.AllowedChats), owners: set(c.Owners),
		mark:          c.Mark,
		bot:           c.Bot,
		others:        c.Others,
		sweeps:        sweeps{alarm: make(chan struct{}, 1)},
		answering:     make(chan struct{}, answersBeside),
		storeFailures: storeFailures{last: make(map[chat.Key]time.Time)},
	}
	if e.after == nil {
		e.after = time.After
	}
	if e.log == nil {
		e.log = slog.Default()
	}
	e.clock = clock{system: c.Now, log: e.log}
	if c.Now == nil {
		e.clock.system = time.Now
	}
	e.now = e.clock.Now
	e.machine = c.Machine
	e.dialogues.machine, e.dialogues.log = c.Machine, e.log
	e.accounts = account.NewPool(c.Store, c.Vendor, e.now, e.tellLost)
	e.desk = &handlers.Desk{Store: c.Store, Vendor: c.Vendor, Accounts: e.accounts, Now: e.now, Pause: wait, Log: e.log, Allowed: e.allowed, Owner: func(user int64) bool { return e.owners[user] }, Spent: e.spentBeside, Renew: c.Renew}
	e.ctx, e.stop = context.WithCancel(context.Background())
	return e
}

func set(ids []int64) map[int64]bool {
	m := make(map[int64]bool, len(ids))
	for _, id := range ids {
		m[id] = true
	}
	return m
}

// Start takes up what an earlier run left: effects that were not carried out,
// purchases and actions (a call that was under way is lost, its outcome is
// looked for), what is due. It must be called before the first update. The error is
// [ErrOtherBot] when the store belongs to another bot; then nothing was done.
func (e *Engine) Start(ctx context.Context, chat Chat) error {
	e.chat = &chats{edge: chat, moved: func(ctx context.Context, from, to int64) error { return e.moved(ctx, from, to) }}
	e.desk.Chat = e.chat
	if err := e.claim(ctx); err != nil {
		return err
	}
	if err := errors.Join(e.loadMoves(ctx), e.loadMissed(ctx), e.seenIDs.load(ctx, e.store)); err != nil {
		return err
	}
	newest, _, err := storage.Read[time.Time](ctx, e.store, clockKey)
	if err != nil {
		return err
	}
	e.clock.reach(newest)
	if e.others {
		e.took = e.now()
	}
	e.started = e.now()
	if e.lastHeard.at, _, err = storage.Read[time.Time](ctx, e.store, heardKey); err != nil {
		return err
	}
	e.lastHeard.kept = e.lastHeard.at
	older, mark, err := e.restored(ctx)
	if err != nil {
		return err
	}
	if older {
		if err := errors.Join(e.dropChecks(ctx), e.forgetCards(ctx)); err != nil {
			return err
		}
	}
	// Before anything else is told: what is older comes first, and nothing that
	// is told now stands in the outbox already.
	if err := e.resumeOutbox(ctx); err != nil {
		return err
	}
	if older {
		if err := e.makeSafe(ctx, mark); err != nil {
			return fmt.Errorf("make an older copy of the store safe: %w", err)
		}
	}
	if err := e.resumePurchases(ctx); err != nil {
		return err
	}
	if err := e.resumeJobs(ctx, false); err != nil {
		return err
	}
	if err := e.resumeTrials(ctx, false); err != nil {
		return err
	}
	if away := e.now().Sub(e.lastHeard.kept); away < 0 || away >= moveWaits {
		e.spawn(e.lookForMoves)
	}
	e.sweeps.begins()
	e.wait.Go(e.watchDue)
	e.spawn(e.resumeReminders)
	return nil
}

// ErrUnderWay means that calls to the vendor have outlasted the stop: they are in the journal,
// and the next start looks for their outcome.
var ErrUnderWay = errors.New("engine: calls are still under way; the next start looks for their outcome")

// Close stops what runs beside the turns and waits for it as long as ctx
// allows, else the error is [ErrUnderWay]. Calls that spend money are not cut short before that.
func (e *Engine) Close(ctx context.Context) error {
	e.stop()
	e.store.Flush()
	done := make(chan struct{})
	go func() {
		e.wait.Wait()
		close(done)
	}()
	select {
	case <-done:
		e.settleMark()
		return nil
	case <-ctx.Done():
		return ErrUnderWay
	}
}

// Handle makes the turn of an update. It returns after the commit; an error
// means that nothing was committed and the update has to be handled again.
func (e *Engine) Handle(ctx context.Context, u telegram.Update) error {
	e.active.add(1)
	defer e.active.add(-1)
	taken := e.takeUp(u.ID)
	key, event := u.Key, e.dated(u)
	if e.chat.former(key.Chat) {
		event = without(event)
	}
	key.Chat = e.chat.identity(key.Chat)
	ctx = logs.With(ctx, ofDialogue(key))
	var err error
	switch event := event.(type) {
	case chat.Moved:
		err = e.moved(ctx, event.From, event.To, taken)
	case chat.MemberLeft:
		err = e.memberLeft(ctx, key.Chat, event.User, taken)
	case chat.MemberJoined:
		err = e.membersChanged(ctx, key.Chat, taken)
	case chat.BotChanged:
		err = e.botChanged(ctx, key, u.Title, event, taken)
	case chat.Anonymous:
		err = e.anonymous(ctx, key, event, taken)
	default:
		err = e.heard(ctx, key, u.Title, event, taken)
	}
	if err != nil && !errors.Is(err, errConsumed) {
		if key.User != 0 && !errors.Is(err, storage.ErrLost) { // then another bot is active, and answers
			e.reportStoreFailure(ctx, key, event)
		}
		return err
	}
	e.inboxed.remove(&e.active, u.ID)
	return nil
}

// heard makes the turn of what a person did.
func (e *Engine) heard(ctx context.Context, key chat.Key, title string, event chat.Event, taken func(storage.Tx) error) error {
	if c, ok := e.ownerCommand(key, event); ok {
		return e.obey(ctx, key, c, taken)
	}
	if !e.allowed(key) {
		return e.refuse(ctx, key, event, taken)
	}
	// The person is here: what they missed can perhaps be said now.
	if err := e.catchUp(ctx, func(k chat.Key) bool { return k.User == key.User }); err != nil {
		return err
	}
	if err := e.turn(ctx, key, event, taken, heardIn(key, title, event)); err != nil {
		return err
	}
	if c, ok := event.(chat.Command); ok && c.Name == "team" && !key.Private() {
		beside := e.goesOn(ctx)
		e.spawn(func() { e.ownerGone(beside, key) })
	}
	return nil
}
