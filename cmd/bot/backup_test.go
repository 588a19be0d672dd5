package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/engine"
	"zomrobot/storage"
	"zomrobot/storage/storagetest"
	"zomrobot/zomro/sandbox"
)

// TestRestoreDrill copies the store of a bot that is killed later, while purchases are
// under way: one whose payment is being sent, one that asks something, and an unfinished
// order. All three are bought after the copy. The bot that is started on the copy, with the
// copy's own number in the mark, which knows of nothing that came after it, finds out
// what was paid, and buys nothing twice.
func TestRestoreDrill(t *testing.T) {
	t.Parallel()
	const pay = "cartorder.create.confirm"
	p := newProcess(t)
	p.chats.AddUser(carol, "Carol", "en")
	logins := map[int64]string{anna: vendorLogin, boris: "boris@example.com", carol: "carol@example.com"}
	p.start()
	for person, login := range logins {
		if login != vendorLogin {
			p.vendor.AddAccount(login, vendorPassword, eur(100))
		}
		p.vendor.AddKey(login, "laptop", demoKey)
		p.connectTo(person, login)
	}
	sold := func() (n int) {
		for _, login := range logins {
			n += len(p.vendor.Orders(login))
		}
		return n
	}
	paying := p.vendor.Inject(sandbox.Fault{Kind: sandbox.Hold, Func: pay})
	p.say(anna, shortOrder)
	p.tap(anna, "✅ Order for €5.76")
	<-paying.Hit()
	p.say(carol, shortOrder+" promocode=NOSUCH")
	p.tap(carol, "✅ Order for €5.76")
	p.await(carol, "Without a code")
	p.say(boris, shortOrder)
	p.await(boris, "✅ Заказать за 5,76\u00a0€")

	copied := filepath.Join(t.TempDir(), "copy.db")
	out, code := run(t, p.env, "backup", copied)
	mark := regexp.MustCompile(`mark (\d+), under way: 2`).FindStringSubmatch(out)
	if code != exitDone || mark == nil {
		t.Fatalf("bot backup ended with %d:\n%s", code, out)
	}

	paying.Release()
	p.tap(carol, "Without a code")
	p.tap(boris, "✅ Заказать за 5,76\u00a0€")
	p.await(anna, "The server is active")
	p.await(carol, "The server is active")
	p.await(boris, "Сервер активен")
	p.kill()
	if n := sold(); n != len(logins) {
		t.Fatalf("%d orders were paid, want one each", n)
	}

	out, code = run(t, p.env, "restore", "-yes", copied)
	if code != exitDone || !strings.Contains(out, "moves of purchases and things done with servers came after it") {
		t.Fatalf("bot restore ended with %d:\n%s", code, out)
	}
	if err := os.WriteFile(p.store+".mark", []byte(mark[1]), 0o600); err != nil {
		t.Fatal(err)
	}

	before := map[int64]int{}
	for person := range logins {
		before[person] = len(p.chats.Transcript(person))
	}
	told := func(person int64, want string) {
		t.Helper()
		if news := p.chats.Transcript(person)[before[person]:]; !strings.Contains(news, want) {
			t.Errorf("nobody told %d %q, but\n%s", person, want, news)
		}
	}
	w := p.inProcess()
	w.start()
	w.settle()
	for range 20 {
		w.pass(time.Minute)
	}
	told(anna, "The server is active")
	told(boris, "Мои данные восстановлены из старой копии")
	told(carol, "It's unclear whether the last request was carried out")
	told(carol, "Yes, it was bought")
	if n := sold(); n != len(logins) {
		t.Errorf("%d orders were paid, want one each", n)
	}
	if n := w.called(pay); n != len(logins) {
		t.Errorf("%d payments were sent, want one each", n)
	}
}

// inProcess is the world of a process whose bot has ended: a bot in this process can go
// on there, with a clock that a test moves.
func (p *process) inProcess() *world {
	p.t.Helper()
	w := &world{t: p.t, clock: &clock{now: time.Now()}, vendor: p.vendor, chats: p.chats, store: p.store, url: "bolt:" + p.store, logs: &safeBuffer{}, configure: asItIs}
	for _, variable := range p.env {
		name, value, _ := strings.Cut(variable, "=")
		var err error
		switch name {
		case "TELEGRAM_API_URL":
			w.chatsURL = value
		case "ZOMRO_API_URL":
			w.vendorURL = value
		case "STORAGE_KEYS":
			w.keys, err = storage.ParseKeys(value)
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	p.t.Cleanup(func() {
		if w.stop != nil {
			w.stopBot()
		}
	})
	return w
}

// verb runs a verb of the built binary that reads what is typed, and returns what it
// printed and its exit code.
func verb(t *testing.T, env []string, typed io.Reader, args ...string) (out string, code int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), buildBinary(t), args...)
	command.Env, command.Stdin = env, typed
	text, err := command.CombinedOutput()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return string(text), exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text), exitDone
}

// TestBackupVerbs: what backup, restore and compact do beside a running bot and a stopped
// one, and what they refuse.
func TestBackupVerbs(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	folder := filepath.Dir(p.store)
	file := func(name string) string { return filepath.Join(folder, name) }
	want := func(code int, part string, typed string, args ...string) {
		t.Helper()
		before := names(t, folder)
		out, got := verb(t, p.env, strings.NewReader(typed), args...)
		if got != code || !strings.Contains(out, part) {
			t.Errorf("bot %q ended with %d, want %d and %q:\n%s", args, got, code, part, out)
		}
		if after := names(t, folder); code != exitDone && !slices.Equal(before, after) {
			t.Errorf("bot %q failed and left %q, before there was %q", args, after, before)
		}
	}
	want(exitUsage, "there is no store", "", "backup", file("none.db"))
	want(exitUsage, "there is no store", "", "compact")
	want(exitUsage, "name a file", "", "backup")

	p.start()
	p.polled()
	if info, err := os.Stat(p.store + ".sock"); err != nil || info.Mode() != fs.ModeSocket|0o600 {
		t.Errorf("the socket is %v, %v", info.Mode(), err)
	}
	want(exitDone, "ok: a whole copy", "", "backup", file("copy.db"))
	if info, err := os.Stat(file("copy.db")); err != nil || info.Mode() != 0o600 {
		t.Errorf("the copy is %v, %v", info.Mode(), err)
	}
	want(exitFailed, "is there already", "", "backup", file("copy.db"))
	want(exitFailed, "stop the bot first", "", "restore", "-yes", file("copy.db"))
	want(exitFailed, "stop the bot first", "", "compact")
	p.kill() // and leaves its socket
	p.start()
	p.polled()
	want(exitDone, "ok: a whole copy", "", "backup", file("again.db"))
	p.stop()
	if _, err := os.Lstat(p.store + ".sock"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket is left: %v", err)
	}

	want(exitDone, "ok: a whole copy", "", "backup", file("stopped.db"))
	want(exitDone, "ok: ", "", "compact")
	piped := exec.CommandContext(t.Context(), buildBinary(t), "backup", "-")
	piped.Env = p.env
	content, err := piped.Output()
	if err != nil {
		t.Fatalf("bot backup - ended with %v", err)
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err == nil {
		piped = exec.CommandContext(t.Context(), buildBinary(t), "backup", "-")
		piped.Env, piped.Stdout = p.env, full
		if err := errors.Join(piped.Run(), full.Close()); err == nil {
			t.Error("nobody is told that the copy could not be written")
		}
	}

	was, err := os.ReadFile(p.store)
	if err != nil {
		t.Fatal(err)
	}
	want(exitFailed, "Type yes: bot restore: nothing was changed: there was no yes", "no\n", "restore", file("copy.db"))
	want(exitFailed, "nothing was changed", "", "restore", file("copy.db"))
	want(exitUsage, "-yes: needed", string(content), "restore", "-")
	want(exitFailed, "is the store itself", "", "restore", "-yes", p.store)
	want(exitFailed, "nothing was changed: what came from standard input is no store", string(content[:len(content)/2]), "restore", "-yes", "-")
	for name, text := range map[string]string{"cut.db": string(content[:len(content)/2]), "garbage.db": "garbage", "empty.db": ""} {
		if err := os.WriteFile(file(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		want(exitFailed, "nothing was changed: "+file(name), "", "restore", "-yes", file(name))
	}
	want(exitFailed, "is no file", "", "restore", "-yes", t.TempDir())
	want(exitUsage, "make the folder first", "", "backup", file("none/copy.db"))
	nowhere := append(slices.Clone(p.env), "STORAGE_URL=bolt:"+file("none/bot.db"))
	for _, args := range [][]string{{"restore", "-yes", file("copy.db")}, {"check"}} {
		_, code := run(t, nowhere, args...)
		if fine := args[0] == "check"; fine != (code == exitDone) || exists(file("none")) {
			t.Errorf("bot %q where there is no store ended with %d, or made something", args, code)
		}
	}
	key, err := storage.GenerateKey("another")
	if err != nil {
		t.Fatal(err)
	}
	out, code := run(t, append(slices.Clone(p.env), "STORAGE_KEYS="+key), "restore", "-yes", file("copy.db"))
	if code != exitUsage || !strings.Contains(out, `needs key "process"`) {
		t.Errorf("a key that does not fit: %d\n%s", code, out)
	}
	if now, err := os.ReadFile(p.store); err != nil || !bytes.Equal(now, was) {
		t.Errorf("the store was changed, %v", err)
	}

	if err := os.WriteFile(p.store+".mark", []byte("not a number"), 0o600); err != nil {
		t.Fatal(err)
	}
	want(exitDone, "The store as it was is kept as", "yes\n", "restore", file("copy.db"))
	kept := slices.DeleteFunc(names(t, folder), func(name string) bool { return !strings.HasPrefix(name, "bot.db.before-") })
	if len(kept) != 1 {
		t.Fatalf("kept are %q", kept)
	}
	if now, err := os.ReadFile(file(kept[0])); err != nil || !bytes.Equal(now, was) {
		t.Errorf("what is kept is not the store as it was, %v", err)
	}
	if err := os.Remove(p.store); err != nil { // a new machine
		t.Fatal(err)
	}
	want(exitDone, "ok: the copy is in place", string(content), "restore", "-", "-yes")
	logged := p.logs.Len()
	p.start()
	p.polled()
	p.stop()
	if !strings.Contains(p.logs.String()[logged:], "the store is an older copy") {
		t.Error("the bot does not take the copy for one")
	}
	for _, name := range names(t, folder) {
		if strings.HasSuffix(name, ".part") {
			t.Errorf("%s is left", name)
		}
	}
}

// writing is what becomes of what is written.
type writing func(text []byte)

func (w writing) Write(text []byte) (int, error) {
	w(text)
	return len(text), nil
}

// TestVerbsEndWhenStopped: who stops bot backup or bot restore does not wait for who reads the
// copy, sends it or has to answer; and nothing of it is left, however it ends while it is
// read.
func TestVerbsEndWhenStopped(t *testing.T) {
	folder := storeDir(t)
	path, key := filepath.Join(folder, "bot.db"), storagetest.Key(t, "test")
	store, err := storage.Open(t.Context(), "bolt:"+path, storagetest.Keys(t, key))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("STORAGE_URL", "bolt:"+path)
	t.Setenv("STORAGE_KEYS", key)
	copied := filepath.Join(t.TempDir(), "copy.db")
	if code := Main(t.Context(), []string{"backup", copied}, io.Discard, t.Output()); code != exitDone {
		t.Fatalf("bot backup ended with %d", code)
	}
	in, typed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	over, stdin := make(chan struct{}), os.Stdin
	os.Stdin = in
	t.Cleanup(func() {
		close(over)
		_ = typed.Close()
		os.Stdin = stdin
	})
	parts := func() int {
		return len(slices.DeleteFunc(names(t, folder), func(name string) bool { return !strings.HasSuffix(name, ".part") }))
	}
	for _, c := range []struct {
		args  []string
		waits func(written []byte) bool
		parts int // meanwhile
	}{
		{[]string{"backup", "-"}, func([]byte) bool { return true }, 0},
		{[]string{"restore", copied}, func(written []byte) bool { return bytes.Contains(written, []byte("Type yes")) }, 1},
	} {
		ctx, stop := context.WithCancel(t.Context())
		during := -1
		out := writing(func(text []byte) {
			if !c.waits(text) {
				return
			}
			if ctx.Err() == nil {
				during = parts()
				stop()
			}
			if c.args[0] == "backup" {
				<-over
			}
		})
		code := Main(ctx, c.args, out, io.Discard)
		stop()
		if after := parts(); code != exitFailed || during != c.parts || after != 0 {
			t.Errorf("bot %q ended with %d; it had %d files beside the store while it waited, want %d, and left %d", c.args, code, during, c.parts, after)
		}
	}
}

// names are those of the files in a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// slowReader takes what is written to it as a connection does whose other end reads as
// the test wants.
type slowReader struct {
	http.ResponseWriter
	deadline time.Time
	take     func() error
}

func (r *slowReader) SetWriteDeadline(t time.Time) error {
	r.deadline = t
	return nil
}

func (r *slowReader) Write(p []byte) (int, error) {
	if left := time.Until(r.deadline); left <= 0 || left > readWithin {
		return 0, fmt.Errorf("a piece may take %v", left)
	}
	r.deadline = time.Time{}
	if err := r.take(); err != nil {
		return 0, err
	}
	return r.ResponseWriter.Write(p)
}

// TestBackupLetsGoOfWhoDoesNotRead: each piece has to be taken soon, there is one copy at a
// time, and one that is not whole is not ended as one that is.
func TestBackupLetsGoOfWhoDoesNotRead(t *testing.T) {
	t.Parallel()
	store := storagetest.Open(t)
	handler := backupHandler(store, slog.New(slog.DiscardHandler))
	ask := func(take func() error) (code int, aborted any) {
		answer := httptest.NewRecorder()
		func() {
			defer func() { aborted = recover() }()
			handler.ServeHTTP(&slowReader{ResponseWriter: answer, take: take}, httptest.NewRequest(http.MethodGet, backupPath, http.NoBody))
		}()
		return answer.Code, aborted
	}
	takes := func() error { return nil }
	pieces, second := 0, 0
	code, aborted := ask(func() error {
		if pieces++; pieces == 1 {
			second, _ = ask(takes)
		}
		return nil
	})
	if code != http.StatusOK || aborted != nil || second != http.StatusConflict || pieces < 3 {
		t.Errorf("%d, aborted %v; beside it %d; %d pieces", code, aborted, second, pieces)
	}
	pieces = 0
	if _, aborted := ask(func() error {
		if pieces++; pieces == 2 {
			return os.ErrDeadlineExceeded
		}
		return nil
	}); aborted != http.ErrAbortHandler { //nolint:errorlint // the very value is what the server looks for
		t.Errorf("a copy that is cut ends with %v", aborted)
	}
	if code, aborted := ask(takes); code != http.StatusOK || aborted != nil {
		t.Errorf("afterwards: %d, %v", code, aborted)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if code, aborted := ask(takes); code != http.StatusServiceUnavailable || aborted != nil {
		t.Errorf("a closed store: %d, %v", code, aborted)
	}
}

// deadlines is a connection that notes until when it is read.
type deadlines struct {
	net.Conn
	until []time.Duration
}

func (d *deadlines) SetReadDeadline(t time.Time) error {
	d.until = append(d.until, time.Until(t))
	return nil
}

func (d *deadlines) Read([]byte) (int, error) { return 1, nil }

// TestBackupLeavesAFrozenBot: each piece of a copy has to come soon.
func TestBackupLeavesAFrozenBot(t *testing.T) {
	t.Parallel()
	d := &deadlines{}
	for range 3 {
		if _, err := (soonRead{d}).Read(nil); err != nil {
			t.Fatal(err)
		}
	}
	if len(d.until) != 3 || slices.ContainsFunc(d.until, func(u time.Duration) bool { return u <= 0 || u > sentWithin }) {
		t.Errorf("it is read within %v", d.until)
	}
}

// TestSocketBesideTheStore: whoever listened before is gone, a file of another kind is left
// alone, a path that is too long is told; and a copy that does not come to its end is an
// error.
func TestSocketBesideTheStore(t *testing.T) {
	t.Parallel()
	folder := storeDir(t)
	path := filepath.Join(folder, "bot.db.sock")
	gone, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	gone.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	if err := askBackup(t.Context(), path, io.Discard); !errors.Is(err, errNobody) {
		t.Errorf("a socket of a bot that was killed: %v", err)
	}
	listener, err := listenBeside(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(make([]byte, 1<<16))
		panic(http.ErrAbortHandler)
	})}
	done := make(chan error)
	go func() { done <- server.Serve(listener) }()
	defer func() {
		if err := errors.Join(server.Close(), <-done); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}()
	if err := askBackup(t.Context(), path, io.Discard); err == nil || errors.Is(err, errNobody) {
		t.Errorf("a copy that does not come to its end: %v", err)
	}
	file := filepath.Join(folder, "a file")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := listenBeside(t.Context(), file); err == nil {
		t.Error("a file was taken for a socket")
	}
	long := filepath.Join(folder, strings.Repeat("long", 30)+".sock")
	if _, err := listenBeside(t.Context(), long); err == nil || !strings.Contains(err.Error(), "shorter") {
		t.Errorf("a path that is too long: %v", err)
	}
	if err := askBackup(t.Context(), long, io.Discard); !errors.Is(err, errNobody) || !strings.Contains(err.Error(), "shorter") {
		t.Errorf("ask at a path that is too long: %v", err)
	}
}

// TestStopOutlivesACopy: purchases that an owner has stopped after a copy was made are
// stopped when the bot goes on from it. The owner is told of the copy in the language that
// they have chosen, and a card that has come to show what the copy does not know stays.
func TestStopOutlivesACopy(t *testing.T) {
	t.Parallel()
	fileOnly(t)
	w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = []int64{boris} })
	w.login(anna)
	w.say(boris, "/language")
	w.tap(boris, "English")
	w.say(anna, shortOrder)
	w.stopBot()
	older := w.store + ".copy"
	from, err := os.ReadFile(w.store)
	if err != nil {
		t.Fatal(err)
	}
	made := w.clock.Now()
	copied, err := storage.MakeCopy(t.Context(), older, w.keys, func(to io.Writer) error {
		_, err := to.Write(from)
		return err
	}, engine.Copied(made))
	if err != nil {
		t.Fatal(err)
	}
	if err := copied.Put(); err != nil {
		t.Fatal(err)
	}
	w.start()
	w.say(anna, "/confirm")
	w.pass(time.Minute)
	w.say(boris, "/stop_purchases")
	w.wantSaid(boris, "All purchases are paused")
	w.stopBot()

	s := storeFile{"bolt:" + w.store, w.store, w.keys}
	stop, err := s.toCarry(t.Context())
	if err != nil || !stop.Is() {
		t.Fatalf("the store says that purchases are stopped: %v, %v", stop.Is(), err)
	}
	copied, err = s.take(t.Context(), older, stop)
	if err != nil {
		t.Fatal(err)
	}
	if told, err := describe(t.Context(), copied); err != nil || !strings.Contains(told, "made at "+inUTC(made)) {
		t.Errorf("it is called %q, %v", told, err)
	}
	held, err := storage.Hold(s.url)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := copied.Replace(held, ".before"); err != nil {
		t.Fatal(err)
	}
	held.Release()
	before := w.chats.Messages(anna)
	w.start()
	w.settle()
	w.wantSaid(boris, "I was started on a copy of my store")
	for i, m := range w.chats.Messages(anna)[:len(before)] {
		if m.Text != before[i].Text {
			t.Errorf("%q was made into %q", before[i].Text, m.Text)
		}
	}
	w.say(anna, strings.Replace(shortOrder, "web-1", "web-2", 1))
	w.say(anna, "/confirm")
	w.pass(time.Minute)
	if n := w.sold(); n != 1 {
		t.Errorf("%d orders were paid, want the 1 before the copy was put in place", n)
	}
	w.say(boris, "/allow_purchases")
	w.wantSaid(boris, "Purchases resumed")
	w.pass(time.Minute)
	if n := w.sold(); n != 2 {
		t.Errorf("%d orders were paid after purchases were allowed, want 2", n)
	}
}

// TestStopOfAnUnreadStore: when nobody can read whether purchases were stopped, they are, until
// an owner allows them; a bot that has no owner goes on.
func TestStopOfAnUnreadStore(t *testing.T) {
	t.Parallel()
	fileOnly(t)
	for _, owners := range [][]int64{{boris}, nil} {
		w := newWorldWith(t, sandbox.Config{}, func(c *Config) { c.Owners = owners })
		w.login(anna)
		w.stopBot()
		from, err := os.ReadFile(w.store)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(w.store, make([]byte, len(from)), 0o600); err != nil {
			t.Fatal(err)
		}
		s := storeFile{"bolt:" + w.store, w.store, w.keys}
		stop, err := s.toCarry(t.Context())
		if !errors.Is(err, storage.ErrDamaged) {
			t.Fatalf("a store of nothing: %v", err)
		}
		copied, err := storage.MakeCopy(t.Context(), w.store, w.keys, func(to io.Writer) error {
			_, err := to.Write(from)
			return err
		}, func(tx storage.Tx) error { return errors.Join(engine.Distrust(tx), stop.Carry(tx)) })
		if err != nil {
			t.Fatal(err)
		}
		held, err := storage.Hold(s.url)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := copied.Replace(held, ".before"); err != nil {
			t.Fatal(err)
		}
		held.Release()
		w.start()
		w.settle()
		w.say(anna, shortOrder)
		w.say(anna, "/confirm")
		w.pass(time.Minute)
		if len(owners) > 0 {
			if n := w.sold(); n != 0 {
				t.Errorf("%d orders were paid before an owner has allowed it", n)
			}
			w.say(boris, "/allow_purchases")
			w.pass(2 * time.Minute)
		}
		if n := w.sold(); n != 1 {
			t.Errorf("with owners %v, %d orders were paid at the end, want 1", owners, n)
		}
		w.stopBot()
	}
}

// TestBackupOfASilentBot: a bot that is asked and does not answer is told of as that.
func TestBackupOfASilentBot(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond) // as the client's own limit, sooner
	defer cancel()
	socket := filepath.Join(t.TempDir(), "s")
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // nobody is answered
	err = askBackup(ctx, socket, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "the bot that has the store does not answer") {
		t.Errorf("it says %v", err)
	}
}
