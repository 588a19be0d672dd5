package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"zomrobot/account"
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

	user int64
	id   string
}

// CheckAccounts reads the catalogue and the balance with every account that is
// connected. It buys nothing.
func CheckAccounts(ctx context.Context, store storage.Store, vendor Vendor) ([]AccountReport, error) {
	e := New(Config{Store: store, Vendor: vendor, Log: slog.New(slog.DiscardHandler)})
	defer e.stop()
	var reports []AccountReport
	err := connected(ctx, store, func(user int64, a account.Account) bool {
		reports = append(reports, AccountReport{Name: a.Shown(), user: user, id: a.ID})
		return true
	})
	if err != nil {
		return nil, err
	}
	for i := range reports {
		r := &reports[i]
		r.Err = e.accounts.With(ctx, r.user, r.id, "en", func(auth zomro.Auth) error {
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

// connected calls visit with every account that is connected, until it returns
// false.
func connected(ctx context.Context, store storage.Store, visit func(user int64, a account.Account) bool) error {
	return store.Scan(ctx, account.Prefix, "", func(key string, value []byte) (bool, error) {
		var as account.Connected
		if err := json.Unmarshal(value, &as); err != nil {
			return false, fmt.Errorf("%s cannot be read", key)
		}
		user, err := strconv.ParseInt(strings.TrimPrefix(key, account.Prefix), 10, 64)
		if err != nil {
			return false, fmt.Errorf("%s: %w", key, err)
		}
		for _, a := range as.List {
			if !visit(user, a) {
				return false, nil
			}
		}
		return true, nil
	})
}

// WithAccount runs a reading call with the session of the connected account
// that is shown under a name; a session that died is renewed where it can be.
func WithAccount(ctx context.Context, store storage.Store, vendor Vendor, name string, call func(zomro.Auth) error) error {
	e := New(Config{Store: store, Vendor: vendor, Log: slog.New(slog.DiscardHandler)})
	defer e.stop()
	var user int64
	id := ""
	err := connected(ctx, store, func(owner int64, a account.Account) bool {
		if a.Name != name && a.Shown() != name {
			return true
		}
		user, id = owner, a.ID
		return false
	})
	if err != nil {
		return err
	}
	if id == "" {
		return fmt.Errorf("no account of the name %q is connected", name)
	}
	return e.accounts.With(ctx, user, id, "en", call)
}
