package handlers

import (
	"context"
	"slices"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	serverflow "zomrobot/conversation/server"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// LoadServers answers LoadServers. Details that are not told are left out.
func (d *Desk) LoadServers(key chat.Key, lang string, load serverflow.LoadServers) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := serverflow.ServersLoaded{Asked: load.Account, Server: load.Server}
		if !key.Private() {
			return d.teamServers(ctx, key, lang, event), nil
		}
		a, err := d.Accounts.Get(ctx, key.User, load.Account)
		if err == nil {
			a, event.Services, err = d.serversOf(ctx, key, lang, a, load)
			event.Account = a.ID
		}
		if err == nil && load.Server != "" {
			missed := d.Accounts.WithAccount(ctx, key.User, a, lang, func(auth zomro.Auth) error {
				details, err := d.Vendor.Details(ctx, auth, load.Server)
				if err == nil {
					event.Details = &details
				}
				return err
			})
			if missed != nil {
				d.Log.InfoContext(ctx, "the details of a server are not told", "dialogue", key.String(), "error", missed)
			}
		}
		if err != nil {
			event.Problem = d.Problem(ctx, "servers", key, err)
		}
		return event, nil
	}
}

// serversOf returns the servers of an account. When a server is asked for, but
// not of which account it is, the others are looked at for it too.
func (d *Desk) serversOf(ctx context.Context, key chat.Key, lang string, a account.Account, load serverflow.LoadServers) (account.Account, []zomro.Service, error) {
	list := func(a account.Account) (services []zomro.Service, err error) {
		err = d.Accounts.WithAccount(ctx, key.User, a, lang, func(auth zomro.Auth) (err error) {
			services, err = d.Vendor.Services(ctx, auth)
			return err
		})
		return services, err
	}
	has := func(s zomro.Service) bool { return s.ID == load.Server }
	first, failed := list(a)
	if load.Server == "" || load.Account != "" || failed == nil && slices.ContainsFunc(first, has) {
		return a, first, failed
	}
	as, err := account.Of(ctx, d.Store, key.User)
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

// LoadSizes answers LoadSizes. A catalogue that is not told is left out.
func (d *Desk) LoadSizes(key chat.Key, lang string, load serverflow.LoadSizes) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := serverflow.SizesLoaded{Server: load.Server}
		err := d.Accounts.With(ctx, key.User, load.Account, lang, func(auth zomro.Auth) (err error) {
			event.Sizes, err = d.Vendor.Sizes(ctx, auth, load.Server)
			return err
		})
		if err != nil {
			event.Problem = d.Problem(ctx, "larger plans", key, err)
			return event, nil
		}
		if event.Plans, err = d.plansIn(ctx, key, load.Account, lang, load.Datacenter); err != nil {
			d.Log.InfoContext(ctx, "the prices of larger plans are not told", "dialogue", key.String(), "error", err)
		}
		return event, nil
	}
}

// plansIn returns the plans of the datacenter of a name; none when there is no
// such datacenter.
func (d *Desk) plansIn(ctx context.Context, key chat.Key, account, lang, name string) ([]zomro.Plan, error) {
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

// LoadRebuild answers LoadRebuild.
func (d *Desk) LoadRebuild(key chat.Key, lang string, load serverflow.LoadRebuild) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := serverflow.RebuildLoaded{Server: load.Server}
		err := d.Accounts.With(ctx, key.User, load.Account, lang, func(auth zomro.Auth) (err error) {
			if event.Form, err = d.Vendor.RebuildForm(ctx, auth, load.Server); err == nil {
				event.Names = d.imageNames(ctx, key, auth, event.Form.Images)
			}
			return err
		})
		if err != nil {
			event.Problem = d.Problem(ctx, "rebuild form", key, err)
		}
		return event, nil
	}
}

// LoadBoot answers LoadBoot.
func (d *Desk) LoadBoot(key chat.Key, lang string, load serverflow.LoadBoot) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := serverflow.BootLoaded{Server: load.Server, ISO: load.ISO}
		images := d.Vendor.RescueImages
		if load.ISO {
			images = d.Vendor.ISOImages
		}
		err := d.Accounts.With(ctx, key.User, load.Account, lang, func(auth zomro.Auth) (err error) {
			if event.Images, err = images(ctx, auth, load.Server); err == nil {
				event.Names = d.imageNames(ctx, key, auth, event.Images)
			}
			return err
		})
		if err != nil {
			event.Problem = d.Problem(ctx, "what a server can be booted from", key, err)
		}
		return event, nil
	}
}

// imageNames are the names of those images of a form that are not the vendor's, for the
// form tells only of what system they are. Without an answer there are none.
func (d *Desk) imageNames(ctx context.Context, key chat.Key, auth zomro.Auth, form []zomro.Image) map[string]string {
	if !slices.ContainsFunc(form, func(i zomro.Image) bool { return i.Zone != "pub" }) {
		return nil
	}
	all, err := d.Vendor.Images(ctx, auth)
	if err != nil {
		d.Log.InfoContext(ctx, "the names of images are not told", "dialogue", key.String(), "error", err)
		return nil
	}
	names := make(map[string]string)
	for _, image := range form {
		i := slices.IndexFunc(all, func(one zomro.Copy) bool { return image.Zone != "pub" && one.Fleio != "" && one.Fleio == image.ID })
		if i >= 0 && all[i].Name != "" {
			names[image.ID] = conversation.DistinctCopy(all[i], all)
		}
	}
	return names
}

// OpenConsole answers OpenConsole, in private alone: whoever has the address sees the screen.
func (d *Desk) OpenConsole(key chat.Key, lang string, open serverflow.OpenConsole) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		if !key.Private() {
			return nil, nil
		}
		event := serverflow.ConsoleOpened{Server: open.Server}
		err := d.Accounts.With(ctx, key.User, open.Account, lang, func(auth zomro.Auth) (err error) {
			event.Console, err = d.Vendor.Console(ctx, auth, open.Server)
			return err
		})
		if err != nil {
			event.Problem = d.Problem(ctx, "console", key, err)
		}
		return event, nil
	}
}

// MakeServerPassword makes a password and keeps it as a secret of the dialogue.
func (d *Desk) MakeServerPassword(key chat.Key, _ string, effect serverflow.MakeServerPassword) Asked {
	return func(context.Context) (chat.Event, []func(storage.Tx) error) {
		password, keep := newPassword(key, conversation.SlotServer)
		return serverflow.PasswordMade{Server: effect.Server, Password: password}, []func(storage.Tx) error{keep}
	}
}
