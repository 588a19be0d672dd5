package storage_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"zomrobot/storage"
	"zomrobot/storage/storagetest"
)

// writers is how many write at the same time in a process that is killed, so that
// they share commits.
const writers = 8

// writeUntilKilled has several writers commit numbered records, each of which prints
// its numbers after the commit, until it is killed.
func writeUntilKilled() int {
	keys, err := storage.ParseKeys(os.Getenv("STORAGE_KEYS"))
	if err != nil {
		fmt.Println(err)
		return 1
	}
	s, err := storage.Open(context.Background(), os.Getenv("STORAGE_URL"), keys)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	failed := make(chan error)
	for w := range writers {
		go func() {
			for i := 0; ; i++ {
				err := s.Update(context.Background(), func(tx storage.Tx) error {
					if err := storage.Put(tx, fmt.Sprintf("last/%d", w), i); err != nil {
						return err
					}
					return storage.Put(tx, fmt.Sprintf("n/%d/%06d", w, i), i)
				})
				if err != nil {
					failed <- err
					return
				}
				fmt.Println(w, i)
			}
		}()
	}
	fmt.Println(<-failed)
	return 1
}

// startWriter starts a process that writes, and returns it with its output.
func startWriter(t *testing.T, url, key string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), roleVariable+"=write", "STORAGE_URL="+url, "STORAGE_KEYS="+key)
	process.Stderr = os.Stderr
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = process.Process.Kill()
		_ = process.Wait()
	})
	return process, bufio.NewScanner(output)
}

// TestKilledProcess kills a process that writes, again and again: what it said was
// written is there, whole and in order, and nothing is held back from the next.
func TestKilledProcess(t *testing.T) {
	t.Parallel()
	key := storagetest.Key(t, "test")
	path := filepath.Join(t.TempDir(), "bot.db")
	for round, after := range []int{1, 50, 300} {
		process, output := startWriter(t, "bolt:"+path, key)
		acknowledged, said := map[int]int{}, 0
		for output.Scan() {
			var w, i int
			if _, err := fmt.Sscan(output.Text(), &w, &i); err != nil {
				t.Fatalf("the process said %q", output.Text())
			}
			acknowledged[w] = i
			if said++; said == after {
				if err := process.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = process.Wait() // "killed"
		if said < after {
			t.Fatalf("round %d: the process wrote %d times", round, said)
		}

		s, err := storage.Open(t.Context(), "bolt:"+path, storagetest.Keys(t, key))
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		for w, told := range acknowledged {
			last, _, err := storage.Read[int](t.Context(), s, fmt.Sprintf("last/%d", w))
			if err != nil || last < told {
				t.Errorf("round %d: the last record of writer %d is %d (%v), %d were acknowledged", round, w, last, err, told)
			}
			for i := range max(last, told) + 1 {
				if got, found, err := storage.Read[int](t.Context(), s, fmt.Sprintf("n/%d/%06d", w, i)); err != nil || !found || got != i {
					t.Errorf("round %d: record %d of writer %d is %d, %v, %v", round, i, w, got, found, err)
				}
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSecondProcess(t *testing.T) {
	t.Parallel()
	key := storagetest.Key(t, "test")
	path := filepath.Join(t.TempDir(), "bot.db")
	_, output := startWriter(t, "bolt:"+path, key)
	if !output.Scan() || !strings.HasSuffix(output.Text(), " 0") {
		t.Fatalf("the process said %q", output.Text())
	}
	drained := make(chan struct{})
	go func() { // so that it does not stop writing
		defer close(drained)
		for output.Scan() {
		}
	}()
	_, err := storage.Open(t.Context(), "bolt:"+path, storagetest.Keys(t, key))
	if !errors.Is(err, storage.ErrLocked) || !strings.Contains(err.Error(), path) {
		t.Errorf("open what another process holds: %v, want ErrLocked naming the file", err)
	}
}
