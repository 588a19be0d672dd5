package zomro_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// The sandbox takes the vendor's place: no account and no money is needed.
func Example() {
	vendor := sandbox.New(sandbox.Config{})
	defer vendor.Close()
	vendor.AddAccount("demo", "Demo-2026", zomro.Money{Amount: decimal.NewFromInt(20), Currency: "EUR"})
	server := httptest.NewServer(vendor)
	defer server.Close()

	ctx := context.Background()
	client := zomro.New(server.URL)
	session, err := client.Login(ctx, "demo", zomro.NewSecret("Demo-2026"), "en")
	if err != nil {
		log.Fatal(err)
	}
	auth := zomro.Auth{Session: session, Lang: "en"}
	balance, err := client.Balance(ctx, auth)
	if err != nil {
		log.Fatal(err)
	}
	catalogue, err := client.Catalogue(ctx, auth, "")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(session) // a secret does not print
	fmt.Println(balance.Real.Amount, balance.Real.Currency, len(catalogue.Plans) > 0)

	// Errors have a kind, and the kind says what may have happened.
	_, err = client.Balance(ctx, zomro.Auth{Session: zomro.NewSecret("over"), Lang: "en"})
	fmt.Println(zomro.KindOf(err) == zomro.Denied)
	// Output:
	// [redacted]
	// 20 EUR true
	// true
}
