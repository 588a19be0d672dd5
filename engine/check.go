package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"zomrobot/storage"
	"zomrobot/zomro"
)

// AccountReport is what reading the vendor with one account found.
type AccountReport struct {
	Name        string
	Plans       int
	Datacenters int
	Balance     zomro.Money
	Err         error // why it could not be read
}

// CheckAccounts reads the catalogue and the balance with every account that is
// connected. It buys nothing.
func CheckAccounts(ctx context.Context, store storage.Store, vendor Vendor) ([]AccountReport, error) {
	e := New(Config{Store: store, Vendor: vendor, Log: slog.New(slog.DiscardHandler)})
	defer e.stop()
	var users []int64
	var reports []AccountReport
	err := store.Scan(ctx, accountPrefix, "", func(key string, value []byte) (bool, error) {
		var a account
		if err := json.Unmarshal(value, &a); err != nil {
			return false, fmt.Errorf("%s cannot be read", key)
		}
		user, err := strconv.ParseInt(strings.TrimPrefix(key, accountPrefix), 10, 64)
		if err != nil {
			return false, fmt.Errorf("%s: %w", key, err)
		}
		users = append(users, user)
		reports = append(reports, AccountReport{Name: a.Name})
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	for i, user := range users {
		r := &reports[i]
		r.Err = e.withSession(ctx, user, "en", func(auth zomro.Auth) error {
			catalogue, err := vendor.Catalogue(ctx, auth, "")
			if err != nil {
				return err
			}
			r.Plans, r.Datacenters = len(catalogue.Plans), len(catalogue.Datacenters)
			balance, err := vendor.Balance(ctx, auth)
			r.Balance = balance.Spendable()
			return err
		})
		if r.Err != nil {
			r.Err = fmt.Errorf("%s: %w", r.Name, r.Err)
		}
	}
	return reports, nil
}

// WithAccount runs a reading call with the session of the connected account
// that is shown under a name; a session that died is renewed where it can be.
func WithAccount(ctx context.Context, store storage.Store, vendor Vendor, name string, call func(zomro.Auth) error) error {
	e := New(Config{Store: store, Vendor: vendor, Log: slog.New(slog.DiscardHandler)})
	defer e.stop()
	var user int64
	found := false
	err := store.Scan(ctx, accountPrefix, "", func(key string, value []byte) (bool, error) {
		var a account
		if err := json.Unmarshal(value, &a); err != nil {
			return false, fmt.Errorf("%s cannot be read", key)
		}
		if a.Name != name {
			return true, nil
		}
		var err error
		if user, err = strconv.ParseInt(strings.TrimPrefix(key, accountPrefix), 10, 64); err != nil {
			return false, fmt.Errorf("%s: %w", key, err)
		}
		found = true
		return false, nil
	})
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("no account of the name %q is connected", name)
	}
	return e.withSession(ctx, user, "en", call)
}
