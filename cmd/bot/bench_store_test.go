package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"zomrobot/storage"
	"zomrobot/storage/etcd"
	"zomrobot/storage/etcd/etcdtest"
	"zomrobot/storage/storagetest"
	"zomrobot/telegram/emulator/crowd"
	"zomrobot/zomro/sandbox"
)

// BenchmarkStore compares, without HTTP and without the bot, what a turn writes: bbolt
// alone with a session of each person, and the sealed store with the commits that a
// real turn makes. So many people do it beside each other, each one turn after another.
func BenchmarkStore(b *testing.B) {
	for _, s := range []rush{
		{people: 1},
		{people: 8},
		{people: 50},
		{people: 1000},
		{people: 1, sync: *benchDisk},
		{people: 50, sync: *benchDisk},
	} {
		b.Run(s.String(), func(b *testing.B) { s.compareStores(b) })
	}
}

// shelf is a way to keep what a turn changes.
type shelf struct {
	name   string
	turn   func(ctx context.Context, person int) error
	disk   func() crowd.Disk
	rounds []tapRound
}

func (s rush) compareStores(b *testing.B) {
	shelves := []*shelf{
		s.ours(b),
		s.boltShelf(b, "bbolt Update, one session", (*bbolt.DB).Update),
		s.boltShelf(b, "bbolt Batch, one session", (*bbolt.DB).Batch),
	}
	if s.sync == 0 { // the cluster's disks are not slowed down
		shelves = append(shelves, s.cluster(b))
	}
	for _, f := range shelves {
		f.run(b, s.people, benchWarm)
	}
	n := 0
	for b.Loop() {
		for i := range shelves {
			f := shelves[(i+n)%len(shelves)]
			f.rounds = append(f.rounds, f.run(b, s.people, *benchWindow/2))
		}
		n++
	}
	result := tableOf(storeTitle,
		"people", "store", "turns/s", "× zomrobot", "zomrobot ×", "p50 ms", "p99 ms", "syncs", "commits", "pages", "kB written")
	for _, f := range shelves {
		each := func(measure func(tapRound) float64) string { return figure(over(f.rounds, measure)) }
		used := func(measure func(crowd.Disk) float64) string {
			return each(func(r tapRound) float64 { return measure(r.used.Disk) / float64(len(r.All)) })
		}
		ratios := make([]float64, n)
		for i := range ratios {
			ratios[i] = f.rounds[i].Rate() / shelves[0].rounds[i].Rate()
		}
		result.add(
			s.words(), f.name, each(tapRound.rate), figure(median(ratios)), figure(1/median(ratios)),
			each(func(r tapRound) float64 { return milliseconds(r.Quantile(0.5)) }),
			each(func(r tapRound) float64 { return milliseconds(r.Quantile(0.99)) }),
			used(func(c crowd.Disk) float64 { return float64(c.Syncs) }),
			used(func(c crowd.Disk) float64 { return float64(c.Commits) }),
			used(func(c crowd.Disk) float64 { return float64(c.Pages) }),
			used(func(c crowd.Disk) float64 { return float64(c.Bytes) / 1000 }),
		)
	}
	b.ReportMetric(over(shelves[0].rounds, tapRound.rate), "turns/s")
	b.ReportMetric(0, "ns/op") // of a round of all of them, which says nothing
}

// run has people make turns for a while. Each ends the turn that they have begun.
func (f *shelf) run(b *testing.B, people int, during time.Duration) tapRound {
	b.Helper()
	before, began := f.disk(), time.Now()
	var over atomic.Bool
	var mu sync.Mutex
	var all []time.Duration
	var failed error
	var group sync.WaitGroup
	for person := range people {
		group.Go(func() {
			var mine []time.Duration
			var err error
			for err == nil && !over.Load() {
				turn := time.Now()
				err = f.turn(b.Context(), person)
				mine = append(mine, time.Since(turn))
			}
			mu.Lock()
			defer mu.Unlock()
			all, failed = append(all, mine...), errors.Join(failed, err)
		})
	}
	time.AfterFunc(during, func() { over.Store(true) })
	group.Wait()
	if failed != nil {
		b.Fatalf("%s: %v", f.name, failed)
	}
	during = time.Since(began)
	slices.Sort(all)
	after := crowd.Counts{Disk: f.disk()}
	return tapRound{
		Round: crowd.Round{Turns: len(all), During: during, All: all},
		used:  after.Less(crowd.Counts{Disk: before}),
	}
}

// boltShelf is a bare file of bbolt.
func (s rush) boltShelf(b *testing.B, name string, write func(*bbolt.DB, func(*bbolt.Tx) error) error) *shelf {
	b.Helper()
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "sessions.db"), 0o600, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	db.MaxBatchDelay = time.Millisecond // the default is 10, in which one person alone waits
	bucket := []byte("sessions")
	if err := db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket(bucket)
		return err
	}); err != nil {
		b.Fatal(err)
	}
	type session struct {
		Page, Taps int
		Step       string
		Since      time.Time
		Chosen     map[string]string
	}
	last := 0 // transaction, of the writer alone
	var commits atomic.Int64
	return &shelf{
		name: name,
		turn: func(_ context.Context, person int) error {
			key := []byte(fmt.Sprintf("%08d", person))
			return write(db, func(tx *bbolt.Tx) error {
				if last != tx.ID() { // the first of those that share a transaction
					last = tx.ID()
					tx.OnCommit(func() { commits.Add(1) })
					time.Sleep(2 * s.sync) // it is the disk that takes so long
				}
				kept := session{Step: "plan", Since: time.Now(), Chosen: map[string]string{
					"datacenter": "17", "country": "Netherlands", "currency": "EUR", "period": "1", "key": "laptop", "image": "Ubuntu 22.04",
				}}
				if text := tx.Bucket(bucket).Get(key); text != nil {
					if err := json.Unmarshal(text, &kept); err != nil {
						return err
					}
				}
				kept.Page, kept.Taps = 1-kept.Page, kept.Taps+1
				text, err := json.Marshal(kept)
				if err != nil {
					return err
				}
				return tx.Bucket(bucket).Put(key, text)
			})
		},
		disk: func() crowd.Disk {
			stats, n := db.Stats().TxStats, commits.Load()
			return crowd.Disk{
				Commits: n, Syncs: 2 * n,
				Pages: stats.GetPageCount() + n, Bytes: stats.GetPageAlloc() + n*int64(db.Info().PageSize),
			}
		},
	}
}

// sealing is how many bytes a sealed value has more than the value: see storage.
const sealing = 2 + len("bench") + 24 + 16

// ours is the sealed store, in which a turn does what a real one did.
func (s rush) ours(b *testing.B) *shelf {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bot.db")
	var meter *storagetest.Meter
	store, err := storage.OpenWith(b.Context(), "bolt:"+path, storagetest.Keys(b, storagetest.Key(b, "bench")), func(engine storage.Backend) storage.Backend {
		meter = storagetest.NewMeter(engine, path)
		return meter
	})
	if err != nil {
		b.Fatal(err)
	}
	meter.Slow(s.sync)
	return s.sealed(b, "zomrobot, what a turn writes", store, meter)
}

// cluster is the same on etcd, with three members on this machine and its disk.
func (s rush) cluster(b *testing.B) *shelf {
	b.Helper()
	url := fmt.Sprintf("etcd://%s/bench?mark=%s", etcdtest.StartOnDisk(b, 3).Addresses(), filepath.Join(b.TempDir(), "mark"))
	config, err := etcd.Parse(url)
	if err != nil {
		b.Fatal(err)
	}
	lead, err := etcd.Connect(config, slog.New(slog.DiscardHandler)).TryLead(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	meter := storagetest.NewMeter(lead, "")
	store, err := storage.New(b.Context(), meter, storagetest.Keys(b, storagetest.Key(b, "bench")))
	if err != nil {
		b.Fatal(err)
	}
	return s.sealed(b, "the same, on etcd with three members here", store, meter)
}

// sealed is a sealed store in which a turn does what a real one did.
func (s rush) sealed(b *testing.B, name string, store storage.Store, meter *storagetest.Meter) *shelf {
	b.Helper()
	commits := realTurn(b)
	var tails sync.WaitGroup
	b.Cleanup(func() {
		tails.Wait()
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	})
	var turns atomic.Int64
	return &shelf{
		name: name,
		turn: func(ctx context.Context, person int) error {
			turn := turns.Add(1)
			for i, commit := range commits {
				write := func(tx storage.Tx) error { return replay(tx, commit, person, turn) }
				if i == 0 {
					if err := store.Update(ctx, write); err != nil {
						return err
					}
					continue
				}
				// What follows an edit waits for nobody, and nobody for it.
				tails.Go(func() {
					if err := store.Soon(ctx, write); err != nil {
						b.Error(err)
					}
				})
			}
			return nil
		},
		disk: func() crowd.Disk {
			counts := meter.Counts()
			return crowd.Disk{Commits: counts.Commits, Syncs: counts.Syncs, Pages: counts.Pages, Bytes: counts.Bytes}
		},
	}
}

// realTurn records the commits of a tap that turns the page of the list of plans.
func realTurn(t testing.TB) []storagetest.Commit {
	t.Helper()
	meter := &metered{}
	w := newWorldOf(t, sandbox.Config{}, func(p *Program) { meter.on(p) })
	w.login(anna)
	w.say(anna, "/order")
	w.tap(anna, words["choose"][anna])
	w.tap(anna, "🇳🇱 Netherlands-3")
	w.tap(anna, nextPage)
	meter.store.Record(true)
	w.tap(anna, nextPage)
	commits := meter.store.Record(false)
	if len(commits) == 0 {
		t.Fatal("a tap has written nothing")
	}
	return commits
}

// numbered is what differs in the keys of two turns: a post's number, a time, and the
// number of an update behind its day.
var numbered = regexp.MustCompile(`\d{20}|\d+$`)

// replay does what a commit did, for another person and turn.
func replay(tx storage.Tx, commit storagetest.Commit, person int, turn int64) error {
	for _, o := range commit {
		key := o.Key
		if strings.Contains(key, strconv.Itoa(anna)) {
			key = strings.ReplaceAll(key, strconv.Itoa(anna), strconv.FormatInt(firstPerson+int64(person), 10))
		}
		if !strings.HasPrefix(key, "dialogue/") && !strings.HasPrefix(key, "card/") {
			key = numbered.ReplaceAllString(key, fmt.Sprintf("%020d", turn))
		}
		var err error
		switch o.Kind {
		case storagetest.Got:
			_, err = tx.Get(key)
		case storagetest.Put:
			// Another value each time, for what is there already is not written, and one that
			// takes as many bytes as it did.
			value := make([]byte, max(8, o.Bytes-sealing))
			_, _ = rand.NewChaCha8([32]byte(fmt.Appendf(nil, "%032d", turn))).Read(value)
			err = tx.Put(key, value)
		case storagetest.Deleted:
			err = tx.Delete(key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
