package conversation

import (
	"time"

	"zomrobot/chat"
)

// LinkLives is how long a link out of a group into the private chat can be used.
const LinkLives = 10 * time.Minute

// LinkPurpose is what a link out of a group into the private chat is for.
type LinkPurpose string

// The purposes of links.
const (
	LinkAccount  LinkPurpose = "account"  // to choose the account that pays for a team
	LinkPassword LinkPurpose = "password" // to give the root password of a draft
	LinkServer   LinkPurpose = "server"   // to do something with a server of the account
	LinkOrder    LinkPurpose = "order"    // to an order that somebody hands on: for anybody, and not only once
)

// MakeLink makes a link that leads the person, and nobody else, out of the
// group into the private chat, once and within [LinkLives]. Answered by
// LinkMade.
type MakeLink struct {
	Purpose LinkPurpose `json:"purpose"`
	Draft   string      `json:"draft,omitempty"` // with LinkPassword; with LinkServer: the server's id
}

// LinkMade answers MakeLink. The code goes into a button, as [chat.Button.Start].
type LinkMade struct {
	Purpose LinkPurpose
	Draft   string
	Code    string
}

// OpenLink says that the person came with the code of a link. Answered by
// LinkOpened, of one with LinkOrder by order.ShareOpened.
type OpenLink struct {
	Code   string `json:"-"`
	Unique string `json:"-"` // names the update
}

// LinkOpened answers OpenLink.
type LinkOpened struct {
	Refused bool // there is no such link for this person, or no longer

	Purpose LinkPurpose
	From    chat.Key // the dialogue in the group
	Draft   string   // with LinkPassword; with LinkServer: the server's id
	Team    string   // the team's id
	Title   string   // of the group
}

func (LinkMade) Event() {}

func (LinkOpened) Event() {}
