package team

import (
	"strconv"
	"time"

	"zomrobot/zomro"
)

// Rule says which approvals an order needs.
type Rule struct {
	Needed int          `json:"needed,omitempty"` // approvals; 0: none
	Above  *zomro.Money `json:"above,omitempty"`  // only for an order that costs more; nil: for every order
	By     Role         `json:"by,omitempty"`     // the least role that may approve: RoleOwner; anything else is RoleApprover
	Own    bool         `json:"own,omitempty"`    // whoever asked for an order may also approve it
	// Expires is how long an order waits for its approvals; zero: 24 hours.
	Expires time.Duration `json:"expires,omitempty"`
}

// Lives returns how long an order waits for its approvals.
func (r Rule) Lives() time.Duration {
	if r.Expires <= 0 {
		return 24 * time.Hour
	}
	return r.Expires
}

// MayApprove reports whether the person, with their current status at Telegram, may
// approve the order of the requester.
func (t Team) MayApprove(by int64, s Status, requester int64) bool {
	role := t.Role(by, s)
	switch {
	case !role.May(RightApprove), t.Rule.By == RoleOwner && role != RoleOwner:
		return false
	default:
		return by != requester || t.Rule.Own
	}
}

// Ruling is what a team's rule and limits say about an order.
type Ruling struct {
	Refused bool    // above a limit, and the team refuses such orders
	Needed  int     // approvals that it needs
	Over    []Limit // the limits that it is above
}

// Judge says whether the person may make the purchase at that price, and with how
// many approvals. A total that is not known (nil), or is in a different currency
// from what it is compared with, counts as above it; so does a sum that includes
// another currency. What the ledger already has for the purchase is left out.
func (t Team) Judge(l Ledger, purchase string, who int64, total *zomro.Money, now time.Time) Ruling {
	var v Ruling
	for _, limit := range AllLimits() {
		most := t.Limits.Of(limit)
		if most == nil {
			continue
		}
		if used, one := l.used(limit, who, most.Currency, purchase, now); !one || above(total, used, *most) {
			v.Over = append(v.Over, limit)
		}
	}
	if t.Rule.Above == nil || above(total, zomro.Money{Currency: t.Rule.Above.Currency}, *t.Rule.Above) {
		v.Needed = max(t.Rule.Needed, 0)
	}
	switch {
	case len(v.Over) == 0:
	case t.Limits.Refuse:
		v.Refused = true
	default:
		v.Needed = max(v.Needed, 1)
	}
	return v
}

// above reports whether the total, on top of what is used already, exceeds most, or
// cannot be compared with it.
func above(total *zomro.Money, used, most zomro.Money) bool {
	return total == nil || total.Currency != most.Currency || total.Amount.IsNegative() ||
		used.Amount.Add(total.Amount).GreaterThan(most.Amount)
}

// String returns the rule as books show it: "2 approvals by approver above 20 EUR,
// 24h0m0s".
func (r Rule) String() string {
	if r.Needed == 0 {
		return "0 approvals"
	}
	text := strconv.Itoa(r.Needed) + " approvals by "
	if r.By == RoleOwner {
		text += string(RoleOwner)
	} else {
		text += string(RoleApprover)
	}
	if r.Above != nil {
		text += " above " + r.Above.Amount.String() + " " + r.Above.Currency
	}
	if r.Own {
		text += ", also of own orders"
	}
	return text + ", " + r.Lives().String()
}
