package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"zomrobot/engine"
	"zomrobot/storage"
)

// runRestore puts a copy in the place of the store, so that the next start takes it for
// what it is: older than what was done.
func runRestore(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("restore", flag.ContinueOnError)
	yes := flags.Bool("yes", false, "do not ask")
	file, err := parseFile(flags, args, stderr)
	if err != nil {
		return err
	}
	if file == "-" && !*yes {
		return usage(errors.New("-yes: needed when the copy comes from standard input, where the answer would come from"))
	}
	s, err := readStoreFile()
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Dir(s.path)); err != nil {
		return usage(fmt.Errorf("STORAGE_URL: make the folder first, if that is where the store belongs: %w", err))
	}
	held, err := storage.Hold(s.url)
	switch {
	case errors.Is(err, storage.ErrLocked):
		return fmt.Errorf("stop the bot first: %w", err)
	case err != nil:
		return setting("nothing was changed", err)
	}
	defer held.Release()
	stop, unread := s.toCarry(ctx)
	made, err := s.take(ctx, file, stop)
	if err != nil {
		return setting("nothing was changed", err)
	}
	defer func() { err = errors.Join(err, made.Drop()) }()
	told, err := describe(ctx, made)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(stdout, "The copy: %s.\n", told)
	if err := opens(ctx, made.Store); err != nil {
		_, _ = fmt.Fprintf(stdout, "Careful: %v\n", err)
	}
	mark := markFile(s.path + ".mark")
	_, _ = fmt.Fprintln(stdout, s.since(ctx, made, mark))
	switch stays, err := engine.StopOf(ctx, made.Store); {
	case err != nil:
		return err
	case unread != nil:
		_, _ = fmt.Fprintf(stdout, "Whether an owner had stopped purchases in the store as it is cannot be read, so they are stopped until /allow_purchases, unless the bot has no OWNERS: %v\n", unread)
	case stays.Is():
		_, _ = fmt.Fprintln(stdout, "An owner had stopped purchases: they stay stopped until /allow_purchases.")
	}
	if !*yes {
		err := unlessStopped(ctx, func() error { return agreed(os.Stdin, stdout, "Put it in the place of the store?") })
		if err != nil {
			return fmt.Errorf("nothing was changed: %w", err)
		}
	}
	return s.putInPlace(made, held, mark, stdout)
}

// toCarry reads whether an owner has stopped purchases in the store that is there; there need
// be none. With an error that is not known, and they are taken to be stopped.
func (s storeFile) toCarry(ctx context.Context) (stop engine.Stop, err error) {
	if !thereIs(s.url) {
		return engine.Stop{}, nil
	}
	defer func() {
		if err != nil {
			stop = engine.StopUnread(time.Now())
		}
	}()
	store, err := storage.OpenToRead(ctx, s.path, s.keys)
	if err != nil {
		return engine.Stop{}, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return engine.StopOf(ctx, store)
}

// take makes a copy of a file beside the store, whole and marked as a copy, with purchases
// stopped as they are.
func (s storeFile) take(ctx context.Context, file string, stop engine.Stop) (_ *storage.Copy, err error) {
	from := os.Stdin
	if file != "-" {
		if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() { //nolint:gosec // the path is the operator's own
			return nil, fmt.Errorf("%s is no file", file)
		}
		if sameFile(file, s.path) {
			return nil, fmt.Errorf("%s is the store itself", file)
		}
		let, err := storage.Hold("bolt:" + file)
		if err != nil {
			return nil, fmt.Errorf("%s is no copy, but in use; bot backup makes one: %w", file, err)
		}
		defer let.Release()
		if from, err = os.Open(file); err != nil { //nolint:gosec // the path is the operator's own
			return nil, err
		}
		defer func() { _ = from.Close() }()
		if err := roomFor(file, s.path); err != nil {
			return nil, err
		}
	}
	made, err := storage.MakeCopy(ctx, s.path, s.keys, func(w io.Writer) error {
		return unlessStopped(ctx, func() error {
			n, err := io.Copy(w, from)
			if err == nil && n == 0 {
				err = errors.New("it is empty")
			}
			return err
		})
	}, func(tx storage.Tx) error { return errors.Join(engine.Distrust(tx), stop.Carry(tx)) })
	switch {
	case err == nil:
		return made, nil
	case errors.Is(err, storage.ErrDamaged): // which names a file that is gone
		return nil, fmt.Errorf("%s is no store, or is cut or broken: %w", named(file), storage.ErrDamaged)
	default:
		return nil, fmt.Errorf("%s: %w", named(file), err)
	}
}

// named is what a file is called that is given.
func named(file string) string {
	if file == "-" {
		return "what came from standard input"
	}
	return file
}

// since says what is known of what was done after a copy was made.
func (s storeFile) since(ctx context.Context, made *storage.Copy, mark markFile) string {
	beside, found, err := mark.Load()
	age, unread := engine.AgeOf(ctx, made.Store)
	switch {
	case err != nil:
		return fmt.Sprintf("The mark beside the store cannot be read and will be removed: %v", err)
	case unread != nil || !found:
		return "There is no mark of what was done after it, so anything may have been."
	case beside > age.Mark:
		return fmt.Sprintf("The mark beside the store is %d: %d moves of purchases and things done with servers came after it.", beside, beside-age.Mark)
	default:
		return "The mark beside the store knows of nothing that was bought after it."
	}
}

// agreed asks for a yes to a question, and fails without one.
func agreed(in io.Reader, out io.Writer, question string) error {
	_, _ = fmt.Fprint(out, question+" Type yes: ")
	answer, _ := bufio.NewReader(in).ReadString('\n') // what ends without one is no yes
	if !strings.EqualFold(strings.TrimSpace(answer), "yes") {
		return errors.New("there was no yes")
	}
	return nil
}

func (s storeFile) putInPlace(made *storage.Copy, held *storage.Held, mark markFile, stdout io.Writer) error {
	former, err := made.Replace(held, ".before-"+time.Now().UTC().Format("20060102-150405.000000"))
	switch {
	case errors.Is(err, storage.ErrLocked):
		return fmt.Errorf("nothing was changed; stop the bot, and begin again: %w", err)
	case err != nil:
		return fmt.Errorf("nothing was changed: %w", err)
	}
	if _, _, err := mark.Load(); err != nil {
		if err := os.Remove(string(mark)); err != nil {
			return fmt.Errorf("the copy is in place; remove the mark, which cannot be read: %w", err)
		}
	}
	_, _ = fmt.Fprintf(stdout, "ok: the copy is in place as %s.\n", s.path)
	if former != "" {
		_, _ = fmt.Fprintf(stdout, "The store as it was is kept as %s.\n", former)
	}
	_, err = fmt.Fprint(stdout, `At its next start the bot takes the store for an older copy: unfinished orders are
closed, and before anything is bought every purchase that was under way is looked into at
the vendor. What was bought after the copy and is not in it is at the vendor alone:
people see it with /servers and /costs. The owners are told. Who logged in or changed a
password since may have to log in again.
`)
	return err
}

// sameFile reports whether two paths lead to one file.
func sameFile(a, b string) bool {
	one, err := os.Stat(a) //nolint:gosec // both are the operator's own
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}
