package load

import (
	"encoding/json"
	"slices"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	"zomrobot/zomro"
)

// PlaceLoad is the card of what is measured of a server.
const PlaceLoad conversation.Place = "load"

// Load is what that card is made from.
type Load struct {
	Account string `json:"account"`
	Server  string `json:"server"` // its id
	Name    string `json:"name"`
	Used    int64  `json:"used,omitempty"` // bytes of its traffic, as [zomro.Service] has them
	Paid    int64  `json:"paid,omitempty"`

	Metric  zomro.Metric          `json:"metric"` // what was asked for last
	Hours   int                   `json:"hours"`
	Asking  bool                  `json:"asking,omitempty"`
	Trouble *conversation.Problem `json:"trouble,omitempty"` // it was not told
	Shown   *Shown                `json:"shown,omitempty"`   // nil: nothing yet
}

// Stored names the form of its state in the store.
func (l *Load) Stored() string { return "load" }

// Clone returns a copy. What is shown is only ever replaced.
func (l *Load) Clone() conversation.State {
	is := *l
	return &is
}

// Meaning is what the meaning of the card's buttons depends on.
func (l *Load) Meaning() string { return l.Account + " " + l.Server }

// Flow is the flow of what is measured of servers.
func Flow() conversation.Flow {
	return conversation.Flow{
		Name: "load",
		Places: []conversation.Spot{
			{Name: PlaceLoad, Ask: ask, Press: press, Looks: true, Rests: true, Back: back, Row: row},
		},
		Door: &conversation.Door{Label: chat.Say("button.load"), Group: true, Able: measured, Open: open},
		Thaw: func(_ conversation.Place, stored map[string]json.RawMessage) (conversation.State, error) {
			return conversation.Thaw[Load](stored)
		},
		Take: func(t *conversation.Turn, e chat.Event) {
			if e, ok := e.(MeasuresLoaded); ok {
				loaded(t, e)
			}
		},
	}
}

// measured reports whether there may be something to see of a server.
func measured(s zomro.Service) bool {
	return s.Status != zomro.StatusOrdered && s.Status != zomro.StatusOpening
}

// metrics are in the order of their buttons, whose numbers are the indices.
var metrics = []zomro.Metric{zomro.MetricCPU, zomro.MetricTraffic}

// open shows the load of the last day.
func open(t *conversation.Turn, s conversation.ServerShown) {
	l := &Load{
		Account: s.Account, Server: s.Server.ID, Name: s.Name, Used: s.Server.UsedTraffic, Paid: s.Server.PaidTraffic,
		Metric: zomro.MetricCPU, Hours: zomro.MeasuredHours[1],
	}
	t.Ask(PlaceLoad, l)
	look(t, l)
}

// look asks for what was measured.
func look(t *conversation.Turn, l *Load) {
	l.Asking, l.Trouble = true, nil
	t.Do(ReadMeasures{Account: l.Account, Server: l.Server, Metric: l.Metric, Hours: l.Hours})
}

// The verbs of the card: what is measured, and for how long.
const (
	verbMetric = conversation.VerbPick
	verbHours  = conversation.VerbHours
)

func press(t *conversation.Turn, verb string, n int) bool {
	l, _ := conversation.StateOf[Load](t.Dialogue)
	switch {
	case verb == conversation.VerbTheme:
		t.ChangeTheme()
		return true
	case verb == conversation.VerbAgain:
	case verb == verbMetric && n >= 0 && n < len(metrics):
		l.Metric = metrics[n]
	case verb == verbHours && n >= 0 && n < len(zomro.MeasuredHours):
		l.Hours = zomro.MeasuredHours[n]
	default:
		return false
	}
	look(t, l)
	return true
}

// loaded shows what was measured, unless something else was asked for since.
func loaded(t *conversation.Turn, e MeasuresLoaded) {
	l, ok := conversation.StateOf[Load](t.Dialogue)
	if !ok || !l.Asking || e.Asked != (ReadMeasures{Account: l.Account, Server: l.Server, Metric: l.Metric, Hours: l.Hours}) {
		return
	}
	l.Asking, l.Trouble = false, e.Problem
	if e.Problem == nil {
		l.Shown = &e.Shown
	}
	t.Show = true
}

// ask makes the card. What is shown stays until there is something else to show: a card
// with a picture does not lose it.
func ask(v *conversation.View) {
	l, _ := conversation.StateOf[Load](v.Dialogue)
	metric, hours := l.Metric, l.Hours
	if s := l.Shown; s != nil {
		metric, hours = s.Metric, s.Hours
	}
	v.Line(chat.Say("load.title", "Name", l.Name, "What", metricName(metric), "Span", spanName(hours)))
	if l.Shown != nil {
		zone := zoneOf(v.Dialogue)
		v.Picture(picture(l, zone, zoneName(v.Dialogue)))
		v.Line(l.words(zone)...)
	}
	v.Waiting(l.Shown != nil || !l.Asking, l.Trouble)
	var spans, kinds []chat.Button
	for i, h := range zomro.MeasuredHours {
		spans = append(spans, v.Option(chat.Say("button.load."+span(h)), h == hours, verbHours, i))
	}
	for i, m := range metrics {
		kinds = append(kinds, v.Option(metricLabel(m), m == metric, verbMetric, i))
	}
	v.Grid(2, spans)
	v.Row(kinds...)
	last := []chat.Button{v.Theme()}
	if l.Trouble == nil {
		last = append(last, v.Button(chat.Say("button.look_again"), conversation.VerbAgain))
	}
	v.Row(last...)
}

// row leads to it when this card has ended.
func row(d conversation.Dialogue) []chat.Button {
	l, _ := conversation.StateOf[Load](d)
	return conversation.ToPlace(l.Server, l.Name, "")
}

// back leads to the server's card.
func back(t *conversation.Turn) {
	l, _ := conversation.StateOf[Load](t.Dialogue)
	t.Raise(conversation.BackToServer{Account: l.Account, Server: l.Server})
}

// zoneOf is the time zone of a picture: the person's, where they have told it, else UTC.
func zoneOf(d conversation.Dialogue) *time.Location {
	if !toldZone(d) {
		return time.UTC
	}
	return d.Reminders.Location(d.Language())
}

// zoneName says which one that is.
func zoneName(d conversation.Dialogue) string {
	if !toldZone(d) {
		return "UTC"
	}
	return d.Reminders.Named(d.Language())
}

func toldZone(d conversation.Dialogue) bool {
	return d.Reminders.Area != "" || d.Reminders.Zone != nil
}

func metricName(m zomro.Metric) chat.Phrase { return chat.Say("load.metric." + string(m)) }

// metricLabel is a metric on a button and above a picture.
func metricLabel(m zomro.Metric) chat.Phrase { return chat.Say("button.load." + string(m)) }

func spanName(hours int) chat.Phrase { return chat.Say("load.span." + span(hours)) }

// span names one of the spans.
func span(hours int) string {
	return []string{"hour", "day", "week", "month"}[max(0, slices.Index(zomro.MeasuredHours, hours))]
}

// seriesNames are those of the traffic.
var seriesNames = []chat.Phrase{chat.Say("load.in"), chat.Say("load.out")}

// leastLoad is how far the axis of a load goes at least, in percent.
const leastLoad = 10

// picture is what is shown of it.
func picture(l *Load, zone *time.Location, zoneName string) chat.Picture {
	s := l.Shown
	p := chat.Picture{
		Title: metricLabel(s.Metric),
		Note:  chat.Say("load.note", "Name", l.Name, "Span", spanName(s.Hours), "Zone", zoneName),
		Empty: chat.Say("load.empty"), Unit: s.unit(),
		Lines: &chat.Lines{From: s.From().In(zone), To: s.To.In(zone), Gap: s.Gap},
	}
	if s.Metric == zomro.MetricCPU {
		p.Least = leastLoad
	}
	for i, series := range s.Series {
		line := chat.LineSeries{Curve: series.Curve}
		if len(s.Series) > 1 {
			line.Name = seriesNames[i]
		}
		p.Lines.Series = append(p.Lines.Series, line)
	}
	return p
}

// unit is that of the numbers.
func (s *Shown) unit() chat.Unit {
	if s.Metric == zomro.MetricTraffic {
		return chat.Bytes
	}
	return chat.Percent
}

// words say what the picture shows, in numbers.
func (l *Load) words(zone *time.Location) []chat.Phrase {
	s := l.Shown
	var lines []chat.Phrase
	if len(s.Series) == 0 {
		lines = append(lines, chat.Say("load.no_data"))
	}
	for i, series := range s.Series {
		lines = append(lines, series.words(s, i, zone))
	}
	if s.Metric != zomro.MetricTraffic {
		return lines
	}
	if len(s.Series) > 0 {
		lines = append(lines, chat.Say("load.unsaid"))
	}
	lines = append(lines, chat.Phrase{})
	if t := s.Totals; t != nil {
		lines = append(lines, total("cycle", t.Cycle)...)
		lines = append(lines, total("month", t.Month)...)
	} else {
		lines = append(lines, chat.Say("load.no_totals"))
	}
	if l.Paid > 0 {
		lines = append(lines, chat.Say("load.paid", "Used", chat.BytesOf(l.Used), "Paid", chat.BytesOf(l.Paid)))
	}
	return lines
}

// words say one of the series. What it was last is not what it is now when no measure has
// come since for a while.
func (s Series) words(of *Shown, i int, zone *time.Location) chat.Phrase {
	key, name := "load.values", chat.Say("load.load")
	if of.Metric == zomro.MetricTraffic {
		name = seriesNames[i]
	}
	args := []any{"Name", name}
	for what, v := range map[string]float64{"Last": s.Last, "Average": s.Average, "Peak": s.Peak} {
		args = append(args, what, chat.Quantity{Value: v, Unit: of.unit()})
	}
	args = append(args, "PeakAt", s.PeakAt.In(zone))
	if of.To.Sub(s.LastAt) > max(of.Gap, staleAfter) {
		key, args = "load.values_then", append(args, "LastAt", s.LastAt.In(zone))
	}
	return chat.Say(key, args...)
}

// staleAfter is how old the last measure is at most that is called that of now.
const staleAfter = 15 * time.Minute

// total says how much traffic there was in a span; nothing when that is not told.
func total(of string, t *zomro.Traffic) []chat.Phrase {
	if t == nil {
		return nil
	}
	said := chat.Say("load.total." + of)
	if !t.From.IsZero() && !t.To.IsZero() {
		said = chat.Say("load.total.dated", "Span", said, "From", chat.Arg{Day: &t.From}, "To", chat.Arg{Day: &t.To})
	}
	bytes := func(n float64) chat.Quantity { return chat.Quantity{Value: n, Unit: chat.Bytes} }
	return []chat.Phrase{chat.Say("load.total", "Span", said, "In", bytes(t.In), "Out", bytes(t.Out), "Total", bytes(t.In+t.Out))}
}
