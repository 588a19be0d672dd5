package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"zomrobot/engine"
	"zomrobot/locales"
	"zomrobot/storage/etcd/etcdtest"
)

// TestTrialRefusedInTheLanguage: why a trial in a terminal does not go on is said in the
// language of the terminal.
func TestTrialRefusedInTheLanguage(t *testing.T) {
	t.Parallel()
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	there := filepath.Join(t.TempDir(), "there.txt")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	says := func(status int, kind, text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, text)
		})
	}
	several := func(second int64) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusConflict, severalNamed("work", []trialAccount{{Person: 7}, {Person: second}}))
		})
	}
	hangsUp := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "{")
		panic(http.ErrAbortHandler)
	})
	failing := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fail(w, http.StatusInternalServerError, errors.New("the disk is full"))
	})
	for name, test := range map[string]struct {
		bot    http.Handler // nil: none
		file   string
		en, ru string
	}{
		"no bot":          {en: "start it first", ru: "сначала запустите его"},
		"it starts":       {bot: trialHandler(new(atomic.Pointer[engine.Engine])), en: "The bot is starting.", ru: "Бот запускается."},
		"several people":  {bot: several(8), en: "Say with -person whose you mean: 7, 8.", ru: "Укажите в -person, чей нужен: 7, 8."},
		"one person":      {bot: several(7), en: "Rename one of them", ru: "Переименуйте один из них"},
		"it fails":        {bot: failing, en: "The bot could not do it: the disk is full.", ru: "Бот не смог этого сделать: the disk is full."},
		"it hangs up":     {bot: hangsUp, en: "it is not done twice", ru: "дважды оно не выполнится"},
		"no answer":       {bot: says(http.StatusOK, jsonType, "no"), en: "of another version", ru: "разные версии"},
		"older bot":       {bot: says(http.StatusNotFound, "text/plain", "404 page not found"), en: "could not do it: 404 Not Found", ru: "не смог этого сделать: 404 Not Found"},
		"a file is there": {file: there, en: "There is already a file " + there, ru: "Файл " + there + " уже есть"},
	} {
		socket := filepath.Join(storeDir(t), "bot.db.sock")
		if test.bot != nil {
			listener, err := listenBeside(t.Context(), socket)
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewUnstartedServer(test.bot)
			_ = server.Listener.Close()
			server.Listener = listener
			server.Start()
			t.Cleanup(server.Close)
		}
		for lang, want := range map[string]string{"en": test.en, "ru": test.ru} {
			c := trialClient{bot: besideBot{socket}, texts: texts, lang: lang, in: strings.NewReader(""), out: io.Discard, file: test.file}
			if err := c.inWords(c.serve(t.Context(), "work", 0, false)); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s, %s: %v does not say %q", name, lang, err, want)
			}
		}
	}
}

// TestTrialOnACluster: the active bot of a cluster is asked on its own machine, by the mark that
// is there; on another machine it is said that the active bot is elsewhere.
func TestTrialOnACluster(t *testing.T) {
	t.Parallel()
	p, folder := newProcess(t), storeDir(t)
	store := fmt.Sprintf("STORAGE_URL=etcd://%s/test/%d?lease=%s&mark=", etcdtest.Shared(t).Addresses(), prefixes.Add(1), leaseOfOthers)
	on := func(machine string) []string {
		return append(slices.Clone(p.env), store+filepath.Join(folder, machine))
	}
	active, waits := on("active"), on("waits")
	p.env = active
	p.start()
	p.polled()
	p.connect(anna)
	out := typed(t, active, "q\n", "trial", "-account", vendorLogin)
	if !strings.Contains(out, "1) ▫️ Reading") {
		t.Errorf("the active bot says\n%s", out)
	}
	out, code := run(t, waits, "trial", "-account", vendorLogin, "-lang", "ru")
	if code != exitFailed || !strings.Contains(out, "Запустите эту команду на машине активного бота") {
		t.Errorf("where it is not active: %d %s", code, out)
	}
	if out, code := run(t, active, "backup", "-"); code != exitUsage || !strings.Contains(out, "only a store in a file") {
		t.Errorf("a copy of a cluster: %d %s", code, out)
	}
	p.stop()
	if exists(filepath.Join(folder, "active.sock")) {
		t.Error("the socket stays")
	}
}
