package conversation

import (
	"time"

	"zomrobot/chat"
)

// Deleted says which of the servers of a purchase are known to be deleted.
type Deleted struct {
	Count int       `json:"count"`
	Of    int       `json:"of"` // how many servers it has
	At    time.Time `json:"at"` // when that was seen of the last of them
}

// All reports whether the purchase had servers and has none any more.
func (d Deleted) All() bool { return d.Count > 0 && d.Count >= d.Of }

// Stage is how a purchase stands in a few words, after what has become of its servers.
func (d Deleted) Stage(stage chat.Phrase) chat.Phrase {
	switch {
	case d.All() && d.Count == 1:
		return chat.Say("orders.deleted", "At", d.At)
	case d.All():
		return chat.Say("orders.deleted_all", "Count", d.Count, "At", d.At)
	case d.Count > 0:
		return chat.Say("orders.deleted_part", "Stage", stage, "Number", d.Count, "All", d.Of, "At", d.At)
	default:
		return stage
	}
}
