package handlers

import (
	"context"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/engine/journal"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/zomro"
)

// Check answers Check.
func (d *Desk) Check(key chat.Key, lang string, check conversation.Check) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		group := key
		if check.Chat != 0 {
			group.Chat = check.Chat
		}
		event := conversation.Checked{Check: check}
		var of journal.Entry
		if check.Decide != nil {
			var err error
			of, _, err = storage.Read[journal.Entry](ctx, d.Store, journal.PurchaseKey(check.Decide.Purchase))
			switch {
			case err != nil:
				d.Log.ErrorContext(ctx, "it is not known which group a purchase is of", "dialogue", key.String(), "error", err)
				event.Failed = true
				return event, nil
			case of.Owner.Private() && group.Private(): // no button of the bot's says that: it is forged
				d.Log.WarnContext(ctx, "an answer to a purchase of no group was to be looked up in one; nothing is done", "dialogue", key.String())
				event.Failed = true
				return event, nil
			}
			if group.Private() { // the card of a group's purchase can also be shown there
				group = of.Owner
			}
		}
		status, err := d.Chat.Member(ctx, group, key.User)
		if err == nil && of.SettledBy(check.Decide, key.User) {
			var requester string
			requester, err = d.Chat.Member(ctx, of.Owner, of.Owner.User)
			event.Absent = !team.Status(requester).Present()
		}
		if servers := check.Servers(); err == nil && len(servers) > 0 {
			event.Holder, err = d.holderOf(ctx, group, servers)
		}
		if err != nil {
			d.Log.WarnContext(ctx, "Telegram did not tell what a person is in a group; nothing is done", "dialogue", key.String(), "error", err)
			event.Failed = true
			return event, nil
		}
		event.Status = team.Status(status)
		if change := check.Change; change != nil && change.Bind != nil {
			bound, bind := *change, *change.Bind
			bind.Currency = d.currencyOf(ctx, key.User, bind.Account, lang)
			bound.Bind = &bind
			event.Check.Change = &bound
		}
		return event, nil
	}
}

// currencyOf returns the currency of an account's balance; "": the vendor does
// not tell it now.
func (d *Desk) currencyOf(ctx context.Context, user int64, id, lang string) string {
	var balance zomro.Balance
	err := d.Accounts.With(ctx, user, id, lang, func(auth zomro.Auth) (err error) {
		balance, err = d.Vendor.Balance(ctx, auth)
		return err
	})
	if err != nil {
		d.Log.InfoContext(ctx, "the currency of an account is not known", "user", user, "error", err)
		return ""
	}
	return balance.Spendable().Currency
}
