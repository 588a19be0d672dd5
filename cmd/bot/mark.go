package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

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
