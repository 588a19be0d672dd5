package chart

import (
	"fmt"
	"math"
	"sync"

	"github.com/go-analyze/charts"
)

// Size of each picture in pixels.
const (
	Width  = 1000
	Height = 640
)

// Frame is what all charts have.
type Frame struct {
	Title  string // in one line; what does not fit is cut
	Note   string // below it, smaller; "": nothing
	NoData string // stands in the middle where there is nothing to draw
	Dark   bool   // for a dark chat

	// Value writes a value in the unit that suits an axis which goes up to top: "0.5 GB".
	Value func(value, top float64) string
	// Least is how far the axis of values goes at least: noise does not look like a load.
	Least float64
}

// palette are the colours of a theme.
type palette struct {
	ground, text, faint, grid charts.Color
	series                    []charts.Color
}

// The grounds are those of Telegram's chats; each colour stands out from its ground, and
// those beside each other are told apart by people who do not see all of them.
var (
	light = palette{
		ground: hex("#ffffff"), text: hex("#1c2733"), faint: hex("#5b6875"), grid: hex("#dde3e9"),
		series: hexes("#1f6fd1", "#e07b00", "#12916b", "#9150c9", "#c93a63", "#7a8794"),
	}
	dark = palette{
		ground: hex("#17212b"), text: hex("#f2f6fa"), faint: hex("#a9b7c4"), grid: hex("#31404e"),
		series: hexes("#5aa9ff", "#ffab40", "#3ecf9f", "#c18cff", "#ff7d9f", "#9fb0bf"),
	}
)

func hex(colour string) charts.Color { return charts.ColorFromHex(colour) }

func hexes(colours ...string) []charts.Color {
	all := make([]charts.Color, len(colours))
	for i, c := range colours {
		all[i] = hex(c)
	}
	return all
}

// Sizes of type in points (the library has 92 of them to an inch), and of what stands around the plot in pixels.
const (
	titleSize = 34
	noteSize  = 25
	labelSize = 26

	margin = 30
	gap    = 16 // between words and lines
	stroke = 5.0
)

// drawing is held while a picture is drawn: one takes some megabytes for a moment.
var drawing sync.Mutex

// canvas is a picture that is being drawn.
type canvas struct {
	*charts.Painter
	palette

	left, top, right, bottom int // of the plot
}

// draw has a picture drawn and returns its PNG.
func (f Frame) draw(legend []string, plot func(*canvas)) ([]byte, error) {
	drawing.Lock()
	defer drawing.Unlock()
	c := &canvas{
		Painter: charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: Width, Height: Height}),
		palette: light,
		left:    margin, top: margin, right: Width - margin, bottom: Height - margin,
	}
	if f.Dark {
		c.palette = dark
	}
	c.FilledRect(0, 0, Width, Height, c.ground, c.ground, 0)
	c.head(f)
	c.legend(legend)
	plot(c)
	png, err := c.Bytes()
	if err != nil {
		return nil, fmt.Errorf("draw a chart: %w", err)
	}
	return png, nil
}

// font is type of a size and a colour. The face has Cyrillic letters.
func font(size float64, colour charts.Color) charts.FontStyle {
	return charts.FontStyle{FontSize: size, FontColor: colour, Font: charts.GetFont(charts.FontFamilyNotoSans)}
}

// width is that of a text in pixels.
func (c *canvas) width(text string, size float64) int {
	return c.MeasureText(text, 0, font(size, c.text)).Width()
}

// write writes a text with its baseline at y; align: 0 begins at x, 0.5 has its middle
// there, 1 ends there.
func (c *canvas) write(text string, x, y int, align, size float64, colour charts.Color) {
	if align != 0 {
		x -= int(align * float64(c.width(text, size)))
	}
	c.Text(text, x, y, 0, font(size, colour))
}

// fitted is a text that is cut to a width.
func (c *canvas) fitted(text string, size float64, most int) string {
	for cut := []rune(text); c.width(text, size) > most && len(cut) > 0; text = string(cut) + "…" {
		cut = cut[:len(cut)-1]
	}
	return text
}

// head writes the title and the note.
func (c *canvas) head(f Frame) {
	c.top += titleSize
	c.write(c.fitted(f.Title, titleSize, c.right-c.left), c.left, c.top, 0, titleSize, c.text)
	if f.Note != "" {
		c.top += gap + noteSize
		c.write(c.fitted(f.Note, noteSize, c.right-c.left), c.left, c.top, 0, noteSize, c.faint)
	}
	c.top += 3 * gap
}

// legend writes which series has which colour, at the bottom, in as many rows as it takes.
func (c *canvas) legend(names []string) {
	if len(names) < 2 {
		return
	}
	const swatch, between = 28, 2 * gap
	type entry struct {
		name string
		x    int
	}
	rows, x := [][]entry{nil}, c.left
	for _, name := range names {
		name = c.fitted(name, labelSize, (c.right-c.left)/2-swatch-between)
		wide := swatch + gap/2 + c.width(name, labelSize)
		if x > c.left && x+wide > c.right {
			rows, x = append(rows, nil), c.left
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], entry{name, x})
		x += wide + between
	}
	const line = labelSize + gap
	y, n := c.bottom-line*(len(rows)-1), 0
	c.bottom = y - labelSize - 2*gap
	for _, row := range rows {
		for _, e := range row {
			c.FilledRect(e.x, y-swatch+4, e.x+swatch, y+4, c.colour(n), c.colour(n), 0)
			c.write(e.name, e.x+swatch+gap/2, y, 0, labelSize, c.text)
			n++
		}
		y += line
	}
}

// colour is that of a series by its place.
func (c *canvas) colour(i int) charts.Color { return c.series[i%len(c.series)] }

// nothing says that there is nothing to draw.
func (c *canvas) nothing(f Frame) {
	c.write(f.NoData, Width/2, (c.top+c.bottom)/2, 0.5, titleSize, c.faint)
}

// values draws the axis of values and its lines, and keeps room below for another axis.
func (c *canvas) values(f Frame, low, high float64) scale {
	s := scaleOf(low, max(high, f.Least))
	c.bottom -= labelSize + gap
	s.from, s.to = c.bottom, c.top
	labels := 0
	for _, v := range s.ticks() {
		labels = max(labels, c.width(f.Value(v, s.top), labelSize))
	}
	for _, v := range s.ticks() {
		y := s.at(v)
		c.write(f.Value(v, s.top), c.left+labels, y+labelSize/2, 1, labelSize, c.faint)
		c.LineStroke([]charts.Point{{X: c.left + labels + gap, Y: y}, {X: c.right, Y: y}}, c.grid, 1.5)
	}
	c.left += labels + gap
	return s
}

// finite reports whether a value can be drawn.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
