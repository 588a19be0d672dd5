package conversation

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"zomrobot/chat"
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
	Chosen string     `json:"chosen,omitempty"` // the name of the one that is looked at
	Line   string     `json:"line,omitempty"`   // to be kept under the name that is asked for
}

// Stored names the form of its state in the store.
func (s *Templates) Stored() string { return "templates" }

// Clone returns a copy.
func (s *Templates) Clone() State {
	is := *s
	return &is
}

// Meaning is what the meaning of the card's buttons hangs on.
func (s *Templates) Meaning() string {
	return fmt.Sprint(s.Page, len(s.List), s.Chosen)
}

// chosen returns the template that is looked at; false: it is gone.
func (s *Templates) chosen() (Template, bool) {
	i := slices.IndexFunc(s.List, func(p Template) bool { return p.Name == s.Chosen })
	if i < 0 {
		return Template{}, false
	}
	return s.List[i], true
}

// templates lists the person's templates, or takes one that a colleague has
// sent.
func (t *turn) templates(args string, message int) {
	if !t.d.Key.Private() {
		t.tell(chat.Say("templates.private"))
		return
	}
	t.openTemplates(PlaceTemplates, "")
	args = strings.TrimSpace(strings.TrimPrefix(args, "import"))
	if args != "" {
		t.importTemplate(args, message)
	}
}

// openTemplates goes to the person's templates; line is to be kept.
func (t *turn) openTemplates(p Place, line string) {
	t.aside(p, &Templates{Line: line})
	t.do(LoadTemplates{})
	t.anew = true
}

// templatesLoaded takes the person's templates, and what came of a change.
func (t *turn) templatesLoaded(e TemplatesLoaded) {
	if templatesOf(t.d) == nil {
		return
	}
	s := templatesOf(t.d)
	s.List, s.Loaded = e.Templates, true
	t.show = true
	switch {
	case e.Taken:
		t.note(chat.Say("wrong.template_taken"))
	case e.Full:
		t.note(chat.Say("wrong.template_full", "Most", MostTemplates))
	case e.Kept != "":
		s.Chosen, s.Line = e.Kept, ""
		t.d.Aside.Place = PlaceTemplate
		t.note(chat.Say("templates.kept", "Name", e.Kept))
	case e.Dropped != "":
		s.Chosen = ""
		t.d.Aside.Place = PlaceTemplates
		t.note(chat.Say("templates.dropped", "Name", e.Dropped))
	}
}

func askTemplates(v *view) {
	s := templatesOf(v.d)
	v.line(chat.Say("templates.title"))
	if v.waiting(s.Loaded, nil) {
		return
	}
	if len(s.List) == 0 {
		v.line(chat.Say("templates.none"))
	}
	from, to := pageOf(s.Page, len(s.List))
	for i, one := range s.List[from:to] {
		v.row(v.button(plain(one.Name), verbPick, from+i))
	}
	v.pages(s.Page, len(s.List), false)
	v.row(v.button(chat.Say("button.import"), verbImport))
}

func pressTemplates(t *turn, verb string, n int) bool {
	s := templatesOf(t.d)
	switch {
	case verb == verbPage:
		s.Page = n
	case verb == verbImport:
		t.d.Aside.Place = PlaceTemplateText
	case verb == verbPick && n >= 0 && n < len(s.List):
		s.Chosen = s.List[n].Name
		t.d.Aside.Place = PlaceTemplate
	default:
		return false
	}
	return true
}

// askTemplate shows a template, and the line in which it can be sent to a
// colleague: without what is of this account alone.
func askTemplate(v *view) {
	one, found := templatesOf(v.d).chosen()
	if !found {
		v.line(chat.Say("templates.gone"))
		return
	}
	shared := sharedLine(one.Line)
	v.line(chat.Say("templates.name", "Name", one.Name), chat.Say("templates.line", "Line", chat.Arg{Code: "/order " + one.Line}))
	if shared == one.Line {
		v.line(chat.Say("templates.share"))
	} else {
		v.line(chat.Say("templates.share_other"), chat.Say("templates.line", "Line", chat.Arg{Code: "/order " + shared}))
	}
	order := v.button(chat.Say("button.order_template"), verbRepeat)
	order.Style = chat.Primary
	v.row(order)
	const mostCopied = 256
	if text := "/order " + shared; len([]rune(text)) <= mostCopied {
		v.row(chat.Button{Label: chat.Say("button.copy_template"), Copy: text})
	}
	drop := v.button(chat.Say("button.drop_template"), verbDrop)
	drop.Style = chat.Danger
	v.row(v.button(chat.Say("button.rename_template"), verbEdit), drop)
}

func pressTemplate(t *turn, verb string, _ int) bool {
	one, found := templatesOf(t.d).chosen()
	switch {
	case !found:
		return false
	case verb == verbRepeat:
		t.orderTemplate(one)
	case verb == verbEdit:
		templatesOf(t.d).Line = ""
		t.d.Aside.Place = PlaceTemplateName
	case verb == verbDrop:
		t.d.Aside.Place = PlaceTemplateDrop
	default:
		return false
	}
	return true
}

// orderTemplate begins a draft of a template: everything is checked against
// what the vendor offers today.
func (t *turn) orderTemplate(one Template) {
	if t.d.Account == "" {
		t.tell(chat.Say("order.login_first"), "login")
		return
	}
	if t.d.Draft != nil && t.d.Draft.Place == PlaceOpening {
		t.note(chat.Say("note.opening"))
		return
	}
	replaced := t.d.Draft != nil && !t.d.Draft.empty()
	t.begin(t.press)
	if replaced {
		t.note(chat.Say("note.replaced"))
	}
	t.note(chat.Say("templates.ordered", "Name", one.Name))
	t.shortcut(parseShortcut(one.Line))
}

func askTemplateName(v *view) {
	if line := templatesOf(v.d).Line; line != "" {
		v.line(chat.Say("templates.line", "Line", chat.Arg{Code: "/order " + line}), chat.Say("templates.no_secrets"))
	}
	v.line(chat.Say("ask.template_name"))
}

func textTemplateName(t *turn, text string) {
	const most = 32
	name := strings.TrimSpace(text)
	bad := func(r rune) bool { return !unicode.IsPrint(r) }
	if name == "" || len([]rune(name)) > most || strings.ContainsFunc(name, bad) {
		t.note(chat.Say("wrong.template_name", "Most", most))
		return
	}
	s := templatesOf(t.d)
	switch one, found := s.chosen(); {
	case s.Line != "":
		t.do(KeepTemplate{Name: name, Line: s.Line})
	case found:
		t.do(KeepTemplate{Name: name, Line: one.Line, Was: one.Name})
	default:
		t.d.Aside.Place = PlaceTemplates
	}
}

func askTemplateText(v *view) { v.line(chat.Say("ask.template_text")) }

// secretTemplate takes the line of a template. There may be a password in what
// a person sends.
func secretTemplate(t *turn, text string, message int) {
	t.importTemplate(text, message)
}

// importTemplate reads the line of a template, and asks for a name.
func (t *turn) importTemplate(text string, message int) {
	const most = 1500
	text = strings.TrimSpace(text)
	if word, rest, _ := strings.Cut(text, " "); strings.HasPrefix(word, "/order") {
		text = rest
	}
	given := parseShortcut(text)
	if chat.HoldsSecret(given.beside()) {
		t.refuseSecret(text, message)
		return
	}
	if given.secret && message != 0 {
		t.do(Delete{Message: message})
	}
	line := templateLine(given.pairs)
	if line == "" || len(line) > most {
		t.d.Aside.Place = PlaceTemplateText
		t.note(chat.Say("wrong.template_text"))
		return
	}
	switch {
	case given.secret:
		t.note(chat.Say("templates.secret_dropped"))
	case len(given.unknown) > 0:
		t.note(chat.Say("shortcut.unknown", "Names", strings.Join(given.unknown, ", ")))
	}
	s := templatesOf(t.d)
	s.Line, s.Chosen = line, ""
	t.d.Aside.Place = PlaceTemplateName
}

func askTemplateDrop(v *view) {
	v.line(chat.Say("ask.template_drop", "Name", templatesOf(v.d).Chosen))
	yes := v.button(chat.Say("button.drop_template"), verbYes)
	yes.Style = chat.Danger
	v.row(yes)
}

func pressTemplateDrop(t *turn, verb string, _ int) bool {
	if verb != verbYes {
		return false
	}
	t.do(DropTemplate{Name: templatesOf(t.d).Chosen})
	return true
}

// templateParams are the parameters that a template holds besides the add-ons,
// in the order in which they are written: no password and no promo code.
var templateParams = []string{
	paramDatacenter, paramPlan, paramImage, paramUseKey, paramKey, paramName,
	paramBackups, paramBackupName, paramBackupDays, paramBackupTime, paramPeriod, paramCount,
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

// templateOf writes what was chosen so far as a template.
func (dr *Draft) templateOf() string {
	pairs := make(map[string]string)
	set := func(name, value string) {
		if value != "" {
			pairs[name] = value
		}
	}
	set(paramDatacenter, dr.Datacenter.ID)
	if dr.Plan != nil {
		set(paramPlan, dr.Plan.ID)
	}
	if dr.Image != nil {
		set(paramImage, dr.Image.Label)
	}
	if dr.Access.Kind == AccessKey {
		set(paramUseKey, "on")
		set(paramKey, dr.Access.Key.Name)
	}
	set(paramName, dr.Name)
	set(paramPeriod, string(dr.Period))
	if dr.Count > 0 {
		set(paramCount, fmt.Sprint(dr.Count))
	}
	for _, o := range dr.Options {
		set(o.Name, o.Value)
	}
	switch {
	case dr.NoBackups:
		set(paramBackups, "off")
	case dr.Backups != nil:
		maps.Copy(pairs, backupPairs(*dr.Backups))
	}
	return templateLine(pairs)
}

// templatesOf returns the state of the cards of this kind; nil: the card is about something else.
func templatesOf(d Dialogue) *Templates {
	state, _ := stateOf[Templates](d)
	return state
}
