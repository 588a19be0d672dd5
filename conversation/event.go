package conversation

import (
	"time"

	"zomrobot/job"
	"zomrobot/zomro"
)

// FileRead answers ReadFile.
type FileRead struct {
	Message int    // with the file
	Text    string // of the file
	Failed  bool   // it could not be read, or is no text
}

// Tick says that the time asked for in Dialogue.Wake has come.
type Tick struct{}

// CatalogueLoaded answers LoadCatalogue.
type CatalogueLoaded struct {
	Draft      string
	Datacenter string // as asked
	Catalogue  zomro.Catalogue
	At         time.Time // when the vendor told it; zero: now
	Silent     bool      // the vendor does not answer now: this is the last that it told
	Problem    *Problem  // set: it was not loaded
}

// FormLoaded answers LoadForm.
type FormLoaded struct {
	Draft      string
	Asked      string // the account as asked
	Account    string // whose form it is
	Plan       string
	Datacenter string
	Form       zomro.Form
	Problem    *Problem
}

// BalanceLoaded answers LoadBalance. No problem is told: a balance that is not
// known is left out of the review.
type BalanceLoaded struct {
	Draft   string
	Asked   string         // the account as asked
	Account string         // whose balance it is
	Balance *zomro.Balance // nil: not known
}

// NamesakeLoaded answers LoadNamesake. No problem is told: it stops nothing.
type NamesakeLoaded struct {
	Draft string
	Asked string // the account as asked
	Name  string
	Known bool // the vendor told
	Taken bool
	// Server tells which one it is, "#51, 203.0.113.7"; empty in a group, whose
	// business the servers of an account are not.
	Server string
}

// PasswordMade answers MakePassword: it is kept in the slot SlotPassword. The
// text is there only to be shown once.
type PasswordMade struct {
	Draft    string
	Password zomro.Secret
}

// LoginChecked answers CheckLogin.
type LoginChecked struct {
	Attempt int    // as asked
	ID      string // of the account
	Account string // how the account is shown: the login, or the owner's name
	Renews  bool   // the bot can renew the session by itself
	Phone   bool   // the vendor sells to the account only once its phone number was verified
	Problem *Problem
}

// LoggedOut answers Forget.
type LoggedOut struct {
	Account string // which was forgotten
}

// AccountsLoaded answers LoadAccounts.
type AccountsLoaded struct {
	Brief    bool // as asked
	Accounts []AccountState
	Problem  *Problem
}

// MattersLoaded answers LoadMatters. What cannot be read is left out.
type MattersLoaded struct {
	Accounts    []AccountMatters
	Items       []CartMatter
	GroupDrafts []time.Time // when each draft of the person in a group was last touched
}

// AccountMatters is what an account may be reminded of.
type AccountMatters struct {
	Nick     string
	Balance  zomro.Balance
	Reserved []zomro.Money // agreed totals of the purchases that are not paid
	Services []zomro.Service
}

// CartMatter is a purchase whose item lies in the vendor's cart.
type CartMatter struct {
	Purchase string
	Since    time.Time // when it came to where it is
	Ended    bool      // nothing more will happen to it; else it waits for an answer
}

// SessionLost says that the vendor does not accept an account's session any
// more and it cannot be renewed.
type SessionLost struct {
	Account string
}

// StoreRestored says that the bot was started on an older copy of its store:
// the draft may have been ordered already.
type StoreRestored struct{}

// Left says that the person is not in the group any more.
type Left struct{}

// PurchaseOpened answers Open: the purchase exists, with this id.
type PurchaseOpened struct {
	Draft    string
	ID       string
	Awaiting bool // it waits for the approval of others
}

// PurchaseRefused answers Open: no purchase was opened.
type PurchaseRefused struct {
	Draft   string
	Problem Problem
}

// ServersLoaded answers LoadServers.
type ServersLoaded struct {
	Asked    string // the account as asked
	Server   string // as asked
	Account  string // the vendor's account
	Services []zomro.Service
	Details  *zomro.ServiceDetails // of the server asked for; nil: not known
	Problem  *Problem
}

// SizesLoaded answers LoadSizes.
type SizesLoaded struct {
	Server  string
	Sizes   []zomro.Size
	Plans   []zomro.Plan // of the server's datacenter; empty: not known
	Problem *Problem
}

// RebuildLoaded answers LoadRebuild.
type RebuildLoaded struct {
	Server  string
	Form    zomro.RebuildForm
	Problem *Problem
}

// ServerPasswordMade answers MakeServerPassword: it is kept in SlotServer. The
// text is there only to be shown once.
type ServerPasswordMade struct {
	Server   string
	Password zomro.Secret
}

// ActRefused answers Act: something else is being done with the server.
type ActRefused struct{ Order job.Order }

// OrdersLoaded answers LoadOrders.
type OrdersLoaded struct {
	Orders  []OrderRow // the newest first
	Problem *Problem
}

// AuditLoaded answers LoadAudit.
type AuditLoaded struct {
	Before  int64        // as asked
	Entries []AuditEntry // the newest first
	Older   int64        // where the next page begins; 0: there is none
	Problem *Problem
}

// OrderRecalled answers RecallOrder.
type OrderRecalled struct {
	Purchase string
	Draft    string // as asked
	Template bool   // as asked
	Order    zomro.Order
	Promo    string      // the code that it had; empty: none
	Total    zomro.Money // agreed to
}

// KeysLoaded answers LoadKeys.
type KeysLoaded struct {
	Account string // as asked
	Keys    []zomro.SSHKey
	Problem *Problem
}

// KeyAdded answers AddKey.
type KeyAdded struct {
	Name    string // of the key in the account
	Known   bool   // it was there already, under this name
	Problem *Problem
}

// TemplatesLoaded answers LoadTemplates, KeepTemplate and DropTemplate.
type TemplatesLoaded struct {
	Templates     []Template // by name
	Kept, Dropped string     // names, of what was asked for
	Taken         bool       // it was not kept: another one has the name
	Full          bool       // it was not kept: there are too many
}

// Problem is what went wrong with an effect, in the vendor's kinds.
type Problem struct {
	Kind    zomro.Kind // "" : a fault of our own
	Code    string     // zomro.Error.Code
	Object  string     // zomro.Error.Object
	Message string     // the vendor's own words, if it said any

	Withheld bool // it said some, which only whose account it is may read
}

func (FileRead) Event() {}

func (Tick) Event() {}

func (CatalogueLoaded) Event() {}

func (FormLoaded) Event() {}

func (BalanceLoaded) Event() {}

func (NamesakeLoaded) Event() {}

func (PasswordMade) Event() {}

func (LoginChecked) Event() {}

func (LoggedOut) Event() {}

func (SessionLost) Event() {}

func (StoreRestored) Event() {}

func (Left) Event() {}

func (AccountsLoaded) Event() {}

func (PurchaseOpened) Event() {}

func (PurchaseRefused) Event() {}

func (ServersLoaded) Event() {}

func (SizesLoaded) Event() {}

func (RebuildLoaded) Event() {}

func (ServerPasswordMade) Event() {}

func (ActRefused) Event() {}

func (OrdersLoaded) Event() {}

func (OrderRecalled) Event() {}

func (AuditLoaded) Event() {}

func (KeysLoaded) Event() {}

func (KeyAdded) Event() {}

func (TemplatesLoaded) Event() {}

func (MattersLoaded) Event() {}
