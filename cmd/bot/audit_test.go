package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/audit"
	"zomrobot/book"
	"zomrobot/engine"
	"zomrobot/storage"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// book returns the lines of a book.
func (w *world) book(name string) []audit.Line {
	w.t.Helper()
	var lines []audit.Line
	err := w.program.Store.Scan(w.t.Context(), "audit/"+name+"/", "", func(_ string, text []byte) (bool, error) {
		var line audit.Line
		err := json.Unmarshal(text, &line)
		lines = append(lines, line)
		return true, err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return lines
}

// faultsOf are the faults of all books of a store.
func faultsOf(ctx context.Context, store storage.Store) (faults []audit.Fault, lines int64, err error) {
	names, err := engine.Books(ctx, store)
	for _, name := range names {
		found, n, failed := book.Check(ctx, store, name)
		faults, lines, err = append(faults, found...), lines+n, errors.Join(err, failed)
	}
	return faults, lines, err
}

// booksHold holds that nothing is wrong with any book.
func (w *world) booksHold() {
	w.t.Helper()
	if faults, lines, err := faultsOf(w.t.Context(), w.program.Store); err != nil || len(faults) > 0 {
		w.t.Errorf("the books have %d lines and these faults: %v, %v", lines, faults, err)
	}
}

// TestBookTellsWho: what a person does has their id and their name, what the bot
// does by itself has neither; what was agreed, paid and answered is there.
func TestBookTellsWho(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.buy(anna, " promocode=NOSUCH")
	w.tap(anna, "Without a code")
	w.pass(2 * time.Minute)
	w.wantSaid(anna, "The server is active")
	w.booksHold()
	var item, last audit.Line
	for _, line := range w.book("user/1001") {
		deed, err := line.Read()
		if err != nil {
			t.Fatal(err)
		}
		person := false
		switch deed := deed.(type) {
		case audit.Opened:
			person = true
			if deed.Order.ServerName != "web-1" || deed.Promo != "NOSUCH" || deed.Plan == "" {
				t.Errorf("opened: %+v", deed)
			}
		case audit.Decided:
			person = true
			if deed.Question != "promo" || deed.Choice != "without_promo" {
				t.Errorf("decided: %+v", deed)
			}
		case audit.Answered:
			if deed.LineItem != "" {
				item = line
			}
			if deed.Call == "promo" && (deed.Failure == nil || deed.Failure.Kind != zomro.Refused || deed.Failure.Code != zomro.CodeMissed) {
				t.Errorf("the refused code is told as %+v", deed.Failure)
			}
		default:
		}
		if person != (line.Who == anna) || person != (line.Name == "Anna") || !person && line.Who != 0 {
			t.Errorf("line %d, %s, was done by %d %q", line.N, line.Event, line.Who, line.Name)
		}
		if line.Agreed == nil || line.Agreed.Amount.StringFixed(2) != "5.76" || line.Agreed.Currency != "EUR" {
			t.Errorf("line %d: agreed to %v", line.N, line.Agreed)
		}
		last = line
	}
	if item.Purchase == "" || item.Was != "adding" || item.State != "in_cart" || item.Charged != nil {
		t.Errorf("the line of the cart is %+v", item)
	}
	if last.State != "active" || last.Charged == nil || last.Charged.Amount.StringFixed(2) != "5.76" {
		t.Errorf("the last line is %+v", last)
	}
}

// TestBookOfServers: what is done with a server is in the person's book.
func TestBookOfServers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	w.vendor.AddService(vendorLogin, "web-1")
	w.login(anna)
	w.say(anna, "/servers")
	w.tap(anna, "🟢 web-1")
	w.tap(anna, "🔁 Reboot")
	w.tap(anna, "🔁 Reboot")
	for range 3 {
		w.pass(2 * time.Minute)
	}
	w.booksHold()
	var told []string
	for _, line := range w.book("user/1001") {
		deed, err := line.Read()
		if err != nil {
			t.Fatal(err)
		}
		acted := deed.(audit.Acted)
		told = append(told, fmt.Sprintf("%d %s %s %s %s→%s", line.Who, acted.Deed, acted.Name, acted.Step, line.Was, line.State))
	}
	want := []string{
		"1001 reboot web-1 opened →sending", "0 reboot web-1 called →sending",
		"0 reboot web-1 answered sending→following", "0 reboot web-1 looked following→done",
	}
	if !slices.Equal(told, want) {
		t.Errorf("the book tells %q, want %q", told, want)
	}
}

// TestNoSecretInABook orders with a password after a login with one, while the
// vendor quotes the password when it says no; the same with a session.
func TestNoSecretInABook(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	session := w.vendor.OpenSession(vendorLogin)
	w.login(anna)
	w.vendor.Inject(sandbox.Fault{
		Kind: sandbox.Reply, Func: "v2.instances.order.param", Match: map[string]string{"sok": "ok"},
		ErrorType: "value", ErrorObject: "password", ErrorText: "The value " + rootPassword + " is not good.",
	})
	w.say(anna, orderLine)
	w.say(anna, "/confirm")
	w.pass(2 * time.Second) // the cart bears out that it was not taken
	w.wantSaid(anna, "is not good")
	w.tap(anna, "Cancel purchase")
	w.say(anna, orderLine)
	w.say(anna, "/confirm")
	w.say(boris, "/login")
	w.tap(boris, "Токен сессии")
	w.say(boris, session)
	w.vendor.Inject(sandbox.Fault{Kind: sandbox.Reply, Func: "cart", ErrorType: "value", ErrorText: "Not with " + session + ".", Match: map[string]string{"auth": session}})
	w.say(boris, orderLine)
	w.say(boris, "/confirm")
	w.pass(2 * time.Minute)
	w.booksHold()

	var everything strings.Builder
	names, err := engine.Books(t.Context(), w.program.Store)
	if err != nil || len(names) != 2 {
		t.Fatalf("books %v, %v", names, err)
	}
	for _, to := range []audit.Writer{audit.NewCSV(&everything), audit.NewJSONLines(&everything)} {
		for _, name := range names {
			if err := book.Export(t.Context(), w.program.Store, name, to); err != nil {
				t.Fatal(err)
			}
		}
		if err := to.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(everything.String(), "[redacted] is not good") || !strings.Contains(everything.String(), "Not with [redacted]") {
		t.Error("the books do not tell what the vendor said")
	}
	for _, canary := range []string{rootPassword, vendorPassword, session} {
		if strings.Contains(everything.String(), canary) {
			t.Errorf("a book holds a secret:\n%s", everything.String())
		}
	}
}

// TestTamperingThroughTheStore changes, with the store's own keys, each field of
// a line, its place, and the end of its book.
func TestTamperingThroughTheStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.buy(anna, "")
	w.pass(2 * time.Minute)
	w.stopBot()
	store, err := w.openStore(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	const prefix, n = "audit/user/1001/", 9
	key := func(n int64) string { return fmt.Sprintf("%s%020d", prefix, n) }
	var paid audit.Line // one with everything in it
	err = store.Scan(t.Context(), prefix, key(n), func(_ string, text []byte) (bool, error) {
		err := json.Unmarshal(text, &paid)
		return paid.Charged == nil, err
	})
	if err != nil || paid.Charged == nil {
		t.Fatalf("no line tells what was charged: %v", err)
	}
	// wrong puts a text under a key, nil deletes it, and returns what is found.
	wrong := func(key string, text []byte) []audit.Fault {
		t.Helper()
		var was []byte
		put := func(text []byte) {
			err := store.Update(t.Context(), func(tx storage.Tx) (err error) {
				if was, err = tx.Get(key); err != nil {
					return err
				}
				if text == nil {
					return tx.Delete(key)
				}
				return tx.Put(key, text)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		put(text)
		faults, _, err := faultsOf(t.Context(), store)
		if err != nil {
			t.Fatal(err)
		}
		put(was)
		return faults
	}
	want := func(what string, faults []audit.Fault, n int64, part string) {
		t.Helper()
		if len(faults) == 0 || faults[0].Book != "user/1001" || faults[0].N != n || !strings.Contains(faults[0].What, part) {
			t.Errorf("%s: faults %v, want line %d: %s", what, faults, n, part)
		}
	}
	for i := range reflect.TypeFor[audit.Line]().NumField() {
		line := paid
		field := reflect.ValueOf(&line).Elem().Field(i)
		switch value := field.Addr().Interface().(type) {
		case *string:
			*value = "x" + *value
		case *int64:
			*value++
		case *time.Time:
			*value = value.Add(time.Hour)
		case *json.RawMessage:
			*value = json.RawMessage(`{"by":"nobody"}`)
		default:
			field.SetZero()
		}
		text, err := line.Text()
		if err != nil {
			t.Fatal(err)
		}
		want(reflect.TypeFor[audit.Line]().Field(i).Name, wrong(key(paid.N), text), paid.N, "was changed")
	}
	want("no line", wrong(key(n), nil), n, "is missing")
	want("no head", wrong("audit-head/user/1001", nil), w.lastLine(store), "head of the book is missing")
	want("a shorter book", wrong("audit-head/user/1001", []byte(`{"n":1,"hash":"x"}`)), 2, "after the end")
	want("a longer book", wrong("audit-head/user/1001", []byte(`{"n":999,"hash":"x"}`)), w.lastLine(store)+1, "was cut")
	if faults, _, err := faultsOf(t.Context(), store); err != nil || len(faults) > 0 {
		t.Fatalf("put back as it was: %v, %v", faults, err)
	}

	// All of it is gone, but not what was bought.
	err = store.Update(t.Context(), func(tx storage.Tx) error {
		failed := tx.Delete("audit-head/user/1001")
		for n := range w.lastLine(store) {
			failed = errors.Join(failed, tx.Delete(key(n+1)))
		}
		return failed
	})
	if err != nil {
		t.Fatal(err)
	}
	faults, _, err := faultsOf(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	want("no book", faults, 0, "head of the book is missing")
}

// lastLine is the number of the last line of Anna's book.
func (w *world) lastLine(store storage.Store) int64 {
	w.t.Helper()
	head, err := book.HeadOf(w.t.Context(), store, "user/1001")
	if err != nil || head == nil {
		w.t.Fatalf("no head: %v", err)
	}
	return head.N
}

// TestAuditVerb runs bot audit beside a running bot, and on the store that it
// leaves, which is then tampered with.
func TestAuditVerb(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"audit"}, exitUsage, "there is no store at " + p.store},
		{[]string{"audit", "burn"}, exitUsage, `there is no "burn"`},
		{[]string{"audit", "-book", "user/1001"}, exitUsage, "-book"},
		{[]string{"audit", "verify", "-o", "x"}, exitUsage, "-o"},
		{[]string{"audit", "export", "-format", "pdf"}, exitUsage, "csv or jsonl"},
	} {
		if out, code := run(t, p.env, c.args...); code != c.code || !strings.Contains(out, c.want) {
			t.Errorf("%v ended with %d:\n%s", c.args, code, out)
		}
	}
	if _, err := os.Stat(p.store); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("looking for books makes a store: %v", err)
	}
	p.start()
	p.connect(anna)
	p.say(anna, orderLine)
	p.tap(anna, "✅ Order for €5.76")
	p.await(anna, "The server is active")
	if out, code := run(t, p.env, "audit", "verify"); code != exitFailed || !strings.Contains(out, "a running bot holds bolt:"+p.store+": stop it, or name a copy") {
		t.Errorf("beside a running bot it ended with %d:\n%s", code, out)
	}
	p.stop()

	out, code := run(t, p.env, "audit")
	if code != exitDone || !strings.Contains(out, "user/1001") || strings.Count(out, "\n") != 2 {
		t.Errorf("the list ended with %d:\n%s", code, out)
	}
	if out, code := run(t, p.env, "audit", "verify"); code != exitDone || !strings.HasPrefix(out, "ok: books 1, lines ") {
		t.Errorf("verify ended with %d:\n%s", code, out)
	}
	if out, code := run(t, p.env, "audit", "verify", "-book", "user/1"); code != exitFailed || !strings.Contains(out, `no book "user/1"`) {
		t.Errorf("verify of no book ended with %d:\n%s", code, out)
	}
	file := filepath.Join(t.TempDir(), "book.csv")
	if out, code := run(t, p.env, "audit", "export", "-book", "user/1001", "-o", file); code != exitDone || out != "" {
		t.Errorf("export ended with %d:\n%s", code, out)
	}
	if out, code := run(t, p.env, "audit", "export", "-o", file); code != exitFailed || !strings.Contains(out, "exists") {
		t.Errorf("an export over a file ended with %d:\n%s", code, out)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(read(t, file)), "\ufeff"))).ReadAll()
	if err != nil || len(rows) < 20 {
		t.Errorf("the table has %d rows, %v", len(rows), err)
	}
	lines, code := run(t, p.env, "audit", "export", "-format", "jsonl")
	if code != exitDone || strings.Count(lines, "\n") != len(rows)-1 {
		t.Errorf("the export has %d lines, the table %d rows:\n%s", strings.Count(lines, "\n"), len(rows), lines)
	}

	keys, err := storage.ParseKeys(strings.TrimPrefix(p.env[slices.IndexFunc(p.env, func(v string) bool { return strings.HasPrefix(v, "STORAGE_KEYS=") })], "STORAGE_KEYS="))
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), "bolt:"+p.store, keys)
	if err != nil {
		t.Fatal(err)
	}
	err = store.Update(t.Context(), func(tx storage.Tx) error {
		key := "audit/user/1001/00000000000000000005"
		text, err := tx.Get(key)
		if err != nil {
			return err
		}
		return errors.Join(
			tx.Put(key, []byte(strings.Replace(string(text), `"who":0`, `"who":1002`, 1))),
			tx.Delete("audit/user/1001/00000000000000000007"),
		)
	})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	out, code = run(t, p.env, "audit", "verify")
	if code != exitFailed || !strings.Contains(out, "book user/1001, line 5: it was changed") || !strings.Contains(out, "book user/1001, line 7: the line is missing") {
		t.Errorf("verify of books that were tampered with ended with %d:\n%s", code, out)
	}
}

// TestAuditIsSent taps both buttons of /audit: what arrives is the person's own
// book, and the JSON lines can be verified by themselves.
func TestAuditIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.buy(boris, "")
	w.buy(anna, "")
	w.pass(2 * time.Minute)
	w.say(anna, "/audit")
	w.tap(anna, "⬇️ CSV")
	w.tap(anna, "⬇️ JSON lines")
	files := map[string]string{}
	for _, c := range w.chats.Calls() {
		if f, ok := c.Files["document"]; ok {
			files[f.Name] = string(f.Content)
			if c.Params["chat_id"] != fmt.Sprint(anna) {
				t.Errorf("%s was sent to %s", f.Name, c.Params["chat_id"])
			}
		}
	}
	if len(files) != 2 {
		t.Fatalf("%d files were sent:\n%s", len(files), w.chats.Transcript(anna))
	}
	checker, n := audit.NewChecker("user/1001"), int64(0)
	for line := range strings.Lines(files["zomrobot-2026-11-23.jsonl"]) {
		n++
		checker.Line(n, []byte(strings.TrimSuffix(line, "\n")))
	}
	lines := w.book("user/1001")
	if faults := checker.End(&audit.Head{N: int64(len(lines)), Hash: lines[len(lines)-1].Hash}); len(faults) > 0 || n == 0 {
		t.Errorf("%d lines, faults %v", n, faults)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(files["zomrobot-2026-11-23.csv"], "\ufeff"))).ReadAll()
	if err != nil || len(rows) != len(lines)+1 || rows[1][0] != "user/1001" {
		t.Errorf("%d rows of %d lines, %v", len(rows), len(lines), err)
	}
}

// TestAuditOutlivesARestart: the pages of a book are turned after a restart, and
// what comes in between does not move them.
func TestAuditOutlivesARestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{ActivationDelay: time.Minute})
	w.buy(anna, " promocode=NOSUCH")
	w.tap(anna, "Cancel purchase")
	w.say(anna, shortOrder)
	w.say(anna, "/confirm")
	w.say(anna, "/audit")
	w.restart()
	w.pass(2 * time.Minute) // the server becomes active
	w.tap(anna, "Older ›")
	w.wantSaid(anna, "with promo code NOSUCH")
	w.tap(anna, "‹ Newer")
	w.wantSaid(anna, "Audit log", "The purchase is complete")
}
