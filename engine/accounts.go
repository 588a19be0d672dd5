package engine

import (
	"context"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/storage"
)

// toldOf is what a dialogue knows of the accounts.
func toldOf(as account.Connected) []conversation.Account {
	var told []conversation.Account
	for _, a := range as.List {
		told = append(told, conversation.Account{
			ID: a.ID, Nick: a.Shown(), Login: a.Name, Renews: a.Username != "", Default: a.ID == as.Default, Lost: a.Lost,
		})
	}
	return told
}

// tellLost tells a person, once, that the session of an account died and that
// they have to log in again.
func (e *Engine) tellLost(ctx context.Context, user int64, a account.Account) {
	if e.chat == nil {
		return
	}
	note := func(tx storage.Tx) error {
		as, err := account.In(tx, user)
		if err != nil {
			return err
		}
		i := as.Index(a.ID)
		if i < 0 || as.List[i].Session != a.Session {
			return nil
		}
		as.List[i].Lost = true
		return as.Save(tx, user)
	}
	if err := e.turn(ctx, chat.Key{Chat: user, User: user}, accountflow.SessionLost{Account: a.ID}, note); err != nil {
		e.log.ErrorContext(ctx, "a person was not told that their session died", "user", user, "error", err)
	}
}

// tellAccounts brings what a dialogue knows of the person's accounts up to
// date. A group is told nothing of them.
func (t *transaction) tellAccounts(d *conversation.Dialogue) error {
	if !t.key.Private() {
		return nil
	}
	as, _, err := storage.Get[account.Connected](t.tx, account.Key(t.key.User))
	if storage.Damaged(err) {
		t.engine.log.ErrorContext(t.ctx, "the accounts of a person cannot be read: they have to log in again", "error", err)
		as, err = account.Connected{}, nil
	}
	if err != nil {
		return err
	}
	d.Know(toldOf(as))
	return nil
}

// changeAccount carries out ChangeAccount.
func (t *transaction) changeAccount(change accountflow.ChangeAccount) error {
	as, err := account.In(t.tx, t.key.User)
	if err != nil {
		return err
	}
	i := as.Index(change.Account)
	if i < 0 {
		return nil // logged out in between
	}
	if change.Nick != "" {
		as.List[i].Nick = change.Nick
	}
	if change.Default {
		as.Default = as.List[i].ID
	}
	return as.Save(t.tx, t.key.User)
}
