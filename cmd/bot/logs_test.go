package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/zomro/sandbox"
)

// logLine is a line of the log by its members.
type logLine map[string]string

var logMember = regexp.MustCompile(`([A-Za-z.]+(?: [a-z]+)?)=("(?:[^"\\]|\\.)*"|\S*)`)

// logLines reads what a world's bot has logged. It fails where a line says something twice.
func (w *world) logLines() (lines []logLine) {
	w.t.Helper()
	for text := range strings.Lines(w.logs.String()) {
		line := logLine{}
		for _, m := range logMember.FindAllStringSubmatch(text, -1) {
			name := strings.TrimSpace(m[1])
			if _, twice := line[name]; twice {
				w.t.Errorf("%s is there twice: %s", name, text)
			}
			line[name] = strings.Trim(m[2], `"`)
		}
		lines = append(lines, line)
	}
	return lines
}

// aboutNobody are the calls to Telegram that are about no dialogue.
var aboutNobody = regexp.MustCompile(`^(getUpdates|getMe|getWebhookInfo|deleteWebhook|setMy[A-Za-z]+)$`)

// TestLogFollowsAPerson: one search finds what was done for a person, from their update to
// the calls to Zomro and to Telegram; and those of a purchase and of a job by its id.
func TestLogFollowsAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.say(boris, "/start")
	w.buy(anna, "")
	w.pass(2 * time.Minute)
	w.wantSaid(anna, "The server is active")
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "⏹ Stop")
	w.tap(anna, "⏹ Stop")
	w.pass(time.Minute)

	const annas, boriss = "1001/0/1001", "1002/0/1002" // chat, topic, person
	seen := map[string]int{}
	for _, line := range w.logLines() {
		switch line["msg"] {
		case "zomro call":
			seen["zomro"]++
			if line["dialogue"] != annas {
				t.Errorf("a call to Zomro is not Anna's: %v", line)
			}
			if line["func"] == "cartorder.create.confirm" && line["purchase"] == "" || line["func"] == "service.stop" && line["job"] == "" {
				t.Errorf("nobody knows what a call is about: %v", line)
			}
			if line["job"] != "" {
				seen["job"]++
			}
		case "telegram call":
			if aboutNobody.MatchString(line["method"]) {
				continue
			}
			seen["telegram"]++
			if !slices.Contains([]string{annas, boriss}, line["dialogue"]) {
				t.Errorf("a call to Telegram is nobody's: %v", line)
			}
			if line["dialogue"] == boriss {
				seen["Boris"]++
				if line["update"] == "" {
					t.Errorf("what was said to Boris is no answer to him: %v", line)
				}
			}
			if line["purchase"] != "" {
				seen["purchase"]++
			}
		case "a purchase made a call", "something was done with a server":
			seen["own"]++
			if line["dialogue"] != annas || line["purchase"] == "" && line["job"] == "" {
				t.Errorf("nobody knows whose it is: %v", line)
			}
		}
	}
	for _, what := range []string{"zomro", "telegram", "job", "Boris", "purchase", "own"} {
		if seen[what] == 0 {
			t.Errorf("there is no line of %s: nothing was looked at", what)
		}
	}
	w.stopBot()
	lookForSecrets(t, w.chats, w.sealed(), w.logs.String(), tokens(w.vendor)...)
}

// TestLogTellsOfUnknownOutcomes: what the vendor answered, without its words, that the outcome
// of a purchase is not known, and when it is.
func TestLogTellsOfUnknownOutcomes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.Status, Func: "cartorder.create.confirm", Status: 502, Effect: true})
	w.buy(anna, "")
	for range 5 {
		w.pass(time.Minute)
	}
	w.wantSaid(anna, "The server is active")
	var told []string
	for _, line := range w.logLines() {
		switch line["msg"] {
		case "a call of a purchase failed", "the outcome of a purchase is not known", "the outcome of a purchase is known":
			told = append(told, line["msg"]+" "+line["call"])
			if line["purchase"] == "" || line["dialogue"] == "" {
				t.Errorf("nobody knows whose it is: %v", line)
			}
		}
		if line["msg"] == "a call of a purchase failed" && !strings.Contains(line["error"], "HTTP status 502") {
			t.Errorf("what was answered is not told: %v", line)
		}
	}
	if want := []string{
		"a call of a purchase failed confirm", "the outcome of a purchase is not known confirm", "the outcome of a purchase is known confirm",
	}; !slices.Equal(told, want) {
		t.Errorf("the log tells %q, want %q", told, want)
	}
}
