package storage_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"go.etcd.io/bbolt"

	"zomrobot/storage"
	"zomrobot/storage/storagetest"
)

func TestBolt(t *testing.T) {
	storagetest.Run(t, func(t testing.TB) storagetest.Place {
		path := filepath.Join(t.TempDir(), "bot.db")
		return func(ctx context.Context) (storage.Backend, error) { return storage.OpenBolt(ctx, path) }
	})
}

// TestShared runs the suite on an engine that another process could hold, too.
func TestShared(t *testing.T) {
	storagetest.Run(t, func(t testing.TB) storagetest.Place {
		path := filepath.Join(t.TempDir(), "bot.db")
		return func(ctx context.Context) (storage.Backend, error) {
			bolt, err := storage.OpenBolt(ctx, path)
			return &countedBackend{Backend: bolt, shared: true}, err
		}
	})
}

// plaintext is every value of makeStore, one that cannot be packed.
var plaintext = "plaintext" + string(noise(171))

// noise are bytes that cannot be packed, the same ones each time.
func noise(n int) []byte {
	bytes := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{}).Read(bytes)
	return bytes
}

// makeStore makes a store with a few hundred records and returns its path and key.
func makeStore(t *testing.T) (path, key string) {
	t.Helper()
	path, key = filepath.Join(t.TempDir(), "bot.db"), storagetest.Key(t, "test")
	s, err := storage.Open(t.Context(), "bolt:"+path, storagetest.Keys(t, key))
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx storage.Tx) error {
		for _, c := range "abcdefghijklmnopqrstuvwxyz" {
			for n := range 20 {
				if err := tx.Put(strings.Repeat(string(c), n+1), []byte(plaintext)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return path, key
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestBoltFile(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "not", "there")
	path := filepath.Join(folder, "bot.db")
	s, err := storage.Open(t.Context(), "bolt:"+path, storagetest.Keys(t, storagetest.Key(t, "test")))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{path: 0o600, folder: 0o700} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
}

func TestNoPlaintextInFile(t *testing.T) {
	t.Parallel()
	path, key := makeStore(t)
	content := read(t, path)
	if bytes.Contains(content, []byte("plaintext")) {
		t.Error("the file holds a value as it is")
	}
	if _, material, _ := strings.Cut(key, ":"); bytes.Contains(content, []byte(material)) {
		t.Error("the file holds the key")
	}
}

func TestWrongKeyLeavesFile(t *testing.T) {
	t.Parallel()
	path, key := makeStore(t)
	before := sha256.Sum256(read(t, path))
	for name, other := range map[string]string{"same id": "test", "other id": "other"} {
		_, err := storage.Open(t.Context(), "bolt:"+path, storagetest.Keys(t, storagetest.Key(t, other)))
		if !errors.Is(err, storage.ErrSealed) || !strings.Contains(err.Error(), `"test"`) {
			t.Errorf("%s: %v, want ErrSealed naming the key that is needed", name, err)
		}
	}
	if _, err := storage.Open(t.Context(), "bolt:"+path, storage.Keyring{}); err == nil {
		t.Error("no key is no error")
	}
	if sha256.Sum256(read(t, path)) != before {
		t.Error("a wrong key changed the file")
	}
	s, err := storage.Open(t.Context(), "bolt:"+path, storagetest.Keys(t, key))
	if err != nil {
		t.Fatalf("the right key afterwards: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestDamagedFile(t *testing.T) {
	t.Parallel()
	path, key := makeStore(t)
	whole := read(t, path)
	used := usedSize(t, path)
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	db, err := bbolt.Open(foreign, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("someone else's"))
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"a byte":        whole[:1],
		"a page":        whole[:4096],
		"two pages":     whole[:8192],
		"half":          whole[:used/2],
		"but a page":    whole[:used-4096],
		"text":          bytes.Repeat([]byte("not a store "), 5000),
		"zeroes":        make([]byte, len(whole)),
		"of others":     read(t, foreign),
		"zeroed middle": append(append(bytes.Clone(whole[:8192]), make([]byte, len(whole)/2)...), whole[8192+len(whole)/2:]...),
	} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := storage.Open(t.Context(), "bolt:"+path, storagetest.Keys(t, key))
		if !errors.Is(err, storage.ErrDamaged) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want ErrDamaged naming the file", name, err)
		}
		if err == nil {
			_ = s.Close()
		}
		if !bytes.Equal(read(t, path), content) {
			t.Errorf("%s: opening changed the file", name)
		}
		if err := storage.Inspect(t.Context(), "bolt:"+path); !errors.Is(err, storage.ErrDamaged) {
			t.Errorf("%s: %v, want ErrDamaged", name, err)
		}
	}
}

// TestDamagedFreePages: a list of free pages with a page that is none, or is there
// twice, is recognised when the file is opened: pages are taken from it to be written.
// The file is let go, so that a whole one can take its place.
func TestDamagedFreePages(t *testing.T) {
	t.Parallel()
	path, key := makeStore(t)
	keys := storagetest.Keys(t, key)
	s, err := storage.Open(t.Context(), "bolt:"+path, keys)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx storage.Tx) error {
		for n := range 20 {
			if err := tx.Delete(strings.Repeat("c", n+1)); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	whole := read(t, path)
	at, size := freePages(t, path)
	count := int(binary.NativeEndian.Uint16(whole[at*size+10:]))
	if count < 3 {
		t.Fatalf("%d pages are free", count)
	}
	for name, spoil := range map[string]func(list []byte){
		"out of the file": func(list []byte) { binary.NativeEndian.PutUint64(list[8:], 1<<40) },
		"a meta page":     func(list []byte) { binary.NativeEndian.PutUint64(list, 1) },
		"twice":           func(list []byte) { copy(list[8:16], list) },
		"the list itself": func(list []byte) { binary.NativeEndian.PutUint64(list[8*(count-1):], uint64(at)) },
	} {
		content := bytes.Clone(whole)
		spoil(content[at*size+16:])
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := storage.Open(t.Context(), "bolt:"+path, keys); !errors.Is(err, storage.ErrDamaged) {
			t.Errorf("%s: %v, want ErrDamaged", name, err)
			if err == nil {
				_ = s.Close()
			}
		}
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err = storage.Open(t.Context(), "bolt:"+path, keys); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// freePages returns which page has the list of free pages, and how large a page is.
func freePages(t *testing.T, path string) (at, size int) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, PreLoadFreelist: true})
	if err != nil {
		t.Fatal(err)
	}
	size = db.Info().PageSize
	err = db.View(func(tx *bbolt.Tx) error {
		for id := 2; ; id++ { // an older list is a free page
			page, err := tx.Page(id)
			if err != nil || page == nil {
				return errors.Join(err, errors.New("there is no list of free pages"))
			}
			if page.Type == "freelist" {
				at = id
				return nil
			}
		}
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return at, size
}

// TestFlippedBytes flips bytes all over a file: it does not open, or a record does
// not, or what is read is genuine, and nothing is written once it was found damaged. It
// never ends in a panic.
func TestFlippedBytes(t *testing.T) {
	t.Parallel()
	const every = 1009 // bytes; a prime, to meet each part of a page
	path, key := makeStore(t)
	keys, whole := storagetest.Keys(t, key), read(t, path)
	for at, used := int64(0), usedSize(t, path); at < used; at += every {
		content := bytes.Clone(whole)
		content[at] ^= 0xff
		path := filepath.Join(filepath.Dir(path), fmt.Sprint(at)) // a damaged one stays locked
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := storage.Open(t.Context(), "bolt:"+path, keys)
		if err != nil {
			if !errors.Is(err, storage.ErrDamaged) && !errors.Is(err, storage.ErrSealed) {
				t.Errorf("byte %d: %v, want ErrDamaged or ErrSealed", at, err)
			}
			continue
		}
		err = s.Scan(t.Context(), "", "", func(key string, value []byte) (bool, error) {
			if string(value) != plaintext {
				t.Errorf("byte %d: the value of %q is %q", at, key, value)
			}
			return true, nil
		})
		if err != nil && !errors.Is(err, storage.ErrSealed) && !errors.Is(err, storage.ErrDamaged) {
			t.Errorf("byte %d: %v, want ErrSealed or ErrDamaged", at, err)
		}
		wrote := s.Update(t.Context(), func(tx storage.Tx) error {
			for letter := byte('a'); letter <= 'z'; letter++ {
				if err := errors.Join(tx.Put(string(letter)+"-", []byte("new")), tx.Delete(string(letter))); err != nil {
					return err
				}
			}
			return nil
		})
		if errors.Is(err, storage.ErrDamaged) && wrote == nil {
			t.Errorf("byte %d: it was written after %v", at, err)
		}
		if wrote != nil && !errors.Is(wrote, storage.ErrDamaged) {
			t.Errorf("byte %d: %v, want ErrDamaged", at, wrote)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// zeroed makes a store of which a page with records is nothing but zeroes, which is not
// seen when it is opened. One of its records has the key that is returned.
func zeroed(t *testing.T) (path, lost string, keys storage.Keyring) {
	t.Helper()
	path, key := makeStore(t)
	lost = strings.Repeat("m", 20)
	content := read(t, path)
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, PreLoadFreelist: true})
	if err != nil {
		t.Fatal(err)
	}
	err = db.View(func(tx *bbolt.Tx) error {
		for id, size := 0, db.Info().PageSize; ; id++ {
			page, err := tx.Page(id)
			if err != nil || page == nil {
				return errors.Join(err, errors.New("no page has it"))
			}
			if at := content[id*size : (id+1)*size]; page.Type == "leaf" && bytes.Contains(at, []byte(lost)) {
				clear(at)
				return nil
			}
		}
	})
	if err := errors.Join(err, db.Close(), os.WriteFile(path, content, 0o600)); err != nil {
		t.Fatal(err)
	}
	return path, lost, storagetest.Keys(t, key)
}

// TestDamageThatIsFoundLater: a broken page is found when it is read, in whatever
// way, and is an error there, whatever the transaction makes of it. From then on nothing
// is written, and the next opening reads everything.
func TestDamageThatIsFoundLater(t *testing.T) {
	t.Parallel()
	for name, meet := range map[string]func(storage.Store, string) error{
		"get": func(s storage.Store, lost string) error {
			return s.View(t.Context(), func(tx storage.Tx) error {
				_, _ = tx.Get(lost)
				return nil
			})
		},
		"put": func(s storage.Store, lost string) error {
			return s.Update(t.Context(), func(tx storage.Tx) error {
				return tx.Put(lost, []byte("x"))
			})
		},
		"get in a transaction that fails": func(s storage.Store, lost string) error {
			return s.Update(t.Context(), func(tx storage.Tx) error {
				_, _ = tx.Get(lost)
				return errors.New("its own")
			})
		},
		"delete": func(s storage.Store, lost string) error {
			return s.Update(t.Context(), func(tx storage.Tx) error { return tx.Delete(lost) })
		},
		"scan": func(s storage.Store, _ string) error {
			return s.Scan(t.Context(), "", "", func(string, []byte) (bool, error) { return true, nil })
		},
		"a neighbour that is emptied": func(s storage.Store, _ string) error {
			for _, letter := range "nopq" { // one by one, until it is joined with the page before it
				for n := range 20 {
					err := s.Update(t.Context(), func(tx storage.Tx) error {
						return tx.Delete(strings.Repeat(string(letter), n+1))
					})
					if err != nil {
						return err
					}
				}
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, lost, keys := zeroed(t)
			s, err := storage.Open(t.Context(), "bolt:"+path, keys)
			if err != nil {
				t.Fatal(err)
			}
			write := func() error {
				return s.Update(t.Context(), func(tx storage.Tx) error { return tx.Put("a", []byte("new")) })
			}
			if err := write(); err != nil {
				t.Fatalf("before the damage was found: %v", err)
			}
			if err := meet(s, lost); !errors.Is(err, storage.ErrDamaged) || !strings.Contains(err.Error(), path) {
				t.Fatalf("%v, want ErrDamaged naming the file", err)
			}
			if err := write(); !errors.Is(err, storage.ErrDamaged) {
				t.Errorf("a write afterwards: %v, want ErrDamaged", err)
			}
			if value, _, err := storage.Read[int](t.Context(), s, "meta/schema"); err != nil || value < 1 {
				t.Errorf("what is whole cannot be read any more: %v, %v", value, err)
			}
			if err := storage.Healthy(t.Context(), s, 0); !errors.Is(err, storage.ErrDamaged) {
				t.Errorf("Healthy: %v, want ErrDamaged", err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if s, err := storage.Open(t.Context(), "bolt:"+path, keys); !errors.Is(err, storage.ErrDamaged) {
				t.Errorf("the next opening: %v, want ErrDamaged", err)
				if err == nil {
					_ = s.Close()
				}
			}

			// A copy that is whole takes its place: it is opened, and not read again.
			// (Under another name: the damaged one stays locked.)
			other, key := makeStore(t)
			if err := os.Rename(path+".damaged", other+".damaged"); err != nil {
				t.Fatal(err)
			}
			mended, err := storage.Open(t.Context(), "bolt:"+other, storagetest.Keys(t, key))
			if err != nil {
				t.Fatal(err)
			}
			if err := mended.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(other + ".damaged"); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("it is still said to be damaged: %v", err)
			}
		})
	}
}

// TestTransactionThatCannotBeTakenBack: when also the list of free pages breaks while
// the file is in use, a commit that comes upon a broken page cannot even be taken back.
// That too is an error, whatever comes after it is one at once, and the store closes.
func TestTransactionThatCannotBeTakenBack(t *testing.T) {
	t.Parallel()
	path, _, keys := zeroed(t)
	s, err := storage.Open(t.Context(), "bolt:"+path, keys)
	if err != nil {
		t.Fatal(err)
	}
	unlocked := path + "-copy"
	if err := os.WriteFile(unlocked, read(t, path), 0o600); err != nil {
		t.Fatal(err)
	}
	at, size := freePages(t, unlocked)
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err == nil {
		_, err = file.WriteAt(make([]byte, size), int64(at*size))
	}
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		err = s.Update(t.Context(), func(tx storage.Tx) error {
			for _, letter := range "klnopq" {
				for n := range 20 {
					if err := tx.Delete(strings.Repeat(string(letter), n+1)); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if !errors.Is(err, storage.ErrDamaged) {
			t.Errorf("%v, want ErrDamaged", err)
		}
	}
	if _, _, err := storage.Read[int](t.Context(), s, "meta/schema"); !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("reading: %v, want ErrDamaged", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// usedSize returns how much of a file has pages in use; what follows is room.
func usedSize(t *testing.T, path string) (size int64) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	err = db.View(func(tx *bbolt.Tx) error { size = tx.Size(); return nil })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return size
}

// TestInterruptedCreation opens files as a crash can leave them at the start.
func TestInterruptedCreation(t *testing.T) {
	t.Parallel()
	key := storagetest.Key(t, "test")
	for name, begin := range map[string]func(path string) error{
		"empty file": func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"no bucket": func(path string) error {
			db, err := bbolt.Open(path, 0o600, nil)
			if err != nil {
				return err
			}
			return db.Close()
		},
		"no records": func(path string) error {
			engine, err := storage.OpenBolt(context.Background(), path)
			if err != nil {
				return err
			}
			return engine.Close()
		},
	} {
		path := filepath.Join(t.TempDir(), "bot.db")
		if err := begin(path); err != nil {
			t.Fatal(err)
		}
		s, err := storage.Open(t.Context(), "bolt:"+path, storagetest.Keys(t, key))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestUnwritableFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	keys := storagetest.Keys(t, storagetest.Key(t, "test"))
	for name, path := range map[string]string{"folder is a file": filepath.Join(file, "bot.db"), "file is a folder": t.TempDir()} {
		if _, err := storage.Open(t.Context(), "bolt:"+path, keys); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want an error naming the path", name, err)
		}
	}
}

func TestBackup(t *testing.T) {
	t.Parallel()
	path, key := makeStore(t)
	keys := storagetest.Keys(t, key)
	s, err := storage.Open(t.Context(), "bolt:"+path, keys)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()

	copied := filepath.Join(t.TempDir(), "copy.db")
	f, err := os.OpenFile(copied, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	// The store is written while the copy is under way; the copy is of before.
	late := writerFunc(func(p []byte) (int, error) {
		err := s.Update(t.Context(), func(tx storage.Tx) error { return tx.Put("late", []byte("x")) })
		if err != nil {
			return 0, err
		}
		return f.Write(p)
	})
	if err := errors.Join(storage.Backup(t.Context(), s, late), f.Close()); err != nil {
		t.Fatal(err)
	}
	second, err := storage.Open(t.Context(), "bolt:"+copied, keys)
	if err != nil {
		t.Fatalf("open the copy: %v", err)
	}
	defer func() { _ = second.Close() }()
	if a, b := count(t, s), count(t, second); a != b+1 || b != 26*20 {
		t.Errorf("the store has %d records, the copy %d; want one more than %d", a, b, 26*20)
	}

	ended, end := context.WithCancel(t.Context())
	end()
	if err := storage.Backup(ended, s, &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Backup whose context ended: %v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (w writerFunc) Write(p []byte) (int, error) { return w(p) }

func count(t *testing.T, s storage.Store) int {
	t.Helper()
	n := 0
	if err := s.Scan(t.Context(), "", "", func(string, []byte) (bool, error) { n++; return true, nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestHealthyWantsSpace(t *testing.T) {
	t.Parallel()
	s := storagetest.Open(t)
	if err := storage.Healthy(t.Context(), s, 1<<62); !errors.Is(err, storage.ErrFull) {
		t.Errorf("Healthy that wants 4 EiB: %v, want ErrFull", err)
	}
	if err := storage.HasRoom(t.Context(), s, 1<<62); !errors.Is(err, storage.ErrFull) {
		t.Errorf("HasRoom that wants 4 EiB: %v, want ErrFull", err)
	}
	if err := storage.HasRoom(t.Context(), s, 1); err != nil {
		t.Errorf("HasRoom that wants a byte: %v", err)
	}
}

// countedBackend counts commits. With shared, another process could hold it, too.
type countedBackend struct {
	storage.Backend
	commits atomic.Int64
	shared  bool
}

func (b *countedBackend) Update(ctx context.Context, fn func(storage.Tx) error) error {
	b.commits.Add(1)
	return b.Backend.Update(ctx, fn)
}

func (b *countedBackend) Alone() bool { return !b.shared }

// TestLeaseWritesWhereItMust holds that a lease costs a commit only where another
// process can hold the store, and is fenced in either case.
func TestLeaseWritesWhereItMust(t *testing.T) {
	t.Parallel()
	for _, shared := range []bool{false, true} {
		bolt, err := storage.OpenBolt(t.Context(), filepath.Join(t.TempDir(), "bot.db"))
		if err != nil {
			t.Fatal(err)
		}
		if alone, ok := bolt.(interface{ Alone() bool }); !ok || !alone.Alone() {
			t.Error("a bbolt file says that another process can hold it, too")
		}
		counted := &countedBackend{Backend: bolt, shared: shared}
		s, err := storage.New(t.Context(), counted, storagetest.Keys(t, storagetest.Key(t, "test")))
		if err != nil {
			t.Fatal(err)
		}
		before := counted.commits.Load()
		first, err := s.Own(t.Context(), "name")
		if err != nil {
			t.Fatal(err)
		}
		if n := counted.commits.Load() - before; (n > 0) != shared {
			t.Errorf("shared %v: a lease makes %d commits", shared, n)
		}
		first.Release()
		second, err := s.Own(t.Context(), "name")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.View(t.Context(), first.Check); !errors.Is(err, storage.ErrLost) {
			t.Errorf("shared %v: Check by an earlier owner: %v, want ErrLost", shared, err)
		}
		if err := s.View(t.Context(), second.Check); err != nil {
			t.Errorf("shared %v: Check by the owner: %v", shared, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// foreignStore is a store that is not of this package.
type foreignStore struct{ storage.Store }

func TestForeignStore(t *testing.T) {
	t.Parallel()
	s := foreignStore{}
	_, resealErr := storage.Reseal(t.Context(), s)
	for _, err := range []error{resealErr, storage.Healthy(t.Context(), s, 0), storage.HasRoom(t.Context(), s, 0), storage.Backup(t.Context(), s, &bytes.Buffer{})} {
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%v, want ErrUnsupported", err)
		}
	}
}

// TestWaitingWriter holds that a writer that waits for another goes away when its
// context ends.
func TestWaitingWriter(t *testing.T) {
	t.Parallel()
	s := storagetest.Open(t)
	inside, leave, left := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		left <- s.Update(t.Context(), func(storage.Tx) error {
			close(inside)
			<-leave
			return nil
		})
	}()
	<-inside
	waiting, end := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() { gone <- s.Update(waiting, func(storage.Tx) error { return nil }) }()
	end()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("Update whose context ended: %v", err)
	}
	close(leave)
	if err := <-left; err != nil {
		t.Fatal(err)
	}
}

// TestFileThatIsCutWhileItIsOpen: what is read where the file has ended is a fault of
// memory, in whatever goroutine; it is an error, and the program lives.
func TestFileThatIsCutWhileItIsOpen(t *testing.T) {
	t.Parallel()
	path, lost, keys := zeroed(t)
	s, err := storage.Open(t.Context(), "bolt:"+path, keys)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	for what, read := range map[string]func(context.Context, func(storage.Tx) error) error{"Update": s.Update, "View": s.View} {
		err := read(t.Context(), func(tx storage.Tx) error {
			_, err := tx.Get(lost)
			return err
		})
		if !errors.Is(err, storage.ErrDamaged) {
			t.Errorf("%s: %v, want ErrDamaged", what, err)
		}
	}
}
