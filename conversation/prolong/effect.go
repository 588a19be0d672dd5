package prolong

import (
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// LoadPaying asks the vendor how a server of one of the person's accounts is paid, and
// what there is to pay it from. Answered by PayingLoaded.
type LoadPaying struct {
	Account string `json:"account"`
	Server  string `json:"server"`
}

// PayingLoaded answers LoadPaying. What is not told is left out.
type PayingLoaded struct {
	Server  string         // as asked
	Service *zomro.Service // nil: the account has it no more
	Renewal *zomro.Renewal // nil: its form does not name it, or was not told
	Unread  bool           // its form was not told
	Balance *zomro.Money   // what there is to spend
	Daily   *zomro.Money   // what all servers of the account cost a day; nil: not known, or not of all
	Days    int            // with Daily: how long the balance lasts
	Problem *conversation.Problem
}

func (LoadPaying) Effect() {}

func (PayingLoaded) Event() {}
