package engine

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"time"

	"zomrobot/chat"
)

// digest is short, and another one for another screen or language. It is the same in
// every run of the program.
func digest(lang string, screen chat.Screen) string {
	w := screenWriter(make([]byte, 0, 4096))
	w.text(lang)
	w.screen(screen)
	sum := sha256.Sum256(w)
	return hex.EncodeToString(sum[:8])
}

// screenWriter writes a screen so that no two screens are written alike. Each part tells
// its length or its kind before itself.
type screenWriter []byte

func (w *screenWriter) number(n int) { *w = binary.AppendVarint(*w, int64(n)) }

func (w *screenWriter) text(s string) {
	w.number(len(s))
	*w = append(*w, s...)
}

func (w *screenWriter) screen(s chat.Screen) {
	w.phrases(s.Lines)
	w.number(len(s.Rows))
	for _, row := range s.Rows {
		w.number(len(row))
		for _, b := range row {
			w.phrase(b.Label)
			for _, part := range []string{b.Data, b.URL, b.Copy, startOf(b), string(b.Style), strconv.FormatBool(b.AddToGroup), strconv.FormatBool(b.Off)} {
				w.text(part)
			}
		}
	}
	w.text(strconv.FormatBool(s.Reply))
	w.phrase(s.Field)
	if s.Picture != nil {
		w.picture(*s.Picture)
	}
}

func (w *screenWriter) picture(p chat.Picture) {
	w.phrases([]chat.Phrase{p.Title, p.Note, p.Empty})
	w.text(strconv.FormatBool(p.Dark))
	w.text(string(p.Unit))
	w.value(p.Least)
	if l := p.Lines; l != nil {
		w.text("lines")
		w.moment(l.From)
		w.moment(l.To)
		w.number(int(l.Gap))
		w.number(len(l.Series))
		for _, series := range l.Series {
			w.phrase(series.Name)
			w.value(series.Curve.Top)
			w.text(string(series.Curve.Levels))
		}
	}
	if b := p.Bars; b != nil {
		w.text("bars")
		w.text(strconv.FormatBool(b.Stacked))
		w.number(len(b.Months))
		for _, month := range b.Months {
			w.moment(month)
		}
		w.number(len(b.Series))
		for _, series := range b.Series {
			w.phrase(series.Name)
			w.number(len(series.Values))
			for _, value := range series.Values {
				w.value(value)
			}
		}
	}
}

func (w *screenWriter) value(v float64) { w.text(strconv.FormatFloat(v, 'g', -1, 64)) }

func (w *screenWriter) moment(t time.Time) { w.text(t.Format(time.RFC3339Nano)) }

// startOf is what a button does with a link to the bot. A code has no colon.
func startOf(b chat.Button) string {
	start := b.Start
	if b.StartCopy != "" {
		start += ":copy:" + b.StartCopy
	}
	if b.StartShare != "" {
		start += ":share:" + b.StartShare
	}
	return start
}

func (w *screenWriter) phrases(list []chat.Phrase) {
	w.number(len(list))
	for _, p := range list {
		w.phrase(p)
	}
}

func (w *screenWriter) phrase(p chat.Phrase) {
	w.text(p.Key)
	w.number(len(p.Args))
	for _, name := range slices.Sorted(maps.Keys(p.Args)) {
		w.text(name)
		w.arg(p.Args[name])
	}
}

func (w *screenWriter) arg(a chat.Arg) {
	w.text(a.Text)
	w.text(a.Code)
	w.text(a.Hidden)
	w.phrases(a.List)
	if a.Start != "" {
		w.text("start")
		w.text(a.Start)
	}
	switch {
	case a.Number != nil:
		w.text("number")
		w.number(*a.Number)
	case a.Money != nil:
		w.text("money")
		w.text(a.Money.Amount.String())
		w.text(a.Money.Currency)
	case a.Time != nil:
		w.text("time")
		w.moment(*a.Time)
	case a.Day != nil:
		w.text("day")
		w.moment(*a.Day)
	case a.Amount != nil:
		w.text("amount")
		w.value(a.Amount.Value)
		w.text(string(a.Amount.Unit))
	case a.Person != nil:
		w.text("person")
		w.number(int(a.Person.ID))
		w.text(a.Person.Name)
		w.text(a.Person.Lang)
	case a.Phrase != nil:
		w.text("phrase")
		w.phrase(*a.Phrase)
	default:
		w.text("")
	}
}
