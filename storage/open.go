package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// DefaultURL is the store that an empty URL names.
const DefaultURL = "bolt:bot.db"

// backends are the kinds of stores by the scheme of their URLs. A backend checks the
// rest of its URL, and fails with [ErrURL]; its message must show none of the URL,
// since URLs can hold a password.
var backends = map[string]func(ctx context.Context, rest string) (Backend, error){
	"bolt": openBoltURL,
}

// Open opens the store that url names and creates it when there is none. "bolt:path"
// is a bbolt file, for one process, which is read from end to end to see that it is
// whole.
//
// Before anything is written the keyring is checked against the store. Errors:
// [ErrURL], [ErrLocked], [ErrDamaged], [ErrSealed] (a key is missing or is another
// one than the store was sealed with), [ErrSchema]. None of them changes the store.
// A store that was found damaged stays locked until the program ends.
func Open(ctx context.Context, url string, keys Keyring) (Store, error) {
	return OpenWith(ctx, url, keys, func(b Backend) Backend { return b })
}

// OpenWith is [Open] with something between the store and its engine: wrap is given
// the engine and returns the one that the store is put on.
func OpenWith(ctx context.Context, url string, keys Keyring, wrap func(Backend) Backend) (Store, error) {
	scheme, rest, err := split(url)
	if err != nil {
		return nil, err
	}
	open, known := backends[scheme]
	switch {
	case !known:
		return nil, fmt.Errorf("%w: unknown scheme %q; write bolt:path", ErrURL, scheme)
	case keys.empty():
		return nil, errNoKey
	}
	backend, err := open(ctx, rest)
	if err != nil {
		return nil, err
	}
	return New(ctx, wrap(backend), keys)
}

var errNoKey = errors.New("storage: no key to seal with")

// split returns the scheme of a URL, and the rest.
func split(url string) (scheme, rest string, err error) {
	if url == "" {
		url = DefaultURL
	}
	scheme, rest, found := strings.Cut(url, ":")
	if !found {
		return "", "", fmt.Errorf("%w: it has no scheme; write bolt:path", ErrURL)
	}
	return scheme, rest, nil
}

// openBoltURL opens the bbolt file of a "bolt:path" URL.
func openBoltURL(ctx context.Context, path string) (Backend, error) {
	if path == "" || strings.HasPrefix(path, "//") {
		return nil, fmt.Errorf("%w: it has no path; write bolt:path, as bolt:bot.db or bolt:/data/bot.db", ErrURL)
	}
	return openBolt(ctx, path)
}
