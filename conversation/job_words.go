package conversation

import (
	"cmp"

	"zomrobot/chat"
	"zomrobot/job"
	"zomrobot/zomro"
)

// JobStage says how far a job of an op is.
func JobStage(op job.Op, s job.Stage) chat.Phrase {
	unseen := s == job.Following || s == job.Late || s == job.Unclear
	switch {
	case aboutCopies(op) && unseen:
		return chat.Say("action.copy." + string(s))
	case op.Sets() && unseen:
		return chat.Say("action.setting." + string(s))
	}
	return chat.Say("action.stage." + string(s))
}

// JobUnsure says that the answer to the call of a job tells nothing. said: the vendor said
// something.
func JobUnsure(op job.Op, said bool) chat.Phrase {
	switch {
	case aboutCopies(op) && said:
		return chat.Say("action.copy.unsure_said")
	case aboutCopies(op):
		return chat.Say("action.copy.unsure")
	case op.Sets() && said:
		return chat.Say("action.setting.unsure_said")
	case op.Sets():
		return chat.Say("action.setting.unsure")
	case said:
		return chat.Say("action.unsure_said")
	default:
		return chat.Say("action.unsure")
	}
}

// aboutCopies reports whether more than the server's state is looked at, or for longer.
func aboutCopies(op job.Op) bool {
	return op.Copies() || op.OfImage() || op.OfSchedule() || op == job.Restore
}

// OpText names what is done.
func OpText(o job.Order) chat.Phrase {
	switch {
	case o.Op.OfImage() && o.Server == "":
		return imageText(o)
	case o.Op == job.RenameImage:
		return chat.Say("deed.rename_image", "Label", o.Label, "NewName", o.NewName)
	case o.Op == job.Rename, o.Op == job.ReverseDNS, o.Op.Copies():
		return chat.Say("deed."+string(o.Op), "NewName", o.NewName)
	case o.Op == job.Rebuild, o.Op == job.Resize, o.Op == job.Rescue, o.Op == job.BootISO, aboutCopies(o.Op):
		return chat.Say("deed."+string(o.Op), "Label", o.Label)
	case o.Op == job.Renewal:
		return chat.Say("deed.renewal", "Renewal", RenewalText(zomro.RenewalChoice{Key: o.NewName, Label: o.Label}))
	default:
		return chat.Say("deed." + string(o.Op))
	}
}

// imageText names what is done with an image of no server: what it is done with has its name.
func imageText(o job.Order) chat.Phrase {
	switch o.Op {
	case job.RenameImage:
		return chat.Say("deed.rename", "NewName", o.NewName)
	case job.DeleteImage:
		return chat.Say("deed.delete")
	default: // job.Protect, job.Unprotect
		return chat.Say("deed." + string(o.Op) + "_image")
	}
}

// RenewalText names what an automatic renewal may be.
func RenewalText(c zomro.RenewalChoice) chat.Phrase {
	switch period := zomro.Period(c.Key); {
	case zomro.RenewalOff(c.Key):
		return chat.Say("renewal.off")
	case period == zomro.Day || period.Months() > 0:
		return chat.Say("renewal.each", "Period", PeriodName(period))
	default:
		return Plain(cmp.Or(c.Label, c.Key))
	}
}
