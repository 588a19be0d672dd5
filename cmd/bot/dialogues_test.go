package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/shopspring/decimal"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
	"zomrobot/zomro/sandbox"
)

// TestDialogues holds whole dialogues, in both languages, as people see them.
// Each file of testdata/dialogues is a script and what was on the screen after
// each of its steps. go test ./cmd/bot -run Dialogues -rewrite renews them; read
// what has changed before it is committed.
//
// The steps:
//
//	world lang=en|ru [login] [vat=20]   a new world; login: the account is connected
//	  [owner]                           the person is an owner of the bot
//	  [group|team] [forum]              beside the person there are two more and a group of
//	                                    theirs; team: it is a team with the account; forum:
//	                                    all of it happens in a topic
//	say                                 the person writes the input
//	tap                                 the person taps the newest button of that label
//	tap-old                             the person taps the first such button there ever was,
//	                                    as a client does that was not told of the edit
//	pass                                so much time goes by, or one time after the other
//	restart                             the bot is stopped and started again
//	vendor                              something happens at the vendor, see atVendor
//	bought                              what the vendor sold, with the fields of the order
//	chat                                what is in the chat by now: of each message how it begins, and
//	                                    its buttons
//
// With a group, "first", "second" and "third" say who does it, and "private" that
// it is done in their own chat rather than in the group; the first person is the
// owner of the group, the second a member, the third an administrator. on=N taps a
// button of the bot's message N instead of the newest. There are also:
//
//	reply                               the person replies to the newest prompt of the bot
//	link                                the person opens the newest link of that label
//	group                               something happens to the group, see atGroup
func TestDialogues(t *testing.T) {
	t.Parallel()
	thin := thinned(t)
	paths, err := filepath.Glob("testdata/dialogues/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no dialogues: %v", err)
	}
	if thin {
		paths = slices.DeleteFunc(paths, func(path string) bool { return len(path)%thinTo > 0 })
	}
	play := func(t *testing.T, path string) {
		t.Parallel()
		if strings.Contains(path, "health.") { // tells of the room for the file
			fileOnly(t)
		}
		var d *dialogue
		datadriven.RunTest(t, path, func(t *testing.T, step *datadriven.TestData) string {
			if step.Cmd == "world" {
				d = newDialogue(t, step)
				return d.news()
			}
			input := strings.TrimSpace(step.Input)
			d.place(step)
			switch step.Cmd {
			case "say":
				thread := 0
				if d.chat != d.person {
					thread = d.topic
				}
				d.sayInTopic(d.person, d.chat, thread, input)
			case "reply":
				d.reply(input)
			case "link":
				d.openLink(input)
			case "group":
				if err := d.atGroup(strings.Fields(input)); err != nil {
					step.Fatalf(t, "%v", err)
				}
			case "tap":
				if err := d.tapStep(step, d.unnamed(input)); err != nil {
					return err.Error() + "\n" + d.news()
				}
				d.settle()
			case "tap-old":
				if err := d.tapOldest(input); err != nil {
					step.Fatalf(t, "%v", err)
				}
			case "pass":
				for by := range strings.FieldsSeq(input) {
					by, err := time.ParseDuration(by)
					if err != nil {
						step.Fatalf(t, "%v", err)
					}
					d.pass(by)
				}
			case "restart":
				d.restart()
				d.settle()
			case "vendor":
				if err := d.atVendor(strings.Fields(input)); err != nil {
					step.Fatalf(t, "%v", err)
				}
			case "bought":
				return d.renamed(d.bought())
			case "chat":
				return d.inChat()
			default:
				step.Fatalf(t, "there is no step %q", step.Cmd)
			}
			return d.news()
		})
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) { play(t, path) })
	}
}

// dialogue is a dialogue in a world: of one person, or of several and a group.
type dialogue struct {
	*world
	person int64 // who does the step
	chat   int64 // where
	topic  int   // of the group; 0: it has none
	people []int64
	places []int64       // all that are looked at
	read   map[int64]int // of the transcript of each
	names  map[string]string
	old    map[string]oldButton // by label, the first of each

	silence *sandbox.Injection // the vendor does not answer
}

// oldButton is a button as it once was.
type oldButton struct {
	message int
	data    string
}

// tapOldest taps a button as it once was.
func (d *dialogue) tapOldest(label string) error {
	b, ok := d.old[label]
	if !ok {
		return fmt.Errorf("there never was a button %q", label)
	}
	_, err := d.chats.TapData(d.person, d.chat, b.message, b.data)
	d.settle()
	return err
}

// remember keeps the buttons that are shown now.
func (d *dialogue) remember() {
	for _, m := range d.chats.Messages(d.chat) {
		for _, row := range m.Keyboard {
			for _, b := range row {
				if _, ok := d.old[b.Label]; !ok && b.Data != "" {
					d.old[b.Label] = oldButton{m.ID, b.Data}
				}
			}
		}
	}
}

func newDialogue(t *testing.T, step *datadriven.TestData) *dialogue {
	config := sandbox.Config{ActivationDelay: time.Minute, WorkDelay: 20 * time.Second}
	var vat int64
	step.MaybeScanArgs(t, "vat", &vat)
	if vat > 0 {
		config.VATPercent, config.Facts = decimal.NewFromInt(vat), sandbox.Facts{profile.CartTotal: profile.WithTax}
	}
	var lang string
	step.ScanArgs(t, "lang", &lang)
	person := map[string]int64{"en": anna, "ru": boris}[lang]
	w := newWorldWith(t, config, func(c *Config) {
		if step.HasArg("owner") {
			c.Owners = []int64{person}
		}
	})
	d := &dialogue{world: w, person: person, chat: person, names: map[string]string{}, old: map[string]oldButton{}, read: map[int64]int{}}
	d.people, d.places = []int64{d.person}, []int64{d.person}
	if step.HasArg("group") || step.HasArg("team") {
		d.people = map[string][]int64{"en": {anna, carol, dave}, "ru": {boris, vera, gleb}}[lang]
		if step.HasArg("forum") {
			d.topic = d.newForum(d.people)
		} else {
			d.newGroup(d.people)
		}
		d.places = append(slices.Clone(d.people), d.group())
		d.chat = d.group()
	}
	if step.HasArg("login") || step.HasArg("team") {
		d.login(d.person)
	}
	if step.HasArg("team") {
		d.makeTeamIn(d.person, d.group(), d.topic)
	}
	if step.HasArg("login") || step.HasArg("team") {
		d.news()
	}
	return d
}

// place says who does a step, and where.
func (d *dialogue) place(step *datadriven.TestData) {
	if len(d.people) < 2 {
		return
	}
	d.person, d.chat = d.people[0], d.group()
	for i, name := range []string{"first", "second", "third"} {
		if step.HasArg(name) {
			d.person = d.people[i]
		}
	}
	if step.HasArg("private") {
		d.chat = d.person
	}
}

// reply has the person reply to the newest prompt in the chat.
func (d *dialogue) reply(text string) {
	d.t.Helper()
	for _, m := range slices.Backward(d.chats.Messages(d.chat)) {
		if m.AsksReply && !m.Deleted && strings.Contains(m.Text, peopleNames[d.person]) {
			if _, err := d.chats.Reply(d.person, d.chat, m.ID, text); err != nil {
				d.t.Fatal(err)
			}
			d.settle()
			return
		}
	}
	d.t.Fatalf("nothing asks for a reply:\n%s", d.chats.Transcript(d.chat))
}

// What is made at random: the names of purchases, codes of links, passwords.
var (
	purchaseID = regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{2}\b`)
	code       = regexp.MustCompile(`/start [A-Za-z0-9_-]{22}\b`)
	orderLink  = regexp.MustCompile(`\?start=[A-Za-z0-9_-]{22}`)
	hidden     = regexp.MustCompile(`\|\|[^|]+\|\|`)
)

// entry is the beginning of an entry of the transcript about a message of the
// bot: it was sent, or edited.
var entry = regexp.MustCompile(`(?m)^bot (?:\([^)]*\) )?(#\d+)( edited)?: `)

// removed is an entry about a message of the bot that it removed.
var removed = regexp.MustCompile(`^bot deletes (#\d+)\n$`)

// news is what happened in the chat since it was last read. What the bot showed
// in between is left out: of a message that it edited, or sent and edited, only
// the last version is there, in the place of the first, and nothing of a card
// that another took the place of.
func (d *dialogue) news() string {
	if len(d.places) == 1 {
		return d.newsOf(d.chat)
	}
	var all strings.Builder
	for _, chat := range d.places {
		if news := d.newsOf(chat); news != "" {
			name := "the group"
			if i := slices.Index(d.people, chat); i >= 0 {
				name = peopleNames[chat] + ", in private"
			}
			fmt.Fprintf(&all, "== %s\n%s", name, news)
		}
	}
	return all.String()
}

// inChat is what is in the chat where a step is done: a line for each message, and how many
// they are.
func (d *dialogue) inChat() string {
	var b strings.Builder
	count := 0
	for _, m := range d.chats.Messages(d.chat) {
		if m.Deleted || m.Service != "" {
			continue
		}
		count++
		if strings.Contains(m.Text, "⏳") {
			d.t.Errorf("something still seems to be going on:\n%s", m.Text)
		}
		first, rest, _ := strings.Cut(m.Text, "\n")
		fmt.Fprintf(&b, "%s: %s", m.Name, first)
		if rest != "" {
			fmt.Fprintf(&b, " (and %d lines)", strings.Count(rest, "\n")+1)
		}
		for _, button := range slices.Concat(m.Keyboard...) {
			fmt.Fprintf(&b, " [%s]", button.Label)
		}
		b.WriteString("\n")
	}
	return d.steady(fmt.Sprintf("%s%d in the chat\n", b.String(), count))
}

// newsOf is what happened in one chat.
func (d *dialogue) newsOf(chat int64) string {
	d.remember()
	whole := d.chats.Transcript(chat)
	text := whole[d.read[chat]:]
	d.read[chat] = len(whole)
	var entries []string
	first, replaced := map[string]int{}, map[string]bool{}
	for _, e := range splitEntries(text) {
		if head := entry.FindStringSubmatch(e); head != nil && strings.HasPrefix(e, head[0]+"buttons removed") {
			replaced[head[1]] = true
		}
		if gone := removed.FindStringSubmatch(e); gone != nil {
			replaced[gone[1]] = true
		}
	}
	for _, e := range splitEntries(text) {
		head := entry.FindStringSubmatch(e)
		if head == nil || strings.HasPrefix(e, head[0]+"buttons removed") {
			entries = append(entries, e)
			continue
		}
		if replaced[head[1]] {
			if head[2] == "" && !strings.HasPrefix(e, head[0]+"new buttons") {
				entries = append(entries, head[0]+"(a card that was replaced)\n")
			}
			continue
		}
		if at, ok := first[head[1]]; ok {
			before := entry.FindString(entries[at])
			entries[at] = before + strings.TrimPrefix(e, head[0])
			continue
		}
		first[head[1]] = len(entries)
		entries = append(entries, e)
	}
	return d.steady(strings.Join(inOrder(entries), ""))
}

// steady puts what is the same in every run in the place of what is made at random.
func (d *dialogue) steady(text string) string {
	text = d.renamed(purchaseID.ReplaceAllStringFunc(text, func(id string) string {
		if d.names[id] == "" {
			d.names[id] = fmt.Sprintf("AAA-%02d", len(d.names)+1)
		}
		return d.names[id]
	}))
	text = code.ReplaceAllString(text, "/start (the code of the link)")
	text = orderLink.ReplaceAllString(text, "?start=(the code of the link)")
	return hidden.ReplaceAllString(text, "||(a generated password)||")
}

// renamed writes the servers' names that hold the name of a purchase with the name that
// it has in the dialogue.
func (d *dialogue) renamed(text string) string {
	own := func(id string) string { return strings.ToLower(strings.ReplaceAll(id, "-", "")) }
	for id, name := range d.names {
		text = strings.ReplaceAll(text, "-"+own(id), "-"+own(name))
	}
	return onDisk.ReplaceAllString(text, "${1}(as it is)")
}

// onDisk is what an owner is told of the machine.
var onDisk = regexp.MustCompile(`(💾 (?:Store|Хранилище): ).*`)

// placing is the end of a card that was shown while an order was placed: whether
// it was shown before another took its place is a matter of moments.
var placing = regexp.MustCompile(`⏳ (Placing the order…|Оформляю заказ…)\n+$`)

// inOrder puts what the bot did in one go into a fixed order, for an edit that a
// later one makes needless is sometimes made: edits, then what was sent, then what
// lost its buttons.
func inOrder(entries []string) []string {
	rank := func(e string) int {
		head := entry.FindStringSubmatch(e)
		switch {
		case removed.MatchString(e):
			return 2
		case head == nil:
			return -1
		case strings.HasPrefix(e, head[0]+"buttons removed"):
			return 2
		case head[2] != "":
			return 0
		default:
			return 1
		}
	}
	for i, e := range entries {
		if head := entry.FindStringSubmatch(e); head != nil && head[2] != "" && placing.MatchString(e) {
			entries[i] = strings.Replace(head[0], " edited", "", 1) + "buttons removed\n"
		}
	}
	for from := 0; from < len(entries); from++ {
		to := from
		for to < len(entries) && rank(entries[to]) >= 0 {
			to++
		}
		slices.SortStableFunc(entries[from:to], func(a, b string) int { return rank(a) - rank(b) })
		from = to
	}
	return entries
}

// unnamed puts the random ids of purchases back into a button's label.
func (d *dialogue) unnamed(label string) string {
	for id, name := range d.names {
		label = strings.ReplaceAll(label, name, id)
	}
	return label
}

// splitEntries cuts a transcript into its entries: each begins at the start of
// a line, what is indented belongs to the one before.
func splitEntries(text string) []string {
	var entries []string
	for line := range strings.Lines(text) {
		if len(entries) > 0 && (line == "\n" || strings.HasPrefix(line, " ")) {
			entries[len(entries)-1] += line
			continue
		}
		entries = append(entries, line)
	}
	return entries
}

// atVendor has something happen at the vendor.
func (d *dialogue) atVendor(words []string) error {
	switch words[0] {
	case "expires-sessions":
		d.vendor.ExpireSessions(vendorLogin)
	case "has-account": // another one: its login, password and balance
		amount, err := decimal.NewFromString(words[3])
		if err != nil {
			return err
		}
		d.vendor.AddAccount(words[1], words[2], zomro.Money{Amount: amount, Currency: "EUR"})
	case "bars-address": // of logins of an account; its sessions end
		d.vendor.SetBadIP(words[1], true)
		d.vendor.ExpireSessions(words[1])
	case "forgets-password": // of an account: another one is set, and its sessions end
		d.vendor.SetPassword(words[1], "Another-Secret-9")
		d.vendor.ExpireSessions(words[1])
	case "has-server": // its name
		d.vendor.AddService(vendorLogin, words[1])
	case "charges": // from a day on, on so many days, an amount each, for something of that name
		day, err := time.Parse(time.DateOnly, words[1])
		days, err2 := strconv.Atoi(words[2])
		amount, err3 := decimal.NewFromString(words[3])
		if err := errors.Join(err, err2, err3); err != nil {
			return err
		}
		for n := range days {
			d.vendor.AddCharge(vendorLogin, strings.Join(words[4:], " "), zomro.Money{Amount: amount, Currency: "EUR"}, day.AddDate(0, 0, n))
		}
	case "has-copy": // of the oldest server: its kind and name
		d.vendor.AddCopy(vendorLogin, d.vendor.Services(vendorLogin)[0].ID, zomro.CopyKind(words[1]), words[2])
	case "has-image": // of the account's own: its name and format
		d.vendor.AddOwnImage(vendorLogin, words[1], words[2])
	case "has-paid": // for the oldest server: the days on which it was ordered and until which it is paid
		var days [2]time.Time
		for i := range days {
			var err error
			if days[i], err = time.Parse(time.DateOnly, words[i+1]); err != nil {
				return err
			}
		}
		d.vendor.SetPaid(vendorLogin, d.vendor.Services(vendorLogin)[0].ID, days[0], days[1])
	case "bills": // the oldest server, by a period
		if !d.vendor.SetBilled(vendorLogin, d.vendor.Services(vendorLogin)[0].ID, zomro.Period(words[1])) {
			return fmt.Errorf("no such period: %s", words[1])
		}
	case "prolongs": // what becomes of a server that is to be paid on
		d.vendor.Behave(sandbox.Behaviour{Facts: sandbox.Facts{profile.LineItem: profile.Both}, Prolonging: sandbox.Prolonging(strings.Join(words[1:], " "))})
	case "pays-on": // the oldest server is paid on in the panel, or by itself
		d.vendor.PayOn(vendorLogin, d.vendor.Services(vendorLogin)[0].ID)
	case "hides-cart": // it is shown in a shape that nobody understands
		d.vendor.SetFact(profile.CartFields, profile.Otherwise)
	case "shows-cart":
		d.vendor.SetFact(profile.CartFields, "")
	case "ignores-renewal": // what is set in a server's form
		d.vendor.Behave(sandbox.Behaviour{RenewalIgnored: true})
	case "suspends": // the oldest server, with a code of its status
		d.vendor.SetServiceStatus(vendorLogin, d.vendor.Services(vendorLogin)[0].ID, words[1])
	case "powers": // a server of a name, with a word of its power
		for _, s := range d.vendor.Services(vendorLogin) {
			if s.Name == words[1] {
				d.vendor.SetPower(vendorLogin, s.ID, words[2])
			}
		}
	case "used": // by a server of a name: gigabytes of traffic, and how many are paid for
		var gigabytes [2]int64
		for i := range gigabytes {
			var err error
			if gigabytes[i], err = strconv.ParseInt(words[i+2], 10, 64); err != nil {
				return err
			}
		}
		for _, s := range d.vendor.Services(vendorLogin) {
			if s.Name == words[1] {
				d.vendor.SetTraffic(vendorLogin, s.ID, gigabytes[0]*1e9, gigabytes[1]*1e9)
			}
		}
	case "bare-console": // no cookie comes with the way to a server's screen
		d.vendor.SetBareConsole(true)
	case "keeps-dns": // the oldest server, whatever it is given
		d.vendor.SetKeepsDNS(vendorLogin, d.vendor.Services(vendorLogin)[0].ID)
	case "has-foreign-item":
		d.vendor.PutForeignItem(vendorLogin)
	case "empties-cart":
		d.vendor.EmptyCart(vendorLogin)
	case "has-balance":
		amount, err := decimal.NewFromString(words[1])
		if err != nil {
			return err
		}
		d.vendor.SetBalance(vendorLogin, zomro.Money{Amount: amount, Currency: "EUR"})
	case "loses-answer", "drops-call": // the function's name
		d.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: words[1], Match: match(words[2:]), Effect: words[0] == "loses-answer"})
	case "changes-price": // of a plan, a period, to an amount
		amount, err := decimal.NewFromString(words[3])
		if err != nil || !d.vendor.SetPrice(words[1], zomro.Period(words[2]), zomro.Money{Amount: amount, Currency: "EUR"}) {
			return fmt.Errorf("no such price: %v %w", words[1:], err)
		}
	case "drops-plan":
		d.vendor.DropPlan(words[1])
	case "stops-answering": // the function's name
		d.silence = d.vendor.Inject(sandbox.Fault{Kind: sandbox.Drop, Func: words[1], Times: -1})
	case "answers-again":
		d.silence.Remove()
	case "refuses": // the function's name, the type, the object
		fault := sandbox.Fault{Kind: sandbox.Reply, Func: words[1], ErrorType: words[2], ErrorText: "No."}
		if len(words) > 3 {
			fault.ErrorObject = words[3]
		}
		d.vendor.Inject(fault)
	default:
		return fmt.Errorf("nothing of the name %q happens at the vendor", words[0])
	}
	return nil
}

// match reads "name=value" words.
func match(words []string) map[string]string {
	m := map[string]string{}
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		m[name] = value
	}
	return m
}

// bought is what the vendor sold, with the fields that ordered it.
func (d *dialogue) bought() string {
	var b strings.Builder
	for _, order := range d.vendor.Orders(vendorLogin) {
		fmt.Fprintf(&b, "line item %s for %s %s, %d services\n", order.LineItem, order.Amount.Amount.StringFixed(2), order.Amount.Currency, len(order.Services))
		for _, field := range order.Fields {
			value := field.Value
			switch field.Name {
			case "auth":
				value = "(the session)"
			case "password":
				value = "(the password)"
			}
			fmt.Fprintf(&b, "  %s=%s\n", field.Name, value)
		}
	}
	fmt.Fprintf(&b, "%d in the cart, %s left\n", len(d.vendor.Cart(vendorLogin)), d.vendor.Balance(vendorLogin).Amount.StringFixed(2))
	return b.String()
}
