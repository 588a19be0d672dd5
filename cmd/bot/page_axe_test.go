package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// finding is what axe has against a page.
type finding struct {
	ID, Impact, Help string
	Nodes            []struct{ HTML, FailureSummary string }
}

// axe checks what is on the screen; whatever is serious or worse fails the test.
func (w *tab) axe(what, source string) {
	w.t.Helper()
	text, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](source+`;
		axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("check %s with axe: %v", what, err)
	}
	var findings []finding
	if err := json.Unmarshal([]byte(text), &findings); err != nil {
		w.t.Fatal(err)
	}
	for _, f := range findings {
		if f.Impact != "serious" && f.Impact != "critical" {
			continue
		}
		for _, n := range f.Nodes {
			w.t.Errorf("%s: %s, %s: %s\n%s\n%s", what, f.Impact, f.ID, f.Help, n.HTML, n.FailureSummary)
		}
	}
}

// TestPageAccessible has axe look at the page in light and dark, on a desk and on a
// phone, with all kinds of things on it.
func TestPageAccessible(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile(filepath.Join("..", "..", "tools", "axe", "node_modules", "axe-core", "axe.min.js"))
	const advice = "this test checks the page with axe, which make axe installs"
	switch {
	case errors.Is(err, fs.ErrNotExist) && os.Getenv("CI") == "":
		t.Skip(advice)
	case err != nil:
		t.Fatalf("%s (%v)", advice, err)
	}
	source := string(file)
	d := startDemo(t)
	w := d.openTab("/?lang=en&tour=crash&speed=1000", desk)
	w.axe("the beginning of a tour", source)
	w.until("the end of the tour", `document.querySelector('#tour[data-over]')`)
	w.click("#calls-list .step summary", "")
	d.say(anna, "/servers")
	w.sees("#log", "web-1")
	w.click("#menu-button", "")
	for _, dark := range []bool{false, true} {
		w.colors(dark)
		w.axe(fmt.Sprintf("a desk, dark: %t", dark), source)
	}
	w = d.openTab(fmt.Sprintf("/?as=%d&chat=%d&lang=ru", demoVera, int64(demoForum)), phone)
	w.write("Всем привет")
	w.sees("#log .mine", "Всем привет")
	for _, dark := range []bool{false, true} {
		w.colors(dark)
		w.axe(fmt.Sprintf("the forum on a phone, dark: %t", dark), source)
	}
	w.click("#panel-button", "")
	w.click("#knobs summary", "")
	w.click("#wrong summary", "")
	w.click("#knob-unpaid", "")
	w.until("a pressed button", `document.querySelector('#knob-unpaid[aria-pressed=true]')`)
	for _, dark := range []bool{false, true} {
		w.colors(dark)
		w.axe(fmt.Sprintf("the panel on a phone, dark: %t", dark), source)
	}
	w.click("#panel > header button", "")
	w.click("#back", "")
	for _, dark := range []bool{false, true} {
		w.colors(dark)
		w.axe(fmt.Sprintf("the list on a phone, dark: %t", dark), source)
	}
	d.stop()
}
