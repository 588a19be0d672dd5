package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"zomrobot/engine"
	"zomrobot/storage"
	"zomrobot/storage/etcd"
)

// markBeside returns the mark beside a store: for one in a file, beside it; for one on a
// cluster, in the file of this machine that the URL names. nil: there is none.
func markBeside(storageURL string) engine.Mark {
	if config, err := etcd.Parse(storageURL); err == nil {
		return markFile(config.MarkFile)
	}
	path, ok := strings.CutPrefix(storageURL, "bolt:")
	if !ok {
		return nil
	}
	return markFile(path + ".mark")
}

// markFile is a file that holds one number.
type markFile string

// Load reads the number.
func (f markFile) Load() (int64, bool, error) {
	text, err := os.ReadFile(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		return 0, false, fmt.Errorf("%w: %s", storage.ErrMark, string(f))
	}
	return n, true, nil
}

// usable is Load for a bot that starts, which a mark that is no number has to stop: whether the
// store is an older copy is not known, and to guess is not safe. The error says what to do.
func (f markFile) usable() (int64, bool, error) {
	n, found, err := f.Load()
	if errors.Is(err, storage.ErrMark) {
		err = fmt.Errorf("%w; delete that file: the bot then looks into open purchases before it buys", err)
	}
	return n, found, err
}

// ownWithin is how long a mark is waited for that another process has: long enough for one that is
// just stopping.
const ownWithin = 2 * time.Second

// own makes the mark, and the socket beside it, those of this process alone, until what is returned
// is closed or the process ends. What is locked is a file beside the mark, which is replaced at each
// Save; it stays, for whoever removed it could remove that of the next one. The error is
// [storage.ErrLocked] while another process has it.
func (f markFile) own(ctx context.Context) (io.Closer, error) {
	for until := time.Now().Add(ownWithin); ; {
		file, err := openAlone(string(f) + ".lock")
		switch {
		case err == nil:
			return file, nil
		case !errors.Is(err, errTaken):
			return nil, f.toWrite(err)
		case time.Now().After(until):
			return nil, fmt.Errorf("%w: another bot of this machine has %s; stop that one, or give this one a mark= of its own", storage.ErrLocked, f)
		}
		select {
		case <-time.After(ownWithin / 40):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// toWrite says what to do about a mark that cannot be written.
func (f markFile) toWrite(err error) error {
	return fmt.Errorf("%w; let the bot write %s and its folder, then start it again", err, f)
}

// Save replaces the number, so that a crash leaves the old or the new one.
func (f markFile) Save(n int64) error {
	next := string(f) + ".new"
	file, err := os.OpenFile(next, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) //nolint:gosec // the path is the operator's own
	if err != nil {
		return err
	}
	_, err = file.WriteString(strconv.FormatInt(n, 10) + "\n")
	// Without it a loss of power can leave the new name with nothing behind it.
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(next, string(f)); err != nil {
		return err
	}
	return storage.SyncFolder(filepath.Dir(string(f))) // and the old name in place
}
