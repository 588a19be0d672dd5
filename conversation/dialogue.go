package conversation

import (
	"maps"
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/team"
	"zomrobot/zomro"
)

// version is the version of a [Dialogue]'s form.
const version = 1

// How long things are kept that nobody comes back to.
const (
	draftLives    = 72 * time.Hour   // a draft, since the person last touched it
	passwordLives = 30 * time.Minute // the root password of a draft, since it was given
	asideLives    = 30 * time.Minute // a question beside the draft, since it was asked
)

// Dialogue is all that is remembered of one person's conversation in one
// place. It survives restarts as JSON, and never holds a secret. The zero
// value is not usable; see [New].
type Dialogue struct {
	Version int          `json:"version"`
	Key     chat.Key     `json:"key"`
	Lang    string       `json:"lang,omitempty"`    // chosen by /language: "en" or "ru"; "": not chosen
	Heard   string       `json:"heard,omitempty"`   // what Telegram said last: "en" or "ru"; "": nothing yet
	Name    string       `json:"name,omitempty"`    // of the person, as Telegram told it last; "": not yet
	Account string       `json:"account,omitempty"` // how the vendor's default account is shown; "": not logged in
	Wake    time.Time    `json:"wake,omitzero"`     // when a Tick is wanted; zero: never
	Rev     int          `json:"rev"`               // of the card: grows when what its buttons mean changes
	Aside   *Aside       `json:"aside,omitempty"`   // set: the card asks this instead of showing the draft
	Draft   *Draft       `json:"draft,omitempty"`   // the order that is being put together
	Ended   *chat.Screen `json:"ended,omitempty"`   // what the card says when neither is set

	Accounts []Account `json:"accounts,omitempty"` // all that are connected, see [Dialogue.Know]

	Logins    int        `json:"logins,omitempty"` // attempts to log in so far
	Offer     *Offer     `json:"offer,omitempty"`  // a session that can be logged in with
	Reminders Reminders  `json:"reminders,omitzero"`
	Team      *TeamState `json:"team,omitempty"` // in a group: its team, see [Dialogue.Join]; nil: it is none
	Told      time.Time  `json:"told,omitzero"`  // in a group: when that was so
}

// Aside is a question that the card asks beside the draft: to log in, to log
// out, what to do with an unfinished draft.
type Aside struct {
	Place     Place         `json:"place"`
	Until     time.Time     `json:"until"`               // when it is given up
	Note      []chat.Phrase `json:"note,omitempty"`      // said above the question
	Username  string        `json:"username,omitempty"`  // of a login whose password is asked
	Purchase  string        `json:"purchase,omitempty"`  // whose promo code is asked
	Revision  int           `json:"revision,omitempty"`  // of that purchase
	Shared    bool          `json:"shared,omitempty"`    // that purchase is a group's
	Servers   *Servers      `json:"servers,omitempty"`   // with the places of /servers
	Orders    *Orders       `json:"orders,omitempty"`    // with PlaceOrders
	Audit     *Audit        `json:"audit,omitempty"`     // with PlaceAudit
	Keys      *Keys         `json:"keys,omitempty"`      // with the places of /keys
	Templates *Templates    `json:"templates,omitempty"` // with the places of /templates
	Accounts  *Accounts     `json:"accounts,omitempty"`  // with the places of /accounts, and PlaceLogout
	Team      *TeamCard     `json:"team,omitempty"`      // with the places of /team
	Bind      *Bind         `json:"bind,omitempty"`      // with PlaceBind and PlaceBindName, and a login that leads back to them
	Hand      *Hand         `json:"hand,omitempty"`      // with PlaceHandPassword
}

// Draft is an order that is being put together.
type Draft struct {
	ID      string    `json:"id"`
	Touched time.Time `json:"touched"` // when the person last did something with it

	Place    Place         `json:"place"`
	Addon    int           `json:"addon,omitempty"` // at PlaceAddons: which of Form.Addons
	Page     int           `json:"page,omitempty"`
	Search   string        `json:"search,omitempty"`
	Family   string        `json:"family,omitempty"`   // at PlaceVersion: of the systems
	Note     []chat.Phrase `json:"note,omitempty"`     // said above the question, until the next answer
	Trouble  *Problem      `json:"trouble,omitempty"`  // what the place needs was not loaded
	Loads    int           `json:"loads,omitempty"`    // how often something was loaded
	Reviewed bool          `json:"reviewed,omitempty"` // the review was reached: Back leads to it

	Group    string   `json:"group,omitempty"`    // of the plans that are listed; "": all
	Cheapest bool     `json:"cheapest,omitempty"` // plans are listed by their price
	Compared []string `json:"compared,omitempty"` // ids of the plans that are marked to be compared

	CatalogueAt time.Time     `json:"catalogueAt,omitzero"` // when the vendor told it
	Looked      time.Time     `json:"looked,omitzero"`      // when it was last asked for, with or without an answer
	Age         time.Duration `json:"age,omitempty"`        // of the catalogue, at the last turn
	Silent      bool          `json:"silent,omitempty"`     // the vendor did not answer when it was last asked for
	Refreshing  bool          `json:"refreshing,omitempty"` // it is being looked at again
	Confirming  bool          `json:"confirming,omitempty"` // and is confirmed if nothing has changed
	Confirmed   time.Time     `json:"confirmed,omitzero"`   // when the person did, with Confirming

	Catalogue *zomro.Catalogue  `json:"catalogue,omitempty"`
	Form      *zomro.Form       `json:"form,omitempty"`
	Balance   *zomro.Balance    `json:"balance,omitempty"`
	Wanted    map[string]string `json:"wanted,omitempty"` // of a shortcut: what waits for the catalogue or the form

	Account    string           `json:"account,omitempty"` // the ID of the one that pays; "": the default one, until a form of it is there
	Datacenter zomro.Datacenter `json:"datacenter"`
	Plan       *zomro.Plan      `json:"plan,omitempty"`
	Options    []Option         `json:"options,omitempty"`
	Image      *zomro.Image     `json:"image,omitempty"`
	Access     Access           `json:"access"`
	NewKey     string           `json:"newKey,omitempty"` // name of a key that was added out of the order, to be chosen
	Name       string           `json:"name,omitempty"`
	Named      bool             `json:"named,omitempty"` // Name was decided on, though it may be empty
	Namesake   Namesake         `json:"namesake,omitzero"`
	Backups    *zomro.Backups   `json:"backups,omitempty"`
	NoBackups  bool             `json:"noBackups,omitempty"` // decided against
	Period     zomro.Period     `json:"period,omitempty"`
	Count      int              `json:"count,omitempty"`
	Promo      string           `json:"promo,omitempty"`
	Verdict    *team.Ruling     `json:"verdict,omitempty"` // in a group, at the review: what the team's rule and limits say
	Repeat     *Repeat          `json:"repeat,omitempty"`  // of a purchase that is ordered again
}

// Option is what was chosen for an add-on.
type Option struct {
	Name    string `json:"name"`              // "addon_6746"
	Label   string `json:"label"`             // "network"
	Value   string `json:"value,omitempty"`   // "": left to the vendor
	Text    string `json:"text,omitempty"`    // the value in words
	Default bool   `json:"default,omitempty"` // it is the vendor's default
}

// Access is how one logs in to the server.
type Access struct {
	Kind      AccessKind `json:"kind,omitempty"`
	Key       zomro.Key  `json:"key,omitzero"`        // with AccessKey
	Since     time.Time  `json:"since,omitzero"`      // with AccessPassword: when it was given
	Link      string     `json:"link,omitempty"`      // with AccessLinked: the code of the link; "": it is being made
	Generated bool       `json:"generated,omitempty"` // with AccessPassword: the bot made it
	Gone      bool       `json:"gone,omitempty"`      // with AccessPassword: it was forgotten and must be given again
}

// AccessKind is a way to log in to the server.
type AccessKind string

// The ways to log in to a server; the zero value means that none was chosen.
const (
	AccessKey      AccessKind = "key"      // an SSH key of the account
	AccessPassword AccessKind = "password" // a password, kept in SlotPassword
	AccessMaking   AccessKind = "making"   // a password that is being made
	AccessLinked   AccessKind = "linked"   // in a group: a password, which is to be given in the private chat
)

// New returns the dialogue of someone who has not said anything yet.
func New(key chat.Key) Dialogue { return Dialogue{Version: version, Key: key} }

// Language returns the language to speak, "en" or "ru": the chosen one, else
// the one that Telegram reported last, else English.
func (d Dialogue) Language() string {
	switch {
	case d.Lang != "":
		return d.Lang
	case d.Heard != "":
		return d.Heard
	default:
		return chat.English
	}
}

// clone returns a copy that shares nothing with d that a step changes in
// place. What is loaded (catalogue, form, plan, image) is only ever replaced.
func (d Dialogue) clone() Dialogue {
	d.Accounts = slices.Clone(d.Accounts)
	d.Reminders.Off = slices.Clone(d.Reminders.Off)
	d.Reminders.Said = maps.Clone(d.Reminders.Said)
	if d.Aside != nil {
		aside := *d.Aside
		aside.Note = slices.Clone(aside.Note)
		if aside.Accounts != nil {
			accounts := *aside.Accounts
			aside.Accounts = &accounts
		}
		if aside.Servers != nil {
			servers := *aside.Servers
			aside.Servers = &servers
		}
		if aside.Orders != nil {
			orders := *aside.Orders
			aside.Orders = &orders
		}
		if aside.Audit != nil {
			audit := *aside.Audit
			aside.Audit = &audit
		}
		if aside.Keys != nil {
			keys := *aside.Keys
			if keys.New != nil {
				given := *keys.New
				keys.New = &given
			}
			aside.Keys = &keys
		}
		if aside.Templates != nil {
			templates := *aside.Templates
			aside.Templates = &templates
		}
		if aside.Team != nil {
			card := *aside.Team
			aside.Team = &card
		}
		if aside.Bind != nil {
			bind := *aside.Bind
			aside.Bind = &bind
		}
		d.Aside = &aside
	}
	if d.Draft != nil {
		draft := *d.Draft
		draft.Note = slices.Clone(draft.Note)
		draft.Compared = slices.Clone(draft.Compared)
		draft.Options = slices.Clone(draft.Options)
		draft.Wanted = maps.Clone(draft.Wanted)
		if draft.Backups != nil {
			backups := *draft.Backups
			backups.Days = slices.Clone(backups.Days)
			draft.Backups = &backups
		}
		d.Draft = &draft
	}
	return d
}

// empty reports whether nothing was chosen yet.
func (dr *Draft) empty() bool { return dr.Datacenter.ID == "" && dr.Plan == nil && dr.Promo == "" }

// addon returns the add-on that is asked for, if there is one.
func (dr *Draft) addon() (zomro.Addon, bool) {
	if dr.Form == nil || dr.Addon < 0 || dr.Addon >= len(dr.Form.Addons) {
		return zomro.Addon{}, false
	}
	return dr.Form.Addons[dr.Addon], true
}

// option returns what was chosen for an add-on.
func (dr *Draft) option(name string) (Option, bool) {
	i := slices.IndexFunc(dr.Options, func(o Option) bool { return o.Name == name })
	if i < 0 {
		return Option{}, false
	}
	return dr.Options[i], true
}

// choose sets what was chosen for an add-on.
func (dr *Draft) choose(o Option) {
	dr.Options = append(slices.DeleteFunc(dr.Options, func(old Option) bool { return old.Name == o.Name }), o)
}
