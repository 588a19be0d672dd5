package conversation

import (
	"fmt"
	"time"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// AuditEntry is a line of a book of audit as it is told to a person: who did
// what, and what came of it. Exactly one of Opened, Decided, Answered, Acted and
// Changed is set, or none with Did.
type AuditEntry struct {
	At       time.Time    `json:"at"`
	Who      int64        `json:"who,omitempty"`      // 0: the bot
	Name     string       `json:"name,omitempty"`     // of the person
	Purchase string       `json:"purchase,omitempty"` // id
	Stage    Stage        `json:"stage,omitempty"`    // of the purchase afterwards, where it is worth telling
	Agreed   *zomro.Money `json:"agreed,omitempty"`   // with Opened
	Charged  *zomro.Money `json:"charged,omitempty"`  // with StagePaid; nil: not known

	Did      AuditDid       `json:"did,omitempty"`
	Opened   *AuditOpened   `json:"opened,omitempty"`
	Decided  *AuditDecided  `json:"decided,omitempty"`
	Answered *AuditAnswered `json:"answered,omitempty"`
	Acted    *AuditActed    `json:"acted,omitempty"`
	Changed  *AuditChanged  `json:"changed,omitempty"`
}

// AuditDid is something that was done to a purchase and needs no more words.
type AuditDid string

// What was done; the zero value is nothing but the stage.
const (
	DidCancel  AuditDid = "cancel"
	DidApprove AuditDid = "approve"
	DidReject  AuditDid = "reject"
)

// AuditOpened is an order that was agreed to.
type AuditOpened struct {
	Name  string `json:"name,omitempty"` // of the server
	Plan  string `json:"plan,omitempty"`
	Count int    `json:"count"`
	Promo string `json:"promo,omitempty"`
}

// AuditDecided is an answer to a question of a purchase.
type AuditDecided struct {
	Question QuestionKind `json:"question"`
	Choice   Choice       `json:"choice"`
	Code     string       `json:"code,omitempty"`  // the new promo code
	Price    *zomro.Money `json:"price,omitempty"` // that was accepted
}

// AuditAnswered is a call to the vendor that came back.
type AuditAnswered struct {
	Call     AuditCall `json:"call"`
	Function string    `json:"function"` // the vendor's name of it
	LineItem string    `json:"lineItem,omitempty"`
	Problem  *Problem  `json:"problem,omitempty"` // nil: the vendor named none
}

// AuditCall is a call that is told in words of its own.
type AuditCall string

// The calls that change something at the vendor; the zero value is another one.
const (
	AuditAdd     AuditCall = "add"
	AuditPromo   AuditCall = "promo"
	AuditConfirm AuditCall = "confirm"
	AuditRemove  AuditCall = "remove"
	AuditEmpty   AuditCall = "empty"
)

// AuditActed is something that is done with a server.
type AuditActed struct {
	Act     Act         `json:"act"`
	Stage   ActionStage `json:"stage"`
	Asked   bool        `json:"asked,omitempty"` // it was only asked for so far
	Problem *Problem    `json:"problem,omitempty"`
}

// AuditChanged is a setting that was changed, in the words of the record.
type AuditChanged struct {
	Setting string `json:"setting"`
	Was     string `json:"was,omitempty"`
	Is      string `json:"is,omitempty"`
}

// lines tell an entry: when, who and of which purchase, then what.
func (e AuditEntry) lines() []chat.Phrase {
	who := chat.Say("audit.bot")
	if e.Who != 0 {
		who = chat.Say("audit.person", "Name", firstOf(e.Name, fmt.Sprint(e.Who)))
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
	case e.Did != "":
		return []chat.Phrase{chat.Say("audit.did." + string(e.Did))}
	case e.Opened != nil:
		return e.opened()
	case e.Decided != nil:
		return e.Decided.lines()
	case e.Answered != nil:
		return e.answered()
	case e.Acted != nil:
		return e.Acted.lines()
	case e.Changed != nil && (e.Changed.Setting == "rule" || e.Changed.Setting == "limits"):
		// The words of the record are not those of a person's language.
		return []chat.Phrase{chat.Say("audit.changed_long", "Setting", chat.Say("setting."+e.Changed.Setting))}
	case e.Changed != nil:
		return []chat.Phrase{chat.Say("audit.changed", "Setting", chat.Say("setting."+e.Changed.Setting), "Was", firstOf(e.Changed.Was, "–"), "Is", firstOf(e.Changed.Is, "–"))}
	default:
		return nil
	}
}

func (e AuditEntry) opened() []chat.Phrase {
	o := e.Opened
	what := firstOf(o.Plan, "?")
	if o.Name != "" {
		what = o.Name + ", " + what
	}
	line := chat.Say("audit.opened", "What", what, "Count", o.Count)
	if e.Agreed != nil {
		line = chat.Say("audit.opened_for", "What", what, "Count", o.Count, "Total", *e.Agreed)
	}
	if o.Promo == "" {
		return []chat.Phrase{line}
	}
	return []chat.Phrase{line, chat.Say("audit.opened_promo", "Code", chat.Arg{Code: o.Promo})}
}

func (d AuditDecided) lines() []chat.Phrase {
	// As it stood on the button.
	label := Purchase{Question: &Question{Kind: d.Question, Now: d.Price}}.choiceLabel(d.Choice)
	if d.Code != "" {
		return []chat.Phrase{chat.Say("audit.decided_code", "Choice", label, "Code", chat.Arg{Code: d.Code})}
	}
	return []chat.Phrase{chat.Say("audit.decided", "Choice", label)}
}

func (e AuditEntry) answered() []chat.Phrase {
	a := e.Answered
	switch {
	case a.Problem != nil && a.Call == AuditPromo:
		return []chat.Phrase{chat.Say("audit.promo_refused"), promoProblem(*a.Problem)}
	case a.Problem != nil:
		return []chat.Phrase{chat.Say("audit.failed", "Call", chat.Arg{Code: a.Function}), problemText(*a.Problem)}
	case a.Call == AuditAdd:
		return []chat.Phrase{chat.Say("audit.added", "Item", chat.Arg{Code: a.LineItem})}
	case a.Call == AuditConfirm:
		return []chat.Phrase{chat.Say("audit.confirmed")}
	case a.Call == AuditPromo:
		return []chat.Phrase{chat.Say("audit.promo_taken")}
	case a.Call == AuditRemove:
		return []chat.Phrase{chat.Say("audit.removed")}
	case a.Call == AuditEmpty:
		return []chat.Phrase{chat.Say("audit.emptied")}
	default:
		return nil
	}
}

func (a AuditActed) lines() []chat.Phrase {
	what := chat.Say("audit.acted", "Name", a.Act.Name, "Deed", a.Act.words())
	if a.Asked {
		return []chat.Phrase{what}
	}
	lines := []chat.Phrase{what, Action{Stage: a.Stage}.stageText()}
	if a.Problem != nil {
		lines = append(lines, problemText(*a.Problem))
	}
	return lines
}
