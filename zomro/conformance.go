package zomro

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// Conformance is what reading an account found about the vendor's answers. From an
// answer it holds only names and words that the documents know, the forms of
// values, and counts: an unknown name or word may be the account's own. It can be
// shown to others.
type Conformance struct {
	Calls   []SurveyCall
	Facts   []SurveyFact   // what the client takes for granted
	Unknown []SurveyFields // fields that the client does not know
}

// SurveyCall is one call that was made.
type SurveyCall struct {
	Func  string
	What  string // what it was made for: "datacenter 2 of 4"
	Found string // what the client read from the answer: "24 plans"
	Err   error  // why it could not be read; see [Conformance] for what it never holds
}

// FactState is what became of a fact.
type FactState string

// The verdicts.
const (
	Confirmed FactState = "confirmed"
	Refuted   FactState = "refuted"
	NotSeen   FactState = "not seen" // the answers do not show it
)

// SurveyFact is something that the client takes for granted about an answer.
type SurveyFact struct {
	Func    string
	Path    string // of the field in the document: "list[lineitems].elem.id"
	Source  string // how well it was known: "[g]"
	Expects string // "a number"
	Verdict FactState
	Found   string // how often, and what was there instead
}

// SurveyFields are fields of an answer that the client does not know: those of one
// record and one form together.
type SurveyFields struct {
	Func  string
	In    string // the path of the record that they are in; "" is the document
	Form  string
	Names int // how many there are
	Count int // how often they were met
}

// What Wordless says of a call that was not answered.
var (
	errNotSent  = errors.New("it was not sent")
	errNoAnswer = errors.New("no answer")
)

// Wordless returns an error of [Client] without the vendor's own words, which may
// be the account's; only those that the documents know stay, and the HTTP status. A foreign error is
// returned as it is.
func Wordless(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	plain := &Error{Op: e.Op, Kind: e.Kind, Code: documentedWord(e.Code), Object: documentedWord(e.Object), Status: e.Status}
	switch {
	case e.Kind == Unreadable:
		plain.Err = e.Err // never quotes the answer
	case e.Unsent:
		plain.Err = errNotSent
	case errors.Is(err, context.Canceled): // nobody waits for it any more
		plain.Err = context.Canceled
	case e.Status == 0:
		plain.Err = errNoAnswer
	case e.Status != http.StatusOK:
		plain.Err = fmt.Errorf("HTTP status %d", e.Status)
	}
	return plain
}

// The most order forms of plans that a survey reads.
const surveyedForms = 5

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}

// listFields ask for a page of a list.
func listFields(page int) []field {
	return []field{{"p_cnt", strconv.Itoa(listPage)}, {"p_num", strconv.Itoa(page)}}
}

// surveyor makes a survey.
type surveyor struct {
	client *Client
	auth   Auth
	calls  []SurveyCall
	docs   []surveyed

	strangers map[strangerField]int // fields that are not known, and how often each was met
	friends   map[friendField]int   // fields that are; nil: they are not wanted
}

// friendField is a field that is documented.
type friendField struct{ path, form string }

// strangerField is a field that is not known. Its name stays here.
type strangerField struct{ op, in, form, name string }

// surveyed is an answer of a function.
type surveyed struct {
	op  string
	doc node
}

// read makes a reading call and keeps its answer.
func (s *surveyor) read(ctx context.Context, op, what string, fields []field, parse func(node) (string, error)) {
	call := SurveyCall{Func: op, What: what}
	doc, err := s.client.readFunc(ctx, op, s.auth, fields...)
	if err == nil {
		s.docs = append(s.docs, surveyed{op, doc})
		if call.Found, err = parse(doc); err != nil {
			err = unreadable(op, err)
		}
	}
	if err != nil {
		call.Found, call.Err = "", Wordless(err)
	}
	s.calls = append(s.calls, call)
}

// credit reads the credit, which not every account may ask for.
func (s *surveyor) credit(ctx context.Context) {
	s.read(ctx, "dashboard.subaccount_credit", "", nil, func(doc node) (string, error) {
		if parseCredit(doc) == nil {
			return "no credit", nil
		}
		return "a credit", nil
	})
	s.mayBeClosed()
}

// mayBeClosed treats the last call as one that the vendor need not answer for every
// account: the client can do without what it tells.
func (s *surveyor) mayBeClosed() {
	call := &s.calls[len(s.calls)-1]
	if kind := KindOf(call.Err); kind == Denied || kind == Refused {
		call.Found, call.Err = "this account may not ask for it", nil
	}
}

// services reads the list of servers, the details of one, and what one can be booted from.
func (s *surveyor) services(ctx context.Context) {
	var first, idle string
	s.read(ctx, "instances", "", append(listFields(1), field{"p_col", "+id"}), func(doc node) (string, error) {
		services, total, err := parseServices(doc)
		if len(services) > 0 {
			first = services[0].ID
		}
		if i := slices.IndexFunc(services, Service.boots); i >= 0 {
			idle = services[i].ID
		}
		found := counted(len(services), "server")
		if err == nil && total > len(services) {
			found += " of more"
			if len(services) < listPage {
				err = errors.New("fewer services are listed than counted")
			}
		}
		return found, err
	})
	if idle != "" {
		s.boots(ctx, idle)
	}
	if first == "" {
		return
	}
	s.read(ctx, "instances.edit", "one server", []field{{"elid", first}}, func(doc node) (string, error) {
		if id := doc.at("id").text(); id != "" && id != first {
			return "", errors.New("the details of another server")
		}
		return "its details", nil
	})
	s.read(ctx, "service.prolong", "one server", []field{{"elid", first}}, func(doc node) (string, error) {
		form, err := parseProlongForm(doc, NoPeriod)
		if form.Daily {
			return "a server that is charged each day", nil
		}
		return counted(len(form.Choices), "period"), err
	})
	s.mayBeClosed()
	for _, kind := range []CopyKind{KindSnapshot, KindBackup} {
		op := copyFuncs[kind]
		s.read(ctx, op, "one server", append([]field{{"elid", first}}, listFields(1)...), func(doc node) (string, error) {
			copies, _, err := parseCopies(doc, op, kind)
			return counted(len(copies), string(kind)), err
		})
		s.mayBeClosed()
	}
	s.read(ctx, opSchedules, "one server", append([]field{{"elid", first}}, listFields(1)...), func(doc node) (string, error) {
		schedules, _, err := parseSchedules(doc, opSchedules)
		return counted(len(schedules), "schedule"), err
	})
	s.mayBeClosed()
	for _, metric := range []Metric{MetricCPU, MetricTraffic} {
		s.read(ctx, opMeasures, string(metric), measuresRequest(first, metric, MeasuredHours[1]), func(doc node) (string, error) {
			measures, err := parseMeasures(doc, metric)
			return counted(len(measures), "row"), err
		})
		s.mayBeClosed()
	}
	s.read(ctx, opTraffic, "one server", []field{{"elid", first}}, func(doc node) (string, error) {
		traffic := parseTrafficData(doc)
		return counted(len(traffic.Cycle), "cycle") + ", " + counted(len(traffic.Month), "month"), nil
	})
	s.mayBeClosed()
}

// boots reads what a server can be booted from.
func (s *surveyor) boots(ctx context.Context, server string) {
	for _, op := range []string{opRescue, opISO} {
		s.read(ctx, op, "one server", []field{{"elid", server}}, func(doc node) (string, error) {
			images, ok := imagesOf(doc, bootForms[op])
			if !ok {
				return "", errors.New("no list of images")
			}
			return counted(len(images), "image"), nil
		})
		s.mayBeClosed()
	}
}

// images reads the list of the account's images.
func (s *surveyor) images(ctx context.Context) {
	s.read(ctx, "image", "", listFields(1), func(doc node) (string, error) {
		images, _, err := parseCopies(doc, "image", "")
		return counted(len(images), "image"), err
	})
	s.mayBeClosed()
}

// catalogues reads the price list of each datacenter, and a form of one plan in
// each; in the first of several.
func (s *surveyor) catalogues(ctx context.Context) {
	var centres []Datacenter
	forms := 0
	for i := 0; i == 0 || i < len(centres); i++ {
		asked, what := "", "the first datacenter"
		if i > 0 {
			asked = centres[i].ID
			what = fmt.Sprintf("datacenter %d of %d", i+1, len(centres))
		}
		var read Catalogue
		fields := []field{{"page", "1"}, {"page_size", "999"}}
		if asked != "" {
			fields = append(fields, field{"datacenter", asked})
		}
		s.read(ctx, "v2.instances.order.pricelist", what, fields, func(doc node) (string, error) {
			var err error
			read, _, err = parseCatalogue(doc, asked)
			found := counted(len(read.Plans), "plan")
			if len(read.LeftOut) > 0 {
				found += ", left out: " + leftOut(read.LeftOut)
			}
			return found, err
		})
		if i == 0 {
			centres = inFront(read.Datacenters, read.Datacenter)
		}
		for n, plan := range read.Plans {
			if n > 0 && i > 0 || n > 1 || forms >= surveyedForms {
				break
			}
			forms++
			s.form(ctx, plan, read.Datacenter, fmt.Sprintf("plan %d of datacenter %d", n+1, i+1))
		}
	}
}

// inFront returns the datacenters with the one of the given id at the front.
func inFront(all []Datacenter, id string) []Datacenter {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b Datacenter) int {
		switch {
		case a.ID == id && b.ID != id:
			return -1
		case b.ID == id && a.ID != id:
			return 1
		default:
			return 0
		}
	})
	return sorted
}

// leftOut says why things were left out, and how many for each reason.
func leftOut(all []LeftOut) string {
	count := map[string]int{}
	var reasons []string
	for _, l := range all {
		if count[l.Reason]++; count[l.Reason] == 1 {
			reasons = append(reasons, l.Reason)
		}
	}
	text := ""
	for i, reason := range reasons {
		if i > 0 {
			text += "; "
		}
		text += fmt.Sprintf("%d (%s)", count[reason], reason)
	}
	return text
}

// form reads the order form of a plan.
func (s *surveyor) form(ctx context.Context, plan Plan, datacenter, what string) {
	if len(plan.Prices) == 0 || checkPlan(plan.ID, datacenter, plan.Prices[0].Period) != nil {
		return
	}
	fields := formRequest(plan.ID, datacenter, plan.Prices[0].Period)
	s.read(ctx, "v2.instances.order.param", what, fields, func(doc node) (string, error) {
		form, err := parseForm(doc, datacenter)
		found := counted(len(form.Addons), "option") + ", " + counted(len(form.Images), "image") + ", " + counted(len(form.Keys), "key")
		if len(form.LeftOut) > 0 {
			found += ", left out: " + leftOut(form.LeftOut)
		}
		return found, err
	})
}

// survey judges what was read.
func (s *surveyor) survey() Conformance {
	found := Conformance{Calls: s.calls}
	for _, e := range expectations {
		found.Facts = append(found.Facts, s.judge(e))
	}
	for _, answer := range s.docs {
		s.unknown(answer.op, "", answer.doc)
	}
	found.Unknown = s.nameless()
	return found
}

// nameless returns the fields that are not known without their names.
func (s *surveyor) nameless() []SurveyFields {
	together := map[strangerField]SurveyFields{}
	for f, count := range s.strangers {
		f.name = ""
		sum := together[f]
		together[f] = SurveyFields{Func: f.op, In: f.in, Form: f.form, Names: sum.Names + 1, Count: sum.Count + count}
	}
	return slices.SortedFunc(maps.Values(together), func(a, b SurveyFields) int {
		return slices.Compare([]string{a.Func, a.In, a.Form}, []string{b.Func, b.In, b.Form})
	})
}

// judge holds an expectation against every answer of its function.
func (s *surveyor) judge(e expectation) SurveyFact {
	fact := SurveyFact{Func: e.op, Path: e.path, Source: e.source, Expects: e.form.name, Verdict: NotSeen}
	places, fits := 0, 0
	other := map[string]int{}
	for _, answer := range s.docs {
		if answer.op != e.op {
			continue
		}
		for _, value := range e.find(answer.doc) {
			if !value.exists() && e.optional {
				continue
			}
			places++
			switch {
			case !value.exists():
				other["missing"]++
			case e.form.fits(value):
				fits++
			case e.form.word:
				other["«"+documentedWord(value.text())+"»"]++
			default:
				other[formOf(value)]++
			}
		}
	}
	switch {
	case places == 0:
		return fact
	case fits == places, len(other) == 1 && other["missing"] > 0 && fits > 0:
		fact.Verdict = Confirmed
	default:
		fact.Verdict = Refuted
	}
	fact.Found = fmt.Sprintf("%d of %d", fits, places)
	if len(other) > 0 {
		fact.Found += ", else: " + countedForms(other)
	}
	return fact
}

func countedForms(count map[string]int) string {
	var forms []string
	for form := range count {
		forms = append(forms, form)
	}
	slices.Sort(forms)
	text := ""
	for i, form := range forms {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%d × %s", count[form], form)
	}
	return text
}
