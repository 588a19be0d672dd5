package account

import (
	"encoding/json"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// The places of a login, of the accounts, of their SSH keys and of the reminders.
const (
	PlaceLoginWay      conversation.Place = "login_way"
	PlaceLoginToken    conversation.Place = "login_token"
	PlaceLoginName     conversation.Place = "login_name"
	PlaceLoginPassword conversation.Place = "login_password"
	PlaceLoginChecking conversation.Place = "login_checking"
	PlaceLogout        conversation.Place = "logout"
	PlaceAccounts      conversation.Place = "accounts"
	PlaceAccount       conversation.Place = "account"
	PlaceAccountName   conversation.Place = "account_name"
	PlaceReminders     conversation.Place = "reminders"
	PlaceReminderHour  conversation.Place = "reminder_hour"
	PlaceReminderZone  conversation.Place = "reminder_zone"
	PlaceReminderCity  conversation.Place = "reminder_city" // which of the zones that fit
	PlaceKeys          conversation.Place = "keys"
	PlaceKeyNew        conversation.Place = "key_new"
	PlaceKeyName       conversation.Place = "key_name"
	PlaceKeyAsk        conversation.Place = "key_ask" // whether to add it
	PlaceKeyCard       conversation.Place = "key_card"
	PlaceKeyRename     conversation.Place = "key_rename"
	PlaceKeyDrop       conversation.Place = "key_drop"
)

// Flow is the flow of the person's accounts at the vendor: logging in and out,
// their SSH keys, and what they are reminded of.
func Flow() conversation.Flow {
	return conversation.Flow{
		Name: "account",
		Places: []conversation.Spot{
			{Name: PlaceLoginWay, Ask: askLoginWay, Press: pressLoginWay, Secret: secretLoginWay, Exact: true, Given: true},
			{Name: PlaceLoginToken, Parent: PlaceLoginWay, Ask: askLoginToken, Secret: secretToken},
			{Name: PlaceLoginName, Parent: PlaceLoginWay, Ask: askLoginName, Secret: secretLoginName},
			{Name: PlaceLoginPassword, Parent: PlaceLoginName, Ask: askLoginPassword, Secret: secretLoginPassword, Exact: true, Given: true},
			{Name: PlaceLoginChecking, Ask: askLoginChecking, Secret: secretTooMuch, Waits: true},
			{Name: PlaceLogout, Ask: askLogout, Press: pressLogout},
			{Name: PlaceAccounts, Ask: askAccounts, Press: pressAccounts, Looks: true},
			{Name: PlaceAccount, Parent: PlaceAccounts, Ask: askAccount, Press: pressAccount, Looks: true},
			{Name: PlaceAccountName, Parent: PlaceAccount, Ask: askAccountName, Text: textAccountName},
			{Name: PlaceReminders, Ask: askReminders, Press: pressReminders, Looks: true},
			{Name: PlaceReminderHour, Parent: PlaceReminders, Ask: askReminderHour, Press: pressReminderHour},
			{Name: PlaceReminderZone, Parent: PlaceReminders, Ask: askReminderZone, Press: pressReminderZone, Text: textReminderZone, Entered: func(t *conversation.Turn) { t.Dialogue.Aside.Flow = nil }},
			{Name: PlaceReminderCity, Parent: PlaceReminderZone, Ask: askReminderCity, Press: pressReminderCity, Text: textReminderZone},
			{Name: PlaceKeys, Ask: askKeys, Press: pressKeys, Looks: true},
			{Name: PlaceKeyNew, Parent: PlaceKeys, Ask: askKeyNew, Secret: secretKey, Shown: true},
			{Name: PlaceKeyName, Parent: PlaceKeyAsk, Ask: askKeyName, Text: textKeyName},
			{Name: PlaceKeyAsk, Parent: PlaceKeyNew, Ask: askKeyAsk, Press: pressKeyAsk},
			{Name: PlaceKeyCard, Parent: PlaceKeys, Ask: askKeyCard, Press: pressKeyCard, Looks: true},
			{Name: PlaceKeyRename, Parent: PlaceKeyCard, Ask: askKeyRename, Text: textKeyRename, Agrees: true},
			{Name: PlaceKeyDrop, Parent: PlaceKeyCard, Ask: askKeyDrop, Press: pressKeyDrop},
		},
		Commands: []conversation.CommandSpec{
			{Name: "keys", Topic: conversation.TopicAccount, Menu: 10, Private: true, Raw: true, Run: func(t *conversation.Turn, c conversation.Call) { keys(t, c.Args, c.Message) }},
			{Name: "accounts", Topic: conversation.TopicAccount, Menu: 14, Private: true, Run: func(t *conversation.Turn, _ conversation.Call) { accounts(t) }},
			{Name: "reminders", Topic: conversation.TopicAccount, Menu: 15, Private: true, Run: func(t *conversation.Turn, _ conversation.Call) { reminders(t) }},
			{Name: "login", Topic: conversation.TopicAccount, Menu: 16, Private: true, Raw: true, Secrets: true, Always: true, Run: func(t *conversation.Turn, c conversation.Call) { login(t, c.Args, c.Message) }},
			{Name: "logout", Topic: conversation.TopicAccount, Menu: 18, Private: true, Run: func(t *conversation.Turn, _ conversation.Call) { logout(t) }},
			{Name: commandSession, Run: func(t *conversation.Turn, _ conversation.Call) { useOffer(t) }},
		},
		Buttons: map[string]func(*conversation.Turn, conversation.Data, int){
			conversation.KindReminder: func(t *conversation.Turn, d conversation.Data, _ int) { stopReminding(t, conversation.Matter(d.Verb)) },
		},
		Thaw: thawAccount,
		Take: takeAccount,
		Expire: func(t *conversation.Turn) {
			expireOffer(t)
			lookAround(t)
		},
		Settle: func(t *conversation.Turn, _ conversation.Layout) { planReminders(t) },
		Wake:   wakeAccount,
	}
}

func thawAccount(place conversation.Place, stored map[string]json.RawMessage) (conversation.State, error) {
	switch place {
	case PlaceReminders, PlaceReminderHour, PlaceReminderZone:
		return nil, nil
	case PlaceReminderCity:
		return conversation.Thaw[Zones](stored)
	case PlaceKeys, PlaceKeyNew, PlaceKeyName, PlaceKeyAsk, PlaceKeyCard, PlaceKeyRename, PlaceKeyDrop:
		return conversation.Thaw[SSHKeys](stored)
	case PlaceAccounts, PlaceAccount, PlaceAccountName, PlaceLogout:
		return conversation.Thaw[Accounts](stored)
	default:
		return thawLogin(stored)
	}
}

// takeAccount takes the answers to what was asked for about accounts.
func takeAccount(t *conversation.Turn, e chat.Event) {
	switch e := e.(type) {
	case LoginChecked:
		loginChecked(t, e)
	case LoggedOut:
		loggedOut(t, e)
	case SessionLost:
		sessionLost(t, e)
	case ServerBought:
		beginWatch(t)
	case AccountsLoaded:
		accountsLoaded(t, e)
	case Released:
		accountReleased(t, e)
	case KeysLoaded:
		keysLoaded(t, e)
	case KeyAdded:
		keyAdded(t, e)
	case KeyChanged:
		keyChanged(t, e)
	case MattersLoaded:
		mattersLoaded(t, e)
	case conversation.KeyWanted:
		openKeys(t, PlaceKeyNew, true)
	case conversation.SessionFound:
		offerSession(t, e.Session)
	}
}

// wakeAccount is when an offered session is dropped, and when the bot looks for what to
// remind the person of.
func wakeAccount(d conversation.Dialogue) []time.Time {
	var times []time.Time
	if d.Offer != nil {
		times = append(times, d.Offer.Until)
	}
	for _, next := range []time.Time{d.Reminders.Next, d.Reminders.Watch} {
		if !next.IsZero() {
			times = append(times, next)
		}
	}
	return times
}

// expireOffer forgets a session that was offered for too long.
func expireOffer(t *conversation.Turn) {
	if o := t.Dialogue.Offer; o != nil && !t.Now.Before(o.Until) {
		dropOffer(t)
	}
}
