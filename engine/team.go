package engine

import (
	"cmp"
	"errors"

	"zomrobot/account"
	"zomrobot/audit"
	"zomrobot/book"
	"zomrobot/chat"
	"zomrobot/conversation"
	teamflow "zomrobot/conversation/team"
	"zomrobot/engine/journal"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/zomro"
)

// teamAt returns the team of a dialogue's place.
func (t *transaction) teamAt(key chat.Key) (team.Team, bool, error) {
	if key.Private() {
		return team.Team{}, false, nil
	}
	return storage.Get[team.Team](t.tx, journal.TeamKey(journal.TeamID(key)))
}

// ledger returns what a team has reserved and spent.
func (t *transaction) ledger(id string) (team.Ledger, error) {
	return book.LedgerIn(t.tx, id)
}

// shownLedger is the ledger as it is shown; an empty one for one that cannot be read.
func (t *transaction) shownLedger(id string) (team.Ledger, error) {
	l, err := t.ledger(id)
	if storage.Damaged(err) {
		err = nil
	}
	return l, err
}

// keepTeam keeps a team that was changed.
func (t *transaction) keepTeam(tm team.Team) error {
	tm.Revision++
	t.held = append(t.held, ofTeam(tm.ID))
	return storage.Put(t.tx, journal.TeamKey(tm.ID), tm)
}

// tellTeam brings what a dialogue in a group knows of its team up to date, and
// notes how the person and the group are called.
func (t *transaction) tellTeam(d *conversation.Dialogue, event chat.Event) error {
	if t.key.Private() {
		return nil
	}
	tm, found, err := t.teamAt(t.key)
	if err != nil {
		return err
	}
	if !found {
		d.Join(nil)
		return nil
	}
	g, _, err := storage.Get[group](t.tx, groupKey(t.key.Chat))
	if err != nil {
		return err
	}
	name := chat.NameOf(event)
	called, titled := name != "" && tm.Names[t.key.User] != name, g.Title != "" && tm.Title != g.Title
	if called {
		tm = tm.WithName(t.key.User, name)
	}
	if titled {
		tm.Title = g.Title
	}
	if called || titled {
		if err := t.keepTeam(tm); err != nil {
			return err
		}
	}
	state, err := t.teamState(tm)
	if err != nil {
		return err
	}
	d.Join(state)
	return nil
}

// teamState is what a dialogue in a group knows of its team.
func (t *transaction) teamState(tm team.Team) (*conversation.TeamState, error) {
	state := conversation.TeamState{Team: tm}
	var err error
	if state.Ledger, err = t.shownLedger(tm.ID); err != nil || tm.Account == nil {
		return &state, err
	}
	as, err := account.In(t.tx, tm.Account.Holder)
	if storage.Damaged(err) {
		return &state, nil
	}
	state.Out = err == nil && as.Index(tm.Account.ID) < 0
	return &state, err
}

// changeTeam changes a team for a person whose status Telegram has just told.
func (t *transaction) changeTeam(c conversation.ChangeTeam) ([]chat.Event, error) {
	id := c.Team
	if id == "" {
		id = journal.TeamID(t.key)
	}
	tm, found, err := storage.Get[team.Team](t.tx, journal.TeamKey(id))
	if err != nil {
		return nil, err
	}
	changed := teamflow.Changed{Made: c.Make && !found, Bound: c.Bind != nil || c.Unbind}
	if c.Make && found {
		return t.teamChanged(changed, tm)
	}
	if !found && !c.Make {
		changed.Refused = conversation.CodeNoTeam
		return []chat.Event{changed}, nil
	}
	is, refused, err := t.changed(tm, c)
	if err != nil {
		return nil, err
	}
	if refused != "" {
		changed.Refused = refused
		return []chat.Event{changed}, nil
	}
	if err := errors.Join(t.keepTeam(is), t.recordTeam(tm, is, c.Change)); err != nil {
		return nil, err
	}
	if c.Bind != nil {
		if err := t.tellBound(is); err != nil {
			return nil, err
		}
	}
	if is.Owner != tm.Owner && !c.Make {
		news := teamflow.OwnerChanged(is.Name(is.Owner))
		if err := errors.Join(t.post(post{To: t.key, Notice: &news}), t.askPayer(tm, is)); err != nil {
			return nil, err
		}
	}
	return t.teamChanged(changed, is)
}

// recordTeam records what was changed of a team.
func (t *transaction) recordTeam(was, is team.Team, c team.Change) error {
	var deed audit.Changed
	switch {
	case c.Make:
		deed = audit.Changed{Setting: audit.SettingTeam, Is: is.Title}
	case c.Rule != nil:
		deed = audit.Changed{Setting: audit.SettingRule, Was: was.Rule.String(), Is: is.Rule.String()}
	case c.Limits != nil:
		deed = audit.Changed{Setting: audit.SettingLimits, Was: was.Limits.String(), Is: is.Limits.String()}
	case c.Give != nil:
		who := c.Give.User
		deed = audit.Changed{Setting: audit.SettingRole, Of: who, Was: roleOf(was, who), Is: roleOf(is, who)}
	case c.Owner != 0:
		deed = audit.Changed{Setting: audit.SettingOwner, Of: c.Owner, Was: ownerOf(was), Is: ownerOf(is)}
	default:
		deed = audit.Changed{Setting: audit.SettingAccount, Of: holderOf(was, is), Was: accountOf(was), Is: accountOf(is)}
	}
	return t.record(book.OfTeam(is.ID), audit.Entry{What: deed})
}

// roleOf is a person with the role that was given to them, as a book has it.
func roleOf(tm team.Team, user int64) string {
	return tm.Name(user) + ": " + cmp.Or(string(tm.Roles[user]), "by Telegram")
}

// ownerOf is who owns the team, as a book has it.
func ownerOf(tm team.Team) string {
	if tm.Owner == 0 {
		return ""
	}
	return tm.Name(tm.Owner)
}

// accountOf is the account that pays for the team, as a book has it: what the
// group calls it, for the group may read the book. What it has paid for has the
// vendor's id of it.
func accountOf(tm team.Team) string {
	if tm.Account == nil {
		return ""
	}
	return tm.Account.Nick
}

// holderOf is the person whose account was connected, or disconnected.
func holderOf(was, is team.Team) int64 {
	switch {
	case is.Account != nil:
		return is.Account.Holder
	case was.Account != nil:
		return was.Account.Holder
	default:
		return 0
	}
}

// teamChanged answers with the team as it is now.
func (t *transaction) teamChanged(changed teamflow.Changed, tm team.Team) ([]chat.Event, error) {
	var err error
	changed.State, err = t.teamState(tm)
	return []chat.Event{changed}, err
}

// changed returns the team after the change, or why it is refused.
func (t *transaction) changed(tm team.Team, c conversation.ChangeTeam) (is team.Team, refused string, err error) {
	who := t.key.User
	is, err = tm.Apply(c.Change, who, c.Status)
	switch {
	case errors.Is(err, team.ErrNotAdmin):
		return tm, conversation.CodeNotAdmin, nil
	case errors.Is(err, team.ErrNotAllowed):
		return tm, conversation.CodeNotAllowed, nil
	case err != nil:
		return tm, "", err
	case c.Make:
		g, _, err := storage.Get[group](t.tx, groupKey(t.key.Chat))
		made := team.New(journal.TeamID(t.key), g.Title, t.key.Chat, t.key.Thread, who, t.engine.now())
		return made.WithName(who, t.who.Name), "", err
	case c.Bind == nil:
		return is, "", nil
	}
	as, err := account.In(t.tx, who)
	if err == nil && (c.Bind.Account == "" || as.Index(c.Bind.Account) < 0) {
		return tm, conversation.CodeNoAccount, nil
	}
	return is, "", err
}

// tellBound tells the group that an account pays for it.
func (t *transaction) tellBound(tm team.Team) error {
	group := chat.Key{Chat: tm.Chat, Thread: tm.Thread, User: t.key.User}
	news := teamflow.AccountBound(tm.Account.Nick, tm.Name(t.key.User))
	return errors.Join(
		t.post(post{To: group, Notice: &news}),
		t.post(post{To: group, Told: &told{TeamChanged: true}}),
	)
}

// teamOrder says whether a person may make an order in a group, which account
// pays for it, and which approvals it needs. refused says why not.
func (t *transaction) teamOrder(o conversation.Open) (tm team.Team, verdict team.Ruling, refused *conversation.Problem, err error) {
	tm, found, err := t.teamAt(t.key)
	if err != nil {
		return tm, verdict, nil, err
	}
	switch {
	case !found:
		return tm, verdict, &conversation.Problem{Code: conversation.CodeNoTeam}, nil
	case !tm.Role(t.key.User, o.Status).May(team.RightOrder):
		return tm, verdict, &conversation.Problem{Code: conversation.CodeNotAllowed}, nil
	case tm.Account == nil || o.Account != tm.Account.ID:
		// What was not agreed to be paid from an account is not paid from it.
		return tm, verdict, &conversation.Problem{Kind: zomro.Denied, Code: conversation.CodeNoTeamAccount}, nil
	}
	sound, err := t.sound(tm.ID)
	if err != nil {
		return tm, verdict, nil, err
	}
	if !sound {
		return tm, verdict, &conversation.Problem{Code: conversation.CodeLedger}, nil
	}
	l, err := t.ledger(tm.ID)
	if err != nil {
		return tm, verdict, nil, err
	}
	verdict = tm.Judge(l, "", t.key.User, &o.Agreed.Total, t.engine.now())
	if verdict.Refused {
		refused = &conversation.Problem{Code: conversation.CodeOverLimit, Object: string(verdict.Over[0])}
	}
	return tm, verdict, refused, nil
}
