package engine

import (
	"slices"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/storage"
)

// templates are the person's templates, by name.
func (t *transaction) templates() ([]conversation.Template, error) {
	list, _, err := storage.Get[[]conversation.Template](t.tx, templatesKey(t.key.User))
	return list, err
}

// loadTemplates answers LoadTemplates.
func (t *transaction) loadTemplates(conversation.LoadTemplates) ([]chat.Event, error) {
	list, err := t.templates()
	return []chat.Event{conversation.TemplatesLoaded{Templates: list}}, err
}

// keepTemplate answers KeepTemplate. One that was renamed loses its old name in
// the same transaction.
func (t *transaction) keepTemplate(keep conversation.KeepTemplate) ([]chat.Event, error) {
	list, err := t.templates()
	if err != nil {
		return nil, err
	}
	was := func(one conversation.Template) bool { return keep.Was != "" && one.Name == keep.Was }
	others := slices.DeleteFunc(slices.Clone(list), was)
	answer := conversation.TemplatesLoaded{Templates: list}
	switch {
	case slices.ContainsFunc(others, func(one conversation.Template) bool { return strings.EqualFold(one.Name, keep.Name) }):
		answer.Taken = true
	case len(others) >= conversation.MostTemplates:
		answer.Full = true
	default:
		answer.Kept = keep.Name
		answer.Templates = append(others, conversation.Template{Name: keep.Name, Line: keep.Line})
		slices.SortFunc(answer.Templates, func(a, b conversation.Template) int { return strings.Compare(a.Name, b.Name) })
		err = storage.Put(t.tx, templatesKey(t.key.User), answer.Templates)
	}
	return []chat.Event{answer}, err
}

// dropTemplate answers DropTemplate.
func (t *transaction) dropTemplate(drop conversation.DropTemplate) ([]chat.Event, error) {
	list, err := t.templates()
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(one conversation.Template) bool { return one.Name == drop.Name })
	answer := conversation.TemplatesLoaded{Templates: list, Dropped: drop.Name}
	return []chat.Event{answer}, storage.Put(t.tx, templatesKey(t.key.User), list)
}
