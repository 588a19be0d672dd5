package zomro

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLogin(t *testing.T) {
	for _, body := range []string{
		`{"doc":{"auth":{"$id":"211a9ac6309a9f0c340bdebf","$":"211a9ac6309a9f0c340bdebf","$level":"16"}}}`,
		`{"doc":{"auth":{"$":"211a9ac6309a9f0c340bdebf"}}}`,
		`{"doc":{"auth":{"$id":"211a9ac6309a9f0c340bdebf"}}}`,
	} {
		v, c := newVendor(t, ok(body))
		session, err := c.Login(t.Context(), "me@example.org", NewSecret("a:b"), "ru")
		if err != nil || session.Reveal() != testSession {
			t.Errorf("%s: %v", body, err)
		}
		want := []field{{"func", "auth"}, {"authinfo", "me@example.org:a:b"}, {"out", "json"}, {"lang", "ru"}}
		if diff := cmp.Diff(want, v.seen()[0], cmp.AllowUnexported(field{})); diff != "" {
			t.Error(diff)
		}
	}
}

func TestLoginIsDenied(t *testing.T) {
	for _, object := range []string{"badpassword", "badip", "blocklogon", "blockgeoip"} {
		for _, code := range []string{"auth", "badpassword", ""} {
			v, c := newVendor(t, ok(fmt.Sprintf(`{"doc":{"error":{"$type":%q,"$object":%q,"msg":{"$":"no"}}}}`, code, object)))
			_, err := c.Login(t.Context(), "me@example.org", NewSecret(testPassword), "en")
			var e *Error
			if !errors.As(err, &e) || e.Kind != Denied || e.Object != object {
				t.Errorf("%s: got %v", object, err)
			}
			if n := len(v.seen()); n != 1 {
				t.Errorf("%s: tried %d times", object, n)
			}
		}
	}
}

func TestLoginThatCannotBeSent(t *testing.T) {
	v, c := newVendor(t, ok(`{"doc":{"auth":{"$id":"x"}}}`))
	for _, login := range [][2]string{{"", "p"}, {"a:b", "p"}, {"a", ""}} {
		if _, err := c.Login(t.Context(), login[0], NewSecret(login[1]), "en"); KindOf(err) != Refused {
			t.Errorf("%q: got %v", login[0], err)
		}
	}
	if len(v.seen()) != 0 {
		t.Error("something was sent")
	}
}

func TestLoginWithoutASession(t *testing.T) {
	_, c := newVendor(t, ok(`{"doc":{"auth":{}}}`))
	if _, err := c.Login(t.Context(), "me", NewSecret("p"), "en"); KindOf(err) != Unreadable {
		t.Errorf("got %v", err)
	}
}

func TestWhoAmI(t *testing.T) {
	_, c := newVendor(t, ok(`{"doc":{"user":{"$id":"42","$realname":"A B ","$email":"me@example.org","$need_phone_validate":"false"}}}`),
		ok(`{"doc":{"ok":{"$":"func=totp.confirm"},"user":{"$id":"42"}}}`), ok(`{"doc":{}}`))
	user, err := c.WhoAmI(t.Context(), testAuth)
	if err != nil || user != (User{ID: "42", RealName: "A B", Email: "me@example.org"}) {
		t.Errorf("got %+v, %v", user, err)
	}
	_, err = c.WhoAmI(t.Context(), testAuth)
	var e *Error
	if !errors.As(err, &e) || e.Kind != Denied || e.Code != CodeSecondFactor {
		t.Errorf("got %v", err)
	}
	if _, err = c.WhoAmI(t.Context(), testAuth); KindOf(err) != Unreadable {
		t.Errorf("got %v", err)
	}
	_, c = newVendor(t, ok(`{"doc":{"user":{"$id":"42","$need_phone_validate":"true"}}}`))
	if user, err := c.WhoAmI(t.Context(), testAuth); err != nil || !user.PhoneCheck {
		t.Errorf("got %+v, %v; want a phone to be verified", user, err)
	}
}

func TestKeepAliveAndLogout(t *testing.T) {
	v, c := newVendor(t, ok(`{"doc":{"ok":{"$":""}}}`))
	if err := errors.Join(c.KeepAlive(t.Context(), testAuth), c.Logout(t.Context(), testAuth)); err != nil {
		t.Error(err)
	}
	if a, b := v.seen()[0][0].value, v.seen()[1][0].value; a != "keepalive" || b != "logon" {
		t.Errorf("called %s and %s", a, b)
	}
	_, c = newVendor(t, ok(accessAnswer))
	if err := c.KeepAlive(t.Context(), testAuth); KindOf(err) != Denied {
		t.Errorf("got %v", err)
	}
	if err := c.Logout(t.Context(), testAuth); err != nil {
		t.Errorf("a lost session: %v", err)
	}
}
