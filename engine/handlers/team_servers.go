package handlers

import (
	"context"
	"slices"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	serverflow "zomrobot/conversation/server"
	"zomrobot/engine/journal"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/zomro"
)

// teamServers answers what a team asks about its servers: those of its account that its
// purchases have bought, and no others, to whoever may look by their role of now.
func (d *Desk) teamServers(ctx context.Context, key chat.Key, lang string, event serverflow.ServersLoaded) serverflow.ServersLoaded {
	tm, role, problem := d.lookingAt(ctx, key)
	if problem != nil {
		event.Problem = problem
		return event
	}
	event.Operates = role.May(team.RightOperate)
	bought, err := d.boughtBy(ctx, tm)
	if err == nil {
		event.Account = tm.Account.ID
		event.Services, event.Details, err = d.boughtOf(ctx, tm, lang, bought, event.Server)
	}
	if err != nil {
		event.Problem = d.Problem(ctx, "the servers of a team", key, err)
	}
	return event
}

// lookingAt returns the team of a group, which has an account, and the person's role of now,
// by which they may look at its servers; a problem: they may not, or it is not known.
func (d *Desk) lookingAt(ctx context.Context, key chat.Key) (team.Team, team.Role, *conversation.Problem) {
	tm, _, err := storage.Read[team.Team](ctx, d.Store, journal.TeamKey(journal.TeamID(key)))
	if err == nil && tm.Account == nil {
		err = account.ErrNone
	}
	if err != nil {
		return tm, "", d.Problem(ctx, "the servers of a team", key, err)
	}
	status, err := d.Chat.Member(ctx, key, key.User)
	if err != nil {
		d.Log.WarnContext(ctx, "Telegram did not tell what a person is in a group; no servers are shown", "dialogue", key.String(), "error", err)
		return tm, "", &conversation.Problem{Code: conversation.CodeNotChecked}
	}
	role := tm.Role(key.User, team.Status(status))
	if !role.May(team.RightLook) {
		return tm, "", &conversation.Problem{Code: conversation.CodeNotAllowed}
	}
	return tm, role, nil
}

// holderOf returns who holds the account from which the team of a group has bought the
// servers, as far as they are in the group; 0: it has not bought each, or they are not.
func (d *Desk) holderOf(ctx context.Context, key chat.Key, servers []string) (int64, error) {
	tm, _, err := storage.Read[team.Team](ctx, d.Store, journal.TeamKey(journal.TeamID(key)))
	if err != nil || tm.Account == nil {
		return 0, err
	}
	bought, err := d.boughtBy(ctx, tm)
	if err != nil || slices.ContainsFunc(servers, func(id string) bool { return !bought[id] }) {
		return 0, err
	}
	status, err := d.Chat.Member(ctx, key, tm.Account.Holder)
	if err != nil || !team.Status(status).Present() {
		return 0, err
	}
	return tm.Account.Holder, nil
}

// boughtBy are the ids of the servers that a team's purchases have bought from the account
// that pays for it.
func (d *Desk) boughtBy(ctx context.Context, tm team.Team) (map[string]bool, error) {
	ids := map[string]bool{}
	err := d.Store.Scan(ctx, journal.PurchasePrefix, "", func(name string, value []byte) (bool, error) {
		p, err := storage.Decode[journal.Entry](name, value)
		if err != nil {
			d.Log.ErrorContext(ctx, "a purchase cannot be read; its servers are not listed", "error", err)
			return true, nil
		}
		if p.Team == tm.ID && p.PaidBy(tm) {
			for _, s := range p.Record.Services {
				ids[s.ID] = true
			}
		}
		return true, nil
	})
	return ids, err
}

// boughtOf asks the vendor for the servers of a team's account and keeps those that it has
// bought, with the details of one of them; nil: they are not told.
func (d *Desk) boughtOf(ctx context.Context, tm team.Team, lang string, bought map[string]bool, server string) (ours []zomro.Service, details *zomro.ServiceDetails, err error) {
	err = d.Accounts.With(ctx, tm.Account.Holder, tm.Account.ID, lang, func(auth zomro.Auth) error {
		services, err := d.Vendor.Services(ctx, auth)
		ours = slices.DeleteFunc(slices.Clone(services), func(s zomro.Service) bool { return !bought[s.ID] })
		return err
	})
	if err != nil || !bought[server] {
		return ours, nil, err
	}
	missed := d.Accounts.With(ctx, tm.Account.Holder, tm.Account.ID, lang, func(auth zomro.Auth) error {
		told, err := d.Vendor.Details(ctx, auth, server)
		if err == nil {
			details = &told
		}
		return err
	})
	if missed != nil {
		d.Log.InfoContext(ctx, "the details of a server are not told", "team", tm.ID, "error", missed)
	}
	return ours, details, nil
}
