package main

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"zomrobot/storage"
)

// TestExitCodes: each verb that opens a store ends with the exit code that the reason has, which is
// the same for all of them, and says the reason; none makes a store, or changes one.
func TestExitCodes(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start()
	p.polled()
	p.stop()
	store := read(t, p.store)
	another, err := storage.GenerateKey("another")
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) string { return p.store + "." + name }
	write(t, at("broken"), bytes.Repeat([]byte("damaged "), len(store)/8))
	write(t, at("mark"), []byte("seven\n"))
	write(t, at("copy"), store)
	verbs := map[string][]string{
		"run": {"run"}, "audit": {"audit"}, "verify": {"audit", "verify"}, "adopt": {"adopt", "-yes"}, "compact": {"compact"},
		"check": {"check", "-account", "x"}, "backup": {"backup", at("new")}, "restore": {"restore", "-yes", at("copy")},
	}
	for name, c := range map[string]struct {
		verbs string
		env   []string
		says  string
		code  int
	}{
		"no store":         {"audit verify adopt compact check backup", []string{"STORAGE_URL=bolt:" + at("none")}, "there is no store", exitUsage},
		"a path of a file": {"run audit adopt compact check restore", []string{"STORAGE_URL=bolt:" + p.store + "/bot.db"}, "not a directory", exitUsage},
		"another key":      {"run audit verify adopt check backup restore", []string{"STORAGE_KEYS=" + another}, `needs key "process"`, exitUsage},
		"damaged":          {"run audit verify adopt compact check backup", []string{"STORAGE_URL=bolt:" + at("broken")}, "storage: damaged", exitFailed},
		"no mark":          {"run", nil, "the mark is not a number: " + at("mark") + "; delete that file", exitUsage},
	} {
		for verb := range strings.FieldsSeq(c.verbs) {
			out, code := run(t, append(slices.Clone(p.env), c.env...), verbs[verb]...)
			if code != c.code || !strings.Contains(out, c.says) {
				t.Errorf("%s: bot %s ended with %d, want %d and %q:\n%s", name, verb, code, c.code, c.says, out)
			}
		}
	}
	if is := read(t, p.store); !bytes.Equal(is, store) {
		t.Error("the store was changed")
	}
	for _, none := range []string{"none", "new"} {
		if _, err := os.Stat(at(none)); err == nil {
			t.Errorf("%s was made", at(none))
		}
	}
}
