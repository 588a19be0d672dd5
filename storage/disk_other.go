//go:build !linux && !darwin

package storage

import (
	"errors"
	"fmt"
)

// freeSpace is not known here.
func freeSpace(folder string) (uint64, error) {
	return 0, fmt.Errorf("free space of %q: %w", folder, errors.ErrUnsupported)
}
