package handlers

import (
	"context"

	"zomrobot/chat"
	"zomrobot/conversation"
	loadflow "zomrobot/conversation/load"
	"zomrobot/storage"
	"zomrobot/zomro"
)

// ReadMeasures answers ReadMeasures: in a group for whoever may look at what the team has
// bought, and for nothing else. Totals that are not told are left out.
func (d *Desk) ReadMeasures(key chat.Key, lang string, load loadflow.ReadMeasures) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := loadflow.MeasuresLoaded{Asked: load}
		var measures []zomro.Measure
		var traffic zomro.TrafficData
		holder, problem := d.looker(ctx, key, load.Account, load.Server)
		if problem != nil {
			event.Problem = problem
			return event, nil
		}
		err := d.Accounts.With(ctx, holder, load.Account, lang, func(auth zomro.Auth) (err error) {
			measures, err = d.Vendor.Measures(ctx, auth, load.Server, load.Metric, load.Hours)
			return err
		})
		if err != nil {
			event.Problem = d.Problem(ctx, "measures", key, err)
			return event, nil
		}
		event.Shown = loadflow.Show(load, measures, d.Now())
		if load.Metric != zomro.MetricTraffic {
			return event, nil
		}
		missed := d.Accounts.With(ctx, holder, load.Account, lang, func(auth zomro.Auth) (err error) {
			traffic, err = d.Vendor.TrafficData(ctx, auth, load.Server)
			return err
		})
		if missed != nil {
			d.Log.InfoContext(ctx, "the traffic of a server is not told", "dialogue", key.String(), "error", missed)
			return event, nil
		}
		event.Shown.Totals = &loadflow.Totals{Cycle: loadflow.Latest(traffic.Cycle), Month: loadflow.Latest(traffic.Month)}
		return event, nil
	}
}

// looker returns whose account it is that a server is looked at with: the person's own, in a
// group that of the team, if the person may look and the team has bought the server.
func (d *Desk) looker(ctx context.Context, key chat.Key, accountID, server string) (int64, *conversation.Problem) {
	if key.Private() {
		return key.User, nil
	}
	tm, _, problem := d.lookingAt(ctx, key)
	if problem != nil {
		return 0, problem
	}
	bought, err := d.boughtBy(ctx, tm)
	switch {
	case err != nil:
		return 0, d.Problem(ctx, "the servers of a team", key, err)
	case !bought[server] || tm.Account.ID != accountID:
		return 0, &conversation.Problem{Code: conversation.CodeNotAllowed}
	}
	return tm.Account.Holder, nil
}
