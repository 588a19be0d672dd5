package journal

import (
	"context"
	"slices"
	"strings"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/purchase"
	"zomrobot/storage"
	"zomrobot/team"
	"zomrobot/zomro"
)

// Entry is a purchase as the journal keeps it: the record, and whom to tell.
type Entry struct {
	Record purchase.Record     `json:"record"`
	Owner  chat.Key            `json:"owner"`
	Team   string              `json:"team,omitempty"`   // which team it is bought for; empty: for its owner alone
	Holder int64               `json:"holder,omitempty"` // with Team: the person whose account pays
	Over   []team.Limit        `json:"over,omitempty"`   // with Team: the limits that its terms are above
	Agreed conversation.Agreed `json:"agreed"`
	Due    time.Time           `json:"due,omitzero"`   // when it wants a tick; zero: never
	Held   *conversation.Held  `json:"held,omitempty"` // set: it may not go on now

	Deleted map[string]time.Time `json:"deleted,omitempty"` // of its servers, by id, those that were deleted here, and when they were seen to be gone
	Missing map[string]time.Time `json:"missing,omitempty"` // likewise, those that the vendor does not list any more, and since when; zero: it is listed again
}

// Listed reports whether a purchase is one of those that a person is told of in a place: in
// private all of theirs, in a group those that they have ordered there.
func Listed(e Entry, in chat.Key) bool {
	return e.Owner == in || in.Private() && e.Owner.User == in.User
}

// Payer is the person whose account pays for a purchase.
func (e Entry) Payer() int64 {
	if e.Holder != 0 {
		return e.Holder
	}
	return e.Owner.User
}

// Bought reports whether a server is one of those that the purchase has bought.
func (e Entry) Bought(server string) bool {
	return e.Record.Prolong == nil && slices.ContainsFunc(e.Record.Services, func(s zomro.Service) bool { return s.ID == server })
}

// Gone says which of its servers are known to be deleted, or missing.
func (e Entry) Gone() conversation.Deleted {
	gone := conversation.Deleted{Count: len(e.Deleted), Of: len(e.Record.Services)}
	for _, at := range e.Deleted {
		if at.After(gone.At) {
			gone.At = at
		}
	}
	for _, s := range e.Record.Services {
		since := e.Missing[s.ID]
		if _, deleted := e.Deleted[s.ID]; since.IsZero() || deleted {
			continue
		}
		gone.Missing++
		if since.After(gone.Since) {
			gone.Since = since
		}
	}
	return gone
}

// Unspent is the purchase's id as long as nothing was charged for it; else "".
func (e Entry) Unspent() string {
	if e.Record.Charged() == purchase.NotCharged {
		return e.Record.ID
	}
	return ""
}

// OpenPurchases are the ids of the purchases that are not at their end.
func OpenPurchases(ctx context.Context, store storage.Store) ([]string, error) {
	var ids []string
	err := store.Scan(ctx, openPrefix, "", func(key string, _ []byte) (bool, error) {
		ids = append(ids, strings.TrimPrefix(key, openPrefix))
		return true, nil
	})
	return ids, err
}

// doubted reports whether a purchase asks whether it was paid.
func (e Entry) doubted() bool {
	q := e.Record.Question
	return e.Team != "" && q != nil && slices.Contains(q.Choices, purchase.ChooseBought)
}

// SettledBy reports whether the answer is that of somebody else than whoever ordered,
// to whether it was paid.
func (e Entry) SettledBy(d *conversation.Decide, user int64) bool {
	return d != nil && e.doubted() && user != e.Owner.User && slices.Contains(e.Record.Question.Choices, d.Choice)
}

// Secret is a dialogue's or a purchase's secret as it is kept: the store seals
// it like everything.
type Secret struct {
	Text string `json:"text"`
}

// PaidBy reports whether the team still pays from the account of the purchase.
func (e Entry) PaidBy(tm team.Team) bool {
	return tm.Account != nil && tm.Account.ID == e.Record.Account && tm.Account.Holder == e.Holder
}

// TotalAfter is what a purchase costs once its question is answered so; nil:
// that cannot be known.
func (e Entry) TotalAfter(c purchase.Choice) *zomro.Money {
	r := e.Record
	total := &r.Quote.Total
	if r.Unpriced || !r.Quoted() {
		total = nil
	}
	if c == purchase.ChooseAccept && r.Question != nil {
		total = r.Question.Now
	}
	return total
}
