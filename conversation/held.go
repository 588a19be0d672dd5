package conversation

// Held says why a purchase may not go on for now.
type Held struct {
	By     HeldBy `json:"by"`
	Reason string `json:"reason,omitempty"` // of an owner, in their words
}

// HeldBy is what holds purchases up.
type HeldBy string

// What holds purchases up.
const (
	HeldByOwner HeldBy = "owner" // an owner of the bot has stopped all purchases
	HeldByStore HeldBy = "store" // what is bought could not be written down
)

func (h Held) text() Phrase {
	switch {
	case h.By == HeldByStore:
		return Say("held.store")
	case h.Reason != "":
		return Say("held.owner_reason", "Reason", h.Reason)
	default:
		return Say("held.owner")
	}
}

// heldProblem says why nothing that costs money is done.
func heldProblem(p Problem) Phrase {
	switch {
	case p.Object == string(HeldByStore):
		return Say("problem.held_store")
	case p.Message != "":
		return Say("problem.held_owner_reason", "Reason", p.Message)
	default:
		return Say("problem.held_owner")
	}
}

// PurchasesStopped tells an owner that no purchase goes on, and why.
func PurchasesStopped(reason string) Screen {
	s := Screen{Lines: []Phrase{Say("owner.stopped")}}
	if reason != "" {
		s.Lines = append(s.Lines, Say("owner.reason", "Reason", reason))
	}
	return s
}

// PurchasesAllowed tells an owner that purchases go on.
func PurchasesAllowed() Screen {
	return Screen{Lines: []Phrase{Say("owner.allowed")}}
}

// StoreUnwell tells a person that what they did could not be written down.
func StoreUnwell() Screen {
	return Screen{Lines: []Phrase{Say("store.unwell")}}
}
