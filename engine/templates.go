package engine

import (
	"slices"
	"strings"

	"zomrobot/chat"
	orderflow "zomrobot/conversation/order"
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
