package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// flows are the parts of the dialogue. None may know another.
var flows = []string{
	"conversation/account", "conversation/bill", "conversation/expense", "conversation/home", "conversation/image", "conversation/load", "conversation/order", "conversation/prolong", "conversation/server", "conversation/team", "conversation/trial",
}

// rooms says which rooms of the house each room may know. What is not named
// here may know none; cmd/bot may know all, and nothing may know it.
var rooms = map[string][]string{
	"zomro":               {"zomro/profile"},
	"zomro/profile":       {},
	"zomro/sandbox":       {"zomro", "zomro/profile"},
	"locales":             {},
	"storage":             {},
	"storage/storagetest": {"storage"},
	"storage/etcd":        {"storage"},

	"storage/etcd/etcdtest": {},
	"chart":                 {},
	"logs":                  {},
	"chat":                  {"locales", "zomro"},
	"telegram":              {"chart", "chat", "locales", "logs"},
	"telegram/emulator":     {},

	"telegram/emulator/crowd": {},

	"purchase": {"zomro", "zomro/profile"},
	"team":     {"zomro"},
	"audit":    {"zomro"},
	"watch":    {"zomro"},
	"job":      {"chat", "zomro"},
	"trial":    {"chat", "zomro", "zomro/profile"},
	"account":  {"storage", "zomro"},
	"book":     {"audit", "team", "storage"},

	"conversation":         {"chat", "job", "locales", "purchase", "team", "zomro"},
	"conversation/account": {"chat", "conversation", "watch", "zomro"},
	"conversation/bill":    {"audit", "chat", "conversation", "job", "purchase", "team", "zomro", "zomro/profile"},
	"conversation/expense": {"chat", "conversation", "zomro"},
	"conversation/home":    {"chat", "conversation", "zomro"},
	"conversation/image":   {"chat", "conversation", "job", "zomro"},
	"conversation/load":    {"chat", "conversation", "zomro"},
	"conversation/order":   {"chat", "conversation", "conversation/order/wording", "team", "zomro"},
	"conversation/prolong": {"chat", "conversation", "job", "purchase", "zomro"},
	"conversation/server":  {"chat", "conversation", "job", "team", "zomro"},
	"conversation/team":    {"chat", "conversation", "team", "zomro"},
	"conversation/trial":   {"chat", "conversation", "trial", "zomro", "zomro/profile"},

	"conversation/order/wording": {"chat", "zomro"},

	"engine/journal":  {"chat", "conversation", "conversation/bill", "purchase", "storage", "team", "zomro", "zomro/profile"},
	"engine/handlers": append([]string{"account", "book", "chat", "conversation", "engine/journal", "purchase", "storage", "team", "trial", "watch", "zomro"}, flows...),
	"metrics":         {"engine", "purchase", "storage", "telegram", "zomro"},
	"engine": append([]string{
		"engine/handlers", "engine/journal",
		"account", "audit", "book", "chat", "conversation", "job", "locales", "logs", "purchase", "storage", "team", "telegram", "trial", "watch", "zomro", "zomro/profile",
	}, flows...),
}

// keepers says which room alone may know an outside library.
var keepers = map[string]string{
	"github.com/go-telegram/bot": "telegram",

	"github.com/go-analyze/charts": "chart",
	"github.com/prometheus":        "metrics",
	"github.com/rivo/uniseg":       "chat",
	"go.etcd.io/bbolt":             "storage",
	"go.etcd.io/etcd":              "storage/etcd",
}

// pure are the rooms without a clock, a network, a database or randomness.
var pure = append([]string{"chat", "conversation", "conversation/order/wording", "purchase", "team", "audit", "job", "trial", "watch", "zomro/profile"}, flows...)

// impure are what they may not know.
var impure = []string{"net", "net/http", "os", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "context", "sync"}

// breaches says which rules the imports of a room break.
func breaches(room string, imports []string) []string {
	allowed, known := rooms[room]
	program := strings.HasPrefix(room, "cmd/")
	if !known && !program {
		return []string{room + " is no room of the house: name it in the table, or move it"}
	}
	var faults []string
	for _, path := range imports {
		if other, ours := strings.CutPrefix(path, "zomrobot/"); ours && !program && !slices.Contains(allowed, other) {
			faults = append(faults, fmt.Sprintf("%s imports %s, which it may not know", room, other))
		}
		for library, keeper := range keepers {
			if (path == library || strings.HasPrefix(path, library+"/")) && room != keeper {
				faults = append(faults, fmt.Sprintf("%s imports %s, which only %s may know", room, path, keeper))
			}
		}
		if slices.Contains(pure, room) && slices.Contains(impure, path) {
			faults = append(faults, fmt.Sprintf("%s is pure and imports %s", room, path))
		}
	}
	return faults
}

func TestRoomsKnowOnlyWhomTheyMay(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "zomrobot/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := 0
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; seen++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if p.ImportPath == "zomrobot/cmd/bot" && !slices.Contains(p.Imports, "time/tzdata") {
			t.Error("on a machine without the rules of time zones the program has none")
		}
		for _, fault := range breaches(strings.TrimPrefix(p.ImportPath, "zomrobot/"), p.Imports) {
			t.Error(fault)
		}
	}
	if seen < len(rooms) {
		t.Errorf("go list showed %d of %d rooms", seen, len(rooms)+1)
	}
}

// clocks are the calls that read a clock or wait for one, in code and not in a comment.
var clocks = regexp.MustCompile(`(?m)^([^/\n]|/[^/])*\btime\.(Now|Since|Until|After|AfterFunc|Sleep|Tick|NewTimer|NewTicker)\b`)

// beside is a statement that has something run at the same time.
var beside = regexp.MustCompile(`(?m)^\s*go (func\b|[\w.]+\()`)

// TestPureRoomsAreTestedWithoutTheDetector: make test looks for races in all rooms but the
// pure ones, which start nothing that runs beside them.
func TestPureRoomsAreTestedWithoutTheDetector(t *testing.T) {
	t.Parallel()
	var spared []string
	for _, room := range regexp.MustCompile(`\./[a-z/.]+`).FindAllString(regexp.MustCompile(`(?m)^PURE := (.+)$`).FindString(readRoot(t, "Makefile")), -1) {
		room = strings.TrimPrefix(room, "./")
		if above, all := strings.CutSuffix(room, "/..."); all {
			spared = append(spared, slices.DeleteFunc(slices.Clone(pure), func(p string) bool { return p != above && !strings.HasPrefix(p, above+"/") })...)
			continue
		}
		spared = append(spared, room)
	}
	slices.Sort(spared)
	if want := slices.Sorted(slices.Values(pure)); !slices.Equal(spared, want) {
		t.Errorf("make test spares %q, the pure rooms are %q", spared, want)
	}
	for path, text := range program(t) {
		if slices.Contains(pure, filepath.ToSlash(filepath.Dir(path))) && beside.MatchString(text) {
			t.Errorf("%s has something run beside it: %s", path, beside.FindString(text))
		}
	}
	if !beside.MatchString("\tgo func() {") || !beside.MatchString("\tgo e.run(x)") {
		t.Error("what runs beside is not seen")
	}
}

// TestPureRoomsHaveNoClock: they are told the time.
func TestPureRoomsHaveNoClock(t *testing.T) {
	t.Parallel()
	seen := 0
	for path, text := range program(t) {
		if filepath.Ext(path) == ".go" && slices.Contains(pure, filepath.ToSlash(filepath.Dir(path))) {
			seen++
			if found := clocks.FindString(text); found != "" {
				t.Errorf("%s reads a clock: %s", path, found)
			}
		}
	}
	if seen < len(pure) {
		t.Errorf("only %d files of pure rooms were read", seen)
	}
	for text, want := range map[string]bool{"x\n\tnow := time.Now()\n": true, "// now := time.Now()": false, "at.After(time.Time{})": false, "time.AfterFunc(d, f)": true} {
		if clocks.MatchString(text) != want {
			t.Errorf("whether %q reads a clock is seen as %v", text, !want)
		}
	}
}

// TestRulesOfTheRoomsHold: what they forbid is seen.
func TestRulesOfTheRoomsHold(t *testing.T) {
	for room, imports := range map[string]string{
		"conversation/order": "zomrobot/conversation/account", // a flow knows another
		"conversation":       "zomrobot/conversation/order",   // the kernel knows a flow
		"telegram":           "zomrobot/conversation",
		"job":                "zomrobot/storage",
		"purchase":           "context",
		"engine":             "go.etcd.io/bbolt",
		"utils":              "fmt",
	} {
		if len(breaches(room, []string{imports})) == 0 {
			t.Errorf("%s may import %s", room, imports)
		}
	}
	if faults := breaches("conversation/order", []string{"zomrobot/conversation", "zomrobot/team", "slices"}); len(faults) > 0 {
		t.Error(faults)
	}
	for _, flow := range flows {
		if slices.ContainsFunc(rooms[flow], func(other string) bool { return slices.Contains(flows, other) }) {
			t.Errorf("the table lets %s know another flow", flow)
		}
	}
}
