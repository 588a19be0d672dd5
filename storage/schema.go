package storage

import (
	"context"
	"fmt"
	"strings"
)

const (
	// schemaKey holds the version of the store's records, a number.
	schemaKey = metaPrefix + "schema"
	// witnessPrefix holds, by key id, one value for each key that values are sealed
	// with: a ring that opens all of them opens the whole store.
	witnessPrefix = metaPrefix + "key/"
)

// migration moves a store from one schema to the next. It may run again after a
// crash, so it must go on from where it stopped.
type migration func(ctx context.Context, s Store) error

// migrations holds at i the step from schema i+1 to i+2. Schema 1 is the first
// release's.
var migrations = []migration{
	// Schema 2: dialogues without the vendor's lists, ids of updates by day, progress of
	// resealing. Records of schema 1 are read where they are met; an older program, which
	// would misread those of schema 2, does not open the store any more.
	func(context.Context, Store) error { return nil },
	// Schema 3: values that are packed before they are sealed, and where a dialogue's card
	// stands in the dialogue's record. Both are read as they were, too.
	func(context.Context, Store) error { return nil },
	// Schema 4: values that are packed with more words.
	func(context.Context, Store) error { return nil },
}

// start checks the ring and the schema against the store, then makes a new store
// or moves an old one forward. Nothing is written before the checks are done.
func (s *store) start(ctx context.Context, steps []migration) error {
	if s.keys.empty() {
		return errNoKey
	}
	newest := 1 + len(steps)
	records, err := s.engine.Page(ctx, "", "", 1)
	if err != nil {
		return err
	}
	if len(records) == 0 {
		if err := s.create(ctx, newest); err != nil {
			return err
		}
	}
	if err := s.known(ctx, steps); err != nil {
		return err
	}
	if err := s.readyToSeal(ctx); err != nil {
		return err
	}
	schema, err := s.schema(ctx)
	if err != nil {
		return err
	}
	if schema < newest {
		return s.migrate(ctx, steps)
	}
	return nil
}

// known fails unless the ring opens the store, its schema is not newer than what the
// steps lead to, and it is no part of another one. It writes nothing.
func (s *store) known(ctx context.Context, steps []migration) error {
	if err := s.checkKeys(ctx); err != nil {
		return err
	}
	schema, err := s.schema(ctx)
	if newest := 1 + len(steps); err == nil && schema > newest {
		err = fmt.Errorf("%w: it is %d, this program knows up to %d", ErrSchema, schema, newest)
	}
	if err != nil {
		return err
	}
	_, part, err := Read[bool](ctx, s, partKey)
	if err == nil && part {
		err = ErrPart
	}
	return err
}

// readyToSeal notes what has to be known before anything is sealed with the first key.
func (s *store) readyToSeal(ctx context.Context) error {
	if err := s.forgetResealing(ctx); err != nil {
		return err
	}
	return s.witness(ctx)
}

// create writes the first records of an empty store, unless another process was
// faster.
func (s *store) create(ctx context.Context, schema int) error {
	return s.updateOwn(ctx, func(tx Tx) error {
		if _, found, err := Get[int](tx, schemaKey); err != nil || found {
			return err
		}
		if err := Put(tx, schemaKey, schema); err != nil {
			return err
		}
		return Put(tx, witnessPrefix+s.keys.first(), true)
	})
}

// checkKeys fails with ErrSealed unless the ring has every key of the store.
func (s *store) checkKeys(ctx context.Context) error {
	found := false
	err := s.each(ctx, witnessPrefix, "", func(record Record) (bool, error) {
		found = true
		if _, err := s.keys.open(record.Key, record.Value); err != nil {
			return false, fmt.Errorf("storage: the store needs key %q: %w", strings.TrimPrefix(record.Key, witnessPrefix), err)
		}
		return true, nil
	})
	if err == nil && !found {
		return fmt.Errorf("%w: it has records and no key", ErrDamaged)
	}
	return err
}

func (s *store) schema(ctx context.Context) (int, error) {
	schema, found, err := Read[int](ctx, s, schemaKey)
	if err == nil && (!found || schema < 1) {
		err = fmt.Errorf("%w: it has records and no schema", ErrDamaged)
	}
	return schema, err
}

// witness notes that the first key of the ring seals values from now on.
func (s *store) witness(ctx context.Context) error {
	key := witnessPrefix + s.keys.first()
	if _, found, err := Read[bool](ctx, s, key); err != nil || found {
		return err
	}
	return s.updateOwn(ctx, func(tx Tx) error { return Put(tx, key, true) })
}

// migrate takes the steps that the store has not taken, one process at a time.
func (s *store) migrate(ctx context.Context, steps []migration) error {
	lease, err := s.Own(ctx, schemaKey)
	if err != nil {
		return err
	}
	defer lease.Release()
	schema, err := s.schema(ctx)
	if err != nil {
		return err
	}
	for ; schema <= len(steps); schema++ {
		if err := steps[schema-1](ctx, s); err != nil {
			return fmt.Errorf("storage: migrate from schema %d: %w", schema, err)
		}
		err := s.updateOwn(ctx, func(tx Tx) error {
			if err := lease.Check(tx); err != nil {
				return err
			}
			return Put(tx, schemaKey, schema+1)
		})
		if err != nil {
			return fmt.Errorf("storage: migrate from schema %d: %w", schema, err)
		}
	}
	return nil
}
