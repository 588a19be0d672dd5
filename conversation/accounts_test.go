package conversation_test

import "testing"

// TestReservedDoesNotLast: what open purchases take is not there for the days
// that are left.
func TestReservedDoesNotLast(t *testing.T) {
	withTwo(t).command("/accounts").sees("Reserved by open purchases: 5.76 EUR", "Enough for 314 days")
}
