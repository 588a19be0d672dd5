package telegram

import (
	"fmt"
	"html"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf16"

	"github.com/go-telegram/bot/models"

	"zomrobot/chat"
	"zomrobot/locales"
)

// Telegram's limits, counted after the markup is read.
const (
	textLimit  = 4096 // UTF-16 code units, which is never less than characters
	toastLimit = 200
	dataLimit  = 64 // bytes
	copyLimit  = 256
	fieldLimit = 64
)

// What of a row of buttons can be read on a narrow phone (360 dp) in Telegram's apps, which
// cut what does not fit: a label of about 14 letters on half of the row, 8 on a third. In the
// units of [chat.Width].
const (
	rowWidth   = 64 // between the edges of a message
	buttonEdge = 4  // what of it is lost at the edges of each button
)

// momentTag marks a moment (Bot API 9.5).
const momentTag = "tg-time"

// ellipsis stands for what was cut off, and for a screen that is empty.
const ellipsis = "…"

// renderer writes screens in a language. What is wrong with a screen (a missing
// message, an argument, a button) is logged and the screen is shown as well as
// possible: the person is not left without an answer. Nothing of a screen's
// contents is logged.
type renderer struct {
	catalog  *locales.Catalog
	log      *slog.Logger
	username func() string // of the bot, for links to it

	textual *atomic.Bool // moments are written as text: the server does not know them; nil: it does
}

// screen returns a screen's text in Telegram's HTML, and its keyboard. The
// keyboard is nil when there are no buttons: an interface that holds a nil
// pointer would be sent as null, which Telegram refuses.
func (r renderer) screen(lang string, s chat.Screen) (string, models.ReplyMarkup) {
	lines := make([]string, len(s.Lines))
	for i, line := range s.Lines {
		lines[i] = r.line(lang, line)
	}
	limit := textLimit
	if s.Picture != nil {
		limit = captionLimit
	}
	text := cutLines(lines, limit)
	if strings.TrimSpace(text) == "" {
		r.log.Error("a screen without text")
		text = ellipsis
	}
	if s.Reply {
		return text, &models.ForceReply{ForceReply: true, Selective: true, InputFieldPlaceholder: r.field(lang, s.Field)}
	}
	keyboard := r.keyboard(lang, s.Rows)
	if len(keyboard) == 0 {
		return text, nil
	}
	return text, &models.InlineKeyboardMarkup{InlineKeyboard: keyboard}
}

// field returns what stands in the empty field of a reply; "": nothing does.
func (r renderer) field(lang string, p chat.Phrase) string {
	if p.Key == "" {
		return ""
	}
	return cut(r.plain(lang, p), fieldLimit)
}

// toast returns a phrase as the plain text of an answer to a press.
func (r renderer) toast(lang string, p chat.Phrase) string {
	return cut(r.plain(lang, p), toastLimit)
}

func (r renderer) keyboard(lang string, rows [][]chat.Button) [][]models.InlineKeyboardButton {
	var keyboard [][]models.InlineKeyboardButton
	for _, row := range rows {
		var buttons []models.InlineKeyboardButton
		for _, b := range row {
			button, ok := r.button(lang, b)
			if !ok {
				r.log.Error("a button that Telegram would refuse is left out", "label", b.Label.Key)
				continue
			}
			buttons = append(buttons, button)
		}
		keyboard = append(keyboard, fitting(buttons)...)
	}
	return keyboard
}

// fitting returns a row of buttons as the fewest rows in which each label can be read, in
// their order. A button that is too long for a row of its own has one. Of those that are
// split the last rows are the full ones: what a row is about stands first.
func fitting(row []models.InlineKeyboardButton) [][]models.InlineKeyboardButton {
	if len(row) == 0 {
		return nil
	}
	from := 0
	for from < len(row)-1 && !fit(row[from:]) {
		from++
	}
	return append(fitting(row[:from]), row[from:])
}

// fit reports whether all labels of a row can be read.
func fit(row []models.InlineKeyboardButton) bool {
	room := rowWidth/len(row) - buttonEdge
	return !slices.ContainsFunc(row, func(b models.InlineKeyboardButton) bool { return chat.Width(b.Text) > room })
}

// button reports false for one that Telegram would refuse, and the whole message
// with it.
func (r renderer) button(lang string, b chat.Button) (models.InlineKeyboardButton, bool) {
	button := models.InlineKeyboardButton{Text: r.plain(lang, b.Label), Style: string(b.Style)}
	actions := 0
	if b.Data != "" && len(b.Data) <= dataLimit {
		button.CallbackData = b.Data
		actions++
	}
	if b.URL != "" {
		button.URL = b.URL
		actions++
	}
	if link := r.link(b); link != "" {
		button.URL = link
		actions++
	}
	for _, text := range []string{b.Copy, r.start(b.StartCopy)} {
		if text != "" && units(text) <= copyLimit {
			button.CopyText = &models.CopyTextButton{Text: text}
			actions++
		}
	}
	if b.Off {
		button.Disabled = &models.DisabledButton{}
		actions++
	}
	return button, actions == 1 && strings.TrimSpace(button.Text) != ""
}

// telegramURL is where links of Telegram's begin.
const telegramURL = "https://t.me/"

// link returns where a button that opens a chat leads; "": the button does not.
func (r renderer) link(b chat.Button) string {
	switch {
	case b.Start != "":
		return r.start(b.Start)
	case b.StartShare != "" && r.username() != "":
		return telegramURL + "share/url?url=" + url.QueryEscape(r.start(b.StartShare))
	case b.AddToGroup && r.username() != "":
		return telegramURL + r.username() + "?startgroup=team"
	default:
		return ""
	}
}

// start returns the link by which /start comes with a code; "": there is none.
func (r renderer) start(code string) string {
	if code == "" || r.username() == "" {
		return ""
	}
	return telegramURL + r.username() + "?start=" + url.QueryEscape(code)
}

// line returns a line of a screen as HTML. The key "" is an empty line.
func (r renderer) line(lang string, p chat.Phrase) string {
	if p.Key == "" {
		return ""
	}
	return r.html(lang, p)
}

// html returns a phrase as Telegram's HTML.
func (r renderer) html(lang string, p chat.Phrase) string {
	if locales.Plain(p.Key) {
		return escape(r.text(lang, p, r.plainArg))
	}
	return r.text(lang, p, r.htmlArg)
}

// plain returns a phrase without markup.
func (r renderer) plain(lang string, p chat.Phrase) string {
	if locales.Plain(p.Key) {
		return r.text(lang, p, r.plainArg)
	}
	return withoutMarkup(r.text(lang, p, r.htmlArg))
}

// PlainText returns a phrase without markup, for where there is no chat.
func PlainText(texts *locales.Catalog, lang string, p chat.Phrase) string {
	return renderer{catalog: texts, log: slog.Default(), username: func() string { return "" }}.plain(lang, p)
}

// text fills in a phrase. The result is never empty: a phrase that cannot be said
// shows its key.
func (r renderer) text(lang string, p chat.Phrase, write func(string, chat.Arg) string) string {
	args := make(map[string]string, len(p.Args))
	for name, arg := range p.Args {
		args[name] = write(lang, arg)
	}
	text, err := r.catalog.Text(lang, p.Key, args, p.Args["Count"].Number)
	if err != nil {
		r.log.Error("a message is not complete", "key", p.Key, "error", err)
	}
	if text == "" {
		return p.Key
	}
	return text
}

func (r renderer) htmlArg(lang string, a chat.Arg) string {
	switch {
	case a.Code != "":
		return "<code>" + escape(chat.Readable(a.Code)) + "</code>"
	case a.Hidden != "":
		return "<tg-spoiler><code>" + escape(a.Hidden) + "</code></tg-spoiler>"
	case a.Start != "":
		link := escape(r.start(a.Start))
		return fmt.Sprintf(`<a href="%s">%s</a>`, link, link)
	case a.Person != nil:
		return fmt.Sprintf(`<a href="tg://user?id=%d">%s</a>`, a.Person.ID, escape(a.Person.Name))
	case a.Time != nil && a.Time.Unix() > 0 && (r.textual == nil || !r.textual.Load()):
		// Each reader sees it in their own zone; a client that cannot do that shows the text.
		return fmt.Sprintf(`<%s unix="%d" format="Dt">%s</%s>`, momentTag, a.Time.Unix(), escape(r.plainArg(lang, a)), momentTag)
	case a.Phrase != nil:
		return r.html(lang, *a.Phrase)
	case a.List != nil:
		return r.list(lang, a.List, r.html)
	default:
		return escape(r.plainArg(lang, a))
	}
}

func (r renderer) plainArg(lang string, a chat.Arg) string {
	switch {
	case a.Code != "":
		return chat.Readable(a.Code)
	case a.Hidden != "":
		return a.Hidden
	case a.Start != "":
		return r.start(a.Start)
	case a.Person != nil:
		return a.Person.Name
	case a.Number != nil:
		return r.catalog.Number(lang, *a.Number)
	case a.Money != nil:
		return r.catalog.Money(lang, a.Money.Amount, a.Money.Currency)
	case a.Amount != nil:
		return r.quantity(lang, a.Amount.Value, a.Amount.Value, a.Amount.Unit)
	case a.Time != nil:
		return r.catalog.Time(lang, *a.Time)
	case a.Day != nil:
		return r.catalog.Date(lang, *a.Day)
	case a.Phrase != nil:
		return r.plain(lang, *a.Phrase)
	case a.List != nil:
		return r.list(lang, a.List, r.plain)
	default:
		return chat.Readable(a.Text) // anybody's words: they may hold what breaks or reverses a line
	}
}

func (r renderer) list(lang string, phrases []chat.Phrase, write func(string, chat.Phrase) string) string {
	parts := make([]string, len(phrases))
	for i, p := range phrases {
		parts[i] = write(lang, p)
	}
	return r.catalog.Join(lang, parts)
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escape makes text safe within HTML, attributes included.
func escape(text string) string { return escaper.Replace(text) }

var tag = regexp.MustCompile(`<[^>]*>`)

// withoutMarkup returns what a reader sees of an HTML text.
func withoutMarkup(text string) string { return html.UnescapeString(tag.ReplaceAllString(text, "")) }

// cutLines joins lines of HTML into one text that is not longer than Telegram
// takes. It cuts between lines, so that no tag is left open; a line that is too
// long by itself loses its markup.
func cutLines(lines []string, limit int) string {
	if fits(lines, limit) {
		return strings.Join(lines, "\n")
	}
	room := limit - units("\n"+ellipsis)
	n := len(lines)
	for n > 0 && !fits(lines[:n], room) {
		n--
	}
	if strings.TrimSpace(strings.Join(lines[:n], "")) == "" && n < len(lines) {
		return escape(cut(withoutMarkup(lines[n]), limit))
	}
	return strings.Join(lines[:n], "\n") + "\n" + ellipsis
}

func fits(lines []string, limit int) bool {
	return units(withoutMarkup(strings.Join(lines, "\n"))) <= limit
}

// cut shortens a plain text to a number of UTF-16 code units.
func cut(text string, limit int) string {
	if units(text) <= limit {
		return text
	}
	head, _ := cutUTF16(text, limit-units(ellipsis))
	for units(head) > limit-units(ellipsis) { // half of the last character was over the limit
		runes := []rune(head)
		head = string(runes[:len(runes)-1])
	}
	return head + ellipsis
}

// units is the length of a text as Telegram counts it, at most.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}
