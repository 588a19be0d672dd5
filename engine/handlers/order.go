package handlers

import (
	"context"

	"zomrobot/chat"
	"zomrobot/conversation"
	orderflow "zomrobot/conversation/order"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// LoadCatalogue answers LoadCatalogue.
func (d *Desk) LoadCatalogue(key chat.Key, lang string, load orderflow.LoadCatalogue) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := orderflow.CatalogueLoaded{Draft: load.Draft, Datacenter: load.Datacenter}
		var found offer
		user, a, err := d.payer(ctx, key, load.Account)
		if err == nil {
			found, err = d.findCatalogue(ctx, user, a.ID, lang, load.Datacenter, load.Fresh)
		}
		if err != nil {
			event.Problem = d.Problem(ctx, "catalogue", key, err)
		}
		event.Catalogue, event.At, event.Silent = found.catalogue, found.at, found.silent
		return event, nil
	}
}

// FindNames answers FindNames from the price lists that are known.
func (d *Desk) FindNames(_ chat.Key, lang string, find orderflow.FindNames) Asked {
	return func(context.Context) (chat.Event, []func(storage.Tx) error) {
		known, ok := d.catalogue.get(lang+"/"+find.Datacenter, d.Now(), catalogueLast)
		if !ok {
			known.catalogue = d.catalogue.last(lang, d.Now())
		}
		return orderflow.NamesFound{Draft: find.Draft, Names: find.NamesOf(known.catalogue)}, nil
	}
}

// LoadForm is not kept: the form holds the account's own keys and images.
func (d *Desk) LoadForm(key chat.Key, lang string, load orderflow.LoadForm) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := orderflow.FormLoaded{Draft: load.Draft, Asked: load.Account, Plan: load.Plan, Datacenter: load.Datacenter}
		user, a, err := d.payer(ctx, key, load.Account)
		if err == nil {
			event.Account = a.ID
			err = d.Accounts.WithAccount(ctx, user, a, lang, func(auth zomro.Auth) (err error) {
				event.Form, err = d.Vendor.Form(ctx, auth, load.Plan, load.Datacenter, load.Period)
				return err
			})
		}
		if err != nil {
			event.Problem = d.Problem(ctx, "order form", key, err)
		}
		return event, nil
	}
}

// LoadBalance answers LoadBalance.
func (d *Desk) LoadBalance(key chat.Key, lang string, load orderflow.LoadBalance) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := orderflow.BalanceLoaded{Draft: load.Draft, Asked: load.Account}
		user, a, err := d.payer(ctx, key, load.Account)
		if err == nil {
			event.Account = a.ID
			err = d.Accounts.WithAccount(ctx, user, a, lang, func(auth zomro.Auth) error {
				balance, err := d.Vendor.Balance(ctx, auth)
				if err == nil {
					event.Balance = &balance
				}
				return err
			})
		}
		if err != nil {
			d.Problem(ctx, "balance", key, err)
		}
		return event, nil
	}
}

// LoadNamesake answers LoadNamesake. A group is not told which server it is.
func (d *Desk) LoadNamesake(key chat.Key, lang string, load orderflow.LoadNamesake) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := orderflow.NamesakeLoaded{Draft: load.Draft, Asked: load.Account, Name: load.Name}
		user, a, err := d.payer(ctx, key, load.Account)
		if err == nil {
			err = d.Accounts.WithAccount(ctx, user, a, lang, func(auth zomro.Auth) error {
				services, err := d.Vendor.Services(ctx, auth)
				if err == nil {
					event.Known = true
					event.Server, event.Taken = orderflow.NamesakeOf(load.Name, services)
				}
				return err
			})
		}
		if err != nil {
			d.Problem(ctx, "servers of the order's name", key, err)
		}
		if !key.Private() {
			event.Server = ""
		}
		return event, nil
	}
}

// MakePassword makes a password and keeps it as a secret of the dialogue.
func (d *Desk) MakePassword(key chat.Key, _ string, effect orderflow.MakePassword) Asked {
	return func(context.Context) (chat.Event, []func(storage.Tx) error) {
		password, keep := newPassword(key, conversation.SlotPassword)
		return orderflow.PasswordMade{Draft: effect.Draft, Password: password}, []func(storage.Tx) error{keep}
	}
}
