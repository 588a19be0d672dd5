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

// writeUntilKilled commits numbered records and prints each number after its
// commit, until it is killed.
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
	for i := 0; ; i++ {
		err := s.Update(context.Background(), func(tx storage.Tx) error {
			if err := storage.Put(tx, "last", i); err != nil {
				return err
			}
			return storage.Put(tx, fmt.Sprintf("n/%06d", i), i)
		})
		if err != nil {
			fmt.Println(err)
			return 1
		}
		fmt.Println(i)
	}
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
	for round, after := range []int{1, 7, 30} {
		process, output := startWriter(t, "bolt:"+path, key)
		acknowledged := -1
		for output.Scan() {
			if _, err := fmt.Sscan(output.Text(), &acknowledged); err != nil {
				t.Fatalf("the process said %q", output.Text())
			}
			if acknowledged == after {
				if err := process.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = process.Wait() // "killed"

		s, err := storage.Open(t.Context(), "bolt:"+path, storagetest.Keys(t, key))
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		last, _, err := storage.Read[int](t.Context(), s, "last")
		if err != nil || last < acknowledged || acknowledged < after {
			t.Errorf("round %d: the last record is %d (%v), %d were acknowledged", round, last, err, acknowledged)
		}
		for i := range last + 1 {
			if got, found, err := storage.Read[int](t.Context(), s, fmt.Sprintf("n/%06d", i)); err != nil || !found || got != i {
				t.Errorf("round %d: record %d is %d, %v, %v", round, i, got, found, err)
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
	if !output.Scan() || output.Text() != "0" {
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
