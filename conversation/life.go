package conversation

import "zomrobot/chat"

// forgetPassword drops the root password but remembers that there was one.
func (t *turn) forgetPassword() {
	t.do(Drop{Slot: SlotPassword})
	t.d.Draft.Access = Access{Kind: AccessPassword, Gone: true}
}

// dropAccess drops what was chosen to log in to the server.
func (t *turn) dropAccess() {
	if k := t.d.Draft.Access.Kind; k == AccessPassword || k == AccessMaking {
		t.do(Drop{Slot: SlotPassword})
	}
	t.d.Draft.Access = Access{}
}

// expireDraft gives up a draft that nobody came back to, and the root password of one.
func (t *turn) expireDraft() {
	dr := t.d.Draft
	if dr == nil {
		return
	}
	if !t.now.Before(dr.Touched.Add(draftLives)) {
		t.close(chat.Say("order.expired"))
		t.notify(chat.Screen{
			Lines: []chat.Phrase{chat.Say("order.expired")},
			Rows:  [][]chat.Button{{commandButton("order")}},
		})
		return
	}
	if dr.Access.Kind == AccessPassword && !dr.Access.Gone && !t.now.Before(dr.Access.Since.Add(passwordLives)) {
		t.forgetPassword()
		t.show = true
	}
}

// begin starts a draft.
func (t *turn) begin(unique string) {
	if t.d.Draft != nil {
		t.dropAccess()
	}
	t.d.Aside, t.d.Ended = nil, nil
	t.d.Draft = &Draft{ID: draftID(t.d.Key, unique), Touched: t.now, Place: t.m.steps[0]}
	t.anew = true
}

// close ends the draft; the card says why.
func (t *turn) close(why chat.Phrase, buttons ...chat.Button) {
	t.dropAccess()
	t.d.Draft = nil
	t.end(why, buttons...)
	t.show = true
}

// cancel ends the draft because the person wants to.
func (t *turn) cancel() { t.close(chat.Say("order.cancelled"), commandButton("order")) }

// left closes everything, without a word: nobody is there who could read it.
func (t *turn) left() {
	if t.d.Draft != nil {
		t.dropAccess()
	}
	t.d.Aside, t.d.Draft, t.d.Ended = nil, nil, nil
	t.show = true
}

// storeRestored closes a draft that may have been ordered after the copy of the
// store was made.
func (t *turn) storeRestored() {
	if t.d.Draft != nil {
		t.close(chat.Say("order.restored"))
		t.tell(chat.Say("order.restored"), "order")
	}
}
