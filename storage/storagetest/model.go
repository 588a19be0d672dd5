package storagetest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"zomrobot/storage"
)

// testModel compares random work with a map that does the same.
func testModel(t *testing.T, fresh func(testing.TB) Place) {
	var (
		ctx    = t.Context()
		keys   = Keys(t, Key(t, "model"))
		key    = rapid.StringOfN(rapid.RuneFrom([]rune("ab/\x00я")), 1, 3, -1)
		prefix = rapid.StringOfN(rapid.RuneFrom([]rune("ab/")), 0, 2, -1)
		value  = rapid.StringN(1, 40, -1)
	)
	rapid.Check(t, func(r *rapid.T) {
		place := fresh(t)
		s, err := openAt(ctx, place, keys)
		if err != nil {
			r.Fatal(err)
		}
		defer func() { closeStore(r, s) }()
		model := map[string]string{}
		r.Repeat(map[string]func(*rapid.T){
			"": func(r *rapid.T) { compare(ctx, r, s, model, "", "") },
			"update": func(r *rapid.T) {
				next := maps.Clone(model)
				fail := rapid.Float64().Draw(r, "fail") < 0.2
				type step struct {
					key, value string
					remove     bool
				}
				steps := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) step {
					return step{key.Draw(r, "key"), value.Draw(r, "value"), rapid.Bool().Draw(r, "remove")}
				}), 1, 8).Draw(r, "steps")
				err := s.Update(ctx, func(tx storage.Tx) error {
					next = maps.Clone(model)
					for _, step := range steps {
						if got, err := tx.Get(step.key); err != nil || string(got) != next[step.key] {
							r.Fatalf("Get %q: %q, %v; want %q", step.key, got, err, next[step.key])
						}
						if step.remove {
							delete(next, step.key)
							if err := tx.Delete(step.key); err != nil {
								return err
							}
							continue
						}
						next[step.key] = step.value
						if err := tx.Put(step.key, []byte(step.value)); err != nil {
							return err
						}
					}
					if fail {
						return errOwn
					}
					return nil
				})
				switch {
				case err == nil && !fail:
					model = next
				case err == errOwn && fail: //nolint:errorlint // it must be returned as it is
				default:
					r.Fatalf("Update: %v", err)
				}
			},
			"scan": func(r *rapid.T) {
				compare(ctx, r, s, model, prefix.Draw(r, "prefix"), prefix.Draw(r, "from"))
			},
			"reopen": func(r *rapid.T) {
				closeStore(r, s)
				if s, err = openAt(ctx, place, keys); err != nil {
					r.Fatal(err)
				}
			},
		})
	})
}

func compare(ctx context.Context, t failer, s storage.Store, model map[string]string, prefix, from string) {
	t.Helper()
	var want []pair
	for _, key := range slices.Sorted(maps.Keys(model)) {
		if strings.HasPrefix(key, prefix) && key >= from {
			want = append(want, pair{key, model[key]})
		}
	}
	if diff := cmp.Diff(want, scan(ctx, t, s, prefix, from, 0)); diff != "" {
		t.Fatalf("scan of %q from %q (-want +got):\n%s", prefix, from, diff)
	}
}
