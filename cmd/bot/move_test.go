package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zomrobot/storage"
	"zomrobot/storage/etcd/etcdtest"
)

// TestMove: a bot goes on on a cluster as it was, and on a file again.
func TestMove(t *testing.T) {
	t.Parallel()
	p, cluster := newProcess(t), etcdtest.Shared(t)
	p.start()
	p.connect(anna)
	if out, code := run(t, p.env, "move", "bolt:"+p.store, "bolt:"+p.store+".other"); code != exitFailed || !strings.Contains(out, ": stop it (") {
		t.Errorf("a move beside a running bot ended with %d\n%s", code, out)
	}
	p.stop()
	url := fmt.Sprintf("etcd://%s/test/%d?lease=%s&mark=%s", cluster.Addresses(), prefixes.Add(1), leaseOfOthers, filepath.Join(t.TempDir(), "mark"))
	if err := os.WriteFile(p.store+".mark", []byte("3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	move := func(from, to string, code int, says ...string) {
		t.Helper()
		out, ended := run(t, p.env, "move", from, to)
		for _, want := range says {
			if ended != code || !strings.Contains(out, want) {
				t.Errorf("bot move ended with %d, want %d and %q\n%s", ended, code, want, out)
			}
		}
	}
	move("bolt:"+p.store, url, exitDone, "ok: ", "books are in etcd://")
	move("bolt:"+p.store, url, exitFailed, "not empty")
	move("bolt:"+p.store, "bolt:"+p.store, exitUsage, "two stores")
	move("bolt:"+p.store+".typo", url, exitUsage, "there is no store")
	if n, found, err := markBeside(url).Load(); err != nil || !found || n != 3 {
		t.Errorf("the mark is %d, %v, %v", n, found, err)
	}
	wantNoBotOnAPart(t, p)
	env := append(slices.Clone(p.env), "STORAGE_URL="+url)
	for _, verb := range []string{"check", "audit"} {
		if out, code := run(t, env, verb); code != exitDone || strings.Contains(out, "FAIL") {
			t.Errorf("bot %s of the cluster ended with %d\n%s", verb, code, out)
		}
	}
	back := p.store + ".back"
	move(url, "bolt:"+back, exitDone, "ok: ")
	p.env = append(p.env, "STORAGE_URL=bolt:"+back)
	p.start()
	before := len(p.chats.Messages(anna))
	p.say(anna, "/accounts")
	if err := p.chats.Until(t.Context(), func() bool { return len(p.chats.Messages(anna)) > before+1 }); err != nil {
		t.Fatal(err)
	}
	p.await(anna, vendorLogin)
	p.stop()
}

// wantNoBotOnAPart: what a move has left that was cut is no store for a bot, nor for another move.
func wantNoBotOnAPart(t *testing.T, p *process) {
	t.Helper()
	keys, err := storage.ParseKeys(strings.TrimPrefix(p.env[slices.IndexFunc(p.env, func(v string) bool { return strings.HasPrefix(v, "STORAGE_KEYS=") })], "STORAGE_KEYS="))
	if err != nil {
		t.Fatal(err)
	}
	part := "bolt:" + p.store + ".part"
	from, err := storage.Open(t.Context(), "bolt:"+p.store, keys)
	if err != nil {
		t.Fatal(err)
	}
	to, err := storage.Open(t.Context(), part, keys)
	if err != nil {
		t.Fatal(err)
	}
	_, err = storage.CopyRecords(t.Context(), from, to)
	if err := errors.Join(err, from.Close(), to.Close()); err != nil {
		t.Fatal(err)
	}
	env := append(slices.Clone(p.env), "STORAGE_URL="+part)
	for _, args := range [][]string{{"run"}, {"audit"}, {"adopt"}, {"check", "-account", "x"}, {"move", "bolt:" + p.store, part}} {
		if out, code := run(t, env, args...); code != exitUsage || !strings.Contains(out, "only a part of another store") {
			t.Errorf("bot %q on a part ended with %d, want %d\n%s", args, code, exitUsage, out)
		}
	}
}
