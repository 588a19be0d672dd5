package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

const (
	maxLoginFailures = 5                // then the login is blocked
	loginBlock       = 20 * time.Second // "blocked for 20 seconds" [F]
)

// user is a login of the vendor's. Several may share an account.
type user struct {
	id       int
	login    string
	password string
	totp     string // the second factor's code; empty: none is asked
	badIP    bool
	account  *account
	sizes    paging // of the pages of lists

	failures     int
	blockedUntil time.Time
}

// account is a customer of the vendor.
type account struct {
	login string // of the user that it was made with

	balance decimal.Decimal
	credit  decimal.Decimal
	charges []Charge

	keys      []key
	images    []image
	copies    []*diskCopy
	schedules []*schedule
	items     []*item
	apart     []*item // in the panel's cart, where that is another
	paid      []*item // that were in the cart
	code      *Promo  // the last that was applied, if the vendor keeps it for the cart
	payments  []payment
	stale     staleCart
	orders    []Order
	services  []*service
}

// session is a login that is still alive.
type session struct {
	login  string
	used   time.Time
	half   bool // waits for the second factor
	filter map[string]string
	pages  paging // of each list, the one that it stands at
}

// AddAccount makes an account, or replaces the one of that login together with
// all it had. The balance is in EUR.
func (s *Sandbox) AddAccount(login, password string, balance zomro.Money) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[login] = &user{
		id: s.next("user"), login: login, password: password, sizes: paging{},
		account: &account{login: login, balance: cents(balance.Amount)},
	}
	if balance.Amount.IsPositive() {
		s.users[login].account.payments = []payment{{number: s.next("payment"), at: s.config.Now(), amount: cents(balance.Amount), status: paymentCredited}}
	}
}

// AddUser makes another login of the account of a login: with an id of its own,
// and the same cart, balance, orders and servers. It reports whether there is
// such an account.
func (s *Sandbox) AddUser(login, password, of string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	owner := s.users[of]
	if owner == nil {
		return false
	}
	s.users[login] = &user{id: s.next("user"), login: login, password: password, account: owner.account, sizes: paging{}}
	return true
}

// SetPassword gives a login another password. Its sessions live on.
func (s *Sandbox) SetPassword(login, password string) {
	s.withUser(login, func(u *user) { u.password = password })
}

// OpenSession returns the token of a new session without a login through the
// API; "" if there is no such account.
func (s *Sandbox) OpenSession(login string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users[login] == nil {
		return ""
	}
	return s.newSession(login, false)
}

// ExpireSessions ends all sessions of a login.
func (s *Sandbox) ExpireSessions(login string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token, session := range s.sessions {
		if session.login == login {
			delete(s.sessions, token)
		}
	}
}

// expireAll ends all sessions of the account of a login, whoever's they are.
func (s *Sandbox) expireAll(login string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	caller := s.users[login]
	for token, session := range s.sessions {
		if user := s.users[session.login]; caller != nil && user != nil && user.account == caller.account {
			delete(s.sessions, token)
		}
	}
}

// SetTwoFactor makes a login ask for a second factor, which is this code; ""
// switches it off.
func (s *Sandbox) SetTwoFactor(login, code string) {
	s.withUser(login, func(u *user) { u.totp = code })
}

// SetBadIP makes a login fail as if it came from an address that is not allowed
// (error object "badip" [F]). For the block by HTTP status inject a fault of kind
// [Status] with 403 or 460.
func (s *Sandbox) SetBadIP(login string, bad bool) {
	s.withUser(login, func(u *user) { u.badIP = bad })
}

// withUser runs f on a user, if there is one of that login, with the sandbox
// locked and brought up to now. It reports whether there is.
func (s *Sandbox) withUser(login string, f func(*user)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := s.users[login]
	if user == nil {
		return false
	}
	s.settle(s.config.Now())
	f(user)
	return true
}

// withAccount is withUser for the user's account.
func (s *Sandbox) withAccount(login string, f func(*account)) bool {
	return s.withUser(login, func(u *user) { f(u.account) })
}

// newSession makes a token of 24 hex characters, as the vendor's look [A]. It
// is no secret worth guarding: the sandbox holds nothing of value.
func (s *Sandbox) newSession(login string, half bool) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "session %d of %s", s.next("session"), login))
	token := hex.EncodeToString(sum[:12])
	s.sessions[token] = &session{login: login, used: s.config.Now(), half: half, pages: paging{}}
	return token
}

// liveSession returns the session of a token, nil if it is unknown or has been
// idle for too long.
func (s *Sandbox) liveSession(token string, now time.Time) *session {
	session := s.sessions[token]
	if session == nil || s.users[session.login] == nil {
		return nil
	}
	if now.Sub(session.used) >= sessionLife && s.is(profile.SessionIdle, profile.Ended) {
		delete(s.sessions, token)
		return nil
	}
	return session
}

// login is func=auth: by authinfo "user:password" [C], or by username and
// password [F].
func (s *Sandbox) login(r *request) (object, *failure) {
	username, password := r.get("username"), r.get("password")
	if info, sent := r.lookup("authinfo"); sent {
		username, password, _ = strings.Cut(info, ":")
	}
	user := s.users[username]
	switch {
	case user == nil:
		return nil, badLogin(r, "badpassword", "Incorrect login or password", "Неправильный логин или пароль")
	case user.badIP:
		return nil, badLogin(r, "badip", "Access from this IP denied", "Доступ с этого IP запрещён")
	case r.now.Before(user.blockedUntil):
		return nil, badLogin(r, "blocklogon",
			"Your account has been blocked for 20 seconds", "Ваш аккаунт заблокирован на 20 секунд")
	case subtle.ConstantTimeCompare([]byte(password), []byte(user.password)) == 0:
		user.failures++
		if user.failures >= maxLoginFailures {
			user.failures, user.blockedUntil = 0, r.now.Add(loginBlock)
		}
		return nil, badLogin(r, "badpassword", "Incorrect login or password", "Неправильный логин или пароль")
	}
	user.failures = 0
	return opened(s.newSession(username, user.totp != "")), nil
}

func badLogin(r *request, reason, en, ru string) *failure {
	return &failure{kind: "auth", object: reason, text: r.say(en, ru)}
}

// opened is the answer that hands out a session: the id stands in $id and in $
// [C][g].
func opened(token string) object {
	return object{"auth": object{"$id": token, "$": token}}
}

// confirmTOTP turns a session that waits for its second factor into a full one
// with another token [F].
func (s *Sandbox) confirmTOTP(r *request) (object, *failure) {
	if !r.submitted() || !r.session.half || r.get("qrcode") != r.user.totp {
		return nil, badValue(r, "qrcode")
	}
	delete(s.sessions, r.get("auth"))
	return opened(s.newSession(r.user.login, false)), nil
}

// whoami tells who the session belongs to, in attributes of doc.user; a session
// that waits for its second factor is told so instead [F].
func (s *Sandbox) whoami(r *request) (object, *failure) {
	if r.session.half {
		return object{"ok": value("func=totp.confirm")}, nil
	}
	needsPhone := "off"
	if s.behaviour.PhoneUnverified {
		needsPhone = "true" // what the cabinet compares it with [F]
	}
	return object{"user": object{
		"$id": strconv.Itoa(r.user.id), "$realname": r.user.login, "$email": r.user.login + "@example.com",
		"$phone": "", "$email_verified": "on", "$need_phone_validate": needsPhone,
	}}, nil
}

func (s *Sandbox) keepalive(*request) (object, *failure) { return accepted(), nil }

// logout is func=logon [F].
func (s *Sandbox) logout(r *request) (object, *failure) {
	delete(s.sessions, r.get("auth"))
	return accepted(), nil
}
