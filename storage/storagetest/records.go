package storagetest

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"zomrobot/storage"
)

func testRecords(t *testing.T, fresh func(testing.TB) Place) {
	type record struct {
		Name string    `json:"name"`
		At   time.Time `json:"at"`
	}
	s, ctx := start(t, fresh), t.Context()
	if got, found, err := storage.Read[record](ctx, s, "r"); err != nil || found || got != (record{}) {
		t.Errorf("Read of an absent record: %v, %v, %v", got, found, err)
	}
	want := record{"имя", time.Date(2026, 11, 23, 1, 2, 3, 4, time.UTC)}
	if err := s.Update(ctx, func(tx storage.Tx) error { return storage.Put(tx, "r", want) }); err != nil {
		t.Fatal(err)
	}
	if got, found, err := storage.Read[record](ctx, s, "r"); err != nil || !found || got != want {
		t.Errorf("Read: %v, %v, %v; want %v", got, found, err, want)
	}

	for _, text := range []string{`{"name":"a","at":"secret"}`, `{"name":12345}`, `secret`, `{}{}`} {
		put(ctx, t, s, "broken", text)
		got, found, err := storage.Read[record](ctx, s, "broken")
		if err == nil || found || got != (record{}) {
			t.Errorf("Read of %s: %v, %v, %v; want an error alone", text, got, found, err)
			continue
		}
		if said := err.Error(); !strings.Contains(said, `"broken"`) || strings.Contains(said, "secret") || strings.Contains(said, "12345") {
			t.Errorf("Read of %s: %v; want the key and not the value", text, err)
		}
	}
	err := s.Update(ctx, func(tx storage.Tx) error { return storage.Put(tx, "nan", math.NaN()) })
	if err == nil || !strings.Contains(err.Error(), `"nan"`) {
		t.Errorf("Put of what JSON cannot say: %v", err)
	}
}

func testHealth(t *testing.T, fresh func(testing.TB) Place) {
	ctx := t.Context()
	s, err := openAt(ctx, fresh(t), Keys(t, Key(t, "test")))
	if err != nil {
		t.Fatal(err)
	}
	if err := storage.Healthy(ctx, s, 1); err != nil {
		t.Errorf("Healthy: %v", err)
	}
	closeStore(t, s)
	if err := storage.Healthy(ctx, s, 0); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("Healthy of a closed store: %v, want ErrClosed", err)
	}
}
