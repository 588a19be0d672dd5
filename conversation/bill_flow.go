package conversation

import (
	"encoding/json"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// The places of purchases and of the record.
const (
	PlaceOrders     Place = "orders"
	PlaceAudit      Place = "audit"
	PlaceOtherPromo Place = "other_promo"
	PlaceEmptyCart  Place = "empty_cart"
)

// The commands of an owner of the bot.
const (
	CommandStop  = "stop_purchases"
	CommandAllow = "allow_purchases"
)

// BillFlow is the flow of purchases: what is asked about them, their list, and the record
// of what was done.
func BillFlow() Flow {
	return Flow{
		name: "bill",
		places: []spot{
			{name: PlaceOrders, ask: askOrders, press: pressOrders, looks: true},
			{name: PlaceAudit, ask: askAudit, press: pressAudit, looks: true},
			{name: PlaceOtherPromo, ask: askOtherPromo, text: textOtherPromo, typed: true},
			{name: PlaceEmptyCart, ask: askEmptyCart, press: pressEmptyCart},
		},
		commands: []commandSpec{
			{name: "status", menu: 5, private: true, group: true, run: func(t *turn, _ call) { t.do(ShowPurchases{}) }},
			{name: "orders", menu: 6, private: true, run: func(t *turn, _ call) { t.orders() }},
			{name: "audit", menu: 8, private: true, group: true, run: func(t *turn, _ call) { t.audit() }},
			{name: CommandStop, owner: true, private: true, group: true},
			{name: CommandAllow, owner: true, private: true, group: true},
		},
		buttons: map[string]func(*turn, data, int){
			kindPurchase: func(t *turn, d data, _ int) { t.decide(d) },
		},
		thaw: func(place Place, stored map[string]json.RawMessage) (State, error) {
			switch place {
			case PlaceOrders:
				return Thaw[Orders](stored)
			case PlaceAudit:
				return thawAudit(stored)
			default:
				return thawAsked(stored)
			}
		},
		take: func(t *turn, e chat.Event) {
			switch e := e.(type) {
			case OrdersLoaded:
				t.ordersLoaded(e)
			case AuditLoaded:
				t.auditLoaded(e)
			case Checked:
				if decide := e.Check.Decide; decide != nil {
					t.checkedDecide(*decide, e)
				}
			}
		},
		late: lateAnswer,
	}
}

// lateAnswer shows a purchase again whose question was answered too long ago.
func lateAnswer(t *turn, e chat.Event, said chat.Phrase) bool {
	switch e := e.(type) {
	case chat.Press:
		if d, ok := parseData(e.Data); ok && d.kind == kindPurchase {
			t.showAgain(d.id, said)
			return true
		}
	case Checked:
		if decide := e.Check.Decide; decide != nil {
			t.press = decide.Press
			t.showAgain(decide.Purchase, said)
			return true
		}
	}
	return false
}

// thawAudit reads a page of the record. One that an earlier version has written in words
// of its own can be asked for again.
func thawAudit(stored map[string]json.RawMessage) (State, error) {
	var page struct {
		List []map[string]json.RawMessage `json:"list"`
	}
	if text, ok := stored[(&Audit{}).Stored()]; ok {
		if err := json.Unmarshal(text, &page); err != nil {
			return nil, err
		}
	}
	for _, entry := range page.List {
		for _, earlier := range []string{"opened", "decided", "answered", "acted", "changed"} {
			if entry[earlier] != nil {
				return &Audit{Trouble: &Problem{Kind: zomro.Transient}}, nil
			}
		}
	}
	return Thaw[Audit](stored)
}

// thawAsked also reads the form of before, in which its members stood beside the place.
func thawAsked(stored map[string]json.RawMessage) (State, error) {
	if _, ok := stored[(&asked{}).Stored()]; ok {
		return Thaw[asked](stored)
	}
	var a asked
	text, err := json.Marshal(stored)
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	return &a, err
}
