package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/conversation/bill"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/telegram"
)

// mostAsked is how many people are asked to approve an order: more would be a crowd,
// and each may be a call to Telegram.
const mostAsked = 10

// poll is who was asked to approve the terms of a purchase. Nobody votes by
// being one of them: who may is judged at the press.
type poll struct {
	Terms  int           `json:"terms"`
	People []chat.Person `json:"people,omitempty"`
}

// askApprovers finds who may approve what a post asks for, and asks those who have a
// private chat with the bot there. The card in the group, which comes next, mentions
// them all. It waits for Telegram once; if Telegram does not answer, the card comes
// without them, and they are asked as soon as it does.
func (e *Engine) askApprovers(ctx context.Context, p post) error {
	people, err := e.approvers(ctx, p.Asks)
	if err == nil {
		return e.keepAsked(ctx, p, people, false)
	}
	e.log.WarnContext(ctx, "Telegram does not tell who may approve a purchase; they are asked later", "purchase", p.Asks, "error", err)
	ctx = e.goesOn(ctx)
	e.spawn(func() {
		err := e.retry(firstPause, func() error {
			people, err := e.approvers(ctx, p.Asks)
			if errors.Is(err, telegram.ErrRefused) { // the bot is not in the group
				people, err = nil, nil
			}
			if err != nil {
				return err
			}
			return e.keepAsked(ctx, p, people, true)
		}, func(err error, pause time.Duration) {
			e.log.InfoContext(ctx, "who may approve a purchase is asked again", "purchase", p.Asks, "pause", pause, "error", err)
		})
		if err != nil && e.ctx.Err() == nil {
			e.log.ErrorContext(ctx, "nobody was asked in private to approve a purchase", "purchase", p.Asks, "error", err)
		}
	})
	return nil
}

// approvers lists who may approve a purchase by their role of now: the owner and the
// administrators first, then others to whom the role was given.
func (e *Engine) approvers(ctx context.Context, id string) ([]chat.Person, error) {
	of, _, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
	if err != nil || of.Record.State != purchase.StateAwaiting {
		return nil, err
	}
	tm, _, err := storage.Read[team.Team](ctx, e.store, journal.TeamKey(of.Team))
	if err != nil {
		return nil, err
	}
	admins, err := e.chat.Administrators(ctx, of.Owner)
	if err != nil {
		return nil, err
	}
	var people []chat.Person
	take := func(who chat.Person, status team.Status) {
		known := slices.ContainsFunc(people, func(p chat.Person) bool { return p.ID == who.ID })
		if !known && tm.MayApprove(who.ID, status, of.Owner.User) {
			people = append(people, who)
		}
	}
	for _, user := range append([]int64{tm.Owner}, slices.Sorted(maps.Keys(tm.Roles))...) {
		administers := slices.ContainsFunc(admins, func(p chat.Person) bool { return p.ID == user })
		// Only whose role would let them is worth a call.
		if !administers && len(people) < mostAsked && tm.MayApprove(user, team.StatusMember, of.Owner.User) {
			status, err := e.chat.Member(ctx, of.Owner, user)
			if err != nil {
				return nil, err
			}
			take(chat.Person{ID: user, Name: tm.Name(user)}, team.Status(status))
		}
		if user == tm.Owner {
			for _, admin := range admins {
				take(admin, team.StatusAdministrator)
			}
		}
	}
	return people[:min(len(people), mostAsked)], nil
}

// keepAsked keeps who was asked, asks them in private, and removes the post. late: the
// card in the group is there already.
func (e *Engine) keepAsked(ctx context.Context, p post, people []chat.Person, late bool) error {
	err := e.beside(ctx, func(t *transaction) error {
		of, _, err := storage.Get[journal.Entry](t.tx, journal.PurchaseKey(p.Asks))
		if err != nil || of.Record.State != purchase.StateAwaiting || len(people) == 0 {
			return err
		}
		if err := storage.Put(t.tx, askedKey(p.Asks), poll{Terms: of.Record.Approval.Terms, People: people}); err != nil {
			return err
		}
		for _, person := range people {
			if err := t.request(of, person.ID); err != nil {
				return err
			}
		}
		if !late {
			return nil
		}
		return t.post(post{To: of.Owner, Purchase: p.Asks})
	}, consume(p.Key))
	if err != nil && !errors.Is(err, errConsumed) {
		return err
	}
	e.posts.forget(p)
	return nil
}

// request asks a person in private to approve a purchase, if they have a private chat
// with the bot and have not turned that off.
func (t *transaction) request(of journal.Entry, user int64) error {
	private := chat.Key{Chat: user, User: user}
	kept, found, err := t.engine.dialogues.get(t.tx, private)
	if err != nil && !storage.Damaged(err) {
		return err
	}
	if !found || !t.engine.allowed(private) || !kept.dialogue.Reminders.Wants(conversation.MatterApproval) || of.Record.Approval.Voted(user) {
		return nil
	}
	return errors.Join(
		putCard(t.tx, requestKey(of.Record.ID, user), card{}), // they may vote there from now on
		t.post(post{To: private, Request: of.Record.ID, AsNew: true}),
	)
}

// requested reports whether the person of this dialogue may vote on a purchase in it: in
// private only who was asked there.
func (t *transaction) requested(id string) (bool, error) {
	if !t.key.Private() {
		return true, nil
	}
	_, found, err := getCard(t.tx, requestKey(id, t.key.User))
	return found, err
}

// tellAsked brings the requests for a purchase up to date.
func (t *transaction) tellAsked(id string) error {
	was, _, err := storage.Get[poll](t.tx, askedKey(id))
	if err != nil {
		return err
	}
	for _, person := range was.People {
		if err := t.post(post{To: chat.Key{Chat: person.ID, User: person.ID}, Request: id}); err != nil {
			return err
		}
	}
	return nil
}

// stillAsked are those who were asked to approve a purchase and have not done so.
func (e *Engine) stillAsked(ctx context.Context, r purchase.Record) ([]chat.Person, error) {
	was, _, err := storage.Read[poll](ctx, e.store, askedKey(r.ID))
	if err != nil || was.Terms != r.Approval.Terms {
		return nil, err
	}
	return slices.DeleteFunc(was.People, func(p chat.Person) bool { return r.Approval.Voted(p.ID) }), nil
}

// showRequest sends a person the request to approve a purchase, or edits the one that
// they have. Once nothing waits for them it loses its buttons, and is left alone.
func (e *Engine) showRequest(ctx context.Context, er errand, id string, asNew bool) error {
	name, user := requestKey(id, er.key.User), er.key.User
	was, found, err := e.loadCard(ctx, er.key, name)
	if err != nil || !found && !asNew {
		return err
	}
	waits := true
	draw := func() (chat.Screen, error) {
		now, _, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
		if err != nil {
			return chat.Screen{}, err
		}
		waits = now.Record.State == purchase.StateAwaiting
		group, err := e.group(ctx, now.Owner.Chat)
		return bill.ApprovalRequest(journal.View(now, 0), group.Title, now.Record.Approval.Voted(user)), err
	}
	if asNew {
		at, err := e.chat.Send(ctx, er.key, er.lang, draw, false)
		if err != nil {
			return err
		}
		if err := e.keepCard(ctx, name, card{spot: at}, ""); err != nil {
			return err
		}
		if was.Message != 0 {
			e.strip(ctx, er.key, was.spot)
		}
	} else if err := e.chat.Edit(ctx, was.spot, er.lang, draw); err != nil && !errors.Is(err, telegram.ErrRefused) {
		return err // one that the person has deleted is not sent again
	}
	if waits {
		return nil
	}
	return e.deleteKeys(context.WithoutCancel(ctx), name)
}

// requestAgain sends a request anew to somebody who has it.
func (e *Engine) requestAgain(ctx context.Context, er errand, id string) error {
	_, found, err := e.loadCard(ctx, er.key, requestKey(id, er.key.User))
	if err != nil || !found {
		return err
	}
	return e.showRequest(ctx, er, id, true)
}
