package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/zomro/profile"
)

// Facts is what is true of the vendor of what nobody has published: answers of
// [profile.Table]. Of a fact that is missing, or whose answer is "", the first of
// [profile.Fact].Expects is true.
type Facts map[profile.Name]profile.Answer

// Shows reports whether the sandbox answers by a fact: by all but those that no answer of
// the vendor's functions shows.
func Shows(fact profile.Fact) bool { return fact.By != profile.ByNobody }

// check reports what is wrong with facts.
func (f Facts) check() error {
	for name, answer := range f {
		fact, there := profile.Find(name)
		switch {
		case !there || !Shows(fact):
			return fmt.Errorf("sandbox: behaviour: the sandbox does not show the fact %q", name)
		case answer != "" && !slices.Contains(fact.Answers, answer):
			return fmt.Errorf("sandbox: behaviour: %q is no answer of the fact %q", answer, name)
		}
	}
	return nil
}

// said returns the facts without those of which nothing is said.
func (f Facts) said() Facts {
	said := maps.Clone(f)
	maps.DeleteFunc(said, func(_ profile.Name, answer profile.Answer) bool { return answer == "" })
	if len(said) == 0 {
		return nil
	}
	return said
}

// SetFact makes an answer of a fact true, and leaves the others; "" takes it back. It
// panics if the sandbox shows no such fact, or it has no such answer.
func (s *Sandbox) SetFact(name profile.Name, answer profile.Answer) {
	b := s.Behaviour()
	if b.Facts == nil {
		b.Facts = Facts{}
	}
	b.Facts[name] = answer
	s.Behave(b)
}

// answer is what is true of a fact: as the vendor behaves, else as it is made, else as the
// table expects.
func (s *Sandbox) answer(name profile.Name) profile.Answer {
	for _, facts := range []Facts{s.behaviour.Facts, s.config.Facts} {
		if answer := facts[name]; answer != "" {
			return answer
		}
	}
	fact, _ := profile.Find(name)
	return fact.Expects[0]
}

func (s *Sandbox) is(name profile.Name, answer profile.Answer) bool { return s.answer(name) == answer }

// What is more or less, or later, than it is expected.
var (
	vat  = decimal.NewFromInt(21)  // percent, unless [Config].VATPercent says another rate
	more = decimal.NewFromInt(21)  // percent that are taken on top of the total
	less = decimal.NewFromInt(-10) // percent that the total, or what is taken, is below
)

const laterBy = 40 * time.Second // unless [Behaviour].LaterBy says otherwise

// lag is by how much what a fact is about shows later than it is.
func (s *Sandbox) lag(name profile.Name, when profile.Answer) time.Duration {
	switch {
	case !s.is(name, when):
		return 0
	case s.behaviour.LaterBy > 0:
		return time.Duration(s.behaviour.LaterBy) * time.Second
	default:
		return laterBy
	}
}

// formed is what a function has answered, in another form where the vendor has one.
func (s *Sandbox) formed(function string, r *request, body object) object {
	read := functions[function].read
	if read == "" || !s.is(read, profile.Otherwise) {
		return body
	}
	switch {
	case read == profile.CartFields: // what another system calls it; nothing in it is what a reader of BILLmanager's looks for
		return object{"basket": object{"positions": value(fmt.Sprint(len(s.shownItems(r.account, r.now))))}}
	case read == profile.OrderForm && !r.submitted():
		delete(body, "slist")
		return body
	}
	return renamed(body)
}

// renamed gives the fields of all rows other names.
func renamed(body object) object {
	rows := func(v any) any {
		list, _ := v.([]object)
		others := make([]object, len(list))
		for n, row := range list {
			others[n] = object{}
			for name, field := range row {
				others[n]["v2."+name] = field
			}
		}
		return others
	}
	if list, there := body["elem"]; there {
		body["elem"] = rows(list)
	}
	if lists, there := body["list"].([]object); there && len(lists) > 0 && lists[0]["elem"] != nil {
		lists[0]["elem"] = rows(lists[0]["elem"])
	}
	return body
}
