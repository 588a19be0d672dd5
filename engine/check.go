package engine

import (
	"cmp"
	"context"
	"errors"
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
// connected. It buys nothing. The error says which could not be looked at, beside the reports
// of the others.
func CheckAccounts(ctx context.Context, store storage.Store, vendor Vendor) ([]AccountReport, error) {
	e := New(Config{Store: store, Vendor: vendor, Log: slog.New(slog.DiscardHandler)})
	defer e.stop()
	var reports []AccountReport
	err := connected(ctx, store, func(user int64, a account.Account) bool {
		reports = append(reports, AccountReport{Name: a.Shown(), user: user, id: a.ID})
		return true
	})
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
	return reports, err
}

// connected calls visit with every account that is connected, until it returns false. A
// person's accounts that cannot be read hold up nobody else: the error that tells of them
// comes when all others were visited.
func connected(ctx context.Context, store storage.Store, visit func(user int64, a account.Account) bool) error {
	var damaged error
	err := storage.EachKey(ctx, store, account.Prefix, "", func(key string) (bool, error) {
		user, err := strconv.ParseInt(strings.TrimPrefix(key, account.Prefix), 10, 64)
		if err != nil {
			damaged = errors.Join(damaged, fmt.Errorf("%s: %w", key, err))
			return true, nil
		}
		as, _, err := storage.Read[account.Connected](ctx, store, key)
		switch {
		case storage.Damaged(err):
			damaged = errors.Join(damaged, fmt.Errorf("the accounts of %d cannot be read: %w", user, err))
			return true, nil
		case err != nil:
			return false, err
		}
		for _, a := range as.List {
			if !visit(user, a) {
				return false, nil
			}
		}
		return true, nil
	})
	return cmp.Or(err, damaged)
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
	if id == "" {
		return cmp.Or(err, fmt.Errorf("no account of the name %q is connected; /accounts in the chat shows what they are called", name))
	}
	return e.accounts.With(ctx, user, id, "en", call)
}
