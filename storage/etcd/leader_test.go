package etcd_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"zomrobot/storage"
	"zomrobot/storage/etcd"
	"zomrobot/storage/etcd/etcdtest"
)

// add adds one to a number, in a transaction.
func add(ctx context.Context, b *etcd.Backend, key string) error {
	return b.Update(ctx, func(tx storage.Tx) error {
		value, err := tx.Get(key)
		if err != nil {
			return err
		}
		n := 0
		if value != nil {
			if n, err = strconv.Atoi(string(value)); err != nil {
				return err
			}
		}
		return tx.Put(key, []byte(strconv.Itoa(n+1)))
	})
}

// value returns what a key has, "" when there is none.
func value(t testing.TB, b *etcd.Backend, key string) string {
	t.Helper()
	var is []byte
	err := b.View(t.Context(), func(tx storage.Tx) (err error) {
		is, err = tx.Get(key)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(is)
}

func closed(t testing.TB, b *etcd.Backend) {
	t.Helper()
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}

// raw is a client of the cluster beside the engine.
func raw(t testing.TB, addresses ...string) *clientv3.Client {
	t.Helper()
	c, err := clientv3.New(clientv3.Config{Endpoints: addresses})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// leading has another process lead in the background: it is sent once it does.
func leading(t testing.TB, url string, marks chan<- int64) <-chan *etcd.Backend {
	t.Helper()
	c, leads := connect(t, url), make(chan *etcd.Backend, 1)
	go func() {
		b, err := c.Lead(t.Context(), func(n int64) error {
			if marks != nil {
				marks <- n
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		leads <- b
	}()
	return leads
}

func TestOneLeads(t *testing.T) {
	t.Parallel()
	cluster := etcdtest.Shared(t)
	t.Run("handed on", func(t *testing.T) {
		t.Parallel()
		url, marks := urlFor(t, cluster.Addresses(), kept), make(chan int64, 10)
		a := lead(t, url)
		if err := a.SaveMark(7); err != nil {
			t.Fatal(err)
		}
		if err := add(t.Context(), a, "n"); err != nil {
			t.Fatal(err)
		}
		other := connect(t, url)
		if _, err := other.TryLead(t.Context()); !errors.Is(err, storage.ErrLocked) {
			t.Errorf("a second one that does not wait: %v, want ErrLocked", err)
		}
		if err := other.Close(); err != nil {
			t.Error(err)
		}
		waits := leading(t, url, marks)
		if n := <-marks; n != 7 {
			t.Errorf("who waits was told of the mark %d, want 7", n)
		}
		if err := a.SaveMark(8); err != nil {
			t.Fatal(err)
		}
		if n := <-marks; n != 8 {
			t.Errorf("who waits was told of the mark %d, want 8", n)
		}
		select {
		case <-waits:
			t.Fatal("two lead")
		default:
		}
		closed(t, a)
		b := <-waits
		if got := value(t, b, "n"); got != "1" {
			t.Errorf("the next one reads %q, want 1", got)
		}
		closed(t, b)
		c, err := connect(t, url).TryLead(t.Context())
		if err != nil {
			t.Fatalf("nobody leads: %v", err)
		}
		closed(t, c)
	})
	t.Run("a mark that is none", func(t *testing.T) {
		t.Parallel()
		url, marks := urlFor(t, cluster.Addresses(), kept), make(chan int64, 10)
		config, err := etcd.Parse(url)
		if err != nil {
			t.Fatal(err)
		}
		a := lead(t, url)
		if err := a.SaveMark(7); err != nil {
			t.Fatal(err)
		}
		waits := func() <-chan error {
			ended, c := make(chan error, 1), connect(t, url)
			go func() {
				_, err := c.Lead(t.Context(), func(n int64) error { marks <- n; return nil })
				ended <- errors.Join(err, c.Close())
			}()
			return ended
		}
		told := waits()
		<-marks
		if _, err := raw(t, cluster.Addresses()).Put(t.Context(), config.Prefix+"mark", "seven"); err != nil {
			t.Fatal(err)
		}
		for name, ended := range map[string]<-chan error{"who waits": told, "who begins to wait": waits()} {
			if err := <-ended; !errors.Is(err, storage.ErrMark) {
				t.Errorf("%s ended with %v, want ErrMark", name, err)
			}
		}
		if err := a.SaveMark(8); err != nil {
			t.Errorf("who leads: %v", err)
		}
		leads := leading(t, url, marks)
		if n := <-marks; n != 8 {
			t.Errorf("who waits was told of the mark %d, want 8", n)
		}
		closed(t, a)
		closed(t, <-leads)
	})
	// What a process does that was stopped and does not know that its lease is over.
	t.Run("asleep", func(t *testing.T) {
		t.Parallel()
		url := urlFor(t, cluster.Addresses(), kept)
		asleep, still := connect(t, url), time.Now()
		asleep.SetClock(func() time.Time { return still })
		a, err := asleep.Lead(t.Context(), ignore)
		if err != nil {
			t.Fatal(err)
		}
		if err := add(t.Context(), a, "n"); err != nil {
			t.Fatal(err)
		}
		config, err := etcd.Parse(url)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := raw(t, cluster.Addresses()).Delete(t.Context(), config.Prefix+"leader"); err != nil {
			t.Fatal(err)
		}
		b := lead(t, url)
		if err := add(t.Context(), b, "n"); err != nil {
			t.Fatal(err)
		}
		if err := a.Leads(0); err != nil {
			t.Fatalf("its clock stands still, and it knows: %v", err)
		}
		if err := add(t.Context(), a, "n"); !errors.Is(err, storage.ErrLost) {
			t.Errorf("a commit of one that leads no more: %v, want ErrLost", err)
		}
		if err := a.SaveMark(9); !errors.Is(err, storage.ErrLost) {
			t.Errorf("the mark of one that leads no more: %v, want ErrLost", err)
		}
		<-a.Lost()
		if got := value(t, b, "n"); got != "2" {
			t.Errorf("n is %q, want 2", got)
		}
		closed(t, a)
		closed(t, b)
	})
	// An answer that is lost does not tell whether the commit was made.
	t.Run("no answer", func(t *testing.T) {
		t.Parallel()
		for _, mode := range []etcdtest.Mode{etcdtest.Deaf, etcdtest.Cut} {
			proxy := etcdtest.NewProxy(t, cluster.Addresses())
			log := make(lines, 100)
			a := leadWith(t, urlFor(t, proxy.Address, kept), log)
			if err := add(t.Context(), a, "n"); err != nil {
				t.Fatal(err)
			}
			proxy.Set(mode)
			done := make(chan error, 1)
			go func() { done <- add(t.Context(), a, "n") }()
			log.asksAgain(t)
			proxy.Set(etcdtest.Open)
			proxy.Reset()
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			if err := add(t.Context(), a, "n"); err != nil {
				t.Fatal(err)
			}
			if got := value(t, a, "n"); got != "3" {
				t.Errorf("after three commits, n is %s", got)
			}
			closed(t, a)
		}
	})
	// A request that was on its way for long comes after later commits.
	t.Run("late", func(t *testing.T) {
		t.Parallel()
		a := lead(t, urlFor(t, cluster.Addresses(), kept))
		for range 3 {
			if err := add(t.Context(), a, "n"); err != nil {
				t.Fatal(err)
			}
		}
		made, err := a.SendLate(t.Context(), 1, "n", "1")
		if err != nil || made {
			t.Errorf("the first commit was made again after the third: %v, %v", made, err)
		}
		again, err := a.SendLate(t.Context(), 3, "n", "3")
		if err != nil || again {
			t.Errorf("the third commit was made twice: %v, %v", again, err)
		}
		if err := add(t.Context(), a, "n"); err != nil {
			t.Error(err)
		}
		closed(t, a)
	})
	// A commit that was taken for failed is not taken for the next one when it was made.
	t.Run("made after all", func(t *testing.T) {
		t.Parallel()
		url := urlFor(t, cluster.Addresses(), kept)
		a := lead(t, url)
		if err := add(t.Context(), a, "n"); err != nil {
			t.Fatal(err)
		}
		if made, err := a.SendUnheard(t.Context(), "n", "5"); err != nil || !made {
			t.Fatalf("the second commit: %v, %v", made, err)
		}
		if err := add(t.Context(), a, "n"); !errors.Is(err, storage.ErrLost) {
			t.Errorf("a commit beside one that is not known of: %v, want ErrLost", err)
		}
		if err := a.Leads(0); !errors.Is(err, storage.ErrLost) {
			t.Errorf("it does not know what is there, and leads: %v", err)
		}
		closed(t, a)
		b := lead(t, url)
		if got := value(t, b, "n"); got != "5" {
			t.Errorf("n is %s, want 5", got)
		}
		closed(t, b)
	})
	t.Run("cut off", func(t *testing.T) {
		t.Parallel()
		proxy := etcdtest.NewProxy(t, cluster.Addresses())
		url := urlOf(t, cluster.Addresses())
		config, err := etcd.Parse(url)
		if err != nil {
			t.Fatal(err)
		}
		direct := config.Prefix
		a := lead(t, fmt.Sprintf("etcd://%s/%s?mark=x&lease=2s", proxy.Address, direct))
		if err := add(t.Context(), a, "n"); err != nil {
			t.Fatal(err)
		}
		waits := leading(t, url, nil)
		proxy.Set(etcdtest.Cut)
		if err := add(t.Context(), a, "n"); !errors.Is(err, storage.ErrLost) {
			t.Errorf("a commit without a cluster: %v, want ErrLost", err)
		}
		b := <-waits
		if err := a.Leads(0); !errors.Is(err, storage.ErrLost) {
			t.Errorf("the next one leads, and this one believes that it does: %v", err)
		}
		<-a.Lost()
		proxy.Set(etcdtest.Open)
		if err := add(t.Context(), a, "n"); !errors.Is(err, storage.ErrLost) {
			t.Errorf("a commit after it was cut off: %v, want ErrLost", err)
		}
		if got := value(t, b, "n"); got != "1" {
			t.Errorf("n is %s, want 1", got)
		}
		closed(t, a)
		closed(t, b)
	})
}

// TestWaitsForTheCluster: since when a cluster cannot be used, who waits says as long as it is so,
// and each attempt counts.
func TestWaitsForTheCluster(t *testing.T) {
	t.Parallel()
	proxy := etcdtest.NewProxy(t, etcdtest.Shared(t).Addresses())
	log := make(lines, 100)
	waits, retries := counting(t, urlOf(t, proxy.Address), log)
	proxy.Set(etcdtest.Cut)
	before, leads := time.Now(), make(chan *etcd.Backend, 1)
	go func() {
		b, err := waits.Lead(t.Context(), ignore)
		if err != nil {
			t.Error(err)
		}
		leads <- b
	}()
	log.says(t, "cannot be used yet")
	since := waits.Unusable()
	if since.Before(before) || since.After(time.Now()) {
		t.Errorf("it cannot be used since %v", since)
	}
	log.says(t, "still not be used")
	if still := waits.Unusable(); !still.Equal(since) {
		t.Errorf("it cannot be used since %v, and then since %v", since, still)
	}
	if n := retries.Load(); n < 2 {
		t.Errorf("%d attempts count, want two at least", n)
	}
	proxy.Set(etcdtest.Open)
	proxy.Reset()
	b := <-leads
	if since := waits.Unusable(); !since.IsZero() {
		t.Errorf("it is used, and cannot be since %v", since)
	}
	closed(t, b)
}

// TestClusterFails: what was committed is there, and once, whatever becomes of the members.
func TestClusterFails(t *testing.T) {
	t.Parallel()
	cluster := etcdtest.Start(t, 3)
	url := urlFor(t, cluster.Addresses(), 20*time.Second)
	log := make(lines, 100)
	counted, retries := counting(t, url, log)
	a, err := counted.Lead(t.Context(), ignore)
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	more := func(n int) {
		t.Helper()
		for range n {
			if err := add(t.Context(), a, "n"); err != nil {
				t.Fatal(err)
			}
			made++
		}
	}
	more(10)
	leader := cluster.Leader()
	leader.Kill()
	more(10)
	leader.Begin()
	leader.Ready()
	follower := cluster.Members()[0]
	if follower == cluster.Leader() {
		follower = cluster.Members()[1]
	}
	follower.Freeze()
	more(10)
	follower.Thaw()
	// Without a majority nothing is committed, and what waited is, once it is back.
	for _, m := range cluster.Members()[:2] {
		m.Kill()
	}
	log.forget()
	before, done := retries.Load(), make(chan error, 1)
	go func() { done <- add(t.Context(), a, "n") }()
	log.asksAgain(t)
	if retries.Load() == before {
		t.Error("a request that is made once more does not count")
	}
	for _, m := range cluster.Members()[:2] {
		m.Begin()
	}
	for _, m := range cluster.Members()[:2] {
		m.Ready()
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	made++
	more(10)
	closed(t, a)
	b := lead(t, url)
	if got := value(t, b, "n"); got != strconv.Itoa(made) {
		t.Errorf("%d were committed, and %s are there", made, got)
	}
	closed(t, b)
}

// TestTerm: it ends by the clock that went further, and does not begin again.
func TestTerm(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, later := range map[string]time.Time{
		"both clocks":         now.Add(10 * time.Second),
		"a machine asleep":    now.Round(0).Add(10 * time.Second), // the steady clock stood still: it is not in there
		"the wall is behind":  now.Add(10 * time.Second),
		"just before the end": now.Add(10*time.Second - 1),
	} {
		is := now
		term := etcd.NewTerm(10*time.Second, func() time.Time { return is })
		if term.Left() != 10*time.Second {
			t.Errorf("%s: %s is left at the beginning", name, term.Left())
		}
		is = later
		if over := term.Left() == 0; over != (name != "just before the end") {
			t.Errorf("%s: %s is left", name, term.Left())
		}
		if is = now; name != "just before the end" && term.Left() != 0 {
			t.Errorf("%s: it has begun again", name)
		}
	}
}
