package engine

import (
	"testing"

	"zomrobot/chat"
	"zomrobot/conversation/bill"
)

// TestWhatALaterPostMakesNeedless: a card is drawn once for many moves, but the
// first drawing, which begins it, is never left out: news would come before it.
func TestWhatALaterPostMakesNeedless(t *testing.T) {
	key := chat.Key{Chat: 1, User: 1}
	news := bill.NoPurchases(key)
	line := func(posts ...post) (left []post) {
		p := waiting(key, posts)
		for {
			one, needless, ok := p.next(key)
			if !ok {
				return left
			}
			if !needless {
				left = append(left, one)
			}
		}
	}
	begins, later, notice := post{Purchase: "A7K-42", Begins: true}, post{Purchase: "A7K-42"}, post{Notice: &news}
	left := line(begins, later, notice, later, later)
	if len(left) != 3 || !left[0].Begins || left[1].Notice == nil || left[2].Purchase == "" {
		t.Errorf("left: %+v", left)
	}
	if left := line(post{Job: "1", Begins: true}, notice, post{Job: "1"}, post{Job: "2"}); len(left) != 4 {
		t.Errorf("left: %+v", left)
	}
}

// waiting is the line of posts of one dialogue.
func waiting(key chat.Key, list []post) *posts {
	return &posts{lines: map[chat.Key]*line{key: {waiting: list}}}
}
