package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/conversation/bill"
	orderflow "zomrobot/conversation/order"
	teamflow "zomrobot/conversation/team"
	"zomrobot/engine/handlers"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/telegram"
)

// A post is something on its way out of a dialogue: it stands in the outbox
// from the commit that decided it until it was carried out. Exactly one of
// Effect, Purchase, Asks, Request, Job, Batch, Notice, Settles, Told, Deleted and Missing is set.
type post struct {
	Key      string       `json:"-"` // in the store
	To       chat.Key     `json:"-"`
	Lang     string       `json:"lang,omitempty"` // "": the dialogue's
	In       int64        `json:"in,omitempty"`   // the chat's id of that time; 0: its first one
	Effect   *outward     `json:"effect,omitempty"`
	Purchase string       `json:"purchase,omitempty"` // whose card has to be brought up to date
	Asks     string       `json:"asks,omitempty"`     // the purchase whose approvers have to be found, and asked
	Request  string       `json:"request,omitempty"`  // the purchase that this person was asked in private to approve
	AsNew    bool         `json:"anew,omitempty"`     // with Purchase, Request, Job or Batch: as a new message
	Job      string       `json:"action,omitempty"`   // whose card has to be brought up to date
	Batch    string       `json:"batch,omitempty"`    // likewise
	Typed    int          `json:"typed,omitempty"`    // with AsNew: what the person wrote that it answers
	Begins   bool         `json:"begins,omitempty"`   // with Purchase, Job or Batch: there is no card yet, and it takes over the dialogue's; it comes before all news
	Notice   *chat.Screen `json:"notice,omitempty"`   // news of a purchase
	Unspent  string       `json:"unspent,omitempty"`  // with Notice: it says that nothing was charged for this purchase, and is not sent when that may not be true any more
	First    bool         `json:"first,omitempty"`    // with Notice, in a group: the person hears of it in private before
	Alarm    string       `json:"alarm,omitempty"`    // with Notice: of which purchase it says what will not be so for long
	Settles  string       `json:"settles,omitempty"`  // the purchase whose news that are over have to say so
	Told     *told        `json:"told,omitempty"`     // something that happened in another dialogue

	Deleted *deletedServer           `json:"deleted,omitempty"` // which purchases have to say that it is
	Missing *accountflow.NoteMissing `json:"missing,omitempty"` // which purchases have to say that they are

	heard  bool           // with First: the person has heard of it
	again  bool           // it was found in the outbox, and may have been carried out
	about  []slog.Attr    // what the lines of its log are about
	answer handlers.Asked // waits for the answer to what was asked ahead; nil: it is asked in the line
}

// told is what a dialogue is told of another one. Exactly one field is set.
type told struct {
	PasswordGiven *orderflow.PasswordGiven `json:"passwordGiven,omitempty"`
	TeamChanged   bool                     `json:"teamChanged,omitempty"`
	ServerBought  bool                     `json:"serverBought,omitempty"`
	Trial         *trialTold               `json:"trial,omitempty"`
}

// event is what was told, for the dialogue that is told.
func (t told) event() chat.Event {
	switch {
	case t.PasswordGiven != nil:
		return *t.PasswordGiven
	case t.ServerBought:
		return accountflow.ServerBought{}
	default:
		return teamflow.Moved{}
	}
}

// posts are the lines of posts, one per dialogue, each worked off in order.
type posts struct {
	mu    sync.Mutex
	last  int64
	lines map[chat.Key]*line
	known map[string]bool // keys of the posts from add until they are out of the outbox
	less  chan struct{}   // closed when few are known; nil: nobody waits for it
}

// fewPosts is how many posts can be on their way while more are made that can wait.
const fewPosts = 64

// room waits until few posts are on their way.
func (p *posts) room(ctx context.Context) error {
	p.mu.Lock()
	if len(p.known) < fewPosts {
		p.mu.Unlock()
		return ctx.Err()
	}
	if p.less == nil {
		p.less = make(chan struct{})
	}
	less := p.less
	p.mu.Unlock()
	select {
	case <-less:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

type line struct{ waiting []post }

// reserve returns a number above every earlier one, also of earlier runs,
// with room for a turn's posts after it.
func (p *posts) reserve(now time.Time) int64 {
	const room = 1000
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = max(p.last+room, now.UnixNano())
	return p.last
}

// add appends each post that is not known to its dialogue's line and has the
// line worked off.
func (p *posts) add(e *Engine, more []post) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lines == nil {
		p.lines = make(map[chat.Key]*line)
		p.known = make(map[string]bool)
	}
	for _, one := range more {
		if p.known[one.Key] {
			continue
		}
		p.known[one.Key] = true
		one.answer = e.askAhead(one)
		if l, ok := p.lines[one.To]; ok {
			l.waiting = append(l.waiting, one)
			continue
		}
		p.lines[one.To] = &line{waiting: []post{one}}
		e.spawn(func() { e.drainLine(one.To) })
	}
}

// forget notes that a post is out of the outbox.
func (p *posts) forget(one post) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, one.Key)
	if p.less != nil && len(p.known) < fewPosts {
		close(p.less)
		p.less = nil
	}
}

// knows reports whether a post was added and is not out of the outbox.
func (p *posts) knows(one post) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known[one.Key]
}

// next takes the first post of a line, and whether a later one of the line
// shows the same card again, which makes this one needless. The line is closed
// when nothing waits.
func (p *posts) next(key chat.Key) (first post, needless, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.lines[key]
	if len(l.waiting) == 0 {
		delete(p.lines, key)
		return post{}, false, false
	}
	first, l.waiting = l.waiting[0], l.waiting[1:]
	covers := slices.IndexFunc(l.waiting, first.coveredBy)
	if covers < 0 {
		return first, false, true
	}
	// What may have been shown already counts for the one that shows it now.
	l.waiting[covers].again = l.waiting[covers].again || first.again
	return first, true, true
}

// placing is how the card of a purchase, a job or a batch is shown.
func (p post) placing() placing {
	how := placing{asNew: p.AsNew, typed: p.Typed}
	if p.Begins {
		how.over = cardKey(p.To)
	}
	return how
}

// coveredBy reports whether carrying out later makes p needless: both bring the
// same card up to date, in place.
func (p post) coveredBy(later post) bool {
	switch {
	case p.AsNew || later.AsNew || p.Begins:
		return false
	case p.Purchase != "":
		return p.Purchase == later.Purchase
	case p.Request != "":
		return p.Request == later.Request
	case p.Job != "":
		return p.Job == later.Job
	case p.Batch != "":
		return p.Batch == later.Batch
	case p.Told != nil && p.Told.Trial != nil:
		return p.Told.Trial.News == "" && later.Told != nil && later.Told.Trial != nil && later.Told.Trial.ID == p.Told.Trial.ID
	case p.Settles != "":
		return p.Settles == later.Settles
	case p.Effect != nil && later.Effect != nil:
		shown, shows := p.Effect.Effect.(conversation.Show)
		_, again := later.Effect.Effect.(conversation.Show)
		return shows && again && !shown.AsNew
	default:
		return false
	}
}

// repeatable reports whether carrying out a post once more changes nothing that a
// person sees: it brings a card up to date in place, or removes a message.
func (p post) repeatable() bool {
	if p.Effect == nil {
		return (p.Purchase != "" || p.Request != "" || p.Job != "" || p.Batch != "" || p.Settles != "") && !p.AsNew
	}
	switch effect := p.Effect.Effect.(type) {
	case conversation.Show:
		return !effect.AsNew
	case conversation.Delete:
		return true
	default:
		return false
	}
}

func (e *Engine) drainLine(key chat.Key) {
	for {
		p, needless, ok := e.posts.next(key)
		if !ok {
			return
		}
		if needless {
			e.finish(p, tail{})
			continue
		}
		beside := false
		var after tail
		watch := e.stopwatch()
		ctx := e.goesOut(p)
		err := e.retry(firstPause, func() (err error) {
			after = tail{}
			beside, err = e.carryOut(ctx, key, &p, &after)
			if errors.Is(err, telegram.ErrRefused) {
				err = e.unsaid(ctx, key, p, err)
			}
			if errors.Is(err, errOutdated) {
				err = nil
			}
			if storage.Damaged(err) { // it will not be read later either
				e.log.ErrorContext(ctx, "what a message shows cannot be read; it is not sent", "error", err)
				err = nil
			}
			return err
		}, func(err error, pause time.Duration) {
			e.log.WarnContext(ctx, "a message could not be delivered; it is tried again", "pause", pause, "error", err)
		})
		if err != nil {
			return // it stands in the outbox
		}
		if !beside {
			watch.lap(PartSend)
			e.finish(p, after)
		}
	}
}

// finish removes a post that was carried out. What does no harm when it is carried out
// once more after a crash waits for a transaction to share, and holds up nothing.
func (e *Engine) finish(p post, after tail) {
	if !p.repeatable() {
		e.done(p, after, e.store.Update)
		return
	}
	write := e.store.Soon
	if e.active.settling() {
		write = e.store.Update
	}
	e.spawn(func() { e.done(p, after, write) })
}

// done removes a post that was carried out, as long as it takes: it is not
// carried out again for a store that hesitates, or a program that stops.
func (e *Engine) done(p post, after tail, write func(context.Context, func(storage.Tx) error) error) {
	ctx := e.goesOut(p)
	var shown appearance
	err := e.retry(firstPause, func() error {
		return write(context.WithoutCancel(ctx), func(tx storage.Tx) error {
			var err error
			if shown, err = e.edited.write(tx, after.edited); err != nil {
				return err
			}
			return errors.Join(after.write(tx, p), tx.Delete(p.Key))
		})
	}, func(err error, pause time.Duration) {
		e.log.ErrorContext(ctx, "a post that was carried out stays in the outbox; it is tried again", "pause", pause, "error", err)
	})
	if err == nil {
		e.edited.wrote(after.edited, shown)
		e.posts.forget(p)
		if due := after.fading.due; !due.IsZero() {
			e.wakeSweep(due)
		}
	}
}

// carryOut does what a post says. beside: it asks the vendor and is left to
// itself; its answer ends the post.
func (e *Engine) carryOut(ctx context.Context, key chat.Key, p *post, after *tail) (beside bool, err error) {
	lang := p.Lang
	if lang == "" {
		d, _, err := e.dialogue(ctx, key)
		if err != nil {
			return false, err
		}
		lang = d.Language()
	}
	er := errand{key: key, lang: lang, in: p.In, tail: after, again: p.again}
	switch {
	case p.Purchase != "":
		return false, e.showPurchase(ctx, er, p.Purchase, p.placing())
	case p.Asks != "":
		return true, e.askApprovers(ctx, *p)
	case p.Request != "":
		return false, e.showRequest(ctx, er, p.Request, p.AsNew)
	case p.Job != "":
		return false, e.showJob(ctx, er, p.Job, p.placing())
	case p.Batch != "":
		return false, e.showBatch(ctx, er, p.Batch, p.placing())
	case p.Notice != nil:
		if p.First && !p.heard && !key.Private() {
			p.heard = e.tellFirst(ctx, key, lang, *p)
		}
		after.sent, err = e.chat.Send(ctx, key, lang, e.news(ctx, *p, *p.Notice), false)
		if p.heard && errors.Is(err, telegram.ErrRefused) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("send news: %w", err)
		}
		return false, nil
	case p.Settles != "":
		return false, e.showSettled(ctx, er, p.Settles)
	case p.Told != nil:
		return true, e.tellOther(ctx, key, *p)
	case p.Deleted != nil:
		return false, e.noteDeleted(ctx, *p.Deleted)
	case p.Missing != nil:
		return false, e.noteMissing(ctx, *p.Missing)
	case p.Effect != nil:
		return e.effect(ctx, er, *p)
	default:
		return false, nil
	}
}

// errOutdated: the news are not true any more; what has become of it since is told
// as well.
var errOutdated = errors.New("the news are outdated")

// news draws the screen of a notice, as long as it is true.
func (e *Engine) news(ctx context.Context, p post, screen chat.Screen) telegram.Draw {
	return func() (chat.Screen, error) {
		if p.Unspent == "" {
			return screen, nil
		}
		of, _, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(p.Unspent))
		if err == nil && of.Record.Charged() != purchase.NotCharged {
			err = errOutdated
		}
		return screen, err
	}
}

// tellFirst sends a person in private what the group hears next, and reports
// whether that worked. Who has never opened the private chat, or closed it, hears
// of it in the group alone.
func (e *Engine) tellFirst(ctx context.Context, key chat.Key, lang string, p post) bool {
	news := *p.Notice
	news.Rows = nil // what can be pressed is in the group
	private := chat.Key{Chat: key.User, User: key.User}
	if _, err := e.chat.Send(ctx, private, lang, e.news(ctx, p, news), false); err != nil {
		e.log.InfoContext(ctx, "news of a group did not reach a person in private", "error", err)
		return false
	}
	return true
}

// tellOther makes the turn of what a dialogue is told of another one; it also
// removes the post.
func (e *Engine) tellOther(ctx context.Context, key chat.Key, p post) error {
	event := p.Told.event()
	if of := p.Told.Trial; of != nil {
		var err error
		if event, err = e.tellsOf(ctx, *of); err != nil {
			return err
		}
	}
	err := e.turn(ctx, key, event, consume(p.Key))
	if err != nil && !errors.Is(err, errConsumed) {
		return err
	}
	e.posts.forget(p)
	return nil
}

// deleteMessage removes a message that holds a secret. When Telegram does not
// let the bot, the person is asked to, unless they are told that anyway.
func deleteMessage(ctx context.Context, e *Engine, er errand, effect conversation.Delete) error {
	err := e.chat.Delete(ctx, spot{Chat: cmp.Or(er.in, er.key.Chat), Message: effect.Message})
	if !errors.Is(err, telegram.ErrNoMessage) {
		return err
	}
	if effect.Told {
		return nil
	}
	_, err = e.chat.Send(ctx, er.key, er.lang, telegram.Still(bill.SecretStays()), false)
	return err
}

// ask runs what asks the vendor, and makes the turn of its answer, which also
// removes the post.
func (e *Engine) ask(key chat.Key, p post, answer handlers.Asked) {
	ctx := e.goesOut(p)
	event, also := answer(ctx)
	if e.ctx.Err() != nil {
		return // asked again at the next start
	}
	if event == nil {
		e.done(p, tail{}, e.store.Update)
		return
	}
	also = append(also, consume(p.Key))
	err := e.retry(firstPause, func() error {
		if err := e.turn(ctx, key, event, also...); !errors.Is(err, errConsumed) {
			return err
		}
		return nil
	}, func(err error, pause time.Duration) {
		e.log.ErrorContext(ctx, "an answer could not be kept; it is tried again", "pause", pause, "error", err)
	})
	if err == nil {
		e.posts.forget(p)
	}
}

// answersBeside is how many presses are answered at once; one more is not answered.
const answersBeside = 256

// answerPress stops the spinner of a press, beside what the turn shows. It is not kept:
// an answer that comes late is of no use.
func (e *Engine) answerPress(ctx context.Context, lang string, a conversation.Answer) {
	select {
	case e.answering <- struct{}{}:
	default: // Telegram does not take them
		e.log.DebugContext(ctx, "a press is not answered: too many wait")
		return
	}
	beside := e.goesOn(ctx)
	e.spawn(func() {
		defer func() { <-e.answering }()
		if err := e.chat.Answer(beside, a.Press, lang, a.Text, a.Alert); err != nil {
			e.log.DebugContext(beside, "a press was not answered", "error", err)
		}
	})
}

// resumeOutbox takes up the posts that stand in the outbox and are not known:
// those that an earlier run left, or a commit that failed and was made.
func (e *Engine) resumeOutbox(ctx context.Context) error {
	keys, err := storage.Keys(ctx, e.store, outboxPrefix)
	if err != nil {
		return err
	}
	var left []post
	for _, key := range keys {
		p, found, err := storage.Read[post](ctx, e.store, key)
		if storage.Damaged(err) {
			err = e.setAside(ctx, key, err)
		}
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		name, _, _ := cutLast(strings.TrimPrefix(key, outboxPrefix))
		if p.To, err = chat.ParseKey(name); err != nil {
			return fmt.Errorf("outbox key %q: %w", key, err)
		}
		p.Key, p.again = key, true
		left = append(left, p)
	}
	for _, p := range left {
		if e.posts.knows(p) {
			continue
		}
		// It may have been carried out since it was listed.
		_, found, err := storage.Read[json.RawMessage](ctx, e.store, p.Key)
		if err != nil {
			return err
		}
		if found {
			e.posts.add(e, []post{p})
		}
	}
	return nil
}

func cutLast(s string) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, '/'); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}
