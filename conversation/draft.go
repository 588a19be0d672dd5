package conversation

import (
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/team"
	"zomrobot/zomro"
)

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

	Offers   Offers   `json:"offers,omitzero"`    // what the order opens with, besides the catalogue
	Group    string   `json:"group,omitempty"`    // of the plans that are listed; "": all
	Cheapest bool     `json:"cheapest,omitempty"` // plans are listed by their price
	Compared []string `json:"compared,omitempty"` // ids of the plans that are marked to be compared

	CatalogueAt time.Time     `json:"catalogueAt,omitzero"` // when the vendor told it
	Looked      time.Time     `json:"looked,omitzero"`      // when it was last asked for, with or without an answer
	Age         time.Duration `json:"age,omitempty"`        // of the catalogue, at the last turn
	Silent      bool          `json:"silent,omitempty"`     // the vendor did not answer the last request for it
	Refreshing  bool          `json:"refreshing,omitempty"` // it is being looked at again
	Confirming  bool          `json:"confirming,omitempty"` // and is confirmed if nothing has changed
	Confirmed   time.Time     `json:"confirmed,omitzero"`   // when the person did, with Confirming

	Catalogue *zomro.Catalogue  `json:"catalogue,omitempty"`
	Form      *zomro.Form       `json:"form,omitempty"`
	Balance   *zomro.Balance    `json:"balance,omitempty"`
	Wanted    map[string]string `json:"wanted,omitempty"` // of a shortcut: what waits for the catalogue or the form

	Quick   bool    `json:"quick,omitempty"`   // what is not said is filled in with the usual once catalogue and form are there
	Assumed []Place `json:"assumed,omitempty"` // the steps whose answers were filled in so; an answer of the person removes its step
	Refused []Place `json:"refused,omitempty"` // the steps of which something was said that cannot be had: they are asked, not assumed

	Account    string           `json:"account,omitempty"` // the ID of the one that pays; "": the default one, until a form of it is there
	Datacenter zomro.Datacenter `json:"datacenter"`
	Plan       *zomro.Plan      `json:"plan,omitempty"`
	Options    []Option         `json:"options,omitempty"`
	Image      *zomro.Image     `json:"image,omitempty"`
	Access     Access           `json:"access"`
	NewKey     string           `json:"newKey,omitempty"` // name of a key that was added from within the order, to be chosen
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
	Shared     bool             `json:"shared,omitempty"`  // it was opened by somebody's link
	Names      Names            `json:"names,omitzero"`    // while it waits for the login
}

// Option is what was chosen for an add-on.
type Option struct {
	Name    string `json:"name"`              // "addon_6746"
	Label   string `json:"label"`             // "network"
	Value   string `json:"value,omitempty"`   // "": left to the vendor
	Text    string `json:"text,omitempty"`    // the value in words
	Default bool   `json:"default,omitempty"` // it is the vendor's default
	Foreign bool   `json:"foreign,omitempty"` // its words are in the language that the person spoke before
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
	AccessLinked   AccessKind = "linked"   // in a group: a password, which must be given in the private chat
)

// Empty reports whether nothing was chosen yet, nor waits to be.
func (dr *Draft) Empty() bool {
	return dr.Datacenter.ID == "" && dr.Plan == nil && dr.Promo == "" && len(dr.Wanted) == 0
}

// AskedAddon returns the add-on that is asked for, if there is one.
func (dr *Draft) AskedAddon() (zomro.Addon, bool) {
	if dr.Form == nil || dr.Addon < 0 || dr.Addon >= len(dr.Form.Addons) {
		return zomro.Addon{}, false
	}
	return dr.Form.Addons[dr.Addon], true
}

// Option returns what was chosen for an add-on.
func (dr *Draft) Option(name string) (Option, bool) {
	i := slices.IndexFunc(dr.Options, func(o Option) bool { return o.Name == name })
	if i < 0 {
		return Option{}, false
	}
	return dr.Options[i], true
}

// Choose sets what was chosen for an add-on.
func (dr *Draft) Choose(o Option) {
	dr.Options = append(slices.DeleteFunc(dr.Options, func(old Option) bool { return old.Name == o.Name }), o)
}

// Own takes the mark off the answer of a step: it is the person's own.
func (dr *Draft) Own(step Place) {
	dr.Assumed = slices.DeleteFunc(dr.Assumed, func(p Place) bool { return p == step })
}

// Namesake is what is known of a server that already has the order's name.
type Namesake struct {
	Account string `json:"account,omitempty"` // whose servers were asked for
	Name    string `json:"name,omitempty"`    // that was asked about
	Known   bool   `json:"known,omitempty"`   // the vendor told
	Taken   bool   `json:"taken,omitempty"`
	Server  string `json:"server,omitempty"` // which one it is; empty: not told here
}

// Offers is what an order is opened with, besides the catalogue.
type Offers struct {
	Centre    string `json:"centre,omitempty"` // the usual datacenter, whose plans are offered; "": the vendor's first
	Last      *Last  `json:"last,omitempty"`   // nil: none is known
	Templates int    `json:"templates,omitempty"`
}

// Last is the last purchase of a person, or of a team.
type Last struct {
	Purchase   string      `json:"purchase"` // its id
	Order      zomro.Order `json:"order"`
	Promo      string      `json:"promo,omitempty"`
	Total      zomro.Money `json:"total"` // agreed to
	Plan       string      `json:"plan"`  // its title
	Datacenter string      `json:"datacenter"`
}

// Names are what a plan and a datacenter that are wanted are called, as far as is known.
type Names struct {
	Plan       string `json:"plan,omitempty"` // its title
	Datacenter string `json:"datacenter,omitempty"`
}

// Repeat says which purchase a draft repeats, and what that one was to cost.
type Repeat struct {
	Purchase string      `json:"purchase"`
	Total    zomro.Money `json:"total"`
}
