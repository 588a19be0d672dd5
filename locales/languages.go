package locales

import (
	"embed"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A language is everything about a language except its messages, which are in the
// file of its code. The first is for those whose language is not here.
type language struct {
	code string   // of ISO 639-1: "ru"
	name string   // what it calls itself
	fits []string // the primary tags of Telegram's language codes that it fits
	home string   // the time zone in which a person who speaks it is taken to be: one of Zones

	and   string // between the last two of a list
	group string // between thousands
	point string // before decimals

	sign func(figure, symbol string) string // an amount with the symbol of its currency
	date func(time.Time) string

	months  [12]string // in short, alone: along the axis of a picture
	daily   string     // a day without its year, as [time.Time.Format] takes it
	bytes   []string   // units, each a thousand of the one before
	percent string     // what follows the figure
}

var languages = []language{
	{
		code: "en", name: "English", fits: []string{"en"}, home: "UTC",
		and: " and ", group: ",", point: ".", sign: signBefore,
		date:   func(t time.Time) string { return t.Format("2 Jan 2006") },
		months: [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		daily:  "2 Jan", bytes: []string{"B", "KB", "MB", "GB", "TB", "PB"}, percent: "%",
	},
	{
		code: "ru", name: "Русский", fits: []string{"ru"}, home: "Europe/Moscow",
		and: " и ", group: space, point: ",", sign: signBehind,
		date: func(t time.Time) string {
			return strconv.Itoa(t.Day()) + " " + russianMonths[t.Month()-1] + t.Format(" 2006")
		},
		months: [...]string{"янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"},
		daily:  "02.01", bytes: []string{"Б", "КБ", "МБ", "ГБ", "ТБ", "ПБ"}, percent: space + "%",
	},
}

//go:embed *.json
var files embed.FS

// space does not break a line: it stands between the parts of one figure.
const space = "\u00a0"

// minus is the sign of a negative figure; a hyphen is shorter and is read as a dash.
const minus = "−"

func signBefore(figure, symbol string) string {
	if rest, negative := strings.CutPrefix(figure, minus); negative {
		return minus + symbol + rest
	}
	return symbol + figure
}

func signBehind(figure, symbol string) string { return figure + space + symbol }

// russianMonths are in the form that follows a day.
var russianMonths = [...]string{
	"января", "февраля", "марта", "апреля", "мая", "июня",
	"июля", "августа", "сентября", "октября", "ноября", "декабря",
}

// Languages returns the codes of the languages that every message is in. The first is
// for those whose language is not among them.
func Languages() []string {
	var codes []string
	for _, l := range languages {
		codes = append(codes, l.code)
	}
	return codes
}

// Match returns the language to speak for a language code as Telegram gives it
// ("ru", "pt-br", ""): of any region, and the first for all others. Whoever is
// better served by another chooses it in the chat.
func Match(code string) string { return match(code).code }

func match(code string) language {
	primary, _, _ := strings.Cut(strings.ReplaceAll(code, "_", "-"), "-")
	i := slices.IndexFunc(languages, func(l language) bool { return slices.Contains(l.fits, strings.ToLower(primary)) })
	return languages[max(0, i)]
}

// Name returns what a language calls itself.
func Name(code string) string { return match(code).name }

// Home returns the time zone in which a person who speaks a language is taken to be
// until they say otherwise.
func Home(code string) string { return match(code).home }
