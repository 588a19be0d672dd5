package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Copy is the file of a store, whole and on the disk, that is not yet where it belongs:
// it stands beside the place under a name that nobody looks for. What it holds can be
// read as from any store; writing to it fails. It ends with Put, Replace or Drop.
type Copy struct {
	Store
	path, place string
}

// MakeCopy has fill write a store's file beside place, then last add to it, and makes sure
// that the outcome is whole, that the keys open it and that this program knows its
// schema, which stays as it is. Errors: those of fill and of last, [ErrDamaged],
// [ErrSealed], [ErrSchema], [ErrPart]; then nothing of it is left. A process that is killed leaves a
// file whose name ends in ".part".
func MakeCopy(ctx context.Context, place string, keys Keyring, fill func(io.Writer) error, last func(Tx) error) (_ *Copy, err error) {
	if keys.empty() {
		return nil, errNoKey
	}
	place = resolved(place)
	file, err := os.CreateTemp(filepath.Dir(place), filepath.Base(place)+".*.part") // for its owner alone
	if err != nil {
		return nil, fmt.Errorf("storage: copy: %w", err)
	}
	c := &Copy{path: file.Name(), place: place}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Drop())
		}
	}()
	if err := errors.Join(fill(file), file.Sync(), file.Close()); err != nil {
		return nil, err
	}
	if err := addTo(ctx, c.path, keys, last); err != nil {
		return nil, err
	}
	if err := inspect(ctx, c.path); err != nil {
		return nil, err
	}
	if c.Store, err = OpenToRead(ctx, c.path, keys); err != nil {
		return nil, err
	}
	return c, nil
}

// addTo runs fn on the store in a file, which is moved to no other schema.
func addTo(ctx context.Context, path string, keys Keyring, fn func(Tx) error) error {
	engine, err := openBolt(ctx, path)
	if err != nil {
		return err
	}
	s := storeOn(engine, keys)
	if err = s.known(ctx, migrations); err == nil {
		err = s.readyToSeal(ctx)
	}
	if err == nil {
		err = s.Update(ctx, fn)
	}
	return errors.Join(err, s.Close())
}

// OpenToRead opens the store in the file at path for reading alone, which must be there.
// Nothing is written to it. Errors: those of [Open].
func OpenToRead(ctx context.Context, path string, keys Keyring) (Store, error) {
	engine, err := openBoltToRead(path)
	if err != nil {
		return nil, err
	}
	s := storeOn(engine, keys)
	if err := s.known(ctx, migrations); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Open returns the copy's file, to be read. It has no name any more, where the system can do
// that, so that nothing is left of it whatever ends the program meanwhile.
func (c *Copy) Open() (*os.File, error) {
	file, err := os.Open(c.path)
	if err == nil {
		_ = os.Remove(c.path) // else Drop does it
	}
	return file, err
}

// Size returns how many bytes the copy's file has.
func (c *Copy) Size() (int64, error) {
	info, err := os.Stat(c.path)
	if err != nil {
		return 0, fmt.Errorf("storage: copy: %w", err)
	}
	return info.Size(), nil
}

// Put gives the copy its name, which must be free: else the error is [fs.ErrExist]. It
// belongs to whom the folder belongs to.
func (c *Copy) Put() error {
	like, err := os.Stat(filepath.Dir(c.place))
	if err != nil {
		return fmt.Errorf("storage: put a copy in place: %w", err)
	}
	if err := errors.Join(c.Close(), ownedLike(c.path, like)); err != nil {
		return err
	}
	switch err := os.Link(c.path, c.place); { // which replaces nothing, not even what has just come
	case noLinks(err):
		if _, err := os.Lstat(c.place); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("storage: %q: %w", c.place, errors.Join(err, fs.ErrExist))
		}
		return replace(c.path, c.place)
	case err != nil:
		return fmt.Errorf("storage: put a copy in place: %w", err)
	}
	return errors.Join(remove(c.path), settled(c.place))
}

// Replace puts the copy in the place of the store that is held, which stays under its name
// with suffix: that is returned, "" when there was none. At every moment there is one file
// under the name, the former or the copy. It belongs to whom the former belongs to. The error
// is [ErrLocked] when somebody has put a file there since it was held.
func (c *Copy) Replace(h *Held, suffix string) (former string, err error) {
	if err := h.unchanged(); err != nil {
		return "", err
	}
	if h.was == nil {
		err := c.Put()
		if errors.Is(err, fs.ErrExist) {
			err = errors.Join(h.unchanged(), err)
		}
		return "", err
	}
	if err := errors.Join(c.Close(), ownedLike(c.path, h.was)); err != nil {
		return "", err
	}
	former = h.path + suffix
	if err := os.Link(h.path, former); err != nil {
		if noLinks(err) {
			err = fmt.Errorf("this file system has no hard links; move the file away yourself: %w", err)
		}
		return "", fmt.Errorf("storage: keep %q under another name: %w", h.path, err)
	}
	if err := h.unchanged(); err != nil {
		return "", errors.Join(err, remove(former))
	}
	return former, replace(c.path, h.path)
}

// noLinks reports whether an error says that a file system has no hard links.
func noLinks(err error) bool {
	return errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOTSUP)
}

// Drop closes the copy and removes its file.
func (c *Copy) Drop() error {
	var err error
	if c.Store != nil {
		err = c.Close()
	}
	return errors.Join(err, remove(c.path), remove(c.path+suspectSuffix))
}

// replace gives a file the name of another one in its folder, durably. What was found
// damaged of that one is forgotten.
func replace(path, place string) error {
	if err := os.Rename(path, place); err != nil {
		return fmt.Errorf("storage: put a file in place: %w", err)
	}
	return settled(place)
}

// settled makes it last that a file has the name of a place, where nothing was found damaged.
func settled(place string) error {
	return errors.Join(SyncFolder(filepath.Dir(place)), remove(place+suspectSuffix))
}

// remove removes a file that may be gone.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// resolved is where a path leads, so that it is not the link that is replaced.
func resolved(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}
