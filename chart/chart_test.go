package chart_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"zomrobot/chart"
)

var pictures = flag.String("pictures", "", "keep the pictures of the tests in this directory, to look at")

var start = time.Date(2026, 11, 26, 17, 37, 0, 0, time.FixedZone("", 3*60*60))

// language is how a test writes what stands along the axes.
type language struct {
	title, note, noData, in, out string
	day                          func(time.Time) string
	percent                      func(v, top float64) string
	bytes                        func(v, top float64) string
	months                       []string
}

var languages = map[string]language{
	"en": {
		"CPU load", "fileserver-production-1 · 24 hours · UTC+03:00", "No data", "In", "Out",
		func(t time.Time) string { return t.Format("2 Jan") },
		func(v, _ float64) string { return strconv.FormatFloat(v, 'f', -1, 64) + "%" },
		func(v, _ float64) string { return strconv.FormatFloat(v/1e9, 'f', -1, 64) + " GB" },
		[]string{"Jun", "Jul", "Aug", "Sep", "Oct", "Nov"},
	},
	"ru": {
		"Загрузка процессора", "fileserver-production-1 · 24 часа · UTC+03:00", "Нет данных", "Входящий", "Исходящий",
		func(t time.Time) string { return t.Format("02.01") },
		func(v, _ float64) string {
			return strings.ReplaceAll(strconv.FormatFloat(v, 'f', -1, 64), ".", ",") + " %"
		},
		func(v, _ float64) string {
			return strings.ReplaceAll(strconv.FormatFloat(v/1e9, 'f', -1, 64), ".", ",") + " ГБ"
		},
		[]string{"июн", "июл", "авг", "сен", "окт", "ноя"},
	},
}

func clock(t time.Time) string { return t.Format("15:04") }

// wave is a plausible curve of so many points.
func wave(span time.Duration, n int, f func(x float64) float64) []chart.Point {
	points := make([]chart.Point, n)
	for i := range points {
		x := float64(i) / float64(max(1, n-1))
		points[i] = chart.Point{At: start.Add(time.Duration(x * float64(span))), Value: f(x)}
	}
	return points
}

// TestPictures draws what the bot draws, in each language and theme.
func TestPictures(t *testing.T) {
	for lang, l := range languages {
		for theme, dark := range map[string]bool{"light": false, "dark": true} {
			frame := chart.Frame{Title: l.title, Note: l.note, NoData: l.noData, Dark: dark, Value: l.percent, Least: 10}
			hours := func(n int) time.Duration { return time.Duration(n) * time.Hour }
			lines := func(span time.Duration, lines ...chart.Line) chart.Lines {
				return chart.Lines{Frame: frame, From: start, To: start.Add(span), Gap: span / 8, Lines: lines, Clock: clock, Day: l.day}
			}
			cpu := lines(hours(24), chart.Line{Points: append(
				wave(hours(24), 100, func(x float64) float64 { return 20 + 18*math.Sin(9*x) + 12*math.Sin(71*x) })[:40],
				wave(hours(24), 100, func(x float64) float64 { return 30 + 28*math.Sin(9*x) + 9*math.Sin(71*x) })[55:]...,
			)})
			traffic := lines(hours(168),
				chart.Line{Name: l.in, Points: wave(hours(168), 170, func(x float64) float64 { return 1.1e9 * (1 + math.Sin(44*x)) })},
				chart.Line{Name: l.out, Points: wave(hours(168), 170, func(x float64) float64 { return 2.3e9 * (1 + math.Cos(44*x)) * x })},
			)
			traffic.Value, traffic.Least = l.bytes, 0
			bars := chart.Bars{Frame: frame, Names: l.months, Stacked: true, Bars: []chart.Bar{
				{Name: "web-1", Values: []float64{3.2, 3.2, 3.1, 3.2, 3.2, 2.9}},
				{Name: "database", Values: []float64{math.NaN(), math.NaN(), 4.4, 6.1, 6.1, 5.6}},
				{Name: "fileserver-production-1", Values: []float64{12.4, 11, 8.6, 2, 2, 2}},
			}}
			bars.Value = func(v, _ float64) string { return fmt.Sprintf("€%.2f", v) }
			beside := bars
			beside.Stacked = false
			for name, draw := range map[string]func() ([]byte, error){
				"cpu": cpu.PNG, "traffic": traffic.PNG, "stacked": bars.PNG, "beside": beside.PNG,
				"hour":   lines(hours(1), chart.Line{Points: wave(hours(1), 12, func(x float64) float64 { return 3 * x })}).PNG,
				"month":  lines(hours(720), chart.Line{Points: wave(hours(720), 200, func(x float64) float64 { return 100 * x * x })}).PNG,
				"nodata": lines(hours(24)).PNG,
			} {
				drawn(t, strings.Join([]string{name, lang, theme}, "-"), draw)
			}
		}
	}
}

// drawn draws a picture, looks that it is one, and returns it.
func drawn(t *testing.T, name string, draw func() ([]byte, error)) image.Image {
	t.Helper()
	content, err := draw()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if *pictures != "" {
		if err := os.WriteFile(filepath.Join(*pictures, name+".png"), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	picture, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if got := picture.Bounds().Size(); got != image.Pt(chart.Width, chart.Height) {
		t.Errorf("%s has the size %v", name, got)
	}
	return picture
}

// inks counts the pixels of a colour in a part of a picture.
func inks(p image.Image, colour color.RGBA, x0, x1 int) int {
	n := 0
	for x := x0; x < x1; x++ {
		for y := range chart.Height {
			if color.RGBAModel.Convert(p.At(x, y)) == colour {
				n++
			}
		}
	}
	return n
}

var (
	blue  = color.RGBA{0x1f, 0x6f, 0xd1, 0xff}
	white = color.RGBA{0xff, 0xff, 0xff, 0xff}
	night = color.RGBA{0x17, 0x21, 0x2b, 0xff}
)

func plain(v, _ float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// simple is a chart of the first hour of points.
func simple(points ...chart.Point) chart.Lines {
	return chart.Lines{
		Frame: chart.Frame{Title: "title", NoData: "nothing", Value: plain},
		From:  start, To: start.Add(time.Hour), Gap: 10 * time.Minute,
		Lines: []chart.Line{{Points: points}}, Clock: clock, Day: clock,
	}
}

// TestGapsStayOpen: what is not known is not drawn.
func TestGapsStayOpen(t *testing.T) {
	l := simple(wave(time.Hour, 61, func(float64) float64 { return 5 })...)
	if n := inks(drawn(t, "whole", l.PNG), blue, 400, 600); n < 200 {
		t.Errorf("a whole line has %d pixels in the middle", n)
	}
	points := l.Lines[0].Points
	l.Lines[0].Points = append(points[:20:20], points[45:]...)
	picture := drawn(t, "gap", l.PNG)
	if n := inks(picture, blue, 400, 600); n != 0 {
		t.Errorf("a line is drawn through a gap: %d pixels", n)
	}
	if left, right := inks(picture, blue, 0, 350), inks(picture, blue, 800, chart.Width); left < 200 || right < 100 {
		t.Errorf("beside the gap are %d and %d pixels", left, right)
	}
}

// TestThemes: the ground is that of the theme.
func TestThemes(t *testing.T) {
	for ground, dark := range map[color.RGBA]bool{white: false, night: true} {
		l := simple(wave(time.Hour, 61, math.Sin)...)
		l.Dark = dark
		if n := inks(drawn(t, "theme", l.PNG), ground, 0, chart.Width); n < chart.Width*chart.Height/2 {
			t.Errorf("dark %v: %d pixels have the colour of the ground", dark, n)
		}
	}
}

// TestWhateverComes: numbers that nobody should send are drawn, or left out.
func TestWhateverComes(t *testing.T) {
	at := func(v ...float64) []chart.Point {
		return wave(time.Hour, len(v), func(x float64) float64 { return v[int(math.Round(x*float64(len(v)-1)))] })
	}
	for name, points := range map[string][]chart.Point{
		"none": nil, "one": at(3), "zeros": at(0, 0, 0), "negative": at(-4, 5, -6), "tiny": at(1e-300, 2e-300),
		"huge": at(math.MaxFloat64, -math.MaxFloat64, 1), "not finite": at(math.NaN(), math.Inf(1), math.Inf(-1)),
		"many":    wave(time.Hour, 20_000, func(x float64) float64 { return x }),
		"outside": {{At: start.Add(-time.Hour), Value: 1}, {At: start.Add(2 * time.Hour), Value: 1}},
	} {
		picture := drawn(t, name, simple(points...).PNG)
		drawable := name != "none" && name != "not finite" && name != "outside"
		if is := inks(picture, blue, 0, chart.Width) > 0; is != drawable {
			t.Errorf("%s: something is drawn: %v", name, is)
		}
	}
	l := simple(at(1, 2)...)
	l.To = l.From
	l.Title, l.Note = strings.Repeat("very ", 100), strings.Repeat("long ", 100)
	drawn(t, "no time", l.PNG)

	names := make([]string, 500)
	b := chart.Bars{Frame: l.Frame, Names: names, Bars: []chart.Bar{{Values: []float64{1, math.NaN(), -1, math.Inf(1)}}, {}}}
	drawn(t, "bars", b.PNG)
	b.Stacked = true
	drawn(t, "stacked bars", b.PNG)
	b.Names, b.Bars = nil, nil
	drawn(t, "no bars", b.PNG)
}

// TestManyDrawAtOnce: they wait for each other.
func TestManyDrawAtOnce(t *testing.T) {
	l := simple(wave(time.Hour, 61, math.Cos)...)
	want, err := l.PNG()
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if got, err := l.PNG(); err != nil || !bytes.Equal(got, want) {
				t.Errorf("a picture that is drawn beside others is another (%v)", err)
			}
		})
	}
	all.Wait()
}

func ExampleLines_PNG() {
	midnight := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	l := chart.Lines{
		Frame: chart.Frame{
			Title: "CPU", Note: "web-1 · 2 hours · UTC", NoData: "No data", Least: 10,
			Value: func(v, _ float64) string { return fmt.Sprintf("%.0f%%", v) },
		},
		From: midnight, To: midnight.Add(2 * time.Hour),
		Lines: []chart.Line{{Points: []chart.Point{{midnight, 12}, {midnight.Add(time.Hour), 57}, {midnight.Add(2 * time.Hour), 31}}}},
		Clock: func(t time.Time) string { return t.Format("15:04") },
		Day:   func(t time.Time) string { return t.Format("2 Jan") },
	}
	content, err := l.PNG()
	fmt.Println(http.DetectContentType(content), err)
	// Output: image/png <nil>
}

func ExampleBars_PNG() {
	b := chart.Bars{
		Frame: chart.Frame{
			Title: "Costs by server", NoData: "No charges", Dark: true,
			Value: func(v, _ float64) string { return fmt.Sprintf("€%.2f", v) },
		},
		Names:   []string{"Sep", "Oct", "Nov"},
		Bars:    []chart.Bar{{Name: "web-1", Values: []float64{3.2, 3.2, 2.9}}, {Name: "database", Values: []float64{0, 6.1, 5.6}}},
		Stacked: true,
	}
	content, err := b.PNG()
	fmt.Println(http.DetectContentType(content), err)
	// Output: image/png <nil>
}
