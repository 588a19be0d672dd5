package storage_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"zomrobot/storage"
)

// TestFill: how many bytes of the file are taken for each that is kept, by keys that come
// in any order, as people do, and by keys that come in order, as what is numbered or kept
// by time. A few come in each transaction.
func TestFill(t *testing.T) {
	const commits, together, value = 500, 8, 50
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // people are any
	for _, order := range []struct {
		name string
		key  func(i int) string
		most float64
	}{
		{"any", func(int) string { return fmt.Sprintf("card/%d", int64(1e9)+random.Int64N(9e9)) }, 1.75},
		{"ascending", func(i int) string { return fmt.Sprintf("seen/%010d", i) }, 1.9},
	} {
		t.Run(order.name, func(t *testing.T) {
			raw, err := storage.OpenBolt(t.Context(), filepath.Join(t.TempDir(), "bot.db"))
			if err != nil {
				t.Fatal(err)
			}
			kept := 0
			for i := range commits {
				err := raw.Update(t.Context(), func(tx storage.Tx) (err error) {
					for j := range together {
						key := order.key(together*i + j)
						kept += len(key) + value + 16 // bbolt's own, of each record
						err = errors.Join(err, tx.Put(key, make([]byte, value)))
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			var size counter
			err = raw.(interface {
				Backup(ctx context.Context, w io.Writer) error
			}).Backup(t.Context(), &size)
			if err != nil {
				t.Fatal(err)
			}
			if err := raw.Close(); err != nil {
				t.Fatal(err)
			}
			if times := float64(size) / float64(kept); times > order.most {
				t.Errorf("it takes %.2f times what is kept, want at most %.2f", times, order.most)
			}
		})
	}
}

// counter counts what is written.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
