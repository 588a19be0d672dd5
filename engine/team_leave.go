package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"zomrobot/chat"
	teamflow "zomrobot/conversation/team"
	"zomrobot/engine/journal"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/team"
)

// leaveTeams takes somebody who has left a group out of its teams: their role is
// gone, their account pays no more, what they asked for and nobody has approved
// is given up, and what they owned passes on.
func (e *Engine) leaveTeams(ctx context.Context, group, user int64) error {
	ids, err := e.teamsIn(ctx, group)
	if err != nil || len(ids) == 0 {
		return err
	}
	var heirs []team.Member
	for _, id := range ids {
		tm, _, err := storage.Read[team.Team](ctx, e.store, journal.TeamKey(id))
		if err != nil {
			return err
		}
		if tm.Owner == user && heirs == nil {
			people, err := e.chat.Administrators(ctx, chat.Key{Chat: group})
			if err != nil {
				// Nobody owns it then, and the next administrator who asks does.
				e.log.InfoContext(ctx, "who runs a group is not known", "chat", group, "error", err)
			}
			for _, person := range people {
				heirs = append(heirs, team.Member{ID: person.ID, Name: person.Name})
			}
		}
		if err := e.leaveTeam(ctx, id, user, heirs); err != nil {
			return fmt.Errorf("%d leaves team %s: %w", user, id, err)
		}
	}
	return e.giveUpAwaiting(ctx, group, user)
}

// ownersHere takes those owners out of a group's teams who have left it while the
// bot was not there.
func (e *Engine) ownersHere(ctx context.Context, group int64) error {
	ids, err := e.teamsIn(ctx, group)
	if err != nil {
		return err
	}
	for _, id := range ids {
		tm, _, err := storage.Read[team.Team](ctx, e.store, journal.TeamKey(id))
		if err != nil {
			return err
		}
		if tm.Owner == 0 {
			continue
		}
		status, err := e.chat.Member(ctx, chat.Key{Chat: group}, tm.Owner)
		if err != nil {
			e.log.InfoContext(ctx, "whether a team's owner is still there is not known", "team", id, "error", err)
			continue
		}
		if team.Status(status).Present() {
			continue
		}
		if err := e.leaveTeams(ctx, group, tm.Owner); err != nil {
			return err
		}
	}
	return nil
}

// ownerGone looks whether the owner of a team is still in its group, for somebody who
// looks at the team, and shows them the new owner if not.
func (e *Engine) ownerGone(ctx context.Context, key chat.Key) {
	was, _, err := storage.Read[team.Team](ctx, e.store, journal.TeamKey(journal.TeamID(key)))
	if err != nil || was.Owner == 0 || was.Owner == key.User {
		return
	}
	if err := e.ownersHere(ctx, key.Chat); err != nil {
		e.log.ErrorContext(ctx, "a team did not pass on whose owner may have left", "team", was.ID, "error", err)
		return
	}
	err = e.beside(ctx, func(t *transaction) error {
		is, _, err := storage.Get[team.Team](t.tx, journal.TeamKey(was.ID))
		if err != nil || is.Owner == was.Owner {
			return err
		}
		return t.post(post{To: key, Told: &told{TeamChanged: true}})
	})
	if err != nil {
		e.log.ErrorContext(ctx, "a person is not shown who owns their team now", "team", was.ID, "error", err)
	}
}

// teamsIn lists the teams of a group and of its topics.
func (e *Engine) teamsIn(ctx context.Context, chat int64) ([]string, error) {
	var ids []string
	name := strconv.FormatInt(chat, 10)
	err := e.store.Scan(ctx, journal.TeamKey(name), "", func(key string, _ []byte) (bool, error) {
		id := strings.TrimPrefix(key, journal.TeamKey(""))
		if id == name || strings.HasPrefix(id, name+":") {
			ids = append(ids, id)
		}
		return true, nil
	})
	return ids, err
}

func (e *Engine) leaveTeam(ctx context.Context, id string, user int64, heirs []team.Member) error {
	return e.beside(ctx, func(t *transaction) error {
		was, found, err := storage.Get[team.Team](t.tx, journal.TeamKey(id))
		if err != nil || !found {
			return err
		}
		is := was.Leave(user, heirs)
		var news []chat.Phrase
		if was.Account != nil && is.Account == nil {
			news = append(news, teamflow.AccountLeft(was.Account.Nick, was.Name(user)))
			if err := t.recordTeam(was, is, team.Change{Unbind: true}); err != nil {
				return err
			}
		}
		if was.Owner == user {
			heir := ""
			if is.Owner != 0 {
				heir = is.Name(is.Owner)
			}
			news = append(news, teamflow.OwnerLeft(was.Name(user), heir))
			if err := t.recordTeam(was, is, team.Change{Owner: user}); err != nil {
				return err
			}
		}
		if len(news) > 0 {
			screen := chat.Screen{Lines: news}
			to := chat.Key{Chat: is.Chat, Thread: is.Thread, User: cmp.Or(is.Owner, user)}
			if err := t.post(post{To: to, Notice: &screen}); err != nil {
				return err
			}
		}
		return errors.Join(t.askPayer(was, is), t.keepTeam(is))
	})
}

// giveUpAwaiting gives up what somebody has asked for in a group and nobody has
// approved.
func (e *Engine) giveUpAwaiting(ctx context.Context, chat, user int64) error {
	ids, err := journal.OpenPurchases(ctx, e.store)
	if err != nil {
		return err
	}
	for _, id := range ids {
		open, found, err := storage.Read[journal.Entry](ctx, e.store, journal.PurchaseKey(id))
		if err != nil {
			return err
		}
		if !found || open.Owner.Chat != chat || open.Owner.User != user || open.Record.State != purchase.StateAwaiting {
			continue
		}
		if _, err := e.move(ctx, id, purchase.Cancelled{}); err != nil && !errors.Is(err, errStale) {
			return err
		}
		e.wake(id)
	}
	return nil
}
