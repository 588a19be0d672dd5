package bill

// ShowPurchases sends the state of the person's open purchases again, each as its
// own card (/status).
type ShowPurchases struct{}

// LoadOrders asks the journal for the person's purchases. Answered by
// OrdersLoaded.
type LoadOrders struct{}

// ShowPurchase sends the card of one of the person's purchases again.
type ShowPurchase struct {
	Purchase string `json:"purchase"`
}

// RecallOrder asks the journal for what a purchase ordered. Answered by
// OrderRecalled.
type RecallOrder struct {
	Purchase string `json:"purchase"`
	Draft    string `json:"draft"`              // names the draft that will come of it
	Template bool   `json:"template,omitempty"` // a template will come of it instead
}

// LoadAudit asks for a page of the book of audit that the person may see here.
// Answered by AuditLoaded.
type LoadAudit struct {
	Before int64 `json:"before,omitempty"` // begins with the line before this one; 0: with the newest
}

// SendAudit sends that book as a document, to the person's private chat.
type SendAudit struct {
	Format AuditFormat `json:"format"`
}

func (ShowPurchases) Effect() {}

func (LoadOrders) Effect() {}

func (ShowPurchase) Effect() {}

func (RecallOrder) Effect() {}

func (LoadAudit) Effect() {}

func (SendAudit) Effect() {}
