package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// account is one of a person's accounts at the vendor, as it is kept (sealed by
// the store like everything).
type account struct {
	ID       string    `json:"id"` // of the vendor's user: what purchases are serialised by
	Name     string    `json:"name"`
	Nick     string    `json:"nick,omitempty"`     // given by the person; "": Name
	Username string    `json:"username,omitempty"` // "": only a session token was given
	Password string    `json:"password,omitempty"`
	Session  string    `json:"session"`
	Since    time.Time `json:"since"` // of the session
	// Traces are those of the newest passwords of servers that were sent to the vendor.
	Traces []zomro.Trace `json:"traces,omitempty"`
	Lost   bool          `json:"lost,omitempty"` // the session died and could not be renewed; the person was told
}

// renewAfter is how long a session may lie idle before it is renewed at its
// next use: the vendor forgets it after an idle hour [g].
const renewAfter = 45 * time.Minute

// accounts are a person's accounts, the oldest first. The first is the default
// when no other is.
type accounts struct {
	List    []account `json:"accounts"`
	Default string    `json:"default,omitempty"` // its ID
}

// UnmarshalJSON also reads the form of one account alone, which was kept when a
// person could have no other.
func (as *accounts) UnmarshalJSON(text []byte) error {
	var one account
	if err := json.Unmarshal(text, &one); err != nil {
		return err
	}
	if one.ID != "" {
		*as = accounts{List: []account{one}, Default: one.ID}
		return nil
	}
	type plain accounts
	return json.Unmarshal(text, (*plain)(as))
}

// index returns the place of an account in the list, -1 when it is not there;
// "" is the default one.
func (as accounts) index(id string) int {
	if id == "" {
		id = as.Default
	}
	return slices.IndexFunc(as.List, func(a account) bool { return a.ID == id })
}

// put adds an account; one of the same vendor's user is replaced, and keeps its
// nickname. A name that another account has gets a number.
func (as *accounts) put(a account) {
	if i := as.index(a.ID); i >= 0 {
		a.Nick, a.Traces = as.List[i].Nick, as.List[i].Traces
		as.List[i] = a
		return
	}
	taken := func(nick string) bool {
		return slices.ContainsFunc(as.List, func(other account) bool { return strings.EqualFold(other.nick(), nick) })
	}
	for n := 2; taken(a.nick()); n++ {
		a.Nick = fmt.Sprintf("%s (%d)", a.Name, n)
	}
	as.List = append(as.List, a)
	if as.index("") < 0 {
		as.Default = a.ID
	}
}

// mostTraces is of how many passwords of servers an account keeps the traces.
const mostTraces = 20

// trace has an account of a person's recognise a server's password that is about to be
// sent to the vendor, should an error quote it later.
func (t *turn) trace(user int64, id string, password secret) error {
	as, _, err := storage.Get[accounts](t.tx, accountKey(user))
	if err != nil {
		return err
	}
	i := as.index(id)
	if i < 0 {
		return nil // nothing is sent
	}
	a := &as.List[i]
	a.Traces = append(a.Traces, zomro.NewTrace(zomro.NewSecret(password.Text)))
	a.Traces = a.Traces[max(0, len(a.Traces)-mostTraces):]
	return as.save(t.tx, user)
}

// remove removes an account; the oldest of the others becomes the default when
// it was.
func (as *accounts) remove(id string) {
	as.List = slices.DeleteFunc(as.List, func(a account) bool { return a.ID == id })
	if as.index("") < 0 && len(as.List) > 0 {
		as.Default = as.List[0].ID
	}
}

// save keeps the accounts of a person, or that there are none.
func (as accounts) save(tx storage.Tx, user int64) error {
	if len(as.List) == 0 {
		return tx.Delete(accountKey(user))
	}
	return storage.Put(tx, accountKey(user), as)
}

// told is what a dialogue knows of the accounts.
func (as accounts) told() []conversation.Account {
	var told []conversation.Account
	for _, a := range as.List {
		told = append(told, conversation.Account{
			ID: a.ID, Nick: a.nick(), Login: a.Name, Renews: a.Username != "", Default: a.ID == as.Default, Lost: a.Lost,
		})
	}
	return told
}

// nick is how an account is called.
func (a account) nick() string { return firstOf(a.Nick, a.Name) }

var (
	// errNoAccount: the person has not logged in.
	errNoAccount = errors.New("no account of the vendor is known")
	// errOtherAccount: the person has not connected this account, or not any more.
	errOtherAccount = errors.New("this account of the vendor is not connected")
	// errLost: the session of the account died, and the person was told.
	errLost = errors.New("the session of this account is lost")
)

// account returns one of a person's accounts by its ID, and no other; "" is the
// default one.
func (e *Engine) account(ctx context.Context, user int64, id string) (account, error) {
	as, _, err := storage.Read[accounts](ctx, e.store, accountKey(user))
	if err != nil {
		return account{}, err
	}
	i := as.index(id)
	switch {
	case len(as.List) == 0 || i < 0 && id == "":
		return account{}, errNoAccount
	case i < 0:
		return account{}, errOtherAccount
	default:
		return as.List[i], nil
	}
}

// withSession runs a call with the session of one of the person's accounts; ""
// is the default one.
func (e *Engine) withSession(ctx context.Context, user int64, id, lang string, call func(zomro.Auth) error) error {
	a, err := e.account(ctx, user, id)
	if err != nil {
		return err
	}
	return e.withAccount(ctx, user, a, lang, call)
}

// withAccount runs a call as reach does. A person whose session died for good
// is told.
func (e *Engine) withAccount(ctx context.Context, user int64, a account, lang string, call func(zomro.Auth) error) error {
	lost, err := e.reach(ctx, user, a, lang, call)
	if lost && e.chat != nil && !a.Lost {
		e.tellLost(ctx, user, a)
	}
	return err
}

// reach runs a reading call, or one that spends nothing, with the session of an
// account. When the vendor does not accept the session, and the credentials are
// known, it is renewed and the call is made again: a denied call did nothing.
// lost: the vendor denied to renew it.
func (e *Engine) reach(ctx context.Context, user int64, a account, lang string, call func(zomro.Auth) error) (lost bool, err error) {
	auth, early := e.session(ctx, user, &a, lang)
	err = call(auth)
	if zomro.KindOf(err) != zomro.Denied {
		return false, err
	}
	dead, checked := e.sessionLost(ctx, auth, err)
	if !dead {
		return false, checked
	}
	e.used.Delete(a.Session)
	session, renewed := zomro.Secret{}, early
	if early == nil {
		session, renewed = e.renew(ctx, user, a, lang)
	}
	if renewed != nil {
		return zomro.KindOf(renewed) == zomro.Denied, renewed
	}
	auth.Session = session
	e.used.Store(session.Reveal(), e.now())
	return false, call(auth)
}

// reachOnce runs a call that spends, or puts something into the cart, with the
// session of one account, and of no other: whatever comes back, it is not made
// again. A session that died is renewed by the reading call that looks what
// became of it.
func (e *Engine) reachOnce(ctx context.Context, user int64, id, lang string, call func(zomro.Auth) error) error {
	if id == "" {
		return errOtherAccount // never the default one instead
	}
	a, err := e.account(ctx, user, id)
	if err != nil {
		return err
	}
	auth, _ := e.session(ctx, user, &a, lang)
	return call(auth)
}

// session returns what a call identifies itself with. A session of known
// credentials that lay idle for long is renewed before; early is why it was not.
func (e *Engine) session(ctx context.Context, user int64, a *account, lang string) (auth zomro.Auth, early error) {
	auth = zomro.Auth{Session: zomro.NewSecret(a.Session), Lang: lang, Traces: a.Traces}
	if a.Password != "" {
		auth.Hidden = []zomro.Secret{zomro.NewSecret(a.Password)}
	}
	if a.Username != "" && e.idle(*a) >= renewAfter {
		var session zomro.Secret
		if session, early = e.renew(ctx, user, *a, lang); early == nil {
			auth.Session, a.Session = session, session.Reveal()
		}
	}
	e.used.Store(a.Session, e.now())
	return auth, early
}

// idle is how long the session of an account was not used, as far as this run
// of the program knows.
func (e *Engine) idle(a account) time.Duration {
	last := a.Since
	if used, ok := e.used.Load(a.Session); ok && used.(time.Time).After(last) {
		last = used.(time.Time)
	}
	return e.now().Sub(last)
}

// tellLost tells a person, once, that the session of an account died and that
// they have to log in again.
func (e *Engine) tellLost(ctx context.Context, user int64, a account) {
	note := func(tx storage.Tx) error {
		as, _, err := storage.Get[accounts](tx, accountKey(user))
		if err != nil {
			return err
		}
		i := as.index(a.ID)
		if i < 0 || as.List[i].Session != a.Session {
			return nil
		}
		as.List[i].Lost = true
		return as.save(tx, user)
	}
	if err := e.turn(ctx, chat.Key{Chat: user, User: user}, conversation.SessionLost{Account: a.ID}, note); err != nil {
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
		now, err := e.account(ctx, user, a.ID)
		switch {
		case err != nil:
			return zomro.Secret{}, err // logged out in between
		case now.Session != a.Session:
			return zomro.NewSecret(now.Session), nil // renewed in between
		}
		session, err := e.vendor.Login(ctx, a.Username, zomro.NewSecret(a.Password), lang)
		if err != nil {
			return zomro.Secret{}, err
		}
		e.used.Delete(a.Session)
		return session, e.store.Update(ctx, func(tx storage.Tx) error {
			as, _, err := storage.Get[accounts](tx, accountKey(user))
			if err != nil {
				return err
			}
			i := as.index(a.ID)
			if i < 0 || as.List[i].Username != a.Username {
				return nil // logged out, or in again, in between
			}
			now := &as.List[i]
			now.Session, now.Since, now.Lost = session.Reveal(), e.now(), false
			return as.save(tx, user)
		})
	})
	if err != nil {
		return zomro.Secret{}, err
	}
	return session.(zomro.Secret), nil
}

// checkLogin answers CheckLogin. The account is kept in the same transaction
// as the dialogue learns of it.
func (e *Engine) checkLogin(er errand, check conversation.CheckLogin) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		slot := secretKey(key, check.Slot())
		drop := func(tx storage.Tx) error { return tx.Delete(slot) }
		a, phone, err := e.tryLogin(ctx, slot, lang, check.Username)
		if err != nil {
			return conversation.LoginChecked{Attempt: check.Attempt, Problem: e.problem("login", key, err)}, []func(storage.Tx) error{drop}
		}
		keep := func(tx storage.Tx) error {
			as, _, err := storage.Get[accounts](tx, accountKey(key.User))
			if err != nil {
				return err
			}
			as.put(a)
			return as.save(tx, key.User)
		}
		return conversation.LoginChecked{Attempt: check.Attempt, ID: a.ID, Account: a.Name, Renews: a.Username != "", Phone: phone}, []func(storage.Tx) error{drop, keep}
	}
}

func (e *Engine) tryLogin(ctx context.Context, slot, lang, username string) (a account, phone bool, err error) {
	given, err := e.loadSecret(ctx, slot)
	if err != nil {
		return account{}, false, err
	}
	a = account{Username: username, Since: e.now()}
	session := given
	if username != "" {
		if session, err = e.vendor.Login(ctx, username, given, lang); err != nil {
			return account{}, false, err
		}
		a.Password = given.Reveal()
	}
	a.Session = session.Reveal()
	user, err := e.vendor.WhoAmI(ctx, zomro.Auth{Session: session, Lang: lang})
	if err != nil {
		return account{}, false, err
	}
	// Purchases are serialised by the account, so it must be known which it is.
	if user.ID == "" {
		return account{}, false, &zomro.Error{Op: "whoami", Kind: zomro.Unreadable}
	}
	a.ID = user.ID
	a.Name = firstOf(username, user.Email, user.RealName, user.ID)
	return a, user.PhoneCheck, nil
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
func (e *Engine) forget(er errand, f conversation.Forget) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		a, err := e.account(ctx, key.User, f.Account)
		if err != nil {
			e.log.Info("there is no account to forget", "dialogue", key.String(), "error", err)
			return conversation.LoggedOut(f), nil
		}
		auth := zomro.Auth{Session: zomro.NewSecret(a.Session), Lang: lang}
		if err := e.vendor.Logout(ctx, auth); err != nil {
			e.log.Info("a session was not ended at the vendor; it dies within an hour", "dialogue", key.String(), "error", err)
		}
		e.used.Delete(a.Session)
		return conversation.LoggedOut{Account: a.ID}, []func(storage.Tx) error{func(tx storage.Tx) error {
			as, _, err := storage.Get[accounts](tx, accountKey(key.User))
			if err != nil {
				return err
			}
			as.remove(a.ID)
			return as.save(tx, key.User)
		}}
	}
}

// tellAccounts brings what a dialogue knows of the person's accounts up to
// date. A group is told nothing of them.
func (t *turn) tellAccounts(d *conversation.Dialogue) error {
	if !t.key.Private() {
		return nil
	}
	as, _, err := storage.Get[accounts](t.tx, accountKey(t.key.User))
	if err != nil {
		return err
	}
	d.Know(as.told())
	return nil
}

// changeAccount carries out ChangeAccount.
func (t *turn) changeAccount(change conversation.ChangeAccount) error {
	as, _, err := storage.Get[accounts](t.tx, accountKey(t.key.User))
	if err != nil {
		return err
	}
	i := as.index(change.Account)
	if i < 0 {
		return nil // logged out in between
	}
	if change.Nick != "" {
		as.List[i].Nick = change.Nick
	}
	if change.Default {
		as.Default = as.List[i].ID
	}
	return as.save(t.tx, t.key.User)
}

// loadAccounts answers LoadAccounts: what the vendor says of each account, and
// what the journal knows of its purchases that are not paid.
func (e *Engine) loadAccounts(er errand, load conversation.LoadAccounts) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := conversation.AccountsLoaded{Brief: load.Brief}
		as, _, err := storage.Read[accounts](ctx, e.store, accountKey(key.User))
		if err == nil {
			event.Accounts, err = e.reserved(ctx, key.User, as)
		}
		if err != nil {
			return conversation.AccountsLoaded{Brief: load.Brief, Problem: e.problem("accounts", key, err)}, nil
		}
		if load.Brief {
			return event, nil
		}
		if err := e.paysFor(ctx, key.User, event.Accounts); err != nil {
			return conversation.AccountsLoaded{Problem: e.problem("teams of accounts", key, err)}, nil
		}
		for i, a := range as.List {
			state := &event.Accounts[i]
			_, err := e.reach(ctx, key.User, a, lang, func(auth zomro.Auth) error {
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
				if cost, ok := conversation.DailyCost(services); ok {
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
func (e *Engine) reserved(ctx context.Context, user int64, as accounts) ([]conversation.AccountState, error) {
	states := make([]conversation.AccountState, len(as.List))
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
		i := as.index(p.Record.Account)
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
	if errors.Is(err, errNoAccount) || errors.Is(err, errOtherAccount) {
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
