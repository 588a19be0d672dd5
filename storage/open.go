package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// DefaultURL is the store that an empty URL names.
const DefaultURL = "bolt:bot.db"

// Open opens the store that url names and creates it when there is none. The
// one scheme that is known here is "bolt:path": a bbolt file, for one process. It
// is read from end to end to see that it is whole.
//
// Before anything is written the keyring is checked against the store. Errors:
// [ErrURL], [ErrLocked], [ErrDamaged], [ErrSealed] (a key is missing or is another
// one than the store was sealed with), [ErrSchema]. None of them changes the store.
// A store that was found damaged stays locked until the program ends.
func Open(ctx context.Context, url string, keys Keyring) (Store, error) {
	path, err := boltPath(url)
	if err != nil {
		return nil, err
	}
	if keys.empty() {
		return nil, errNoKey
	}
	engine, err := openBolt(ctx, path)
	if err != nil {
		return nil, err
	}
	return New(ctx, engine, keys)
}

var errNoKey = errors.New("storage: no key to seal with")

// boltPath returns the path of a "bolt:path" URL. Errors show the scheme alone,
// since other URLs can hold a password.
func boltPath(url string) (string, error) {
	if url == "" {
		url = DefaultURL
	}
	scheme, path, found := strings.Cut(url, ":")
	switch {
	case !found:
		return "", fmt.Errorf("%w: it has no scheme; write bolt:path", ErrURL)
	case scheme != "bolt":
		return "", fmt.Errorf("%w: unknown scheme %q; write bolt:path", ErrURL, scheme)
	case path == "" || strings.HasPrefix(path, "//"):
		return "", fmt.Errorf("%w: it has no path; write bolt:path, as bolt:bot.db or bolt:/data/bot.db", ErrURL)
	}
	return path, nil
}
