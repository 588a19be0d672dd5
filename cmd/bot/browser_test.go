package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// findChromium says where the browser is and with what it is started. The shell of Chromium
// shows a page with no browser's window around it, and a window costs as much as the page;
// without windows one process is enough for the tabs of all demos, which are at one host.
func findChromium() (path string, flags []chromedp.ExecAllocatorOption, err error) {
	name := os.Getenv("CHROMIUM")
	if name == "" {
		if path, err = exec.LookPath("chromium-headless-shell"); err == nil {
			return path, []chromedp.ExecAllocatorOption{chromedp.Flag("process-per-site", true)}, nil
		}
		name = "chromium"
	}
	path, err = exec.LookPath(name)
	return path, nil, err
}

// chromium is one browser for all tests; each opens tabs of its own.
var chromium = sync.OnceValues(func() (context.Context, error) {
	path, more, err := findChromium()
	if err != nil {
		return nil, err
	}
	flags := slices.Concat(chromedp.DefaultExecAllocatorOptions[:], more, []chromedp.ExecAllocatorOption{chromedp.ExecPath(path)})
	if os.Getuid() == 0 {
		flags = append(flags, chromedp.NoSandbox)
	}
	// Once in a while it crashes while it starts, which says nothing of the page.
	const starts = 3
	for try := 1; ; try++ {
		ctx, stop := chromedp.NewExecAllocator(context.Background(), flags...)
		ctx, stopTab := chromedp.NewContext(ctx)
		browsing.Store(&stop)
		err := chromedp.Do(ctx)
		if err == nil {
			return ctx, nil
		}
		stopTab()
		stop()
		if try == starts {
			return nil, fmt.Errorf("start %s: %w", path, err)
		}
	}
})

// browsing ends the browser, if one was started.
var browsing atomic.Pointer[context.CancelFunc]

// browser returns the browser. Where there is none a test is skipped, but not
// with CI in the environment, as the gate sets it.
func browser(t testing.TB) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("looks at the page in Chromium")
	}
	const advice = "this test looks at the page in Chromium: apt-get install chromium-headless-shell or chromium, or set CHROMIUM to where it is"
	ctx, err := chromium()
	switch {
	case err == nil:
	case errors.Is(err, exec.ErrNotFound) && os.Getenv("CI") == "":
		t.Skip(advice)
	default:
		t.Fatalf("%s (%v)", advice, err)
	}
	return ctx
}

// screen is what a tab is seen on.
type screen struct {
	width, height int64
	dark          bool
}

var (
	desk  = screen{width: 1400, height: 900}
	phone = screen{width: 390, height: 844}
)

// tab is a person in front of a window of the demo, with a mouse and a keyboard.
type tab struct {
	t   testing.TB
	ctx context.Context
}

// openTab opens an address of the demo. What the page complains about to the
// browser's console fails the test.
func (d *demoProcess) openTab(address string, on screen) *tab {
	d.t.Helper()
	ctx, cancel := chromedp.NewContext(browser(d.t))
	d.t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	d.t.Cleanup(cancel)
	w := &tab{d.t, ctx}
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			d.t.Errorf("the page fails: %s %s", e.ExceptionDetails.Text, e.ExceptionDetails.Exception.Description)
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError && !strings.Contains(e.Entry.Text, "net::ERR_") { // the demo ends before its tabs
				d.t.Errorf("the page complains: %s %s", e.Entry.Text, e.Entry.URL)
			}
		}
	})
	if err != nil {
		d.t.Fatalf("open a tab: %v", err)
	}
	w.colors(on.dark)
	w.do("size the tab", chromedp.EmulateViewport(on.width, on.height))
	w.do("open "+address, chromedp.Navigate(d.url+address))
	w.until("the chats", `document.querySelectorAll('#chats button').length > 0 && document.getElementById('tours')`)
	return w
}

// colors makes the system dark or light.
func (w *tab) colors(dark bool) {
	w.t.Helper()
	scheme := map[bool]string{false: "light", true: "dark"}[dark]
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}}
	if _, err := chromedp.Call(w.ctx, emulation.SetEmulatedMedia, media); err != nil {
		w.t.Fatalf("ask for %s colors: %v", scheme, err)
	}
}

// do acts in the tab.
func (w *tab) do(what string, action chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, action); err != nil {
		w.t.Fatalf("%s: %v\n%s", what, err, w.text())
	}
}

// text is what can be read in the tab now.
func (w *tab) text() string {
	text, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

// value works out an expression of the page.
func value[T any](w *tab, expression string) T {
	w.t.Helper()
	v, err := chromedp.Run(w.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		w.t.Fatalf("%s: %v\n%s", expression, err, w.text())
	}
	return v
}

// until waits until an expression of the page is true.
func (w *tab) until(what, expression string) {
	w.t.Helper()
	w.do("wait for "+what, chromedp.Poll[chromedp.Void](expression,
		chromedp.WithPollingInterval(30*time.Millisecond), chromedp.WithPollingTimeout(2*time.Minute)))
}

// visible is an expression for the elements that a selector finds and that can be
// seen.
func visible(selector string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%q)].filter(e => e.checkVisibility({visibilityProperty: true}))`, selector)
}

// sees waits until a text can be read in what a selector finds.
func (w *tab) sees(selector, text string) {
	w.t.Helper()
	w.until(fmt.Sprintf("%q in %s", text, selector), fmt.Sprintf(`%s.some(e => e.innerText.includes(%q))`, visible(selector), text))
}

// gone waits until a text can no longer be read in what a selector finds.
func (w *tab) gone(selector, text string) {
	w.t.Helper()
	w.until(fmt.Sprintf("no %q in %s", text, selector), fmt.Sprintf(`!%s.some(e => e.innerText.includes(%q))`, visible(selector), text))
}

// click waits for an element that selector finds, with that text when one is
// given, and clicks into its middle with the mouse, when it has come to rest.
func (w *tab) click(selector, text string) {
	w.t.Helper()
	find := fmt.Sprintf(`%s.findLast(e => !%q || e.innerText.trim() === %q || e.getAttribute('aria-label') === %q)`, visible(selector), text, text, text)
	w.until(fmt.Sprintf("%s %q", selector, text), find)
	type point struct{ X, Y float64 }
	at, err := chromedp.Run(w.ctx, chromedp.Evaluate[point](fmt.Sprintf(`(async () => {
		const frame = () => new Promise(requestAnimationFrame);
		for (let last = ''; ;) {
			const e = %s;
			if (e) {
				e.scrollIntoView({block: 'nearest'});
				const b = e.getBoundingClientRect();
				const x = b.left + b.width / 2, y = b.top + b.height / 2;
				const hit = document.elementFromPoint(x, y);
				if (last === x + ' ' + y && hit && (e.contains(hit) || hit.contains(e))) return {X: x, Y: y};
				last = x + ' ' + y;
			}
			await frame();
		}
	})()`, find), chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("click %s %q: %v\n%s", selector, text, err, w.text())
	}
	w.do("click "+selector, chromedp.MouseClickXY(at.X, at.Y))
}

// tap presses a button below a message.
func (w *tab) tap(label string) {
	w.t.Helper()
	w.click("#log .key", label)
}

// write puts a text into the chat's field, and presses Enter.
func (w *tab) write(text string) {
	w.t.Helper()
	w.click("#input", "")
	if _, err := chromedp.Call(w.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		w.t.Fatalf("write %q: %v", text, err)
	}
	if strings.HasPrefix(text, "/") && !strings.ContainsAny(text, " @") {
		w.keys(kb.Escape) // closes the list of commands
	}
	w.keys(kb.Enter)
}

// keys presses keys, wherever the focus is.
func (w *tab) keys(keys string, options ...chromedp.KeyOption) {
	w.t.Helper()
	w.do(fmt.Sprintf("press %q", keys), chromedp.KeyEvent(keys, options...))
}
