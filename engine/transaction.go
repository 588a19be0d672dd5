package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/engine/journal"
	"zomrobot/logs"
	"zomrobot/purchase"
	"zomrobot/storage"
)

// turn reads the dialogue, steps it by the event and commits everything that
// follows in one transaction; then it sets the effects going. also joins the
// transaction: it removes what caused the turn.
func (e *Engine) turn(ctx context.Context, key chat.Key, event chat.Event, also ...func(storage.Tx) error) error {
	ctx = logs.With(ctx, ofDialogue(key))
	watch := e.stopwatch()
	err := e.transact(ctx, key, func(t *transaction) error {
		watch.lap(PartWait)
		defer watch.lap(PartDecide)
		return t.run(event, watch)
	}, also...)
	if err != nil {
		return fmt.Errorf("turn of dialogue %s: %w", key, err)
	}
	watch.lap(PartCommit)
	return nil
}

// follow sets going what the committed turn decided.
func (t *transaction) follow(ctx context.Context) {
	t.engine.marks.note(t.mark)
	t.observed()
	t.logMoved(ctx)
	for _, answer := range t.answers {
		t.engine.answerPress(ctx, t.lang, answer)
	}
	for i := range t.posts {
		t.posts[i].about = logs.About(ctx)
	}
	t.engine.posts.add(t.engine, t.posts)
	if !t.due.IsZero() {
		t.engine.wakeSweep(t.due)
	}
	for _, id := range t.purchases {
		if id != t.moving {
			t.engine.wake(id)
		}
	}
	for _, id := range t.trials {
		if id != t.trying {
			t.engine.wakeTrial(id)
		}
	}
	beside := t.engine.goesOn(ctx)
	for _, ids := range t.jobs {
		t.engine.spawn(func() {
			for _, id := range ids {
				t.engine.runJob(beside, id)
			}
		})
	}
	t.engine.lookAtHeld(ctx, t.held...)
	for _, id := range t.left {
		t.engine.spawn(func() { t.engine.endWaiting(t.engine.ctx, t.key.User, id) })
	}
}

// A turn while its transaction is made. The function of a transaction may run
// again, so it gathers here what is to be done only after the commit.
type transaction struct {
	engine *Engine
	ctx    context.Context // of what it logs
	tx     storage.Tx
	key    chat.Key
	next   int64 // number of the next post

	who       chat.Person // at work in it; zero: nobody, it is the bot's own
	lang      string
	answers   []conversation.Answer
	posts     []post
	purchases []string   // to be looked at
	moving    string     // of them, the one whose runner makes the transaction: it goes on by itself
	opened    []post     // cards of purchases and jobs that come after what the dialogue shows
	trials    []string   // to be looked at
	trying    string     // of them, the one whose runner makes the transaction
	jobs      [][]string // that were opened: their calls have to be made, one after the other where they belong together
	due       time.Time  // when the first of what it puts off wants a tick; zero: nothing does
	mark      int64      // set: a purchase moved

	moved []step           // of purchases
	begun int              // purchases that were opened
	ended []purchase.State // of purchases that came to their ends

	left []string                   // accounts that the person has logged out of
	held []func(journal.Entry) bool // which purchases that are held up are to be looked at again
}

// logMoved says in the log that it is not known what became of a call of a purchase, when that
// is over, and what a purchase asks.
func (t *transaction) logMoved(ctx context.Context) {
	for _, s := range t.moved {
		ctx := logs.With(ctx, ofPurchase(s.is.ID))
		was, is := s.was.State == purchase.StateUnknown, s.is.State == purchase.StateUnknown
		switch {
		case is && !was:
			t.engine.log.WarnContext(ctx, "the outcome of a purchase is not known", "call", string(s.is.UnknownOf))
		case was && !is:
			t.engine.log.InfoContext(ctx, "the outcome of a purchase is known", "call", string(s.was.UnknownOf), "state", string(s.is.State))
		}
		if q, asked := s.is.Open(), s.was.Open(); q != nil && (asked == nil || asked.Kind != q.Kind) {
			t.engine.log.InfoContext(ctx, "a purchase waits for an answer", "question", string(q.Kind))
		}
	}
}

func (t *transaction) run(event chat.Event, watch *stopwatch) error {
	now := t.engine.now()
	was, found, err := t.engine.dialogues.get(t.tx, t.key)
	if err != nil {
		return err
	}
	watch.lap(PartRead)
	d := was.dialogue
	if !found {
		d = conversation.New(t.key)
	}
	if event, err = t.witnessed(was, d, event); err != nil {
		return err
	}
	wake, drafted := d.Wake, d.Draft != nil
	if _, connected := event.(accountflow.LoginChecked); connected {
		t.held = append(t.held, paidFrom(t.key.User))
	}
	if gone, is := event.(accountflow.LoggedOut); is {
		t.left = append(t.left, gone.Account)
	}
	if err := errors.Join(t.tellAccounts(&d), t.tellTeam(&d, event)); err != nil {
		return err
	}
	// What an intent brings about within the turn is stepped in the same turn.
	for events := []chat.Event{event}; len(events) > 0; events = events[1:] {
		var effects []conversation.Effect
		d, effects = t.engine.machine.Step(d, events[0], now)
		t.lang, t.who = d.Language(), chat.Person{ID: t.key.User, Name: d.Name}
		for _, effect := range effects {
			more, err := t.take(effect)
			if err != nil {
				return err
			}
			events = append(events, more...)
		}
	}
	for _, card := range t.opened {
		if err := t.post(card); err != nil {
			return err
		}
	}
	if err := moveDue(t.tx, wake, d.Wake, dueDialogue, t.key.String()); err != nil {
		return err
	}
	if err := t.listGroupDraft(drafted, d); err != nil {
		return err
	}
	if !d.Wake.Equal(wake) {
		t.dueAt(d.Wake)
	}
	return t.engine.dialogues.put(t.tx, t.key, was, d)
}

// witnessed notes on a person's words whether the chat showed what they can agree to. It is
// looked for only where it counts.
func (t *transaction) witnessed(was keptDialogue, d conversation.Dialogue, event chat.Event) (chat.Event, error) {
	var err error
	switch e := event.(type) {
	case chat.Command:
		e.Seen, err = t.seen(was, e.Message)
		return e, err
	case chat.Text:
		if t.engine.machine.Agrees(d) {
			e.Seen, err = t.seen(was, e.Message)
		}
		return e, err
	default:
		return event, nil
	}
}

// seen reports whether the dialogue's card stood in the chat, as the dialogue is, above a
// message of the person's.
func (t *transaction) seen(was keptDialogue, message int) (bool, error) {
	drawn, ok := was.card(t.engine.machine)
	if !ok {
		return false, nil
	}
	c, _, err := getCard(t.tx, cardKey(t.key))
	if shown, edited := t.engine.edited.get(cardKey(t.key)); edited {
		c.appearance = shown
	}
	there := c.Message != 0 && c.Message < message
	return there && c.Shown == drawn.digestIn(was.dialogue.Language()), err
}

// dueAt notes that something wants a tick; zero: it does not.
func (t *transaction) dueAt(at time.Time) {
	if !at.IsZero() && (t.due.IsZero() || at.Before(t.due)) {
		t.due = at
	}
}

// post puts something into the outbox.
func (t *transaction) post(p post) error {
	p.Key = outboxKey(p.To, t.next)
	p.In = t.engine.chat.current(p.To.Chat)
	t.next++
	t.posts = append(t.posts, p)
	return storage.Put(t.tx, p.Key, p)
}

// postsAtOnce is how many posts join one transaction.
const postsAtOnce = 250

// postMany posts all but the last of many posts, so many at once, and returns those that are
// left to join a transaction. They bring cards up to date: made again, they change nothing.
func (e *Engine) postMany(ctx context.Context, posts []post) ([]post, error) {
	for len(posts) > postsAtOnce {
		err := e.beside(ctx, func(t *transaction) error {
			for _, p := range posts[:postsAtOnce] {
				if err := t.post(p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		posts = posts[postsAtOnce:]
	}
	return posts, nil
}

// allowed reports whether the operator lets this person use the bot here.
func (e *Engine) allowed(key chat.Key) bool {
	return (len(e.allowedUsers) == 0 || e.allowedUsers[key.User]) && e.chatAllowed(key)
}

// chatAllowed reports whether the operator lets the bot be used in this chat, by
// its first id or the one of now.
func (e *Engine) chatAllowed(key chat.Key) bool {
	return len(e.allowedChats) == 0 || key.Private() || e.allowedChats[key.Chat] || e.allowedChats[e.chat.current(key.Chat)]
}

// refuse says once to a person, or to a group, that the bot is not for them, and
// drops the event.
func (e *Engine) refuse(ctx context.Context, key chat.Key, event chat.Event, also ...func(storage.Tx) error) error {
	err := e.beside(ctx, func(t *transaction) error {
		said := conversation.Notify{Screen: conversation.Refused(), Alone: !key.Private()}
		if press, ok := event.(chat.Press); ok {
			t.answers = append(t.answers, conversation.Answer{Press: press.ID})
			said.Press = press.ID
		}
		told := false
		var err error
		if e.chatAllowed(key) {
			if _, told, err = storage.Get[bool](t.tx, refusedKey(key.User)); err == nil && !told {
				err = storage.Put(t.tx, refusedKey(key.User), true)
			}
		} else {
			said = conversation.Notify{Screen: conversation.ChatRefused()}
			err = noteGroup(t.tx, key, func(g *group) { told, g.Refused = g.Refused, true })
		}
		if err != nil || told {
			return err
		}
		return t.post(post{To: key, Lang: chat.LanguageOf(event), Effect: &outward{said}})
	}, also...)
	if err != nil {
		return fmt.Errorf("refuse %d in chat %d: %w", key.User, key.Chat, err)
	}
	return nil
}
