package conversation

import (
	"zomrobot/chat"
	"zomrobot/job"
)

// JobStage says how far a job is.
func JobStage(s job.Stage) chat.Phrase { return chat.Say("action.stage." + string(s)) }

// OpText names what is done.
func OpText(o job.Order) chat.Phrase {
	switch o.Op {
	case job.Rename:
		return chat.Say("deed.rename", "NewName", o.NewName)
	case job.Rebuild, job.Resize:
		return chat.Say("deed."+string(o.Op), "Label", o.Label)
	default:
		return chat.Say("deed." + string(o.Op))
	}
}
