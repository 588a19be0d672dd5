package conversation

import (
	"zomrobot/chat"
	"zomrobot/zomro"
)

// Events that happen in one flow and concern another.

// AccountChanged says that the person has connected an account, or has added, renamed or
// deleted a key of it: what the vendor tells of it must be asked for again.
type AccountChanged struct {
	Key   string // the name that the key has, or had; "": an account was connected
	Order bool   // it was added for the order
}

// AccountForgotten says that an account is being forgotten.
type AccountForgotten struct {
	Account string
	Said    chat.Phrase // what the card says of an order that ends with it
}

// KeyWanted asks for a new SSH key, for the order.
type KeyWanted struct{}

// ServerWanted asks for one more server like one that is there, from the account that has
// that one.
type ServerWanted struct {
	Server  zomro.Service
	Account string // its ID; "": the default one
}

// SessionFound says that something a person has sent held a session.
type SessionFound struct{ Session zomro.Secret }

// BackToServer leads back to the card of a server, which is read again.
type BackToServer struct{ Account, Server string }

func (AccountChanged) Event()   {}
func (AccountForgotten) Event() {}
func (BackToServer) Event()     {}
func (KeyWanted) Event()        {}
func (ServerWanted) Event()     {}
func (SessionFound) Event()     {}
