package storage

import (
	"context"
)

// What the tests of this folder need of the inside.
var (
	OpenBolt = openBolt
	Split    = split
)

// Unseal opens a sealed value.
func (k Keyring) Unseal(key string, sealed []byte) ([]byte, error) { return k.open(key, sealed) }

// Seal seals a value.
func (k Keyring) Seal(key string, value []byte) ([]byte, error) { return k.seal(key, value) }

// NewWith is New with other migrations.
func NewWith(ctx context.Context, engine Backend, keys Keyring, steps ...func(context.Context, Store) error) (Store, error) {
	all := make([]migration, len(steps))
	for i, step := range steps {
		all[i] = step
	}
	return newStore(ctx, engine, keys, all)
}
