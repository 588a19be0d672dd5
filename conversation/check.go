package conversation

import (
	"time"

	"zomrobot/job"
	"zomrobot/team"
)

// Check asks Telegram what the person is in a group now, and then does what depends
// on it: with money at stake nothing is taken from memory. Answered by Checked.
// Exactly one of Open, Decide, Change, Act and Acts is set.
type Check struct {
	Chat   int64       `json:"chat,omitempty"` // the group; 0: that of the dialogue
	Open   *Open       `json:"open,omitempty"`
	Decide *Decide     `json:"decide,omitempty"`
	Change *ChangeTeam `json:"change,omitempty"`
	Act    *job.Order  `json:"act,omitempty"`  // with a server of the group's team
	Acts   []job.Order `json:"acts,omitempty"` // with several of them
	Made   time.Time   `json:"made,omitzero"`  // when the person asked for it
}

// Servers are the ids of those with which something is to be done.
func (c Check) Servers() []string {
	var servers []string
	if c.Act != nil {
		servers = append(servers, c.Act.Server)
	}
	for _, o := range c.Acts {
		servers = append(servers, o.Server)
	}
	return servers
}

// Checked answers Check.
type Checked struct {
	Check  Check
	Status team.Status // what the person is in the group
	Absent bool        // with Decide: whoever ordered is somebody else, and not in the group
	Holder int64       // with Act and Acts: whose account the team has bought the servers from, who is in the group; 0: it has not, or they are not
	Failed bool        // Telegram could not be asked: nothing may be done
}

func (Checked) Event() {}
