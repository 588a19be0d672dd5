package conversation

import (
	"slices"

	"zomrobot/chat"
)

// Place is where a dialogue stands: what the card asks.
type Place string

// The places of an order. Those that are not steps of their own belong to the
// step before them.
const (
	PlaceDatacenter Place = "datacenter"
	PlacePlan       Place = "plan"
	PlaceCompare    Place = "compare"  // plans are marked to be compared
	PlaceCompared   Place = "compared" // they stand side by side
	PlaceAddons     Place = "addons"
	PlaceSystem     Place = "system"
	PlaceVersion    Place = "version"
	PlaceAccess     Place = "access"
	PlaceKey        Place = "key"
	PlacePassword   Place = "password"
	PlaceName       Place = "name"
	PlaceBackups    Place = "backups"
	PlaceBackupName Place = "backup_name"
	PlaceBackupDays Place = "backup_days"
	PlaceBackupTime Place = "backup_time"
	PlacePeriod     Place = "period"
	PlaceCount      Place = "count"
	PlaceReview     Place = "review"
	PlaceEdit       Place = "edit"
	PlacePromo      Place = "promo"
	PlacePayer      Place = "payer"   // which account pays
	PlaceOpening    Place = "opening" // confirmed; the purchase is being opened
)

// The places beside an order.
const (
	PlaceLoginWay      Place = "login_way"
	PlaceLoginToken    Place = "login_token"
	PlaceLoginName     Place = "login_name"
	PlaceLoginPassword Place = "login_password"
	PlaceLoginChecking Place = "login_checking"
	PlaceLogout        Place = "logout"
	PlaceResume        Place = "resume"
	PlaceAccounts      Place = "accounts"
	PlaceAccount       Place = "account"
	PlaceAccountName   Place = "account_name"
	PlaceReminders     Place = "reminders"
	PlaceReminderHour  Place = "reminder_hour"
	PlaceReminderZone  Place = "reminder_zone"
	PlaceOtherPromo    Place = "other_promo"
	PlaceEmptyCart     Place = "empty_cart"

	PlaceServers        Place = "servers"
	PlaceServer         Place = "server"
	PlaceServerName     Place = "server_name"
	PlaceServerPassword Place = "server_password"
	PlaceServerImage    Place = "server_image"
	PlaceServerSize     Place = "server_size"
	PlaceServerDelete   Place = "server_delete"
	PlaceServerAsk      Place = "server_ask" // whether to do it
	PlaceOrders         Place = "orders"
	PlaceAudit          Place = "audit"

	PlaceKeys    Place = "keys"
	PlaceKeyNew  Place = "key_new"
	PlaceKeyName Place = "key_name"
	PlaceKeyAsk  Place = "key_ask" // whether to add it

	PlaceTemplates    Place = "templates"
	PlaceTemplate     Place = "template"
	PlaceTemplateName Place = "template_name"
	PlaceTemplateText Place = "template_text" // the line of one that a colleague has sent
	PlaceTemplateDrop Place = "template_drop" // whether to forget it

	PlaceTeam         Place = "team"
	PlaceTeamAccount  Place = "team_account"
	PlaceTeamRule     Place = "team_rule"
	PlaceTeamAbove    Place = "team_above" // above which amount orders need approvals
	PlaceTeamLimits   Place = "team_limits"
	PlaceTeamLimit    Place = "team_limit"
	PlaceTeamRoles    Place = "team_roles"
	PlaceTeamRole     Place = "team_role"
	PlaceTeamHand     Place = "team_hand" // whether to hand the team over
	PlaceBind         Place = "bind"      // in private: which account pays for a team
	PlaceBindName     Place = "bind_name"
	PlaceHandPassword Place = "hand_password" // in private: the root password of a draft in a group
)

// need is what must be loaded before a place can ask; each includes those
// before it.
type need int

const (
	needNothing   need = iota
	needCentres        // a catalogue of any datacenter
	needCatalogue      // the catalogue of the chosen datacenter
	needForm           // the order form of the chosen plan
	needPrices         // that form for the chosen period
)

// place is how a place behaves.
type place struct {
	step   int         // the number of its step; 0: beside the order
	title  chat.Phrase // of the step, when it is a step of its own
	parent Place       // where Back leads; "": to the step before
	need   need        //
	ask    func(*view) // makes the lines and rows of the card
	done   func(*Draft) bool
	absent func(*Draft) bool // the step does not apply to this order; nil: it does
	skip   func(*turn)       // what Skip does; nil: there is no Skip

	press func(t *turn, verb string, n int) bool // false: it knows no such button
	text  func(t *turn, text string)             // nil: no text is expected
	typed bool                                   // an answer is typed rather than chosen: a group gets a prompt to reply to
	// secret takes a text that must not stay in the chat. It comes before
	// text; nil: the text is no secret.
	secret func(t *turn, text string, message int)
	shown  bool // what secret takes is shown again: no password, no session
	exact  bool // it takes a password: every sign counts
}

// steps are the places that are steps of their own, in order.
var steps = []Place{
	PlaceDatacenter, PlacePlan, PlaceAddons, PlaceSystem, PlaceAccess,
	PlaceName, PlaceBackups, PlacePeriod, PlaceCount, PlaceReview,
}

// places is the table of the dialogue. It is filled by init because the
// functions in it look into it.
var places map[Place]place

func init() {
	places = map[Place]place{
		PlaceDatacenter: {
			step: 1, title: chat.Say("stage.datacenter"), need: needCentres, ask: askDatacenter, press: pressDatacenter, text: textDatacenter,
			done: func(dr *Draft) bool { return dr.Datacenter.ID != "" },
		},
		PlacePlan: {
			step: 2, title: chat.Say("stage.plan"), need: needCatalogue, ask: askPlan, press: pressPlan, text: textPlan,
			done: func(dr *Draft) bool { return dr.Plan != nil },
		},
		PlaceCompare:  {step: 2, parent: PlacePlan, need: needCatalogue, ask: askCompare, press: pressCompare, text: textPlan},
		PlaceCompared: {step: 2, parent: PlaceCompare, need: needCatalogue, ask: askCompared, press: pressCompared},
		PlaceAddons: {
			step: 3, title: chat.Say("stage.addons"), need: needForm, ask: askAddon, press: pressAddon, text: textAddon, skip: skipAddon,
			done: addonsDone, absent: func(dr *Draft) bool { return dr.formed() && len(dr.asked()) == 0 },
		},
		PlaceSystem: {
			step: 4, title: chat.Say("stage.system"), need: needForm, ask: askSystem, press: pressSystem, text: textSystem,
			done: func(dr *Draft) bool { return dr.Image != nil },
		},
		PlaceVersion: {step: 4, parent: PlaceSystem, need: needForm, ask: askVersion, press: pressVersion, text: textSearch},
		PlaceAccess: {
			step: 5, title: chat.Say("stage.access"), need: needForm, ask: askAccess, press: pressAccess, secret: secretAccess,
			done: func(dr *Draft) bool { return dr.Access.Kind == AccessKey || dr.Access.Kind == AccessPassword },
		},
		PlaceKey:      {step: 5, parent: PlaceAccess, need: needForm, ask: askKey, press: pressKey, text: textSearch},
		PlacePassword: {step: 5, parent: PlaceAccess, need: needForm, ask: askPassword, press: pressPassword, secret: secretPassword, exact: true},
		PlaceName: {
			step: 6, title: chat.Say("stage.name"), ask: askName, text: textName, skip: skipName, typed: true,
			done: func(dr *Draft) bool { return dr.Named },
		},
		PlaceBackups: {
			step: 7, title: chat.Say("stage.backups"), ask: askBackups, press: pressBackups, done: backupsDone,
		},
		PlaceBackupName: {step: 7, parent: PlaceBackups, ask: askBackupName, press: pressBackupName, text: textBackupName, typed: true},
		PlaceBackupDays: {step: 7, parent: PlaceBackupName, ask: askBackupDays, press: pressBackupDays},
		PlaceBackupTime: {step: 7, parent: PlaceBackupDays, ask: askBackupTime, press: pressBackupTime, text: textBackupTime},
		PlacePeriod: {
			step: 8, title: chat.Say("stage.period"), ask: askPeriod, press: pressPeriod,
			done: func(dr *Draft) bool { return dr.Period != "" },
		},
		PlaceCount: {
			step: 9, title: chat.Say("stage.count"), ask: askCount, press: pressCount, text: textCount,
			done: func(dr *Draft) bool { return dr.Count > 0 },
		},
		PlaceReview: {
			step: 10, title: chat.Say("stage.review"), need: needPrices, ask: askReview, press: pressReview,
			done: func(*Draft) bool { return false },
		},
		PlaceEdit:    {step: 10, parent: PlaceReview, ask: askEdit, press: pressEdit},
		PlacePromo:   {step: 10, parent: PlaceReview, ask: askPromo, text: textPromo, typed: true},
		PlacePayer:   {step: 10, parent: PlaceEdit, ask: askPayer, press: pressPayer},
		PlaceOpening: {step: 10, ask: askOpening},

		PlaceLoginWay:      {ask: askLoginWay, press: pressLoginWay, secret: secretLoginWay, exact: true},
		PlaceLoginToken:    {parent: PlaceLoginWay, ask: askLoginToken, secret: secretToken},
		PlaceLoginName:     {parent: PlaceLoginWay, ask: askLoginName, secret: secretLoginName},
		PlaceLoginPassword: {parent: PlaceLoginName, ask: askLoginPassword, secret: secretLoginPassword, exact: true},
		PlaceLoginChecking: {ask: askLoginChecking, secret: secretTooMuch},
		PlaceLogout:        {ask: askLogout, press: pressLogout},
		PlaceAccounts:      {ask: askAccounts, press: pressAccounts},
		PlaceAccount:       {parent: PlaceAccounts, ask: askAccount, press: pressAccount},
		PlaceAccountName:   {parent: PlaceAccount, ask: askAccountName, text: textAccountName},
		PlaceReminders:     {ask: askReminders, press: pressReminders},
		PlaceReminderHour:  {parent: PlaceReminders, ask: askReminderHour, press: pressReminderHour},
		PlaceReminderZone:  {parent: PlaceReminders, ask: askReminderZone, press: pressReminderZone, text: textReminderZone},
		PlaceResume:        {ask: askResume, press: pressResume},
		PlaceOtherPromo:    {ask: askOtherPromo, text: textOtherPromo, typed: true},
		PlaceEmptyCart:     {ask: askEmptyCart, press: pressEmptyCart},

		PlaceServers:        {ask: askServers, press: pressServers, text: textServers},
		PlaceServer:         {parent: PlaceServers, ask: askServer, press: pressServer},
		PlaceServerName:     {parent: PlaceServer, ask: askServerName, text: textServerName},
		PlaceServerPassword: {parent: PlaceServer, ask: askServerPassword, press: pressServerPassword, secret: secretServerPassword, exact: true},
		PlaceServerImage:    {parent: PlaceServer, ask: askServerImage, press: pressServerImage, text: textServerChoice},
		PlaceServerSize:     {parent: PlaceServer, ask: askServerSize, press: pressServerSize, text: textServerChoice},
		PlaceServerDelete:   {parent: PlaceServer, ask: askServerDelete, text: textServerDelete},
		PlaceServerAsk:      {parent: PlaceServer, ask: askServerAsk, press: pressServerAsk},
		PlaceOrders:         {ask: askOrders, press: pressOrders},
		PlaceAudit:          {ask: askAudit, press: pressAudit},

		PlaceKeys:    {ask: askKeys, press: pressKeys},
		PlaceKeyNew:  {parent: PlaceKeys, ask: askKeyNew, secret: secretKey, shown: true},
		PlaceKeyName: {parent: PlaceKeyAsk, ask: askKeyName, text: textKeyName},
		PlaceKeyAsk:  {parent: PlaceKeyNew, ask: askKeyAsk, press: pressKeyAsk},

		PlaceTemplates:    {ask: askTemplates, press: pressTemplates},
		PlaceTemplate:     {parent: PlaceTemplates, ask: askTemplate, press: pressTemplate},
		PlaceTemplateName: {parent: PlaceTemplates, ask: askTemplateName, text: textTemplateName},
		PlaceTemplateText: {parent: PlaceTemplates, ask: askTemplateText, secret: secretTemplate},
		PlaceTemplateDrop: {parent: PlaceTemplate, ask: askTemplateDrop, press: pressTemplateDrop},

		PlaceTeam:         {ask: askTeam, press: pressTeam},
		PlaceTeamAccount:  {parent: PlaceTeam, ask: askTeamAccount, press: pressTeamAccount},
		PlaceTeamRule:     {parent: PlaceTeam, ask: askTeamRule, press: pressTeamRule},
		PlaceTeamAbove:    {parent: PlaceTeamRule, ask: askTeamAbove, text: textTeamAbove, typed: true},
		PlaceTeamLimits:   {parent: PlaceTeam, ask: askTeamLimits, press: pressTeamLimits},
		PlaceTeamLimit:    {parent: PlaceTeamLimits, ask: askTeamLimit, press: pressTeamLimit, text: textTeamLimit, typed: true},
		PlaceTeamRoles:    {parent: PlaceTeam, ask: askTeamRoles, press: pressTeamRoles},
		PlaceTeamRole:     {parent: PlaceTeamRoles, ask: askTeamRole, press: pressTeamRole},
		PlaceTeamHand:     {parent: PlaceTeamRole, ask: askTeamHand, press: pressTeamHand},
		PlaceBind:         {ask: askBind, press: pressBind},
		PlaceBindName:     {parent: PlaceBind, ask: askBindName, press: pressBindName, text: textBindName},
		PlaceHandPassword: {ask: askHandPassword, press: pressHandPassword, secret: secretHandPassword, exact: true},
	}
}

// applies reports whether a step has anything to ask for this order.
func (dr *Draft) applies(p Place) bool {
	absent := places[p].absent
	return absent == nil || !absent(dr)
}

// open returns the steps that are still to be answered, in order; the review
// is not one of them.
func (dr *Draft) open() []Place {
	var open []Place
	for _, p := range steps {
		if p != PlaceReview && dr.applies(p) && !places[p].done(dr) {
			open = append(open, p)
		}
	}
	return open
}

// complete reports whether every step before the review is answered.
func (dr *Draft) complete() bool { return len(dr.open()) == 0 }

// before returns the step before the one of a place that applies to this
// order; false: there is none.
func (dr *Draft) before(p Place) (Place, bool) {
	i := slices.IndexFunc(steps, func(s Place) bool { return places[s].step == places[p].step })
	for i--; i >= 0; i-- {
		if dr.applies(steps[i]) {
			return steps[i], true
		}
	}
	return "", false
}

// hasBack reports whether Back leads anywhere from where the draft stands.
func (dr *Draft) hasBack() bool {
	if dr.Place == PlaceOpening {
		return false
	}
	_, before := dr.before(dr.Place)
	return before || dr.Search != "" || places[dr.Place].parent != "" || dr.Reviewed && dr.complete()
}
