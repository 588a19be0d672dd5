package conversation

import (
	"encoding/json"
	"time"

	"zomrobot/chat"
)

// The places of a login, of the accounts, of their SSH keys and of the reminders.
const (
	PlaceLoginWay      Place = "login_way"
	PlaceLoginToken    Place = "login_token"
	PlaceLoginName     Place = "login_name"
	PlaceLoginPassword Place = "login_password"
	PlaceLoginChecking Place = "login_checking"
	PlaceLogout        Place = "logout"
	PlaceAccounts      Place = "accounts"
	PlaceAccount       Place = "account"
	PlaceAccountName   Place = "account_name"
	PlaceReminders     Place = "reminders"
	PlaceReminderHour  Place = "reminder_hour"
	PlaceReminderZone  Place = "reminder_zone"
	PlaceKeys          Place = "keys"
	PlaceKeyNew        Place = "key_new"
	PlaceKeyName       Place = "key_name"
	PlaceKeyAsk        Place = "key_ask" // whether to add it
)

// AccountFlow is the flow of the person's accounts at the vendor: to log in and out, their
// SSH keys, and what they are reminded of.
func AccountFlow() Flow {
	return Flow{
		name: "account",
		places: []spot{
			{name: PlaceLoginWay, ask: askLoginWay, press: pressLoginWay, secret: secretLoginWay, exact: true, given: true},
			{name: PlaceLoginToken, parent: PlaceLoginWay, ask: askLoginToken, secret: secretToken},
			{name: PlaceLoginName, parent: PlaceLoginWay, ask: askLoginName, secret: secretLoginName},
			{name: PlaceLoginPassword, parent: PlaceLoginName, ask: askLoginPassword, secret: secretLoginPassword, exact: true, given: true},
			{name: PlaceLoginChecking, ask: askLoginChecking, secret: secretTooMuch, waits: true},
			{name: PlaceLogout, ask: askLogout, press: pressLogout},
			{name: PlaceAccounts, ask: askAccounts, press: pressAccounts, looks: true},
			{name: PlaceAccount, parent: PlaceAccounts, ask: askAccount, press: pressAccount, looks: true},
			{name: PlaceAccountName, parent: PlaceAccount, ask: askAccountName, text: textAccountName},
			{name: PlaceReminders, ask: askReminders, press: pressReminders, looks: true},
			{name: PlaceReminderHour, parent: PlaceReminders, ask: askReminderHour, press: pressReminderHour},
			{name: PlaceReminderZone, parent: PlaceReminders, ask: askReminderZone, press: pressReminderZone, text: textReminderZone},
			{name: PlaceKeys, ask: askKeys, press: pressKeys, looks: true},
			{name: PlaceKeyNew, parent: PlaceKeys, ask: askKeyNew, secret: secretKey, shown: true},
			{name: PlaceKeyName, parent: PlaceKeyAsk, ask: askKeyName, text: textKeyName},
			{name: PlaceKeyAsk, parent: PlaceKeyNew, ask: askKeyAsk, press: pressKeyAsk},
		},
		commands: []commandSpec{
			{name: "keys", menu: 9, private: true, raw: true, run: func(t *turn, c call) { t.keys(c.args, c.message) }},
			{name: "accounts", menu: 12, private: true, run: func(t *turn, _ call) { t.accounts() }},
			{name: "reminders", menu: 13, private: true, run: func(t *turn, _ call) { t.reminders() }},
			{name: "login", menu: 14, private: true, raw: true, secrets: true, always: true, run: func(t *turn, c call) { t.login(c.args, c.message) }},
			{name: "logout", menu: 16, private: true, run: func(t *turn, _ call) { t.logout() }},
			{name: commandSession, run: func(t *turn, _ call) { t.useOffer() }},
		},
		buttons: map[string]func(*turn, data, int){
			kindReminder: func(t *turn, d data, _ int) { t.stopReminding(Matter(d.verb)) },
		},
		thaw: thawAccount,
		take: takeAccount,
		expire: func(t *turn) {
			t.expireOffer()
			t.lookAround()
		},
		settle: func(t *turn, _ layout) { t.planReminders() },
		wake:   wakeAccount,
	}
}

func thawAccount(place Place, stored map[string]json.RawMessage) (State, error) {
	switch place {
	case PlaceReminders, PlaceReminderHour, PlaceReminderZone:
		return nil, nil
	case PlaceKeys, PlaceKeyNew, PlaceKeyName, PlaceKeyAsk:
		return Thaw[Keys](stored)
	case PlaceAccounts, PlaceAccount, PlaceAccountName, PlaceLogout:
		return Thaw[Accounts](stored)
	default:
		return thawLogin(stored)
	}
}

// takeAccount takes what came of what was asked for about accounts.
func takeAccount(t *turn, e chat.Event) {
	switch e := e.(type) {
	case LoginChecked:
		t.loginChecked(e)
	case LoggedOut:
		t.loggedOut(e)
	case SessionLost:
		t.sessionLost(e)
	case AccountsLoaded:
		t.accountsLoaded(e)
	case AccountReleased:
		t.accountReleased(e)
	case KeysLoaded:
		t.keysLoaded(e)
	case KeyAdded:
		t.keyAdded(e)
	case MattersLoaded:
		t.mattersLoaded(e)
	case KeyWanted:
		t.openKeys(PlaceKeyNew, true)
	case SessionFound:
		t.offerSession(e.Session)
	}
}

// wakeAccount is when an offered session is dropped, and when it is looked what the person
// is to be reminded of.
func wakeAccount(d Dialogue) []time.Time {
	var times []time.Time
	if d.Offer != nil {
		times = append(times, d.Offer.Until)
	}
	if next := d.Reminders.Next; !next.IsZero() {
		times = append(times, next)
	}
	return times
}

// expireOffer forgets a session that was offered for too long.
func (t *turn) expireOffer() {
	if o := t.d.Offer; o != nil && !t.now.Before(o.Until) {
		t.dropOffer()
	}
}
