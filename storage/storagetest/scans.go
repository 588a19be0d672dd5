package storagetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zomrobot/storage"
)

func testScan(t *testing.T, fresh func(testing.TB) Place) {
	s, ctx := start(t, fresh), t.Context()
	for _, key := range []string{"b/2", "a", "b/10", "b", "c/\x00", "b/1", "b0", "a/я", "c/\xff", "zz"} {
		put(ctx, t, s, key, "value of "+key)
	}
	for _, test := range []struct {
		prefix, from string
		limit        int
		want         []string
	}{
		{"", "", 0, []string{"a", "a/я", "b", "b/1", "b/10", "b/2", "b0", "c/\x00", "c/\xff", "zz"}},
		{"", "", 3, []string{"a", "a/я", "b"}},
		{"b/", "", 0, []string{"b/1", "b/10", "b/2"}},
		{"b", "", 0, []string{"b", "b/1", "b/10", "b/2", "b0"}},
		{"b/", "b/10", 0, []string{"b/10", "b/2"}},
		{"b/", "b/10\x00", 0, []string{"b/2"}},
		{"b/", "a", 0, []string{"b/1", "b/10", "b/2"}},
		{"b/", "c", 0, nil},
		{"", "c/", 0, []string{"c/\x00", "c/\xff", "zz"}},
		{"c/\xff", "", 0, []string{"c/\xff"}},
		{"none", "", 0, nil},
		{"zz", "", 1, []string{"zz"}},
		{"", "zzz", 0, nil},
	} {
		var want []pair
		for _, key := range test.want {
			want = append(want, pair{key, "value of " + key})
		}
		if diff := cmp.Diff(want, scan(ctx, t, s, test.prefix, test.from, test.limit)); diff != "" {
			t.Errorf("scan of %q from %q, at most %d (-want +got):\n%s", test.prefix, test.from, test.limit, diff)
		}
	}
	err := s.Scan(ctx, "", "", func(string, []byte) (bool, error) { return true, errOwn })
	if err != errOwn { //nolint:errorlint // it must be returned as it is
		t.Errorf("Scan returned %v; want the function's error as it is", err)
	}
}

// fill writes count records below prefix in one transaction.
func fill(t *testing.T, s storage.Store, prefix string, count int) {
	t.Helper()
	const most = 100 // operations of a transaction that every engine takes
	for first := 0; first < count; first += most {
		err := s.Update(t.Context(), func(tx storage.Tx) error {
			for i := first; i < min(first+most, count); i++ {
				if err := storage.Put(tx, fmt.Sprintf("%s%05d", prefix, i), i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func testScanPaging(t *testing.T, fresh func(testing.TB) Place) {
	s := start(t, fresh)
	fill(t, s, "n/", 1000)
	fill(t, s, "m/", 256)
	for prefix, want := range map[string]int{"n/": 1000, "m/": 256, "": 1256} {
		pairs := scan(t.Context(), t, s, prefix, "", 0)
		if len(pairs) != want {
			t.Fatalf("scan of %q gave %d records, want %d", prefix, len(pairs), want)
		}
		for i := 1; i < len(pairs); i++ {
			if pairs[i-1].Key >= pairs[i].Key {
				t.Fatalf("scan of %q: %q comes before %q", prefix, pairs[i-1].Key, pairs[i].Key)
			}
		}
	}
}

// testScanWriting deletes and writes what is being scanned.
func testScanWriting(t *testing.T, fresh func(testing.TB) Place) {
	s, ctx := start(t, fresh), t.Context()
	fill(t, s, "n/", 300)
	seen := 0
	err := s.Scan(ctx, "n/", "", func(key string, _ []byte) (bool, error) {
		seen++
		if seen%10 != 0 {
			return true, nil
		}
		return true, s.Update(ctx, func(tx storage.Tx) error {
			return errors.Join(tx.Delete(key), tx.Put("done/"+key, []byte("x")))
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen != 300 {
		t.Errorf("the scan saw %d records, want 300", seen)
	}
	left, done := len(scan(ctx, t, s, "n/", "", 0)), len(scan(ctx, t, s, "done/", "", 0))
	if left != 270 || done != 30 {
		t.Errorf("%d are left and %d are done, want 270 and 30", left, done)
	}
}
