package order

import (
	"zomrobot/chat"
	"zomrobot/conversation"
)

// forgetPassword drops the root password but remembers that there was one.
func forgetPassword(t *conversation.Turn) {
	t.Do(conversation.Drop{Slot: conversation.SlotPassword})
	t.Dialogue.Draft.Access = conversation.Access{Kind: conversation.AccessPassword, Gone: true}
}

// dropAccess drops the chosen way to log in to the server.
func dropAccess(t *conversation.Turn) {
	if k := t.Dialogue.Draft.Access.Kind; k == conversation.AccessPassword || k == conversation.AccessMaking {
		t.Do(conversation.Drop{Slot: conversation.SlotPassword})
	}
	t.Dialogue.Draft.Access = conversation.Access{}
	t.Dialogue.Draft.Own(PlaceAccess)
}

// expireDraft drops a draft that nobody came back to, and the root password of one.
func expireDraft(t *conversation.Turn) {
	dr := t.Dialogue.Draft
	if dr == nil {
		return
	}
	if !t.Now.Before(dr.Touched.Add(conversation.DraftLives)) {
		close(t, chat.Say("order.expired"))
		t.Notify(chat.Screen{
			Lines: []chat.Phrase{chat.Say("order.expired")},
			Rows:  [][]chat.Button{{conversation.CommandButton("order")}},
		})
		return
	}
	if dr.Access.Kind == conversation.AccessPassword && !dr.Access.Gone && !t.Now.Before(dr.Access.Since.Add(conversation.PasswordLives)) {
		forgetPassword(t)
		t.Show = true
	}
}

// begin starts a draft.
func begin(t *conversation.Turn, unique string) {
	if t.Dialogue.Draft != nil {
		dropAccess(t)
	}
	t.Dialogue.Aside, t.Dialogue.Ended = nil, nil
	t.Dialogue.Draft = &conversation.Draft{ID: conversation.DraftID(t.Dialogue.Key, unique), Touched: t.Now, Place: t.Machine.Steps()[0]}
	t.AsNew = true
}

// close ends the draft; the card says why.
func close(t *conversation.Turn, why chat.Phrase, buttons ...chat.Button) {
	dropAccess(t)
	t.Dialogue.Draft = nil
	t.End(why, buttons...)
	t.Show = true
}

// cancel ends the draft because the person wants to.
func cancel(t *conversation.Turn) {
	close(t, chat.Say("order.cancelled"), conversation.CommandButton("order"))
	t.Dialogue.Passing = true
}

// left closes everything without a word: nobody is there to read it.
func left(t *conversation.Turn) {
	if t.Dialogue.Draft != nil {
		dropAccess(t)
	}
	t.Dialogue.Aside, t.Dialogue.Draft, t.Dialogue.Ended = nil, nil, nil
	t.Show = true
}

// storeRestored closes a draft that may have been ordered after the copy of the
// store was made.
func storeRestored(t *conversation.Turn) {
	if t.Dialogue.Draft != nil {
		// Without a word on the card, which may be sent once more: the news is enough.
		dropAccess(t)
		t.Dialogue.Draft, t.Show = nil, true
		t.Tell(chat.Say("order.restored"), "order")
	}
}
