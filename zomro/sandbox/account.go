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
)

const (
	maxLoginFailures = 5                // then the login is blocked
	loginBlock       = 20 * time.Second // "blocked for 20 seconds" [F]
)

// account is a customer of the vendor.
type account struct {
	id       int
	login    string
	password string
	totp     string // the second factor's code; empty: none is asked
	badIP    bool

	failures     int
	blockedUntil time.Time

	balance decimal.Decimal
	credit  decimal.Decimal

	keys     []key
	images   []image
	items    []*item
	orders   []Order
	services []*service
}

// session is a login that lives on.
type session struct {
	login  string
	used   time.Time
	half   bool // waits for the second factor
	filter map[string]string
}

// AddAccount makes an account, or replaces the one of that login together with
// all it had. The balance is in EUR.
func (s *Sandbox) AddAccount(login, password string, balance zomro.Money) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts[login] = &account{
		id: s.next("user"), login: login, password: password, balance: cents(balance.Amount),
	}
}

// SetPassword gives an account another password. Its sessions live on.
func (s *Sandbox) SetPassword(login, password string) {
	s.withAccount(login, func(a *account) { a.password = password })
}

// OpenSession returns the token of a new session without a login through the
// API; "" if there is no such account.
func (s *Sandbox) OpenSession(login string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.accounts[login] == nil {
		return ""
	}
	return s.newSession(login, false)
}

// ExpireSessions ends all sessions of an account.
func (s *Sandbox) ExpireSessions(login string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token, session := range s.sessions {
		if session.login == login {
			delete(s.sessions, token)
		}
	}
}

// SetTwoFactor makes logins of an account ask for a second factor, which is
// this code; "" switches it off.
func (s *Sandbox) SetTwoFactor(login, code string) {
	s.withAccount(login, func(a *account) { a.totp = code })
}

// SetBadIP makes logins of an account fail as if they came from an address
// that is not allowed (error object "badip" [F]). For the block by HTTP status
// inject a fault of kind [Status] with 403 or 460.
func (s *Sandbox) SetBadIP(login string, bad bool) {
	s.withAccount(login, func(a *account) { a.badIP = bad })
}

// withAccount runs f on an account, if it exists, with the sandbox locked and
// brought up to now. It reports whether it exists.
func (s *Sandbox) withAccount(login string, f func(*account)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.accounts[login]
	if account == nil {
		return false
	}
	s.settle(s.config.Now())
	f(account)
	return true
}

// newSession makes a token of 24 hex characters, as the vendor's look [A]. It
// is no secret worth guarding: the sandbox holds nothing of value.
func (s *Sandbox) newSession(login string, half bool) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "session %d of %s", s.next("session"), login))
	token := hex.EncodeToString(sum[:12])
	s.sessions[token] = &session{login: login, used: s.config.Now(), half: half}
	return token
}

// liveSession returns the session of a token, nil if it is unknown or has been
// idle for too long.
func (s *Sandbox) liveSession(token string, now time.Time) *session {
	session := s.sessions[token]
	if session == nil || s.accounts[session.login] == nil {
		return nil
	}
	if now.Sub(session.used) >= sessionLife {
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
	account := s.accounts[username]
	switch {
	case account == nil:
		return nil, badLogin(r, "badpassword", "Incorrect login or password", "Неправильный логин или пароль")
	case account.badIP:
		return nil, badLogin(r, "badip", "Access from this IP denied", "Доступ с этого IP запрещён")
	case r.now.Before(account.blockedUntil):
		return nil, badLogin(r, "blocklogon",
			"Your account has been blocked for 20 seconds", "Ваш аккаунт заблокирован на 20 секунд")
	case subtle.ConstantTimeCompare([]byte(password), []byte(account.password)) == 0:
		account.failures++
		if account.failures >= maxLoginFailures {
			account.failures, account.blockedUntil = 0, r.now.Add(loginBlock)
		}
		return nil, badLogin(r, "badpassword", "Incorrect login or password", "Неправильный логин или пароль")
	}
	account.failures = 0
	return opened(s.newSession(username, account.totp != "")), nil
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
	if !r.submitted() || !r.session.half || r.get("qrcode") != r.account.totp {
		return nil, badValue(r, "qrcode")
	}
	delete(s.sessions, r.get("auth"))
	return opened(s.newSession(r.account.login, false)), nil
}

// whoami tells who the session belongs to, in attributes of doc.user; a session
// that waits for its second factor is told so instead [F].
func (s *Sandbox) whoami(r *request) (object, *failure) {
	if r.session.half {
		return object{"ok": value("func=totp.confirm")}, nil
	}
	return object{"user": object{
		"$id": strconv.Itoa(r.account.id), "$realname": r.account.login, "$email": r.account.login + "@example.com",
		"$phone": "", "$email_verified": "on", "$need_phone_validate": "off",
	}}, nil
}

func (s *Sandbox) keepalive(*request) (object, *failure) { return accepted(), nil }

// logout is func=logon [F].
func (s *Sandbox) logout(r *request) (object, *failure) {
	delete(s.sessions, r.get("auth"))
	return accepted(), nil
}
