package trial

import (
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/chat"
	"zomrobot/trial"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// keysOf are the keys of phrases, without the empty ones.
func keysOf(all []chat.Phrase) []string {
	var keys []string
	for _, p := range all {
		if p.Key != "" {
			keys = append(keys, p.Key)
		}
	}
	return keys
}

// TestAnOutcomeTellsWhatItHasShown: what the run has shown is told as such, and what was
// known before apart; after what did not come to its end nothing of that is told.
func TestAnOutcomeTellsWhatItHasShown(t *testing.T) {
	t.Parallel()
	b := Board{Known: map[profile.Name]profile.Answer{
		profile.PoorError: profile.NotEnough, profile.PoorLeft: profile.None,
		profile.Taken: profile.More, profile.ConfirmAgain: profile.Missed,
	}}
	poor := []profile.Lesson{{Fact: profile.PoorError, Answer: profile.NotEnough}}
	for name, c := range map[string]struct {
		end  trial.Outcome
		want []string
	}{
		"known before": {
			trial.Outcome{Source: profile.ByPoor, How: trial.Done, Lessons: poor},
			[]string{"trial.learned", "trial.lesson_expected", "trial.known_before", "trial.same_as_before"},
		},
		"failed":   {trial.Outcome{Source: profile.ByPoor, How: trial.Failed}, nil},
		"an alarm": {trial.Outcome{Source: profile.ByPoor, How: trial.Alarm}, nil},
		"shown all the same": {
			trial.Outcome{Source: profile.ByPoor, How: trial.Alarm, Lessons: []profile.Lesson{{Fact: profile.PoorLeft, Answer: profile.Unpaid}}},
			[]string{"trial.learned", "trial.lesson_doubted"},
		},
		"a purchase": {
			trial.Outcome{Source: profile.ByBuy, How: trial.Done, Purchase: "A7K-42"},
			[]string{"trial.by_purchases", "trial.lesson_otherwise", "trial.still_open", "trial.known_before", "trial.from_now", "trial.now"},
		},
	} {
		if got := keysOf(b.learned(c.end)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestALessonOfAnotherBuild: what was seen as before, and is open only because the panel is
// another build, is not said to have been seen otherwise.
func TestALessonOfAnotherBuild(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		build string
		now   profile.Answer
		want  string
	}{
		"another build, as before": {"2", profile.NotEnough, "trial.lesson_rebuilt"},
		"another build, otherwise": {"2", profile.Amount, "trial.lesson_doubted"},
		"the same build":           {"1", profile.Amount, "trial.lesson_doubted"},
	} {
		known, _ := profile.Profile{}.Learn([]profile.Lesson{{Fact: profile.PoorError, Answer: profile.NotEnough}}, profile.Seen{At: at, Build: "1"})
		lessons := []profile.Lesson{{Fact: profile.PoorError, Answer: c.now}}
		known, _ = known.Learn(lessons, profile.Seen{At: at, Build: c.build})
		end := trial.Outcome{Source: profile.ByPoor, How: trial.Done, Lessons: lessons}
		if got := keysOf(boardOf(trial.Record{}, known).learned(end)); !slices.Contains(got, c.want) {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

// TestAnOutcomeTellsWhatSettlesTheRest: what is open is told by what would settle it; after an
// alarm nobody is told to repeat anything.
func TestAnOutcomeTellsWhatSettlesTheRest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		source profile.Source
		how    trial.How
		want   []string
	}{
		"codes":   {profile.ByPromo, trial.Done, []string{"trial.settles.order_code", "trial.settles.code"}},
		"reading": {profile.ByRead, trial.Done, []string{"trial.settles.panel", "trial.settles.again", "trial.settles.rows"}},
		"buying":  {profile.ByBuy, trial.Failed, []string{"trial.settles.order", "trial.settles.little"}},
		"alarm":   {profile.ByPoor, trial.Alarm, []string{"trial.settles.later"}},
	} {
		var got []string
		for _, line := range (Board{}).learned(trial.Outcome{Source: c.source, How: c.how}) {
			if settles, is := line.Args["Settles"]; is {
				got = append(got, settles.Phrase.Key)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestAnOutcomeTellsWhatIsLeft: of two servers that were paid for no card of a purchase tells,
// each that is not gone is named, and so is an unpaid order.
func TestAnOutcomeTellsWhatIsLeft(t *testing.T) {
	t.Parallel()
	end := trial.Outcome{
		Source: profile.ByTwo, How: trial.Alarm, Purchase: "A7K-42", Saw: []trial.Sign{trial.SignService},
		Servers: []trial.Server{{ID: "1", Name: "a"}, {ID: "2", Name: "b", Job: "J", Kept: true}, {ID: "3", Name: "c", Job: "J", Gone: true}},
		Lessons: []profile.Lesson{{Fact: profile.PoorLeft, Answer: profile.Unpaid}},
	}
	if got := keysOf(money(end)); !slices.Contains(got, "trial.bought_two") || slices.Contains(got, "trial.bought") {
		t.Errorf("of two servers: %v", got)
	}
	if got, want := keysOf(left(end)), []string{"trial.server_not_deleted", "trial.server_stays", "trial.server_gone", "trial.unpaid_order"}; !slices.Equal(got, want) {
		t.Errorf("left: %v, want %v", got, want)
	}
	if !panelHelps(end) {
		t.Error("nothing leads to the panel")
	}
}

// TestAnOutcomeTellsOfItsEnd: why it ended is said as it was, and more was charged than typed.
func TestAnOutcomeTellsOfItsEnd(t *testing.T) {
	t.Parallel()
	euro := func(cents int64) *zomro.Money { return &zomro.Money{Amount: decimal.New(cents, -2), Currency: "EUR"} }
	late := &trial.Failure{Code: trial.CodeLate}
	for name, c := range map[string]struct {
		end  trial.Outcome
		has  string
		hasn string
	}{
		"late":           {trial.Outcome{How: trial.Failed, Failure: late}, "trial.failure.late", "trial.failure.late_stopped"},
		"stopped before": {trial.Outcome{How: trial.Stopped, Failure: late}, "trial.failure.late_stopped", "trial.failure.late"},
		"not begun":      {trial.Outcome{Source: profile.ByBuy, How: trial.Stopped, Unbegun: true}, "trial.ended.unbegun", "trial.still_open"},
		"begun":          {trial.Outcome{Source: profile.ByBuy, How: trial.Stopped}, "trial.still_open", "trial.ended.unbegun"},
		"more":           {trial.Outcome{How: trial.Done, Purchase: "A7K-42", Charged: euro(25), Typed: euro(20)}, "trial.charged_over", "trial.nothing_paid"},
		"as typed":       {trial.Outcome{How: trial.Done, Purchase: "A7K-42", Charged: euro(20), Typed: euro(20)}, "trial.charged", "trial.charged_over"},
	} {
		if got := keysOf(Board{}.ended(c.end)); !slices.Contains(got, c.has) || slices.Contains(got, c.hasn) {
			t.Errorf("%s: %v, want %s and no %s", name, got, c.has, c.hasn)
		}
	}
}

// TestWhatIsLeftIsToldOnce: a row that an experiment may have left is no reason of its own
// against another one, where its outcome tells of it; any other row is.
func TestWhatIsLeftIsToldOnce(t *testing.T) {
	t.Parallel()
	mine, other := zomro.CartItem{ID: "1", Name: "a"}, zomro.CartItem{ID: "2", Name: "b"}
	for name, c := range map[string]struct {
		cart []zomro.CartItem
		why  bool
	}{"its own": {[]zomro.CartItem{mine}, false}, "another, too": {[]zomro.CartItem{mine, other}, true}} {
		b := Board{Record: trial.Record{
			Around: &trial.Around{Cart: c.cart},
			Done:   map[profile.Source]trial.Outcome{profile.ByCart: {Source: profile.ByCart, How: trial.Done, Left: []zomro.CartItem{mine}}},
		}}
		if got := keysOf(b.standing(profile.ByCart)); slices.Contains(got, "trial.why.cart") != c.why || !slices.Contains(got, "trial.left") {
			t.Errorf("%s: %v", name, got)
		}
		if got := keysOf(news(&b, profile.ByCart).Lines); slices.Contains(got, "trial.why.cart") {
			t.Errorf("%s: the news say why it cannot begin again: %v", name, got)
		}
	}
}
