package job

import "zomrobot/chat"

// MostAtOnce is with how many servers the same can be done at once.
const MostAtOnce = 50

// Batch is the same done with several servers, with each of them by a job of its own.
type Batch struct {
	ID      string   `json:"id"`
	Owner   chat.Key `json:"owner"`
	Account string   `json:"account"` // the vendor's account that the servers are of
	Op      Op       `json:"deed"`
	For     *For     `json:"for,omitempty"`  // nil: for its owner, on an account of theirs
	Jobs    []string `json:"actions"`        // their ids, in the order of the servers
	Busy    []Order  `json:"busy,omitempty"` // not begun: something else was being done with the server
}

// Ended reports whether nothing more happens in any of the jobs of a batch.
func Ended(jobs []Record) bool {
	for _, r := range jobs {
		if !r.Stage.Ended() {
			return false
		}
	}
	return true
}

// Undone are the servers with which a batch has not certainly done what it was to do, by
// their ids.
func (b Batch) Undone(jobs []Record) []string {
	var servers []string
	for _, r := range jobs {
		if r.Stage.Ended() && r.Stage != Done {
			servers = append(servers, r.Order.Server)
		}
	}
	for _, o := range b.Busy {
		servers = append(servers, o.Server)
	}
	return servers
}
