package conversation

import (
	"strconv"

	"zomrobot/chat"
	"zomrobot/job"
	"zomrobot/purchase"
	"zomrobot/team"
	"zomrobot/zomro"
)

// Effect is something to be done with the commit of a turn, in its transaction, or
// after it; the engine's table of effects says which. It is data, so that it survives a
// crash, and may be carried out twice.
type Effect interface{ effect() }

// The slots in which a dialogue's secrets are kept, sealed, apart from it.
const (
	SlotPassword = "password" // the root password of the draft
	SlotLogin    = "login"    // a session token, or the password of a login; of an attempt, see [CheckLogin.Slot]
	SlotServer   = "server"   // the new password of a server that is there already
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

	Order  zomro.Order `json:"order"`
	Promo  string      `json:"promo,omitempty"`
	Agreed Agreed      `json:"agreed"`

	Status team.Status `json:"status,omitempty"` // in a group: what Telegram says that the person is there

	PlanTitle      string `json:"planTitle"`      // as the list of services will name it: "Essential Intel"
	DatacenterName string `json:"datacenterName"` // "Netherlands-3 [Cloud]"
}

// Agreed is what the person saw when confirming.
type Agreed struct {
	Lines  []chat.Phrase `json:"lines"` // each choice in words
	Total  zomro.Money   `json:"total"` // charged now, as far as the catalogue tells it; tax excluded
	Period zomro.Period  `json:"period"`
	Price  zomro.Money   `json:"price"` // of the plan for one period, one server
}

// Decide is a person's answer to a question of a purchase (see [Question]).
type Decide struct {
	Purchase string          `json:"purchase"` // id
	Revision int             `json:"revision"` // of the question; an old one is refused
	Choice   purchase.Choice `json:"choice"`
	Code     string          `json:"code,omitempty"` // with ChooseOtherPromo: the new code
	Name     string          `json:"name,omitempty"` // in a group: how the person is called

	Status team.Status `json:"status,omitempty"` // in a group: what Telegram says that the person is there
	Absent bool        `json:"absent,omitempty"` // Telegram says that whoever ordered is somebody else, and not there
	Press  string      `json:"press,omitempty"`  // to be answered by who carries this out, with [StaleChoice] or [TooLate] when it came too late
}

// Answer answers a press: without text it only stops the spinner.
type Answer struct {
	Press string       `json:"press"`
	Text  *chat.Phrase `json:"text,omitempty"` // at most 200 characters when rendered
	Alert bool         `json:"alert,omitempty"`
}

// Show brings the card up to date with the dialogue, whatever it is when the
// effect is carried out. Anew: as a new message, the old card loses its buttons.
type Show struct {
	Anew bool `json:"anew,omitempty"`
}

// Notify sends a new message beside the card.
type Notify struct {
	Screen  chat.Screen `json:"screen"`
	Protect bool        `json:"protect,omitempty"` // forwarding and saving are off: it holds a secret
}

// Delete removes a message from the chat: a secret that a person typed, or a
// message of the bot that a button removes.
type Delete struct {
	Message int `json:"message"`
}

// LoadCatalogue asks the vendor for the plans of a datacenter; "" leaves the
// choice of it to the vendor. Answered by CatalogueLoaded. Fresh: not from a cache.
type LoadCatalogue struct {
	Draft      string `json:"draft"`
	Account    string `json:"account,omitempty"` // with whose session; "": the default one's
	Datacenter string `json:"datacenter,omitempty"`
	Fresh      bool   `json:"fresh,omitempty"`
}

// LoadForm asks the vendor for the order form. Answered by FormLoaded.
type LoadForm struct {
	Draft      string       `json:"draft"`
	Account    string       `json:"account,omitempty"` // whose keys and images it has; "": the default one
	Plan       string       `json:"plan"`
	Datacenter string       `json:"datacenter"`
	Period     zomro.Period `json:"period"`
}

// LoadNamesake asks the vendor whether the account that pays has a server of the
// order's name. Answered by NamesakeLoaded.
type LoadNamesake struct {
	Draft   string `json:"draft"`
	Account string `json:"account,omitempty"` // "": the default one
	Name    string `json:"name"`
}

// LoadBalance asks the vendor for the balance. Answered by BalanceLoaded.
type LoadBalance struct {
	Draft   string `json:"draft"`
	Account string `json:"account,omitempty"` // "": the default one
}

// MakePassword makes a random password that fits the rules of
// [CheckPassword] and keeps it in SlotPassword. Answered by PasswordMade.
type MakePassword struct {
	Draft string `json:"draft"`
}

// CheckLogin tries credentials against the vendor and keeps them when they are
// good. The secret is in the attempt's slot; it is dropped in any case. Username
// empty: the secret is a session token. Answered by LoginChecked.
type CheckLogin struct {
	Username string `json:"username,omitempty"`
	Attempt  int    `json:"attempt,omitempty"` // of the dialogue, from 1 on; 0: of a version that counted none
}

// Slot is where the secret of the attempt is kept. Each attempt has its own: one
// that was cancelled may still be on its way when the next begins.
func (c CheckLogin) Slot() string {
	if c.Attempt == 0 {
		return SlotLogin
	}
	return SlotLogin + "-" + strconv.Itoa(c.Attempt)
}

// Forget forgets an account's credentials and ends its session. Answered by LoggedOut.
type Forget struct {
	Account string `json:"account,omitempty"` // "": the default one
}

// ChangeAccount names an account, or makes it the default one.
type ChangeAccount struct {
	Account string `json:"account"`
	Nick    string `json:"nick,omitempty"`    // "": it stays
	Default bool   `json:"default,omitempty"` // false: it stays what it is
}

// LoadAccounts asks the vendor for the state of each of the person's accounts.
// Answered by AccountsLoaded. Brief: only the journal is asked for the
// purchases that are open.
type LoadAccounts struct {
	Brief bool `json:"brief,omitempty"`
}

// LoadMatters asks the vendor, by reading calls, and the journal for what the
// person may have to be reminded of. Answered by MattersLoaded.
type LoadMatters struct{}

// ShowPurchases sends the state of the person's open purchases, each as its
// own card, anew (/status).
type ShowPurchases struct{}

// Act has something done with a server. It is recorded with the commit, sent
// once, and followed until it is done; it has a card of its own. A server with
// which something is being done already is answered by ActRefused. The secret
// in SlotServer moves to it.
type Act struct{ Order job.Order }

// LoadServers asks the vendor for the servers of the account; for the details
// of one of them too when it is named. Answered by ServersLoaded.
type LoadServers struct {
	Account string `json:"account,omitempty"` // "": the default one; with Server: whichever has it
	Server  string `json:"server,omitempty"`
}

// LoadSizes asks the vendor for the plans that a server can be moved up to, and
// for the catalogue of its datacenter. Answered by SizesLoaded.
type LoadSizes struct {
	Account    string `json:"account,omitempty"`
	Server     string `json:"server"`
	Datacenter string `json:"datacenter,omitempty"` // by its name; empty: not known
}

// LoadRebuild asks the vendor for what a server can be installed with anew.
// Answered by RebuildLoaded.
type LoadRebuild struct {
	Account string `json:"account,omitempty"`
	Server  string `json:"server"`
}

// MakeServerPassword makes a random password as MakePassword does, and keeps it
// in SlotServer. Answered by ServerPasswordMade.
type MakeServerPassword struct {
	Server string `json:"server"`
}

// LoadOrders asks the journal for the person's purchases. Answered by
// OrdersLoaded.
type LoadOrders struct{}

// ShowPurchase sends the card of one of the person's purchases anew.
type ShowPurchase struct {
	Purchase string `json:"purchase"`
}

// RecallOrder asks the journal for what a purchase ordered. Answered by
// OrderRecalled.
type RecallOrder struct {
	Purchase string `json:"purchase"`
	Draft    string `json:"draft"`              // names the draft that is to come of it
	Template bool   `json:"template,omitempty"` // a template is to come of it instead
}

// LoadAudit asks for a page of the book of audit that the person may see here.
// Answered by AuditLoaded.
type LoadAudit struct {
	Before int64 `json:"before,omitempty"` // begins with the line before this one; 0: with the newest
}

// SendAudit sends that book as a document, to the person's private chat.
type SendAudit struct {
	Format AuditFormat `json:"format"`
}

// ReadFile reads a small file that a person has sent. Answered by FileRead.
type ReadFile struct {
	File    string `json:"file"`    // its ID
	Message int    `json:"message"` // that carries it
}

// LoadKeys asks the vendor for the SSH keys of the account. Answered by
// KeysLoaded.
type LoadKeys struct {
	Account string `json:"account,omitempty"` // "": the default one
}

// AddKey adds a public SSH key to the account. One that is there already is not
// added again. Answered by KeyAdded.
type AddKey struct {
	Account string `json:"account,omitempty"` // "": the default one
	Name    string `json:"name"`
	Line    string `json:"line"` // as in authorized_keys
}

// LoadTemplates asks for the person's templates. Answered by TemplatesLoaded.
type LoadTemplates struct{}

// KeepTemplate keeps a template under a name that no other one has. Answered by
// TemplatesLoaded.
type KeepTemplate struct {
	Name string `json:"name"`
	Line string `json:"line"`
	Was  string `json:"was,omitempty"` // the name that it had before
}

// DropTemplate forgets a template. Answered by TemplatesLoaded.
type DropTemplate struct {
	Name string `json:"name"`
}

func (Keep) effect() {}

func (Drop) effect() {}

func (Open) effect() {}

func (Decide) effect() {}

func (Act) effect() {}

func (KeepTemplate) effect() {}

func (DropTemplate) effect() {}

func (LoadTemplates) effect() {}

func (ChangeAccount) effect() {}

func (ChangeTeam) effect() {}

func (MakeLink) effect() {}

func (ReleaseAccount) effect() {}

func (OpenLink) effect() {}

func (HandPassword) effect() {}

func (Answer) effect() {}

func (Show) effect() {}

func (Notify) effect() {}

func (Delete) effect() {}

func (LoadCatalogue) effect() {}

func (LoadForm) effect() {}

func (LoadBalance) effect() {}

func (LoadNamesake) effect() {}

func (MakePassword) effect() {}

func (CheckLogin) effect() {}

func (Forget) effect() {}

func (ShowPurchases) effect() {}

func (LoadAccounts) effect() {}

func (LoadMatters) effect() {}

func (LoadServers) effect() {}

func (LoadSizes) effect() {}

func (LoadRebuild) effect() {}

func (MakeServerPassword) effect() {}

func (LoadOrders) effect() {}

func (ShowPurchase) effect() {}

func (RecallOrder) effect() {}

func (LoadAudit) effect() {}

func (SendAudit) effect() {}

func (ReadFile) effect() {}

func (LoadKeys) effect() {}

func (AddKey) effect() {}

func (Check) effect() {}
