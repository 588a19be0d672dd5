package conversation_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	orderflow "zomrobot/conversation/order"
	teamflow "zomrobot/conversation/team"
)

// TestDialoguesOfAnEarlierStore: a dialogue that was kept before what flows keep stood
// under their names is at the same place, shows the same card, and is kept from then on
// as it is now. The file has one of each place. -rewrite renews the cards in it, for what
// a card says may change; the dialogues stay.
func TestDialoguesOfAnEarlierStore(t *testing.T) {
	all := earlierDialogues(t)
	if *rewrite {
		renewCards(t, all)
	}
	for _, kept := range all {
		d, err := machine.Decode(kept.Dialogue, nil)
		if err != nil {
			t.Fatalf("%s: %v", kept.Place, err)
		}
		if kept.Place == placeEdit {
			editedAtTheReview(t, d, kept.Card)
			continue
		}
		card, _ := machine.Render(d)
		if whereIs(d) != kept.Place || encode(t, card) != encode(t, kept.Card) {
			t.Errorf("%s is %s, and shows\n%s\nwant\n%s", kept.Place, whereIs(d), encode(t, card), encode(t, kept.Card))
		}
		again, err := machine.Decode([]byte(encode(t, d)), nil)
		if err != nil || encode(t, again) != encode(t, d) {
			t.Errorf("%s is read again as %s, want %s: %v", kept.Place, encode(t, again), encode(t, d), err)
		}
	}
}

// TestWholeSeconds: what a turn keeps of its time is a whole second. What an earlier version
// kept of one with a part of it wakes the dialogue once the next second has begun, and not
// again and again until then.
func TestWholeSeconds(t *testing.T) {
	t.Parallel()
	const part = 300 * time.Millisecond
	d, _ := machine.Step(conversation.New(private), chat.Command{Name: "login", From: chat.Person{ID: private.User}}, start.Add(part))
	if want := start.Add(conversation.AsideLives); d.Aside == nil || !d.Aside.Until.Equal(want) || !d.Wake.Equal(want) {
		t.Fatalf("what begins at %s wakes at %s, want %s: %+v", start.Add(part), d.Wake, want, d.Aside)
	}
	d.Aside.Until = d.Aside.Until.Add(part)
	end := d.Aside.Until.Add(time.Second - part)
	d, _ = machine.Step(d, conversation.Tick{}, d.Aside.Until)
	if d.Aside == nil || !d.Wake.Equal(end) {
		t.Fatalf("what ends within a second wakes at %s, want %s", d.Wake, end)
	}
	if d, _ = machine.Step(d, conversation.Tick{}, end); d.Aside != nil {
		t.Errorf("it has not ended at %s", end)
	}
}

// earlierStore has the dialogues of an earlier store.
const earlierStore = "testdata/stored.jsonl.gz"

// placeEdit is a place that there is no longer: its card stays as it was.
const placeEdit = "edit"

// renewCards keeps of each dialogue of the earlier store what it shows now.
func renewCards(t *testing.T, all []earlierDialogue) {
	t.Helper()
	var text bytes.Buffer
	packed := gzip.NewWriter(&text)
	lines := json.NewEncoder(packed)
	lines.SetEscapeHTML(false)
	for i := range all {
		d, err := machine.Decode(all[i].Dialogue, nil)
		if err != nil {
			t.Fatalf("%s: %v", all[i].Place, err)
		}
		if all[i].Place != placeEdit {
			all[i].Card, _ = machine.Render(d)
		}
		if err := lines.Encode(all[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(earlierStore, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// editedAtTheReview has a draft go on that stood at a place of an earlier version, where
// an answer to be changed was chosen: the review has those buttons now, and the old ones
// work.
func editedAtTheReview(t *testing.T, d conversation.Dialogue, old chat.Screen) {
	t.Helper()
	k := &talk{t: t, d: d, now: d.Draft.Touched, auto: true, quick: true}
	k.command("/continue").at(orderflow.PlaceReview).sees("Order for", "Period")
	for _, row := range old.Rows {
		for _, b := range row {
			if strings.HasPrefix(verbOf(b.Data), "go") && english(t, b.Label) == "Period" {
				k = &talk{t: t, d: d, now: d.Draft.Touched, auto: true, quick: true}
				k.press(b.Data).at(orderflow.PlacePeriod)
				return
			}
		}
	}
	t.Errorf("the old card has no such button: %s", show(t, old))
}

// earlierDialogue is a dialogue as it was kept before its lists were kept apart.
type earlierDialogue struct {
	Place    string          `json:"place"`
	Dialogue json.RawMessage `json:"dialogue"`
	Card     chat.Screen     `json:"card"`
}

// earlierDialogues returns one dialogue at each place.
func earlierDialogues(t *testing.T) (all []earlierDialogue) {
	t.Helper()
	file, err := os.Open(earlierStore)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var kept earlierDialogue
		if err := json.Unmarshal(lines.Bytes(), &kept); err != nil {
			t.Fatal(err)
		}
		all = append(all, kept)
	}
	if err := lines.Err(); err != nil || len(all) < 60 {
		t.Fatalf("%d dialogues were read: %v", len(all), err)
	}
	return all
}

// TestLoginThatLeadsBackToATeam: also one that an earlier version has begun.
func TestLoginThatLeadsBackToATeam(t *testing.T) {
	d, err := machine.Decode([]byte(`{"version":1,"key":{"chat":42,"user":42},"rev":3,"logins":1,"aside":{"place":"login_checking","until":"2026-11-23T15:30:00Z",
		"username":"anna@example.com","bind":{"team":"-1001:7","title":"Backend","from":{"chat":-1001,"thread":7,"user":42}}}}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	d.Know([]conversation.Account{{ID: "7", Nick: "anna@example.com", Default: true}})
	k := &talk{t: t, d: d, now: start, auto: true}
	k.step(accountflow.LoginChecked{Attempt: 1, ID: "7", Account: "anna@example.com", Renews: true}).sees("Backend")
	if k.d.Aside == nil || k.d.Aside.Place != teamflow.PlaceBind {
		t.Errorf("it leads to %s", whereIs(k.d))
	}
}
