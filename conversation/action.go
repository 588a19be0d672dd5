package conversation

import "zomrobot/zomro"

// Action is what a person sees of something that is being done with a server:
// a card that is edited while it goes on, and a new message at the end.
type Action struct {
	Act     Act
	Stage   ActionStage
	Unsure  bool           // the answer was lost: whether it was carried out is not known
	Service *zomro.Service // as last seen; nil: not seen
	Problem *Problem       // why it was not done
}

// ActionStage is how far an action is.
type ActionStage string

// The stages of an action; from ActionDone on nothing more happens.
const (
	ActionSending   ActionStage = "sending"
	ActionFollowing ActionStage = "following" // the vendor has it; the server is looked at
	ActionDone      ActionStage = "done"
	ActionRefused   ActionStage = "refused" // the vendor, or its error, said no: nothing was done
	ActionFailed    ActionStage = "failed"  // the vendor reports an error state
	ActionLate      ActionStage = "late"    // it was taken, but not seen done in the time for it
	ActionUnclear   ActionStage = "unclear" // the answer was lost, and the server's state does not tell
	ActionDropped   ActionStage = "dropped" // it was never sent: too much time had passed
)

// Ended reports whether nothing more happens in the stage.
func (s ActionStage) Ended() bool { return s != ActionSending && s != ActionFollowing }

// RenderAction makes the card of an action, and the message at its end.
func RenderAction(a Action) Screen {
	s := Screen{Lines: []Phrase{Say("action.title", "Name", a.Act.Name, "Deed", a.Act.words()), a.stageText()}}
	if a.Stage == ActionFollowing && a.Unsure {
		s.Lines[1] = Say("action.unsure")
	}
	if a.Problem != nil {
		s.Lines = append(s.Lines, problemText(*a.Problem))
	}
	if a.Service != nil && (a.Stage != ActionDone || a.Act.Deed != DeedDelete) {
		s.Lines = append(s.Lines, Say("server.state", "Mark", serverMark(*a.Service), "State", serverState(*a.Service)))
	}
	if !a.Stage.Ended() {
		return s
	}
	if a.Stage == ActionDone {
		switch a.Act.Deed {
		case DeedStop:
			s.Lines = append(s.Lines, Say("server.stopped_costs"))
		case DeedResize:
			s.Lines = append(s.Lines, Say("server.resized_means"))
		case DeedDelete:
			return s
		default:
		}
	}
	s.Rows = [][]Button{{serverButton(a.Act)}}
	return s
}

// serverButton leads to the card of the server that something was done with.
func serverButton(a Act) Button {
	return Button{Label: Say("button.server_card", "Name", short(a.Name)), Data: kindServer + ":" + a.Server}
}

// stageText says how far an action is.
func (a Action) stageText() Phrase { return Say("action.stage." + string(a.Stage)) }

// words names what is done.
func (a Act) words() Phrase {
	switch a.Deed {
	case DeedRename:
		return Say("deed.rename", "NewName", a.NewName)
	case DeedRebuild, DeedResize:
		return Say("deed."+string(a.Deed), "Label", a.Label)
	default:
		return Say("deed." + string(a.Deed))
	}
}

// actRefused says that a server has something done with it already.
func (t *turn) actRefused(e ActRefused) {
	t.notify(Screen{
		Lines: []Phrase{Say("action.busy", "Name", e.Act.Name)},
		Rows:  [][]Button{{serverButton(e.Act)}},
	})
}

// Reached reports whether a server, as the list has it now, shows that a deed
// is done; nil is a server that is not listed. busy says that it was seen at
// work since the call, settled that the work must have begun by now.
func (a Act) Reached(now *zomro.Service, busy, settled bool) bool {
	if now == nil {
		return a.Deed == DeedDelete
	}
	switch a.Deed {
	case DeedDelete:
		return now.Status == zomro.StatusDeleted
	case DeedRename:
		return now.ServerName == a.NewName
	case DeedStart:
		return now.PowerState == zomro.PowerActive
	case DeedStop:
		return now.PowerState == zomro.PowerStopped
	case DeedResize:
		return now.PowerState == zomro.PowerResized
	case DeedPassword:
		return !now.InWork()
	case DeedKeep, DeedRollback:
		return !now.InWork() && now.PowerState != zomro.PowerResized && now.PowerState != zomro.PowerError
	default: // the state is the same before and after
		return !now.InWork() && now.PowerState != zomro.PowerError && (busy || settled)
	}
}

// Telling reports whether the state of the server tells that the deed was done,
// even when the vendor's answer was lost.
func (a Act) Telling(busy bool) bool {
	switch a.Deed {
	case DeedPassword:
		return false
	case DeedReboot, DeedRebuild:
		return busy
	default:
		return true
	}
}
