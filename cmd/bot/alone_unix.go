//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// errTaken: another process has the file.
const errTaken = syscall.EWOULDBLOCK

// openAlone opens a file, and creates it, for this process alone until it is closed.
func openAlone(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the path is the operator's own
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
	}
	return file, nil
}
