package engine

import (
	"context"
	"crypto/rand"
	"slices"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	orderflow "zomrobot/conversation/order"
	serverflow "zomrobot/conversation/server"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// loadServers answers LoadServers. Details that are not told are left out.
func (e *Engine) loadServers(er errand, load serverflow.LoadServers) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := serverflow.ServersLoaded{Asked: load.Account, Server: load.Server}
		a, err := e.accounts.Get(ctx, key.User, load.Account)
		if err == nil {
			a, event.Services, err = e.serversOf(ctx, key, lang, a, load)
			event.Account = a.ID
		}
		if err == nil && load.Server != "" {
			missed := e.accounts.WithAccount(ctx, key.User, a, lang, func(auth zomro.Auth) error {
				details, err := e.vendor.Details(ctx, auth, load.Server)
				if err == nil {
					event.Details = &details
				}
				return err
			})
			if missed != nil {
				e.log.Info("the details of a server are not told", "dialogue", key.String(), "error", missed)
			}
		}
		if err != nil {
			event.Problem = e.problem("servers", key, err)
		}
		return event, nil
	}
}

// serversOf returns the servers of an account. When a server is asked for, but
// not of which account it is, the others are looked at for it too.
func (e *Engine) serversOf(ctx context.Context, key chat.Key, lang string, a account.Account, load serverflow.LoadServers) (account.Account, []zomro.Service, error) {
	list := func(a account.Account) (services []zomro.Service, err error) {
		err = e.accounts.WithAccount(ctx, key.User, a, lang, func(auth zomro.Auth) (err error) {
			services, err = e.vendor.Services(ctx, auth)
			return err
		})
		return services, err
	}
	has := func(s zomro.Service) bool { return s.ID == load.Server }
	first, failed := list(a)
	if load.Server == "" || load.Account != "" || failed == nil && slices.ContainsFunc(first, has) {
		return a, first, failed
	}
	as, _, err := storage.Read[account.Connected](ctx, e.store, account.Key(key.User))
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

// loadNamesake answers LoadNamesake. A group is not told which server it is.
func (e *Engine) loadNamesake(er errand, load orderflow.LoadNamesake) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := orderflow.NamesakeLoaded{Draft: load.Draft, Asked: load.Account, Name: load.Name}
		user, a, err := e.payer(ctx, key, load.Account)
		if err == nil {
			err = e.accounts.WithAccount(ctx, user, a, lang, func(auth zomro.Auth) error {
				services, err := e.vendor.Services(ctx, auth)
				if err == nil {
					event.Known = true
					event.Server, event.Taken = orderflow.NamesakeOf(load.Name, services)
				}
				return err
			})
		}
		if err != nil {
			e.problem("servers of the order's name", key, err)
		}
		if !key.Private() {
			event.Server = ""
		}
		return event, nil
	}
}

// loadSizes answers LoadSizes. A catalogue that is not told is left out.
func (e *Engine) loadSizes(er errand, load serverflow.LoadSizes) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := serverflow.SizesLoaded{Server: load.Server}
		err := e.accounts.With(ctx, key.User, load.Account, lang, func(auth zomro.Auth) (err error) {
			event.Sizes, err = e.vendor.Sizes(ctx, auth, load.Server)
			return err
		})
		if err != nil {
			event.Problem = e.problem("larger plans", key, err)
			return event, nil
		}
		if event.Plans, err = e.plansIn(ctx, key, load.Account, lang, load.Datacenter); err != nil {
			e.log.Info("the prices of larger plans are not told", "dialogue", key.String(), "error", err)
		}
		return event, nil
	}
}

// plansIn returns the plans of the datacenter of a name; none when there is no
// such datacenter.
func (e *Engine) plansIn(ctx context.Context, key chat.Key, account, lang, name string) ([]zomro.Plan, error) {
	first, err := e.findCatalogue(ctx, key.User, account, lang, "", false)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(first.catalogue.Datacenters, func(d zomro.Datacenter) bool { return d.Name == name })
	if i < 0 {
		return nil, nil
	}
	found, err := e.findCatalogue(ctx, key.User, account, lang, first.catalogue.Datacenters[i].ID, true)
	if err != nil || found.silent {
		return nil, err
	}
	return found.catalogue.Plans, nil
}

// loadRebuild answers LoadRebuild.
func (e *Engine) loadRebuild(er errand, load serverflow.LoadRebuild) asked {
	key, lang := er.key, er.lang
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := serverflow.RebuildLoaded{Server: load.Server}
		err := e.accounts.With(ctx, key.User, load.Account, lang, func(auth zomro.Auth) (err error) {
			event.Form, err = e.vendor.RebuildForm(ctx, auth, load.Server)
			return err
		})
		if err != nil {
			event.Problem = e.problem("rebuild form", key, err)
		}
		return event, nil
	}
}

func (e *Engine) makeServerPassword(er errand, effect serverflow.MakeServerPassword) asked {
	key := er.key
	return func(context.Context) (chat.Event, []func(storage.Tx) error) {
		password := conversation.MakePasswordFrom(rand.Reader)
		keep := func(tx storage.Tx) error {
			return storage.Put(tx, secretKey(key, conversation.SlotServer), secret{Text: password.Reveal()})
		}
		return serverflow.PasswordMade{Server: effect.Server, Password: password}, []func(storage.Tx) error{keep}
	}
}
