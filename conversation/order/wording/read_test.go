package wording_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"zomrobot/chat"
	"zomrobot/conversation/order/wording"
	"zomrobot/zomro"
)

// readAs is all that was understood of a text, and what was not: "cpu>=2 at=de: red".
func readAs(w wording.Wish) string {
	var said []string
	say := func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }
	for _, of := range []struct {
		name string
		b    wording.Bounds
	}{{"cpu", w.CPU}, {"ram", w.Memory}, {"disk", w.Disk}} {
		if of.b.Least != 0 {
			say("%s>=%g", of.name, of.b.Least)
		}
		if of.b.Most != 0 {
			say("%s<=%g", of.name, of.b.Most)
		}
	}
	if w.Price != (wording.Price{}) {
		say("price<=%g%s/%s", w.Price.Most, w.Price.Currency, periodNames[w.Price.Period])
	}
	if w.Cheapest {
		say("cheapest")
	}
	for _, f := range w.Features {
		say("%s", f)
	}
	for _, p := range w.Places {
		say("at=%s%s", p.Code, p.Number)
	}
	if w.System != (wording.System{}) {
		say("%s", strings.TrimSpace("os="+w.System.Family+" "+w.System.Version))
	}
	if w.Period != "" {
		say("per=%s", periodNames[w.Period])
	}
	if w.Never != "" {
		say("never=%s", w.Never)
	}
	if w.Count != 0 {
		say("x%d", w.Count)
	}
	if w.Promo != "" {
		say("promo=%s", w.Promo)
	}
	if w.Name != "" {
		say("name=%s", w.Name)
	}
	if w.Backups != "" {
		say("backups=%s", w.Backups)
	}
	if w.Access != "" {
		say("login=%s", w.Access)
	}
	if left := w.About(wording.Left); len(left) > 0 {
		say("LEFT %s", strings.Join(left, "|"))
	}
	if beside := w.About(wording.Beside); len(beside) > 0 {
		say("BESIDE %s", strings.Join(beside, "|"))
	}
	if hidden := w.Words(wording.Hidden); len(hidden) > 0 {
		say("HIDDEN %d", len(hidden))
	}
	return strings.Join(said, " ")
}

var periodNames = map[zomro.Period]string{zomro.Day: "day", zomro.Month: "month", zomro.Quarter: "3m", zomro.HalfYear: "6m", zomro.Year: "year"}

// sentence is an order in somebody's own words, and all that is read in it.
type sentence struct{ text, want string }

// sentences are those of testdata; a "\n" in them is the end of a line.
func sentences(t testing.TB) []sentence {
	t.Helper()
	file, err := os.ReadFile("testdata/sentences.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []sentence
	for line := range strings.Lines(string(file)) {
		text, want, found := strings.Cut(strings.TrimSuffix(line, "\n"), " =>")
		if found && !strings.HasPrefix(line, "#") {
			all = append(all, sentence{strings.ReplaceAll(text, `\n`, "\n"), strings.TrimSpace(want)})
		}
	}
	const least = 120
	if len(all) < least {
		t.Fatalf("there are only %d sentences", len(all))
	}
	return all
}

func TestSentences(t *testing.T) {
	t.Parallel()
	for _, s := range append(sentences(t), sentence{}) {
		w := wording.Read(s.text)
		if got := readAs(w); got != s.want {
			t.Errorf("%q\n is read as %s\n      want %s", s.text, got, s.want)
		}
		if again := readAs(wording.Read(w.Text())); strings.ReplaceAll(s.want, " HIDDEN 1", "") != again {
			t.Errorf("%q is read as %s when it is kept as %q", s.text, again, w.Text())
		}
	}
}

// TestClear: only what clearly is an order is one without being asked for.
func TestClear(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"2 cpu 4 gb ubuntu germany month": true, "впс 4 гига в польше": true, "4 гига": true, "ubuntu germany": true, "2 servers in germany": true,
		"vps america": true, "ubuntu vps": true, "cheap vps": true, "vps 2gb nl for 2 months": true, "впс в сша": true, "самый дешёвый сервер": true,
		"нужен впс для vpn в америке": true, "нужен впс для чего-то в америке": true, "впс 2гб на 2 месяца голандия": true, "дедик в германии": true, "windows vds": true,
		"виртуалка на месяц": true, "box in poland": true, "server": false, "мой сервер": false, "где мой сервер в германии": false,
		"how much is 4 gb in germany?": true, "дайте впску на винде на месяц": true, "нужен сервак для minecraft 8 гигов оперативы": true,
		"": false, "hello": false, "спасибо": false, "ubuntu": false, "germany": false, "vps": false, "yes": false, "да": false, "12": false, "1000 мбит": false,
		"my 2 servers in germany have failed this month": false, "2 servers in germany are down": false, "windows license key": false,
		"как продлить сервер в германии на месяц": false, "у меня 2 сервера не работают": false, "delete the ubuntu server in germany": false,
		"my server in germany with 4 gb ram is slow": false, "no backups, ssh key": false, "promo X1 name web-1": false,
	} {
		if got := wording.Read(text).Clear(); got != want {
			t.Errorf("%q is clearly an order: %v, want %v", text, got, want)
		}
	}
}

// everything is every kind of a part.
var everything = []wording.Kind{
	wording.Plan, wording.Cheap, wording.Where, wording.What, wording.Long, wording.Many, wording.Code, wording.Called, wording.Copies, wording.Login,
	wording.Nothing, wording.Beside, wording.Left, wording.Hidden,
}

// FuzzRead: any text is read, every word of it has its place, and what is kept of it reads
// the same.
func FuzzRead(f *testing.F) {
	for _, s := range sentences(f) {
		f.Add(s.text)
	}
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, text string) {
		const long = 1000
		if len(text) > long {
			return
		}
		w := wording.Read(text)
		rest := chat.Typed(text)
		for _, word := range w.Words(everything...) {
			before, after, found := strings.Cut(rest, word)
			if !found {
				t.Fatalf("%q: %q is not where it was", text, word)
			}
			if missed := strings.IndexFunc(before, isLetter); missed >= 0 {
				t.Fatalf("%q: %q is not looked at", text, before)
			}
			rest = after
		}
		if strings.ContainsFunc(rest, isLetter) {
			t.Fatalf("%q: %q is not looked at", text, rest)
		}
		if len(w.Words(wording.Hidden)) == 0 && readAs(wording.Read(w.Text())) != readAs(w) {
			t.Fatalf("%q is read as %s, and when it is kept as %s", text, readAs(w), readAs(wording.Read(w.Text())))
		}
	})
}

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// TestPasswordsAreHidden: what stands where a password is said is not repeated, whatever
// else it could be; what an order says behind it is read.
func TestPasswordsAreHidden(t *testing.T) {
	for _, before := range []string{"password ", "password: ", "root password is ", "pwd ", "pass ", "пароль ", "с паролем ", "пасс ", "token ", "секрет ", "root/", "login root:"} {
		for _, secret := range []string{"hunter2", "1qaz2wsx", "123456", "5ever", "2x4gb8cpu", "ubuntu22", "germany1", "Dragon", "p@ss", "a1", "Кот2031", "x!y"} {
			w := wording.Read("2 cpu " + before + secret + " germany")
			said := strings.NewReplacer("@", "", "!", "").Replace(secret)
			if hidden := strings.Join(w.Words(wording.Hidden), ""); hidden != said {
				t.Errorf("%q hides %q, want %q", before+secret, hidden, secret)
			}
			if !slices.Equal(w.Words(wording.Where), []string{"germany"}) {
				t.Errorf("%q is read as %+v", before+secret, w)
			}
		}
	}
	for _, text := range []string{"пароль 4 гб 2 cpu", "password 2 cpu month", "с паролем на месяц в польше", "по паролю, debian, 4gb", "password 4gb"} {
		if hidden := wording.Read(text).Words(wording.Hidden); len(hidden) > 0 {
			t.Errorf("%q hides %q", text, hidden)
		}
	}
}
