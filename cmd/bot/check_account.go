package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"zomrobot/engine"
	"zomrobot/zomro"
	"zomrobot/zomro/profile"
)

// surveyLasts bounds the reading of an account: reading a price list for each
// datacenter takes a while.
const surveyLasts = 5 * time.Minute

// checkAccount reads the vendor with one connected account, compares it with
// what the client expects, and writes a report that holds nothing of the
// account: to a file, or to stdout when file is "".
func checkAccount(ctx context.Context, name, file string, stdout io.Writer) error {
	if file != "" && exists(file) {
		return fmt.Errorf("%s is there already; name a file that is not", file)
	}
	c, err := ReadConfig()
	if err != nil {
		return usage(err)
	}
	ctx, cancel := context.WithTimeout(ctx, surveyLasts)
	defer cancel()
	store, err := openThere(ctx, c)
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	vendor := zomro.New(c.Zomro.APIURL)
	var survey zomro.Conformance
	err = engine.WithAccount(ctx, store, vendor, name, func(auth zomro.Auth) (err error) {
		survey, err = vendor.Survey(ctx, auth)
		return err
	})
	if err != nil {
		do := advice("account", err)
		if err = fmt.Errorf("read the account: %w", zomro.Wordless(err)); do != "" {
			err = fmt.Errorf("%w; %s", err, do)
		}
		return err
	}
	known, err := engine.ProfileIn(ctx, store)
	if err != nil {
		return err
	}
	var report bytes.Buffer
	writeSurvey(&report, survey)
	writeProfile(&report, known)
	if file == "" {
		_, err = stdout.Write(report.Bytes())
	} else {
		err = os.WriteFile(file, report.Bytes(), 0o600)
	}
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	unread := 0
	for _, call := range survey.Calls {
		if call.Err != nil {
			unread++
		}
	}
	if refuted := count(survey, zomro.Refuted); refuted+unread > 0 {
		return fmt.Errorf("calls that could not be read: %d, expectations that do not hold: %d; see the report", unread, refuted)
	}
	if file != "" {
		_, err = fmt.Fprintf(stdout, "ok: %s: expectations that hold: %d, not seen: %d\n", file, count(survey, zomro.Confirmed), count(survey, zomro.NotSeen))
	}
	return err
}

// count is how many facts have a verdict.
func count(s zomro.Conformance, v zomro.FactState) int {
	n := 0
	for _, f := range s.Facts {
		if f.Verdict == v {
			n++
		}
	}
	return n
}

// writeSurvey writes a report for people.
func writeSurvey(to io.Writer, s zomro.Conformance) {
	out := func(format string, args ...any) { _, _ = fmt.Fprintf(to, format+"\n", args...) }
	out("What the vendor answers, and what the client expects")
	out("It holds names that are documented, forms of values and counts, and nothing of the account itself.")
	out("\nCalls")
	for _, c := range s.Calls {
		what := strings.TrimSuffix(c.Func+", "+c.What, ", ")
		if c.Err != nil {
			out("  FAIL  %s: %v", what, c.Err)
			continue
		}
		out("  ok    %s: %s", what, c.Found)
	}
	for _, verdict := range []zomro.FactState{zomro.Refuted, zomro.Confirmed, zomro.NotSeen} {
		out("\n%s: %d", strings.ToUpper(string(verdict[:1]))+string(verdict[1:]), count(s, verdict))
		for _, f := range s.Facts {
			if f.Verdict != verdict {
				continue
			}
			line := fmt.Sprintf("  %-6s %s %s: %s", f.Source, f.Func, f.Path, f.Expects)
			if f.Found != "" {
				line += " (" + f.Found + ")"
			}
			out("%s", line)
		}
	}
	names := 0
	for _, f := range s.Unknown {
		names += f.Names
	}
	out("\nFields that the client knows nothing of, without their names: %d", names)
	for _, f := range s.Unknown {
		out("  %s: %d of %s, %d ×", strings.TrimSpace(f.Func+" "+f.In), f.Names, f.Form, f.Count)
	}
	out("\nAssumed, and shown by nothing that the bot does")
	for _, fact := range zomro.Untestable {
		out("  %s", fact)
	}
}

// writeProfile writes what trials and purchases have shown of the vendor.
func writeProfile(to io.Writer, p profile.Profile) {
	out := func(format string, args ...any) { _, _ = fmt.Fprintf(to, format+"\n", args...) }
	out("\nShown by trials and purchases (docs/vendor.md says what each means)")
	for _, f := range profile.Table {
		line := fmt.Sprintf("  %-9s %-6s %s", p.State(f.Name), f.Tag, f.Name)
		if k, known := p.Facts[f.Name]; known {
			line += fmt.Sprintf(": %s, %d times, last on %s, build %s", k.Answer, k.Times, k.Last.Format(time.DateOnly), cmp.Or(k.Build, "not known"))
		}
		if d, doubted := p.Doubts[f.Name]; doubted {
			line += fmt.Sprintf(": was %s, %s on %s", d.Was.Answer, d.Why, d.At.Format(time.DateOnly))
		}
		out("%s", line)
	}
}
