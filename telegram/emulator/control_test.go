package emulator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
)

// sim posts to the control API and returns the status and the answer.
func (w *world) sim(path, body string, header ...string) (int, map[string]any) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.url+"/sim/"+path, strings.NewReader(body))
	w.must(err)
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	w.must(err)
	defer func() { _ = response.Body.Close() }()
	v := map[string]any{}
	raw, _ := io.ReadAll(response.Body)
	_ = json.Unmarshal(raw, &v)
	return response.StatusCode, v
}

func (w *world) get(path string) string {
	w.t.Helper()
	r, err := http.Get(w.url + path)
	w.must(err)
	defer func() { _ = r.Body.Close() }()
	raw, err := io.ReadAll(r.Body)
	w.must(err)
	return string(raw)
}

func TestControl(t *testing.T) {
	w := newWorld(t)
	do := func(path string, body params) map[string]any {
		t.Helper()
		raw, err := json.Marshal(body)
		w.must(err)
		code, v := w.sim(path, string(raw))
		if code != http.StatusOK {
			t.Fatalf("%s: %d %v", path, code, v)
		}
		return v
	}
	const forum = int64(-1_000_000_000_077)
	do("users", params{"id": 7, "name": "Vera", "username": "vera", "lang": "ru"})
	do("users", params{"id": 8, "name": "Other", "bot": true})
	do("chats", params{"id": forum, "title": "Forum", "forum": true, "members": []int64{7, anna}})
	do("link", params{"user": 7, "link": "https://t.me/zomro_test_bot?start=x"})
	m := ok[wireMessage](w, "sendMessage", params{"chat_id": 7, "text": "hi", "reply_markup": keyboard([]params{tap("Go", "go")})})
	if do("tap", params{"user": 7, "message": m.ID, "button": "Go"})["press"] == "" {
		t.Error("no id of the press")
	}
	do("tap", params{"user": 7, "message": m.ID, "data": "made up"})
	said := do("send", params{"user": 7, "text": "helo"})["message"]
	do("edit", params{"user": 7, "message": said, "text": "hello"})
	do("reply", params{"user": 7, "chat": 7, "message": m.ID, "text": "ok"})
	do("photo", params{"user": 7, "text": "look"})
	do("forward", params{"user": 7, "message": m.ID, "to": forum})
	do("delete", params{"user": 7, "message": m.ID})
	do("block", params{"user": 7, "blocked": true})
	do("block", params{"user": 7, "blocked": false})

	in := func(extra params) params {
		p := params{"user": 7, "chat": forum}
		for k, v := range extra {
			p[k] = v
		}
		return p
	}
	thread := do("topic", in(params{"title": "Servers"}))["thread"]
	do("closeTopic", in(params{"thread": thread, "closed": true}))
	do("closeTopic", in(params{"thread": thread, "closed": false}))
	do("send", in(params{"thread": thread, "text": "hi"}))
	do("deleteTopic", in(params{"thread": thread}))
	do("promote", in(params{"delete": true}))
	if !w.status(forum, w.BotID()).Delete {
		t.Error("the bot was not promoted")
	}
	do("demote", in(nil))
	do("restrict", in(params{"muted": true}))
	do("restrict", in(params{"muted": false}))
	do("kick", in(params{"member": anna}))
	do("join", in(params{"member": anna}))
	do("transfer", in(params{"member": anna}))
	do("leave", in(nil))
	if got := w.status(forum, anna).Status + w.status(forum, 7).Status; got != "creatorleft" {
		t.Errorf("the owners are %s", got)
	}
	do("deleteGroup", params{"user": anna, "chat": forum})
	do("chats", params{"id": -5, "title": "Old", "members": []int64{7}})
	if do("migrate", params{"user": 7, "chat": -5, "unseen": true})["chat"] != -1_000_000_000_005.0 {
		t.Error("no id of the new chat")
	}
	w.updates()
	if id := do("forge", params{"message": params{"text": "made up"}})["update"]; w.updates()[0].ID != int64(id.(float64)) {
		t.Errorf("the forged update is not %v", id)
	}
	do("deleteAccount", params{"user": 7})
	do("fault", params{"method": "getMe", "kind": "failure"})
	w.refused("getMe", nil, "Internal Server Error")

	contains(t, w.get("/sim/transcript?chat=7"), "Vera taps [Go] on #1")
	contains(t, w.get("/sim/state"), `"title":"Old"`)
	contains(t, w.get("/sim/calls"), `"method":"sendMessage"`)
	contains(t, w.get("/sim/violations"), "[]")
	contains(t, w.get("/"), "<title>Chat emulator</title>")
	for path, body := range map[string]string{
		"send":   `{"user":9,"text":"hi"}`,
		"tap":    `{"user":1001,"message":99,"button":"x"}`,
		"users":  `{"surname":"x"}`,
		"fault":  `{"kind":"rain"}`,
		"chats":  `{"id":5,"title":"x","members":[7]}`,
		"forge":  `[]`,
		"link":   `{"user":1001,"link":"https://example.com/"}`,
		"demote": `{"user":1001,"chat":-5}`,
	} {
		if code, v := w.sim(path, body); code != http.StatusBadRequest || v["error"] == "" {
			t.Errorf("%s %s: %d %v", path, body, code, v)
		}
	}
}

// events reads the stream of a page from an event on.
func (w *world) events(ctx context.Context, last string) func() (string, map[string]any) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+"/sim/events", nil)
	w.must(err)
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	response, err := http.DefaultClient.Do(r)
	w.must(err)
	w.t.Cleanup(func() { _ = response.Body.Close() })
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	return func() (string, map[string]any) {
		w.t.Helper()
		id := ""
		for lines.Scan() {
			if v, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				id = v
			}
			if v, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var event map[string]any
				w.must(json.Unmarshal([]byte(v), &event))
				return id, event
			}
		}
		w.t.Fatal("the stream ended")
		return "", nil
	}
}

func TestEvents(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	next := w.events(ctx, "")
	last, first := next()
	if first["reset"] != true || len(first["chats"].([]any)) != 2 {
		t.Fatalf("the first event is %v", first)
	}
	secret := w.say(anna, anna, "hunter2")
	_, e := next()
	if e["reset"] != false || e["messages"].([]any)[0].(map[string]any)["text"] != "hunter2" {
		t.Errorf("a message is %v", e)
	}
	ok[bool](w, "deleteMessage", params{"chat_id": anna, "message_id": secret})
	w.say(boris, boris, "hi")

	// A page that was away from the first event on gets all it missed, once.
	_, missed := w.events(ctx, last)()
	if got := len(missed["messages"].([]any)); missed["reset"] != false || got != 2 {
		t.Errorf("what was missed: %v", missed)
	}
	if raw, _ := json.Marshal(missed); strings.Contains(string(raw), "hunter2") {
		t.Error("a deleted secret is still shown")
	}
	if strings.Contains(w.get("/sim/state"), "hunter2") {
		t.Error("a deleted secret is still in the state")
	}
	// A page of an earlier world starts over.
	if _, e := w.events(ctx, "1-5")(); e["reset"] != true {
		t.Errorf("a page of another world gets %v", e)
	}
}

// TestTyping: a chat action is shown for five seconds, or until the bot writes.
func TestTyping(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	w.say(anna, anna, "hi")
	next := w.events(ctx, "")
	next()
	typing := func(want float64) {
		t.Helper()
		_, e := next()
		left, _ := e["chats"].([]any)[0].(map[string]any)["typing"].(map[string]any)
		if got, _ := left["0"].(float64); got != want {
			t.Errorf("the bot seems to write for %v ms, want %v", got, want)
		}
	}
	ok[bool](w, "sendChatAction", params{"chat_id": anna, "action": "typing"})
	typing(5000)
	ok[wireMessage](w, "sendMessage", params{"chat_id": anna, "text": "done"})
	typing(0)
}

func TestPageFiles(t *testing.T) {
	w := newWorld(t, func(c *emulator.Config) { c.People = []emulator.Person{} })
	if code := w.read("/panel/panel.js"); code != http.StatusNotFound {
		t.Errorf("a panel that is not there: %d", code)
	}
	for _, path := range []string{"/", "/page.css", "/main.js"} {
		r, err := http.Get(w.url + path)
		w.must(err)
		w.must(r.Body.Close())
		if r.StatusCode != http.StatusOK || !strings.Contains(r.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %s %v", path, r.Status, r.Header)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, e := w.events(ctx, "")(); e["reset"] != true {
		t.Errorf("an empty world begins with %v", e)
	}
}

// TestPictures: the page is told where the picture of a message is, and gets it; a later one
// is elsewhere.
func TestPictures(t *testing.T) {
	w := newWorld(t)
	w.say(anna, anna, "/start")
	id := w.photo(anna, pixel).message(w)
	where := func() string {
		t.Helper()
		var state struct {
			Messages []struct {
				ID      int    `json:"id"`
				Picture string `json:"picture"`
			} `json:"messages"`
		}
		w.must(json.Unmarshal([]byte(w.get("/sim/state")), &state))
		for _, m := range state.Messages {
			if m.ID == id {
				return m.Picture
			}
		}
		return ""
	}
	first := where()
	if got := w.get(first); got != pixel {
		t.Errorf("at %q is %q", first, got)
	}
	a, err := w.post(t.Context(), "editMessageMedia", "multipart/form-data; boundary=x", strings.NewReader(
		"--x\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n1001\r\n--x\r\nContent-Disposition: form-data; name=\"message_id\"\r\n\r\n"+strconv.Itoa(id)+
			"\r\n--x\r\nContent-Disposition: form-data; name=\"media\"\r\n\r\n{\"type\":\"photo\",\"media\":\"attach://a\",\"caption\":\"<b>two</b>\",\"parse_mode\":\"HTML\"}"+
			"\r\n--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.gif\"\r\n\r\n"+pixel+" \r\n--x--\r\n"))
	w.must(err)
	if !a.OK {
		t.Fatalf("%+v", a)
	}
	if next := where(); next == first || w.get(next) != pixel+" " {
		t.Errorf("after the edit at %q is %q", next, w.get(next))
	}
	if m, _ := w.Message(anna, id); m.Text != "two" || !m.Photo || !m.Edited {
		t.Errorf("message %+v", m)
	}
	for _, nowhere := range []string{"/sim/picture?chat=1001&message=1", "/sim/picture?chat=x&message=1", "/sim/picture?chat=9&message=9"} {
		if code := w.read(nowhere); code != http.StatusNotFound {
			t.Errorf("%s: %d", nowhere, code)
		}
	}
	w.must(w.Delete(anna, anna, id))
	if w.Picture(anna, id) != nil || where() != "" {
		t.Error("the picture of a message that is gone is there")
	}
}
