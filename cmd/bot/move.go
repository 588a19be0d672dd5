package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"zomrobot/engine"
	"zomrobot/storage"
)

// runMove copies all that a bot knows from one store to another, and compares both.
func runMove(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("move", flag.ContinueOnError)
	flags.SetOutput(stderr)
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return usage(err)
	}
	if flags.NArg() != 2 || flags.Arg(0) == flags.Arg(1) {
		return usage(errors.New("name two stores, from which and to which, as STORAGE_URL does"))
	}
	c, err := ReadConfig()
	if err != nil {
		return usage(err)
	}
	keys, err := c.Keyring()
	if err != nil {
		return usage(err)
	}
	if !thereIs(flags.Arg(0)) {
		return usage(fmt.Errorf("there is no store at %s", flags.Arg(0)))
	}
	from, err := openToMove(ctx, flags.Arg(0), keys)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := openToMove(ctx, flags.Arg(1), keys)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	return move(ctx, moved{flags.Arg(0), from}, moved{flags.Arg(1), to}, stdout)
}

// moved is a store that a bot is moved from or to.
type moved struct {
	url   string
	store storage.Store
}

func openToMove(ctx context.Context, storageURL string, keys storage.Keyring) (storage.Store, error) {
	store, err := openStore(ctx, storageURL, keys)
	switch {
	case errors.Is(err, storage.ErrLocked):
		return nil, fmt.Errorf("%s (%w)", heldBy(storageURL), err)
	case errors.Is(err, storage.ErrPart):
		return nil, usage(fmt.Errorf("%s: an earlier bot move was cut: delete what it has written there and begin again (%w)", storageURL, err))
	case err != nil:
		return nil, setting("open "+storageURL, err)
	}
	return store, nil
}

func move(ctx context.Context, from, to moved, stdout io.Writer) error {
	books, err := engine.Books(ctx, from.store)
	if err != nil {
		return err
	}
	if err := verifyBooks(ctx, from.store, books, io.Discard); err != nil {
		return fmt.Errorf("the books of %s are not whole; nothing is copied: %w", from.url, err)
	}
	if _, err := storage.CopyRecords(ctx, from.store, to.store); errors.Is(err, storage.ErrNotEmpty) {
		return fmt.Errorf("%s is not empty: name a new store, or delete it if an earlier move was cut (%w)", to.url, err)
	} else if err != nil {
		return err
	}
	n, sum, err := storage.Digest(ctx, from.store)
	if err != nil {
		return err
	}
	copied, same, err := storage.Digest(ctx, to.store)
	if err != nil {
		return err
	}
	if n != copied || sum != same {
		return fmt.Errorf("%s has %d records, and %s %d, or others: do not use it", from.url, n, to.url, copied)
	}
	if err := verifyBooks(ctx, to.store, books, io.Discard); err != nil {
		return fmt.Errorf("the books of %s: %w", to.url, err)
	}
	if err := moveMark(from.url, to.url); err != nil {
		return err
	}
	if err := storage.Whole(ctx, to.store); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "ok: %d records and %d books are in %s as they are in %s (%x)\nset STORAGE_URL to it, and put the other one away\n", n, len(books), to.url, from.url, sum[:8])
	return err
}

// moveMark has the mark of a store stand beside another. One that has none has none there.
func moveMark(from, to string) error {
	was, is := markBeside(from), markBeside(to)
	if was == nil || is == nil {
		return nil
	}
	n, found, err := was.Load()
	if err == nil && found {
		err = is.Save(n)
	}
	if err != nil {
		return fmt.Errorf("the mark: %w", err)
	}
	return nil
}
