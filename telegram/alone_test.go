package telegram_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"testing"

	"zomrobot/chat"
	"zomrobot/telegram"
	"zomrobot/telegram/emulator"
)

const aloneGroup = int64(-1_000_000_000_055)

// older is the way to a Bot API server that does not know the parameter.
type older struct{}

func (older) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	body = bytes.ReplaceAll(body, []byte("ephemeral_"), []byte("unheardof_"))
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	return http.DefaultTransport.RoundTrip(r)
}

// inGroup is a world with a group of Anna's and Boris's, and a bot that is not running.
func inGroup(t *testing.T) (*world, *telegram.Bot, chat.Key) {
	t.Helper()
	w := newWorld(t)
	w.AddUser(anna, "Anna", "en")
	w.AddUser(boris, "Борис", "ru")
	if err := w.AddGroup(aloneGroup, "Team", anna, boris); err != nil {
		t.Fatal(err)
	}
	return w, w.bot(t, newRecord().handle), chat.Key{Chat: aloneGroup, User: boris}
}

func (w *world) sendAlone(t *testing.T, b *telegram.Bot, key chat.Key, press string) error {
	t.Helper()
	return b.SendAlone(soon(t), key, "en", telegram.Still(screen("hint", []chat.Button{button("yes", "y")})), press)
}

// TestSendAlone: it is shown after a press, and at any time to a bot that administers the
// group, to the person alone.
func TestSendAlone(t *testing.T) {
	w, b, key := inGroup(t)
	card, err := b.Send(soon(t), key, "en", telegram.Still(screen("card", []chat.Button{button("yes", "y")})), false)
	if err != nil {
		t.Fatal(err)
	}
	press, err := w.Tap(boris, aloneGroup, card, "yes")
	if err != nil {
		t.Fatal(err)
	}
	alone := func() {
		t.Helper()
		if m, _ := w.Last(aloneGroup); m.Text != "hint" || m.Only != boris || len(m.Keyboard) != 1 {
			t.Errorf("the last message is %+v", m)
		}
	}
	for range 2 { // also a press that was answered
		if err := w.sendAlone(t, b, key, press); err != nil {
			t.Fatal(err)
		}
		alone()
		if err := b.Answer(soon(t), press, "en", nil, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Promote(anna, aloneGroup, w.BotID(), emulator.Rights{}); err != nil {
		t.Fatal(err)
	}
	for _, press := range []string{"", "77"} { // one that is too old
		if err := w.sendAlone(t, b, key, press); err != nil {
			t.Fatal(err)
		}
		alone()
	}
}

// TestAloneRefused: a group that has refused it is not asked again, but after a press.
func TestAloneRefused(t *testing.T) {
	w, b, key := inGroup(t)
	for range 2 {
		if err := w.sendAlone(t, b, key, ""); !errors.Is(err, telegram.ErrRefused) {
			t.Errorf("got %v", err)
		}
	}
	if n := len(w.calls("sendMessage")); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
	if err := w.sendAlone(t, b, key, "77"); !errors.Is(err, telegram.ErrRefused) {
		t.Errorf("got %v", err)
	}
	if n := len(w.calls("sendMessage")); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
	if err := w.sendAlone(t, b, private(anna), ""); !errors.Is(err, telegram.ErrRefused) {
		t.Errorf("in private: %v", err)
	}
	if m, ok := w.Last(aloneGroup); ok {
		t.Errorf("sent %+v", m)
	}
}

// TestServerThatDoesNotKnowAlone: an older Bot API server shows to all what is for one. It
// is taken back, and never tried again.
func TestServerThatDoesNotKnowAlone(t *testing.T) {
	w, _, key := inGroup(t)
	b := w.bot(t, newRecord().handle, func(c *telegram.Config) { c.Transport = older{} })
	for range 2 {
		if err := w.sendAlone(t, b, key, "77"); !errors.Is(err, telegram.ErrRefused) {
			t.Errorf("got %v", err)
		}
	}
	if m, ok := w.Last(aloneGroup); ok {
		t.Errorf("all see %+v", m)
	}
	if n := len(w.calls("sendMessage")); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
}
