package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro/sandbox"
)

// demoProcess is bot demo as a process of its own, used through the doors that
// its page uses.
type demoProcess struct {
	t       testing.TB
	folder  string // for its temporary files
	command *exec.Cmd
	done    chan error
	errors  bytes.Buffer // what it complained about

	url, login, password string // as it prints them
}

var (
	demoURL     = regexp.MustCompile(`Open (http://\S+) in a browser`)
	demoAccount = regexp.MustCompile(`login is "([^"]+)", its password "([^"]+)"`)
)

// startDemo starts the demo and reads what it says about itself.
func startDemo(t testing.TB) *demoProcess {
	t.Helper()
	return startDemoOf(t, buildBinary(t))
}

// startDemoOf is startDemo of another build.
func startDemoOf(t testing.TB, path string) *demoProcess {
	t.Helper()
	d := &demoProcess{t: t, folder: t.TempDir(), done: make(chan error, 1)}
	d.command = exec.Command(path, "demo", "-addr", "127.0.0.1:0") //nolint:noctx // ended by stop or at the test's end
	d.command.Env = []string{"HOME=" + d.folder, "TMPDIR=" + d.folder}
	d.command.Stderr = &d.errors
	out, err := d.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if d.command != nil {
			_ = d.command.Process.Kill()
			t.Logf("the demo was killed: %v", <-d.done)
		}
	})
	var said strings.Builder
	lines := bufio.NewReader(out)
	for d.login == "" {
		line, err := lines.ReadString('\n')
		said.WriteString(line)
		if found := demoURL.FindStringSubmatch(line); found != nil {
			d.url = found[1]
		}
		if found := demoAccount.FindStringSubmatch(line); found != nil {
			d.login, d.password = found[1], found[2]
		}
		if err != nil {
			break
		}
	}
	go func(c *exec.Cmd) {
		_, _ = io.Copy(io.Discard, lines)
		d.done <- c.Wait()
	}(d.command)
	if d.url == "" || d.login == "" {
		t.Fatalf("the demo names no address or no login:\n%s", said.String())
	}
	return d
}

// stop asks the demo to stop and fails when it does not, or does not end well.
func (d *demoProcess) stop() {
	d.t.Helper()
	if err := d.command.Process.Signal(syscall.SIGTERM); err != nil {
		d.t.Fatal(err)
	}
	select {
	case err := <-d.done:
		d.command = nil
		if err != nil {
			d.t.Errorf("the demo stopped with %v\n%s", err, &d.errors)
		}
	case <-time.After(patience):
		d.t.Fatal("the demo did not stop")
	}
}

// get reads a file of the page.
func (d *demoProcess) get(path string) string {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, d.url+path, http.NoBody)
	if err != nil {
		d.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		d.t.Fatalf("GET %s: %s, %v", path, response.Status, err)
	}
	return string(text)
}

// act does something as a person of the page.
func (d *demoProcess) act(what string, body map[string]any) {
	d.t.Helper()
	d.post("/sim/"+what, body)
}

// post does what a button of the page does.
func (d *demoProcess) post(path string, body map[string]any) {
	d.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.url+path, bytes.NewReader(text))
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode >= http.StatusMultipleChoices {
		answer, _ := io.ReadAll(response.Body)
		d.t.Fatalf("%s %v: %s %s", path, body, response.Status, answer)
	}
}

func (d *demoProcess) say(person int64, text string) {
	d.t.Helper()
	d.act("send", map[string]any{"user": person, "text": text})
}

// tap waits until the bot's newest message has a button and taps it.
func (d *demoProcess) tap(person int64, label string) {
	d.t.Helper()
	m := d.until(person, label, func(m emulator.Message) bool {
		_, ok := m.Button(label)
		return ok
	})
	d.act("tap", map[string]any{"user": person, "message": m.ID, "button": label})
}

// await waits until the bot's newest message contains a text.
func (d *demoProcess) await(person int64, text string) emulator.Message {
	d.t.Helper()
	return d.until(person, text, func(m emulator.Message) bool { return strings.Contains(m.Text, text) })
}

// until reads the stream that the page reads, until the bot's newest message to
// a person is good.
func (d *demoProcess) until(person int64, want string, good func(emulator.Message) bool) emulator.Message {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url+"/sim/events", http.NoBody)
	if err != nil {
		d.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var messages []emulator.Message
	for lines := bufio.NewReader(response.Body); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			d.t.Fatalf("wait for %q: %v\n%s", want, err, d.get(fmt.Sprintf("/sim/transcript?chat=%d", person)))
		}
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			continue
		}
		var news struct{ Messages []emulator.Message }
		if err := json.Unmarshal([]byte(data), &news); err != nil {
			d.t.Fatal(err)
		}
		for _, m := range news.Messages {
			if m.Chat != person || !m.Bot {
				continue
			}
			if i := slices.IndexFunc(messages, func(old emulator.Message) bool { return old.ID == m.ID }); i >= 0 {
				messages[i] = m
				continue
			}
			messages = append(messages, m)
		}
		for _, m := range slices.Backward(messages) {
			if m.Deleted {
				continue
			}
			if good(m) {
				return m
			}
			break
		}
	}
}

// loginAs logs in with the account that the demo prints.
func (d *demoProcess) loginAs(person int64) {
	d.t.Helper()
	word := func(w string) string { return words[w][person] }
	d.say(person, "/login")
	d.tap(person, word("login and password"))
	d.say(person, d.login)
	d.say(person, d.password)
	d.await(person, word("logged in"))
}

// TestDemo starts the demo, logs in with what it prints, orders, and stops it.
func TestDemo(t *testing.T) {
	t.Parallel()
	buildBinary(t)
	began := time.Now()
	d := startDemo(t)
	if page := d.get("/"); !strings.Contains(page, "main.js") {
		t.Fatalf("the page is not the chat's:\n%s", page)
	}
	t.Logf("the page was there after %v", time.Since(began))
	d.loginAs(boris)
	d.say(boris, shortOrder)
	d.tap(boris, "✅ Заказать за 5,76\u00a0€")
	d.await(boris, words["item"][boris])
	d.stop()
	left, err := os.ReadDir(d.folder)
	if err != nil || len(left) > 0 {
		t.Errorf("the demo left %v behind, %v", left, err)
	}
}

// panelOf reads the stream of the panel until it shows what is wanted.
func (d *demoProcess) panelOf(want string, good func(panelView) bool) panelView {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url+"/panel/events", http.NoBody)
	if err != nil {
		d.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var whole panelView
	for lines := bufio.NewReader(response.Body); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			d.t.Fatalf("wait for %s: %v\n%+v", want, err, whole)
		}
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			continue
		}
		var news panelView
		if err := json.Unmarshal([]byte(data), &news); err != nil {
			d.t.Fatal(err)
		}
		for _, call := range news.Calls {
			whole.Calls = append(slices.DeleteFunc(whole.Calls, func(c sandbox.Call) bool { return c.Number == call.Number }), call)
		}
		whole.panelState = news.panelState
		if good(whole) {
			return whole
		}
	}
}

// TestDemoKill kills the bot while the vendor takes its time with a payment, as
// the panel's button does. The bot is there again at once, and finds out that it
// was paid.
func TestDemoKill(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.loginAs(anna)
	d.post("/panel/sandbox/fault", map[string]any{"kind": "hold", "func": confirmCall, "effect": true})
	d.say(anna, shortOrder)
	d.tap(anna, "✅ Order for €5.76")
	before := d.panelOf("the payment under way", func(v panelView) bool {
		return slices.ContainsFunc(v.Calls, func(c sandbox.Call) bool { return c.Func == confirmCall && !c.Finished })
	})
	d.post("/panel/kill", nil)
	after := d.panelOf("the bot again", func(v panelView) bool { return v.Bot.Up && v.Bot.Starts == 2 })
	if before.Bot.PID == after.Bot.PID || before.Bot.Starts != 1 || after.Bot.BackMS <= 0 {
		t.Errorf("the bot was %+v and is %+v", before.Bot, after.Bot)
	}
	d.await(anna, words["charged"][anna])
	paid := d.panelOf("the payment", func(v panelView) bool { return len(v.Accounts[0].Services) == 1 })
	if left := paid.Accounts[0].Balance.Amount.String(); left != "94.24" || len(paid.Accounts[0].Cart) != 0 {
		t.Errorf("%s is left, and %v in the cart", left, paid.Accounts[0].Cart)
	}
	confirms := 0
	for _, call := range paid.Calls {
		if call.Func == confirmCall {
			confirms++
		}
		if call.Func == "auth" && (strings.Contains(call.Response, "$id") || call.Field("authinfo") == demoLogin+":"+demoPassword) {
			t.Errorf("the panel shows a secret: %+v", call)
		}
	}
	if confirms != 1 {
		t.Errorf("the payment was asked for %d times", confirms)
	}
	d.stop()
}

const confirmCall = "cartorder.create.confirm"

// TestDemoAnew: whoever asks for a new world gets one in which nobody is logged in, also
// when several ask at once or the bot is killed meanwhile.
func TestDemoAnew(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	d.loginAs(boris)
	var asking sync.WaitGroup
	for range 3 {
		asking.Go(func() { d.post("/panel/anew?lang=ru", nil) })
	}
	asking.Wait()
	d.post("/panel/kill", nil)
	d.panelOf("the fourth world", func(v panelView) bool { return v.World == 4 && v.Bot.Up && v.Bot.Starts == 2 })
	d.say(boris, "/servers")
	d.await(boris, "/login")
	if left, err := filepath.Glob(filepath.Join(d.folder, "*", "*")); err != nil || len(left) != 1 {
		t.Errorf("the demo keeps %q, %v", left, err)
	}
	d.stop()
}

// TestPageLang: the groups are greeted in the language that the page will be in.
func TestPageLang(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ asked, chosen, browser, want string }{
		{"ru", "en", "en-US,en", "ru"},
		{"", "ru", "en-US,en", "ru"},
		{"", "", "ru-RU,ru;q=0.9,en;q=0.8", "ru"},
		{"de", "", "de-DE", "en"},
		{"", "", "", "en"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?lang="+c.asked, http.NoBody)
		r.AddCookie(&http.Cookie{Name: "lang", Value: c.chosen})
		r.Header.Set("Accept-Language", c.browser)
		if got := pageLang(r); got != c.want {
			t.Errorf("%+v is %s", c, got)
		}
	}
}

// TestDemoEndsItsBot: when the demo itself is killed, its bot ends, too.
func TestDemoEndsItsBot(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("whether a process of somebody else has ended is looked up in /proc")
	}
	d := startDemo(t)
	pid := d.panelOf("the bot", func(v panelView) bool { return v.Bot.Up }).Bot.PID
	if err := d.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := <-d.done; err == nil {
		t.Error("the demo was killed and ended well")
	}
	d.command = nil
	for {
		state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if _, rest, found := strings.Cut(string(state), ") "); err != nil || found && strings.HasPrefix(rest, "Z") {
			return
		}
		if t.Context().Err() != nil {
			t.Fatal("the bot lives on")
		}
		runtime.Gosched()
	}
}

// TestAttached: a bot that is run by another program stops, in order, when that
// closes its standard input or ends.
func TestAttached(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	bot := exec.CommandContext(t.Context(), buildBinary(t), "run", "-attached")
	bot.Env, bot.Stderr = p.env, &p.logs
	leash, err := bot.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := bot.Start(); err != nil {
		t.Fatal(err)
	}
	p.polled()
	if err := errors.Join(leash.Close(), bot.Wait()); err != nil {
		t.Errorf("the bot ended with %v", err)
	}
}
