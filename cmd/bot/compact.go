package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"

	"zomrobot/storage"
)

// runCompact shrinks the file of a store that no bot has open.
func runCompact(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if err := parse(flag.NewFlagSet("compact", flag.ContinueOnError), args, stderr); err != nil {
		return err
	}
	c, err := ReadConfig()
	if err != nil {
		return usage(err)
	}
	before, after, err := storage.Compact(ctx, c.Storage.URL)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return usage(errors.New("STORAGE_URL: only a store in a file is compacted by this; a cluster is by etcdctl defrag, see \"Several machines\" in docs/operating.md"))
	case errors.Is(err, storage.ErrURL):
		return usage(fmt.Errorf("STORAGE_URL: %w", err))
	case errors.Is(err, storage.ErrLocked):
		return fmt.Errorf("stop the bot first: %w", err)
	case errors.Is(err, fs.ErrNotExist):
		return usage(fmt.Errorf("STORAGE_URL: there is no store at %s", c.Storage.URL))
	case err != nil:
		return setting("nothing was changed", err)
	}
	_, err = fmt.Fprintf(stdout, "ok: %s has %s, and had %s\n", c.Storage.URL, inBytes(after), inBytes(before))
	return err
}
