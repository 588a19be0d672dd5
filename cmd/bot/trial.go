package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	trialflow "zomrobot/conversation/trial"
	"zomrobot/locales"
	"zomrobot/telegram"
	"zomrobot/trial"
)

// lookEvery is how often a terminal looks how the trial stands.
const lookEvery = time.Second

// runTrial has the running bot try the vendor with one of its accounts, in a terminal, or
// writes the report of what was learned.
func runTrial(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("trial", flag.ContinueOnError)
	name := flags.String("account", "", "the connected account, by its `name` or login")
	person := flags.Int64("person", 0, "the Telegram `id` of whoever connected it, where several accounts have that name")
	lang := flags.String("lang", locales.Languages()[0], "the `language`: "+strings.Join(locales.Languages(), " or "))
	report := flags.Bool("report", false, "write the report and end")
	file := flags.String("o", "", "write the report into this `file`")
	if err := parse(flags, args, stderr); err != nil {
		return err
	}
	switch {
	case *name == "":
		return usage(errors.New("name an account with -account"))
	case !slices.Contains(locales.Languages(), *lang):
		return usage(fmt.Errorf("-lang: there is no language %q; there are %s", *lang, strings.Join(locales.Languages(), ", ")))
	}
	config, err := ReadConfig()
	if err != nil {
		return usage(err)
	}
	socket := socketBeside(config.Storage.URL)
	if socket == "" {
		return usage(errors.New("STORAGE_URL: a bot is asked beside its store; with one that is nowhere use /trial in the chat"))
	}
	texts, err := locales.Load()
	if err != nil {
		return err
	}
	c := trialClient{bot: besideBot{socket}, texts: texts, lang: *lang, out: stdout, in: os.Stdin, file: *file}
	c.cluster = onCluster(config.Storage.URL)
	c.again = trialAgain(*name, *person, *lang)
	return c.inWords(c.serve(ctx, *name, *person, *report))
}

// trialAgain is the command that takes a trial up again.
func trialAgain(name string, person int64, lang string) string {
	if strings.ContainsAny(name, " \t'\"\\$&;|<>*?()#") {
		name = "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
	}
	command := "bot trial -account " + name
	if person != 0 {
		command += " -person " + strconv.FormatInt(person, 10)
	}
	if lang != locales.Languages()[0] {
		command += " -lang " + lang
	}
	return command
}

// serve finds the account, and tries the vendor with it or writes the report.
func (c *trialClient) serve(ctx context.Context, name string, person int64, report bool) error {
	if c.file != "" && exists(c.file) {
		return worded{chat.Say("trial.error.file_there", "File", c.file), nil}
	}
	if err := c.find(ctx, name, person); err != nil {
		return err
	}
	if report {
		return c.writeReport(ctx, c.file)
	}
	return c.run(ctx)
}

// trialClient is a trial in a terminal: the same dialogue as in a chat, of which the bot
// carries out the effects.
type trialClient struct {
	bot   besideBot
	texts *locales.Catalog
	lang  string
	in    io.Reader
	out   io.Writer
	file  string // for the report; "": one in the working directory
	again string // the command that takes it up again

	cluster bool // one of several bots is active, which may be on another machine

	of      trialAccount
	machine *conversation.Machine
	d       conversation.Dialogue
	record  trial.Record // as last seen
	shown   string       // what was printed last
	presses int
}

// find finds the account.
func (c *trialClient) find(ctx context.Context, name string, person int64) error {
	query := url.Values{"name": {name}, "person": {strconv.FormatInt(person, 10)}}
	return c.bot.get(ctx, trialAccountPath+"?"+query.Encode(), &c.of)
}

func (c *trialClient) run(ctx context.Context) error {
	c.machine = conversation.Assemble(conversation.Basics(), trialflow.Flow())
	c.d = conversation.New(c.of.key())
	c.d.Lang = c.lang
	c.say(chat.Say("trial.terminal"))
	if err := c.step(ctx, chat.Command{Name: "trial", Seen: true}); err != nil {
		return c.left(ctx, err)
	}
	lines := linesOf(c.in)
	var kept []string // typed while nothing was asked
	for c.d.Aside != nil {
		c.show()
		busy := trialflow.Busy(c.d)
		switch {
		case !busy && len(kept) > 0:
			line := kept[0]
			kept = kept[1:]
			if err := c.typed(ctx, line); err != nil {
				return c.left(ctx, err)
			}
			continue
		case !busy && lines == nil:
			return c.left(ctx, nil)
		}
		var err error
		select {
		case <-ctx.Done():
		case line, more := <-lines:
			switch {
			case !more:
				lines = nil
			case busy && (strings.TrimSpace(line) != "stop" || !c.stops()):
				kept = append(kept, line)
			default:
				err = c.typed(ctx, line)
			}
		case <-time.After(lookEvery):
			err = c.look(ctx)
		}
		if err != nil || ctx.Err() != nil {
			return c.left(ctx, err)
		}
	}
	return c.left(ctx, nil)
}

// linesOf reads lines beside; the channel is closed at the end.
func linesOf(in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for scanner := bufio.NewScanner(in); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	return lines
}

// left says that what is under way goes on, and how to take it up again.
func (c *trialClient) left(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = nil // the person has left
	}
	if err == nil && (c.record.Running != nil || c.record.Idle != nil) {
		c.say(chat.Say("trial.goes_on", "Command", c.again))
	}
	return err
}

// step makes a step of the dialogue, and has the bot carry out what follows.
func (c *trialClient) step(ctx context.Context, events ...chat.Event) error {
	for len(events) > 0 {
		var effects []conversation.Effect
		c.d, effects = c.machine.Step(c.d, events[0], time.Now())
		events = events[1:]
		for _, effect := range effects {
			switch effect := effect.(type) {
			case conversation.Answer:
				if effect.Text != nil {
					c.say(*effect.Text)
				}
			case conversation.Notify:
				c.say(effect.Screen.Lines...)
			case trialflow.SendReport:
				if err := c.saveReport(ctx); err != nil {
					return err
				}
			case conversation.Show: // what it shows is printed once
			default:
				told, err := c.do(ctx, effect)
				if err != nil {
					return err
				}
				events = append(events, told)
			}
		}
	}
	return nil
}

// do has the bot carry out an effect. Its answer is waited for also when the person leaves
// meanwhile: they are told how the trial stands.
func (c *trialClient) do(ctx context.Context, effect conversation.Effect) (trialflow.Told, error) {
	deed, err := trialDeedOf(effect)
	if err != nil {
		return trialflow.Told{}, err
	}
	var told trialflow.Told
	if err := c.bot.post(context.WithoutCancel(ctx), trialPath+"?"+c.of.query(), deed, &told); err != nil {
		return told, err
	}
	if begin, is := effect.(trialflow.Begin); is {
		told.Below = begin.Below
	}
	c.record = told.Record
	return told, nil
}

// look takes in how the trial stands by now.
func (c *trialClient) look(ctx context.Context) error {
	var told trialflow.Told
	if err := c.bot.get(ctx, trialPath+"?"+c.of.query(), &told); err != nil {
		return err
	}
	if told.Record.Revision == c.record.Revision {
		return nil
	}
	told.Itself, told.News = true, trialflow.NewsOf(c.record, told.Record)
	c.record = told.Record
	return c.step(ctx, told)
}

// typed takes a line: the number of a button, or a text. A whole number is never an amount:
// amounts are shown, and typed, with their cents.
func (c *trialClient) typed(ctx context.Context, line string) error {
	line = strings.TrimSpace(line)
	card, ok := c.machine.Render(c.d)
	if !ok || line == "" {
		c.shown = ""
		return nil
	}
	buttons := pressable(card)
	if line == "stop" {
		if i := slices.IndexFunc(buttons, trialflow.Stops); i >= 0 {
			return c.press(ctx, buttons[i])
		}
		c.say(chat.Say("trial.nothing_to_stop"))
		return nil
	}
	if line == "q" {
		c.d.Aside = nil
		return nil
	}
	if n, err := strconv.Atoi(line); err == nil {
		if n < 1 || n > len(buttons) {
			c.say(chat.Say("trial.no_number", "Most", len(buttons)))
			return nil
		}
		return c.press(ctx, buttons[n-1])
	}
	if trialflow.Asks(c.d) == "" {
		c.say(chat.Say("trial.choose"))
		return nil
	}
	return c.step(ctx, chat.Text{Text: line, Seen: true})
}

func (c *trialClient) press(ctx context.Context, b chat.Button) error {
	c.presses++
	c.shown = ""
	return c.step(ctx, chat.Press{ID: strconv.Itoa(c.presses), Data: b.Data})
}

// pressable returns the buttons of a card that do something here.
func pressable(card chat.Screen) []chat.Button {
	return slices.DeleteFunc(slices.Concat(card.Rows...), func(b chat.Button) bool { return b.Data == "" })
}

// show prints the card, unless it was just printed.
func (c *trialClient) show() {
	card, ok := c.machine.Render(c.d)
	if !ok {
		return
	}
	var text strings.Builder
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(&text, format+"\n", args...) }
	for _, l := range card.Lines {
		line("%s", c.text(l))
	}
	line("")
	busy, n := trialflow.Busy(c.d), 0
	for _, b := range slices.Concat(card.Rows...) {
		switch {
		case b.URL != "":
			line("     %s: %s", c.text(b.Label), b.URL)
		case busy:
		default:
			n++
			line("  %d) %s", n, c.text(b.Label))
		}
	}
	line("%s", c.text(c.prompt()))
	if text.String() != c.shown {
		c.shown = text.String()
		_, _ = fmt.Fprintf(c.out, "\n%s", c.shown)
	}
}

// stops reports whether the card has something to stop.
func (c *trialClient) stops() bool {
	card, ok := c.machine.Render(c.d)
	return ok && slices.ContainsFunc(pressable(card), trialflow.Stops)
}

// prompt says what can be typed.
func (c *trialClient) prompt() chat.Phrase {
	switch {
	case trialflow.Busy(c.d) && c.stops():
		return chat.Say("trial.prompt_busy")
	case trialflow.Busy(c.d):
		return chat.Say("trial.prompt_wait")
	}
	switch trialflow.Asks(c.d) {
	case trialflow.AskedAmount:
		return chat.Say("trial.prompt_amount")
	case trialflow.AskedCode:
		return chat.Say("trial.prompt_code")
	default:
		return chat.Say("trial.prompt")
	}
}

// say prints lines.
func (c *trialClient) say(lines ...chat.Phrase) {
	_, _ = fmt.Fprintln(c.out)
	for _, l := range lines {
		_, _ = fmt.Fprintln(c.out, c.text(l))
	}
}

func (c *trialClient) text(p chat.Phrase) string {
	if p.Key == "" {
		return ""
	}
	return telegram.PlainText(c.texts, c.lang, p)
}

// saveReport writes the report into a file, and says into which.
func (c *trialClient) saveReport(ctx context.Context) error {
	file := c.file
	if file == "" {
		file = fmt.Sprintf("zomro-trial-%s.txt", time.Now().UTC().Format(time.DateOnly))
	}
	name, kind := strings.TrimSuffix(file, filepath.Ext(file)), filepath.Ext(file)
	for n := 2; exists(file); n++ { // one of before
		file = fmt.Sprintf("%s-%d%s", name, n, kind)
	}
	if err := c.writeReport(ctx, file); err != nil {
		return err
	}
	c.say(chat.Say("trial.report"), chat.Say("trial.report_file", "File", file))
	return nil
}

// writeNew writes a file that is not there yet.
func writeNew(file string, text []byte) error {
	to, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the path is the operator's own
	if err != nil {
		return err
	}
	_, err = to.Write(text)
	return errors.Join(err, to.Close())
}

// writeReport writes the report to a file, or to the output when it is "".
func (c *trialClient) writeReport(ctx context.Context, file string) error {
	text, err := c.bot.text(ctx, http.MethodGet, trialReportPath+"?"+c.of.query(), nil)
	if err != nil {
		return err
	}
	if file == "" {
		_, err = c.out.Write(text)
	} else {
		err = writeNew(file, text)
	}
	if err != nil {
		return worded{chat.Say("trial.error.report", "Error", err.Error()), err}
	}
	return nil
}
