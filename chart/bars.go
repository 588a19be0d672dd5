package chart

import (
	"math"

	"github.com/go-analyze/charts"
)

// Bar is a series of bars: a value for each of the names of [Bars].
type Bar struct {
	Name   string    // in the legend, which there is from two series on
	Values []float64 // one that is missing or not finite is left out
}

// Bars is a chart of values by months, or by whatever has names.
type Bars struct {
	Frame
	Names   []string // along the axis
	Bars    []Bar
	Stacked bool // the series stand on each other, and their sum is written above; else beside each other
}

// PNG draws the chart.
func (b Bars) PNG() ([]byte, error) {
	var names []string
	any := false
	for _, bar := range b.Bars {
		names = append(names, bar.Name)
		for i := range b.Names {
			_, is := bar.value(i)
			any = any || is
		}
	}
	return b.draw(names, func(c *canvas) {
		if !any {
			c.nothing(b.Frame)
			return
		}
		low, high := b.span()
		c.top += labelSize + gap/2 // for what is written above the highest
		s := c.values(b.Frame, low, high)
		each := float64(c.right-c.left) / float64(len(b.Names))
		for i := range b.Names {
			b.drawAt(c, s, i, c.left+int(float64(i)*each), int(each))
		}
		b.words(c, each)
	})
}

// value is that of a bar; false: there is none.
func (b Bar) value(i int) (float64, bool) {
	if i >= len(b.Values) || !finite(b.Values[i]) {
		return 0, false
	}
	return b.Values[i], true
}

// sums are how high and how low the bars of a name reach together.
func (b Bars) sums(i int) (below, above float64) {
	for _, bar := range b.Bars {
		v, _ := bar.value(i)
		below, above = below+min(v, 0), above+max(v, 0)
	}
	return below, above
}

// span is what the axis of values spans.
func (b Bars) span() (low, high float64) {
	for i := range b.Names {
		if b.Stacked {
			below, above := b.sums(i)
			low, high = min(low, below), max(high, above)
			continue
		}
		for _, bar := range b.Bars {
			v, _ := bar.value(i)
			low, high = min(low, v), max(high, v)
		}
	}
	return low, high
}

// drawAt draws the bars of a name, in a part of the plot from x on.
func (b Bars) drawAt(c *canvas, s scale, i, x, width int) {
	const widest = 120
	space := max(1, min(width*3/4, widest*max(1, b.beside())))
	x += (width - space) / 2
	if !b.Stacked {
		one := space / len(b.Bars)
		for n, bar := range b.Bars {
			if v, is := bar.value(i); is {
				c.bar(x+n*one, one, s.at(0), s.at(v), c.colour(n))
				b.above(c, s, v, x+n*one+one/2, s.at(max(v, 0)), one+gap)
			}
		}
		return
	}
	below, above := 0.0, 0.0
	for n, bar := range b.Bars {
		v, _ := bar.value(i)
		from := &above
		if v < 0 {
			from = &below
		}
		c.bar(x, space, s.at(*from), s.at(*from+v), c.colour(n))
		*from += v
	}
	if above != 0 || below != 0 {
		b.above(c, s, above+below, x+space/2, s.at(above), width)
	}
}

// beside is how many bars stand beside each other.
func (b Bars) beside() int {
	if b.Stacked {
		return 1
	}
	return len(b.Bars)
}

// bar draws one.
func (c *canvas) bar(x, width, from, to int, colour charts.Color) {
	if from != to {
		c.FilledRect(x, from, x+max(1, width-2), to, colour, colour, 0)
	}
}

// above writes a value above its bar, where there is room for it.
func (b Bars) above(c *canvas, s scale, v float64, x, y, room int) {
	word := b.Value(v, s.top)
	wide := c.width(word, labelSize)
	if wide > room {
		return
	}
	c.FilledRect(x-wide/2-4, y-gap-labelSize, x+wide/2+4, y-2, c.ground, c.ground, 0) // no line goes through it
	c.write(word, x, y-gap/2, 0.5, labelSize, c.text)
}

// words writes the names: each, or every second, third, as there is room.
func (b Bars) words(c *canvas, each float64) {
	longest := 1
	for _, name := range b.Names {
		longest = max(longest, c.width(name, labelSize))
	}
	every := max(1, int(math.Ceil(float64(longest+gap)/each)))
	for i, name := range b.Names {
		if (len(b.Names)-1-i)%every != 0 { // the last is the newest
			continue
		}
		x := c.left + int((float64(i)+0.5)*each)
		c.write(c.fitted(name, labelSize, max(int(each)*every-gap, 1)), x, c.bottom+labelSize+gap, 0.5, labelSize, c.faint)
	}
}
