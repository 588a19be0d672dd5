package crowd

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// settling is how long the counts of a bot must stand still for it to be at rest, and
// mostPauses how often it is looked.
const (
	settling   = 20 * time.Millisecond
	mostPauses = 500
)

// Bot is a bot that runs as a process of its own. One that calls [Report] with its
// standard input and output tells what it uses.
type Bot struct {
	command *exec.Cmd
	asks    io.WriteCloser
	answers *bufio.Reader
	said    safeBuffer
}

// safeBuffer keeps what a process says.
type safeBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// Start starts a bot. Its standard input ends when it is to stop.
func Start(command *exec.Cmd) (*Bot, error) {
	b := &Bot{command: command}
	command.Stderr = &b.said
	var err error
	if b.asks, err = command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	b.answers = bufio.NewReader(out)
	if err := command.Start(); err != nil {
		return nil, err
	}
	return b, nil
}

// Counts returns what the bot has used since it began.
func (b *Bot) Counts() (Counts, error) {
	if _, err := fmt.Fprintln(b.asks); err != nil {
		return Counts{}, b.because(err)
	}
	line, err := b.answers.ReadBytes('\n')
	if err != nil {
		return Counts{}, b.because(err)
	}
	var counts Counts
	return counts, json.Unmarshal(line, &counts)
}

// Rested waits until the bot writes nothing any more, and returns what it has used.
func (b *Bot) Rested() (Counts, error) {
	last, err := b.Counts()
	for range mostPauses {
		if err != nil {
			break
		}
		time.Sleep(settling)
		var now Counts
		if now, err = b.Counts(); now.Commits == last.Commits {
			return now, err
		}
		last = now
	}
	if err == nil {
		err = errors.New("it does not come to rest")
	}
	return Counts{}, err
}

// Memory is what a process holds of the machine's memory, in bytes.
type Memory struct {
	Resident  int64 // all that is in memory, with the mapped pages of its files
	Anonymous int64 // without those of its files
}

var (
	resident  = regexp.MustCompile(`(?m)^VmRSS:\s+(\d+) kB$`)
	anonymous = regexp.MustCompile(`(?m)^RssAnon:\s+(\d+) kB$`)
)

// Memory returns what the bot holds now. Only Linux tells it: elsewhere it fails.
func (b *Bot) Memory() (Memory, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", b.command.Process.Pid))
	if err != nil {
		return Memory{}, err
	}
	var m Memory
	for form, to := range map[*regexp.Regexp]*int64{resident: &m.Resident, anonymous: &m.Anonymous} {
		found := form.FindSubmatch(status)
		if found == nil {
			return Memory{}, fmt.Errorf("the status of the process has no line %s", form)
		}
		kilobytes, err := strconv.ParseInt(string(found[1]), 10, 64)
		if err != nil {
			return Memory{}, err
		}
		*to = kilobytes * 1024
	}
	return m, nil
}

// quiet is how long a bot must do nothing for it to be idle.
const quiet = 500 * time.Millisecond

// tick is the unit in which Linux tells how long a process has run.
const tick = 10 * time.Millisecond

// Idle waits until the bot does nothing for a while, and returns what it has used of
// the processors until then. Only Linux tells it: elsewhere it fails.
func (b *Bot) Idle(ctx context.Context) (time.Duration, error) {
	for last, since := time.Duration(-1), time.Now(); ; {
		used, err := b.ran()
		if err != nil {
			return 0, err
		}
		if used != last {
			last, since = used, time.Now()
		}
		if time.Since(since) > quiet {
			return used, nil
		}
		select {
		case <-time.After(settling):
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// ran is how long the process has run on all processors.
func (b *Bot) ran() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", b.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	// The second field is the name in brackets, in which anything may be; the 14th and
	// 15th are the time of the process and of the kernel for it.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 13 {
		return 0, errors.New("the status of the process is cut")
	}
	var ticks int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * tick, nil
}

// Stop stops the bot and waits for its end.
func (b *Bot) Stop() error {
	closed := b.asks.Close()
	return errors.Join(closed, b.because(b.command.Wait()))
}

// because adds to an error what the bot said.
func (b *Bot) because(err error) error {
	if err == nil {
		return nil
	}
	b.said.mu.Lock()
	defer b.said.mu.Unlock()
	return fmt.Errorf("%w\n%s", err, b.said.text.String())
}
