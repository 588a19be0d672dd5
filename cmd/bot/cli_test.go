package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zomrobot/storage"
	"zomrobot/telegram"
	"zomrobot/telegram/emulator"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// variable is a variable of the environment as it is told to people.
type variable struct{ name, value string }

// TestHelp holds that bot help shows every verb, and that help and both READMEs
// tell of the same variables with the same defaults.
func TestHelp(t *testing.T) {
	t.Parallel()
	out, code := run(t, nil, "help")
	if code != exitDone {
		t.Fatalf("exit code %d\n%s", code, out)
	}
	for _, c := range commands() {
		if !regexp.MustCompile(`(?m)^  bot ` + c.name + `\b.*` + regexp.QuoteMeta(c.about) + `$`).MatchString(out) {
			t.Errorf("bot help does not show %s:\n%s", c.name, out)
		}
	}
	told := helpVariables(t, out)
	if len(told) < 10 {
		t.Fatalf("bot help shows %d variables:\n%s", len(told), out)
	}
	for _, readme := range []string{"README.md", "README.ru.md"} {
		written := readmeVariables(t, readme)
		for _, v := range told {
			if !slices.Contains(written, v) {
				t.Errorf("%s does not have %s with the default %q", readme, v.name, v.value)
			}
		}
		for _, v := range written {
			if !slices.Contains(told, v) {
				t.Errorf("bot help does not have %s with the default %q, %s does", v.name, v.value, readme)
			}
		}
	}
}

// TestHelpAsPeopleAskForIt: also before there is a verb.
func TestHelpAsPeopleAskForIt(t *testing.T) {
	t.Parallel()
	want, _ := run(t, nil, "help")
	for _, asked := range []string{"-h", "-help", "--help"} {
		if got, code := run(t, nil, asked); code != exitDone || got != want {
			t.Errorf("bot %s: exit code %d\n%s", asked, code, got)
		}
	}
}

// TestReadmesTellTheSame: what is a row in one language is one in the other.
func TestReadmesTellTheSame(t *testing.T) {
	t.Parallel()
	row := regexp.MustCompile("(?m)^\\| `([/a-z_A-Z]+)[^|]*\\|")
	rows := func(readme string) (rows []string) {
		text, err := os.ReadFile(filepath.Join("..", "..", readme))
		if err != nil {
			t.Fatal(err)
		}
		before, _, _ := strings.Cut(string(text), "## How it is built")
		for _, found := range row.FindAllStringSubmatch(before, -1) {
			rows = append(rows, found[1])
		}
		return rows
	}
	english, russian := rows("README.md"), rows("README.ru.md")
	if diff := cmp.Diff(english, russian); diff != "" || len(english) < 25 {
		t.Errorf("%d rows, and in Russian others:\n%s", len(english), diff)
	}
}

// helpVariables reads the variables of bot help: name, default if there is one,
// and what it is for, in columns.
func helpVariables(t *testing.T, help string) []variable {
	t.Helper()
	_, table, found := strings.Cut(help, "\nEnvironment:\n")
	if !found {
		t.Fatalf("bot help has no part on the environment:\n%s", help)
	}
	var all []variable
	for line := range strings.Lines(table) {
		columns := regexp.MustCompile(`\s{2,}`).Split(strings.TrimSpace(line), 3)
		switch len(columns) {
		case 1:
			return all
		case 2:
			all = append(all, variable{columns[0], ""})
		default:
			all = append(all, variable{columns[0], columns[1]})
		}
	}
	return all
}

// readmeVariables reads the variables of a README's table. Defaults are in
// backticks, as many as there are variables in the row, or none.
func readmeVariables(t *testing.T, readme string) []variable {
	t.Helper()
	quoted := regexp.MustCompile("`([^`]*)`")
	var all []variable
	for line := range strings.Lines(readRoot(t, readme)) {
		columns := strings.Split(line, "|")
		if len(columns) < 4 || !regexp.MustCompile("^ `[A-Z]+(_|S`)").MatchString(columns[1]) {
			continue
		}
		names, values := quoted.FindAllStringSubmatch(columns[1], -1), quoted.FindAllStringSubmatch(columns[2], -1)
		if len(values) != 0 && len(values) != len(names) {
			t.Errorf("%s: %d names and %d defaults in %q", readme, len(names), len(values), line)
			continue
		}
		for i, name := range names {
			v := variable{name: name[1]}
			if len(values) > 0 {
				v.value = values[i][1]
			}
			all = append(all, v)
		}
	}
	return all
}

// readRoot reads a file of the repository.
func readRoot(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestWrongUsage(t *testing.T) {
	const hidden = "Hidden-Value-77"
	key, err := storage.GenerateKey("usage")
	if err != nil {
		t.Fatal(err)
	}
	good := []string{"TELEGRAM_TOKEN=" + worldToken, "STORAGE_KEYS=" + key, "STORAGE_URL=bolt:" + filepath.Join(t.TempDir(), "bot.db"), "HTTP_ADDR=127.0.0.1:0"}
	refuses := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"ok":false,"error_code":401,"description":"Unauthorized"}`)
	}))
	t.Cleanup(refuses.Close)
	foreign := "bolt:" + filepath.Join(t.TempDir(), "bot.db")
	other, err := storage.GenerateKey("usage")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := storage.ParseKeys(other)
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(t.Context(), foreign, keys)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		env  []string // beside what is good; NAME= alone takes it away
		want string
	}{
		"unknown verb":            {args: []string{"serve"}, want: `"serve"`},
		"argument of run":         {args: []string{"run", "now"}, want: `"now"`},
		"argument of check":       {args: []string{"check", "all"}, want: `"all"`},
		"unknown flag":            {args: []string{"run", "-fast"}, want: "-fast"},
		"id of a key":             {args: []string{"keygen", "-id", "my key"}, want: "id"},
		"demo for everybody":      {args: []string{"demo", "-addr", "0.0.0.0:1"}, want: "0.0.0.0"},
		"demo without a port":     {args: []string{"demo", "-addr", "127.0.0.1"}, want: "-addr"},
		"no token":                {env: []string{"TELEGRAM_TOKEN="}, want: "TELEGRAM_TOKEN"},
		"a token that is none":    {env: []string{"TELEGRAM_TOKEN=" + hidden}, want: "TELEGRAM_TOKEN"},
		"a token that is refused": {env: []string{"TELEGRAM_API_URL=" + refuses.URL, "STORAGE_URL=bolt:" + filepath.Join(t.TempDir(), "bot.db")}, want: "TELEGRAM_TOKEN"},
		"keys of another store":   {env: []string{"STORAGE_URL=" + foreign}, want: "STORAGE_KEYS"},
		"token twice":             {env: []string{"TELEGRAM_TOKEN_FILE=/" + hidden}, want: "TELEGRAM_TOKEN_FILE"},
		"no file of the token":    {env: []string{"TELEGRAM_TOKEN=", "TELEGRAM_TOKEN_FILE=/no/such/file"}, want: "TELEGRAM_TOKEN_FILE"},
		"an empty file":           {env: []string{"TELEGRAM_TOKEN=", "TELEGRAM_TOKEN_FILE=/dev/null"}, want: "is empty"},
		"misspelt token":          {env: []string{"TELEGRAM_TOKEN=", "TELEGRAM_TOKN=" + hidden}, want: "TELEGRAM_TOKN"},
		"misspelt beside":         {env: []string{"STORAGE_KEY=" + hidden}, want: "STORAGE_KEY:"},
		"misspelt for check":      {args: []string{"check"}, env: []string{"ZOMRO_URL=" + hidden}, want: "ZOMRO_URL"},
		"no keys":                 {env: []string{"STORAGE_KEYS="}, want: "STORAGE_KEYS"},
		"bad keys":                {env: []string{"STORAGE_KEYS=" + hidden}, want: "STORAGE_KEYS"},
		"bad keys with an id":     {env: []string{"STORAGE_KEYS=id:" + hidden}, want: "STORAGE_KEYS"},
		"keys twice":              {env: []string{"STORAGE_KEYS_FILE=/" + hidden}, want: "STORAGE_KEYS_FILE"},
		"no file of keys":         {env: []string{"STORAGE_KEYS=", "STORAGE_KEYS_FILE=/no/such/file"}, want: "STORAGE_KEYS_FILE"},
		"level":                   {env: []string{"LOG_LEVEL=" + hidden}, want: "LOG_LEVEL"},
		"level for health":        {args: []string{"health"}, env: []string{"LOG_LEVEL=" + hidden}, want: "LOG_LEVEL"},
		"format":                  {env: []string{"LOG_FORMAT=" + hidden}, want: "LOG_FORMAT"},
		"vendor's address":        {env: []string{"ZOMRO_API_URL=" + hidden}, want: "ZOMRO_API_URL"},
		"Telegram's address":      {env: []string{"TELEGRAM_API_URL=ftp://" + hidden}, want: "TELEGRAM_API_URL"},
		"vendor without TLS":      {env: []string{"ZOMRO_API_URL=http://" + hidden}, want: "ZOMRO_API_PLAIN_HOST"},
		"another vendor's host":   {env: []string{"ZOMRO_API_URL=http://" + hidden + ":80/", "ZOMRO_API_PLAIN_HOST=" + hidden + ".example"}, want: "ZOMRO_API_URL"},
		"Telegram without TLS":    {env: []string{"TELEGRAM_API_URL=http://" + hidden}, want: "TELEGRAM_API_PLAIN_HOST"},
		"vendor's host for both":  {env: []string{"TELEGRAM_API_URL=http://" + hidden, "ZOMRO_API_PLAIN_HOST=" + hidden}, want: "TELEGRAM_API_URL"},
		"webhook without TLS":     {env: []string{"TELEGRAM_WEBHOOK_URL=http://" + hidden}, want: "TELEGRAM_WEBHOOK_URL"},
		"webhook without secret":  {env: []string{"TELEGRAM_WEBHOOK_URL=https://" + hidden}, want: "TELEGRAM_WEBHOOK_SECRET"},
		"secret without webhook":  {env: []string{"TELEGRAM_WEBHOOK_SECRET=" + hidden}, want: "TELEGRAM_WEBHOOK_SECRET"},
		"form of the secret":      {env: []string{"TELEGRAM_WEBHOOK_URL=https://bot.example", "TELEGRAM_WEBHOOK_SECRET=" + hidden + "!"}, want: "TELEGRAM_WEBHOOK_SECRET"},
		"proxy of another kind":   {env: []string{"TELEGRAM_PROXY_URL=ftp://u:" + hidden + "@proxy.example"}, want: "TELEGRAM_PROXY_URL"},
		"proxy that is no URL":    {env: []string{"TELEGRAM_PROXY_URL=http://u:" + hidden + "@%zz:1"}, want: "TELEGRAM_PROXY_URL"},
		"webhook at health":       {env: []string{"TELEGRAM_WEBHOOK_URL=https://bot.example/healthz", "TELEGRAM_WEBHOOK_SECRET=x"}, want: "TELEGRAM_WEBHOOK_URL"},
		"webhook below health":    {env: []string{"TELEGRAM_WEBHOOK_URL=https://bot.example/healthz/", "TELEGRAM_WEBHOOK_SECRET=x"}, want: "TELEGRAM_WEBHOOK_URL"},
		"webhook with a pattern":  {env: []string{"TELEGRAM_WEBHOOK_URL=https://bot.example/{hook", "TELEGRAM_WEBHOOK_SECRET=x"}, want: "TELEGRAM_WEBHOOK_URL"},
		"webhook with a wildcard": {env: []string{"TELEGRAM_WEBHOOK_URL=https://bot.example/{a}/{a}", "TELEGRAM_WEBHOOK_SECRET=x"}, want: "TELEGRAM_WEBHOOK_URL"},
		"webhook that is cleaned": {env: []string{"TELEGRAM_WEBHOOK_URL=https://bot.example/a//b", "TELEGRAM_WEBHOOK_SECRET=x"}, want: "TELEGRAM_WEBHOOK_URL"},
		"webhook with dots":       {env: []string{"TELEGRAM_WEBHOOK_URL=https://bot.example/a/../b", "TELEGRAM_WEBHOOK_SECRET=x"}, want: "TELEGRAM_WEBHOOK_URL"},
		"webhook with a space":    {env: []string{"TELEGRAM_WEBHOOK_URL=https://bot.example/a%20b", "TELEGRAM_WEBHOOK_SECRET=x"}, want: "TELEGRAM_WEBHOOK_URL"},
		"webhook's port":          {env: []string{"TELEGRAM_WEBHOOK_URL=https://bot.example:8080/", "TELEGRAM_WEBHOOK_SECRET=x"}, want: "TELEGRAM_WEBHOOK_URL"},
		"store that is a folder":  {env: []string{"STORAGE_URL=bolt:" + t.TempDir()}, want: "is a folder"},
		"store as a new folder":   {env: []string{"STORAGE_URL=bolt:" + t.TempDir() + "/data/"}, want: "is a folder"},
		"users that are nobody":   {env: []string{"ALLOWED_USERS=, ,"}, want: "ALLOWED_USERS"},
		"half an id":              {env: []string{"ALLOWED_CHATS=-100, 7" + hidden}, want: "ALLOWED_CHATS"},
		"a word too many":         {env: []string{"TELEGRAM_BOT_TOKEN=" + hidden}, want: "TELEGRAM_BOT_TOKEN"},
		"users that are no ids":   {env: []string{"ALLOWED_USERS=" + hidden}, want: "ALLOWED_USERS"},
		"owners that are no ids":  {env: []string{"OWNERS=" + hidden}, want: "OWNERS"},
		"metrics misspelt":        {env: []string{"METRICS_ADR=" + hidden}, want: "METRICS_ADDR"},
		"health misspelt":         {env: []string{"HTTP_ADRD=" + hidden}, want: "HTTP_ADDR"},
		"level misspelt":          {env: []string{"LOG_LEVL=" + hidden}, want: "LOG_LEVEL"},
		"beginning misspelt":      {env: []string{"TELEGRM_TOKEN=" + hidden}, want: "TELEGRAM_TOKEN"},
		"metrics without a host":  {env: []string{"METRICS_ADDR=9090"}, want: "METRICS_ADDR"},
		"metrics for check":       {args: []string{"check"}, env: []string{"METRICS_ADDR=" + hidden + ":70000"}, want: "METRICS_ADDR"},
		"health without a host":   {env: []string{"HTTP_ADDR=8080"}, want: "HTTP_ADDR"},
		"health for check":        {args: []string{"check"}, env: []string{"HTTP_ADDR=" + hidden}, want: "HTTP_ADDR"},
		"health as metrics":       {args: []string{"check"}, env: []string{"HTTP_ADDR=:9090", "METRICS_ADDR=127.0.0.1:9090"}, want: "METRICS_ADDR"},
		"store below a file":      {env: []string{"STORAGE_URL=bolt:/dev/null/bot.db"}, want: "STORAGE_URL"},
		"store not allowed":       {env: []string{"STORAGE_URL=bolt:/proc/zomrobot/bot.db"}, want: "STORAGE_URL"},
		"engine that is not here": {env: []string{"STORAGE_URL=redis://" + hidden}, want: "STORAGE_URL"},
	} {
		t.Run(name, func(t *testing.T) {
			out, code := runHere(t, slices.Concat(good, c.env), c.args...)
			if code != exitUsage {
				t.Errorf("exit code %d, want %d", code, exitUsage)
			}
			if !strings.Contains(out, c.want) {
				t.Errorf("%q is not named", c.want)
			}
			if strings.Contains(out, hidden) {
				t.Error("a value was printed")
			}
			if t.Failed() {
				t.Log(out)
			}
		})
	}
}

// TestBadTokenMakesNothing: a token that is none ends each verb before anything is made, and
// is told once, with what to do.
func TestBadTokenMakesNothing(t *testing.T) {
	t.Parallel()
	key, err := storage.GenerateKey("thrown-away")
	if err != nil {
		t.Fatal(err)
	}
	closed := closedAddress(t)
	for _, token := range []string{"abc", "123456:", ":ABC", "0:ABC", "123456:A/C"} {
		t.Run(token, func(t *testing.T) {
			t.Parallel() // check asks the vendor again and again before it says that he cannot be reached
			folder := t.TempDir()
			env := []string{"STORAGE_KEYS=" + key, "STORAGE_URL=bolt:" + filepath.Join(folder, "bot.db"), "TELEGRAM_TOKEN=" + token, "HTTP_ADDR=127.0.0.1:0", "TELEGRAM_API_URL=" + closed, "ZOMRO_API_URL=" + closed}
			for verb, want := range map[string]int{"run": exitUsage, "adopt": exitUsage, "check": exitFailed} {
				out, code := run(t, env, verb)
				if code != want || strings.Count(out, "not of the form") != 1 || strings.Count(out, "@BotFather") != 1 {
					t.Errorf("bot %s ended with %d, want %d and one line that says what to do:\n%s", verb, code, want, out)
				}
			}
			if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
				t.Errorf("it made %v, %v", left, err)
			}
		})
	}
}

// TestAddressesOfAPIs holds which addresses secrets are sent to.
func TestAddressesOfAPIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address, plainHost string
		good               bool
	}{
		{"https://api.zomro.com/", "", true},
		{"https://10.0.0.5:8443", "other", true},
		{"http://127.0.0.1:8080/", "", true},
		{"http://127.9.8.7", "", true},
		{"http://[::1]:80/", "", true},
		{"http://localhost:80", "", true},
		{"http://vendor.test:8080/billmgr", "vendor.test", true},
		{"http://10.0.0.5", "10.0.0.5", true},
		{"http://[2001:db8::1]:80", "2001:db8::1", true},

		{"http://api.zomro.com/", "", false},
		{"http://api.zomro.com/", "localhost", false},
		{"http://api.zomro.com/", "zomro.com", false},
		{"http://localhost.example/", "", false},
		{"http://127.0.0.1.example/", "", false},
		{"http://127.0.0.1@vendor.test/", "127.0.0.1", false},
		{"http://0.0.0.0/", "", false},
		{"HTTP://vendor.test", "", false},
		{"http://", "", false},
		{"http://:80", "", false},
		{"https://:443/", "", false},
		{"vendor.test", "vendor.test", false},
	} {
		if err := checkAPI("ZOMRO_API", c.address, c.plainHost); (err == nil) != c.good {
			t.Errorf("%s with %q: %v", c.address, c.plainHost, err)
		}
	}
}

// connect connects the vendor's account to a person.
func (p *process) connect(person int64) {
	p.t.Helper()
	p.connectTo(person, vendorLogin)
}

// connectTo connects an account of the vendor to a person.
func (p *process) connectTo(person int64, login string) {
	p.t.Helper()
	speaker := int64(anna)
	if person == boris || person == vera {
		speaker = boris
	}
	p.say(person, "/login")
	p.tap(person, words["login and password"][speaker])
	p.say(person, login)
	p.say(person, vendorPassword)
	p.await(person, words["logged in"][speaker])
}

// polled waits until the bot asks for updates: it has started.
func (p *process) polled() {
	p.t.Helper()
	err := p.chats.Until(p.t.Context(), func() bool {
		return slices.ContainsFunc(p.chats.Calls()[p.called:], func(c emulator.Call) bool { return strings.EqualFold(c.Method, "getUpdates") })
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// TestKeygen uses a key as bot keygen prints it.
func TestKeygen(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	seen := map[string]bool{}
	for _, args := range [][]string{{"keygen"}, {"keygen"}, {"keygen", "-id", "second"}} {
		key, code := run(t, nil, args...)
		if code != exitDone || strings.Count(key, "\n") != 1 || seen[key] {
			t.Fatalf("%v: exit code %d, or not one new line", args, code)
		}
		seen[key] = true
	}
	key, _ := run(t, nil, "keygen", "-id", "third")
	out, code := run(t, append(slices.Clone(p.env), "STORAGE_KEYS="+key), "check")
	if code != exitDone || !regexp.MustCompile(`(?m)^ok +keys`).MatchString(out) {
		t.Errorf("a key of bot keygen is not accepted: exit code %d\n%s", code, out)
	}
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte(worldToken+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := append(slices.Clone(p.env), "STORAGE_KEYS=", "STORAGE_KEYS_FILE="+file, "TELEGRAM_TOKEN=", "TELEGRAM_TOKEN_FILE="+token)
	if out, code := run(t, env, "check"); code != exitDone {
		t.Errorf("the key and the token are not accepted in files: exit code %d\n%s", code, out)
	}
}

// TestCheckReadsTheWholeStore: bot check finds a page that is broken, wherever it is.
func TestCheckReadsTheWholeStore(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start()
	p.polled()
	p.connect(anna)
	p.stop()
	if out, code := run(t, p.env, "check"); code != exitDone || !strings.Contains(out, "is whole") {
		t.Fatalf("bot check ended with %d\n%s", code, out)
	}
	content, err := os.ReadFile(p.store)
	if err != nil {
		t.Fatal(err)
	}
	fails := func(how string, said ...string) {
		t.Helper()
		out, code := run(t, p.env, "check")
		for _, want := range said {
			if code != exitFailed || !strings.Contains(out, want) {
				t.Errorf("bot check of a store with %s ended with %d, want it to say %q\n%s", how, code, want, out)
			}
		}
	}
	account := fmt.Sprintf("account/%d", anna)
	flipped := bytes.Clone(content)
	for rest := flipped; ; {
		i := bytes.Index(rest, []byte(account))
		if i < 0 {
			break
		}
		rest = rest[i+len(account):]
		rest[40] ^= 1 // behind the key is the value
	}
	if err := os.WriteFile(p.store, flipped, 0o600); err != nil {
		t.Fatal(err)
	}
	fails("a changed value", "cannot be opened", account)

	if err := errors.Join(os.WriteFile(p.store, content, 0o600), os.WriteFile(p.store+".mark", []byte("seven"), 0o600)); err != nil {
		t.Fatal(err)
	}
	fails("a mark that is no number", "mark", "not a number")
	if err := os.Remove(p.store + ".mark"); err != nil {
		t.Fatal(err)
	}

	typo := append(slices.Clone(p.env), "STORAGE_URL=bolt:"+p.store+".typo")
	if out, code := run(t, typo, "check"); code != exitDone || strings.Contains(out, "is whole") || !strings.Contains(out, "there is none yet") || exists(p.store+".typo") {
		t.Errorf("bot check of a store that is not there ended with %d\n%s", code, out)
	}

	for page := range slices.Chunk(content, os.Getpagesize()) {
		if bytes.Contains(page, []byte(account)) {
			clear(page)
		}
	}
	if err := os.WriteFile(p.store, content, 0o600); err != nil {
		t.Fatal(err)
	}
	fails("a broken page", "damaged", p.store)
	if out, code := run(t, p.env, "backup", filepath.Join(t.TempDir(), "copy.db")); code != exitFailed || !strings.Contains(out, p.store+": storage: damaged") || strings.Contains(out, ".part") {
		t.Errorf("bot backup of a store with a broken page ended with %d and should name the store:\n%s", code, out)
	}
}

// TestStoreIsProtected: neither another key nor a second process gets at a store.
func TestStoreIsProtected(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start()
	p.polled()
	if out, code := run(t, p.env, "run"); code != exitFailed || !strings.Contains(out, "held by another process") || !strings.Contains(out, p.store) {
		t.Errorf("a second bot ended with %d\n%s", code, out)
	}
	if out, code := run(t, p.env, "check"); code != exitDone || !strings.Contains(out, "held by a running bot") {
		t.Errorf("bot check beside a running bot ended with %d\n%s", code, out)
	}
	p.connect(anna)
	p.stop()

	before, err := os.ReadFile(p.store)
	if err != nil {
		t.Fatal(err)
	}
	other, err := storage.GenerateKey("other")
	if err != nil {
		t.Fatal(err)
	}
	for verb, want := range map[string]int{"run": exitUsage, "check": exitFailed} {
		out, code := run(t, append(slices.Clone(p.env), "STORAGE_KEYS="+other), verb)
		if code != want || !strings.Contains(out, "value cannot be opened") || !strings.Contains(out, `"process"`) || strings.Count(out, otherKeys) != 1 {
			t.Errorf("bot %s with another key ended with %d\n%s", verb, code, out)
		}
		after, err := os.ReadFile(p.store)
		if err != nil || !bytes.Equal(before, after) {
			t.Errorf("bot %s with another key changed the store, %v", verb, err)
		}
	}
}

// TestCheck looks at everything with an account connected, and buys nothing.
func TestCheck(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start()
	p.connect(anna)
	p.stop()
	before := len(p.vendor.Calls())
	out, code := run(t, p.env, "check")
	if code != exitDone {
		t.Errorf("exit code %d", code)
	}
	for _, what := range []string{"configuration", "telegram", "vendor", "keys", "store", "account"} {
		if !regexp.MustCompile(`(?m)^ok +` + what + ` `).MatchString(out) {
			t.Errorf("%s is not ok", what)
		}
	}
	if strings.Contains(out, "FAIL") || !strings.Contains(out, vendorLogin) {
		t.Error("something failed, or the account is not named")
	}
	for _, call := range p.vendor.Calls()[before:] {
		if call.Field("sok") == "ok" && call.Func != "auth" {
			t.Errorf("%s was submitted", call.Func)
		}
	}

	closed := closedAddress(t)
	out, code = run(t, append(slices.Clone(p.env), "TELEGRAM_API_URL="+closed, "ZOMRO_API_URL="+closed), "check")
	if code != exitFailed {
		t.Errorf("exit code %d with closed ports", code)
	}
	for _, what := range []string{"telegram", "vendor", "account"} {
		line := regexp.MustCompile(`(?m)^FAIL +` + what + ` .*$`).FindString(out)
		if line == "" || what != "account" && !strings.Contains(line, closed) {
			t.Errorf("%s does not fail with its address", what)
		}
	}
	for _, what := range []string{"reaches TELEGRAM_API_URL", "reaches ZOMRO_API_URL", "run bot check again later"} {
		if strings.Count(out, what) != 1 {
			t.Errorf("it does not say once what to do: %q", what)
		}
	}
	for _, secret := range []string{worldToken, vendorPassword} {
		if strings.Contains(out, secret) {
			t.Error("a secret was printed")
		}
	}
	if sold := p.vendor.Orders(vendorLogin); len(sold) > 0 {
		t.Errorf("%d orders were paid", len(sold))
	}
	if t.Failed() {
		t.Log(out)
	}
}

// TestCheckAdvises: of what a person can mend check says how.
func TestCheckAdvises(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what string
		err  error
		want string
	}{
		{"telegram", fmt.Errorf("ask: %w", telegram.ErrToken), "TELEGRAM_TOKEN"},
		{"vendor", &zomro.Error{Kind: zomro.Unreadable}, "ZOMRO_API_URL"},
		{"account", &zomro.Error{Kind: zomro.Denied}, "/login"},
		{"store", fmt.Errorf("%w and %w", storage.ErrSealed, errors.ErrUnsupported), "STORAGE_KEYS"},
		{"store", storage.ErrDamaged, "A damaged file"},
		{"store", storage.ErrFull, "make room"},
		{"store", storage.ErrSchema, "version"},
		{"mark", fs.ErrPermission, "the bot's user"},
		{"keys", errors.New("STORAGE_KEYS: needed; make one with bot keygen"), ""},
	} {
		if got := advice(c.what, c.err); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s, %v: %q does not speak of %q", c.what, c.err, got, c.want)
		}
	}
}

// closedAddress is an address where nobody listens.
func closedAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return "http://" + listener.Addr().String()
}

func TestHealth(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	addr := strings.TrimPrefix(closedAddress(t), "http://")
	p.env = append(p.env, "HTTP_ADDR="+addr)
	if out, code := run(t, p.env, "health"); code != exitFailed || !strings.Contains(out, "no bot answers") {
		t.Errorf("without a bot: exit code %d\n%s", code, out)
	}
	p.start()
	p.polled()
	if out, code := run(t, p.env, "health"); code != exitDone || out != "ok\n" {
		t.Errorf("beside a running bot: exit code %d\n%s", code, out)
	}
	// A proxy of the environment is not asked, also for an address that does not
	// look like this machine's.
	_, port, _ := strings.Cut(addr, ":")
	env := append(slices.Clone(p.env), "HTTP_ADDR=0.0.0.0:"+port, "HTTP_PROXY="+closedAddress(t))
	if out, code := run(t, env, "health"); code != exitDone || out != "ok\n" {
		t.Errorf("with a proxy: exit code %d\n%s", code, out)
	}
	p.stop()

	unwell := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer unwell.Close()
	env = append(slices.Clone(p.env), "HTTP_ADDR="+strings.TrimPrefix(unwell.URL, "http://"))
	if out, code := run(t, env, "health"); code != exitFailed || !strings.Contains(out, "503") {
		t.Errorf("beside an unwell bot: exit code %d\n%s", code, out)
	}
}

// TestHealthOfTheStore: a store that cannot be written is told.
func TestHealthOfTheStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Config{})
	ask := func() int {
		answer := httptest.NewRecorder()
		healthHandler(w.program.Store, w.program.Chat.Deaf).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, healthPath, http.NoBody))
		return answer.Code
	}
	if code := ask(); code != http.StatusOK {
		t.Errorf("a running bot answers %d", code)
	}
	w.stopBot()
	if code := ask(); code != http.StatusServiceUnavailable {
		t.Errorf("a closed store answers %d", code)
	}
}

// TestEnvironmentAsOthersWriteIt: lists with spaces and a comma at the end, values that
// are nothing, ends of lines of Windows, and variables of orchestrators.
func TestEnvironmentAsOthersWriteIt(t *testing.T) {
	for name, value := range map[string]string{
		"ALLOWED_USERS": "1001, 1002 ,", "ALLOWED_CHATS": "-1000000000007\r", "OWNERS": " 1001 ",
		"TELEGRAM_TOKEN": worldToken + "\r", "TELEGRAM_API_URL": "", "ZOMRO_API_URL": "\r", "STORAGE_URL": "",
		"LOG_LEVEL": "", "LOG_FORMAT": "json\r", "HTTP_ADDR": " ",
		"STORAGE_PORT": "tcp://10.0.0.1:80", "STORAGE_SERVICE_HOST": "10.0.0.1", "STORAGE_PORT_80_TCP_ADDR": "10.0.0.1",
		"TELEGRAM_SERVICE_PORT": "80", "TELEGRAM_API_HASH": "x", "ZOMRO_API_SERVICE_HOST": "10.0.0.1", "ALLOWED_HOSTS": "*",
		"OWNER": "root", "HTTP_PROXY": "x", "HTTPS_PROXY": "x", "LOG_FILE": "x", "LOG_DIR": "x", "METRICS_PORT": "x", "METRICS_SERVICE_HOST": "x",
	} {
		t.Setenv(name, value)
	}
	key, err := storage.GenerateKey("first")
	if err != nil {
		t.Fatal(err)
	}
	second, err := storage.GenerateKey("second")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("STORAGE_KEYS", key+" , "+second+",\r")
	c, err := ReadConfig()
	if err != nil {
		t.Fatal(err)
	}
	if keys, err := c.Keyring(); err != nil || keys.Len() != 2 {
		t.Errorf("the keys are %v, %v", keys, err)
	}
	want := Config{
		Telegram: TelegramConfig{Token: worldToken, APIURL: "https://api.telegram.org"},
		Zomro:    ZomroConfig{APIURL: "https://api.zomro.com/"},
		Storage:  StorageConfig{URL: storage.DefaultURL, Keys: c.Storage.Keys},
		Allowed:  AllowedConfig{Users: ids{1001, 1002}, Chats: ids{-1000000000007}},
		Log:      LogConfig{Format: "json"},
		HTTP:     HTTPConfig{Addr: "127.0.0.1:8080"},
		Owners:   ids{1001},
		Foreign: []string{
			"ALLOWED_HOSTS", "OWNER", "STORAGE_PORT", "STORAGE_PORT_80_TCP_ADDR", "STORAGE_SERVICE_HOST",
			"TELEGRAM_API_HASH", "TELEGRAM_SERVICE_PORT", "ZOMRO_API_SERVICE_HOST",
		},
	}
	sameProxy := cmp.Comparer(func(a, b telegram.Proxy) bool { return a == b })
	if diff := cmp.Diff(want, c, sameProxy); diff != "" {
		t.Error(diff)
	}
	if markBeside(c.Storage.URL) == nil {
		t.Error("there is no mark beside the store")
	}
}

// TestForeignVariablesAreTold: the built program starts beside them, and says which it
// leaves out, and not what they hold.
func TestForeignVariablesAreTold(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.env = append(p.env, "STORAGE_PORT=tcp://Hidden-Value-77", "OWNERS=1001,\r")
	p.start()
	p.polled()
	// The end of the terminal stops it in order, unless whoever runs the tests has it ignored.
	end, says := syscall.SIGHUP, "hangup"
	if signal.Ignored(end) {
		end, says = syscall.SIGTERM, "terminated"
	}
	if err := p.command.Process.Signal(end); err != nil {
		t.Fatal(err)
	}
	if err := <-p.done; err != nil {
		t.Errorf("the bot stopped with %v", err)
	}
	p.command = nil
	if out := p.logs.String(); !strings.Contains(out, says) || !strings.Contains(out, "msg=stopped") || exists(p.store+".sock") {
		t.Error("it did not stop in order, or does not say so")
	}
	if out := p.logs.String(); !strings.Contains(out, "STORAGE_PORT") || strings.Contains(out, "Hidden-Value-77") {
		t.Error("it is not said, or with its value")
	}
	if out, code := run(t, p.env, "check"); code != exitDone || !strings.Contains(out, "STORAGE_PORT") {
		t.Errorf("bot check ended with %d:\n%s", code, out)
	}
}
