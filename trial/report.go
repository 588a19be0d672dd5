package trial

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// Report is all that a trial can show to others: names that are documented, forms of values,
// types of errors and times, and nothing of the account.
type Report struct {
	Version string // of the program
	At      time.Time
	Record  Record
	Known   profile.Profile
	Replies map[profile.Source][]zomro.Reply // what the answers to its calls were like; "": to those of no experiment
	Lost    bool                             // the record of the trial cannot be read: how its experiments ended is not known
}

// Write writes the report as a text for people.
func (r Report) Write(to io.Writer) error {
	out := reportWriter{to: to}
	out.line("What is known of Zomro's API, by a trial and by purchases")
	out.line("It holds names that are documented, forms of values, types of errors and times, and nothing of the account itself.")
	out.line("Made on %s by version %s.", moment(r.At), r.Version)
	if r.Lost {
		out.line("The record of the trial is damaged: how its experiments ended is not known. Facts that were learned before stand.")
	}
	out.line("Known: %d of %d.", len(r.of(profile.Refuted))+len(r.of(profile.Confirmed)), profile.Findable())
	for _, state := range []profile.State{profile.Refuted, profile.Confirmed, profile.Open} {
		r.facts(&out, stateTitles[state], r.of(state))
	}
	r.facts(&out, "Not to be found out by the bot", profile.Settled(profile.ByNobody))
	for _, source := range append([]profile.Source{""}, Experiments()...) {
		r.experiment(&out, source)
	}
	return out.err
}

// reportWriter writes lines, until one cannot be written.
type reportWriter struct {
	to  io.Writer
	err error
}

func (w *reportWriter) line(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.to, format+"\n", args...)
	}
}

func moment(at time.Time) string { return at.UTC().Format("2006-01-02 15:04 UTC") }

var stateTitles = map[profile.State]string{
	profile.Refuted: "Not as expected", profile.Confirmed: "As expected", profile.Open: "Open",
}

// of returns the facts of a state that the bot can find out.
func (r Report) of(state profile.State) []profile.Fact {
	return slices.DeleteFunc(slices.Clone(profile.Table), func(f profile.Fact) bool {
		return f.By == profile.ByNobody || r.Known.State(f.Name) != state
	})
}

// facts writes what is known of facts.
func (r Report) facts(out *reportWriter, title string, all []profile.Fact) {
	out.line("\n%s: %d", title, len(all))
	for _, f := range all {
		known, is := r.Known.Facts[f.Name]
		about := strings.TrimSpace(fmt.Sprintf("  %-5s %s", f.Tag, f.Name)) + ", " + orNone(f.Func)
		switch doubt, doubted := r.Known.Doubts[f.Name]; {
		case is:
			out.line("  %s: %s%s; expected %s; %s", about, known.Answer, word(known.Word), answers(f.Expects), seen(known))
		case doubted:
			out.line("  %s: expected %s; open since %s (%s), before %s, then %s", about, answers(f.Expects), moment(doubt.At), doubt.Why, doubt.Was.Answer, orNone(string(doubt.Saw)))
		default:
			out.line("  %s: expected %s", about, answers(f.Expects))
		}
	}
}

func answers(all []profile.Answer) string {
	texts := make([]string, len(all))
	for i, a := range all {
		texts[i] = string(a)
	}
	return strings.Join(texts, " or ")
}

// seen says when and how often something was seen.
func seen(k profile.Known) string {
	by := "purchases"
	if k.From != "" {
		by = "the experiment " + string(k.From)
	}
	text := fmt.Sprintf("%d ×, first on %s, last on %s, by %s", k.Times, moment(k.First), moment(k.Last), by)
	if k.Build != "" {
		text += ", build " + k.Build
	}
	return text
}

// word says the type of an error that the documents know.
func word(of string) string {
	if of == "" {
		return ""
	}
	return " (" + documented(of) + ")"
}

// documented is a word of the vendor's that the documents know.
func documented(of string) string {
	var plain *zomro.Error
	switch {
	case of == "":
		return "none"
	case errors.As(zomro.Wordless(&zomro.Error{Code: of}), &plain) && plain.Code == of:
		return of
	default:
		return "an unknown type"
	}
}

func orNone(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// experiment writes how an experiment has ended, and what the answers to its calls were like.
func (r Report) experiment(out *reportWriter, source profile.Source) {
	end, ended := r.Record.Done[source]
	replies := r.Replies[source]
	if !ended && len(replies) == 0 {
		return
	}
	switch {
	case source == "":
		out.line("\nBefore the experiments")
	case ended:
		out.line("\nExperiment %s: %s on %s%s", source, end.How, moment(end.At), r.why(end))
	default:
		out.line("\nExperiment %s: under way", source)
	}
	for _, l := range end.Lessons {
		out.line("  showed %s: %s%s", l.Fact, l.Answer, word(l.Word))
	}
	for _, sign := range end.Saw {
		out.line("  saw a sign of a payment: %s", sign)
	}
	if left := len(end.Left); left > 0 || end.Blind {
		out.line("  rows of its own that may be left in the cart: %d, not looked at to the end: %t", left, end.Blind)
	}
	for _, reply := range replies {
		out.reply(reply)
	}
}

func (r Report) why(end Outcome) string {
	if end.Failure == nil {
		return ""
	}
	own := []string{CodeRestarted, CodeRestored, CodeAccount, CodeHalted, CodeChanged, CodePurchase, CodeForeign, CodeBeside, CodePrice, CodeUnpriced, CodeTaken, CodeNoRow}
	if slices.Contains(own, end.Failure.Code) {
		return " (" + end.Failure.Code + ")"
	}
	return fmt.Sprintf(" (%s, %s)", orNone(string(end.Failure.Kind)), documented(end.Failure.Code))
}

// reply writes what an answer was like.
func (w *reportWriter) reply(r zomro.Reply) {
	what := r.Func
	if r.Button != "" {
		what += " " + r.Button
	}
	text := fmt.Sprintf("  %s: %s", what, r.Kind)
	if r.Kind != zomro.KindAnswered {
		text += fmt.Sprintf(", HTTP status %d, type %s, object %s", r.Status, orNone(r.Type), orNone(r.Object))
	}
	if r.Says != "" {
		text += ", says " + string(r.Says)
	}
	w.line("%s, %s", text, r.Took.Round(time.Millisecond))
	for _, f := range r.Fields {
		w.line("      %s: %s, %d ×", f.Path, f.Form, f.Count)
	}
	for _, f := range r.Unknown {
		w.line("      in %s fields that the documents do not know: %d of %s, %d ×", orNone(f.In), f.Names, f.Form, f.Count)
	}
}
