package storage_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"zomrobot/storage"
)

// A turn reads and writes in one function: all of it is kept, or nothing is.
func Example() {
	dir, err := os.MkdirTemp("", "store")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	key, err := storage.GenerateKey("2026")
	if err != nil {
		log.Fatal(err)
	}
	keys, err := storage.ParseKeys(key)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	store, err := storage.Open(ctx, "bolt:"+filepath.Join(dir, "bot.db"), keys)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = store.Close() }()

	type visits struct {
		Count int `json:"count"`
	}
	// The function may run more than once: it has no effect but through tx.
	visit := func(tx storage.Tx) error {
		v, _, err := storage.Get[visits](tx, "visits/42")
		if err != nil {
			return err
		}
		v.Count++
		return storage.Put(tx, "visits/42", v)
	}
	for range 2 {
		if err := store.Update(ctx, visit); err != nil {
			log.Fatal(err)
		}
	}
	v, found, err := storage.Read[visits](ctx, store, "visits/42")
	fmt.Println(v.Count, found, err)
	// Output: 2 true <nil>
}
