package emulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zomrobot/telegram/emulator"
)

// Whatever a bot confirms, and however often an answer is lost on the way, it gets
// every update, in order, and none again after it was confirmed.
func TestNoUpdateIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := emulator.New(emulator.Config{Token: token, Now: func() time.Time { return time.Unix(1, 0) }})
		defer s.Close()
		said, confirmed := 0, 0 // counts of updates
		var got []string
		first := int64(0)
		t.Repeat(map[string]func(*rapid.T){
			"say": func(t *rapid.T) {
				said++
				if _, err := s.Say(anna, anna, fmt.Sprint(said)); err != nil {
					t.Fatal(err)
				}
			},
			"poll": func(t *rapid.T) {
				limit := rapid.IntRange(1, 5).Draw(t, "limit")
				offset := int64(0)
				if first != 0 {
					offset = first + int64(len(got))
				}
				if rapid.Bool().Draw(t, "from the head") {
					offset = 0
				} else {
					confirmed = len(got)
				}
				q := url.Values{"offset": {fmt.Sprint(offset)}, "limit": {fmt.Sprint(limit)}}
				r := httptest.NewRequest(http.MethodPost, "/bot"+token+"/getUpdates?"+q.Encode(), nil)
				w := httptest.NewRecorder()
				s.ServeHTTP(w, r)
				var a struct{ Result []wireUpdate }
				if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
					t.Fatal(err)
				}
				if len(a.Result) != min(limit, said-confirmed) {
					t.Fatalf("%d updates at once; %d were said, %d confirmed, limit %d", len(a.Result), said, confirmed, limit)
				}
				if rapid.Bool().Draw(t, "lost") {
					return
				}
				for _, u := range a.Result {
					if first == 0 {
						first = u.ID
					}
					if n := int(u.ID - first); n >= len(got) {
						got = append(got, u.Message.Text)
					}
				}
			},
			"": func(t *rapid.T) {
				for i, text := range got {
					if text != fmt.Sprint(i+1) {
						t.Fatalf("got %v", got)
					}
				}
				if s.Pending() != said-confirmed {
					t.Fatalf("%d pending; %d were said, %d confirmed", s.Pending(), said, confirmed)
				}
			},
		})
	})
}

// What a chat shows after any run of sends, edits and deletions is what the answers
// said, and every refusal leaves it as it was.
func TestChatFollowsAnswers(t *testing.T) {
	texts := []string{"one", "<b>two</b>", "<b>three", " ", "four 👋"}
	rapid.Check(t, func(t *rapid.T) {
		s := emulator.New(emulator.Config{Token: token})
		defer s.Close()
		if _, err := s.Say(anna, anna, "/start"); err != nil {
			t.Fatal(err)
		}
		model := map[int]string{}
		call := func(method string, q url.Values) (wireMessage, bool) {
			q.Set("chat_id", fmt.Sprint(anna))
			w := httptest.NewRecorder()
			s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/bot"+token+"/"+method+"?"+q.Encode(), nil))
			var a struct {
				OK     bool            `json:"ok"`
				Result json.RawMessage `json:"result"`
			}
			if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
				t.Fatal(err)
			}
			var m wireMessage
			_ = json.Unmarshal(a.Result, &m) // or true
			return m, a.OK
		}
		some := func(t *rapid.T) string { return fmt.Sprint(rapid.IntRange(1, 8).Draw(t, "id")) }
		t.Repeat(map[string]func(*rapid.T){
			"send": func(t *rapid.T) {
				if m, ok := call("sendMessage", url.Values{"text": {rapid.SampledFrom(texts).Draw(t, "text")}, "parse_mode": {"HTML"}}); ok {
					model[m.ID] = m.Text
				}
			},
			"edit": func(t *rapid.T) {
				id := some(t)
				if m, ok := call("editMessageText", url.Values{"message_id": {id}, "text": {rapid.SampledFrom(texts).Draw(t, "text")}, "parse_mode": {"HTML"}}); ok {
					if _, there := model[m.ID]; !there {
						t.Fatalf("%s was edited, but it is not there", id)
					}
					model[m.ID] = m.Text
				}
			},
			"delete": func(t *rapid.T) {
				id := some(t)
				_, ok := call("deleteMessage", url.Values{"message_id": {id}})
				for known := range model {
					if ok && fmt.Sprint(known) == id {
						delete(model, known)
					}
				}
			},
			"": func(t *rapid.T) {
				var got, want []string
				for _, m := range s.Messages(anna) {
					if m.Bot && !m.Deleted {
						got = append(got, fmt.Sprint(m.ID, m.Text))
					}
				}
				for id, text := range model {
					want = append(want, fmt.Sprint(id, text))
				}
				slices.Sort(got)
				slices.Sort(want)
				if !slices.Equal(got, want) {
					t.Fatalf("the chat shows %q, the answers said %q", got, want)
				}
			},
		})
	})
}
