package conversation

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"zomrobot/chat"
	"zomrobot/locales"
)

// CheckPromo returns what is wrong with a promo code; nil: nothing that can be told
// without the vendor.
func CheckPromo(code string) *chat.Phrase {
	const most = 64
	bad := func(r rune) bool { return !unicode.IsPrint(r) || unicode.IsSpace(r) }
	if code == "" || len([]rune(code)) > most || slices.ContainsFunc([]rune(code), bad) {
		wrong := chat.Say("wrong.promo")
		if sign, found := chat.ForeignSign(code, func(r rune) bool { return !bad(r) }); found {
			wrong = chat.Say("wrong.promo_sign", "Sign", chat.Arg{Code: sign})
		}
		return &wrong
	}
	return nil
}

// serverNames are the names that are offered: letters, digits, dot, underscore
// and hyphen. The vendor's cabinet only bounds the length, by 100 [F]; but the
// new server is recognised by its name, so none is sent that might come back
// changed.
var serverNames = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// CheckName returns what is wrong with the name of a server or of a backup
// schedule; nil: nothing.
func CheckName(text string) *chat.Phrase {
	if len(text) <= 100 && serverNames.MatchString(text) {
		return nil
	}
	wrong := chat.Say("wrong.name")
	if sign, found := chat.ForeignSign(text, fitsName); found {
		wrong = chat.Say("wrong.name_sign", "Sign", chat.Arg{Code: sign})
	}
	return &wrong
}

// fitsName reports whether a character can be in a server's name.
func fitsName(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r))
}

var clockTimes = regexp.MustCompile(`^([01]?\d|2[0-3]):[0-5]\d$`)

// CheckTime returns a time of day as "04:20", or says what is wrong.
func CheckTime(text string) (string, *chat.Phrase) {
	text = strings.ReplaceAll(strings.TrimSpace(text), ".", ":")
	if !clockTimes.MatchString(text) {
		wrong := chat.Say("wrong.time")
		return "", &wrong
	}
	if len(text) == len("4:20") {
		text = "0" + text
	}
	return text, nil
}

// Clip bounds what is remembered of a typed text.
func Clip(text string) string {
	const most = 64
	words := []rune(strings.Join(strings.Fields(text), " "))
	if len(words) > most {
		words = words[:most]
	}
	return string(words)
}

// Wordings returns what a phrase that has no arguments but texts says, in each language.
func Wordings(p chat.Phrase) []string {
	texts, err := locales.Load()
	if err != nil {
		return nil // the program has not started with such messages
	}
	args := make(map[string]string, len(p.Args))
	for name, arg := range p.Args {
		args[name] = arg.Text
	}
	var said []string
	for _, lang := range locales.Languages() {
		text, err := texts.Text(lang, p.Key, args, nil)
		if err == nil {
			said = append(said, text)
		}
	}
	return said
}

// Filter returns the indices of those of n texts in which every word of the
// search occurs.
func Filter(search string, n int, text func(int) string) []int {
	words := strings.Fields(chat.Fold(search))
	var found []int
	for i := range n {
		if len(words) == 0 {
			found = append(found, i)
			continue
		}
		in := chat.Fold(text(i))
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(in, w) }) {
			found = append(found, i)
		}
	}
	return found
}

// Windows reports whether an image's label is that of a Windows [C].
func Windows(label string) bool { return strings.Contains(strings.ToLower(label), "windows") }
