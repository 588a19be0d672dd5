//go:build unix

package storage_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"zomrobot/storage"
	"zomrobot/storage/storagetest"
)

// TestPutCopyKeepsTheOwner: root puts a copy in place, and the bot, who is somebody else,
// has to open it.
func TestPutCopyKeepsTheOwner(t *testing.T) {
	t.Parallel()
	bot := 65532
	if os.Geteuid() != 0 {
		bot = os.Geteuid() // only root can give files away
	}
	owner := func(path string) int {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return int(info.Sys().(*syscall.Stat_t).Uid)
	}
	path, key := makeStore(t)
	whole := read(t, path)
	put := func(place string) {
		t.Helper()
		held, err := storage.Hold("bolt:" + place)
		if err != nil {
			t.Fatal(err)
		}
		defer held.Release()
		made, err := storage.MakeCopy(t.Context(), place, storagetest.Keys(t, key), written(whole), nothing)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := made.Replace(held, ".before"); err != nil {
			t.Fatal(err)
		}
		if got := owner(place); got != bot {
			t.Errorf("%s belongs to %d", place, got)
		}
	}
	if err := os.Chown(path, bot, bot); err != nil {
		t.Fatal(err)
	}
	put(path)
	folder := t.TempDir() // of a new machine
	if err := os.Chown(folder, bot, bot); err != nil {
		t.Fatal(err)
	}
	put(filepath.Join(folder, "bot.db"))
	if _, _, err := storage.Compact(t.Context(), "bolt:"+path); err != nil || owner(path) != bot {
		t.Errorf("after compacting it belongs to %d, %v", owner(path), err)
	}
}

// TestPutCopyBehindALink: the link stays, what it leads to is replaced.
func TestPutCopyBehindALink(t *testing.T) {
	t.Parallel()
	path, key := makeStore(t)
	link := filepath.Join(t.TempDir(), "bot.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	made, err := storage.MakeCopy(t.Context(), link, storagetest.Keys(t, key), written(read(t, path)), nothing)
	if err != nil {
		t.Fatal(err)
	}
	held, err := storage.Hold("bolt:" + link)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	if former, err := made.Replace(held, ".before"); err != nil || former != path+".before" {
		t.Fatalf("kept as %q, %v", former, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("the link is %v, %v", info.Mode(), err)
	}
	if !slices.Equal(names(t, filepath.Dir(path)), []string{"bot.db", "bot.db.before"}) {
		t.Errorf("there are %q", names(t, filepath.Dir(path)))
	}
}
