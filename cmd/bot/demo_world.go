package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/telegram/emulator"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// The vendor's account of the demo.
const (
	demoLogin    = "demo"
	demoPassword = "demo"
	demoBalance  = 100 // EUR
	demoToken    = "1000:demo"
)

// The people and places of the demo.
const (
	demoAnna  = 1001
	demoBoris = 1002
	demoVera  = 1003 // approves what the team orders

	demoTeam  = -1_000_000_002_001
	demoForum = -1_000_000_002_002
)

// demoKey is a public key for the demo's account. Nobody has its private half.
const demoKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGRlbW8gZGVtbyBkZW1vIGRlbW8gZGVtbyBkZW1vIGRl demo@laptop"

// demoVendor returns the demo's vendor, where everything takes a little while.
func demoVendor() *sandbox.Sandbox {
	vendor := sandbox.New(sandbox.Config{ActivationDelay: 15 * time.Second, WorkDelay: 8 * time.Second})
	vendor.AddAccount(demoLogin, demoPassword, zomro.Money{Amount: decimal.NewFromInt(demoBalance), Currency: "EUR"})
	vendor.AddKey(demoLogin, "laptop", demoKey)
	return vendor
}

// demoWorld is what the demo's bot lives in: a vendor, chats, and a folder for its
// store. It is thrown away whole.
type demoWorld struct {
	number int // of the worlds that there were
	vendor *sandbox.Sandbox
	chats  *emulator.Server
	folder string
	gone   chan struct{} // closed when it is thrown away

	met    sync.Once
	metErr error
}

// newDemoWorld makes a world in which nothing has happened yet. beside makes what
// stands beside its chats.
func newDemoWorld(number int, folder string, beside func(*demoWorld) http.Handler) (*demoWorld, error) {
	w := &demoWorld{number: number, vendor: demoVendor(), gone: make(chan struct{})}
	var err error
	if w.folder, err = os.MkdirTemp(folder, "world-"); err != nil {
		return nil, fmt.Errorf("make a folder for the demo's store: %w", err)
	}
	if w.chats, err = demoChats(beside(w)); err != nil {
		return nil, err
	}
	return w, nil
}

// end lets go of everybody who waits for something in this world.
func (w *demoWorld) end() {
	close(w.gone)
	w.chats.Close()
	w.vendor.Close()
}

// meet lets somebody who speaks a language of the page add the bot to the groups, the
// first time: it greets them in that language.
func (w *demoWorld) meet(lang string) error {
	w.met.Do(func() {
		by := int64(demoAnna)
		if lang == "ru" {
			by = demoVera
		}
		for _, group := range []int64{demoTeam, demoForum} {
			w.metErr = errors.Join(w.metErr, w.chats.Join(by, group, w.chats.BotID()))
		}
	})
	return w.metErr
}

// demoChats returns the demo's people with a chat each, a group and a forum, where the
// bot is not yet. Its page has the panel beside the chats.
func demoChats(panel http.Handler) (*emulator.Server, error) {
	chats := emulator.New(emulator.Config{
		Token: demoToken,
		People: []emulator.Person{
			{ID: demoAnna, Name: "Anna", Username: "anna", Lang: "en"},
			{ID: demoBoris, Name: "Борис", Username: "boris", Lang: "ru"},
			{ID: demoVera, Name: "Вера", Username: "vera", Lang: "ru"},
		},
		Panel: panel,
	})
	failed := []error{
		chats.FoundGroup(demoTeam, "Team · Команда", demoAnna, demoBoris, demoVera),
		chats.Promote(demoAnna, demoTeam, demoVera, emulator.Rights{Delete: true}),
		chats.FoundForum(demoForum, "Projects · Проекты", demoAnna, demoBoris, demoVera),
	}
	for _, title := range []string{"Shop · Магазин", "Games · Игры"} {
		_, err := chats.AddTopic(demoAnna, demoForum, title)
		failed = append(failed, err)
	}
	return chats, errors.Join(failed...)
}
