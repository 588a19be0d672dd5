package emulator

import (
	"html"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseHTML(t *testing.T) {
	for _, c := range []struct {
		src, text string
		want      []entity
	}{
		{"plain &amp; &lt;&#33;&#x1F44B; &copy; &", "plain & <!👋 &copy; &", nil},
		{"👋<B>x</b>", "👋x", []entity{{Type: "bold", Offset: 2, Length: 1}}},
		{"<b>a<i>b</i></b>", "ab", []entity{{Type: "bold", Offset: 0, Length: 2}, {Type: "italic", Offset: 1, Length: 1}}},
		{"<b></b>x", "x", nil},
		{"<b>x</>", "x", []entity{{Type: "bold", Offset: 0, Length: 1}}},
		{`<a href="https://zomro.com/?a=1&amp;b=2">x</a>`, "x", []entity{{Type: "text_link", Offset: 0, Length: 1, URL: "https://zomro.com/?a=1&b=2"}}},
		{`<a>zomro.com</a>`, "zomro.com", []entity{{Type: "text_link", Offset: 0, Length: 9, URL: "http://zomro.com"}}},
		{`<a href="javascript:alert(1)">x</a>`, "x", nil},
		{`<a href='x'>y</a>`, "y", nil},
		{`<pre><code class="language-go">x</code></pre>`, "x", []entity{{Type: "pre", Offset: 0, Length: 1, Language: "go"}}},
		{`<code class="language-go"><pre>x</pre></code>`, "x", []entity{{Type: "pre", Offset: 0, Length: 1, Language: "go"}}},
		{`<code class="language-go">x</code>`, "x", []entity{{Type: "code", Offset: 0, Length: 1}}},
		{`<span class="tg-spoiler">x</span>`, "x", []entity{{Type: "spoiler", Offset: 0, Length: 1}}},
		{"<blockquote expandable>x</blockquote>", "x", []entity{{Type: "expandable_blockquote", Offset: 0, Length: 1}}},
		{`<b><tg-time unix="1795446240" format="Dt">x</tg-time></b>`, "x", []entity{{Type: "bold", Offset: 0, Length: 1}, {Type: "date_time", Offset: 0, Length: 1, Unix: 1795446240, Format: "Dt"}}},
		{`<tg-time unix=5>x</tg-time>`, "x", []entity{{Type: "date_time", Offset: 0, Length: 1, Unix: 5}}},
		{"<blockquote>x</blockquote>", "x", []entity{{Type: "blockquote", Offset: 0, Length: 1}}},
	} {
		text, es, err := parseHTML(c.src)
		if err != nil || text != c.text {
			t.Errorf("%q: %q, %v; want %q", c.src, text, err, c.text)
		}
		if d := cmp.Diff(c.want, es); d != "" {
			t.Errorf("%q: %s", c.src, d)
		}
	}
}

// FuzzParseHTML: what was read fits its text, and writing it down and reading it
// again changes nothing.
func FuzzParseHTML(f *testing.F) {
	for _, s := range []string{
		"<b>a<i>👋</i></b>", `<a href="https://zomro.com">x</a>`, "<pre><code class=language-go>x", "&#x1F44B;&lt", "<tg-spoiler>я</tg-spoiler",
		"<b >x</b >", "<blockquote expandable>x</blockquote>", "</", "<a href=", "<b\x00>", "&#xd800;",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if !utf8.ValidString(src) {
			t.Skip("requests are UTF-8")
		}
		text, es, err := parseHTML(src)
		if err != nil {
			return
		}
		size := units(text)
		for _, e := range es {
			if e.Offset < 0 || e.Length <= 0 || e.end() > size {
				t.Fatalf("%q: the entity %+v does not fit %q", src, e, text)
			}
		}
		again, twice, err := parseHTML(asHTML(text, es))
		if err != nil || again != text {
			t.Fatalf("%q: written as %q it is read as %q, %v", src, asHTML(text, es), again, err)
		}
		if len(twice) != len(es) {
			t.Fatalf("%q: written as %q it has the entities %v, want %v", src, asHTML(text, es), twice, es)
		}
	})
}

// An escaped text is read as it was, whatever is in it.
func TestEscapedTextIsPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.String().Draw(t, "text")
		got, es, err := parseHTML(html.EscapeString(want))
		if err != nil || got != want || len(es) > 0 {
			t.Fatalf("%q is read as %q, %v, %v", want, got, es, err)
		}
	})
}

// Rendering cuts entities that overlap, so that what comes out always nests.
func TestRenderNests(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("aя👋<&\n")), 1, 20, -1).Draw(t, "text")
		size := units(text)
		var es []entity
		for range rapid.IntRange(0, 5).Draw(t, "entities") {
			from := rapid.IntRange(0, size-1).Draw(t, "from")
			es = append(es, entity{
				Type: rapid.SampledFrom(settable).Draw(t, "type"), Offset: from,
				Length: rapid.IntRange(1, size-from).Draw(t, "length"), URL: "https://zomro.com",
			})
		}
		sortEntities(es)
		got, _, err := parseHTML(asHTML(text, es))
		if err != nil {
			t.Fatalf("%q with %v is written as %q: %v", text, es, asHTML(text, es), err)
		}
		if units(got) != size {
			t.Fatalf("%q with %v is written as %q and read as %q", text, es, asHTML(text, es), got)
		}
	})
}

func TestClean(t *testing.T) {
	bold := func(from, n int) []entity { return []entity{{Type: "bold", Offset: from, Length: n}} }
	for _, c := range []struct {
		text     string
		es       []entity
		want     string
		entities []entity
	}{
		{"  a \n", nil, "a", nil},
		{"  ab ", bold(3, 2), "ab", bold(1, 1)},
		{"  a", bold(1, 2), " a", bold(0, 2)}, // only up to the first entity
		{"a  ", bold(1, 2), "a", nil},
		{"a\tb", nil, "a b", nil},
	} {
		text, es := clean(c.text, c.es)
		if text != c.want || !cmp.Equal(es, c.entities) {
			t.Errorf("clean(%q, %v) = %q, %v; want %q, %v", c.text, c.es, text, es, c.want, c.entities)
		}
	}
}
