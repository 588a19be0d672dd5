package main

import (
	"bytes"
	"image/png"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// atLoad makes a world in which Anna looks at the load of a server that is two days old.
func atLoad(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, sandbox.Config{})
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.pass(48 * time.Hour)
	lookAtLoad(w)
	return w
}

func lookAtLoad(w *world) {
	w.t.Helper()
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "📊 Load")
}

// last returns the last message of a chat.
func (w *world) last(chat int64) emulator.Message {
	w.t.Helper()
	m, ok := w.chats.Last(chat)
	if !ok {
		w.t.Fatal("nothing was said")
	}
	return m
}

// wantPicture: the last message of a chat has a picture and says the parts.
func (w *world) wantPicture(chat int64, parts ...string) emulator.Message {
	w.t.Helper()
	m := w.last(chat)
	if _, err := png.Decode(bytes.NewReader(w.chats.Picture(chat, m.ID))); err != nil {
		w.t.Fatalf("no picture: %v\n%s", err, m.Text)
	}
	for _, part := range parts {
		if !strings.Contains(m.Text, part) {
			w.t.Errorf("%q is not said:\n%s", part, m.Text)
		}
	}
	return m
}

// TestLoadWhateverIsAnswered: what cannot be read is said, what was shown stays, and it can
// be asked for again.
func TestLoadWhateverIsAnswered(t *testing.T) {
	t.Parallel()
	w := atLoad(t)
	card := w.wantPicture(anna, "last 24 hours", "latest")
	for _, fault := range []sandbox.Fault{
		{Kind: sandbox.Drop},
		{Kind: sandbox.HTML},
		{Kind: sandbox.Status},
		{Kind: sandbox.Empty},
		{Kind: sandbox.CutBody},
		{Kind: sandbox.TruncatedJSON},
		{Kind: sandbox.Huge},
		{Kind: sandbox.Reply, ErrorType: "value", ErrorObject: "hours"},
	} {
		fault.Func, fault.Times = "instances.fleio.measures", -1
		broken := w.vendor.Inject(fault)
		w.tap(anna, "7 days")
		broken.Remove()
		if m := w.wantPicture(anna, "last 24 hours", "Zomro did not give"); m.ID != card.ID {
			t.Errorf("%s: it is another message", fault.Kind)
		}
		w.tap(anna, "🔄 Try again")
		w.wantPicture(anna, "last 7 days")
		w.tap(anna, "24 hours")
		w.wantPicture(anna, "last 24 hours")
	}
	for shape, says := range map[sandbox.AnswerShape]string{sandbox.OKShape: "no data"} {
		w.vendor.Inject(sandbox.Fault{Kind: sandbox.Pretend, Func: "instances.fleio.measures", Shape: shape})
		w.tap(anna, "30 days")
		w.wantPicture(anna, "last 30 days", says)
	}
}

// TestPictureThatVanished is sent anew, and the edits of before lead nowhere.
func TestPictureThatVanished(t *testing.T) {
	t.Parallel()
	w := atLoad(t)
	card := w.wantPicture(anna)
	held := w.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: "instances.fleio.measures"})
	b, _ := card.Button("Traffic")
	if _, err := w.chats.TapData(anna, anna, card.ID, b.Data); err != nil {
		t.Fatal(err)
	}
	w.untilCalled("instances.fleio.measures", 2)
	if err := w.chats.Delete(anna, anna, card.ID); err != nil {
		t.Fatal(err)
	}
	held.Release()
	w.settle()
	if m := w.wantPicture(anna, "traffic", "Billing cycle"); m.ID == card.ID {
		t.Error("it is the message that was deleted")
	}
	w.tap(anna, "🌙 Dark")
	w.wantPicture(anna, "traffic")
}

// TestPictureIsLost in every way in which Telegram loses calls: there is one in the end, and
// it shows what was asked for last.
func TestPictureIsLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newBubble(t, sandbox.Config{}, emulator.Config{}, func(*Program) {})
		w.vendor.AddService(vendorLogin, "web-1")
		w.login(anna)
		time.Sleep(2 * time.Hour) // of the bubble
		w.settle()
		lookAtLoad(w)
		for _, kind := range []emulator.FaultKind{emulator.TooMany, emulator.Failure, emulator.BadGateway, emulator.DropBefore, emulator.DropAfter} {
			w.must(w.chats.Break(emulator.Fault{Method: "editMessageMedia", Kind: kind, RetryAfter: 1}))
			w.tap(anna, "7 days")
			w.until(func() bool { return strings.Contains(w.last(anna).Text, "last 7 days") })
			w.wantPicture(anna)
			w.tap(anna, "24 hours")
			w.wantPicture(anna, "last 24 hours")
		}
		pictures := slices.DeleteFunc(w.chats.Messages(anna), func(m emulator.Message) bool { return m.Deleted || !m.Photo })
		if len(pictures) != 1 {
			t.Errorf("%d pictures are in the chat", len(pictures))
		}
	})
}

// TestPicturesAreNotTaken: where Telegram takes none, the numbers are said.
func TestPicturesAreNotTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	for _, method := range []string{"sendPhoto", "editMessageMedia"} {
		if err := w.chats.Break(emulator.Fault{Method: method, Kind: emulator.Refused, Description: "not enough rights to send photos to the chat", Times: 100}); err != nil {
			t.Fatal(err)
		}
	}
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.pass(48 * time.Hour)
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	card := w.last(anna).ID
	w.tap(anna, "📊 Load")
	w.tap(anna, "Traffic")
	m := w.last(anna)
	if m.Photo || !strings.Contains(m.Text, "Billing cycle") || m.ID != card {
		t.Errorf("it shows %+v", m)
	}
	w.tap(anna, "‹ Back")
	w.wantSaid(anna, "web-1", "State: running")
}

// TestLoadOfATeam is for whoever is known to belong to it.
func TestLoadOfATeam(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.newGroup([]int64{anna, carol, dave})
	w.login(anna)
	w.makeTeam(anna)
	w.sayIn(carol, w.group(), shortOrder)
	w.tapIn(carol, w.group(), "✅ Order for €5.76", "Review")
	w.pass(3 * time.Hour)
	w.sayIn(dave, w.group(), "/servers")
	w.tapIn(dave, w.group(), "🟢 web-1", "Servers of this team")
	w.tapIn(dave, w.group(), "📊 Load", "State: running")
	w.wantPicture(w.group(), "Dave", "CPU load")
	calls := w.called("instances.fleio.measures")
	if err := w.chats.Break(emulator.Fault{Method: "getChatMember", Kind: emulator.Refused, Description: "CHAT_ADMIN_REQUIRED", Times: 9}); err != nil {
		t.Fatal(err)
	}
	w.tapIn(dave, w.group(), "Traffic", "CPU load")
	w.wantPicture(w.group(), "CPU load", "Telegram isn't telling me your role")
	w.chats.Mend()
	if n := w.called("instances.fleio.measures"); n != calls {
		t.Errorf("the vendor was asked %d times for somebody of whom nothing is known", n-calls)
	}
	w.tapIn(dave, w.group(), "🔄 Try again", "CPU load")
	w.wantPicture(w.group(), "traffic", "Billing cycle")
}
