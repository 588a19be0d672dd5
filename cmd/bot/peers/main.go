// Command peers is a bot as people write it with a library of others: a tap turns the
// page of a list, and what a person has chosen is kept in a session. The benchmarks
// compare the bot with it. It is a module of its own, so that no library that only it
// needs is the bot's.
//
// It is written to be fast: it edits the card before it answers the tap, handles taps
// beside each other, and keeps enough connections open. It keeps no inbox, no outbox
// and no ids that were seen, seals nothing, and asks nobody.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"zomrobot/telegram/emulator/crowd"
)

// token is one that no server knows.
const token = "4242:peer"

// callTimeout is longer than a poll.
const callTimeout = time.Minute

// config is what a peer is.
type config struct {
	library string // "go-telegram" or "telebot"
	keep    string // "nothing", "update" or "batch": how a session is written
	api     string
	store   string
	sync    time.Duration // that each sync of the disk takes longer
}

func main() {
	var c config
	flag.StringVar(&c.library, "library", "go-telegram", "go-telegram or telebot")
	flag.StringVar(&c.keep, "keep", "update", "nothing, update or batch: how a session is written")
	flag.StringVar(&c.api, "api", "", "address of the Bot API server")
	flag.StringVar(&c.store, "store", "", "file of the sessions")
	flag.DurationVar(&c.sync, "sync", 0, "how much longer each sync of the disk takes")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := run(ctx, c); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

// run is the bot until its standard input ends.
func run(ctx context.Context, c config) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sessions, err := open(c)
	if err != nil {
		return err
	}
	serve := map[string]func(context.Context, config, keeper) error{"go-telegram": serveGoTelegram, "telebot": serveTelebot}[c.library]
	if serve == nil {
		return fmt.Errorf("there is no library %q", c.library)
	}
	reported := make(chan error, 1)
	go func() {
		defer stop()
		reported <- crowd.Report(os.Stdin, os.Stdout, sessions.Disk)
	}()
	err = serve(ctx, c, sessions)
	return errors.Join(err, <-reported, sessions.Close())
}

// client keeps as many connections as there are calls.
func client() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 1<<10
	return &http.Client{Transport: transport, Timeout: callTimeout}
}

// session is what is kept of a person: about as much as a draft of an order without
// the lists that it was chosen from.
type session struct {
	Page   int               `json:"page"`
	Taps   int               `json:"taps"`
	Step   string            `json:"step"`
	Since  time.Time         `json:"since"`
	Chosen map[string]string `json:"chosen"`
}

// turn turns the page of a session as it is kept, nil when there is none.
func turn(kept []byte) (session, []byte, error) {
	s := session{Step: "plan", Since: time.Now(), Chosen: map[string]string{
		"datacenter": "17", "country": "Netherlands", "currency": "EUR", "period": "1", "key": "laptop", "image": "Ubuntu 22.04",
	}}
	if kept != nil {
		if err := json.Unmarshal(kept, &s); err != nil {
			return session{}, nil, err
		}
	}
	s.Page, s.Taps = 1-s.Page, s.Taps+1
	kept, err := json.Marshal(s)
	return s, kept, err
}

// button is a button of a card.
type button struct{ label, data string }

// card is what a session shows: a list of plans.
func card(s session) (text string, rows [][]button) {
	var b strings.Builder
	fmt.Fprintf(&b, "Which plan? Page %d of 2. Prices are for a month and without tax; you can change the period later.\n", s.Page+1)
	for i := range 8 {
		name := fmt.Sprintf("Plan %d", s.Page*8+i+1)
		fmt.Fprintf(&b, "%s: %d cores, %d GB of memory, %d GB of disk\n", name, i+1, 2*i+2, 40*i+40)
		rows = append(rows, []button{{name + " · €3.84/mo", fmt.Sprintf("plan:%d", s.Page*8+i)}})
	}
	return b.String(), append(rows, []button{{"‹", "page:0"}, {fmt.Sprintf("%d/2", s.Page+1), "page:-"}, {"›", "page:1"}})
}
