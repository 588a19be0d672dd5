package storage

import (
	"context"
	"errors"
	"fmt"
)

// Verify opens every value of a store, and returns how many there are and the keys of those
// that cannot be opened: at most ten of them, and their number. It is for the operator,
// and takes as long as reading it all. The store must be one of this package, else the
// error is [errors.ErrUnsupported].
func Verify(ctx context.Context, s Store) (values int, broken []string, count int, err error) {
	const most = 10
	own, ok := s.(*store)
	if !ok {
		return 0, nil, 0, fmt.Errorf("storage: verify: %w", errors.ErrUnsupported)
	}
	err = own.each(ctx, "", "", func(record Record) (bool, error) {
		values++
		if _, err := own.keys.open(record.Key, record.Value); err != nil {
			if count++; len(broken) < most {
				broken = append(broken, record.Key)
			}
		}
		return true, nil
	})
	if err != nil {
		return 0, nil, 0, fmt.Errorf("storage: verify: %w", err)
	}
	return values, broken, count, nil
}
