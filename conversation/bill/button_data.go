package bill

import (
	"strconv"

	"zomrobot/conversation"
	"zomrobot/purchase"
)

// purchaseData is the data of a button of a purchase.
func purchaseData(p Purchase, choice string) string {
	return conversation.KindPurchase + ":" + p.ID + ":" + strconv.Itoa(p.Revision) + ":" + choice + conversation.OwnerSuffix(p.Owner)
}

// approvalData is the data of a button that approves or rejects the terms of a
// purchase, and no others.
func approvalData(p Purchase, choice purchase.Choice) string {
	return conversation.KindPurchase + ":" + p.ID + ":" + strconv.Itoa(p.Approval.Terms) + ":" + string(choice)
}
