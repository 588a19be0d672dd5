package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"zomrobot/telegram/emulator/crowd"
)

// benchSync is in the environment of a process of this test binary that is the bot
// beside its peers: how much longer each sync of the disk takes.
const benchSync = "BENCH_SYNC"

// benchServes is in the environment of one with a webhook: the file in which it says where
// it serves it.
const benchServes = "BENCH_SERVES"

// runMeasured is bot run -attached with a meter between the store and its
// disk, which tells what it uses.
func runMeasured() int {
	if err := serveMeasured(context.Background()); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "measured bot:", err)
		return exitFailed
	}
	return exitDone
}

func serveMeasured(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	slow, err := time.ParseDuration(os.Getenv(benchSync))
	if err != nil {
		return err
	}
	c, err := ReadConfig()
	if err != nil {
		return err
	}
	keys, err := c.Keyring()
	if err != nil {
		return err
	}
	debug.SetGCPercent(collectAt) // as bot run does
	meter := &metered{slow: slow}
	p := &Program{Config: c, Keys: keys, Log: c.Logger(os.Stderr)}
	meter.on(p)
	err = p.Open(ctx)
	if file := os.Getenv(benchServes); err == nil && file != "" {
		err = os.WriteFile(file, []byte(p.listener.Addr().String()), 0o600)
	}
	if err == nil {
		reported := make(chan error, 1)
		go func() {
			defer stop()
			reported <- crowd.Report(os.Stdin, os.Stdout, meter.disk)
		}()
		err = errors.Join(p.Run(ctx), <-reported)
	}
	return errors.Join(err, p.Close())
}

// disk is what was written since the program was opened.
func (m *metered) disk() crowd.Disk {
	counts := m.store.Counts()
	return crowd.Disk{
		Commits: counts.Commits, Syncs: counts.Syncs + m.marks.Load(),
		Pages: counts.Pages, Bytes: counts.Bytes,
	}
}
