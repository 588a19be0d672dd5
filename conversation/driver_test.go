package conversation_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/conversation/bill"
	"zomrobot/conversation/expense"
	"zomrobot/conversation/home"
	imageflow "zomrobot/conversation/image"
	loadflow "zomrobot/conversation/load"
	orderflow "zomrobot/conversation/order"
	prolongflow "zomrobot/conversation/prolong"
	serverflow "zomrobot/conversation/server"
	teamflow "zomrobot/conversation/team"
	trialflow "zomrobot/conversation/trial"
	"zomrobot/job"
	"zomrobot/team"
	"zomrobot/trial"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// machine is the whole dialogue.
var machine = conversation.Assemble(
	conversation.Basics(), accountflow.Flow(), serverflow.Flow(), imageflow.Flow(), loadflow.Flow(), prolongflow.Flow(), bill.Flow(), expense.Flow(),
	orderflow.Flow(), teamflow.Flow(), trialflow.Flow(), home.Flow(),
)

// failer is what a check needs of a test, plain or random.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

var (
	start   = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	private = chat.Key{Chat: 42, User: 42}
	group   = chat.Key{Chat: -1001, Thread: 7, User: 42}
	anna    = chat.Person{ID: 42, Name: "Anna", Lang: "en"}
)

const (
	goodPassword = "Sunny7-Harbour"
	goodToken    = "211a9ac6309a9f0c340bdebf"
)

// talk is a conversation under test. Every step is checked by itself.
type talk struct {
	t       failer
	d       conversation.Dialogue
	now     time.Time
	effects []conversation.Effect // of the last step
	n       int                   // steps so far
	message int                   // last message of the person
	auto    bool                  // what is loaded is answered at once
	secrets []string              // what must never be seen in the dialogue
	blind   bool                  // the chat does not show the card yet when a command is written
	quick   bool                  // steps are not made twice: for explorations of many
	backed  bool                  // Back was pressed, or the order began filled in
	shown   *chat.Screen          // the card after the last step; nil: there was none

	team   *conversation.TeamState // of the group; nil: it is none
	status team.Status             // what Telegram says that the person is there; "": it does not say
	link   conversation.LinkOpened // what the code of a link leads to
	shared *orderflow.ShareOpened  // what it leads to instead: an order

	last     *conversation.Last // the purchase that was the last one here; nil: there was none
	ordered  string             // the name of the server of the purchase that is recalled
	batch    job.Op             // what a batch that is recalled was to do
	operates bool               // the person's role lets them do something with a team's servers
	bound    bool               // the vendor gives a cookie along with the way to a screen
	servers  []zomro.Service    // of the account; nil: those of serversOf, and none has the order's name

	copies func(*imageflow.CopiesLoaded) // changes what the vendor tells of a server's copies; nil: nothing

	trial trial.Record    // of the account; zero: the person is no owner of the bot
	known profile.Profile // of the vendor

	sold func(datacenter string) zomro.Catalogue // what the vendor sells; nil: what catalogueOf says
}

func newTalk(t failer, key chat.Key) *talk {
	return &talk{t: t, d: conversation.New(key), now: start, auto: true, status: team.StatusMember, link: conversation.LinkOpened{Refused: true}}
}

// loggedIn is a talk of someone who has logged in.
func loggedIn(t failer) *talk {
	k := newTalk(t, private)
	k.d.Account = "anna@example.com"
	return k
}

// withTwo is a talk of someone who has logged in to two accounts.
func withTwo(t failer) *talk {
	k := loggedIn(t)
	k.d.Know([]conversation.Account{
		{ID: "7", Nick: "anna@example.com", Login: "anna@example.com", Renews: true, Default: true},
		{ID: "8", Nick: "work", Login: "work@example.com"},
	})
	return k
}

// inTeam is a talk of the owner of a team whose account is bound.
func inTeam(t failer) *talk {
	k := newTalk(t, group)
	tm := team.New("-1001:7", "Backend", group.Chat, group.Thread, group.User, start).
		WithName(42, "Anna").WithName(43, "Boris").WithName(44, "Vera").WithRole(44, team.RoleViewer)
	tm.Account = &team.Account{Holder: 42, ID: "7", Nick: "Company", Currency: "EUR"}
	k.team = &conversation.TeamState{Team: tm}
	k.status = team.StatusCreator
	return k
}

// ruled changes the team outside of the talk.
func (k *talk) ruled(change func(*team.Team)) *talk {
	state := *k.team
	change(&state.Team)
	k.team = &state
	return k
}

func encode(t failer, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("marshal: %v", err)
	}
	return string(text)
}

// describe writes effects with the secrets that JSON leaves out.
func describe(t failer, effects []conversation.Effect) string {
	t.Helper()
	text := encode(t, effects)
	for _, e := range effects {
		text += fmt.Sprintf("\n%T", e)
		switch e := e.(type) {
		case conversation.Keep:
			text += " " + e.Value.Reveal()
		case conversation.OpenLink:
			text += " " + e.Code
		case orderflow.HandPassword:
			text += " " + e.Value.Reveal()
		}
	}
	return text
}

// step does an event, and checks what holds for every step.
func (k *talk) step(e chat.Event) *talk {
	k.t.Helper()
	k.n++
	if !k.d.Key.Private() {
		k.d.Join(k.team)
	}
	was := k.d
	if k.quick {
		k.d, k.effects = machine.Step(k.d, e, k.now)
	} else {
		k.stepTwice(e)
	}
	k.check()
	k.checkShown(e, was)
	if k.auto {
		for _, effect := range k.effects {
			k.respond(effect)
		}
	}
	return k
}

// stepTwice does an event, and again, and after a restart: it must all be the
// same.
func (k *talk) stepTwice(e chat.Event) {
	k.t.Helper()
	before := encode(k.t, k.d)
	stored := k.restarted()
	d, effects := machine.Step(k.d, e, k.now)
	again, effectsAgain := machine.Step(k.d, e, k.now)
	// What is read of what was stored is a copy of the input, which nobody can have
	// changed. Not all input is equal to its copy: nil may be read as empty.
	if !reflect.DeepEqual(k.d, stored) {
		if after := encode(k.t, k.d); after != before {
			k.t.Fatalf("%T changed its input\nbefore %s\nafter  %s", e, before, after)
		}
	}
	if !sameStep(k.t, d, again, effects, effectsAgain) {
		k.t.Fatalf("%T run twice differs", e)
	}
	// What is stored and read again goes on the same way.
	if reread, effectsReread := machine.Step(stored, e, k.now); !sameStep(k.t, d, reread, effects, effectsReread) {
		k.t.Fatalf("%T after a restart differs\n%s\n%s", e, encode(k.t, d), encode(k.t, reread))
	}
	k.d, k.effects = d, effects
}

// most is how many bytes a dialogue takes in the store at most, whatever it shows and
// people have written; with a list in it, it takes several times as many.
const most = 4096

// restarted returns the dialogue as it is after a restart: read of what is kept of it.
func (k *talk) restarted() conversation.Dialogue {
	k.t.Helper()
	on := shelf{}
	text, same, err := machine.Encode(k.d, on)
	if err != nil {
		k.t.Fatalf("encode: %v", err)
	}
	if len(text) > most {
		k.t.Fatalf("%s takes %d bytes: is a list kept in it?\n%s", whereIs(k.d), len(text), text)
	}
	stored, err := machine.Decode(text, on)
	if err != nil {
		k.t.Fatalf("decode: %v", err)
	}
	for _, copied := range []conversation.Dialogue{same, stored} {
		if !reflect.DeepEqual(k.d, copied) && encode(k.t, k.d) != encode(k.t, copied) {
			k.t.Fatalf("%s is read as %s", encode(k.t, k.d), encode(k.t, copied))
		}
	}
	return stored
}

// shelf keeps lists by what they say, except short ones.
type shelf map[string][]byte

func (s shelf) Keep(list any) (string, any, error) {
	text, err := json.Marshal(list)
	if len(text) < 100 {
		return "", list, err
	}
	name := fmt.Sprintf("%x", sha256.Sum256(text))[:22]
	s[name] = text
	return name, list, err
}

func (s shelf) Find(name string, list any) (bool, error) {
	text, found := s[name]
	if !found {
		return false, nil
	}
	return true, json.Unmarshal(text, list)
}

// sameStep reports whether two steps had the same outcome: it is stored and
// described in the same way. What is equal in all, which is the rule, is not
// written to see that, for that takes longer.
func sameStep(t failer, a, b conversation.Dialogue, said, saidToo []conversation.Effect) bool {
	t.Helper()
	return (reflect.DeepEqual(a, b) || encode(t, a) == encode(t, b)) &&
		(reflect.DeepEqual(said, saidToo) || describe(t, said) == describe(t, saidToo))
}

// respond answers an effect as the vendor would.
func (k *talk) respond(e conversation.Effect) {
	k.t.Helper()
	kept := k.effects
	switch e := e.(type) {
	case orderflow.LoadCatalogue:
		k.step(orderflow.CatalogueLoaded{Draft: e.Draft, Datacenter: e.Datacenter, Catalogue: k.catalogue(e.Datacenter)})
	case orderflow.FindNames:
		k.step(orderflow.NamesFound{Draft: e.Draft, Names: e.NamesOf(k.catalogue(e.Datacenter))})
	case orderflow.LoadForm:
		k.step(orderflow.FormLoaded{Draft: e.Draft, Asked: e.Account, Account: firstOf(e.Account, "7"), Plan: e.Plan, Datacenter: e.Datacenter, Form: formOf(e)})
	case orderflow.LoadBalance:
		k.step(orderflow.BalanceLoaded{Draft: e.Draft, Asked: e.Account, Balance: &zomro.Balance{Real: euro("100.00")}})
	case orderflow.LoadNamesake:
		event := orderflow.NamesakeLoaded{Draft: e.Draft, Asked: e.Account, Name: e.Name, Known: true}
		if event.Server, event.Taken = orderflow.NamesakeOf(event.Name, k.servers); !k.d.Key.Private() {
			event.Server = ""
		}
		k.step(event)
	case orderflow.MakePassword:
		k.secrets = append(k.secrets, "Made7-by-the-machine")
		k.step(orderflow.PasswordMade{Draft: e.Draft, Password: zomro.NewSecret("Made7-by-the-machine")})
	case conversation.Open:
		if e.Prolong != nil {
			k.step(prolongflow.Opened{Draft: e.Draft, ID: "A7K-42"})
			break
		}
		k.step(orderflow.PurchaseOpened{Draft: e.Draft, ID: "A7K-42"})
	case accountflow.LoadKeys:
		k.step(accountflow.KeysLoaded{Account: e.Account, Keys: accountKeys})
	case orderflow.LoadOffers:
		event := orderflow.OffersLoaded{Draft: e.Draft, Last: k.last}
		if k.d.Key.Private() {
			event.Templates = len(keptTemplates)
		}
		k.step(event)
	case orderflow.LoadTemplates:
		k.step(orderflow.TemplatesLoaded{Templates: keptTemplates})
	case orderflow.KeepTemplate:
		k.step(orderflow.TemplatesLoaded{Templates: append(slices.Clone(keptTemplates), orderflow.Template{Name: e.Name, Line: e.Line}), Kept: e.Name})
	case orderflow.DropTemplate:
		k.step(orderflow.TemplatesLoaded{Dropped: e.Name})
	case accountflow.AddKey:
		k.step(accountflow.KeyAdded{Name: e.Name})
	case accountflow.ChangeKey:
		k.step(accountflow.KeyChanged{Change: e, End: accountflow.KeyDone})
	case accountflow.Forget:
		k.step(accountflow.LoggedOut(e))
	case home.LoadStore:
		k.step(homeStore)
	case home.LoadVendor:
		k.step(homeVendor)
	case home.LoadExample:
		example := home.ExampleLoaded{Line: "/order " + orderflow.Example(catalogueOf(""))}
		if cpu, memory, place, found := orderflow.ExampleWish(catalogueOf("")); found {
			example.Wish = &home.Wish{CPU: cpu, Memory: memory, Place: place}
		}
		k.step(example)
	case accountflow.LoadAccounts:
		k.step(accountflow.AccountsLoaded{Brief: e.Brief, Accounts: accountStates(e.Brief)})
	default:
		if !k.respondServers(e) && !k.respondImages(e) && !k.respondTeam(e) && !k.respondTrial(e) {
			return
		}
	}
	k.effects = append(slices.Clone(kept), k.effects...)
}

// catalogue is what the vendor sells in a datacenter.
func (k *talk) catalogue(datacenter string) zomro.Catalogue {
	if k.sold != nil {
		return k.sold(datacenter)
	}
	return catalogueOf(datacenter)
}

func (k *talk) command(line string) *talk {
	k.t.Helper()
	name, args, _ := strings.Cut(strings.TrimPrefix(line, "/"), " ")
	k.message++
	return k.step(chat.Command{From: anna, Name: name, Args: args, Message: k.message, Unique: fmt.Sprint("u", k.n), Seen: !k.blind})
}

// title is that of the group; "" in private.
func (k *talk) title() string {
	if k.d.Key.Private() {
		return ""
	}
	return "Backend"
}

func (k *talk) say(text string) *talk {
	k.t.Helper()
	k.message++
	return k.step(chat.Text{From: anna, Text: text, Message: k.message, Seen: !k.blind && machine.Agrees(k.d)})
}

// secretly says what must not be seen in the dialogue afterwards.
func (k *talk) secretly(text string) *talk {
	k.t.Helper()
	k.secrets = append(k.secrets, text)
	return k.say(text)
}

func (k *talk) wait(d time.Duration) *talk {
	k.now = k.now.Add(d)
	return k
}

func (k *talk) press(data string) *talk {
	k.t.Helper()
	return k.step(chat.Press{From: anna, ID: fmt.Sprint("press", k.n), Data: data, Message: 900})
}

// tap presses the button of the card whose English label has this in it.
func (k *talk) tap(label string) *talk {
	k.t.Helper()
	card := k.card()
	for _, b := range buttons(card) {
		if strings.Contains(english(k.t, b.Label), label) {
			return k.press(b.Data)
		}
	}
	k.t.Fatalf("no button %q on the card:\n%s", label, show(k.t, card))
	return k
}

func (k *talk) card() chat.Screen {
	k.t.Helper()
	s, ok := machine.Render(k.d)
	if !ok {
		k.t.Fatalf("there is no card")
	}
	return s
}

// sees checks that the card says all of these, in English.
func (k *talk) sees(texts ...string) *talk {
	k.t.Helper()
	shown := show(k.t, k.card())
	for _, text := range texts {
		if !strings.Contains(shown, text) {
			k.t.Fatalf("the card does not say %q:\n%s", text, shown)
		}
	}
	return k
}

func (k *talk) seesNot(texts ...string) *talk {
	k.t.Helper()
	shown := show(k.t, k.card())
	for _, text := range texts {
		if strings.Contains(shown, text) {
			k.t.Fatalf("the card says %q:\n%s", text, shown)
		}
	}
	return k
}

// at checks where the draft stands.
func (k *talk) at(p conversation.Place) *talk {
	k.t.Helper()
	if k.d.Draft == nil || k.d.Draft.Place != p {
		k.t.Fatalf("not at %s: %s", p, encode(k.t, k.d))
	}
	return k
}

// has returns the first effect of the last step that fits; it fails when there
// is none.
func (k *talk) has(what string, fits func(conversation.Effect) bool) conversation.Effect {
	k.t.Helper()
	i := slices.IndexFunc(k.effects, fits)
	if i < 0 {
		k.t.Fatalf("no %s among the effects: %s", what, describe(k.t, k.effects))
	}
	return k.effects[i]
}

func (k *talk) count(fits func(conversation.Effect) bool) int {
	n := 0
	for _, e := range k.effects {
		if fits(e) {
			n++
		}
	}
	return n
}

func isOpen(e conversation.Effect) bool { return is[conversation.Open](e) }

func isKeep(e conversation.Effect) bool { return is[conversation.Keep](e) }

func isDrop(e conversation.Effect) bool { return is[conversation.Drop](e) }

func isDelete(e conversation.Effect) bool { return is[conversation.Delete](e) }

func isNotify(e conversation.Effect) bool { return is[conversation.Notify](e) }

func isAnew(e conversation.Effect) bool {
	show, ok := e.(conversation.Show)
	return ok && show.AsNew
}

func isShow(e conversation.Effect) bool { return is[conversation.Show](e) }

// toast returns the text that the last press was answered with.
func (k *talk) toast() string {
	k.t.Helper()
	answer := k.has("answer", is[conversation.Answer]).(conversation.Answer)
	if answer.Text == nil {
		return ""
	}
	return answer.Text.Key
}

// notified returns the first message that was sent beside the card.
func (k *talk) notified() string {
	k.t.Helper()
	return show(k.t, k.has("notification", isNotify).(conversation.Notify).Screen)
}

// check is what holds after every step.
func (k *talk) check() {
	k.t.Helper()
	if len(k.secrets) > 0 && !k.quick {
		stored := encode(k.t, k.d)
		for _, secret := range k.secrets {
			if strings.Contains(stored, secret) {
				k.t.Fatalf("the dialogue holds a secret: %s", stored)
			}
		}
	}
	for _, e := range k.effects {
		switch e := e.(type) {
		case conversation.Notify:
			checkScreen(k.t, e.Screen)
		case conversation.Answer:
			if e.Text != nil {
				checkPhrase(k.t, *e.Text)
			}
		case conversation.Open:
			for _, line := range e.Agreed.Lines {
				checkPhrase(k.t, line)
			}
		}
	}
	if k.d.Draft != nil && k.d.Wake.IsZero() {
		k.t.Fatalf("a draft that never expires")
	}
	k.shown = nil
	card, ok := machine.Render(k.d)
	if !ok {
		return
	}
	k.shown = &card
	checkScreen(k.t, card)
	rows, out := 0, false
	for _, row := range card.Rows {
		if slices.ContainsFunc(row, func(b chat.Button) bool { return strings.Contains(b.Data, ":pick.") }) {
			rows++
		}
	}
	for _, b := range buttons(card) {
		out = out || slices.Contains([]string{"back", "cancel", "anew", "continue"}, verbOf(b.Data))
	}
	if rows > 8 {
		k.t.Fatalf("%d rows of a list at once", rows)
	}
	if s, ok := machine.Prompt(k.d); ok {
		checkScreen(k.t, s)
		if k.d.Key.Private() || !s.Reply || len(s.Rows) > 0 {
			k.t.Fatalf("a prompt that cannot be replied to: %s", encode(k.t, s))
		}
	}
	if k.d.Draft != nil && k.d.Draft.Place != orderflow.PlaceOpening && !out {
		k.t.Fatalf("no way out of %s", k.d.Draft.Place)
	}
}

// checkShown holds that what time brings about changes a card only with showing it: a typed
// word agrees only to a card that the chat shows as it is.
func (k *talk) checkShown(e chat.Event, was conversation.Dialogue) {
	k.t.Helper()
	switch e.(type) {
	case conversation.Tick, accountflow.MattersLoaded:
	default:
		return
	}
	if slices.ContainsFunc(k.effects, func(e conversation.Effect) bool { _, shows := e.(conversation.Show); return shows }) {
		return
	}
	before, there := machine.Render(was)
	after, stays := machine.Render(k.d)
	if there && stays && encode(k.t, before) != encode(k.t, after) {
		k.t.Fatalf("%T has changed the card of %s, and does not show it\nbefore %s\nafter  %s", e, whereIs(k.d), encode(k.t, before), encode(k.t, after))
	}
}

func buttons(s chat.Screen) []chat.Button { return slices.Concat(s.Rows...) }

// verbOf is what a button's data asks for, without the number of a row and
// without whom it is for.
func verbOf(data string) string {
	parts := strings.Split(data, ":")
	if parts[0] == conversation.KindServer && len(parts) == 2 {
		return "server" // whichever
	}
	verb, _, _ := strings.Cut(parts[min(len(parts)-1, 3)], ".")
	return verb
}

func checkScreen(t failer, s chat.Screen) {
	t.Helper()
	if len(s.Lines) == 0 {
		t.Fatalf("a screen without text")
	}
	for _, line := range s.Lines {
		if line.Key != "" {
			checkPhrase(t, line)
		}
	}
	if p := s.Picture; p != nil {
		checkPicture(t, *p)
	}
	for _, b := range buttons(s) {
		checkPhrase(t, b.Label)
		actions := 0
		for _, action := range []bool{b.Data != "", b.URL != "", b.Copy != "", b.Start != "", b.StartCopy != "", b.StartShare != "", b.AddToGroup, b.Off} {
			if action {
				actions++
			}
		}
		if actions != 1 || len(b.Data) > 64 {
			t.Fatalf("button %+v: %d actions, %d bytes", b, actions, len(b.Data))
		}
	}
}

// checkPicture: it is of one kind, and its numbers can be written.
func checkPicture(t failer, p chat.Picture) {
	t.Helper()
	if (p.Lines == nil) == (p.Bars == nil) {
		t.Fatalf("a picture that is neither of lines nor of bars, or of both")
	}
	names := []chat.Phrase{p.Title, p.Note, p.Empty}
	if p.Lines != nil {
		for _, s := range p.Lines.Series {
			names = append(names, s.Name)
		}
	}
	if p.Bars != nil {
		for _, s := range p.Bars.Series {
			names = append(names, s.Name)
		}
	}
	for _, name := range names {
		if name.Key != "" {
			checkPhrase(t, name)
		}
	}
	if _, err := json.Marshal(p); err != nil {
		t.Fatalf("a picture that cannot be kept: %v", err)
	}
}

// messages are the texts of a language: by id, then by plural form; "" for a
// message without forms.
var messages = func() map[string]map[string]map[string]string {
	all := make(map[string]map[string]map[string]string)
	for _, lang := range []string{"en", "ru"} {
		text, err := os.ReadFile("../locales/" + lang + ".json")
		if err != nil {
			panic(err)
		}
		var raw map[string]any
		if err := json.Unmarshal(text, &raw); err != nil {
			panic(err)
		}
		all[lang] = make(map[string]map[string]string)
		for key, value := range raw {
			forms := map[string]string{}
			switch value := value.(type) {
			case string:
				forms[""] = value
			case map[string]any:
				for form, text := range value {
					forms[form] = text.(string)
				}
			}
			all[lang][key] = forms
		}
	}
	return all
}()

var (
	placeholder = regexp.MustCompile(`\{\{\.([A-Za-z]+)\}\}`)
	tag         = regexp.MustCompile(`</?[a-z]+>`)
)

// arguments are what each message names, in any of its forms and languages.
var arguments = func() map[string]map[string]bool {
	all := make(map[string]map[string]bool)
	for _, texts := range messages {
		for key, forms := range texts {
			if all[key] == nil {
				all[key] = make(map[string]bool)
			}
			for _, text := range forms {
				for _, match := range placeholder.FindAllStringSubmatch(text, -1) {
					all[key][match[1]] = true
				}
			}
		}
	}
	return all
}()

// checkPhrase checks that both languages have the message, and that it has all
// arguments that they name, and no others.
func checkPhrase(t failer, p chat.Phrase) {
	t.Helper()
	for lang, all := range messages {
		forms, ok := all[p.Key]
		if !ok {
			t.Fatalf("no message %q in %s", p.Key, lang)
		}
		_, plain := forms[""]
		if count := p.Args["Count"].Number; (count != nil) == plain {
			t.Fatalf("message %q: a count belongs to plural forms and only to them", p.Key)
		}
	}
	for name := range arguments[p.Key] {
		if _, ok := p.Args[name]; !ok {
			t.Fatalf("message %q has no argument %s", p.Key, name)
		}
	}
	for name, arg := range p.Args {
		if !arguments[p.Key][name] && name != "Count" {
			t.Fatalf("message %q does not use its argument %s", p.Key, name)
		}
		if arg.Phrase != nil {
			checkPhrase(t, *arg.Phrase)
		}
		for _, part := range arg.List {
			checkPhrase(t, part)
		}
	}
}

// english writes a phrase, roughly as the chat shows it in English.
func english(t failer, p chat.Phrase) string { return write(t, "en", p) }

func write(t failer, lang string, p chat.Phrase) string {
	t.Helper()
	if p.Key == "" {
		return ""
	}
	forms := messages[lang][p.Key]
	text, ok := forms[""]
	if !ok {
		text = forms[pluralForm(lang, *p.Args["Count"].Number)]
	}
	text = placeholder.ReplaceAllStringFunc(text, func(name string) string {
		a := p.Args[placeholder.FindStringSubmatch(name)[1]]
		switch {
		case a.Code != "":
			return "`" + a.Code + "`"
		case a.Hidden != "":
			return "||" + a.Hidden + "||"
		case a.Start != "":
			return "t.me/bot?start=" + a.Start
		case a.Number != nil:
			return fmt.Sprint(*a.Number)
		case a.Amount != nil:
			return strconv.FormatFloat(a.Amount.Value, 'f', -1, 64) + " " + string(a.Amount.Unit)
		case a.Money != nil:
			return a.Money.Amount.StringFixed(max(2, -a.Money.Amount.Exponent())) + " " + a.Money.Currency
		case a.Time != nil:
			return a.Time.Format(time.RFC3339)
		case a.Day != nil:
			return a.Day.Format(time.DateOnly)
		case a.Person != nil:
			return "@" + a.Person.Name
		case a.Phrase != nil:
			return write(t, lang, *a.Phrase)
		case a.List != nil:
			var parts []string
			for _, part := range a.List {
				parts = append(parts, write(t, lang, part))
			}
			return strings.Join(parts, ", ")
		default:
			return a.Text
		}
	})
	return html.UnescapeString(tag.ReplaceAllString(text, ""))
}

// pluralForm is the CLDR form for a whole number.
func pluralForm(lang string, n int) string {
	if lang == "en" {
		if n == 1 {
			return "one"
		}
		return "other"
	}
	switch {
	case n%10 == 1 && n%100 != 11:
		return "one"
	case n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		return "few"
	default:
		return "many"
	}
}

// show writes a screen as text: its lines, then its rows of buttons.
func show(t failer, s chat.Screen) string { return showIn(t, "en", s) }

func showIn(t failer, lang string, s chat.Screen) string {
	t.Helper()
	var b strings.Builder
	for _, line := range s.Lines {
		b.WriteString(write(t, lang, line) + "\n")
	}
	if s.Picture != nil {
		b.WriteString("(a picture: " + write(t, lang, s.Picture.Title) + ")\n")
	}
	for _, row := range s.Rows {
		for _, button := range row {
			b.WriteString("[" + write(t, lang, button.Label) + "] ")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func euro(amount string) zomro.Money {
	return zomro.Money{Amount: decimal.RequireFromString(amount), Currency: "EUR"}
}

// accountStates is what is known of the accounts of withTwo.
func accountStates(brief bool) []accountflow.State {
	states := []accountflow.State{
		{ID: "7", Open: []string{"A7K-42"}, Reserved: []zomro.Money{euro("5.76")}}, {ID: "8"},
	}
	if !brief {
		daily := euro("0.30")
		states[0].Balance, states[0].Daily = &zomro.Balance{Real: euro("100.00")}, &daily
		states[1].Problem = &conversation.Problem{Kind: zomro.Denied}
	}
	return states
}

func firstOf(text, otherwise string) string {
	if text != "" {
		return text
	}
	return otherwise
}

// again is the same talk at the same place, for another test.
func (k *talk) again(t failer) *talk {
	other := *k
	other.t, other.secrets = t, slices.Clone(k.secrets)
	return &other
}

// that reports whether an effect is of a type and fits.
func that[T conversation.Effect](fits func(T) bool) func(conversation.Effect) bool {
	return func(e conversation.Effect) bool {
		effect, ok := e.(T)
		return ok && fits(effect)
	}
}

// is reports whether an effect is of a type.
func is[T conversation.Effect](e conversation.Effect) bool {
	_, ok := e.(T)
	return ok
}
