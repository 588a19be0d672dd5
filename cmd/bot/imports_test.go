package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rooms says which rooms of the house each room may know. What is not named
// here may know none; cmd/bot may know all, and nothing may know it.
var rooms = map[string][]string{
	"chat":                {"zomro"},
	"conversation":        {"chat", "job", "zomro", "purchase", "team", "audit"},
	"purchase":            {"zomro"},
	"team":                {"zomro"},
	"audit":               {"zomro"},
	"zomro":               {},
	"zomro/sandbox":       {"zomro"},
	"telegram":            {"chat", "locales"},
	"telegram/emulator":   {},
	"storage":             {},
	"storage/storagetest": {"storage"},
	"locales":             {},
	"account":             {"storage", "zomro"},
	"job":                 {"chat", "zomro"},
	"book":                {"audit", "team", "storage"},
	"engine":              {"account", "job", "book", "chat", "conversation", "purchase", "audit", "team", "zomro", "telegram", "storage", "locales"},
}

// keepers says which room alone may know an outside library.
var keepers = map[string]string{
	"github.com/go-telegram/bot": "telegram",
	"go.etcd.io/bbolt":           "storage",
	"go.etcd.io/etcd":            "storage/etcd",
}

// pure are the rooms without a clock, a network, a database or randomness.
var pure = map[string][]string{
	"chat":         {"net", "net/http", "os", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "context", "sync"},
	"conversation": {"net", "net/http", "os", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "context", "sync"},
	"team":         {"net", "net/http", "os", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "context", "sync"},
	"job":          {"net", "net/http", "os", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "context", "sync"},
	"purchase":     {"net", "net/http", "os", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "context", "sync"},
	"audit":        {"net", "net/http", "os", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "context", "sync"},
}

func TestRoomsKnowOnlyWhomTheyMay(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "zomrobot/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := 0
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		room := strings.TrimPrefix(p.ImportPath, "zomrobot/")
		allowed, known := rooms[room]
		program := strings.HasPrefix(room, "cmd/")
		if !known && !program {
			t.Errorf("%s is no room of the house: name it in the table, or move it", room)
			continue
		}
		seen++
		for _, path := range p.Imports {
			if other, ours := strings.CutPrefix(path, "zomrobot/"); ours && !program && !slices.Contains(allowed, other) {
				t.Errorf("%s imports %s, which it may not know", room, other)
			}
			for library, keeper := range keepers {
				if (path == library || strings.HasPrefix(path, library+"/")) && room != keeper {
					t.Errorf("%s imports %s, which only %s may know", room, path, keeper)
				}
			}
			if slices.Contains(pure[room], path) {
				t.Errorf("%s is pure and imports %s", room, path)
			}
		}
	}
	if seen < len(rooms) {
		t.Errorf("go list showed %d of %d rooms", seen, len(rooms)+1)
	}
}
