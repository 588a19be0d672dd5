package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The titles of the tables, in the order in which they are printed.
const (
	tapTitle      = "Taps: from a tap to the changed card, and what a turn takes"
	storeTitle    = "The store alone: what a turn writes, without HTTP"
	purchaseTitle = "A purchase, from /confirm"
	startTitle    = "The start and the memory of the program"
	demoTitle     = "The demo"
)

// table is what a benchmark found out, as Markdown.
type table struct {
	title string
	head  []string
	rows  [][]string
}

// tables are those of this run.
var tables []*table

// printTables prints them, when the benchmarks are done.
func printTables(w io.Writer) {
	for _, title := range []string{tapTitle, storeTitle, purchaseTitle, startTitle, demoTitle} {
		for _, t := range tables {
			if t.title == title {
				t.print(w)
			}
		}
	}
}

// tableOf returns the table with a title, which benchmarks with the same columns share.
func tableOf(title string, head ...string) *table {
	i := slices.IndexFunc(tables, func(t *table) bool { return t.title == title })
	if i < 0 {
		i, tables = len(tables), append(tables, &table{title: title, head: head})
	}
	return tables[i]
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// print writes the table. The first column is text, numbers stand to the right.
func (t *table) print(w io.Writer) {
	widths := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	line := func(cells []string) {
		var b strings.Builder
		for i, cell := range cells {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i < t.texts() {
				b.WriteString("| " + cell + pad + " ")
			} else {
				b.WriteString("| " + pad + cell + " ")
			}
		}
		_, _ = fmt.Fprintln(w, b.String()+"|")
	}
	_, _ = fmt.Fprintf(w, "\n%s\n\n", t.title)
	line(t.head)
	rule := make([]string, len(widths))
	for i, width := range widths {
		rule[i] = strings.Repeat("-", width)
		if i >= t.texts() {
			rule[i] = strings.Repeat("-", width-1) + ":"
		}
	}
	line(rule)
	for _, row := range t.rows {
		line(row)
	}
}

// texts is how many columns are text: those before the first with a unit or a number.
func (t *table) texts() int {
	for i := range t.head {
		for _, row := range t.rows {
			if row[i] != "" && strings.Trim(row[i], "0123456789.–") == "" {
				return i
			}
		}
	}
	return len(t.head)
}

// none stands where there is nothing to say.
const none = "–"

// figure writes a number with as many digits as say something.
func figure(x float64) string {
	switch {
	case x >= 100 || x == float64(int64(x)):
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	case x >= 0.1:
		return fmt.Sprintf("%.2f", x)
	default:
		return fmt.Sprintf("%.2g", x)
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// median returns the middle one of values; none of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// over returns the median of what is measured of each item.
func over[T any](items []T, measure func(T) float64) float64 {
	values := make([]float64, len(items))
	for i, item := range items {
		values[i] = measure(item)
	}
	return median(values)
}
