package bill

import (
	"encoding/json"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// The places of purchases and of the record.
const (
	PlaceOrders     conversation.Place = "orders"
	PlaceAudit      conversation.Place = "audit"
	PlaceOtherPromo conversation.Place = "other_promo"
	PlaceEmptyCart  conversation.Place = "empty_cart"
	PlaceReject     conversation.Place = "reject"
)

// The commands of an owner of the bot.
const (
	CommandStop  = "stop_purchases"
	CommandAllow = "allow_purchases"
)

// Flow is the flow of purchases: what is asked about them, their list, and the record
// of what was done.
func Flow() conversation.Flow {
	return conversation.Flow{
		Name: "bill",
		Places: []conversation.Spot{
			{Name: PlaceOrders, Ask: askOrders, Press: pressOrders, Looks: true},
			{Name: PlaceAudit, Ask: askAudit, Press: pressAudit, Looks: true},
			{Name: PlaceOtherPromo, Ask: askOtherPromo, Text: textOtherPromo, Agrees: true, Typed: chat.Say("field.promo")},
			{Name: PlaceEmptyCart, Ask: askEmptyCart, Press: pressEmptyCart},
			{Name: PlaceReject, Ask: askReject, Press: pressReject, Text: textReject, Typed: chat.Say("field.reason")},
		},
		Commands: []conversation.CommandSpec{
			{Name: "status", Topic: conversation.TopicMoney, Menu: 5, Private: true, Group: true, Run: func(t *conversation.Turn, _ conversation.Call) { t.Do(ShowPurchases{}) }},
			{Name: "orders", Topic: conversation.TopicMoney, Menu: 6, Private: true, Run: func(t *conversation.Turn, _ conversation.Call) { orders(t) }},
			{Name: "audit", Topic: conversation.TopicMoney, Menu: 8, Private: true, Group: true, Run: func(t *conversation.Turn, _ conversation.Call) { showAudit(t) }},
			{Name: CommandStop, Owner: true, Private: true, Group: true},
			{Name: CommandAllow, Owner: true, Private: true, Group: true},
		},
		Buttons: map[string]func(*conversation.Turn, conversation.Data, int){
			conversation.KindPurchase: func(t *conversation.Turn, d conversation.Data, _ int) { decide(t, d) },
		},
		Thaw: func(place conversation.Place, stored map[string]json.RawMessage) (conversation.State, error) {
			switch place {
			case PlaceOrders:
				return conversation.Thaw[Orders](stored)
			case PlaceAudit:
				return conversation.Thaw[Audit](stored)
			default:
				return thawAsked(stored)
			}
		},
		Take: func(t *conversation.Turn, e chat.Event) {
			switch e := e.(type) {
			case OrdersLoaded:
				ordersLoaded(t, e)
			case AuditLoaded:
				auditLoaded(t, e)
			case ReasonWanted:
				reasonWanted(t, e)
			case conversation.Checked:
				if decide := e.Check.Decide; decide != nil {
					checkedDecide(t, *decide, e)
				}
			}
		},
		Late: lateAnswer,
	}
}

// lateAnswer shows again a purchase whose question was answered too long ago.
func lateAnswer(t *conversation.Turn, e chat.Event, said chat.Phrase) bool {
	switch e := e.(type) {
	case chat.Press:
		if d, ok := conversation.ParseData(e.Data); ok && d.Kind == conversation.KindPurchase {
			showAgain(t, d.ID, said)
			return true
		}
	case conversation.Checked:
		if decide := e.Check.Decide; decide != nil {
			t.Press = decide.Press
			showAgain(t, decide.Purchase, said)
			return true
		}
	}
	return false
}

// thawAsked also reads the former form, in which its members stood beside the place.
func thawAsked(stored map[string]json.RawMessage) (conversation.State, error) {
	if _, ok := stored[(&asked{}).Stored()]; ok {
		return conversation.Thaw[asked](stored)
	}
	var a asked
	text, err := json.Marshal(stored)
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	return &a, err
}
