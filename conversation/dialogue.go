package conversation

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/locales"
)

// version is the version of a [Dialogue]'s form.
const version = 1

// How long things that nobody comes back to are kept.
const (
	DraftLives    = 72 * time.Hour   // a draft, since the person last touched it
	PasswordLives = 30 * time.Minute // the root password of a draft, since it was given
	AsideLives    = 30 * time.Minute // a question beside the draft, since it was asked
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
	Passing bool         `json:"passing,omitempty"` // with Ended: it says nothing that is worth keeping
	Handed  bool         `json:"handed,omitempty"`  // none of them is set: the card becomes that of a purchase, or of what is done with a server
	Ordered *Ordered     `json:"ordered,omitempty"` // what became of the last draft that was ordered; nil: none was

	Accounts []Account `json:"accounts,omitempty"` // all that are connected, see [Dialogue.Know]
	Bought   string    `json:"bought,omitempty"`   // the last purchase that was opened here; "": none was
	Centre   string    `json:"centre,omitempty"`   // the datacenter of the last order that was confirmed here; "": none was

	Said string `json:"said,omitempty"` // what was said last that may be an order

	Dark      bool       `json:"dark,omitempty"`   // pictures are drawn for a dark chat
	Logins    int        `json:"logins,omitempty"` // attempts to log in so far
	Offer     *Offer     `json:"offer,omitempty"`  // a session that can be logged in with
	Reminders Reminders  `json:"reminders,omitzero"`
	Team      *TeamState `json:"team,omitempty"` // in a group: its team, see [Dialogue.Join]; nil: it is none
	Told      time.Time  `json:"told,omitzero"`  // in a group: when that was so
}

// Ordered is a draft that has become a purchase.
type Ordered struct {
	Draft    string `json:"draft"`
	Purchase string `json:"purchase"`
}

// Aside is a question that the card asks beside the draft: how to log in, whether
// to log out, what to do with an unfinished draft.
type Aside struct {
	Place Place
	Until time.Time     // when it is given up
	Note  []chat.Phrase // said above the question
	Flow  State         // what the flow of the place keeps with it; nil: nothing

	Stored map[string]json.RawMessage // as it was read, before [Machine.Decode] has read Flow of it
}

// asideHead is what is kept of every question.
type asideHead struct {
	Place Place         `json:"place"`
	Until time.Time     `json:"until"`
	Note  []chat.Phrase `json:"note,omitempty"`
}

// MarshalJSON writes what is kept of every question, and what its flow keeps, under
// the flow's name.
func (a Aside) MarshalJSON() ([]byte, error) {
	head, err := json.Marshal(asideHead{a.Place, a.Until, a.Note})
	if err != nil || a.Flow == nil {
		return head, err
	}
	own, err := json.Marshal(map[string]State{a.Flow.Stored(): a.Flow})
	if err != nil {
		return nil, err
	}
	return slices.Concat(head[:len(head)-1], []byte(","), own[1:]), nil
}

// UnmarshalJSON reads what MarshalJSON wrote, except what its flow keeps: see
// [Machine.Decode].
func (a *Aside) UnmarshalJSON(text []byte) error {
	var head asideHead
	if err := errors.Join(json.Unmarshal(text, &head), json.Unmarshal(text, &a.Stored)); err != nil {
		return err
	}
	a.Place, a.Until, a.Note = head.Place, head.Until, head.Note
	return nil
}

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
		return locales.Match("")
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
		if aside.Flow != nil {
			aside.Flow = aside.Flow.Clone()
		}
		d.Aside = &aside
	}
	if d.Draft != nil {
		draft := *d.Draft
		draft.Note = slices.Clone(draft.Note)
		draft.Compared = slices.Clone(draft.Compared)
		draft.Options = slices.Clone(draft.Options)
		draft.Wanted = maps.Clone(draft.Wanted)
		draft.Assumed = slices.Clone(draft.Assumed)
		draft.Refused = slices.Clone(draft.Refused)
		if draft.Backups != nil {
			backups := *draft.Backups
			backups.Days = slices.Clone(backups.Days)
			draft.Backups = &backups
		}
		d.Draft = &draft
	}
	return d
}

// Offer is a session that came with a call of the vendor's, and that a person may log
// in with. The session itself is kept like the secret of an attempt, never here.
type Offer struct {
	Attempt int       `json:"attempt"`
	Until   time.Time `json:"until"` // when it is dropped
}
