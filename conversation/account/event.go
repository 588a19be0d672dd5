package account

import (
	"time"

	"zomrobot/conversation"
	"zomrobot/watch"
	"zomrobot/zomro"
)

// LoginChecked answers CheckLogin.
type LoginChecked struct {
	Attempt int    // as asked
	ID      string // of the account
	Account string // how the account is shown: the login, or the owner's name
	Renews  bool   // the bot can renew the session itself
	Phone   bool   // the vendor sells to the account only once its phone number is verified
	Problem *conversation.Problem
}

// LoggedOut answers Forget.
type LoggedOut struct {
	Account string // which was forgotten
}

// AccountsLoaded answers LoadAccounts.
type AccountsLoaded struct {
	Brief    bool // as asked
	Accounts []State
	Problem  *conversation.Problem
}

// MattersLoaded answers LoadMatters. What cannot be read is left out.
type MattersLoaded struct {
	Servers     bool // as asked: of the accounts only the lists of servers were read
	Second      bool // as asked
	Unread      bool // an account could not be read, though its session is not known to be lost
	Accounts    []OfAccount
	Items       []CartMatter
	GroupDrafts []time.Time // when each draft of the person in a group was last touched
}

// OfAccount is what an account may be reminded of.
type OfAccount struct {
	ID       string
	Nick     string
	Balance  zomro.Balance
	Reserved []zomro.Money // agreed totals of the purchases that are not paid
	Services []zomro.Service
	News     []watch.News // of the servers
	Traffic  []watch.Traffic
	Missing  []watch.Missing // servers that the vendor does not list any more, of which that is not noted
	Back     []string        // those that are noted as missing and are listed again
	Doubt    bool            // whether a second look at them is wanted soon
	Watched  bool            // whether any of them is remembered: not only those of the last list
}

// CartMatter is a purchase whose item lies in the vendor's cart.
type CartMatter struct {
	Purchase string
	Since    time.Time // when it reached its present state
	Ended    bool      // nothing more will happen to it; else it waits for an answer
}

// SessionLost says that the vendor does not accept an account's session any
// more and it cannot be renewed.
type SessionLost struct {
	Account string
}

// ServerBought says that a server which a purchase of the person's account has paid for is
// found, or active.
type ServerBought struct{}

// KeysLoaded answers LoadKeys.
type KeysLoaded struct {
	Account string // as asked
	Keys    []zomro.SSHKey
	Servers map[string][]string // by the id of a key: the servers that were ordered with it here
	Problem *conversation.Problem
}

// KeyAdded answers AddKey.
type KeyAdded struct {
	Name    string // of the key in the account
	Known   bool   // it was there already, under this name
	Problem *conversation.Problem
}

// KeyEnd is what became of a key that was to be renamed or deleted, as the list of keys
// shows it.
type KeyEnd string

// The ends.
const (
	KeyDone   KeyEnd = "done"
	KeyGone   KeyEnd = "gone"   // the key was not listed any more, and the vendor was not asked
	KeyOther  KeyEnd = "other"  // the key is not as the person saw it, nor as they want it
	KeyUndone KeyEnd = "undone" // the vendor was asked, and lists it as before
	KeyUnsure KeyEnd = "unsure" // the same, and it is not known whether the vendor was asked: the program was stopped meanwhile
	KeyUnseen KeyEnd = "unseen" // the vendor was asked, or may have been, and the list cannot be read, or does not tell
)

// KeyChanged answers ChangeKey.
type KeyChanged struct {
	Change  ChangeKey // as asked
	End     KeyEnd
	Problem *conversation.Problem // set: the vendor has refused, or was not asked
}

func (LoginChecked) Event() {}

func (LoggedOut) Event() {}

func (SessionLost) Event() {}

func (ServerBought) Event() {}

func (AccountsLoaded) Event() {}

func (KeysLoaded) Event() {}

func (KeyAdded) Event() {}

func (KeyChanged) Event() {}

func (MattersLoaded) Event() {}

// PaidTeam is a team that an account pays for.
type PaidTeam struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Released answers ReleaseAccount.
type Released struct {
	Team    string
	Title   string // of the team
	Refused bool   // none of their accounts pays for it
}

func (Released) Event() {}
