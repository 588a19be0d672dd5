package engine

import (
	"context"
	"crypto/rand"
	"slices"

	serverflow "zomrobot/conversation/server"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// loadServers answers LoadServers. Details that are not told are left out.
func (d *desk) loadServers(er errand, load serverflow.LoadServers) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := serverflow.ServersLoaded{Asked: load.Account, Server: load.Server}
		a, err := d.accounts.Get(ctx, key.User, load.Account)
		if err == nil {
			a, event.Services, err = d.serversOf(ctx, key, lang, a, load)
			event.Account = a.ID
		}
		if err == nil && load.Server != "" {
			missed := d.accounts.WithAccount(ctx, key.User, a, lang, func(auth zomro.Auth) error {
				details, err := d.vendor.Details(ctx, auth, load.Server)
				if err == nil {
					event.Details = &details
				}
				return err
			})
			if missed != nil {
				d.log.Info("the details of a server are not told", "dialogue", key.String(), "error", missed)
			}
		}
		if err != nil {
			event.Problem = d.problem("servers", key, err)
		}
		return event, nil
	}
}

// serversOf returns the servers of an account. When a server is asked for, but
// not of which account it is, the others are looked at for it too.
func (d *desk) serversOf(ctx context.Context, key chat.Key, lang string, a account.Account, load serverflow.LoadServers) (account.Account, []zomro.Service, error) {
	list := func(a account.Account) (services []zomro.Service, err error) {
		err = d.accounts.WithAccount(ctx, key.User, a, lang, func(auth zomro.Auth) (err error) {
			services, err = d.vendor.Services(ctx, auth)
			return err
		})
		return services, err
	}
	has := func(s zomro.Service) bool { return s.ID == load.Server }
	first, failed := list(a)
	if load.Server == "" || load.Account != "" || failed == nil && slices.ContainsFunc(first, has) {
		return a, first, failed
	}
	as, _, err := storage.Read[account.Connected](ctx, d.store, account.Key(key.User))
	if err != nil {
		return a, nil, err
	}
	for _, other := range as.List {
		if other.ID == a.ID {
			continue
		}
		if services, err := list(other); err == nil && slices.ContainsFunc(services, has) {
			return other, services, nil
		}
	}
	return a, first, failed
}

// loadSizes answers LoadSizes. A catalogue that is not told is left out.
func (d *desk) loadSizes(er errand, load serverflow.LoadSizes) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := serverflow.SizesLoaded{Server: load.Server}
		err := d.accounts.With(ctx, key.User, load.Account, lang, func(auth zomro.Auth) (err error) {
			event.Sizes, err = d.vendor.Sizes(ctx, auth, load.Server)
			return err
		})
		if err != nil {
			event.Problem = d.problem("larger plans", key, err)
			return event, nil
		}
		if event.Plans, err = d.plansIn(ctx, key, load.Account, lang, load.Datacenter); err != nil {
			d.log.Info("the prices of larger plans are not told", "dialogue", key.String(), "error", err)
		}
		return event, nil
	}
}

// plansIn returns the plans of the datacenter of a name; none when there is no
// such datacenter.
func (d *desk) plansIn(ctx context.Context, key chat.Key, account, lang, name string) ([]zomro.Plan, error) {
	first, err := d.findCatalogue(ctx, key.User, account, lang, "", false)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(first.catalogue.Datacenters, func(d zomro.Datacenter) bool { return d.Name == name })
	if i < 0 {
		return nil, nil
	}
	found, err := d.findCatalogue(ctx, key.User, account, lang, first.catalogue.Datacenters[i].ID, true)
	if err != nil || found.silent {
		return nil, err
	}
	return found.catalogue.Plans, nil
}

// loadRebuild answers LoadRebuild.
func (d *desk) loadRebuild(er errand, load serverflow.LoadRebuild) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := serverflow.RebuildLoaded{Server: load.Server}
		err := d.accounts.With(ctx, key.User, load.Account, lang, func(auth zomro.Auth) (err error) {
			event.Form, err = d.vendor.RebuildForm(ctx, auth, load.Server)
			return err
		})
		if err != nil {
			event.Problem = d.problem("rebuild form", key, err)
		}
		return event, nil
	}
}

func (d *desk) makeServerPassword(er errand, effect serverflow.MakeServerPassword) asked {
	key := er.key
	return func(context.Context) (chat.Event, []func(storage.Tx) error) {
		password := conversation.MakePasswordFrom(rand.Reader)
		keep := func(tx storage.Tx) error {
			return storage.Put(tx, secretKey(key, conversation.SlotServer), secret{Text: password.Reveal()})
		}
		return serverflow.PasswordMade{Server: effect.Server, Password: password}, []func(storage.Tx) error{keep}
	}
}
