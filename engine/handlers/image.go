package handlers

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"zomrobot/chat"
	imageflow "zomrobot/conversation/image"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// LoadCopies answers LoadCopies. A part that is not told is left out; where none is, or
// the server is not, that is a problem.
func (d *Desk) LoadCopies(key chat.Key, lang string, load imageflow.LoadCopies) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := imageflow.CopiesLoaded{Server: load.Server}
		err := d.Accounts.With(ctx, key.User, load.Account, lang, func(auth zomro.Auth) error {
			services, err := d.Vendor.Services(ctx, auth)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(services, func(s zomro.Service) bool { return s.ID == load.Server && s.Status != zomro.StatusDeleted })
			if i < 0 {
				return nil
			}
			event.Service = &services[i]
			if err := d.copiesOf(ctx, key, auth, &event); err != nil {
				return err
			}
			for _, copies := range []*zomro.Copies{event.Snapshots, event.Backups} {
				if copies != nil {
					d.nameRegions(lang, copies.List)
				}
			}
			return nil
		})
		if err != nil {
			event.Problem = d.Problem(ctx, "copies", key, err)
		}
		return event, nil
	}
}

// copiesOf reads the copies and schedules of a server.
func (d *Desk) copiesOf(ctx context.Context, key chat.Key, auth zomro.Auth, event *imageflow.CopiesLoaded) error {
	snapshots, first := d.Vendor.Copies(ctx, auth, event.Server, zomro.KindSnapshot)
	if first == nil {
		event.Snapshots = &snapshots
	}
	backups, second := d.Vendor.Copies(ctx, auth, event.Server, zomro.KindBackup)
	if second == nil {
		event.Backups = &backups
	}
	schedules, third := d.Vendor.Schedules(ctx, auth, event.Server)
	if third == nil {
		event.Schedules = &schedules
	}
	if first != nil && second != nil && third != nil {
		return first
	}
	for _, err := range []error{first, second, third} {
		var failure *zomro.Error
		switch {
		case errors.As(err, &failure) && failure.Code == zomro.CodeAuth:
			return err // the session is over
		case err != nil:
			d.Log.InfoContext(ctx, "a part of a server's copies is not told", "dialogue", key.String(), "error", err)
		}
	}
	return nil
}

// nameRegions puts the name of a datacenter in the place of its number, as far as the newest
// catalogue that is known tells it. A number says nothing to anybody, and is left out.
func (d *Desk) nameRegions(lang string, copies []zomro.Copy) {
	places := d.catalogue.last(lang, d.Now()).Datacenters
	for i, one := range copies {
		if _, err := strconv.Atoi(one.Region); err != nil {
			continue
		}
		copies[i].Region = ""
		if at := slices.IndexFunc(places, func(p zomro.Datacenter) bool { return p.ID == one.Region }); at >= 0 {
			copies[i].Region = places[at].Name
		}
	}
}

// LoadImages answers LoadImages.
func (d *Desk) LoadImages(key chat.Key, lang string, load imageflow.LoadImages) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := imageflow.ImagesLoaded{Asked: load.Account}
		a, err := d.Accounts.Get(ctx, key.User, load.Account)
		if err == nil {
			event.Account = a.ID
			err = d.Accounts.WithAccount(ctx, key.User, a, lang, func(auth zomro.Auth) (err error) {
				event.Images, err = d.Vendor.Images(ctx, auth)
				d.nameRegions(lang, event.Images)
				return err
			})
		}
		if err != nil {
			event.Problem = d.Problem(ctx, "images", key, err)
		}
		return event, nil
	}
}
