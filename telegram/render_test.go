package telegram

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/go-telegram/bot/models"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"zomrobot/chat"
	"zomrobot/locales"
	"zomrobot/zomro"
)

func testRenderer(t testing.TB) (renderer, *bytes.Buffer) {
	t.Helper()
	catalog, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	logged := new(bytes.Buffer)
	return renderer{catalog: catalog, log: slog.New(slog.NewTextHandler(logged, nil)), username: func() string { return "ZomroBot" }}, logged
}

func TestArguments(t *testing.T) {
	r, _ := testRenderer(t)
	missing := chat.Say("no.such<message>")
	n := 1234
	moment := time.Date(2026, 11, 23, 15, 4, 0, 0, time.UTC)
	money := zomro.Money{Amount: decimal.RequireFromString("1234.5"), Currency: "EUR"}
	for _, tt := range []struct {
		name        string
		arg         chat.Arg
		html, plain string
	}{
		{"text", chat.Arg{Text: `<b>&"`}, "&lt;b&gt;&amp;&quot;", `<b>&"`},
		{"text that breaks its line", chat.Arg{Text: "a\n\u202eb\u200b"}, "a b", "a b"},
		{"code that does", chat.Arg{Code: "a\n\u202eb\u200b"}, "<code>a b</code>", "a b"},
		{"code", chat.Arg{Code: "a<b"}, "<code>a&lt;b</code>", "a<b"},
		{"hidden", chat.Arg{Hidden: "p<w"}, "<tg-spoiler><code>p&lt;w</code></tg-spoiler>", "p<w"},
		{"person", chat.Arg{Person: &chat.Person{ID: 42, Name: `<A&"`}}, `<a href="tg://user?id=42">&lt;A&amp;&quot;</a>`, `<A&"`},
		{"number", chat.Arg{Number: &n}, "1,234", "1,234"},
		{"money", chat.Arg{Money: &money}, "€1,234.50", "€1,234.50"},
		{"time", chat.Arg{Time: &moment}, `<tg-time unix="1795446240" format="Dt">23 Nov 2026, 15:04 UTC</tg-time>`, "23 Nov 2026, 15:04 UTC"},
		{"phrase that is missing", chat.Arg{Phrase: &missing}, "no.such<message>", "no.such"},
		{"list", chat.Arg{List: []chat.Phrase{chat.Say("a"), chat.Say("b"), chat.Say("c")}}, "a, b and c", "a, b and c"},
		{"empty list", chat.Arg{List: []chat.Phrase{}}, "", ""},
		{"nothing", chat.Arg{}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := r.htmlArg("en", tt.arg); got != tt.html {
				t.Errorf("HTML %q, want %q", got, tt.html)
			}
			if got := r.plainArg("en", tt.arg); got != tt.plain {
				t.Errorf("plain %q, want %q", got, tt.plain)
			}
		})
	}
}

func TestMissingMessageShowsItsKey(t *testing.T) {
	r, logged := testRenderer(t)
	text, keyboard := r.screen("ru", chat.Screen{
		Lines: []chat.Phrase{chat.Say("no.such.message", "Password", chat.Arg{Hidden: "hunter2"}), {}, chat.Say("no.other")},
	})
	if want := "no.such.message\n\nno.other"; text != want {
		t.Errorf("text %q, want %q", text, want)
	}
	if keyboard != nil {
		t.Errorf("a keyboard without buttons: %#v", keyboard)
	}
	if !strings.Contains(logged.String(), "no.such.message") || strings.Contains(logged.String(), "hunter2") {
		t.Errorf("log: %s", logged)
	}
}

func TestScreenIsNeverEmpty(t *testing.T) {
	r, _ := testRenderer(t)
	for _, s := range []chat.Screen{{}, {Lines: []chat.Phrase{{}, {}}}} {
		if text, _ := r.screen("en", s); strings.TrimSpace(text) == "" {
			t.Errorf("%+v is empty", s)
		}
	}
}

func TestKeyboard(t *testing.T) {
	r, logged := testRenderer(t)
	label := chat.Say("b")
	_, keyboard := r.screen("en", chat.Screen{Rows: [][]chat.Button{
		{{Label: label, Data: "x", Style: chat.Success}, {Label: label, URL: "https://zomro.com"}},
		{{Label: label, Copy: "1.2.3.4", Style: chat.Plain}},
		{{Label: label, Data: strings.Repeat("я", 33)}},
		{{Label: label}, {Label: label, Data: "x", URL: "https://zomro.com"}},
		{},
	}})
	want := &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{
		{{Text: "b", CallbackData: "x", Style: "success"}, {Text: "b", URL: "https://zomro.com"}},
		{{Text: "b", CopyText: &models.CopyTextButton{Text: "1.2.3.4"}}},
	}}
	if !cmp.Equal(keyboard, models.ReplyMarkup(want)) {
		t.Error(cmp.Diff(models.ReplyMarkup(want), keyboard))
	}
	if n := strings.Count(logged.String(), "left out"); n != 3 {
		t.Errorf("%d buttons are said to be left out, want 3: %s", n, logged)
	}
}

// TestRowsThatCanBeRead: a row whose labels a phone would cut becomes several; what belongs
// together and is short stays in one.
func TestRowsThatCanBeRead(t *testing.T) {
	for _, tt := range []struct {
		name string
		row  []string
		want [][]string
	}{
		{"nothing", nil, nil},
		{"halves that fit", []string{"🖥 Мои серверы", "🧾 Покупки"}, [][]string{{"🖥 Мои серверы", "🧾 Покупки"}}},
		{"letters of a half", []string{"абвгдежзийклмн", "x"}, [][]string{{"абвгдежзийклмн", "x"}}},
		{"one letter more", []string{"абвгдежзийклмно", "x"}, [][]string{{"абвгдежзийклмно"}, {"x"}}},
		{"letters of a third", []string{"x", "абвгдежз", "x"}, [][]string{{"x", "абвгдежз", "x"}}},
		{"a half that does not fit", []string{"⏹ Остановить", "🔁 Перезагрузить"}, [][]string{{"⏹ Остановить"}, {"🔁 Перезагрузить"}}},
		{"a third that does not fit", []string{"‹ Назад", "Пропустить ›", "Отмена"}, [][]string{{"‹ Назад"}, {"Пропустить ›", "Отмена"}}},
		{"the last one is long", []string{"a", "b", "💾 Сохранить как шаблон"}, [][]string{{"a", "b"}, {"💾 Сохранить как шаблон"}}},
		{"the one between is long", []string{"a", "💾 Сохранить как шаблон", "b"}, [][]string{{"a"}, {"💾 Сохранить как шаблон"}, {"b"}}},
		{"one that never fits", []string{strings.Repeat("я", 64)}, [][]string{{strings.Repeat("я", 64)}}},
		{"pages", []string{"‹", "12/34", "›"}, [][]string{{"‹", "12/34", "›"}}},
		{"hours", []string{"06:00", "✓ 07:00", "08:00", "09:00"}, [][]string{{"06:00", "✓ 07:00", "08:00", "09:00"}}},
		{"numbers", []string{"✓ 1", "2", "3", "5", "10"}, [][]string{{"✓ 1", "2", "3", "5", "10"}}},
	} {
		var row []models.InlineKeyboardButton
		for _, label := range tt.row {
			row = append(row, models.InlineKeyboardButton{Text: label})
		}
		var got [][]string
		for _, line := range fitting(row) {
			var labels []string
			for _, b := range line {
				labels = append(labels, b.Text)
			}
			got = append(got, labels)
		}
		if !cmp.Equal(got, tt.want) {
			t.Errorf("%s: %s", tt.name, cmp.Diff(tt.want, got))
		}
	}
}

// TestLinksToTheBot: a button that opens a chat with the bot is there only when
// the bot's name is known, and nothing in a code can change where it leads.
func TestLinksToTheBot(t *testing.T) {
	r, logged := testRenderer(t)
	label := chat.Say("b")
	s := chat.Screen{Rows: [][]chat.Button{
		{{Label: label, Start: "A_b-1"}},
		{{Label: label, AddToGroup: true}},
		{{Label: label, Start: "a&b=c#d"}},
		{{Label: label, StartCopy: "A_b-1"}},
		{{Label: label, StartShare: "A_b-1"}},
		{{Label: label, Start: "x", Data: "y"}},
	}}
	_, keyboard := r.screen("en", s)
	want := &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{
		{{Text: "b", URL: "https://t.me/ZomroBot?start=A_b-1"}},
		{{Text: "b", URL: "https://t.me/ZomroBot?startgroup=team"}},
		{{Text: "b", URL: "https://t.me/ZomroBot?start=a%26b%3Dc%23d"}},
		{{Text: "b", CopyText: &models.CopyTextButton{Text: "https://t.me/ZomroBot?start=A_b-1"}}},
		{{Text: "b", URL: "https://t.me/share/url?url=https%3A%2F%2Ft.me%2FZomroBot%3Fstart%3DA_b-1"}},
	}}
	if !cmp.Equal(keyboard, models.ReplyMarkup(want)) {
		t.Error(cmp.Diff(models.ReplyMarkup(want), keyboard))
	}
	r.username = func() string { return "" }
	s.Rows = s.Rows[:5]
	if _, keyboard := r.screen("en", s); keyboard != nil {
		t.Errorf("links to a bot without a name: %#v", keyboard)
	}
	if strings.Contains(logged.String(), "A_b-1") {
		t.Errorf("a code was logged: %s", logged)
	}
}

func TestReplyIsSelective(t *testing.T) {
	r, _ := testRenderer(t)
	who := chat.Person{ID: 42, Name: "Anna"}
	text, markup := r.screen("en", chat.Screen{Lines: []chat.Phrase{chat.Say("prompt.reply", "Who", who)}, Reply: true, Field: chat.Say("field.promo")})
	if !cmp.Equal(markup, models.ReplyMarkup(&models.ForceReply{ForceReply: true, Selective: true, InputFieldPlaceholder: "Promo code"})) || !strings.Contains(text, `<a href="tg://user?id=42">Anna</a>`) {
		t.Errorf("%q with %#v", text, markup)
	}
}

func TestCutLines(t *testing.T) {
	long := "<b>" + strings.Repeat("&lt;", textLimit-10) + "</b>"
	for _, tt := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"short", []string{"a", "", "<b>b</b>"}, "a\n\n<b>b</b>"},
		{"markup does not count", []string{long, "12345678"}, long + "\n12345678"},
		{"last line too many", []string{long, "123456789abc"}, long + "\n…"},
		{"one line too long", []string{"<b>" + strings.Repeat("<i>x</i>", textLimit+1) + "</b>"}, strings.Repeat("x", textLimit-1) + "…"},
		{"too long by pairs", []string{strings.Repeat("🎁", textLimit/2+1)}, strings.Repeat("🎁", textLimit/2-1) + "…"},
	} {
		if got := cutLines(tt.lines, textLimit); got != tt.want {
			t.Errorf("%s: %d bytes %.40q…, want %d bytes %.40q…", tt.name, len(got), got, len(tt.want), tt.want)
		}
	}
}

// TestCutKeepsWithinLimits: whatever is shown fits, is not empty and closes
// every tag that it opens.
func TestCutKeepsWithinLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.String(), 1, 8).Draw(t, "words")
		times := rapid.IntRange(1, 1000).Draw(t, "times")
		lines := make([]string, len(words))
		for i, w := range words {
			lines[i] = "<b>" + escape(strings.Repeat(w, times)) + "</b>"
		}
		got := cutLines(lines, textLimit)
		if n := units(withoutMarkup(got)); n > textLimit {
			t.Fatalf("%d units", n)
		}
		if strings.Count(got, "<b>") != strings.Count(got, "</b>") {
			t.Fatalf("tags are torn: %q", got)
		}
		toast := cut(strings.Repeat(words[0], times), toastLimit)
		if units(toast) > toastLimit {
			t.Fatalf("toast of %d units", units(toast))
		}
	})
}

// TestEscapedTextReadsAsItself: no argument can become markup.
func TestEscapedTextReadsAsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		escaped := escape(text)
		if strings.ContainsAny(escaped, `<>"`) {
			t.Fatalf("%q", escaped)
		}
		if got := withoutMarkup(escaped); got != text {
			t.Fatalf("%q reads %q", text, got)
		}
	})
}

// TestPlainMessageIsEscapedInHTML: a plain message may stand in a screen.
func TestPlainMessageIsEscapedInHTML(t *testing.T) {
	r, _ := testRenderer(t)
	p := chat.Say("command.bot_description")
	for _, lang := range []string{"en", "ru"} {
		html, plain := r.html(lang, p), r.plain(lang, p)
		if plain == p.Key || html != escape(plain) {
			t.Errorf("%s: HTML %q, plain %q", lang, html, plain)
		}
	}
}
