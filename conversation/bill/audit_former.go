package bill

import (
	"encoding/json"

	"zomrobot/audit"
	"zomrobot/conversation"
	"zomrobot/job"
	"zomrobot/purchase"
	"zomrobot/zomro"
)

// formerEntry is what an [AuditEntry] was before it took the words of the record.
type formerEntry struct {
	Opened *struct {
		Name  string `json:"name"`
		Plan  string `json:"plan"`
		Count int    `json:"count"`
		Promo string `json:"promo"`
	} `json:"opened"`
	Decided  *audit.Decided `json:"decided"`
	Answered *struct {
		Call     string                `json:"call"`
		Function string                `json:"function"` // without Call: of a call that only reads
		LineItem string                `json:"lineItem"`
		Problem  *conversation.Problem `json:"problem"`
	} `json:"answered"`
	Acted *struct {
		Act struct {
			Deed    string `json:"deed"`
			Server  string `json:"server"`
			Name    string `json:"name"`
			NewName string `json:"newName"`
			Plan    string `json:"plan"`
			Image   string `json:"image"`
			Label   string `json:"label"`
		} `json:"act"`
		Stage   job.Stage             `json:"stage"`
		Asked   bool                  `json:"asked"`
		Problem *conversation.Problem `json:"problem"`
	} `json:"acted"`
	Changed *audit.Changed `json:"changed"`
}

// UnmarshalJSON reads an entry, also in its former form.
func (e *AuditEntry) UnmarshalJSON(text []byte) error {
	type now AuditEntry
	var former formerEntry
	if err := json.Unmarshal(text, (*now)(e)); err != nil {
		return err
	}
	if err := json.Unmarshal(text, &former); err != nil {
		return err
	}
	if o := former.Opened; o != nil {
		e.Opened = &audit.Opened{Order: zomro.Order{ServerName: o.Name, Count: o.Count}, Plan: o.Plan, Promo: o.Promo}
	}
	if a := former.Answered; a != nil {
		e.Answered, e.Problem = &audit.Answered{Call: a.Call, LineItem: a.LineItem}, a.Problem
		for _, reads := range []purchase.Call{purchase.CallServices, purchase.CallCart, purchase.CallBalance, purchase.CallCharges, purchase.CallOrders} {
			if a.Call == "" && reads.Function() == a.Function {
				e.Answered.Call = string(reads)
			}
		}
	}
	if a := former.Acted; a != nil {
		e.Acted = &audit.Acted{
			Deed: a.Act.Deed, Server: a.Act.Server, Name: a.Act.Name, NewName: a.Act.NewName, Plan: a.Act.Plan, Image: a.Act.Image, Label: a.Act.Label,
		}
		if a.Asked {
			e.Acted.Step = audit.StepOpened
		}
		e.Action, e.Problem = a.Stage, a.Problem
	}
	if former.Decided != nil {
		e.Decided = former.Decided
	}
	if former.Changed != nil {
		e.Changed = former.Changed
	}
	return nil
}
