package engine

import (
	"zomrobot/chat"
	"zomrobot/conversation/bill"
	"zomrobot/engine/journal"
	"zomrobot/storage"
	"zomrobot/team"
)

// tellHolder tells the holder of a team's account in private what its group is not
// shown of a purchase.
func (t *transaction) tellHolder(e journal.Entry) error {
	if e.Team == "" {
		return nil
	}
	own := e
	own.Owner = chat.Key{Chat: e.Payer(), User: e.Payer()}
	tm, _, err := storage.Get[team.Team](t.tx, journal.TeamKey(e.Team))
	if err != nil {
		return err
	}
	news, differs := bill.HolderNews(journal.View(own, 0), journal.View(e, 0), tm.Title)
	if !differs {
		return nil
	}
	return t.post(post{To: own.Owner, Notice: &news, Unspent: e.Unspent()})
}
