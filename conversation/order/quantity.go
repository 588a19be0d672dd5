package order

import (
	"slices"
	"strconv"
	"strings"

	"zomrobot/chat"
	"zomrobot/conversation"
)

// mostServers is how many servers one order may have [F].
const mostServers = 35

// checkMany takes out of what words say of an order more servers than it may have.
func checkMany(t *conversation.Turn, number int, pairs map[string]string) {
	if number > mostServers {
		delete(pairs, paramCount)
		refuse(t, PlaceCount, chat.Say("words.too_many", "Number", number, "Max", mostServers))
	}
}

// counts are the quantities that are offered as buttons.
var counts = []int{1, 2, 3, 5, 10}

func askCount(v *conversation.View) {
	v.Line(chat.Say("ask.count", "Max", mostServers))
	var buttons []chat.Button
	for _, n := range counts {
		buttons = append(buttons, v.Option(conversation.Plain(strconv.Itoa(n)), v.Draft.Count == n, conversation.VerbPick, n))
	}
	v.Row(buttons...)
}

func pressCount(t *conversation.Turn, verb string, n int) bool {
	if verb != conversation.VerbPick || !slices.Contains(counts, n) {
		return false
	}
	t.Dialogue.Draft.Count = n
	t.Forward()
	return true
}

func textCount(t *conversation.Turn, text string) {
	n, wrong := checkCount(text)
	if wrong != nil {
		t.Note(*wrong)
		return
	}
	t.Dialogue.Draft.Count = n
	t.Forward()
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

// showShared warns of several servers that will have one name.
func showShared(v *conversation.View) {
	if dr := v.Draft; dr.Name != "" && dr.Count > 1 {
		v.Line(sharedName(dr))
	}
}

// sharedName says that several servers get one name.
func sharedName(dr *conversation.Draft) chat.Phrase {
	if dr.Count == 2 {
		return chat.Say("name.shared_both", "Name", dr.Name)
	}
	return chat.Say("name.shared", "Count", dr.Count, "Name", dr.Name)
}
