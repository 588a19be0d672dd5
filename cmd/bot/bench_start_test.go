package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"zomrobot/telegram/emulator"
	"zomrobot/telegram/emulator/crowd"
)

// begun is what the program took to start.
type begun struct {
	poll, cpu   time.Duration // until the first poll, and until it does nothing
	rest, awake crowd.Memory
	rate        float64
}

// BenchmarkStart measures the program as make build makes it, on an empty store and on
// one with many drafts: how long it takes until it polls, what memory it holds when it
// does nothing any more, and what it holds when 1,000 people have tapped.
func BenchmarkStart(b *testing.B) {
	path := release(b)
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	for _, drafts := range []int{0, *benchDrafts} {
		b.Run(fmt.Sprintf("drafts=%d", drafts), func(b *testing.B) {
			d, err := template()
			if err != nil {
				b.Fatal(err)
			}
			store := d.store(b, drafts)
			size, err := os.Stat(store)
			if err != nil {
				b.Fatal(err)
			}
			ids := crowdOf(min(1000, drafts))
			people := crowd.New(0)
			server := httptest.NewServer(people)
			defer server.Close()
			defer people.Close()
			d.see(people, ids)
			var all []begun
			for b.Loop() {
				command := exec.Command(path, "run", "-attached")
				command.Env = botEnv(store, d.key, server.URL, d.vendor.url)
				all = append(all, start(b, command, people, ids))
			}
			each := func(measure func(begun) float64) string { return figure(over(all, measure)) }
			rate, resident, anonymous := none, none, none
			if len(ids) > 0 {
				rate = each(func(s begun) float64 { return s.rate })
				resident = each(func(s begun) float64 { return megabytes(s.awake.Resident) })
				anonymous = each(func(s begun) float64 { return megabytes(s.awake.Anonymous) })
			}
			tableOf(startTitle,
				"drafts", "program MB", "store MB", "ms to the first poll", "CPU ms of the start", "resident MB", "without files MB",
				"turns/s of 1,000 people", "resident MB then", "without files MB then").add(
				fmt.Sprint(drafts), figure(megabytes(info.Size())), figure(megabytes(size.Size())), each(func(s begun) float64 { return milliseconds(s.poll) }),
				each(func(s begun) float64 { return milliseconds(s.cpu) }),
				each(func(s begun) float64 { return megabytes(s.rest.Resident) }),
				each(func(s begun) float64 { return megabytes(s.rest.Anonymous) }),
				rate, resident, anonymous,
			)
			b.ReportMetric(over(all, func(s begun) float64 { return milliseconds(s.poll) }), "poll-ms")
			b.ReportMetric(over(all, func(s begun) float64 { return megabytes(s.rest.Resident) }), "resident-MB")
			b.ReportMetric(0, "ns/op") // of it all
		})
	}
}

func megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }

// start starts the program and has people tap.
func start(b *testing.B, command *exec.Cmd, people *crowd.Crowd, ids []int64) begun {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), 5*benchPatient)
	defer cancel()
	polls, began := people.Polls(), time.Now()
	bot, err := crowd.Start(command)
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := bot.Stop(); err != nil {
			b.Error(err)
		}
	}()
	if err := people.Until(ctx, func() bool { return people.Polls() > polls }); err != nil {
		b.Fatal(err)
	}
	s := begun{poll: time.Since(began)}
	if s.cpu, err = bot.Idle(ctx); err != nil {
		b.Fatal(err)
	}
	if s.rest, err = bot.Memory(); err != nil {
		b.Fatal(err)
	}
	if len(ids) == 0 {
		return s
	}
	round, err := people.Run(ctx, ids, nextPage, 3**benchWindow)
	if err != nil {
		b.Fatal(err)
	}
	s.rate = round.Rate()
	if s.awake, err = bot.Memory(); err != nil {
		b.Fatal(err)
	}
	return s
}

// release is the program as make build makes it.
func release(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bot")
	build := exec.CommandContext(b.Context(), "make", "build", "OUT="+path)
	build.Dir = filepath.Join("..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("make build: %v\n%s", err, out)
	}
	return path
}

// BenchmarkDemo measures the time from the start of bot demo, as make build makes
// it, until the first card of an order is in the chat, with the login before it.
func BenchmarkDemo(b *testing.B) {
	path := release(b)
	var took []float64
	for b.Loop() {
		began := time.Now()
		d := startDemoOf(b, path)
		d.loginAs(anna)
		d.say(anna, "/order")
		d.until(anna, "the first card", func(m emulator.Message) bool {
			return hasButton(m.Button(words["choose"][anna]))
		})
		took = append(took, milliseconds(time.Since(began)))
		d.stop()
	}
	tableOf(demoTitle, "what", "ms").add("from bot demo to the first card of an order, the login included", figure(median(took)))
	b.ReportMetric(median(took), "first-card-ms")
	b.ReportMetric(0, "ns/op") // of stopping, too
}
