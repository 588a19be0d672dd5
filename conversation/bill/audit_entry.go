package bill

import (
	"cmp"
	"fmt"
	"time"

	"zomrobot/audit"
	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/purchase"
	"zomrobot/zomro"
)

// AuditEntry is a line of a book of audit as it is told to a person: who did
// what, and what came of it. One of Opened, Decided, Answered, Acted,
// Changed and Tried is set, or none with Did.
type AuditEntry struct {
	At       time.Time    `json:"at"`
	Who      int64        `json:"who,omitempty"`      // 0: the bot, or with [audit.Terminal] somebody there
	Name     string       `json:"name,omitempty"`     // of the person, or [audit.Terminal]
	Purchase string       `json:"purchase,omitempty"` // id
	Stage    Stage        `json:"stage,omitempty"`    // of the purchase afterwards, where it is worth telling
	Agreed   *zomro.Money `json:"agreed,omitempty"`   // with Opened
	Charged  *zomro.Money `json:"charged,omitempty"`  // with StagePaid; nil: not known

	Did      AuditDid        `json:"did,omitempty"`
	Reason   string          `json:"reason,omitempty"` // with DidReject: in the person's words; "": none was given
	Opened   *audit.Opened   `json:"order,omitempty"`
	Decided  *audit.Decided  `json:"decision,omitempty"`
	Answered *audit.Answered `json:"answer,omitempty"`
	Acted    *audit.Acted    `json:"act,omitempty"`
	Changed  *audit.Changed  `json:"change,omitempty"`
	Tried    *audit.Tried    `json:"tried,omitempty"`

	Action  job.Stage             `json:"action,omitempty"`  // with Acted: how far it is
	Ended   string                `json:"ended,omitempty"`   // with Tried: how the experiment has ended
	Problem *conversation.Problem `json:"problem,omitempty"` // with Answered and Acted: nil, the vendor named none
}

// AuditDid is something that was done to a purchase and needs no more words.
type AuditDid string

// What was done; the zero value is nothing but the stage.
const (
	DidCancel  AuditDid = "cancel"
	DidApprove AuditDid = "approve"
	DidReject  AuditDid = "reject"
)

// EntryOf tells a line to a person; false: it says nothing that a person would
// miss, a reading call or a step on the way. public: for those who do not hold the
// account that pays.
func EntryOf(l audit.Line, public bool) (AuditEntry, bool) {
	entry := AuditEntry{At: l.At, Who: l.Who, Name: l.Name, Purchase: l.Purchase, Agreed: l.Agreed, Charged: l.Charged}
	if state := purchase.State(l.State); l.Purchase != "" && l.Was != "" && worthTelling(state) {
		entry.Stage = StageOf(state)
	}
	deed, err := l.Read()
	if err != nil {
		return entry, entry.Stage != "" // of a later version
	}
	told := entry.tell(deed, l.State)
	if public {
		entry.Problem = entry.Problem.Withhold()
	}
	return entry, told
}

// worthTelling reports whether a person has to know that a purchase came to a state.
func worthTelling(s purchase.State) bool {
	switch s {
	case purchase.StateUnknown, purchase.StateAwaiting, purchase.StateOrdered, purchase.StatePaid:
		return true
	default:
		return s.Ended()
	}
}

// tell adds what was done; false: there is nothing to tell. state is that of the line.
func (e *AuditEntry) tell(deed audit.Event, state string) bool {
	switch deed := deed.(type) {
	case audit.Opened:
		e.Opened = &audit.Opened{Order: zomro.Order{ServerName: deed.Order.ServerName, Count: deed.Order.Count}, Plan: deed.Plan, Promo: deed.Promo, Prolong: deed.Prolong}
		if state == string(purchase.StateAwaiting) {
			e.Stage = StageAwaiting
		}
	case audit.Decided:
		e.Decided = &deed
	case audit.Cancelled:
		e.Did = DidCancel
	case audit.Approved:
		e.Did = DidApprove
	case audit.Rejected:
		e.Did, e.Reason = DidReject, deed.Reason
	case audit.Changed:
		e.Changed = &deed
	case audit.Answered:
		writes := purchase.Call(deed.Call).Writes()
		if writes || deed.Failure != nil && e.Stage != "" {
			e.Answered = &audit.Answered{Call: deed.Call, LineItem: deed.LineItem}
			e.Problem = problemOf(deed.Failure)
		}
		return e.Answered != nil || e.Stage != ""
	case audit.Tried:
		ended := deed.Step == audit.StepEnded
		if ended {
			e.Ended = state
		}
		e.Tried = &audit.Tried{Step: deed.Step, Experiment: deed.Experiment, Call: deed.Call, Most: deed.Most, Beside: deed.Beside}
		return ended || deed.Step == audit.StepAgreed || deed.Step == audit.StepAnswered && deed.Call == string(purchase.CallConfirm)
	case audit.Acted:
		e.Action, e.Problem = job.Stage(state), problemOf(deed.Failure)
		deed.Account, deed.Failure = "", nil
		e.Acted = &deed
		return e.Action.Ended() || deed.Step == audit.StepOpened
	default:
		return e.Stage != ""
	}
	return true
}

func problemOf(f *audit.Failure) *conversation.Problem {
	if f == nil {
		return nil
	}
	return &conversation.Problem{Kind: f.Kind, Code: f.Code, Object: f.Object, Message: f.Message}
}

// lines tell an entry: when, who, about which purchase, and then what.
func (e AuditEntry) lines() []chat.Phrase {
	who := chat.Say("audit.bot")
	switch {
	case e.Who == 0 && e.Name == audit.Terminal:
		who = chat.Say("audit.terminal")
	case e.Who != 0:
		who = chat.Say("audit.person", "Name", cmp.Or(e.Name, fmt.Sprint(e.Who)))
	}
	head := chat.Say("audit.head", "At", e.At, "Who", who)
	if e.Purchase != "" {
		head = chat.Say("audit.head_purchase", "At", e.At, "Who", who, "ID", e.Purchase)
	}
	lines := append([]chat.Phrase{head}, e.deed()...)
	switch {
	case e.Stage == StagePaid && e.Charged != nil:
		lines = append(lines, chat.Say("audit.paid", "Total", *e.Charged))
	case e.Stage != "":
		lines = append(lines, chat.Say("audit.stage."+string(e.Stage)))
	}
	return lines
}

// deed says what was done.
func (e AuditEntry) deed() []chat.Phrase {
	switch {
	case e.Reason != "":
		return []chat.Phrase{chat.Say("audit.did." + string(e.Did)), chat.Say("approval.reason", "Reason", e.Reason)}
	case e.Did != "":
		return []chat.Phrase{chat.Say("audit.did." + string(e.Did))}
	case e.Opened != nil:
		return e.opened()
	case e.Decided != nil:
		return e.decided()
	case e.Answered != nil:
		return e.answered()
	case e.Acted != nil:
		return e.acted()
	case e.Tried != nil:
		return append([]chat.Phrase{e.tried()}, e.beside()...)
	case e.Changed != nil && (e.Changed.Setting == audit.SettingRule || e.Changed.Setting == audit.SettingLimits):
		// The words of the record are not in the person's language.
		return []chat.Phrase{chat.Say("audit.changed_long", "Setting", chat.Say("setting."+e.Changed.Setting))}
	case e.Changed != nil:
		named := func(value string) any {
			if value == "" {
				return chat.Say("audit.changed_none")
			}
			return value
		}
		return []chat.Phrase{chat.Say("audit.changed", "Setting", chat.Say("setting."+e.Changed.Setting), "Was", named(e.Changed.Was), "Is", named(e.Changed.Is))}
	default:
		return nil
	}
}

// tried says how far an experiment is.
func (e AuditEntry) tried() chat.Phrase {
	name := chat.Say("trial.name." + e.Tried.Experiment)
	switch {
	case e.Ended != "":
		return chat.Say("audit.tried."+e.Ended, "Name", name)
	case e.Tried.Step == audit.StepAnswered:
		return chat.Say("audit.tried_confirm", "Name", name)
	case e.Tried.Most != nil:
		return chat.Say("audit.tried_most", "Name", name, "Most", *e.Tried.Most)
	default:
		return chat.Say("audit.tried_agreed", "Name", name)
	}
}

// beside names what an experiment has paid for beside its purchase.
func (e AuditEntry) beside() []chat.Phrase {
	var lines []chat.Phrase
	for _, s := range e.Tried.Beside {
		key := "audit.tried_beside"
		if s.Deleted {
			key = "audit.tried_beside_deleted"
		}
		lines = append(lines, chat.Say(key, "Name", s.Name, "ID", s.Server, "Cost", s.Cost))
	}
	return lines
}

func (e AuditEntry) opened() []chat.Phrase {
	o := e.Opened
	if on := o.Prolong; on != nil {
		return []chat.Phrase{conversation.PaysOnText(purchase.Prolongation{Name: on.Name, Period: on.Period})}
	}
	what := cmp.Or(o.Plan, "?")
	if name := o.Order.ServerName; name != "" {
		what = name + ", " + what
	}
	line := chat.Say("audit.opened", "What", what, "Count", o.Order.Count)
	if e.Agreed != nil {
		line = chat.Say("audit.opened_for", "What", what, "Count", o.Order.Count, "Total", *e.Agreed)
	}
	if o.Promo == "" {
		return []chat.Phrase{line}
	}
	return []chat.Phrase{line, chat.Say("audit.opened_promo", "Code", chat.Arg{Code: o.Promo})}
}

func (e AuditEntry) decided() []chat.Phrase {
	d := e.Decided
	// As it stood on the button.
	label := Purchase{Question: &Question{Kind: purchase.QuestionKind(d.Question), Now: d.Price}}.choiceLabel(purchase.Choice(d.Choice))
	if d.Code != "" {
		return []chat.Phrase{chat.Say("audit.decided_code", "Choice", label, "Code", chat.Arg{Code: d.Code})}
	}
	return []chat.Phrase{chat.Say("audit.decided", "Choice", label)}
}

func (e AuditEntry) answered() []chat.Phrase {
	call := purchase.Call(e.Answered.Call)
	if e.Problem != nil && call == purchase.CallPromo {
		return []chat.Phrase{chat.Say("audit.promo_refused"), promoProblem(*e.Problem)}
	}
	if e.Problem != nil {
		return []chat.Phrase{chat.Say("audit.failed", "Call", chat.Arg{Code: call.Function()}), conversation.ProblemText(*e.Problem)}
	}
	switch call {
	case purchase.CallAdd:
		return []chat.Phrase{chat.Say("audit.added", "Item", chat.Arg{Code: e.Answered.LineItem})}
	case purchase.CallConfirm:
		return []chat.Phrase{chat.Say("audit.confirmed")}
	case purchase.CallPromo:
		return []chat.Phrase{chat.Say("audit.promo_taken")}
	case purchase.CallRemove:
		return []chat.Phrase{chat.Say("audit.removed")}
	case purchase.CallEmpty:
		return []chat.Phrase{chat.Say("audit.emptied")}
	default:
		return nil
	}
}

func (e AuditEntry) acted() []chat.Phrase {
	order := job.Order{Server: e.Acted.Server, Op: job.Op(e.Acted.Deed), NewName: e.Acted.NewName, Label: e.Acted.Label}
	what := chat.Say("audit.acted", "Name", e.Acted.Name, "Deed", conversation.OpText(order))
	if !e.Action.Ended() {
		return []chat.Phrase{what}
	}
	lines := []chat.Phrase{what, conversation.JobStage(order.Op, e.Action)}
	if e.Problem != nil {
		lines = append(lines, conversation.ProblemText(*e.Problem))
	}
	return lines
}
