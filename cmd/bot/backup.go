package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"zomrobot/engine"
	"zomrobot/storage"
)

// storeFile is the store of the configuration, which is a file.
type storeFile struct {
	url, path string
	keys      storage.Keyring
}

func readStoreFile() (storeFile, error) {
	c, err := ReadConfig()
	if err != nil {
		return storeFile{}, usage(err)
	}
	keys, err := c.Keyring()
	if err != nil {
		return storeFile{}, usage(err)
	}
	path, ok := strings.CutPrefix(c.Storage.URL, "bolt:")
	if !ok {
		return storeFile{}, usage(errors.New("STORAGE_URL: only a store in a file is copied by this; a cluster is by etcdctl snapshot save, see \"Going back to an older copy of a cluster\" in docs/operating.md"))
	}
	return storeFile{c.Storage.URL, path, keys}, nil
}

// runBackup makes a copy of the store, whether a bot runs on it or not.
func runBackup(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	file, err := parseFile(flag.NewFlagSet("backup", flag.ContinueOnError), args, stderr)
	if err != nil {
		return err
	}
	s, err := readStoreFile()
	if err != nil {
		return err
	}
	place := file
	switch {
	case file == "-":
		place = s.path // there is certainly a folder that can be written
	case exists(file):
		return fmt.Errorf("%s is there already; name a file that is not", file)
	}
	if _, err := os.Stat(filepath.Dir(place)); err != nil { //nolint:gosec // the path is the operator's own
		return forPerson(fmt.Errorf("make the folder first: %w", err))
	}
	if err := roomFor(s.path, place); err != nil {
		return err
	}
	made, err := storage.MakeCopy(ctx, place, s.keys, func(w io.Writer) error { return s.copyTo(ctx, w) }, engine.Copied(time.Now()))
	switch {
	case errors.Is(err, storage.ErrDamaged): // which names a file that is gone
		return fmt.Errorf("STORAGE_URL: %s: %w; bot check says more, while the bot is stopped", s.path, storage.ErrDamaged)
	case err != nil:
		return forPerson(err)
	}
	defer func() { err = errors.Join(err, made.Drop()) }()
	told, err := describe(ctx, made)
	if err != nil {
		return err
	}
	broken := opens(ctx, made.Store) // so it is in the store, too: the copy is told of, and kept
	say := stdout
	if file == "-" {
		say = stderr
		err = unlessStopped(ctx, func() error { return sendFile(made, stdout) })
	} else {
		err = made.Put()
	}
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(say, "ok: a whole copy of %s: %s\nIts keys are not in it: keep %s elsewhere.\n", s.url, told, s.keys)
	return broken
}

// copyTo writes a copy of the store to w: the bot does it, or when none runs we.
func (s storeFile) copyTo(ctx context.Context, w io.Writer) error {
	socket := socketBeside(s.url)
	asked := askBackup(ctx, socket, w)
	switch {
	case errors.Is(asked, fs.ErrPermission):
		return fmt.Errorf("run it as the bot's user or as root: %w", asked)
	case !errors.Is(asked, errNobody):
		return asked
	}
	err := storage.BackupFile(ctx, s.url, w)
	switch {
	case errors.Is(err, storage.ErrLocked):
		return fmt.Errorf("%w, and cannot be asked for a copy, which a bot that is starting or stopping cannot either: %w", err, asked)
	case errors.Is(err, fs.ErrNotExist):
		return usage(fmt.Errorf("STORAGE_URL: there is no store at %s", s.path))
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("run it as the bot's user or as root: %w", err)
	}
	return err
}

// exists reports whether there is something at a path.
func exists(path string) bool {
	_, err := os.Lstat(path) //nolint:gosec // the path is the operator's own
	return err == nil
}

// sendFile writes a copy's file to w.
func sendFile(made *storage.Copy, w io.Writer) (err error) {
	from, err := made.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	_, err = io.Copy(w, from)
	return err
}

// unlessStopped runs what waits for somebody who reads or types, and returns its error. When
// the program is stopped it does not wait for them.
func unlessStopped(ctx context.Context, run func() error) error {
	done := make(chan error, 1)
	go func() { done <- run() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// roomFor fails when the disk of a place has no room for the file at path: the disk that
// the bot's store is on must not be filled by a copy.
func roomFor(path, place string) error {
	info, err := os.Stat(path) //nolint:gosec // the path is the operator's own
	if err != nil {
		return nil // it is said where the file is opened
	}
	free, err := storage.Room(place)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return nil
	case err != nil:
		return err
	case free < uint64(info.Size())+engine.MinFree: //nolint:gosec // a size is not negative
		return fmt.Errorf("%s: %w: %s free, the copy takes up to %s, and %s should stay", place, storage.ErrFull, inBytes(free), inBytes(info.Size()), inBytes(int64(engine.MinFree)))
	}
	return nil
}

// describe says what a copy holds.
func describe(ctx context.Context, made *storage.Copy) (string, error) {
	size, err := made.Size()
	if err != nil {
		return "", err
	}
	age, err := engine.AgeOf(ctx, made.Store)
	if err != nil {
		return "", err
	}
	at := "of a bot that has not run yet"
	switch {
	case !age.Copied.IsZero():
		at = "made at " + inUTC(age.Copied)
	case !age.At.IsZero():
		at = "the last thing in it is of " + inUTC(age.At)
	}
	return fmt.Sprintf("%s, %s, mark %d, under way: %d", at, inBytes(size), age.Mark, age.Open), nil
}

func inUTC(t time.Time) string { return t.UTC().Format(time.DateTime) + " UTC" }

// inBytes says how many bytes, in KB or MB.
func inBytes[T int | int64 | uint64](n T) string {
	const kilo, mega = 1e3, 1e6
	if n < mega {
		return fmt.Sprintf("%.0f KB", math.Ceil(float64(n)/kilo))
	}
	return fmt.Sprintf("%.1f MB", float64(n)/mega)
}
