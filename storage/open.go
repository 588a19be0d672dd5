package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// DefaultURL is the store that an empty URL names.
const DefaultURL = "bolt:bot.db"

// A kind of stores. It checks the rest of its URLs, and fails with [ErrURL]; its message
// must show none of the URL, since URLs can hold a password.
type kind struct {
	open    func(ctx context.Context, rest string) (Backend, error)
	inspect func(ctx context.Context, rest string) error
}

// kinds are the kinds of stores by the scheme of their URLs.
var kinds = map[string]kind{"bolt": {open: openBoltURL, inspect: inspectBoltURL}}

// Open opens the store that url names and creates it when there is none. "bolt:path"
// is a bbolt file, for one process. It takes as long for a large store as for a small
// one: what every transaction depends on is looked at, and other damage is found where
// it is read, or by [Inspect]. A store that was found damaged while it was used is
// read from end to end first.
//
// Before anything is written the keyring is checked against the store. Errors:
// [ErrURL], [ErrLocked], [ErrDamaged], [ErrSealed] (a key is missing or is another
// one than the store was sealed with), [ErrSchema], [ErrPart]. None of them changes the store.
// A store that was found damaged when it was read from end to end stays locked until
// the program ends.
func Open(ctx context.Context, url string, keys Keyring) (Store, error) {
	return OpenWith(ctx, url, keys, func(b Backend) Backend { return b })
}

// OpenWith is [Open] with something between the store and its engine: wrap is given
// the engine and returns the one that the store is put on.
func OpenWith(ctx context.Context, url string, keys Keyring, wrap func(Backend) Backend) (Store, error) {
	kind, rest, err := kindOf(url)
	if err != nil {
		return nil, err
	}
	if keys.empty() {
		return nil, errNoKey
	}
	backend, err := kind.open(ctx, rest)
	if err != nil {
		return nil, err
	}
	return New(ctx, wrap(backend), keys)
}

// Inspect reads the store that url names from end to end, without a key, and changes
// nothing. Errors: [ErrURL], [ErrLocked], and [ErrDamaged] when it is not whole; it
// stays locked then until the program ends. A store that is not there is whole.
func Inspect(ctx context.Context, url string) error {
	kind, rest, err := kindOf(url)
	if err != nil {
		return err
	}
	return kind.inspect(ctx, rest)
}

// kindOf returns the kind of the store that a URL names, and the rest of the URL.
func kindOf(url string) (kind, string, error) {
	scheme, rest, err := split(url)
	if err != nil {
		return kind{}, "", err
	}
	of, known := kinds[scheme]
	if !known {
		return kind{}, "", fmt.Errorf("%w: unknown scheme %q; write bolt:path", ErrURL, scheme)
	}
	return of, rest, nil
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
	if err := checkPath(path); err != nil {
		return nil, err
	}
	return openBolt(ctx, path)
}

// inspectBoltURL reads the bbolt file of a "bolt:path" URL from end to end.
func inspectBoltURL(ctx context.Context, path string) error {
	if err := checkPath(path); err != nil {
		return err
	}
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	return inspect(ctx, path)
}

// fileOf returns the path of the file that a store is, or [errors.ErrUnsupported].
func fileOf(url string) (string, error) {
	scheme, path, err := split(url)
	if err != nil {
		return "", err
	}
	if scheme != "bolt" {
		return "", fmt.Errorf("storage: %w: a store that is no file, %q, is copied by its own tools", errors.ErrUnsupported, scheme)
	}
	return path, checkPath(path)
}

func checkPath(path string) error {
	if path == "" || strings.HasPrefix(path, "//") {
		return fmt.Errorf("%w: it has no path; write bolt:path, as bolt:bot.db or bolt:/data/bot.db", ErrURL)
	}
	return nil
}
