package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"zomrobot/audit"
	"zomrobot/book"
	"zomrobot/engine"
	"zomrobot/storage"
)

// runAudit lists, checks or exports the books of audit of a store that no bot
// has open, which changes nothing; or rebuilds the ledger of a team from its book.
func runAudit(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	verb := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		verb, args = args[0], args[1:]
	}
	flags := flag.NewFlagSet(strings.TrimSpace("audit "+verb), flag.ContinueOnError)
	book, format, file := new(string), new(string), new(string)
	switch verb {
	case "":
	case "verify", "export", "rebuild":
		flags.StringVar(book, "book", "", "only this book, as bot audit lists it")
		if verb == "export" {
			flags.StringVar(format, "format", "csv", "csv, or jsonl: one JSON object per line, with which the hashes can be computed")
			flags.StringVar(file, "o", "", "write to this file, which must not be there yet")
		}
	default:
		return usage(fmt.Errorf("there is no %q: verify, export or rebuild", verb))
	}
	if err := parse(flags, args, stderr); err != nil {
		return err
	}
	if verb == "rebuild" && *book == "" {
		return usage(errors.New("-book: name the book of the team"))
	}
	if verb == "export" && *format != "csv" && *format != "jsonl" {
		return usage(fmt.Errorf("-format %q: csv or jsonl", *format))
	}
	store, err := openBooks(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	books, err := engine.Books(ctx, store)
	if err != nil {
		return err
	}
	if *book != "" {
		if !slices.Contains(books, *book) {
			return fmt.Errorf("there is no book %q; bot audit lists them", *book)
		}
		books = []string{*book}
	}
	switch verb {
	case "verify":
		return verifyBooks(ctx, store, books, stdout)
	case "export":
		return exportBooks(ctx, store, books, *format, *file, stdout)
	case "rebuild":
		if err := engine.RebuildLedger(ctx, store, *book); err != nil {
			return err
		}
		_, err := fmt.Fprintf(stdout, "ok: the ledger of %s is what the book tells\n", *book)
		return err
	default:
		return listBooks(ctx, store, books, stdout)
	}
}

// openBooks opens the store of the configuration, which must be there already.
func openBooks(ctx context.Context) (storage.Store, error) {
	c, err := ReadConfig()
	if err != nil {
		return nil, usage(err)
	}
	store, err := openThere(ctx, c)
	if errors.Is(err, storage.ErrLocked) && !onCluster(c.Storage.URL) {
		err = fmt.Errorf("%w, or name a copy: STORAGE_URL=bolt:copy.db", err)
	}
	return store, err
}

// openThere opens the store of a configuration, which must be there already and which no bot
// may have open.
func openThere(ctx context.Context, c Config) (storage.Store, error) {
	keys, err := c.Keyring()
	if err != nil {
		return nil, usage(err)
	}
	if path, ok := strings.CutPrefix(c.Storage.URL, "bolt:"); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, usage(fmt.Errorf("STORAGE_URL: there is no store at %s", path))
		}
	}
	store, err := openStore(ctx, c.Storage.URL, keys)
	switch {
	case errors.Is(err, storage.ErrLocked):
		return nil, fmt.Errorf("STORAGE_URL: %w: %s", err, heldBy(c.Storage.URL))
	case err != nil:
		return nil, setting("STORAGE_URL", err)
	}
	return store, nil
}

func listBooks(ctx context.Context, store storage.Store, books []string, stdout io.Writer) error {
	if len(books) == 0 {
		_, err := fmt.Fprintln(stdout, "There are no books yet.")
		return err
	}
	out := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprint(out, "book\tlines\thash of the last line\n")
	for _, name := range books {
		head, err := book.HeadOf(ctx, store, name)
		if err != nil {
			return err
		}
		if head == nil {
			_, _ = fmt.Fprintf(out, "%s\t?\tits head is missing\n", name)
			continue
		}
		_, _ = fmt.Fprintf(out, "%s\t%d\t%s\n", name, head.N, head.Hash)
	}
	return out.Flush()
}

func verifyBooks(ctx context.Context, store storage.Store, books []string, stdout io.Writer) error {
	wrong, lines := 0, int64(0)
	for _, name := range books {
		faults, n, err := book.Check(ctx, store, name)
		if err != nil {
			return err
		}
		for _, f := range faults {
			_, _ = fmt.Fprintln(stdout, f.Error())
		}
		wrong += len(faults)
		lines += n
	}
	if wrong > 0 {
		return errors.New("the books were tampered with or damaged, see above")
	}
	_, err := fmt.Fprintf(stdout, "ok: books %d, lines %d, none is missing, changed or moved\n", len(books), lines)
	return err
}

func exportBooks(ctx context.Context, store storage.Store, books []string, format, file string, stdout io.Writer) (err error) {
	out := stdout
	if file != "" {
		f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the path is the operator's own
		if err != nil {
			return fmt.Errorf("-o: %w", err)
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out = f
	}
	lines := audit.NewCSV(out)
	if format == "jsonl" {
		lines = audit.NewJSONLines(out)
	}
	for _, name := range books {
		if err := book.Export(ctx, store, name, lines); err != nil {
			return err
		}
	}
	return lines.Close()
}
