package emulator

import (
	"slices"
	"testing"
	"time"
)

func TestRetryDelay(t *testing.T) {
	var got []time.Duration
	for failures := 1; failures <= 8; failures++ {
		got = append(got, retryDelay(failures)/time.Second)
	}
	if want := []time.Duration{0, 2, 4, 8, 16, 32, 60, 60}; !slices.Equal(got, want) {
		t.Errorf("pauses of %v seconds, want %v", got, want)
	}
	if retryDelay(1_000_000) != maxRetryDelay {
		t.Error("after many failures the pause is not the longest")
	}
}
