package handlers

import (
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"zomrobot/account"
	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/engine/journal"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/trial"
	"zomrobot/zomro"
)

// CheckLogin answers CheckLogin. The account is kept in the same transaction
// as the dialogue learns of it.
func (d *Desk) CheckLogin(key chat.Key, lang string, check accountflow.CheckLogin) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		slot := journal.SecretKey(key, check.Slot())
		drop := func(tx storage.Tx) error { return tx.Delete(slot) }
		given, err := d.LoadSecret(ctx, slot)
		var a account.Account
		var phone bool
		if err == nil {
			a, phone, err = d.Accounts.LogIn(ctx, check.Username, given, lang)
		}
		if err != nil {
			return accountflow.LoginChecked{Attempt: check.Attempt, Problem: d.Problem(ctx, "login", key, err)}, []func(storage.Tx) error{drop}
		}
		keep := func(tx storage.Tx) error {
			as, err := account.In(tx, key.User)
			if err != nil {
				return err
			}
			as.Put(a)
			return as.Save(tx, key.User)
		}
		return accountflow.LoginChecked{Attempt: check.Attempt, ID: a.ID, Account: a.Name, Renews: a.Username != "", Phone: phone}, []func(storage.Tx) error{drop, keep}
	}
}

// Forget answers Forget: the session is ended at the vendor as far as it can
// be reached, and the credentials are removed in any case.
func (d *Desk) Forget(key chat.Key, lang string, f accountflow.Forget) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		a, err := d.Accounts.Get(ctx, key.User, f.Account)
		if err != nil {
			d.Log.InfoContext(ctx, "there is no account to forget", "dialogue", key.String(), "error", err)
			return accountflow.LoggedOut(f), nil
		}
		if err := d.Accounts.LogOut(ctx, a, lang); err != nil {
			d.Log.InfoContext(ctx, "a session was not ended at the vendor; it dies within an hour", "dialogue", key.String(), "error", err)
		}
		return accountflow.LoggedOut{Account: a.ID}, []func(storage.Tx) error{func(tx storage.Tx) error {
			as, err := account.In(tx, key.User)
			if err != nil {
				return err
			}
			as.Remove(a.ID)
			return errors.Join(as.Save(tx, key.User), tx.Delete(journal.WatchedKey(key.User, a.ID)))
		}}
	}
}

// LoadAccounts answers LoadAccounts: what the vendor says of each account, and
// what the journal knows of its purchases that are not paid.
func (d *Desk) LoadAccounts(key chat.Key, lang string, load accountflow.LoadAccounts) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := accountflow.AccountsLoaded{Brief: load.Brief}
		as, err := account.Of(ctx, d.Store, key.User)
		if err == nil {
			event.Accounts, err = d.reserved(ctx, key.User, as)
		}
		if err != nil {
			return accountflow.AccountsLoaded{Brief: load.Brief, Problem: d.Problem(ctx, "accounts", key, err)}, nil
		}
		if err := d.paysFor(ctx, key.User, event.Accounts); err != nil {
			return accountflow.AccountsLoaded{Brief: load.Brief, Problem: d.Problem(ctx, "teams of accounts", key, err)}, nil
		}
		if load.Brief {
			return event, nil
		}
		for i, a := range as.List {
			state := &event.Accounts[i]
			_, err := d.Accounts.Reach(ctx, key.User, a, lang, func(auth zomro.Auth) error { return d.readState(ctx, auth, key, state) })
			if err != nil {
				state.Problem = d.Problem(ctx, "an account", key, err)
			}
		}
		return event, nil
	}
}

// readState reads what the vendor says of an account. Only its balance has to be told.
func (d *Desk) readState(ctx context.Context, auth zomro.Auth, key chat.Key, state *accountflow.State) error {
	balance, err := d.Vendor.Balance(ctx, auth)
	if err != nil {
		return err
	}
	state.Balance = &balance
	if user, err := d.Vendor.WhoAmI(ctx, auth); err == nil {
		state.Phone = user.PhoneCheck
	}
	services, err := d.Vendor.Services(ctx, auth)
	if err != nil {
		d.Log.InfoContext(ctx, "what the services cost is not told", "dialogue", key.String(), "error", err)
		return nil
	}
	if all := zomro.SpendingOf(services); all.Count > 0 {
		state.Daily, state.Unread = &all.Day, all.Unread
	}
	return nil
}

// reserved returns what a person's purchases that are not paid take of each
// account, and what else needs it.
func (d *Desk) reserved(ctx context.Context, user int64, as account.Connected) ([]accountflow.State, error) {
	states := make([]accountflow.State, len(as.List))
	for i, a := range as.List {
		r, _, err := storage.Read[trial.Record](ctx, d.Store, journal.TrialKey(journal.TrialID(user, a.ID)))
		if err != nil && !storage.Damaged(err) {
			return nil, err
		}
		states[i].ID, states[i].Trial = a.ID, r.NeedsAccount()
	}
	ids, err := journal.OpenPurchases(ctx, d.Store)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		p, found, err := storage.Read[journal.Entry](ctx, d.Store, journal.PurchaseKey(id))
		if err != nil {
			return nil, err
		}
		i := as.Index(p.Record.Account)
		if !found || p.Record.State.Ended() || p.Payer() != user || i < 0 || p.Record.Account == "" {
			continue
		}
		states[i].Open = append(states[i].Open, id)
		if p.Record.PaidAt.IsZero() {
			states[i].Reserved = append(states[i].Reserved, reserves(p)...)
		}
	}
	return states, nil
}

// reserves is what a purchase that is not paid takes of its account: of a server that is
// paid on, nothing before its price was agreed to.
func reserves(p journal.Entry) []zomro.Money {
	switch {
	case !p.Record.Quoted():
		return nil
	case p.Record.Prolong != nil:
		return []zomro.Money{p.Record.Quote.Total}
	default:
		return []zomro.Money{p.Agreed.Total}
	}
}

// paysFor adds to the states of a person's accounts for which teams they pay.
func (d *Desk) paysFor(ctx context.Context, user int64, states []accountflow.State) error {
	return d.Store.Scan(ctx, journal.TeamKey(""), "", func(key string, value []byte) (bool, error) {
		tm, err := storage.Decode[team.Team](key, value)
		if err != nil {
			return false, err
		}
		for i := range states {
			if tm.Account != nil && tm.Account.Holder == user && tm.Account.ID == states[i].ID {
				states[i].Teams = append(states[i].Teams, accountflow.PaidTeam{ID: tm.ID, Title: tm.Title})
			}
		}
		return true, nil
	})
}

// LoadKeys answers LoadKeys.
func (d *Desk) LoadKeys(key chat.Key, lang string, load accountflow.LoadKeys) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := accountflow.KeysLoaded{Account: load.Account}
		err := d.Accounts.With(ctx, key.User, load.Account, lang, func(auth zomro.Auth) (err error) {
			event.Keys, err = d.Vendor.SSHKeys(ctx, auth)
			return err
		})
		if err == nil && len(event.Keys) > 0 {
			event.Servers, err = d.orderedWithKeys(ctx, key.User, load.Account)
		}
		if err != nil {
			event.Problem = d.Problem(ctx, "keys", key, err)
		}
		return event, nil
	}
}

// orderedWithKeys are the names of the servers that the journal knows to be ordered from
// an account with each of its keys, by the key's id, the first ordered first.
func (d *Desk) orderedWithKeys(ctx context.Context, user int64, id string) (map[string][]string, error) {
	a, err := d.Accounts.Get(ctx, user, id)
	if err != nil {
		return nil, err
	}
	var with []journal.Entry
	err = d.Store.Scan(ctx, journal.PurchasePrefix, "", func(name string, value []byte) (bool, error) {
		p, err := storage.Decode[journal.Entry](name, value)
		if err != nil {
			d.Log.ErrorContext(ctx, "a purchase cannot be read; it is not known which key it was ordered with", "error", err)
			return true, nil
		}
		if r := p.Record; r.Account == a.ID && p.Payer() == user && r.Order.UseKey {
			with = append(with, p)
		}
		return true, nil
	})
	slices.SortStableFunc(with, func(a, b journal.Entry) int { return a.Record.Opened.Compare(b.Record.Opened) })
	servers := map[string][]string{}
	for _, p := range with {
		for _, s := range p.Record.Services {
			servers[p.Record.Order.Key] = append(servers[p.Record.Order.Key], s.Name)
		}
	}
	return servers, err
}

// AddKey answers AddKey. The list of keys is looked at before and after: an
// effect that is carried out again, and a call whose answer was lost, add
// nothing twice, and what is in the account was added whatever the answer was.
func (d *Desk) AddKey(key chat.Key, lang string, add accountflow.AddKey) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := accountflow.KeyAdded{Name: add.Name}
		err := d.Accounts.With(ctx, key.User, add.Account, lang, func(auth zomro.Auth) error {
			name, known, err := d.findKey(ctx, auth, add.Line)
			if err != nil {
				return err
			}
			if known {
				event.Name, event.Known = name, name != add.Name
				return nil
			}
			failed := d.Vendor.AddSSHKey(ctx, auth, add.Name, add.Line)
			if zomro.KindOf(failed) != zomro.Unknown {
				return failed
			}
			if _, known, err := d.findKey(ctx, auth, add.Line); err == nil && known {
				return nil
			}
			return failed
		})
		if err != nil {
			event.Problem = d.Problem(ctx, "add a key", key, err)
		}
		return event, nil
	}
}

// findKey returns the name under which the account has a public key.
func (d *Desk) findKey(ctx context.Context, auth zomro.Auth, line string) (name string, found bool, err error) {
	wanted, err := zomro.ParsePublicKey(line)
	if err != nil {
		return "", false, err
	}
	keys, err := d.Vendor.SSHKeys(ctx, auth)
	if err != nil {
		return "", false, err
	}
	for _, k := range keys {
		public, err := zomro.ParsePublicKey(k.Public)
		if err == nil && public.Fingerprint == wanted.Fingerprint {
			return k.Name, true, nil
		}
	}
	return "", false, nil
}

// ChangeKey answers ChangeKey. The list of keys is looked at before and after, and what
// it shows is what became of the key, whatever the answer was. again: the program was
// stopped meanwhile, and the call may have been made: it is not made once more.
func (d *Desk) ChangeKey(key chat.Key, lang string, change accountflow.ChangeKey, again bool) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		event := accountflow.KeyChanged{Change: change}
		err := d.Accounts.With(ctx, key.User, change.Account, lang, func(auth zomro.Auth) (err error) {
			event.End, err = d.changeKey(ctx, auth, change, again)
			return err
		})
		switch {
		case err == nil:
		case again:
			d.Log.InfoContext(ctx, "what became of a key is not known", "dialogue", key.String(), "error", err)
			event.End = accountflow.KeyUnseen
		default:
			event.Problem = d.Problem(ctx, "change a key", key, err)
		}
		return event, nil
	}
}

// changeKey has a key renamed or deleted, and returns what became of it. An error means
// that nothing was done.
func (d *Desk) changeKey(ctx context.Context, auth zomro.Auth, change accountflow.ChangeKey, again bool) (accountflow.KeyEnd, error) {
	keys, err := d.Vendor.SSHKeys(ctx, auth)
	if err != nil {
		return "", err
	}
	now, end := keyIn(keys, change)
	switch {
	case again && end == accountflow.KeyUndone:
		return accountflow.KeyUnsure, nil
	case again:
		return d.keyAfter(ctx, auth, change, keys), nil
	case end != accountflow.KeyUndone:
		return end, nil
	case change.Name == "":
		err = d.Vendor.DeleteSSHKey(ctx, auth, now.ID)
	default:
		err = d.Vendor.RenameSSHKey(ctx, auth, now, change.Name)
	}
	if kind := zomro.KindOf(err); kind == zomro.Refused || kind == zomro.Denied {
		return "", err
	}
	if keys, err = d.Vendor.SSHKeys(ctx, auth); err != nil {
		d.Log.InfoContext(ctx, "what became of a key is not known", "error", err)
		return accountflow.KeyUnseen, nil
	}
	return d.keyAfter(ctx, auth, change, keys), nil
}

// keyPause is how long after a list of keys that may be wrong the next look is.
const keyPause = 3 * time.Second

// keyAfter is what a list of keys that was read after the call tells of a key. That it is
// not there is believed of a list that has all other keys; else two lists have to say so,
// and an empty one where there were others tells nothing.
func (d *Desk) keyAfter(ctx context.Context, auth zomro.Auth, change accountflow.ChangeKey, keys []zomro.SSHKey) accountflow.KeyEnd {
	_, end := keyIn(keys, change)
	if end != accountflow.KeyGone {
		return end
	}
	if n := listed(keys, change.Others); n == 0 || n < len(change.Others) {
		d.Pause(ctx, keyPause)
		again, err := d.Vendor.SSHKeys(ctx, auth)
		if err != nil {
			d.Log.InfoContext(ctx, "what became of a key is not known", "error", err)
			return accountflow.KeyUnseen
		}
		if _, end = keyIn(again, change); end != accountflow.KeyGone {
			return end
		}
		if n = listed(again, change.Others); n == 0 && len(change.Others) > 0 {
			return accountflow.KeyUnseen
		}
	}
	if change.Name != "" {
		return accountflow.KeyOther
	}
	return accountflow.KeyDone
}

// listed is how many of the ids are among the keys.
func listed(keys []zomro.SSHKey, ids []string) int {
	n := 0
	for _, id := range ids {
		if slices.ContainsFunc(keys, func(k zomro.SSHKey) bool { return k.ID == id }) {
			n++
		}
	}
	return n
}

// keyIn looks in a list of keys for one that is to be changed, and returns it if it is as
// it was.
func keyIn(keys []zomro.SSHKey, change accountflow.ChangeKey) (now zomro.SSHKey, end accountflow.KeyEnd) {
	i := slices.IndexFunc(keys, func(k zomro.SSHKey) bool { return k.ID == change.Key.ID })
	wanted := change.Key
	wanted.Name = change.Name
	switch {
	case i < 0:
		return now, accountflow.KeyGone
	case change.Name != "" && wanted.Is(accountflow.RowOf(keys[i])):
		return now, accountflow.KeyDone
	case !change.Key.Is(accountflow.RowOf(keys[i])):
		return now, accountflow.KeyOther
	default:
		return keys[i], accountflow.KeyUndone
	}
}

// ReadFile answers ReadFile.
func (d *Desk) ReadFile(_ chat.Key, _ string, read conversation.ReadFile) Asked {
	return func(ctx context.Context) (chat.Event, []func(storage.Tx) error) {
		content, err := d.Chat.ReadFile(ctx, read.File)
		if err != nil {
			d.Log.WarnContext(ctx, "a file could not be read", "error", err)
		}
		text := plainText(content)
		return conversation.FileRead{Message: read.Message, Text: text, Failed: err != nil || !utf8.ValidString(text)}, nil
	}
}
