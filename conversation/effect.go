package conversation

import (
	"time"

	"zomrobot/chat"
	"zomrobot/job"
	"zomrobot/purchase"
	"zomrobot/team"
	"zomrobot/zomro"
)

// Effect is something to be done with the commit of a turn, in its transaction, or
// after it; the engine's table of effects says which. It is data, so that it survives a
// crash, and may be carried out twice.
type Effect interface{ Effect() }

// The slots in which a dialogue's secrets are kept, sealed, apart from it.
const (
	SlotPassword = "password" // the root password of the draft
	SlotLogin    = "login"    // a session token, or the password of a login; of an attempt, see [account.CheckLogin.Slot]
	SlotServer   = "server"   // the new password of an existing server
)

// Keep seals a secret under the dialogue.
type Keep struct {
	Slot  string
	Value zomro.Secret
}

// Drop forgets a secret of the dialogue.
type Drop struct {
	Slot string `json:"slot"`
}

// Open opens a purchase of what the person agreed to. Draft makes it single:
// a second Open of the same draft is answered with the first purchase. The
// secret in SlotPassword moves to the purchase.
type Open struct {
	Draft   string `json:"draft"`
	Account string `json:"account,omitempty"` // the vendor's account that pays; "": the only one

	Order zomro.Order `json:"order"`

	// Prolong says that a server is paid on, and nothing ordered: then there are no Order
	// and no Promo, and the price is agreed to when the cart has told it. The secret stays.
	Prolong *purchase.Prolongation `json:"prolong,omitempty"`

	Promo  string `json:"promo,omitempty"`
	Agreed Agreed `json:"agreed"`

	Neighbours *purchase.Neighbours `json:"neighbours,omitempty"` // rows that may stand in the cart beside it; nil: none

	Status team.Status `json:"status,omitempty"` // in a group: what Telegram says that the person is there

	Beside bool `json:"beside,omitempty"` // the card goes back to an order: that of the purchase comes as a new message
	Below  bool `json:"below,omitempty"`  // the review is not in sight: the purchase's card comes as a new message
	Typed  int  `json:"typed,omitempty"`  // with Below: as in Show

	PlanTitle      string `json:"planTitle"`      // as the list of services will name it: "Essential Intel"
	DatacenterName string `json:"datacenterName"` // "Netherlands-3 [Cloud]"
}

// Agreed is what the person saw when confirming.
type Agreed struct {
	Lines  []chat.Phrase `json:"lines"` // each choice in words
	Total  zomro.Money   `json:"total"` // charged now, as far as the catalogue tells it
	Period zomro.Period  `json:"period"`
	Price  zomro.Money   `json:"price"`           // of the plan for one period, one server
	Carts  bool          `json:"carts,omitempty"` // Total is as carts say it; else it is by the price list, tax excluded
}

// Decide is a person's answer to a question of a purchase (see [bill.Question]). One that
// only begins to reject it is answered by bill.ReasonWanted, if they may.
type Decide struct {
	Purchase string          `json:"purchase"` // id
	Revision int             `json:"revision"` // of the question; an old one is refused
	Choice   purchase.Choice `json:"choice"`
	Code     string          `json:"code,omitempty"` // with ChooseOtherPromo: the new code
	Name     string          `json:"name,omitempty"` // in a group: how the person is called

	Begins bool   `json:"begins,omitempty"` // with ChooseReject: they are asked why before it counts
	Reason string `json:"reason,omitempty"` // with ChooseReject: why, in their words; "": they do not say

	Status team.Status `json:"status,omitempty"` // in a group: what Telegram says that the person is there
	Absent bool        `json:"absent,omitempty"` // Telegram says that whoever ordered is somebody else, and not there
	Press  string      `json:"press,omitempty"`  // to be answered by whoever carries this out, with [bill.StaleChoice] or [bill.TooLate] when it came too late
}

// Act has something done with a server, or with an image of its account. It is recorded
// with the commit, sent once, and followed until it is done; it has a card of its own. If
// something is already being done with it, the server's flow says so. The secret in
// SlotServer moves to it.
type Act struct {
	Order job.Order

	Status team.Status `json:",omitempty"` // in a group: what Telegram says that the person is there
	Holder int64       `json:",omitempty"` // in a group: as in [Checked]

	Handed bool // the card in which it was asked becomes the one of it
	Below  bool // with Handed: as a new message
	Typed  int  // with Below: as in [Show]
}

// Commits marks an effect that destroys something, or spends.
func (Act) Commits() {}

// Answer answers a press: without text it only stops the spinner.
type Answer struct {
	Press string       `json:"press"`
	Text  *chat.Phrase `json:"text,omitempty"` // at most 200 characters when rendered
	Alert bool         `json:"alert,omitempty"`
}

// Show brings the card up to date with the dialogue as it is when the effect is
// carried out. AsNew: as a new message; the old card goes, or loses its buttons if it
// holds what can be wanted later, see [Machine.Matter].
type Show struct {
	AsNew bool `json:"anew,omitempty"`
	Typed int  `json:"typed,omitempty"` // what the person wrote that the card answers: it goes when the card is there; 0: nothing
}

// Notify sends a new message beside the card.
type Notify struct {
	Screen  chat.Screen `json:"screen"`
	Protect bool        `json:"protect,omitempty"` // forwarding and saving are off: it holds a secret

	Fades time.Duration `json:"fades,omitempty"` // how long after it was sent the message removes itself; 0: it stays
	Slot  string        `json:"slot,omitempty"`  // of the secret that it shows, for TakeBack; "": it stays

	// Alone: it concerns the person alone, and a group does not see it where Telegram can
	// do that. It may not arrive, so it is nothing that has to.
	Alone bool   `json:"alone,omitempty"`
	Press string `json:"press,omitempty"` // with Alone: the press that it answers; "": none
	Spare bool   `json:"spare,omitempty"` // with Alone: it is left unsaid where all would see it
}

// Delete removes a message from the chat: a secret that a person typed, or a
// message of the bot that a button removes.
type Delete struct {
	Message int  `json:"message"`
	Told    bool `json:"told,omitempty"` // what is said beside it asks to delete what Telegram lets stay
}

// TakeBack removes the message that shows the secret of a slot, if it is there: the secret
// was used for nothing.
type TakeBack struct {
	Slot string `json:"slot"`
}

// ReadFile reads a small file that a person has sent. Answered by FileRead.
type ReadFile struct {
	File    string `json:"file"`    // its ID
	Message int    `json:"message"` // that carries it
}

func (Keep) Effect() {}

func (Drop) Effect() {}

func (TakeBack) Effect() {}

func (Open) Effect() {}

func (Act) Effect() {}

func (Decide) Effect() {}

func (ChangeTeam) Effect() {}

func (MakeLink) Effect() {}

func (ReleaseAccount) Effect() {}

func (OpenLink) Effect() {}

func (Answer) Effect() {}

func (Show) Effect() {}

func (Notify) Effect() {}

func (Delete) Effect() {}

func (ReadFile) Effect() {}

func (Check) Effect() {}

// ReleaseAccount stops an account of the person from paying for a team. The account
// is theirs: nobody else is asked. Answered by account.Released.
type ReleaseAccount struct {
	Team    string `json:"team"`              // its id
	Account string `json:"account,omitempty"` // its ID; "": whichever of theirs pays
}
