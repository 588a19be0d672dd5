package main

import (
	"errors"
	"net/http"
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

// demoChats returns the demo's people with a chat each, a group and a forum. Its
// page has the panel beside the chats.
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
		chats.AddGroup(demoTeam, "Team · Команда", demoAnna, demoBoris, demoVera),
		chats.Promote(demoAnna, demoTeam, demoVera, emulator.Rights{Delete: true}),
		chats.AddForum(demoForum, "Projects · Проекты", demoAnna, demoBoris, demoVera),
	}
	for _, title := range []string{"Shop · Магазин", "Games · Игры"} {
		_, err := chats.AddTopic(demoAnna, demoForum, title)
		failed = append(failed, err)
	}
	return chats, errors.Join(failed...)
}
