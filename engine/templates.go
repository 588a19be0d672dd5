package engine

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	orderflow "zomrobot/conversation/order"
	"zomrobot/engine/journal"
	"zomrobot/storage"
)

// templates are the person's templates, by name.
func (t *transaction) templates() ([]orderflow.Template, error) {
	list, _, err := storage.Get[[]orderflow.Template](t.tx, templatesKey(t.key.User))
	return list, err
}

// loadTemplates answers LoadTemplates.
func (t *transaction) loadTemplates(orderflow.LoadTemplates) ([]chat.Event, error) {
	list, err := t.templates()
	return []chat.Event{orderflow.TemplatesLoaded{Templates: list}}, err
}

// keepTemplate answers KeepTemplate. One that was renamed loses its old name in
// the same transaction.
func (t *transaction) keepTemplate(keep orderflow.KeepTemplate) ([]chat.Event, error) {
	list, err := t.templates()
	if err != nil {
		return nil, err
	}
	was := func(one orderflow.Template) bool { return keep.Was != "" && one.Name == keep.Was }
	others := slices.DeleteFunc(slices.Clone(list), was)
	answer := orderflow.TemplatesLoaded{Templates: list}
	switch {
	case slices.ContainsFunc(others, func(one orderflow.Template) bool { return strings.EqualFold(one.Name, keep.Name) }):
		answer.Taken = true
	case len(others) >= orderflow.MostTemplates:
		answer.Full = true
	default:
		answer.Kept = keep.Name
		answer.Templates = append(others, orderflow.Template{Name: keep.Name, Line: keep.Line})
		slices.SortFunc(answer.Templates, func(a, b orderflow.Template) int { return strings.Compare(a.Name, b.Name) })
		err = storage.Put(t.tx, templatesKey(t.key.User), answer.Templates)
	}
	return []chat.Event{answer}, err
}

// dropTemplate answers DropTemplate.
func (t *transaction) dropTemplate(drop orderflow.DropTemplate) ([]chat.Event, error) {
	list, err := t.templates()
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(one orderflow.Template) bool { return one.Name == drop.Name })
	answer := orderflow.TemplatesLoaded{Templates: list, Dropped: drop.Name}
	return []chat.Event{answer}, storage.Put(t.tx, templatesKey(t.key.User), list)
}

// loadOffers answers LoadOffers: in a group, with a purchase of the team.
func (t *transaction) loadOffers(load orderflow.LoadOffers) ([]chat.Event, error) {
	event := orderflow.OffersLoaded{Draft: load.Draft}
	if t.key.Private() {
		list, err := t.templates()
		if err != nil {
			return nil, err
		}
		event.Templates = len(list)
	}
	if load.Purchase != "" {
		p, found, err := storage.Get[journal.Entry](t.tx, journal.PurchaseKey(load.Purchase))
		if err != nil {
			t.engine.log.ErrorContext(t.ctx, "the last purchase cannot be read; it is not offered again", "error", err)
		}
		if err == nil && found && p.Record.Prolong == nil && (p.Owner == t.key || p.Team != "" && !t.key.Private() && p.Team == journal.TeamID(t.key)) {
			event.Last = &conversation.Last{
				Purchase: p.Record.ID, Order: p.Record.Order, Promo: p.Record.Promo, Total: p.Agreed.Total,
				Plan: p.Record.PlanTitle, Datacenter: p.Record.DatacenterName,
			}
		}
	}
	return []chat.Event{event}, nil
}
