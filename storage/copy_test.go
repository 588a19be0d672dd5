package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"

	"zomrobot/storage"
	"zomrobot/storage/storagetest"
)

// held is a writer that takes nothing until it is let go.
type held struct {
	bytes.Buffer
	began, goOn chan struct{}
	first       bool
}

func (h *held) Write(p []byte) (int, error) {
	if !h.first {
		h.first = true
		close(h.began)
		<-h.goOn
	}
	return h.Buffer.Write(p)
}

// TestBackupHoldsNobodyUp: while nobody reads the copy, the store is written and read, also
// when its file outgrows what it was, and the copy is of the moment at which it began.
func TestBackupHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	path, key := makeStore(t)
	keys := storagetest.Keys(t, key)
	s, err := storage.Open(t.Context(), "bolt:"+path, keys)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if err := s.Update(t.Context(), func(tx storage.Tx) error { return storage.Put(tx, "n", 1) }); err != nil {
		t.Fatal(err)
	}
	copied := &held{began: make(chan struct{}), goOn: make(chan struct{})}
	done := make(chan error)
	go func() { done <- storage.Backup(t.Context(), s, copied) }()
	<-copied.began
	random, big := rand.NewChaCha8([32]byte{}), make([]byte, 1<<18) // which cannot be packed
	for i := range 20 {
		if _, err := random.Read(big); err != nil {
			t.Fatal(err)
		}
		err := s.Update(t.Context(), func(tx storage.Tx) error {
			return errors.Join(storage.Put(tx, "n", i), storage.Put(tx, fmt.Sprint("big/", i), big))
		})
		if err != nil {
			t.Fatal(err)
		}
		if n, _, err := storage.Read[int](t.Context(), s, "n"); err != nil || n != i {
			t.Fatalf("read %d, %v", n, err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Size() < 4<<20 {
		t.Fatalf("the file has not grown: %d, %v", info.Size(), err)
	}
	close(copied.goOn)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	made, err := storage.MakeCopy(t.Context(), filepath.Join(t.TempDir(), "copy"), keys, func(w io.Writer) error {
		_, err := w.Write(copied.Bytes())
		return err
	}, nothing)
	if err != nil {
		t.Fatal(err)
	}
	if n, _, err := storage.Read[int](t.Context(), made, "n"); err != nil || n != 1 {
		t.Errorf("the copy has %d, %v", n, err)
	}
	if err := made.Drop(); err != nil {
		t.Error(err)
	}
}

func nothing(storage.Tx) error { return nil }

// written has a file's content written.
func written(content []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}
}

// names are those of the files in a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

var errStopped = errors.New("stopped")

// TestMakeCopyRefuses: what is not a whole store that the keys open gets no name, and
// nothing is left of it.
func TestMakeCopyRefuses(t *testing.T) {
	t.Parallel()
	path, key := makeStore(t)
	whole, used := read(t, path), usedSize(t, path)
	newer := func(keys storage.Keyring) []byte {
		path := filepath.Join(t.TempDir(), "newer.db")
		raw, err := storage.OpenBolt(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		steps := make([]func(context.Context, storage.Store) error, 50)
		for i := range steps {
			steps[i] = func(context.Context, storage.Store) error { return nil }
		}
		s, err := storage.NewWith(t.Context(), raw, keys, steps...)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		return read(t, path)
	}
	keys := storagetest.Keys(t, key)
	for name, c := range map[string]struct {
		keys storage.Keyring
		fill func(io.Writer) error
		last func(storage.Tx) error
		want error
	}{
		"cut":               {keys, written(whole[:used/2]), nothing, storage.ErrDamaged},
		"nothing":           {keys, written(nil), nothing, storage.ErrDamaged},
		"no store":          {keys, written(bytes.Repeat([]byte("text "), 5000)), nothing, storage.ErrDamaged},
		"another key":       {storagetest.Keys(t, storagetest.Key(t, "other")), written(whole), nothing, storage.ErrSealed},
		"of a newer":        {keys, written(newer(keys)), nothing, storage.ErrSchema},
		"not to its end":    {keys, func(w io.Writer) error { return errors.Join(written(whole)(w), errStopped) }, nothing, errStopped},
		"not to be changed": {keys, written(whole), func(storage.Tx) error { return errStopped }, errStopped},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			made, err := storage.MakeCopy(t.Context(), filepath.Join(folder, "copy.db"), c.keys, c.fill, c.last)
			if !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if made != nil {
				_ = made.Drop()
			}
			if left := names(t, folder); len(left) > 0 {
				t.Errorf("left are %q", left)
			}
		})
	}
}

// TestPutCopy: a copy takes a name that is free, or the place of a file that is kept.
func TestPutCopy(t *testing.T) {
	t.Parallel()
	path, key := makeStore(t)
	whole, keys := read(t, path), storagetest.Keys(t, key)
	folder := t.TempDir()
	place := filepath.Join(folder, "bot.db")
	put := func(n int, suffix string) error {
		made, err := storage.MakeCopy(t.Context(), place, keys, written(whole), func(tx storage.Tx) error { return storage.Put(tx, "n", n) })
		if err != nil {
			t.Fatal(err)
		}
		if err := made.Update(t.Context(), func(tx storage.Tx) error { return storage.Put(tx, "n", 9) }); err == nil {
			t.Error("a copy that is looked at was written to")
		}
		if suffix == "" {
			return errors.Join(made.Put(), made.Drop())
		}
		held, err := storage.Hold("bolt:" + place)
		if err != nil {
			t.Fatal(err)
		}
		defer held.Release()
		_, err = made.Replace(held, suffix)
		return errors.Join(err, made.Drop())
	}
	number := func(path string) (n int) {
		s, err := storage.Open(t.Context(), "bolt:"+path, keys)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		if n, _, err = storage.Read[int](t.Context(), s, "n"); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if err := put(1, ""); err != nil || number(place) != 1 {
		t.Fatalf("a free name: %v", err)
	}
	if err := put(2, ""); !errors.Is(err, fs.ErrExist) || number(place) != 1 {
		t.Errorf("a name that is taken: %v", err)
	}
	if err := os.WriteFile(place+".damaged", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := put(3, ".before"); err != nil || number(place) != 3 || number(place+".before") != 1 {
		t.Errorf("in the place of another: %v", err)
	}
	if err := put(4, ".before"); !errors.Is(err, fs.ErrExist) || number(place) != 3 || number(place+".before") != 1 {
		t.Errorf("what was kept before would be lost: %v", err)
	}
	if left := names(t, folder); !slices.Equal(left, []string{"bot.db", "bot.db.before"}) {
		t.Errorf("there are %q", left)
	}
	if info, err := os.Stat(place); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
}

// TestHoldStore: who holds the store keeps a bot from it, and is refused while one has it.
func TestHoldStore(t *testing.T) {
	t.Parallel()
	path, key := makeStore(t)
	keys := storagetest.Keys(t, key)
	held, err := storage.Hold("bolt:" + path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := storage.Open(t.Context(), "bolt:"+path, keys); !errors.Is(err, storage.ErrLocked) {
		t.Errorf("a store that is held: %v", err)
	}
	held.Release()
	s, err := storage.Open(t.Context(), "bolt:"+path, keys)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	var refused sync.WaitGroup // at the same time: each waits a while for a bot that is just ending
	for what, try := range map[string]func() error{
		"hold":    func() error { _, err := storage.Hold("bolt:" + path); return err },
		"copy":    func() error { return storage.BackupFile(t.Context(), "bolt:"+path, io.Discard) },
		"compact": func() error { _, _, err := storage.Compact(t.Context(), "bolt:"+path); return err },
	} {
		refused.Go(func() {
			if err := try(); !errors.Is(err, storage.ErrLocked) {
				t.Errorf("%s an open store: %v", what, err)
			}
		})
	}
	refused.Wait()
	if _, err := storage.Hold("other:" + path); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("hold a store that is no file: %v", err)
	}
	damaged := filepath.Join(t.TempDir(), "damaged")
	if err := os.WriteFile(damaged, make([]byte, 1<<16), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{damaged, filepath.Join(t.TempDir(), "none")} {
		if held, err := storage.Hold("bolt:" + path); err != nil {
			t.Errorf("%s: %v", path, err)
		} else {
			held.Release()
		}
	}
}

// TestOpenWhatWasPutInPlace: who waits for a file while another one is put in its place opens
// that one, not the former, whose changes nobody would see again.
func TestOpenWhatWasPutInPlace(t *testing.T) {
	t.Parallel()
	path, key := makeStore(t)
	keys := storagetest.Keys(t, key)
	place := "bolt:" + path
	held, err := storage.Hold(place)
	if err != nil {
		t.Fatal(err)
	}
	made, err := storage.MakeCopy(t.Context(), path, keys, written(read(t, path)), func(tx storage.Tx) error { return storage.Put(tx, "which", "the copy") })
	if err != nil {
		t.Fatal(err)
	}
	type opened struct {
		storage.Store
		err error
	}
	waits := make(chan opened)
	go func() {
		s, err := storage.Open(t.Context(), place, keys)
		waits <- opened{s, err}
	}()
	awaitWriter(t, path)
	if _, err := made.Replace(held, ".before"); err != nil {
		t.Fatal(err)
	}
	held.Release()
	s := <-waits
	if s.err != nil {
		t.Fatal(s.err)
	}
	if which, _, err := storage.Read[string](t.Context(), s, "which"); err != nil || which != "the copy" {
		t.Errorf("opened is %q, %v", which, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// awaitWriter waits until this process opens a file to write to it.
func awaitWriter(t *testing.T, path string) {
	t.Helper()
	const open = "/proc/self/fd"
	if _, err := os.Stat(open); err != nil {
		t.Skip("the system does not say which files are open")
	}
	for t.Context().Err() == nil {
		entries, err := os.ReadDir(open)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			to, err := os.Readlink(filepath.Join(open, e.Name()))
			if err != nil || to != path {
				continue
			}
			if info, err := e.Info(); err == nil && info.Mode().Perm()&0o200 != 0 {
				return
			}
		}
		runtime.Gosched()
	}
	t.Fatal("nobody opens it")
}

// TestReplaceNoOther: a file that has come since the place was held, which a bot may have
// open, is not replaced.
func TestReplaceNoOther(t *testing.T) {
	t.Parallel()
	from, key := makeStore(t)
	keys, whole := storagetest.Keys(t, key), read(t, from)
	for name, was := range map[string][]byte{"none": nil, "another": whole, "empty": {}, "damaged": make([]byte, 1<<16)} {
		place := filepath.Join(t.TempDir(), "bot.db")
		if was != nil {
			if err := os.WriteFile(place, was, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		held, err := storage.Hold("bolt:" + place)
		if err != nil {
			t.Fatal(err)
		}
		made, err := storage.MakeCopy(t.Context(), place, keys, written(whole), nothing)
		if err != nil {
			t.Fatal(err)
		}
		if name != "empty" {
			if err := os.Rename(writeFile(t, place+".next", whole), place); err != nil {
				t.Fatal(err)
			}
		} else {
			writeFile(t, place, whole)
		}
		before, err := os.Stat(place)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := made.Replace(held, ".before"); !errors.Is(err, storage.ErrLocked) {
			t.Errorf("%s: %v, want ErrLocked", name, err)
		}
		held.Release()
		if after, err := os.Stat(place); err != nil || !os.SameFile(before, after) {
			t.Errorf("%s: the file was replaced, %v", name, err)
		}
		if err := made.Drop(); err != nil {
			t.Error(err)
		}
		if left := names(t, filepath.Dir(place)); !slices.Equal(left, []string{"bot.db"}) {
			t.Errorf("%s: there are %q", name, left)
		}
	}
}

func writeFile(t *testing.T, path string, content []byte) string {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestCompact: what was deleted goes from the file, everything else stays.
func TestCompact(t *testing.T) {
	t.Parallel()
	path, key := makeStore(t)
	keys := storagetest.Keys(t, key)
	fill := func(s storage.Store, do func(tx storage.Tx, i int) error) {
		t.Helper()
		err := s.Update(t.Context(), func(tx storage.Tx) error {
			for i := range 900 {
				if err := do(tx, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	open := func() storage.Store {
		t.Helper()
		s, err := storage.Open(t.Context(), "bolt:"+path, keys)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	fill(open(), func(tx storage.Tx, i int) error {
		return storage.Put(tx, fmt.Sprintf("n/%04d", i), fmt.Sprint(rand.Perm(200)))
	})
	fill(open(), func(tx storage.Tx, i int) error {
		if i%100 == 0 {
			return nil
		}
		return tx.Delete(fmt.Sprintf("n/%04d", i))
	})
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	before, after, err := storage.Compact(t.Context(), "bolt:"+path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || after != info.Size() || after*4 > before || info.Mode().Perm() != 0o640 {
		t.Errorf("%d bytes of %d, the file has %d, mode %v, %v", after, before, info.Size(), info.Mode(), err)
	}
	if left := names(t, filepath.Dir(path)); len(left) != 1 {
		t.Errorf("there are %q", left)
	}
	s := open()
	defer func() { _ = s.Close() }()
	left, err := storage.Keys(t.Context(), s, "n/")
	if err != nil || len(left) != 9 {
		t.Errorf("%d records, %v", len(left), err)
	}
	if values, _, broken, err := storage.Verify(t.Context(), s); err != nil || broken > 0 || values < 9 {
		t.Errorf("%d values, %d broken, %v", values, broken, err)
	}
}

// TestCompactLeavesADamagedFile as it is.
func TestCompactLeavesADamagedFile(t *testing.T) {
	t.Parallel()
	path, _ := makeStore(t)
	cut := read(t, path)[:usedSize(t, path)-4096]
	if err := os.WriteFile(path, cut, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := storage.Compact(t.Context(), "bolt:"+path); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("%v, want ErrDamaged", err)
	}
	if !bytes.Equal(read(t, path), cut) {
		t.Error("the file was changed")
	}
	if _, _, err := storage.Compact(t.Context(), "bolt:"+filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a store that is not there: %v", err)
	}
}
