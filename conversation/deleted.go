package conversation

import (
	"time"

	"zomrobot/chat"
)

// Deleted says which of the servers of a purchase are gone, as far as that is known: those
// that were deleted through the bot, and those that the vendor does not list any more.
type Deleted struct {
	Count   int       `json:"count"`             // those that were deleted
	Of      int       `json:"of"`                // how many servers it has
	At      time.Time `json:"at"`                // when that was seen of the last of them
	Missing int       `json:"missing,omitempty"` // those that are not listed, for a reason that is not known
	Since   time.Time `json:"since,omitzero"`    // since when all of those are not
}

// Any reports whether any server is gone.
func (d Deleted) Any() bool { return d.Count+d.Missing > 0 }

// All reports whether the purchase had servers and has none any more.
func (d Deleted) All() bool { return d.Any() && d.Count+d.Missing >= d.Of }

// Stage is how a purchase stands in a few words, after what has become of its servers.
func (d Deleted) Stage(stage chat.Phrase) chat.Phrase {
	deleted := chat.Say("orders.deleted_all", "Count", d.Count, "At", d.At)
	missing := chat.Say("orders.missing_all", "Count", d.Missing, "At", d.Since)
	switch {
	case !d.All():
		if d.Count > 0 {
			stage = chat.Say("orders.deleted_part", "Stage", stage, "Number", d.Count, "All", d.Of, "At", d.At)
		}
		if d.Missing > 0 {
			stage = chat.Say("orders.missing_part", "Stage", stage, "Number", d.Missing, "All", d.Of, "At", d.Since)
		}
		return stage
	case d.Count > 0 && d.Missing > 0:
		return chat.Say("orders.gone_all", "Deleted", deleted, "Missing", missing)
	case d.Missing == 1:
		return chat.Say("orders.missing", "At", d.Since)
	case d.Missing > 0:
		return missing
	case d.Count == 1:
		return chat.Say("orders.deleted", "At", d.At)
	default:
		return deleted
	}
}
