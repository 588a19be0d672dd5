package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zomrobot/conversation"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// account is a person's account at the vendor, as it is kept (sealed by the
// store like everything).
type account struct {
	ID       string    `json:"id"` // of the vendor's user: what purchases are serialised by
	Name     string    `json:"name"`
	Username string    `json:"username,omitempty"` // "": only a session token was given
	Password string    `json:"password,omitempty"`
	Session  string    `json:"session"`
	Since    time.Time `json:"since"`          // of the session
	Lost     bool      `json:"lost,omitempty"` // the session died and could not be renewed; the person was told
}

var (
	// errNoAccount: the person has not logged in.
	errNoAccount = errors.New("no account of the vendor is known")
	// errOtherAccount: the person has logged in to another account since.
	errOtherAccount = errors.New("another account of the vendor is connected now")
)

func (e *Engine) account(ctx context.Context, user int64) (account, error) {
	a, found, err := storage.Read[account](ctx, e.store, accountKey(user))
	if err == nil && !found {
		err = errNoAccount
	}
	return a, err
}

// withSession runs a call with the session of the person's account.
func (e *Engine) withSession(ctx context.Context, user int64, lang string, call func(zomro.Auth) error) error {
	a, err := e.account(ctx, user)
	if err != nil {
		return err
	}
	return e.withAccount(ctx, user, a, lang, call)
}

// withAccount runs a call with the session of an account. When the vendor does not
// accept the session, and the credentials are known, it is renewed and the
// call is made again: a denied call did nothing.
func (e *Engine) withAccount(ctx context.Context, user int64, a account, lang string, call func(zomro.Auth) error) error {
	auth := zomro.Auth{Session: zomro.NewSecret(a.Session), Lang: lang}
	err := call(auth)
	if zomro.KindOf(err) != zomro.Denied {
		return err
	}
	lost, checked := e.sessionLost(ctx, auth, err)
	if !lost {
		return checked
	}
	session, renewed := e.renew(ctx, user, a, lang)
	if renewed != nil {
		if e.chat != nil && zomro.KindOf(renewed) == zomro.Denied && !a.Lost {
			e.tellLost(ctx, user, a)
		}
		return renewed
	}
	auth.Session = session
	return call(auth)
}

// tellLost tells a person, once, that their session died and that they have to
// log in again.
func (e *Engine) tellLost(ctx context.Context, user int64, a account) {
	note := func(tx storage.Tx) error {
		now, found, err := storage.Get[account](tx, accountKey(user))
		if err != nil || !found || now.Session != a.Session {
			return err
		}
		now.Lost = true
		return storage.Put(tx, accountKey(user), now)
	}
	if err := e.turn(ctx, conversation.Key{Chat: user, User: user}, conversation.SessionLost{}, note); err != nil {
		e.log.Error("a person was not told that their session died", "user", user, "error", err)
	}
}

// sessionLost tells a session that died from a right that the account does not
// have: both are answered with "access", and only the session's own check
// tells them apart [F]. In the second case the call was refused for good; when
// the check gets no answer, it is not known yet, and the call can be made again.
func (e *Engine) sessionLost(ctx context.Context, auth zomro.Auth, denied error) (bool, error) {
	var failure *zomro.Error
	if !errors.As(denied, &failure) || failure.Code == zomro.CodeBlockedAddress {
		return false, denied
	}
	if failure.Code != zomro.CodeAccess {
		return true, denied
	}
	said := *failure
	switch err := e.vendor.KeepAlive(ctx, auth); {
	case err == nil:
		said.Kind = zomro.Refused
	case zomro.KindOf(err) == zomro.Denied:
		return true, denied
	default:
		said.Kind = zomro.Transient
	}
	return false, &said
}

// renew logs in again with the credentials that are kept. Many callers at once
// make one login.
func (e *Engine) renew(ctx context.Context, user int64, a account, lang string) (zomro.Secret, error) {
	if a.Username == "" {
		return zomro.Secret{}, &zomro.Error{Op: "auth", Kind: zomro.Denied, Code: "auth"}
	}
	session, err, _ := e.logins.Do(accountKey(user)+" "+a.Session, func() (any, error) {
		now, err := e.account(ctx, user)
		switch {
		case err != nil:
			return zomro.Secret{}, err // logged out in between
		case now.ID != a.ID:
			return zomro.Secret{}, errOtherAccount
		case now.Session != a.Session:
			return zomro.NewSecret(now.Session), nil // renewed in between
		}
		session, err := e.vendor.Login(ctx, a.Username, zomro.NewSecret(a.Password), lang)
		if err != nil {
			return zomro.Secret{}, err
		}
		return session, e.store.Update(ctx, func(tx storage.Tx) error {
			now, found, err := storage.Get[account](tx, accountKey(user))
			if err != nil || !found || now.Username != a.Username {
				return err // logged out, or somebody else, in between
			}
			now.Session, now.Since, now.Lost = session.Reveal(), e.now(), false
			return storage.Put(tx, accountKey(user), now)
		})
	})
	if err != nil {
		return zomro.Secret{}, err
	}
	return session.(zomro.Secret), nil
}

// checkLogin answers CheckLogin. The account is kept in the same transaction
// as the dialogue learns of it.
func (e *Engine) checkLogin(key conversation.Key, lang string, check conversation.CheckLogin) asked {
	return func(ctx context.Context) (conversation.Event, []func(storage.Tx) error) {
		slot := secretKey(key, conversation.SlotLogin)
		drop := func(tx storage.Tx) error { return tx.Delete(slot) }
		a, err := e.tryLogin(ctx, slot, lang, check.Username)
		if err != nil {
			return conversation.LoginChecked{Problem: e.problem("login", key, err)}, []func(storage.Tx) error{drop}
		}
		keep := func(tx storage.Tx) error { return storage.Put(tx, accountKey(key.User), a) }
		return conversation.LoginChecked{Account: a.Name, Renews: a.Username != ""}, []func(storage.Tx) error{drop, keep}
	}
}

func (e *Engine) tryLogin(ctx context.Context, slot, lang, username string) (account, error) {
	given, err := e.loadSecret(ctx, slot)
	if err != nil {
		return account{}, err
	}
	a := account{Username: username, Since: e.now()}
	session := given
	if username != "" {
		if session, err = e.vendor.Login(ctx, username, given, lang); err != nil {
			return account{}, err
		}
		a.Password = given.Reveal()
	}
	a.Session = session.Reveal()
	user, err := e.vendor.WhoAmI(ctx, zomro.Auth{Session: session, Lang: lang})
	if err != nil {
		return account{}, err
	}
	// Purchases are serialised by the account, so it must be known which it is.
	if user.ID == "" {
		return account{}, &zomro.Error{Op: "whoami", Kind: zomro.Unreadable}
	}
	a.ID = user.ID
	a.Name = firstOf(username, user.Email, user.RealName, user.ID)
	return a, nil
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// forget answers Forget: the session is ended at the vendor as far as it can
// be reached, and the credentials are removed in any case.
func (e *Engine) forget(key conversation.Key, lang string) asked {
	return func(ctx context.Context) (conversation.Event, []func(storage.Tx) error) {
		if a, err := e.account(ctx, key.User); err == nil {
			auth := zomro.Auth{Session: zomro.NewSecret(a.Session), Lang: lang}
			if err := e.vendor.Logout(ctx, auth); err != nil {
				e.log.Info("a session was not ended at the vendor; it dies within an hour", "dialogue", key.String(), "error", err)
			}
		}
		return conversation.LoggedOut{}, []func(storage.Tx) error{
			func(tx storage.Tx) error { return tx.Delete(accountKey(key.User)) },
		}
	}
}

// problem turns an error into what the dialogue can tell, and logs it.
func (e *Engine) problem(what string, key conversation.Key, err error) *conversation.Problem {
	e.log.Info("a request of a dialogue failed", "what", what, "dialogue", key.String(), "error", err)
	if errors.Is(err, errNoAccount) || errors.Is(err, errOtherAccount) {
		return &conversation.Problem{Kind: zomro.Denied, Code: conversation.CodeNoAccount}
	}
	var failure *zomro.Error
	if errors.As(err, &failure) {
		return &conversation.Problem{Kind: failure.Kind, Code: failure.Code, Object: failure.Object, Message: failure.Message}
	}
	e.log.Error("a fault of our own", "what", what, "dialogue", key.String(), "error", fmt.Sprintf("%v", err))
	return &conversation.Problem{}
}
