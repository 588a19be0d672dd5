package storage_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"zomrobot/storage"
	"zomrobot/storage/storagetest"
)

// turn does what a turn of the dialogue does: it recognises a duplicate, moves
// the state, writes what must be sent and removes the update. Each value has about
// 1 KiB.
func turn(tx storage.Tx, n int, value []byte) error {
	if _, err := tx.Get(fmt.Sprintf("seen/%d", n)); err != nil {
		return err
	}
	if _, err := tx.Get("dialogue/1/0/1"); err != nil {
		return err
	}
	for _, key := range []string{"dialogue/1/0/1", fmt.Sprintf("seen/%d", n%1000), fmt.Sprintf("outbox/%d", n%10)} {
		if err := tx.Put(key, value); err != nil {
			return err
		}
	}
	return tx.Delete(fmt.Sprintf("inbox/%d", n))
}

// BenchmarkTurn measures turns on a bare engine and on a sealed store in one run,
// turn about, and the ratio of the two.
func BenchmarkTurn(b *testing.B) {
	open := func() storage.Backend {
		engine, err := storage.OpenBolt(b.Context(), filepath.Join(b.TempDir(), "bot.db"))
		if err != nil {
			b.Fatal(err)
		}
		return engine
	}
	plain := open()
	sealed, err := storage.New(b.Context(), open(), storagetest.Keys(b, storagetest.Key(b, "test")))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _, _ = plain.Close(), sealed.Close() }()

	value := make([]byte, 1024)
	var took [2]time.Duration
	n := 0
	for b.Loop() {
		for i, update := range []func(context.Context, func(storage.Tx) error) error{plain.Update, sealed.Update} {
			start := time.Now()
			if err := update(b.Context(), func(tx storage.Tx) error { return turn(tx, n, value) }); err != nil {
				b.Fatal(err)
			}
			took[i] += time.Since(start)
		}
		n++
	}
	b.ReportMetric(float64(took[0].Nanoseconds())/float64(n), "ns/plain-turn")
	b.ReportMetric(float64(took[1].Nanoseconds())/float64(n), "ns/sealed-turn")
	b.ReportMetric(float64(took[1])/float64(took[0]), "sealed/plain")
}
