package conversation_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"zomrobot/conversation"
)

// TestListsAreKeptApart: which lists are kept apart, and by which names. Dialogues in
// stores refer to them: names may be added, and none may be changed.
func TestListsAreKeptApart(t *testing.T) {
	names := map[string]string{}
	for _, earlier := range earlierDialogues(t) {
		d, err := machine.Decode(earlier.Dialogue, nil)
		if err != nil {
			t.Fatal(err)
		}
		text, _, err := machine.Encode(d, eager{})
		if err != nil {
			t.Fatal(err)
		}
		var kept struct {
			Lists map[string]string `json:"lists"`
		}
		if err := json.Unmarshal(text, &kept); err != nil {
			t.Fatal(err)
		}
		maps.Copy(names, kept.Lists)
	}
	want := []string{
		"addons", "aside.accounts", "aside.audit", "aside.images", "aside.keys", "aside.orders", "aside.servers",
		"aside.sizes", "aside.templates", "catalogue", "images", "plan",
	}
	if got := slices.Sorted(maps.Keys(names)); !slices.Equal(got, want) {
		t.Errorf("the lists are\n%v\nwant\n%v", got, want)
	}
}

// eager keeps every list, and has none.
type eager struct{}

func (eager) Keep(list any) (string, any, error) { return "kept", list, nil }

func (eager) Find(string, any) (bool, error) { return false, nil }

// TestListsThatAreLost: of a dialogue whose lists are lost the draft stays, and goes on
// where it can; what it needs is loaded again. A question beside it is given up.
func TestListsThatAreLost(t *testing.T) {
	for _, earlier := range earlierDialogues(t) {
		t.Run(earlier.Place, func(t *testing.T) {
			whole, err := machine.Decode(earlier.Dialogue, nil)
			if err != nil {
				t.Fatal(err)
			}
			on := shelf{}
			text, _, err := machine.Encode(whole, on)
			if err != nil {
				t.Fatal(err)
			}
			if len(on) == 0 {
				return
			}
			d, err := machine.Decode(text, shelf{})
			if err != nil {
				t.Fatal(err)
			}
			if d.Rev == whole.Rev {
				t.Error("the buttons of its card are not out of date")
			}
			machine.Render(d)
			k := &talk{t: t, d: d, now: start, auto: true}
			if d.Draft != nil {
				k.now = d.Draft.Touched.Add(time.Minute)
			}
			k.step(conversation.Tick{})
			if strings.Contains(string(text), `"aside.`) && k.d.Aside != nil {
				t.Error("the question beside the draft is still there")
			}
			if d.Draft == nil {
				return
			}
			is, was := k.d.Draft, whole.Draft
			if is == nil || is.ID != was.ID || is.Datacenter != was.Datacenter || is.Name != was.Name || is.Count != was.Count {
				t.Fatalf("the draft %s is %s", encode(t, was), encode(t, is))
			}
			if machine.Want(is) != nil || is.Trouble != nil || is.Catalogue == nil {
				t.Errorf("the draft is at %s and has not loaded %#v", is.Place, machine.Want(is))
			}
		})
	}
}
