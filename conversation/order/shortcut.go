package order

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// paramsOurs are parameters of the vendor's examples that the bot sets itself.
var paramsOurs = []string{"func", "out", "sok", "lang", "licence_agreement", "force_use_new_cart"}

// paramsSecret are parameters whose message must not stay in the chat.
var paramsSecret = []string{paramPassword, "pass", "passwd", "auth", "authinfo", "token", "session"}

// shortcut is what stands behind "/order".
type shortcut struct {
	pairs   map[string]string
	said    string   // what stands outside of pairs: an order in the person's own words
	unknown []string // names that are not parameters
	words   []string // what stands outside the pairs, or in those that are not parameters
	secret  bool     // it holds something that must not stay in the chat
	comma   bool     // a comma follows the password: nobody knows whether it is part of it
}

var (
	aroundEquals = regexp.MustCompile(`\s*=\s*`)
	betweenPairs = regexp.MustCompile(`(?:\s*[,;&]+\s*|\s+)([A-Za-z_][A-Za-z0-9_]*=)`)
	// A comma can be in a password; "&" and ";" cannot.
	commaBehindPassword = regexp.MustCompile(`(?i)password\s*=\s*\S*,\s*(?:[A-Za-z_][A-Za-z0-9_]*\s*=|$)`)

	addonName = regexp.MustCompile(`^addon_\d+$`)
)

// pairWords are the words of an order's line. Between pairs people write commas,
// semicolons and "&" as well: they count as spaces before a name with its "=".
func pairWords(args string) []string {
	args = aroundEquals.ReplaceAllString(strings.ReplaceAll(typedSpaces.Replace(args), "\ufeff", ""), "=")
	return strings.Fields(betweenPairs.ReplaceAllString(args, " $1"))
}

// typedSpaces are spaces that do not break a line, and characters that take up no
// space.
var typedSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2007", " ", "\u200b", "", "\u2060", "")

// parseShortcut reads "name=value name=value"; words without "=" belong to the
// value before them, and without one are the person's own.
func parseShortcut(args string) shortcut {
	s := shortcut{pairs: make(map[string]string)}
	last := ""
	s.comma = commaBehindPassword.MatchString(args)
	for _, word := range pairWords(args) {
		name, value, ok := strings.Cut(word, "=")
		name = chat.Fold(name)
		if name != paramPassword {
			value, word = chat.Typed(value), chat.Typed(word)
		}
		switch {
		case word == "":
		case !ok && last == paramPassword:
			s.pairs[last] += " " + word
		case !ok && last != "":
			s.pairs[last] = strings.TrimSpace(s.pairs[last] + " " + word)
		case !ok:
			s.said = strings.TrimSpace(s.said + " " + word)
			s.words = append(s.words, word)
		case slices.Contains(paramsKnown, name) || addonName.MatchString(name):
			s.pairs[name] = value
			last = name
			s.secret = s.secret || name == paramPassword
		default:
			last = ""
			if !slices.Contains(paramsSecret, name) {
				s.words = append(s.words, name+"="+value)
			}
			s.secret = s.secret || slices.Contains(paramsSecret, name)
			if !slices.Contains(paramsOurs, name) {
				s.unknown = append(s.unknown, conversation.Clip(name))
			}
		}
	}
	for name, value := range s.pairs {
		if name != paramPassword {
			s.pairs[name] = strings.Trim(value, `"'`)
		}
	}
	return s
}

// fill fills in whatever of the draft can be judged at once, and keeps the rest
// until the catalogue and the order form are there.
func fill(t *conversation.Turn, s shortcut) {
	dr := t.Dialogue.Draft
	if len(s.unknown) > 0 && !s.secret {
		t.Note(chat.Say("shortcut.unknown", "Names", strings.Join(s.unknown, ", ")))
	} else if len(s.unknown) > 0 {
		t.Note(chat.Say("shortcut.unknown_secret"))
	}
	dr.Wanted = make(map[string]string)
	fillWords(t, &s)
	for name, value := range s.pairs {
		switch name {
		case paramDatacenter, paramPlan, paramImage, paramUseKey, paramKey:
			dr.Wanted[name] = conversation.Clip(value)
		default:
			if strings.HasPrefix(name, paramAddon) {
				dr.Wanted[name] = conversation.Clip(value)
			}
		}
	}
	shortcutPlain(t, s.pairs)
	shortcutBackups(t, s.pairs)
	switch password, ok := s.pairs[paramPassword]; {
	case ok && s.comma && t.Dialogue.Key.Private():
		wrongParam(t, paramPassword, chat.Say("wrong.password_comma"))
	case ok:
		shortcutPassword(t, password)
	}
}

// wrongParam says that a parameter was not taken, and why.
func wrongParam(t *conversation.Turn, name string, why chat.Phrase) {
	t.Note(chat.Say("shortcut.wrong", "Name", name, "Why", why))
	if step, ok := stepsOf[name]; ok {
		t.Dialogue.Draft.Refused = append(t.Dialogue.Draft.Refused, step)
	}
}

// shortcutBackups fills in the schedule. One that is only partly told, or
// wrong, is asked for.
func shortcutBackups(t *conversation.Turn, pairs map[string]string) {
	dr := t.Dialogue.Draft
	on, told := pairs[paramBackups]
	name, named := pairs[paramBackupName]
	days, dayed := pairs[paramBackupDays]
	at, timed := pairs[paramBackupTime]
	if told && !isOn(on) && !isOff(on) {
		wrongParam(t, paramBackups, chat.Say("wrong.on_off"))
		return
	}
	if told && isOff(on) && !named && !dayed && !timed {
		dr.NoBackups = true
		return
	}
	if !told && !named && !dayed && !timed {
		return
	}
	b := &zomro.Backups{}
	if named {
		if wrong := conversation.CheckName(name); wrong != nil {
			wrongParam(t, paramBackupName, *wrong)
		} else {
			b.Name = name
		}
	}
	if dayed {
		if list, ok := parseDays(days); ok {
			b.Days = list
		} else {
			wrongParam(t, paramBackupDays, chat.Say("wrong.days"))
		}
	}
	if timed {
		if clock, wrong := conversation.CheckTime(at); wrong != nil {
			wrongParam(t, paramBackupTime, *wrong)
		} else {
			b.Time = clock
		}
	}
	dr.Backups = b
}

// isOn and isOff read a switch of the order call.
func isOn(value string) bool { return slices.Contains(wordsOn, chat.Fold(value)) }

func isOff(value string) bool { return slices.Contains(wordsOff, chat.Fold(value)) }

// parseDays reads "1,2,3,0"; false: it is not a list of days.
func parseDays(text string) ([]int, bool) {
	var days []int
	for word := range strings.SplitSeq(strings.ReplaceAll(text, " ", ""), ",") {
		n, err := strconv.Atoi(word)
		if err != nil || !slices.Contains(conversation.Weekdays, n) {
			return nil, false
		}
		if !slices.Contains(days, n) {
			days = append(days, n)
		}
	}
	slices.Sort(days)
	return days, len(days) > 0
}

// shortcutPassword takes a root password from the command.
func shortcutPassword(t *conversation.Turn, text string) {
	switch wrong := conversation.CheckPassword(text); {
	case !t.Dialogue.Key.Private():
		t.Note(chat.Say("secret.in_group"))
	case wrong != nil:
		wrongParam(t, paramPassword, *wrong)
	case t.Dialogue.Draft.Wanted[paramKey] != "" || isOn(t.Dialogue.Draft.Wanted[paramUseKey]):
		t.Note(chat.Say("shortcut.key_and_password"))
	default:
		keepPassword(t, text)
	}
}

// fulfilCatalogue fills in what the shortcut wants of a catalogue.
func fulfilCatalogue(t *conversation.Turn) {
	dr := t.Dialogue.Draft
	if asked, ok := dr.Wanted[paramDatacenter]; ok {
		delete(dr.Wanted, paramDatacenter)
		if centre, ok := findDatacenter(dr.Catalogue.Datacenters, asked); ok {
			dr.Datacenter = centre
		} else {
			wrongParam(t, paramDatacenter, chat.Say("wrong.datacenter_given", "Given", asked))
		}
	}
	wordsDatacenter(t)
	usualDatacenter(t)
	wordsPlan(t)
	asked, ok := dr.Wanted[paramPlan]
	if !ok || dr.Datacenter.ID != "" && dr.Datacenter.ID != dr.Catalogue.Datacenter {
		return
	}
	delete(dr.Wanted, paramPlan)
	i := slices.IndexFunc(dr.Catalogue.Plans, func(p zomro.Plan) bool { return p.ID == asked || strings.EqualFold(p.Title, asked) })
	if i < 0 {
		wrongParam(t, paramPlan, chat.Say("wrong.plan_given", "Given", asked))
		return
	}
	if dr.Datacenter.ID == "" {
		c := slices.IndexFunc(dr.Catalogue.Datacenters, func(c zomro.Datacenter) bool { return c.ID == dr.Catalogue.Datacenter })
		if c < 0 {
			return
		}
		dr.Datacenter = dr.Catalogue.Datacenters[c]
	}
	plan := dr.Catalogue.Plans[i]
	dr.Plan = &plan
}

// fulfilForm fills in what the shortcut wants of an order form.
func fulfilForm(t *conversation.Turn) {
	dr := t.Dialogue.Draft
	wanted := dr.Wanted
	dr.Wanted = nil
	if asked, ok := wanted[paramImage]; ok {
		i := slices.IndexFunc(dr.Form.Images, func(im zomro.Image) bool {
			return strings.EqualFold(im.ID, asked) || strings.EqualFold(im.Label, asked)
		})
		if i < 0 {
			wrongParam(t, paramImage, chat.Say("wrong.system_given", "Given", asked))
		} else {
			image := dr.Form.Images[i]
			dr.Image = &image
		}
	}
	if asked, ok := wanted[paramKey]; ok {
		key, found := findKey(dr.Form.Keys, asked)
		switch {
		case !found:
			wrongParam(t, paramKey, chat.Say("wrong.key_given", "Given", asked))
		case dr.Image != nil && conversation.Windows(dr.Image.Label):
			t.Note(chat.Say("note.windows_key"))
		default:
			dr.Access = conversation.Access{Kind: conversation.AccessKey, Key: key}
		}
	}
	wordsForm(t, wanted)
	var names []string
	for name := range wanted {
		if strings.HasPrefix(name, paramAddon) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		fulfilAddon(t, name, wanted[name])
	}
	fulfilDefaults(t, wanted)
	usualRest(t, wanted)
}

// fulfilDefaults leaves an add-on that the line does not name as the vendor has it: the
// order call does not need that field.
func fulfilDefaults(t *conversation.Turn, wanted map[string]string) {
	dr := t.Dialogue.Draft
	if len(wanted) == 0 && !dr.Quick {
		return
	}
	for _, addon := range asked(dr) {
		_, named := wanted[addon.Name]
		if _, chosen := dr.Option(addon.Name); named || chosen || addon.Default == "" {
			continue
		}
		dr.Choose(defaultOption(addon))
		if dr.Quick && !slices.Contains(dr.Assumed, PlaceAddons) {
			dr.Assumed = append(dr.Assumed, PlaceAddons)
		}
	}
}

// fulfilAddon fills in one add-on.
func fulfilAddon(t *conversation.Turn, name, asked string) {
	dr := t.Dialogue.Draft
	i := slices.IndexFunc(dr.Form.Addons, func(a zomro.Addon) bool { return a.Name == name })
	if i < 0 {
		wrongParam(t, name, chat.Say("wrong.addon_given"))
		return
	}
	addon := dr.Form.Addons[i]
	if addon.Range != nil {
		option, wrong := numberOption(addon, asked)
		if wrong != nil {
			wrongParam(t, name, *wrong)
			return
		}
		dr.Choose(option)
		return
	}
	c := slices.IndexFunc(addon.Choices, func(c zomro.Choice) bool { return c.Key == asked || strings.EqualFold(c.Label, asked) })
	if c < 0 {
		wrongParam(t, name, chat.Say("wrong.choice_given", "Given", asked))
		return
	}
	dr.Choose(choiceOption(addon, c))
}

// beside are the words of an order's line that their names do not make secrets:
// there must be none among them.
func (s shortcut) beside() string {
	words := slices.Clone(s.words)
	for name, value := range s.pairs {
		if name != paramPassword {
			words = append(words, value)
		}
	}
	return strings.Join(words, "\n")
}
