//go:build linux || darwin

package storage

import (
	"fmt"
	"syscall"
)

// freeSpace returns the bytes that are free for us on the disk of a folder.
func freeSpace(folder string) (uint64, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return 0, fmt.Errorf("free space of %q: %w", folder, err)
	}
	return stat.Bavail * uint64(stat.Bsize), nil //nolint:gosec,unconvert // a block's size is positive, and of another type on each system
}
