package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"zomrobot/storage"
	"zomrobot/telegram/emulator/crowd"
	"zomrobot/zomro/sandbox"
)

// nextPage is the button that turns a page of a list.
const nextPage = "›"

// firstPerson is the id of the first of a crowd, whose records the others' are made
// of. It occurs in no other number.
const firstPerson int64 = 7_000_000_001

// crowdOf are the ids of so many people.
func crowdOf(n int) []int64 {
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = firstPerson + int64(i)
	}
	return ids
}

// benchVendor is the vendor of a benchmark's bots, which takes its time for a call.
type benchVendor struct {
	*sandbox.Sandbox
	url     string
	latency atomic.Int64 // nanoseconds
}

func newBenchVendor() *benchVendor {
	v := &benchVendor{Sandbox: sandbox.New(sandbox.Config{ActivationDelay: time.Hour})}
	v.url = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Duration(v.latency.Load())) // it is the vendor who takes so long
		v.ServeHTTP(w, r)
	})).URL
	return v
}

// draft is a person in the middle of an order, as the bot keeps them: the list of plans
// is open.
type draft struct {
	vendor  *benchVendor // serves until the process ends
	key     string
	records []record
	screen  []crowd.Message // what the person sees
}

type record struct {
	key   string
	value []byte
}

// template is the draft that all are made of.
var template = sync.OnceValues(func() (*draft, error) {
	d := &draft{vendor: newBenchVendor()}
	folder, err := os.MkdirTemp("", "zomrobot-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if d.key, err = storage.GenerateKey("bench"); err != nil {
		return nil, err
	}
	people := crowd.New(0)
	defer people.Close()
	server := httptest.NewServer(people)
	defer server.Close()
	path := filepath.Join(folder, "bot.db")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	bot, err := crowd.Start(measuredBot(path, d.key, server.URL, d.vendor.url, 0))
	if err != nil {
		return nil, err
	}
	err = d.begin(ctx, people)
	if err == nil {
		_, err = bot.Rested()
	}
	if err := errors.Join(err, bot.Stop()); err != nil {
		return nil, err
	}
	d.screen = people.Messages(firstPerson)
	return d, d.read(ctx, path)
})

// measuredBot is the command of the bot beside its peers.
func measuredBot(path, key, chats, vendor string, slow time.Duration) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	c := exec.Command(self) //nolint:noctx // it is stopped
	c.Env = append(botEnv(path, key, chats, vendor), benchSync+"="+slow.String())
	return c
}

func botEnv(path, key, chats, vendor string) []string {
	return []string{
		"TELEGRAM_TOKEN=" + worldToken, "TELEGRAM_API_URL=" + chats, "ZOMRO_API_URL=" + vendor,
		"STORAGE_URL=bolt:" + path, "STORAGE_KEYS=" + key, "HTTP_ADDR=127.0.0.1:0",
	}
}

// begin has the first person log in and go to the list of plans.
func (d *draft) begin(ctx context.Context, people *crowd.Crowd) error {
	login := loginOf(firstPerson)
	d.vendor.AddAccount(login, vendorPassword, eur(1000))
	if err := logIn(ctx, people, firstPerson, login); err != nil {
		return err
	}
	return errors.Join(
		people.Say(firstPerson, "/order"),
		tapWhenThere(ctx, people, firstPerson, words["choose"][anna]),
		tapWhenThere(ctx, people, firstPerson, "🇳🇱 Netherlands-3"),
		awaitShown(ctx, people, firstPerson, nextPage),
	)
}

func loginOf(person int64) string { return fmt.Sprintf("person-%d@example.com", person) }

func logIn(ctx context.Context, people *crowd.Crowd, person int64, login string) error {
	return errors.Join(
		people.Say(person, "/login"),
		tapWhenThere(ctx, people, person, words["login and password"][anna]),
		people.Say(person, login),
		people.Say(person, vendorPassword),
		awaitShown(ctx, people, person, words["logged in"][anna]),
	)
}

// awaitShown waits until a person sees a button with a label, or a text.
func awaitShown(ctx context.Context, people *crowd.Crowd, person int64, want string) error {
	return await(ctx, people, person, want, func(m crowd.Message) bool {
		return hasButton(m.Button(want)) || strings.Contains(m.Text, want)
	})
}

// await waits until a person sees a message that is the one; want says which.
func await(ctx context.Context, people *crowd.Crowd, person int64, want string, is func(crowd.Message) bool) error {
	err := people.Until(ctx, func() bool { return slices.ContainsFunc(people.Messages(person), is) })
	if err != nil {
		return fmt.Errorf("person %d does not see %q: %w; but %+v", person, want, err, people.Messages(person))
	}
	return nil
}

func tapWhenThere(ctx context.Context, people *crowd.Crowd, person int64, label string) error {
	there := func(m crowd.Message) bool { return hasButton(m.Button(label)) }
	return errors.Join(await(ctx, people, person, label, there), people.Tap(person, label))
}

// read reads all records of a store.
func (d *draft) read(ctx context.Context, path string) error {
	keys, err := storage.ParseKeys(d.key)
	if err != nil {
		return err
	}
	s, err := storage.Open(ctx, "bolt:"+path, keys)
	if err != nil {
		return err
	}
	err = s.Scan(ctx, "", "", func(key string, value []byte) (bool, error) {
		d.records = append(d.records, record{key, value})
		return true, nil
	})
	return errors.Join(err, s.Close())
}

// store makes a store in which so many people have the draft, and returns its path. A
// record in whose key a person occurs is kept for each of them, another one once.
func (d *draft) store(b testing.TB, people int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bot.db")
	keys, err := storage.ParseKeys(d.key)
	if err != nil {
		b.Fatal(err)
	}
	s, err := storage.Open(b.Context(), "bolt:"+path, keys)
	if err != nil {
		b.Fatal(err)
	}
	const together = 200 // people in a commit, which takes no more than storage.MostWrites keys
	for first := 0; first < people; first += together {
		err := s.Update(b.Context(), func(tx storage.Tx) error {
			for i := first; i < min(first+together, people); i++ {
				if err := d.put(tx, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// put writes the records of one person.
func (d *draft) put(tx storage.Tx, i int) error {
	first, id := strconv.FormatInt(firstPerson, 10), strconv.FormatInt(firstPerson+int64(i), 10)
	for _, r := range d.records {
		if i > 0 && !strings.Contains(r.key, first) {
			continue
		}
		value := []byte(strings.ReplaceAll(string(r.value), first, id))
		if err := tx.Put(strings.ReplaceAll(r.key, first, id), value); err != nil {
			return err
		}
	}
	return nil
}

// see makes people see what the first person sees.
func (d *draft) see(people *crowd.Crowd, ids []int64) {
	first := strconv.FormatInt(firstPerson, 10)
	for _, id := range ids {
		for _, m := range d.screen {
			m.Buttons = append([]crowd.Button(nil), m.Buttons...)
			for i := range m.Buttons {
				m.Buttons[i].Data = strings.ReplaceAll(m.Buttons[i].Data, first, strconv.FormatInt(id, 10))
			}
			people.Put(id, m)
		}
	}
}
