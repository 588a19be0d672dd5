package engine

import (
	"context"
	"errors"
	"fmt"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/storage"
	"zomrobot/zomro"
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
		as, _, err := storage.Get[account.Connected](tx, account.Key(user))
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
		e.log.Error("a person was not told that their session died", "user", user, "error", err)
	}
}

// checkLogin answers CheckLogin. The account is kept in the same transaction
// as the dialogue learns of it.
func (e *Engine) checkLogin(er errand, check accountflow.CheckLogin) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		slot := secretKey(key, check.Slot())
		drop := func(tx storage.Tx) error { return tx.Delete(slot) }
		given, err := e.loadSecret(ctx, slot)
		var a account.Account
		var phone bool
		if err == nil {
			a, phone, err = e.accounts.LogIn(ctx, check.Username, given, lang)
		}
		if err != nil {
			return accountflow.LoginChecked{Attempt: check.Attempt, Problem: e.problem("login", key, err)}, []func(storage.Tx) error{drop}
		}
		keep := func(tx storage.Tx) error {
			as, _, err := storage.Get[account.Connected](tx, account.Key(key.User))
			if err != nil {
				return err
			}
			as.Put(a)
			return as.Save(tx, key.User)
		}
		return accountflow.LoginChecked{Attempt: check.Attempt, ID: a.ID, Account: a.Name, Renews: a.Username != "", Phone: phone}, []func(storage.Tx) error{drop, keep}
	}
}

// forget answers Forget: the session is ended at the vendor as far as it can
// be reached, and the credentials are removed in any case.
func (e *Engine) forget(er errand, f accountflow.Forget) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		a, err := e.accounts.Get(ctx, key.User, f.Account)
		if err != nil {
			e.log.Info("there is no account to forget", "dialogue", key.String(), "error", err)
			return accountflow.LoggedOut(f), nil
		}
		if err := e.accounts.LogOut(ctx, a, lang); err != nil {
			e.log.Info("a session was not ended at the vendor; it dies within an hour", "dialogue", key.String(), "error", err)
		}
		return accountflow.LoggedOut{Account: a.ID}, []func(storage.Tx) error{func(tx storage.Tx) error {
			as, _, err := storage.Get[account.Connected](tx, account.Key(key.User))
			if err != nil {
				return err
			}
			as.Remove(a.ID)
			return as.Save(tx, key.User)
		}}
	}
}

// tellAccounts brings what a dialogue knows of the person's accounts up to
// date. A group is told nothing of them.
func (t *transaction) tellAccounts(d *conversation.Dialogue) error {
	if !t.key.Private() {
		return nil
	}
	as, _, err := storage.Get[account.Connected](t.tx, account.Key(t.key.User))
	if err != nil {
		return err
	}
	d.Know(toldOf(as))
	return nil
}

// changeAccount carries out ChangeAccount.
func (t *transaction) changeAccount(change accountflow.ChangeAccount) error {
	as, _, err := storage.Get[account.Connected](t.tx, account.Key(t.key.User))
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

// loadAccounts answers LoadAccounts: what the vendor says of each account, and
// what the journal knows of its purchases that are not paid.
func (e *Engine) loadAccounts(er errand, load accountflow.LoadAccounts) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := accountflow.AccountsLoaded{Brief: load.Brief}
		as, _, err := storage.Read[account.Connected](ctx, e.store, account.Key(key.User))
		if err == nil {
			event.Accounts, err = e.reserved(ctx, key.User, as)
		}
		if err != nil {
			return accountflow.AccountsLoaded{Brief: load.Brief, Problem: e.problem("accounts", key, err)}, nil
		}
		if load.Brief {
			return event, nil
		}
		if err := e.paysFor(ctx, key.User, event.Accounts); err != nil {
			return accountflow.AccountsLoaded{Problem: e.problem("teams of accounts", key, err)}, nil
		}
		for i, a := range as.List {
			state := &event.Accounts[i]
			_, err := e.accounts.Reach(ctx, key.User, a, lang, func(auth zomro.Auth) error {
				balance, err := e.vendor.Balance(ctx, auth)
				if err != nil {
					return err
				}
				state.Balance = &balance
				if user, err := e.vendor.WhoAmI(ctx, auth); err == nil {
					state.Phone = user.PhoneCheck
				}
				services, err := e.vendor.Services(ctx, auth)
				if err != nil {
					e.log.Info("what the services cost is not told", "dialogue", key.String(), "error", err)
					return nil
				}
				if cost, ok := zomro.DailyCost(services); ok {
					state.Daily = &cost
				}
				return nil
			})
			if err != nil {
				state.Problem = e.problem("an account", key, err)
			}
		}
		return event, nil
	}
}

// reserved returns what a person's purchases that are not paid take of each
// account.
func (e *Engine) reserved(ctx context.Context, user int64, as account.Connected) ([]accountflow.State, error) {
	states := make([]accountflow.State, len(as.List))
	for i, a := range as.List {
		states[i].ID = a.ID
	}
	ids, err := e.openPurchases(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		p, found, err := storage.Read[entry](ctx, e.store, purchaseKey(id))
		if err != nil {
			return nil, err
		}
		i := as.Index(p.Record.Account)
		if !found || p.Record.State.Ended() || p.holder() != user || i < 0 || p.Record.Account == "" {
			continue
		}
		states[i].Open = append(states[i].Open, id)
		if p.Record.PaidAt.IsZero() {
			states[i].Reserved = append(states[i].Reserved, p.Agreed.Total)
		}
	}
	return states, nil
}

// problem turns an error into what the dialogue can tell, and logs it.
func (e *Engine) problem(what string, key chat.Key, err error) *conversation.Problem {
	e.log.Info("a request of a dialogue failed", "what", what, "dialogue", key.String(), "error", err)
	if errors.Is(err, account.ErrNone) || errors.Is(err, account.ErrOther) {
		return &conversation.Problem{Kind: zomro.Denied, Code: conversation.CodeNoAccount}
	}
	var failure *zomro.Error
	if errors.As(err, &failure) {
		p := &conversation.Problem{Kind: failure.Kind, Code: failure.Code, Object: failure.Object, Message: failure.Message}
		if !key.Private() {
			p = p.Withhold()
		}
		return p
	}
	e.log.Error("a fault of our own", "what", what, "dialogue", key.String(), "error", fmt.Sprintf("%v", err))
	return &conversation.Problem{}
}
