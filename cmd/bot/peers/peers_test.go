package main

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"zomrobot/telegram/emulator/crowd"
)

// TestPeersTurnPages: each peer answers everybody who taps.
func TestPeersTurnPages(t *testing.T) {
	t.Parallel()
	for _, c := range []config{
		{library: "go-telegram", keep: "nothing"},
		{library: "go-telegram", keep: "update"},
		{library: "go-telegram", keep: "batch", sync: time.Millisecond},
		{library: "telebot", keep: "update"},
	} {
		t.Run(c.library+" "+c.keep, func(t *testing.T) {
			t.Parallel()
			people := crowd.New(0)
			server := httptest.NewServer(people)
			defer server.Close()
			defer people.Close()
			c.api, c.store = server.URL, filepath.Join(t.TempDir(), "sessions.db")
			sessions, err := open(c)
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			serve := map[string]func(context.Context, config, keeper) error{"go-telegram": serveGoTelegram, "telebot": serveTelebot}[c.library]
			go func() { ended <- serve(ctx, c, sessions) }()
			ids := []int64{7001, 7002, 7003}
			for _, id := range ids {
				if err := people.Say(id, "/start"); err != nil {
					t.Fatal(err)
				}
			}
			if err := people.Until(t.Context(), func() bool {
				for _, id := range ids {
					if len(people.Messages(id)) == 0 {
						return false
					}
				}
				return true
			}); err != nil {
				t.Fatal(err)
			}
			round, err := people.Run(t.Context(), ids, "›", 50*time.Millisecond)
			if err != nil {
				t.Fatal(err)
			}
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			taps, disk := int64(len(round.All)), sessions.Disk()
			if taps < 3 {
				t.Errorf("%d cards for three people", taps)
			}
			switch all := taps + 3; c.keep {
			case "nothing":
				if disk != (crowd.Disk{}) {
					t.Errorf("it has written %+v", disk)
				}
			case "update":
				if disk.Commits != all || disk.Syncs < 2*all || disk.Pages < 2*all {
					t.Errorf("%d turns were written as %+v", all, disk)
				}
			case "batch":
				if disk.Commits < 1 || disk.Commits > all {
					t.Errorf("%d turns were written as %+v", all, disk)
				}
			}
			if err := sessions.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
