package bill

import (
	"zomrobot/conversation"
)

// OrdersLoaded answers LoadOrders.
type OrdersLoaded struct {
	Orders  []OrderRow // the newest first
	Problem *conversation.Problem
}

// AuditLoaded answers LoadAudit.
type AuditLoaded struct {
	Before  int64        // as asked
	Entries []AuditEntry // the newest first
	Older   int64        // where the next page begins; 0: there is none
	Problem *conversation.Problem
}

func (OrdersLoaded) Event() {}

func (AuditLoaded) Event() {}
