package engine

import (
	"cmp"
	"errors"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	teamflow "zomrobot/conversation/team"
	"zomrobot/engine/journal"
	"zomrobot/storage"
	"zomrobot/team"
)

// askPayer asks the holder of a team's account whether it shall go on paying, for the
// team belongs to somebody else now.
func (t *transaction) askPayer(was, is team.Team) error {
	a := is.Account
	if a == nil || is.Owner == 0 || is.Owner == was.Owner || is.Owner == a.Holder {
		return nil
	}
	asked := teamflow.PayOn(is.ID, is.Title, is.Name(is.Owner), a.Nick)
	return t.post(post{To: chat.Key{Chat: a.Holder, User: a.Holder}, Notice: &asked})
}

// releaseAccount carries out ReleaseAccount.
func (t *transaction) releaseAccount(r conversation.ReleaseAccount) ([]chat.Event, error) {
	was, found, err := storage.Get[team.Team](t.tx, journal.TeamKey(r.Team))
	if err != nil {
		return nil, err
	}
	a := was.Account
	if !found || a == nil || a.Holder != t.key.User || !t.key.Private() || r.Account != "" && r.Account != a.ID {
		return []chat.Event{accountflow.Released{Team: r.Team, Title: was.Title, Refused: true}}, nil
	}
	is := was
	is.Account = nil
	group := chat.Key{Chat: was.Chat, Thread: was.Thread, User: cmp.Or(was.Owner, a.Holder)}
	news := teamflow.AccountTaken(a.Nick, was.Name(a.Holder))
	return []chat.Event{accountflow.Released{Team: was.ID, Title: was.Title}}, errors.Join(
		t.keepTeam(is),
		t.recordTeam(was, is, team.Change{Unbind: true}),
		t.post(post{To: group, Notice: &news}),
		t.post(post{To: group, Told: &told{TeamChanged: true}}),
	)
}
