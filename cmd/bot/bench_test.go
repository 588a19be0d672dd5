package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"zomrobot/telegram/emulator/crowd"
)

// What the benchmarks can be told. How many rounds they take says -benchtime 3x.
var (
	benchWindow = flag.Duration("window", time.Second, "of the benchmarks: how long people tap at each bot in a round")
	benchDisk   = flag.Duration("sync", 5*time.Millisecond, "of the benchmarks: how much longer a sync takes on the slow disk")
	benchDrafts = flag.Int("drafts", 100_000, "of the benchmarks: how many drafts the large store has")
)

const (
	benchWarm    = 300 * time.Millisecond // people tap before they are measured
	benchPatient = 2 * time.Minute        // with one round of one bot
)

// rush is how people tap.
type rush struct {
	people          int
	sync, roundTrip time.Duration
}

func (s rush) String() string {
	name := fmt.Sprintf("people=%d", s.people)
	if s.sync > 0 {
		name += ",sync=" + s.sync.String()
	}
	if s.roundTrip > 0 {
		name += ",roundtrip=" + s.roundTrip.String()
	}
	return name
}

// words says it for the table.
func (s rush) words() string {
	words := fmt.Sprintf("%d people", s.people)
	if s.people == 1 {
		words = "1 person"
	}
	if s.sync > 0 {
		words += fmt.Sprintf(", a sync takes %s more", s.sync)
	}
	if s.roundTrip > 0 {
		words += fmt.Sprintf(", a call takes %s more", s.roundTrip)
	}
	return words
}

// BenchmarkTaps compares the bot with its peers, each a process of its own, turn about
// in rounds of one run: people turn the page of a list, and tap again as soon as their
// card has changed. What the driver's own server takes is measured beside it.
func BenchmarkTaps(b *testing.B) {
	for _, s := range []rush{
		{people: 1},
		{people: 50},
		{people: 1000},
		{people: 1, sync: *benchDisk},
		{people: 50, sync: *benchDisk},
		{people: 1, roundTrip: 50 * time.Millisecond},
		{people: 50, roundTrip: 50 * time.Millisecond},
	} {
		b.Run(s.String(), func(b *testing.B) { s.compare(b) })
	}
}

// seat is a bot with its own people.
type seat struct {
	name   string
	people *crowd.Crowd
	url    string
	ids    []int64
	bot    *crowd.Bot
	rounds []tapRound
}

// tapRound is what came of one round of one bot.
type tapRound struct {
	crowd.Round
	used crowd.Counts
	bare time.Duration // from a request to the server to its answer
}

// seats starts the bot and its peers. The bot is the first.
func (s rush) seats(b *testing.B) []*seat {
	b.Helper()
	peers := buildPeers(b)
	peer := func(name, library, keep string) *seat {
		return s.sit(b, name, func(t *seat) *exec.Cmd {
			return exec.Command(peers, "-api", t.url, "-library", library, "-keep", keep,
				"-store", filepath.Join(b.TempDir(), "sessions.db"), "-sync", s.sync.String())
		}, (*seat).greet)
	}
	seats := []*seat{
		s.bot(b, false),
		peer("go-telegram/bot, bbolt Update", "go-telegram", "update"),
		peer("go-telegram/bot, bbolt Batch", "go-telegram", "batch"),
		peer("telebot, bbolt Update", "telebot", "update"),
		peer("go-telegram/bot, keeps nothing", "go-telegram", "nothing"),
	}
	if s.roundTrip > 0 { // else there is nothing in which they differ
		seats = append(seats, s.bot(b, true))
	}
	return seats
}

// bot starts the bot, with drafts in its store. It polls, or has a webhook.
func (s rush) bot(b testing.TB, webhook bool) *seat {
	b.Helper()
	d, err := template()
	if err != nil {
		b.Fatal(err)
	}
	name := "zomrobot"
	if webhook {
		name += ", webhook"
	}
	return s.sit(b, name, func(t *seat) *exec.Cmd {
		command := measuredBot(d.store(b, s.people), d.key, t.url, d.vendor.url, s.sync)
		if webhook {
			file := filepath.Join(b.TempDir(), "serves")
			command.Env = append(command.Env, benchServes+"="+file,
				"TELEGRAM_WEBHOOK_URL=https://bench.example.com/hook", "TELEGRAM_WEBHOOK_SECRET=bench")
			t.people.Serves(func() (string, error) {
				address, err := os.ReadFile(filepath.Clean(file))
				return string(address), err
			})
		}
		return command
	}, func(t *seat, _ context.Context) error {
		d.see(t.people, t.ids)
		return nil
	})
}

// sit starts a bot and has its people come to where they tap.
func (s rush) sit(b testing.TB, name string, command func(*seat) *exec.Cmd, come func(*seat, context.Context) error) *seat {
	b.Helper()
	t := &seat{name: name, people: crowd.New(s.roundTrip), ids: crowdOf(s.people)}
	server := httptest.NewServer(t.people)
	t.url = server.URL
	b.Cleanup(server.Close)
	b.Cleanup(t.people.Close)
	var err error
	if t.bot, err = crowd.Start(command(t)); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := t.bot.Stop(); err != nil {
			b.Errorf("%s: %v", name, err)
		}
	})
	ctx, cancel := context.WithTimeout(b.Context(), benchPatient)
	defer cancel()
	if err := errors.Join(t.people.Until(ctx, func() bool { return t.people.Polls() > 0 }), come(t, ctx)); err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	return t
}

// greet has everybody come to a peer for the first time.
func (t *seat) greet(ctx context.Context) error {
	for _, id := range t.ids {
		if err := t.people.Say(id, "/start"); err != nil {
			return err
		}
	}
	for _, id := range t.ids {
		if err := awaitShown(ctx, t.people, id, nextPage); err != nil {
			return err
		}
	}
	return nil
}

// tap has the people of a bot tap for a while.
func (t *seat) tap(b testing.TB, during time.Duration) tapRound {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), benchPatient)
	defer cancel()
	before, err := t.bot.Rested()
	if err != nil {
		b.Fatalf("%s: %v", t.name, err)
	}
	round, err := t.people.Run(ctx, t.ids, nextPage, during)
	if err != nil {
		b.Fatalf("%s: %v", t.name, err)
	}
	if round.Shown != len(round.All) {
		b.Fatalf("%s: %d cards were shown for %d taps", t.name, round.Shown, len(round.All))
	}
	after, err := t.bot.Rested()
	if err != nil {
		b.Fatalf("%s: %v", t.name, err)
	}
	return tapRound{Round: round, used: after.Less(before)}
}

// bare measures the driver's own server: a request to it and back.
func (t *seat) bare(b testing.TB) time.Duration {
	b.Helper()
	const most, within = 200, 200 * time.Millisecond
	var took []float64
	for began := time.Now(); len(took) < 2 || len(took) < most && time.Since(began) < within; {
		sent := time.Now()
		request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, t.url+"/bot1:x/answerCallbackQuery", http.NoBody)
		if err != nil {
			b.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			b.Fatal(err)
		}
		if err := answer.Body.Close(); err != nil {
			b.Fatal(err)
		}
		took = append(took, float64(time.Since(sent)))
	}
	return time.Duration(median(took))
}

func (s rush) compare(b *testing.B) {
	seats := s.seats(b)
	during := *benchWindow
	switch {
	case s.people >= 1000: // everybody has to come to their turn
		during *= 3
	case s.roundTrip > 0: // there are few turns
		during *= 2
	}
	for _, t := range seats {
		t.tap(b, benchWarm)
	}
	n := 0
	for b.Loop() {
		for i := range seats { // another one begins each round
			t := seats[(i+n)%len(seats)]
			bare := t.bare(b)
			round := t.tap(b, during)
			round.bare = bare
			t.rounds = append(t.rounds, round)
		}
		n++
	}
	result := tableOf(tapTitle,
		"people", "bot", "turns/s", "× zomrobot", "zomrobot ×", "p50 ms", "p90 ms", "p99 ms", "bare ms",
		"syncs", "commits", "pages", "kB written", "allocations", "kB allocated", "CPU ms")
	for _, t := range seats {
		each := func(measure func(tapRound) float64) string { return figure(over(t.rounds, measure)) }
		used := func(measure func(crowd.Counts) float64) string {
			return each(func(r tapRound) float64 { return measure(r.used) / float64(len(r.All)) })
		}
		ratios := make([]float64, n)
		for i := range ratios {
			ratios[i] = t.rounds[i].Rate() / seats[0].rounds[i].Rate()
		}
		result.add(
			s.words(), t.name, each(tapRound.rate), figure(median(ratios)), figure(1/median(ratios)),
			each(func(r tapRound) float64 { return milliseconds(r.Quantile(0.5)) }),
			each(func(r tapRound) float64 { return milliseconds(r.Quantile(0.9)) }),
			each(func(r tapRound) float64 { return milliseconds(r.Quantile(0.99)) }),
			each(func(r tapRound) float64 { return milliseconds(r.bare) }),
			used(func(c crowd.Counts) float64 { return float64(c.Syncs) }),
			used(func(c crowd.Counts) float64 { return float64(c.Commits) }),
			used(func(c crowd.Counts) float64 { return float64(c.Pages) }),
			used(func(c crowd.Counts) float64 { return float64(c.Bytes) / 1000 }),
			used(func(c crowd.Counts) float64 { return float64(c.Allocations) }),
			used(func(c crowd.Counts) float64 { return float64(c.Allocated) / 1000 }),
			used(func(c crowd.Counts) float64 { return milliseconds(c.CPU) }),
		)
	}
	b.ReportMetric(over(seats[0].rounds, tapRound.rate), "turns/s")
	b.ReportMetric(over(seats[0].rounds, func(r tapRound) float64 { return milliseconds(r.Quantile(0.5)) }), "p50-ms")
	b.ReportMetric(0, "ns/op") // of a round of all of them, which says nothing
}

func (r tapRound) rate() float64 { return r.Rate() }

// buildPeers builds the peers and returns where they are.
func buildPeers(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "peers")
	build := exec.CommandContext(b.Context(), "go", "build", "-o", path, ".")
	build.Dir = "peers"
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build the peers: %v\n%s", err, out)
	}
	return path
}

// TestPeopleTapAtTheBot: what the benchmarks measure is there. Two people, whose
// records are made of a third's, turn pages, and what it took is told.
func TestPeopleTapAtTheBot(t *testing.T) {
	t.Parallel()
	for name, webhook := range map[string]bool{"polls": false, "webhook": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			holdTaps(t, rush{people: 2}.bot(t, webhook))
		})
	}
}

func holdTaps(t *testing.T, s *seat) {
	t.Helper()
	round := s.tap(t, 100*time.Millisecond)
	taps, used := int64(len(round.All)), round.used
	if taps < 2 || round.Quantile(0.99) < round.Quantile(0.5) || !slices.IsSorted(round.All) {
		t.Errorf("%d cards for two people, within %s and %s", taps, round.Quantile(0.5), round.Quantile(0.99))
	}
	if used.Commits < 1 || used.Syncs < 2*used.Commits || used.Pages < 2*used.Commits || used.Bytes < 4096*used.Pages {
		t.Errorf("%d turns were written as %+v", taps, used.Disk)
	}
	if used.Allocations < taps || used.Allocated < used.Allocations {
		t.Errorf("%d turns took %d allocations of %d bytes", taps, used.Allocations, used.Allocated)
	}
}
