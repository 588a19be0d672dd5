package handlers

import (
	"context"
	"slices"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	prolongflow "zomrobot/conversation/prolong"
	serverflow "zomrobot/conversation/server"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// LoadPaying answers LoadPaying. Only the list of servers has to be told.
func (d *Desk) LoadPaying(key chat.Key, lang string, load prolongflow.LoadPaying) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := prolongflow.PayingLoaded{Server: load.Server, Renewable: d.Renew}
		if !key.Private() {
			return d.payingInTeam(ctx, key, lang, event), nil
		}
		as, err := account.Of(ctx, d.Store, key.User)
		var states []accountflow.State
		if err == nil {
			states, err = d.reserved(ctx, key.User, as)
		}
		i := as.Index(load.Account)
		if err == nil && i < 0 {
			err = account.ErrOther
		}
		if err == nil {
			_, err = d.Accounts.Reach(ctx, key.User, as.List[i], lang, func(auth zomro.Auth) error {
				return d.paying(ctx, auth, key, states[i], &event)
			})
		}
		if err != nil {
			return prolongflow.PayingLoaded{Server: load.Server, Problem: d.Problem(ctx, "how a server is paid", key, err)}, nil
		}
		return event, nil
	}
}

// paying reads how a server is paid, and how long the balance lasts for all of the account.
func (d *Desk) paying(ctx context.Context, auth zomro.Auth, key chat.Key, state accountflow.State, event *prolongflow.PayingLoaded) error {
	services, err := d.Vendor.Services(ctx, auth)
	if err != nil {
		return err
	}
	n := slices.IndexFunc(services, func(s zomro.Service) bool { return s.ID == event.Server && s.Status != zomro.StatusDeleted })
	if n < 0 {
		return nil
	}
	event.Service = &services[n]
	details, err := d.Vendor.Details(ctx, auth, event.Server)
	if err != nil {
		d.Log.InfoContext(ctx, "the form of a server is not told", "dialogue", key.String(), "error", err)
		event.Unread = true
	} else {
		event.Renewal = details.Renewal
	}
	balance, err := d.Vendor.Balance(ctx, auth)
	if err != nil {
		d.Log.InfoContext(ctx, "the balance beside a server is not told", "dialogue", key.String(), "error", err)
		return nil
	}
	spendable := balance.Spendable()
	state.Balance, event.Balance = &balance, &spendable
	if all := zomro.SpendingOf(services); all.Count > 0 && all.Unread == 0 {
		state.Daily = &all.Day
	}
	if days, ok := state.DaysLeft(); ok {
		event.Daily, event.Days = state.Daily, days
	}
	return nil
}

// payingInTeam reads how a server is paid that the team of a group has bought: how much
// money there is, is not the group's business.
func (d *Desk) payingInTeam(ctx context.Context, key chat.Key, lang string, event prolongflow.PayingLoaded) prolongflow.PayingLoaded {
	listed := d.teamServers(ctx, key, lang, serverflow.ServersLoaded{})
	event.Problem = listed.Problem
	if n := slices.IndexFunc(listed.Services, func(s zomro.Service) bool { return s.ID == event.Server }); n >= 0 {
		event.Service = &listed.Services[n]
	}
	return event
}

// LoadPeriods answers LoadPeriods.
func (d *Desk) LoadPeriods(key chat.Key, lang string, load prolongflow.LoadPeriods) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := prolongflow.PeriodsLoaded{Server: load.Server, Period: load.Period}
		if !d.Renew || !key.Private() {
			event.Problem = &conversation.Problem{Code: conversation.CodeRenewOff}
			return event, nil
		}
		a, err := d.Accounts.Get(ctx, key.User, load.Account)
		if err == nil {
			err = d.Accounts.WithAccount(ctx, key.User, a, lang, func(auth zomro.Auth) error {
				form, err := d.Vendor.ProlongForm(ctx, auth, load.Server, load.Period)
				event.Form = &form
				return err
			})
		}
		if err != nil {
			return prolongflow.PeriodsLoaded{Server: load.Server, Period: load.Period, Problem: d.Problem(ctx, "for how long a server can be paid on", key, err)}, nil
		}
		return event, nil
	}
}
