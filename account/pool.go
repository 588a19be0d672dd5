package account

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"zomrobot/storage"
	"zomrobot/zomro"
)

var (
	// ErrNone means that the person has not logged in.
	ErrNone = errors.New("no account of the vendor is known")
	// ErrOther means that the person has not connected this account, or no longer has
	// it connected.
	ErrOther = errors.New("this account of the vendor is not connected")
	// ErrLost means that the session of the account died, and the person was told.
	ErrLost = errors.New("the session of this account is lost")
)

// Vendor is what a pool asks of the vendor's client.
type Vendor interface {
	Login(ctx context.Context, username string, password zomro.Secret, lang string) (zomro.Secret, error)
	WhoAmI(ctx context.Context, auth zomro.Auth) (zomro.User, error)
	KeepAlive(ctx context.Context, auth zomro.Auth) error
	Logout(ctx context.Context, auth zomro.Auth) error
}

// Pool runs calls with the accounts that people have connected, and renews their
// sessions.
type Pool struct {
	store  storage.Store
	vendor Vendor
	now    func() time.Time
	lost   func(ctx context.Context, user int64, a Account) // told that a session died for good; nil: nobody is

	logins singleflight.Group
	used   sync.Map // when each session was used last, by the session
}

// NewPool returns a pool. lost is told of each session that died for good; nil: nobody is.
func NewPool(store storage.Store, vendor Vendor, now func() time.Time, lost func(ctx context.Context, user int64, a Account)) *Pool {
	return &Pool{store: store, vendor: vendor, now: now, lost: lost}
}

// LogOut ends the session of an account at the vendor, if it can be reached.
func (p *Pool) LogOut(ctx context.Context, a Account, lang string) error {
	defer p.used.Delete(a.Session)
	return p.vendor.Logout(ctx, zomro.Auth{Session: zomro.NewSecret(a.Session), Lang: lang})
}

// Get returns one of a person's accounts by its ID, and no other; "" is the
// default one.
func (p *Pool) Get(ctx context.Context, user int64, id string) (Account, error) {
	as, err := Of(ctx, p.store, user)
	if err != nil {
		return Account{}, err
	}
	i := as.Index(id)
	switch {
	case len(as.List) == 0 || i < 0 && id == "":
		return Account{}, ErrNone
	case i < 0:
		return Account{}, ErrOther
	default:
		return as.List[i], nil
	}
}

// With runs a call with the session of one of the person's accounts; ""
// is the default one.
func (p *Pool) With(ctx context.Context, user int64, id, lang string, call func(zomro.Auth) error) error {
	a, err := p.Get(ctx, user, id)
	if err != nil {
		return err
	}
	return p.WithAccount(ctx, user, a, lang, call)
}

// WithAccount runs a call as reach does. A person whose session died for good
// is told.
func (p *Pool) WithAccount(ctx context.Context, user int64, a Account, lang string, call func(zomro.Auth) error) error {
	lost, err := p.Reach(ctx, user, a, lang, call)
	if lost && p.lost != nil && !a.Lost {
		p.lost(ctx, user, a)
	}
	return err
}

// Reach runs a reading call, or one that spends nothing, with the session of an
// account. When the vendor does not accept the session, and the credentials are
// known, it is renewed and the call is made again: a denied call did nothing.
// lost: the vendor denied to renew it.
func (p *Pool) Reach(ctx context.Context, user int64, a Account, lang string, call func(zomro.Auth) error) (lost bool, err error) {
	auth, early := p.session(ctx, user, &a, lang)
	err = call(auth)
	if zomro.KindOf(err) != zomro.Denied {
		return false, err
	}
	dead, checked := p.sessionLost(ctx, auth, err)
	if !dead {
		return false, checked
	}
	p.used.Delete(a.Session)
	session, renewed := zomro.Secret{}, early
	if early == nil {
		session, renewed = p.renew(ctx, user, a, lang)
	}
	if renewed != nil {
		return zomro.KindOf(renewed) == zomro.Denied, renewed
	}
	auth.Session = session
	p.used.Store(session.Reveal(), p.now())
	return false, call(auth)
}

// Once runs a call that spends, or puts something into the cart, with the
// session of one account, and of no other: whatever comes back, it is not made
// again. A session that died is renewed by the reading call that finds out what
// became of it. So is a reading call that is made at the same time as others: then
// they do not renew it one against the other.
func (p *Pool) Once(ctx context.Context, user int64, id, lang string, call func(zomro.Auth) error) error {
	if id == "" {
		return ErrOther // never the default one instead
	}
	a, err := p.Get(ctx, user, id)
	if err != nil {
		return err
	}
	auth, _ := p.session(ctx, user, &a, lang)
	return call(auth)
}

// session returns what a call identifies itself with. A session with known
// credentials that lay idle for long is renewed first; early is why it was not.
func (p *Pool) session(ctx context.Context, user int64, a *Account, lang string) (auth zomro.Auth, early error) {
	auth = zomro.Auth{Session: zomro.NewSecret(a.Session), Lang: lang, Traces: a.Traces}
	if a.Password != "" {
		auth.Hidden = []zomro.Secret{zomro.NewSecret(a.Password)}
	}
	if a.Username != "" && p.idle(*a) >= renewAfter {
		var session zomro.Secret
		if session, early = p.renew(ctx, user, *a, lang); early == nil {
			auth.Session, a.Session = session, session.Reveal()
		}
	}
	p.used.Store(a.Session, p.now())
	return auth, early
}

// idle is how long the session of an account was not used, as far as this run
// of the program knows.
func (p *Pool) idle(a Account) time.Duration {
	last := a.Since
	if used, ok := p.used.Load(a.Session); ok && used.(time.Time).After(last) {
		last = used.(time.Time)
	}
	return p.now().Sub(last)
}

// sessionLost tells a session that died from a right that the account does not
// have: both are answered with "access", and only the session's own check
// tells them apart [F]. In the second case the call was refused for good; when
// the check gets no answer, it is not known yet, and the call can be made again.
func (p *Pool) sessionLost(ctx context.Context, auth zomro.Auth, denied error) (bool, error) {
	var failure *zomro.Error
	if !errors.As(denied, &failure) || failure.Code == zomro.CodeBlockedAddress {
		return false, denied
	}
	if failure.Code != zomro.CodeAccess {
		return true, denied
	}
	said := *failure
	switch err := p.vendor.KeepAlive(ctx, auth); {
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
func (p *Pool) renew(ctx context.Context, user int64, a Account, lang string) (zomro.Secret, error) {
	if a.Username == "" {
		return zomro.Secret{}, &zomro.Error{Op: "auth", Kind: zomro.Denied, Code: "auth"}
	}
	session, err, _ := p.logins.Do(Key(user)+" "+a.Session, func() (any, error) {
		now, err := p.Get(ctx, user, a.ID)
		switch {
		case err != nil:
			return zomro.Secret{}, err // logged out in the meantime
		case now.Session != a.Session:
			return zomro.NewSecret(now.Session), nil // renewed in the meantime
		}
		session, err := p.vendor.Login(ctx, a.Username, zomro.NewSecret(a.Password), lang)
		if err != nil {
			return zomro.Secret{}, err
		}
		p.used.Delete(a.Session)
		return session, p.store.Update(ctx, func(tx storage.Tx) error {
			as, err := In(tx, user)
			if err != nil {
				return err
			}
			i := as.Index(a.ID)
			if i < 0 || as.List[i].Username != a.Username {
				return nil // logged out, or in again, in the meantime
			}
			now := &as.List[i]
			now.Session, now.Since, now.Lost = session.Reveal(), p.now().Truncate(time.Second), false
			return as.Save(tx, user)
		})
	})
	if err != nil {
		return zomro.Secret{}, err
	}
	return session.(zomro.Secret), nil
}

// LogIn tries credentials: a login and its password, or a session alone, without
// username. It keeps nothing.
func (p *Pool) LogIn(ctx context.Context, username string, given zomro.Secret, lang string) (a Account, phone bool, err error) {
	a = Account{Username: username, Since: p.now().Truncate(time.Second)}
	session := given
	if username != "" {
		if session, err = p.vendor.Login(ctx, username, given, lang); err != nil {
			return Account{}, false, err
		}
		a.Password = given.Reveal()
	}
	a.Session = session.Reveal()
	user, err := p.vendor.WhoAmI(ctx, zomro.Auth{Session: session, Lang: lang})
	if err != nil {
		return Account{}, false, err
	}
	// Purchases are serialised by the account, so it must be known which it is.
	if user.ID == "" {
		return Account{}, false, &zomro.Error{Op: "whoami", Kind: zomro.Unreadable}
	}
	a.ID = user.ID
	a.Name = cmp.Or(username, user.Email, user.RealName, user.ID)
	return a, user.PhoneCheck, nil
}
