package zomro

import (
	"context"
	"errors"
	"strings"
)

// Login opens a session with a name and a password, without a captcha
// (func=auth with authinfo [C]), and returns its id. lang is "en" or "ru".
//
// A login that is not accepted is [Denied]; Object says why: "badpassword",
// "badip", "blocklogon", "blockgeoip", … [F]. The session of an account with a
// second factor is only a temporary one: ask [Client.WhoAmI].
func (c *Client) Login(ctx context.Context, username string, password Secret, lang string) (Secret, error) {
	const op = "auth"
	switch {
	case username == "" || strings.Contains(username, ":"):
		return Secret{}, invalid(op, &FieldError{"username", "is empty or has a colon"})
	case password.IsZero():
		return Secret{}, invalid(op, &FieldError{"password", "is empty"})
	}
	authinfo := NewSecret(username + ":" + password.Reveal())
	doc, err := c.read(ctx, request{
		op: op,
		fields: []field{
			{"func", op},
			{"authinfo", authinfo.Reveal()},
			{"out", "json"},
			{"lang", language(lang)},
		},
		mask: newMask(authinfo, password),
	})
	if err != nil {
		return Secret{}, deniedLogin(err)
	}
	session := doc.at("auth", "$id").text()
	if session == "" {
		session = doc.at("auth").text()
	}
	if session == "" {
		return Secret{}, unreadable(op, errors.New("no session id"))
	}
	return NewSecret(session), nil
}

// deniedLogin makes a refusal of a login Denied, whatever type it came with:
// the reason is in the object [F].
func deniedLogin(err error) error {
	var e *Error
	if errors.As(err, &e) && e.Kind == Refused {
		e.Kind = Denied
	}
	return err
}

// WhoAmI tells whose session it is [F]. A session that still waits for the
// second factor is [Denied] with [CodeSecondFactor].
func (c *Client) WhoAmI(ctx context.Context, auth Auth) (User, error) {
	const op = "whoami"
	doc, err := c.readFunc(ctx, op, auth)
	if err != nil {
		return User{}, err
	}
	// doc.ok is "func=totp.confirm" then [F].
	if strings.Contains(doc.at("ok").text(), "totp.confirm") {
		return User{}, &Error{Op: op, Kind: Denied, Code: CodeSecondFactor}
	}
	user := doc.at("user")
	if !user.exists() {
		return User{}, unreadable(op, errors.New("no user"))
	}
	return User{
		ID:         user.at("$id").text(),
		RealName:   user.at("$realname").text(),
		Email:      user.at("$email").text(),
		PhoneCheck: user.at("$need_phone_validate").text() == "true", // [F]
	}, nil
}

// KeepAlive prolongs a session, which lives for an hour after its last call
// [g]. A lost one is [Denied] [F].
//
// It also settles what another call meant by Denied with [CodeAccess], which
// is both a lost session and a refusal of rights: when KeepAlive succeeds, the
// session is good and the account lacks the right.
func (c *Client) KeepAlive(ctx context.Context, auth Auth) error {
	_, err := c.readFunc(ctx, "keepalive", auth)
	return err
}

// Logout ends a session (func=logon [F]). One that is lost already is no error.
func (c *Client) Logout(ctx context.Context, auth Auth) error {
	_, err := c.readFunc(ctx, "logon", auth)
	var e *Error
	if errors.As(err, &e) && (e.Code == CodeAuth || e.Code == CodeAccess) {
		return nil
	}
	return err
}

// readFunc makes a reading call of a function.
func (c *Client) readFunc(ctx context.Context, op string, auth Auth, fields ...field) (node, error) {
	r, err := authorized(op, auth, fields)
	if err != nil {
		return node{}, err
	}
	return c.read(ctx, r)
}

// writeFunc makes a writing call of a function.
func (c *Client) writeFunc(ctx context.Context, op string, auth Auth, trust trust, fields ...field) (node, error) {
	r, err := authorized(op, auth, fields)
	if err != nil {
		return node{}, err
	}
	r.trust = trust
	return c.write(ctx, r)
}
