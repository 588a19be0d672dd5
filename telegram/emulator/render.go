package emulator

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf16"
)

// marks is how an entity is opened and closed in a rendering.
type marks func(e entity) (before, after string)

// render writes a text with its entities. Entities that overlap are cut, so that
// what is written always nests.
func render(text string, es []entity, mark marks, escape func(string) string) string {
	code := utf16.Encode([]rune(text))
	cuts := []int{0, len(code)}
	for _, e := range es {
		cuts = append(cuts, e.Offset, e.end())
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var b strings.Builder
	var open []entity
	for i, at := range cuts {
		// Close down to the outermost entity that ends here, then reopen the others.
		keep := slices.IndexFunc(open, func(e entity) bool { return e.end() <= at })
		var again []entity
		if keep >= 0 {
			for _, e := range slices.Backward(open[keep:]) {
				_, after := mark(e)
				b.WriteString(after)
			}
			for _, e := range open[keep:] {
				if e.end() > at {
					again = append(again, e)
				}
			}
			open = slices.Clone(open[:keep])
		}
		for _, e := range es {
			if e.Offset == at && e.Length > 0 {
				again = append(again, e)
			}
		}
		for _, e := range again {
			before, _ := mark(e)
			b.WriteString(before)
			open = append(open, e)
		}
		if i+1 < len(cuts) && at < len(code) {
			b.WriteString(escape(string(utf16.Decode(code[at:min(cuts[i+1], len(code))]))))
		}
	}
	return b.String()
}

// asHTML writes a text in Telegram's HTML.
func asHTML(text string, es []entity) string {
	tags := map[string]string{
		"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler",
		"code": "code", "pre": "pre", "blockquote": "blockquote",
	}
	return render(text, es, func(e entity) (string, string) {
		switch {
		case tags[e.Type] != "":
			return "<" + tags[e.Type] + ">", "</" + tags[e.Type] + ">"
		case e.Type == "expandable_blockquote":
			return "<blockquote expandable>", "</blockquote>"
		case e.Type == "text_link":
			return `<a href="` + html.EscapeString(e.URL) + `">`, "</a>"
		case e.Type == "date_time":
			return fmt.Sprintf(`<tg-time unix="%d" format="%s">`, e.Unix, html.EscapeString(e.Format)), "</tg-time>"
		case e.Type == "text_mention":
			return fmt.Sprintf(`<a href="tg://user?id=%d">`, e.User.ID), "</a>"
		default:
			return "", "" // found by Telegram itself
		}
	}, html.EscapeString)
}

// asTranscript writes a text for people who read it in a file: what is hidden,
// fixed in width or a link is marked, the rest of the looks is left out.
func asTranscript(text string, es []entity) string {
	return render(text, es, func(e entity) (string, string) {
		switch e.Type {
		case "spoiler":
			return "||", "||"
		case "code":
			return "`", "`"
		case "pre":
			return "```\n", "\n```"
		case "text_link":
			return "", " <" + e.URL + ">"
		default:
			return "", ""
		}
	}, func(s string) string { return s })
}
