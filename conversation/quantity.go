package conversation

import (
	"slices"
	"strconv"
	"strings"

	"zomrobot/chat"
)

// mostServers is how many servers one order may have [F].
const mostServers = 35

// counts are the quantities that are offered as buttons.
var counts = []int{1, 2, 3, 5, 10}

func askCount(v *view) {
	v.line(chat.Say("ask.count", "Max", mostServers))
	var buttons []chat.Button
	for _, n := range counts {
		buttons = append(buttons, v.option(plain(strconv.Itoa(n)), v.dr.Count == n, verbPick, n))
	}
	v.row(buttons...)
}

func pressCount(t *turn, verb string, n int) bool {
	if verb != verbPick || !slices.Contains(counts, n) {
		return false
	}
	t.d.Draft.Count = n
	t.forward()
	return true
}

func textCount(t *turn, text string) {
	n, wrong := checkCount(text)
	if wrong != nil {
		t.note(*wrong)
		return
	}
	t.d.Draft.Count = n
	t.forward()
}

// checkCount reads a quantity; else it says what is wrong.
func checkCount(text string) (int, *chat.Phrase) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 || n > mostServers {
		wrong := chat.Say("wrong.count", "Max", mostServers)
		return 0, &wrong
	}
	return n, nil
}
