// Package team is a group that orders together: who may do what in it, which
// approvals an order needs, and how much may be spent.
//
// It is pure, and its types are values: whatever changes one returns a new value
// and leaves the old one, with all that it points to, as it was.
//
// # Caveats
//
// A role is only as good as the [Status] that it is computed from. Where money is
// at stake the caller asks Telegram for the status again.
//
// Nothing here holds for two orders at once: the caller judges an order and
// reserves its amount in one transaction.
package team
