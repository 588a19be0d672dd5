package telegram_test

import (
	"bytes"
	"errors"
	"image/png"
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/telegram"
	"zomrobot/telegram/emulator"
)

// charted is a screen with a picture of some numbers.
func charted(text string, numbers ...float64) chat.Screen {
	s := screen(text, []chat.Button{button("dark", "d")})
	from := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	var points []chat.Point
	for i, n := range numbers {
		points = append(points, chat.Point{At: from.Add(time.Duration(i) * time.Minute), Value: n})
	}
	lines := chat.Lines{From: from, To: from.Add(time.Hour), Series: []chat.LineSeries{{Name: chat.Say("cpu"), Curve: chat.CurveOf(points, from, from.Add(time.Hour))}}}
	s.Picture = &chat.Picture{Title: chat.Say("load"), Empty: chat.Say("nothing"), Unit: chat.Percent, Lines: &lines}
	return s
}

// pictured returns what a message shows, whose picture must be one.
func (w *world) pictured(t *testing.T, chatID int64, message int) []byte {
	t.Helper()
	content := w.Picture(chatID, message)
	if _, err := png.Decode(bytes.NewReader(content)); err != nil {
		t.Fatalf("message %d has no picture: %v", message, err)
	}
	return content
}

// TestPicture: it is sent with its caption and buttons, and changed where it stands.
func TestPicture(t *testing.T) {
	t.Parallel()
	w, b := started(t)
	id := w.send(t, b, charted("one", 1, 2, 3))
	first := w.pictured(t, anna, id)
	if m, _ := w.Message(anna, id); m.Text != "one" || len(m.Keyboard) != 1 {
		t.Errorf("message %+v", m)
	}
	if err := b.Edit(soon(t), private(anna), "ru", id, telegram.Still(charted("two", 3, 2, 1))); err != nil {
		t.Fatal(err)
	}
	if m, _ := w.Message(anna, id); m.Text != "two" || len(m.Keyboard) != 1 {
		t.Errorf("message %+v", m)
	}
	if bytes.Equal(first, w.pictured(t, anna, id)) {
		t.Error("the picture is the same")
	}
	if n := len(w.Messages(anna)); n != 2 { // and /start
		t.Errorf("%d messages", n)
	}
}

// TestPictureOfBars: months are written in the language.
func TestPictureOfBars(t *testing.T) {
	w, b := started(t)
	s := charted("costs")
	s.Picture.Unit, s.Picture.Lines = "EUR", nil
	s.Picture.Bars = &chat.Bars{Months: []time.Time{time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}, Series: []chat.BarSeries{{Values: []float64{3}}}}
	one := w.pictured(t, anna, w.send(t, b, s))
	id, err := b.Send(soon(t), private(anna), "ru", telegram.Still(s), false)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(one, w.pictured(t, anna, id)) {
		t.Error("both languages have the same picture")
	}
}

// TestTextBecomesPicture: and a picture does not become text.
func TestTextBecomesPicture(t *testing.T) {
	w, b := started(t)
	id := w.send(t, b, screen("text"))
	if err := b.Edit(soon(t), private(anna), "en", id, telegram.Still(charted("picture", 1, 2))); err != nil {
		t.Fatal(err)
	}
	w.pictured(t, anna, id)
	err := b.Edit(soon(t), private(anna), "en", id, telegram.Still(screen("text")))
	if !errors.Is(err, telegram.ErrRefused) || errors.Is(err, telegram.ErrGone) || errors.Is(err, telegram.ErrNoMessage) {
		t.Errorf("a picture became text: %v", err)
	}
}

// TestVanishedPicture: it is for the caller to send it anew.
func TestVanishedPicture(t *testing.T) {
	w, b := started(t)
	id := w.send(t, b, charted("one", 1, 2))
	if err := w.Delete(anna, anna, id); err != nil {
		t.Fatal(err)
	}
	if err := b.Edit(soon(t), private(anna), "en", id, telegram.Still(charted("two", 1))); !errors.Is(err, telegram.ErrNoMessage) {
		t.Errorf("an edit of what is gone: %v", err)
	}
}

// TestPictureThatIsNotTaken: the text comes alone, with its buttons.
func TestPictureThatIsNotTaken(t *testing.T) {
	for _, said := range []string{"not enough rights to send photos to the chat", "IMAGE_PROCESS_FAILED"} {
		w, b := started(t)
		for _, method := range []string{"sendPhoto", "editMessageMedia"} {
			if err := w.Break(emulator.Fault{Method: method, Kind: emulator.Refused, Description: said}); err != nil {
				t.Fatal(err)
			}
		}
		id := w.send(t, b, charted("one", 1, 2))
		if err := b.Edit(soon(t), private(anna), "en", id, telegram.Still(charted("two", 1))); err != nil {
			t.Fatal(err)
		}
		if m, _ := w.Message(anna, id); m.Text != "two" || len(m.Keyboard) != 1 || m.Photo {
			t.Errorf("%s: message %+v", said, m)
		}
	}
}

// TestPictureIsSentAgain: what is tried again is drawn again.
func TestPictureIsSentAgain(t *testing.T) {
	t.Parallel()
	w, b := started(t)
	if err := w.Break(emulator.Fault{Method: "sendPhoto", Kind: emulator.TooMany, RetryAfter: 1}); err != nil {
		t.Fatal(err)
	}
	w.pictured(t, anna, w.send(t, b, charted("one", 1, 2)))
	if n := len(w.calls("sendPhoto")); n != 2 {
		t.Errorf("%d calls", n)
	}
}

// TestLongCaption: it is cut between lines to what Telegram takes.
func TestLongCaption(t *testing.T) {
	w, b := started(t)
	s := charted(strings.Repeat("a", 600), 1)
	s.Lines = append(s.Lines, chat.Say(strings.Repeat("b", 600)))
	if m, _ := w.Message(anna, w.send(t, b, s)); len(m.Text) > 1024 || !strings.HasPrefix(m.Text, "aaa") || !strings.HasSuffix(m.Text, "…") {
		t.Errorf("the caption has %d bytes", len(m.Text))
	}
}

// TestAfterAPicture: who made the bot is told that there is something to collect, and not
// after a text.
func TestAfterAPicture(t *testing.T) {
	w := newWorld(t)
	w.say(t, anna, anna, "/start")
	drawn := 0
	b := w.bot(t, newRecord().handle, func(c *telegram.Config) { c.AfterPicture = func() { drawn++ } })
	w.send(t, b, charted("one", 1, 2, 3))
	text := charted("two")
	text.Picture = nil
	w.send(t, b, text)
	if drawn != 1 {
		t.Errorf("told %d times, want 1", drawn)
	}
}
