package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// typed runs a verb of the built binary with lines typed into it.
func typed(t *testing.T, env []string, lines string, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), buildBinary(t), args...)
	command.Env, command.Stdin, command.Dir = env, strings.NewReader(lines), t.TempDir()
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("bot %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// TestTrialInATerminal: the running bot tries the vendor for whoever may open its socket; what
// is typed waits until something is asked, nothing begins by a wrong amount, and what is left
// goes on. Without a bot, and without such an account, that is said.
func TestTrialInATerminal(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	if out, code := run(t, p.env, "trial", "-account", vendorLogin); code != exitFailed || !strings.Contains(out, "start it first") {
		t.Errorf("without a bot: %d %s", code, out)
	}
	p.start()
	p.polled()
	p.connect(anna)
	if out, code := run(t, p.env, "trial", "-account", "nobody"); code != exitFailed || !strings.Contains(out, "No account called nobody is connected") {
		t.Errorf("without such an account: %d %s", code, out)
	}
	for _, wrong := range [][]string{{"trial"}, {"trial", "-account", vendorLogin, "-lang", "xx"}} {
		if out, code := run(t, p.env, wrong...); code != exitUsage {
			t.Errorf("%v: %d %s", wrong, code, out)
		}
	}

	// Reading: start, agree, leave the panel's part out, read the outcome, close.
	out := typed(t, p.env, "1\n1\n1\n2\n77\n3\n", "trial", "-account", vendorLogin)
	for _, want := range []string{"A trial in the terminal.", "1) ▫️ Reading", "Shall I start?", "Open panel: https://", "Known now:", "There is no such number: 1 to 3."} {
		if !strings.Contains(out, want) {
			t.Errorf("reading does not say %q:\n%s", want, out)
		}
	}
	// Buying: a wrong amount, and the end of what is typed: it waits in the bot.
	out = typed(t, p.env, "7\n1\n0,19\n", "trial", "-account", vendorLogin, "-lang", "ru")
	for _, want := range []string{"Чтобы согласиться, напишите сумму: 0,20", "Введите сумму, чтобы согласиться, stop, чтобы отказаться", "Сумма не та", "bot trial -account " + vendorLogin} {
		if !strings.Contains(out, want) {
			t.Errorf("buying does not say %q:\n%s", want, out)
		}
	}
	// It is taken up again, and given up; the report is a file.
	out = typed(t, p.env, "7\n1\n2\n10\nhello\nq\n", "trial", "-account", vendorLogin, "-o", "report.txt")
	if !strings.Contains(out, "You did not start it") || !strings.Contains(out, "report.txt") || strings.Contains(out, "Take it up again") {
		t.Errorf("it is not taken up again and given up:\n%s", out)
	}
	if !strings.Contains(out, "Type a number from the list, or q to leave.") || strings.Contains(out, "use the buttons") {
		t.Errorf("what is typed where nothing is asked is answered as in a chat:\n%s", out)
	}
	// Where an amount is asked for, stop is none: it gives the experiment up.
	typed(t, p.env, "7\n1\n0.19\n", "trial", "-account", vendorLogin)
	out = typed(t, p.env, "7\nstop\nq\n", "trial", "-account", vendorLogin)
	if !strings.Contains(out, "Type the amount to agree") || !strings.Contains(out, "You did not start it") || strings.Contains(out, "That's not the amount") || strings.Contains(out, "Take it up again") {
		t.Errorf("stop does not give it up:\n%s", out)
	}
	if n := len(p.vendor.Orders(vendorLogin)); n != 0 {
		t.Errorf("%d orders were paid", n)
	}
	report, code := run(t, p.env, "trial", "-account", vendorLogin, "-report")
	if code != exitDone || !strings.Contains(report, "Experiment read: done") || !strings.Contains(report, "Experiment buy: stopped") {
		t.Errorf("the report: %d\n%s", code, report)
	}
	for _, private := range []string{"anna", "example.com", vendorPassword, "Acorn", "0.20"} {
		if strings.Contains(report, private) {
			t.Errorf("the report holds %q", private)
		}
	}
	file := filepath.Join(t.TempDir(), "report.txt")
	if _, code := run(t, p.env, "trial", "-account", vendorLogin, "-report", "-o", file); code != exitDone {
		t.Error("no report in a file")
	}
	if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), "Experiment read") {
		t.Errorf("the file holds no report: %v", err)
	}

	// What is there is not overwritten; each report of a run has a file of its own, and stop
	// where nothing is under way says what can be typed.
	if out, code := run(t, p.env, "trial", "-account", vendorLogin, "-report", "-o", file); code != exitFailed || !strings.Contains(out, "There is already a file "+file) {
		t.Errorf("a file that is there: %d %s", code, out)
	}
	out = typed(t, p.env, "stop\n10\n10\nq\n", "trial", "-account", vendorLogin, "-o", "report.txt")
	for _, want := range []string{"There is nothing to stop here.", "📄 report.txt", "📄 report-2.txt"} {
		if !strings.Contains(out, want) {
			t.Errorf("stop and two reports do not say %q:\n%s", want, out)
		}
	}

	// The same account of somebody else: it is asked whose.
	p.connect(boris)
	if out, code := run(t, p.env, "trial", "-account", vendorLogin); code != exitFailed || !strings.Contains(out, "Say with -person whose you mean: 1001") {
		t.Errorf("of two people: %d %s", code, out)
	}
	if _, code := run(t, p.env, "trial", "-account", vendorLogin, "-person", "1001", "-report"); code != exitDone {
		t.Error("whose account it is does not help")
	}
}
