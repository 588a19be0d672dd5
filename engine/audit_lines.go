package engine

import (
	"cmp"
	"fmt"
	"strings"

	"zomrobot/audit"
	"zomrobot/book"
	"zomrobot/engine/journal"
	"zomrobot/job"
	"zomrobot/purchase"
)

// bookOf names the book in which a purchase is recorded: the one of its team, or
// of its owner.
func bookOf(e journal.Entry) string {
	if e.Team != "" {
		return book.OfTeam(e.Team)
	}
	return book.OfUser(e.Owner.User)
}

// bookOfJob names the book in which something that is done with a server is recorded.
func bookOfJob(r job.Record) string {
	if r.For != nil {
		return book.OfTeam(r.For.Team)
	}
	return book.OfUser(r.Owner.User)
}

// record appends a line to a book, in the turn's transaction. When is the turn's,
// and so is who, unless it is told.
func (t *transaction) record(name string, e audit.Entry) error {
	if e.At.IsZero() {
		e.At = t.engine.now()
	}
	if e.Who == 0 {
		e.Who, e.Name = t.who.ID, t.who.Name
	}
	return book.Append(t.tx, name, e)
}

// recordMove records a move of a purchase, which is as it was after it; its opening is
// the move by nil.
func (t *transaction) recordMove(s step, is journal.Entry) error {
	r, was := s.is, s.was
	e := audit.Entry{At: s.at, Purchase: r.ID, Was: string(was.State), State: string(r.State)}
	if agreed := r.Quote.Total; r.Quoted() {
		e.Agreed = &agreed
	}
	if r.Charged() == purchase.WasCharged {
		e.Charged = r.Taken
	}
	switch event := s.event.(type) {
	case nil:
		e.What = audit.Opened{Account: r.Account, Order: r.Order, Plan: r.PlanTitle, Datacenter: r.DatacenterName, Promo: r.Promo}
		if p := r.Prolong; p != nil {
			e.What = audit.Opened{Account: r.Account, Prolong: &audit.Prolonged{Server: p.Server, Name: p.Name, Period: p.Period, Until: p.Until, Next: p.Next}}
		}
	case purchase.Calling:
		e.What = audit.Called{Call: string(event.Call)}
	case purchase.Answered:
		e.What = answeredDeed(event)
	case purchase.Decided:
		deed := audit.Decided{Choice: string(event.Choice), Code: event.Code}
		if was.Question != nil {
			deed.Question, deed.Price = string(was.Question.Kind), was.Question.Now
			if was.Question.Kind == purchase.AskItem || was.Question.Kind == purchase.AskPrice {
				for _, item := range was.Question.Items {
					deed.Items = append(deed.Items, item.Name)
				}
			}
		}
		e.What = deed
	case purchase.Cancelled:
		e.What = audit.Cancelled{}
	case purchase.Approved:
		e.Who, e.Name, e.What = event.By, event.Name, audit.Approved{Terms: event.Terms}
	case purchase.Rejected:
		e.Who, e.Name, e.What = event.By, event.Name, audit.Rejected{Terms: event.Terms, Reason: event.Reason}
	default:
		e.What = audit.Moved{By: strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", event), "purchase."))}
	}
	return t.record(bookOf(is), e)
}

// answeredDeed says what the vendor answered.
func answeredDeed(a purchase.Answered) audit.Answered {
	deed := audit.Answered{Call: string(a.Call), LineItem: a.LineItem}
	if a.Cart != nil {
		deed.Total = a.Cart.Total
		for _, item := range a.Cart.Items {
			deed.Items = append(deed.Items, item.ID)
		}
	}
	if a.Balance != nil {
		spendable := a.Balance.Spendable()
		deed.Balance = &spendable
	}
	for _, s := range a.Services {
		deed.Services = append(deed.Services, s.ID)
	}
	if f := a.Failure; f != nil {
		deed.Failure = &audit.Failure{Kind: f.Kind, Code: f.Code, Object: f.Object, Message: f.Message}
	}
	return deed
}

// recordJob records how far something is that is done with a server.
func (t *transaction) recordJob(was, is job.Record, event job.Event) error {
	o := is.Order
	deed := audit.Acted{
		Step: stepOf(event), Account: o.Account, Server: o.Server, Name: o.Name, Deed: string(o.Op),
		NewName: o.NewName, Plan: o.Plan, Image: cmp.Or(o.Copy, o.Image), Label: o.Label, Unsure: is.Unsure,
	}
	if f := is.Failure; f != nil {
		deed.Failure = &audit.Failure{Kind: f.Kind, Code: f.Code, Object: f.Object, Message: f.Message}
	}
	return t.record(bookOfJob(is), audit.Entry{Action: is.ID, Was: string(was.Stage), State: string(is.Stage), What: deed})
}

// stepOf is what a book calls a move of a job.
func stepOf(event job.Event) string {
	switch event.(type) {
	case nil:
		return audit.StepOpened
	case job.Calling:
		return "called"
	case job.NotSent:
		return "not sent"
	case job.Occupied:
		return "occupied"
	case job.GivenUp:
		return "given up"
	case job.Answered:
		return "answered"
	case job.Tick:
		return "due"
	case job.Resumed:
		return "resumed"
	default:
		return "looked"
	}
}
