package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"zomrobot/chat"
	"zomrobot/conversation"
	trialflow "zomrobot/conversation/trial"
	"zomrobot/locales"
)

// terminal is a verb of the built binary as a process that somebody types into.
type terminal struct {
	t       *testing.T
	command *exec.Cmd
	in      io.WriteCloser

	mutex sync.Mutex
	out   bytes.Buffer
	wrote chan struct{} // something was written
	ended chan struct{}
	err   error // once it has ended
}

func openTerminal(t *testing.T, env []string, args ...string) *terminal {
	t.Helper()
	x := &terminal{t: t, command: exec.CommandContext(t.Context(), buildBinary(t), args...), wrote: make(chan struct{}, 1), ended: make(chan struct{})}
	x.command.Env, x.command.Dir, x.command.Stdout, x.command.Stderr = env, t.TempDir(), x, x
	var err error
	if x.in, err = x.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := x.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		x.err = x.command.Wait()
		close(x.ended)
	}()
	return x
}

// Write takes what the process prints.
func (x *terminal) Write(text []byte) (int, error) {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	select {
	case x.wrote <- struct{}{}:
	default:
	}
	return x.out.Write(text)
}

func (x *terminal) text() string {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	return x.out.String()
}

// says waits until something is printed, and forgets what was up to there.
func (x *terminal) says(want string) {
	x.t.Helper()
	patience := time.After(2 * time.Minute)
	for over := false; ; {
		x.mutex.Lock()
		_, after, found := strings.Cut(x.out.String(), want)
		if found {
			x.out.Reset()
			x.out.WriteString(after)
		}
		x.mutex.Unlock()
		if found {
			return
		}
		if over {
			x.t.Fatalf("it does not say %q:\n%s", want, x.text())
		}
		select {
		case <-x.wrote:
		case <-x.ended:
			over = true
		case <-patience:
			over = true
		}
	}
}

func (x *terminal) types(line string) {
	x.t.Helper()
	if _, err := io.WriteString(x.in, line+"\n"); err != nil {
		x.t.Fatal(err)
	}
}

// ends waits for the end of the process, which has to be a good one.
func (x *terminal) ends() {
	x.t.Helper()
	select {
	case <-x.ended:
		if x.err != nil {
			x.t.Fatalf("it ends with %v:\n%s", x.err, x.text())
		}
	case <-time.After(2 * time.Minute):
		x.t.Fatalf("it does not end:\n%s", x.text())
	}
}

// TestTrialLeftByCtrlC: who leaves a terminal is told that the trial goes on and how to take it
// up again, and has not failed. Two terminals of one trial show the same, and what comes too
// late in one of them is not done.
func TestTrialLeftByCtrlC(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.start()
	p.polled()
	p.connect(anna)
	open := func() *terminal { return openTerminal(t, p.env, "trial", "-account", vendorLogin, "-person", "1001") }
	first := open()
	for _, talk := range [][2]string{{"1) ▫️ Reading", "1"}, {"1) ", "1"}, {"Shall I start?", "1"}} {
		first.says(talk[0])
		first.types(talk[1])
	}
	first.says("Now put any plan in the cart")
	if err := first.command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	first.says("It continues in the bot. To get back to it: bot trial -account " + vendorLogin + " -person 1001\n")
	first.ends()

	// Two of them take it up; what one does, the other shows by itself.
	second, third := open(), open()
	for _, x := range []*terminal{second, third} {
		x.says("1) ✋ Reading")
		x.types("1")
		x.says("Now put any plan in the cart")
	}
	second.types("2")
	second.says("Known now:")
	third.says("Known now:")
	third.types("1") // once more
	third.says("Shall I start?")
	second.says("Shall I start?")

	// Two who answer the same question before they have looked again.
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	var late bytes.Buffer
	answer := func(out io.Writer) *trialClient {
		c := &trialClient{bot: besideBot{p.store + ".sock"}, texts: texts, lang: "en", out: out}
		c.machine = conversation.Assemble(conversation.Basics(), trialflow.Flow())
		if err := c.find(t.Context(), vendorLogin, anna); err != nil {
			t.Fatal(err)
		}
		c.d = conversation.New(c.of.key())
		if err := c.step(t.Context(), chat.Command{Name: "trial", Seen: true}); err != nil {
			t.Fatal(err)
		}
		if err := c.typed(t.Context(), "1"); err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, c := range []*trialClient{answer(io.Discard), answer(&late)} {
		if err := c.typed(t.Context(), "2"); err != nil {
			t.Fatal(err)
		}
		c.show()
	}
	if text := late.String(); !strings.Contains(text, "The trial has moved on in the meantime.") {
		t.Errorf("what comes too late is answered by\n%s", text)
	}
	for _, x := range []*terminal{second, third} {
		x.says("You did not start it")
		x.types("q")
		x.ends()
	}
}

// TestTrialAgain: the command that takes a trial up again can be typed into a shell as it is.
func TestTrialAgain(t *testing.T) {
	t.Parallel()
	for want, again := range map[string]string{
		"bot trial -account work":                  trialAgain("work", 0, "en"),
		"bot trial -account a@b.example -lang ru":  trialAgain("a@b.example", 0, "ru"),
		`bot trial -account 'Anna'\''s' -person 7`: trialAgain("Anna's", 7, "en"),
		"bot trial -account 'our work' -person -1": trialAgain("our work", -1, "en"),
	} {
		if again != want {
			t.Errorf("%s, not %s", again, want)
		}
	}
}
