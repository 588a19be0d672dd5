package profile

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTable(t *testing.T) {
	t.Parallel()
	names := map[Name]bool{}
	for _, f := range Table {
		if names[f.Name] {
			t.Errorf("%s is in the table twice", f.Name)
		}
		names[f.Name] = true
		if len(f.Answers) < 2 || len(f.Expects) == 0 || f.Does == "" || f.Tag == "" {
			t.Errorf("%s lacks answers, what is expected, what the bot does, or a tag: %+v", f.Name, f)
		}
		for _, e := range f.Expects {
			if !slices.Contains(f.Answers, e) {
				t.Errorf("%s expects %s, which is none of its answers", f.Name, e)
			}
		}
		if len(f.Expects) == len(f.Answers) {
			t.Errorf("%s cannot be refuted", f.Name)
		}
		if f.By != ByNobody && f.Func == "" {
			t.Errorf("%s is settled by %s, but no function shows it", f.Name, f.By)
		}
	}
}

var noon = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func learn(p Profile, answer Answer, build string) (Profile, []Change) {
	return p.Learn([]Lesson{{Fact: LineItem, Answer: answer}}, Seen{At: noon, Build: build, From: ByCart})
}

func TestLearn(t *testing.T) {
	t.Parallel()
	none := Profile{}
	known, changes := learn(none, ID, "b1")
	if known.State(LineItem) != Confirmed || len(changes) != 1 || none.State(LineItem) != Open || none.Facts != nil {
		t.Fatalf("one lesson: %+v, %+v", known, changes)
	}
	if _, changes := learn(known, ID, "b1"); len(changes) != 0 {
		t.Errorf("the same again is news: %+v", changes)
	}
	doubted, changes := learn(known, Elid, "b1")
	if doubted.State(LineItem) != Open || len(changes) != 1 || changes[0].Why != Contradicted {
		t.Fatalf("a contradiction: %+v, %+v", doubted, changes)
	}
	if back, _ := learn(doubted, ID, "b1"); back.State(LineItem) != Open {
		t.Errorf("what is seen in two ways is known: %+v", back)
	}
	refuted, changes := learn(doubted, Elid, "b1")
	if refuted.State(LineItem) != Refuted || refuted.Answer(LineItem) != Elid || len(changes) != 1 || len(refuted.Doubts) != 0 {
		t.Errorf("the new way twice in a row: %+v, %+v", refuted, changes)
	}
	moved, changes := learn(known, ID, "b2")
	if moved.State(LineItem) != Open || len(changes) != 1 || changes[0].Why != NewBuild {
		t.Errorf("another build: %+v, %+v", moved, changes)
	}
	if p, changes := known.Learn([]Lesson{{Fact: LineItem, Answer: Each}, {Fact: "none", Answer: ID}}, Seen{At: noon}); len(changes) != 0 || p.State(LineItem) != Confirmed {
		t.Errorf("what is not in the table: %+v, %+v", p, changes)
	}
}

func TestMet(t *testing.T) {
	t.Parallel()
	known, _ := learn(Profile{}, ID, "b1")
	for _, c := range []struct {
		function, build string
		want            State
	}{
		{"cart", "b1", Confirmed}, {"cart", "", Confirmed}, {"instances", "b2", Confirmed}, {"cart", "b2", Open},
	} {
		met, changes := known.Met(c.function, c.build, noon)
		if met.State(LineItem) != c.want || (len(changes) > 0) != (c.want == Open) {
			t.Errorf("%s of %q: %s, %+v", c.function, c.build, met.State(LineItem), changes)
		}
	}
}

// TestAnyLessons: whatever comes in, a fact is never relied upon that was last seen in
// another way, the profile given stays, and what has changed is told.
func TestAnyLessons(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := Profile{}
		var last Answer
		for i := range rapid.IntRange(1, 30).Draw(t, "lessons") {
			f := rapid.SampledFrom(Table).Draw(t, "fact")
			answer := rapid.SampledFrom(f.Answers).Draw(t, "answer")
			build := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "build")
			before, was := p.clone(), p.State(f.Name)
			next, changes := p.Learn([]Lesson{{Fact: f.Name, Answer: answer}}, Seen{At: noon.Add(time.Duration(i) * time.Hour), Build: build})
			last = answer
			if is := next.State(f.Name); is != Open && next.Answer(f.Name) != last {
				t.Fatalf("%s was seen as %s and is known as %s", f.Name, last, next.Answer(f.Name))
			}
			if (next.State(f.Name) != was) != (len(changes) == 1) {
				t.Fatalf("%s went from %s to %s, told: %+v", f.Name, was, next.State(f.Name), changes)
			}
			if p.State(f.Name) != was || len(p.Facts) != len(before.Facts) || len(p.Doubts) != len(before.Doubts) {
				t.Fatal("the profile that was given has changed")
			}
			p = next
		}
	})
}
