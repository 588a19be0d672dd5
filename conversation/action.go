package conversation

import (
	"zomrobot/chat"
	"zomrobot/zomro"
)

// Action is what a person sees of something that is being done with a server:
// a card that is edited while it goes on, and a new message at the end.
type Action struct {
	Act     Act
	Stage   ActionStage
	Unsure  bool           // the answer was lost, or does not tell whether it was carried out
	Service *zomro.Service // as last seen; nil: not seen
	Problem *Problem       // why it was not done; with Unsure: what the vendor said
	Was     *zomro.Money   // DeedResize: spendable before the call; nil: not known
	Now     *zomro.Money   // and as last read since
}

// ActionStage is how far an action is.
type ActionStage string

// The stages of an action; from ActionDone on nothing more happens.
const (
	ActionSending   ActionStage = "sending"
	ActionFollowing ActionStage = "following" // the vendor has it; the server is looked at
	ActionDone      ActionStage = "done"
	ActionRefused   ActionStage = "refused" // the vendor, or its error, said no: nothing was done; of a resize the account shows it
	ActionFailed    ActionStage = "failed"  // the vendor reports an error state
	ActionLate      ActionStage = "late"    // it was taken, but not seen done in the time for it
	ActionUnclear   ActionStage = "unclear" // neither the answer nor the server's state tells
	ActionDropped   ActionStage = "dropped" // it was never sent: too much time had passed
)

// Ended reports whether nothing more happens in the stage.
func (s ActionStage) Ended() bool { return s != ActionSending && s != ActionFollowing }

// RenderAction makes the card of an action, and the message at its end.
func RenderAction(a Action) chat.Screen {
	s := chat.Screen{Lines: []chat.Phrase{chat.Say("action.title", "Name", a.Act.Name, "Deed", a.Act.words()), a.stageText()}}
	if a.Stage == ActionFollowing && a.Unsure {
		s.Lines[1] = chat.Say("action.unsure")
		if a.Problem != nil && a.Problem.said() {
			s.Lines[1] = chat.Say("action.unsure_said")
		}
	}
	if a.Problem != nil && a.Stage != ActionDone && (!a.Unsure || a.Problem.said()) {
		s.Lines = append(s.Lines, problemText(*a.Problem))
	}
	if a.Service != nil && (a.Stage != ActionDone || a.Act.Deed != DeedDelete) {
		s.Lines = append(s.Lines, chat.Say("server.state", "Mark", serverMark(*a.Service), "State", serverState(*a.Service)))
	}
	if !a.Stage.Ended() {
		return s
	}
	s.Lines = append(s.Lines, a.charged()...)
	if a.Stage == ActionDone {
		switch a.Act.Deed {
		case DeedStop:
			s.Lines = append(s.Lines, chat.Say("server.stopped_costs"))
		case DeedResize:
			s.Lines = append(s.Lines, chat.Say("server.resized_means"))
		case DeedDelete:
			return s
		default:
		}
	}
	s.Rows = [][]chat.Button{{serverButton(a.Act)}}
	return s
}

// charged says what a move to a larger plan took from the balance, as far as the
// balance tells.
func (a Action) charged() []chat.Phrase {
	if a.Act.Deed != DeedResize || a.Stage == ActionDropped || a.Stage == ActionRefused && !a.Unsure {
		return nil
	}
	var lines []chat.Phrase
	if a.Was == nil || a.Now == nil || a.Was.Currency != a.Now.Currency {
		lines = append(lines, chat.Say("action.balance_unknown"))
	} else if less := missing(*a.Was, *a.Now); less.Amount.IsPositive() {
		lines = append(lines, chat.Say("action.balance_less", "Was", *a.Was, "Now", *a.Now, "Less", less))
		if shown := a.Act.Cost; shown != nil && shown.Currency == less.Currency && less.Amount.GreaterThan(shown.Amount) {
			lines = append(lines, chat.Say("action.balance_more_than", "Shown", *shown, "Less", less))
		}
	} else if a.Stage == ActionRefused {
		lines = append(lines, chat.Say("action.nothing_charged", "Now", *a.Now))
	} else {
		lines = append(lines, chat.Say("action.balance", "Was", *a.Was, "Now", *a.Now))
	}
	if a.Stage == ActionUnclear {
		lines = append(lines, chat.Say("action.resize_unclear"))
	}
	return lines
}

// serverButton leads to the card of the server that something was done with.
func serverButton(a Act) chat.Button {
	return chat.Button{Label: chat.Say("button.server_card", "Name", shortName(a.Name)), Data: kindServer + ":" + a.Server}
}

// stageText says how far an action is.
func (a Action) stageText() chat.Phrase { return chat.Say("action.stage." + string(a.Stage)) }

// words names what is done.
func (a Act) words() chat.Phrase {
	switch a.Deed {
	case DeedRename:
		return chat.Say("deed.rename", "NewName", a.NewName)
	case DeedRebuild, DeedResize:
		return chat.Say("deed."+string(a.Deed), "Label", a.Label)
	default:
		return chat.Say("deed." + string(a.Deed))
	}
}

// actRefused says that a server has something done with it already.
func (t *turn) actRefused(e ActRefused) {
	t.notify(chat.Screen{
		Lines: []chat.Phrase{chat.Say("action.busy", "Name", e.Act.Name)},
		Rows:  [][]chat.Button{{serverButton(e.Act)}},
	})
}

// Reached reports whether a server, as the list has it now, shows that a deed
// is done; nil is a server that is not listed. Of a resize, which spends money,
// the state alone does not tell: it is judged elsewhere. busy says that it was seen at
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
