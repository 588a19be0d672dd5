package engine

import (
	"context"
	"crypto/rand"

	orderflow "zomrobot/conversation/order"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/storage"
	"zomrobot/zomro"
)

func (d *desk) loadCatalogue(er errand, load orderflow.LoadCatalogue) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := orderflow.CatalogueLoaded{Draft: load.Draft, Datacenter: load.Datacenter}
		var found offer
		user, a, err := d.payer(ctx, key, load.Account)
		if err == nil {
			found, err = d.findCatalogue(ctx, user, a.ID, lang, load.Datacenter, load.Fresh)
		}
		if err != nil {
			event.Problem = d.problem("catalogue", key, err)
		}
		event.Catalogue, event.At, event.Silent = found.catalogue, found.at, found.silent
		return event, nil
	}
}

// loadForm is not kept: the form holds the account's own keys and images.
func (d *desk) loadForm(er errand, load orderflow.LoadForm) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := orderflow.FormLoaded{Draft: load.Draft, Asked: load.Account, Plan: load.Plan, Datacenter: load.Datacenter}
		user, a, err := d.payer(ctx, key, load.Account)
		if err == nil {
			event.Account = a.ID
			err = d.accounts.WithAccount(ctx, user, a, lang, func(auth zomro.Auth) (err error) {
				event.Form, err = d.vendor.Form(ctx, auth, load.Plan, load.Datacenter, load.Period)
				return err
			})
		}
		if err != nil {
			event.Problem = d.problem("order form", key, err)
		}
		return event, nil
	}
}

func (d *desk) loadBalance(er errand, load orderflow.LoadBalance) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := orderflow.BalanceLoaded{Draft: load.Draft, Asked: load.Account}
		user, a, err := d.payer(ctx, key, load.Account)
		if err == nil {
			event.Account = a.ID
			err = d.accounts.WithAccount(ctx, user, a, lang, func(auth zomro.Auth) error {
				balance, err := d.vendor.Balance(ctx, auth)
				if err == nil {
					event.Balance = &balance
				}
				return err
			})
		}
		if err != nil {
			d.problem("balance", key, err)
		}
		return event, nil
	}
}

// loadNamesake answers LoadNamesake. A group is not told which server it is.
func (d *desk) loadNamesake(er errand, load orderflow.LoadNamesake) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := orderflow.NamesakeLoaded{Draft: load.Draft, Asked: load.Account, Name: load.Name}
		user, a, err := d.payer(ctx, key, load.Account)
		if err == nil {
			err = d.accounts.WithAccount(ctx, user, a, lang, func(auth zomro.Auth) error {
				services, err := d.vendor.Services(ctx, auth)
				if err == nil {
					event.Known = true
					event.Server, event.Taken = orderflow.NamesakeOf(load.Name, services)
				}
				return err
			})
		}
		if err != nil {
			d.problem("servers of the order's name", key, err)
		}
		if !key.Private() {
			event.Server = ""
		}
		return event, nil
	}
}

func (d *desk) makePassword(er errand, effect orderflow.MakePassword) asked {
	key := er.key
	return func(context.Context) (chat.Event, []func(storage.Tx) error) {
		password := conversation.MakePasswordFrom(rand.Reader)
		keep := func(tx storage.Tx) error {
			return storage.Put(tx, secretKey(key, conversation.SlotPassword), secret{Text: password.Reveal()})
		}
		return orderflow.PasswordMade{Draft: effect.Draft, Password: password}, []func(storage.Tx) error{keep}
	}
}
