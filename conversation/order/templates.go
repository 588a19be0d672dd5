package order

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// Template is an order that a person keeps under a name. It holds no secret.
type Template struct {
	Name string `json:"name"`
	Line string `json:"line"` // what stands behind "/order"
}

// MostTemplates is how many templates a person can keep.
const MostTemplates = 30

// Templates is what the card of a person's templates is made from.
type Templates struct {
	List   []Template `json:"list,omitempty"` // by name
	Loaded bool       `json:"loaded,omitempty"`
	Page   int        `json:"page,omitempty"`
	Chosen string     `json:"chosen,omitempty"` // the name of the one that is shown
	Line   string     `json:"line,omitempty"`   // to be kept under the name being asked for
	Review bool       `json:"review,omitempty"` // it is kept from the review, which comes back then
}

// Stored names the form of its state in the store.
func (s *Templates) Stored() string { return "templates" }

// Clone returns a copy.
func (s *Templates) Clone() conversation.State {
	is := *s
	return &is
}

// Lists are the lists that are kept apart.
func (s *Templates) Lists() map[string]any { return map[string]any{"templates": &s.List} }

// Meaning is what the meaning of the card's buttons depends on.
func (s *Templates) Meaning() string {
	return fmt.Sprint(s.Page, len(s.List), s.Chosen)
}

// chosen returns the template that is shown; false: it is gone.
func (s *Templates) chosen() (Template, bool) {
	i := slices.IndexFunc(s.List, func(p Template) bool { return p.Name == s.Chosen })
	if i < 0 {
		return Template{}, false
	}
	return s.List[i], true
}

// templates lists the person's templates, or takes one that a colleague has
// sent.
func templates(t *conversation.Turn, args string, message int) {
	if !t.Dialogue.Key.Private() {
		t.Hint(chat.Say("templates.private"))
		return
	}
	openTemplates(t, PlaceTemplates, "")
	args = strings.TrimSpace(strings.TrimPrefix(args, "import"))
	if args != "" {
		importTemplate(t, args, message)
	}
}

// openTemplates goes to the person's templates; line is what to keep.
func openTemplates(t *conversation.Turn, p conversation.Place, line string) {
	t.Ask(p, &Templates{Line: line})
	t.Do(LoadTemplates{})
	t.AsNew = true
}

// templatesLoaded takes the person's templates, and what came of a change.
func templatesLoaded(t *conversation.Turn, e TemplatesLoaded) {
	if templatesOf(t.Dialogue) == nil {
		return
	}
	s := templatesOf(t.Dialogue)
	s.List, s.Loaded = e.Templates, true
	t.Show = true
	switch {
	case e.Taken:
		t.Note(chat.Say("wrong.template_taken"))
	case e.Full:
		t.Note(chat.Say("wrong.template_full", "Most", MostTemplates))
	case e.Kept != "" && s.Review && t.Dialogue.Draft != nil:
		t.Dialogue.Aside = nil
		t.Note(chat.Say("templates.kept", "Name", e.Kept))
	case e.Kept != "":
		s.Chosen, s.Line = e.Kept, ""
		t.Dialogue.Aside.Place = PlaceTemplate
		t.Note(chat.Say("templates.kept", "Name", e.Kept))
	case e.Dropped != "":
		s.Chosen = ""
		t.Dialogue.Aside.Place = PlaceTemplates
		t.Note(chat.Say("templates.dropped", "Name", e.Dropped))
	}
}

func askTemplates(v *conversation.View) {
	s := templatesOf(v.Dialogue)
	v.Line(chat.Say("templates.title"))
	if v.Reading(s.Loaded, nil) {
		return
	}
	if len(s.List) == 0 {
		v.Line(chat.Say("templates.none"))
	}
	from, to := conversation.PageOf(s.Page, len(s.List))
	for i, one := range s.List[from:to] {
		v.Row(v.Button(conversation.Plain(one.Name), conversation.VerbPick, from+i))
	}
	v.Pages(s.Page, len(s.List), false)
	v.Row(v.Button(chat.Say("button.import"), conversation.VerbImport))
}

func pressTemplates(t *conversation.Turn, verb string, n int) bool {
	s := templatesOf(t.Dialogue)
	switch {
	case verb == conversation.VerbPage:
		s.Page = n
	case verb == conversation.VerbImport:
		t.Dialogue.Aside.Place = PlaceTemplateText
	case verb == conversation.VerbPick && n >= 0 && n < len(s.List):
		s.Chosen = s.List[n].Name
		t.Dialogue.Aside.Place = PlaceTemplate
	default:
		return false
	}
	return true
}

// askTemplate shows a template, and the line in which it can be sent to a
// colleague: without what is of this account alone.
func askTemplate(v *conversation.View) {
	one, found := templatesOf(v.Dialogue).chosen()
	if !found {
		v.Line(chat.Say("templates.gone"))
		return
	}
	shared := sharedLine(one.Line)
	v.Line(chat.Say("templates.name", "Name", one.Name), chat.Say("templates.line", "Line", chat.Arg{Code: "/order " + one.Line}))
	if shared == one.Line {
		v.Line(chat.Say("templates.share"))
	} else {
		v.Line(chat.Say("templates.share_other"), chat.Say("templates.line", "Line", chat.Arg{Code: "/order " + shared}))
	}
	order := v.Button(chat.Say("button.order_template"), conversation.VerbRepeat)
	order.Style = chat.Primary
	v.Row(order)
	const mostCopied = 256
	if text := "/order " + shared; len([]rune(text)) <= mostCopied {
		v.Row(chat.Button{Label: chat.Say("button.copy_template"), Copy: text}, v.Button(chat.Say("button.share"), conversation.VerbShare))
	} else {
		v.Row(v.Button(chat.Say("button.share"), conversation.VerbShare))
	}
	drop := v.Button(chat.Say("button.drop_template"), conversation.VerbDrop)
	drop.Style = chat.Danger
	v.Row(v.Button(chat.Say("button.rename_template"), conversation.VerbEdit), drop)
}

func pressTemplate(t *conversation.Turn, verb string, _ int) bool {
	one, found := templatesOf(t.Dialogue).chosen()
	switch {
	case !found:
		return false
	case verb == conversation.VerbRepeat:
		orderTemplate(t, one)
	case verb == conversation.VerbShare:
		share(t, one.Line, "")
	case verb == conversation.VerbEdit:
		templatesOf(t.Dialogue).Line = ""
		t.Dialogue.Aside.Place = PlaceTemplateName
	case verb == conversation.VerbDrop:
		t.Dialogue.Aside.Place = PlaceTemplateDrop
	default:
		return false
	}
	return true
}

// orderTemplate begins a draft of a template: everything is checked against
// what the vendor offers today.
func orderTemplate(t *conversation.Turn, one Template) {
	if t.Dialogue.Draft != nil && t.Dialogue.Draft.Place == PlaceOpening {
		t.Note(chat.Say("note.opening"))
		return
	}
	replaced := t.Dialogue.Draft != nil && !t.Dialogue.Draft.Empty()
	begin(t, t.Press)
	if replaced {
		t.Note(chat.Say("note.replaced"))
	}
	t.Note(chat.Say("templates.ordered", "Name", one.Name))
	fill(t, parseShortcut(one.Line))
	waitForLogin(t)
}

func askTemplateName(v *conversation.View) {
	if line := templatesOf(v.Dialogue).Line; line != "" {
		v.Line(chat.Say("templates.line", "Line", chat.Arg{Code: "/order " + line}), chat.Say("templates.no_secrets"))
	}
	v.Line(chat.Say("ask.template_name"))
}

func textTemplateName(t *conversation.Turn, text string) {
	const most = 32
	name := strings.TrimSpace(text)
	bad := func(r rune) bool { return !unicode.IsPrint(r) }
	if name == "" || len([]rune(name)) > most || strings.ContainsFunc(name, bad) {
		t.Note(chat.Say("wrong.template_name", "Most", most))
		return
	}
	s := templatesOf(t.Dialogue)
	switch one, found := s.chosen(); {
	case s.Line != "":
		t.Do(KeepTemplate{Name: name, Line: s.Line})
	case found:
		t.Do(KeepTemplate{Name: name, Line: one.Line, Was: one.Name})
	default:
		t.Dialogue.Aside.Place = PlaceTemplates
	}
}

func askTemplateText(v *conversation.View) { v.Line(chat.Say("ask.template_text")) }

// secretTemplate takes the line of a template. There may be a password in what
// a person sends.
func secretTemplate(t *conversation.Turn, text string, message int) {
	importTemplate(t, text, message)
}

// importTemplate reads the line of a template, and asks for a name.
func importTemplate(t *conversation.Turn, text string, message int) {
	const most = 1500
	text = strings.TrimSpace(text)
	if word, rest, _ := strings.Cut(text, " "); strings.HasPrefix(word, "/order") {
		text = rest
	}
	given := parseShortcut(text)
	if chat.HoldsSecret(given.beside()) {
		t.RefuseSecret(text, message)
		return
	}
	if given.secret && message != 0 {
		t.Do(conversation.Delete{Message: message})
	}
	line := templateLine(given.pairs)
	if line == "" || len(line) > most {
		t.Dialogue.Aside.Place = PlaceTemplateText
		t.Note(chat.Say("wrong.template_text"))
		return
	}
	switch {
	case given.secret:
		t.Note(chat.Say("templates.secret_dropped"))
	case len(given.unknown) > 0 || given.said != "":
		t.Note(chat.Say("shortcut.unknown", "Names", strings.Join(append(given.unknown, conversation.Clip(given.said)), ", ")))
	}
	s := templatesOf(t.Dialogue)
	s.Line, s.Chosen = line, ""
	t.Dialogue.Aside.Place = PlaceTemplateName
}

func askTemplateDrop(v *conversation.View) {
	v.Line(chat.Say("ask.template_drop", "Name", templatesOf(v.Dialogue).Chosen))
	yes := v.Button(chat.Say("button.drop_template"), conversation.VerbYes)
	yes.Style = chat.Danger
	v.Row(yes)
}

func pressTemplateDrop(t *conversation.Turn, verb string, _ int) bool {
	if verb != conversation.VerbYes {
		return false
	}
	t.Do(DropTemplate{Name: templatesOf(t.Dialogue).Chosen})
	return true
}

// templateLine writes parameters as the chat takes them in one message.
func templateLine(pairs map[string]string) string {
	var names []string
	for name := range pairs {
		if addonName.MatchString(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var words []string
	for _, name := range slices.Concat(templateParams, names) {
		if value := strings.Join(strings.Fields(pairs[name]), " "); value != "" && !strings.Contains(value, "=") {
			words = append(words, name+"="+value)
		}
	}
	return strings.Join(words, " ")
}

// sharedLine is a template's line without what is of one account alone.
func sharedLine(line string) string {
	pairs := parseShortcut(line).pairs
	delete(pairs, paramUseKey)
	delete(pairs, paramKey)
	return templateLine(pairs)
}

// templatesOf returns the state of the cards of this kind; nil: the card is about something else.
func templatesOf(d conversation.Dialogue) *Templates {
	state, _ := conversation.StateOf[Templates](d)
	return state
}
