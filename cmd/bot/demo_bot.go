package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// keptBot is the demo's bot: this program as a process of its own, which is
// started again at once when it is killed.
type keptBot struct {
	path    string
	env     func() []string // all of the environment that it gets
	log     io.Writer
	verbose bool

	mu      sync.Mutex
	process *os.Process  // nil: none runs
	killed  bool         // by kill
	between func() error // done once, before the next process is started
	ended   time.Time
	state   botState
	changed chan struct{} // closed and replaced by every change of state
}

// botState is what is shown of the bot.
type botState struct {
	PID    int   `json:"pid"`    // 0: no process
	Up     bool  `json:"up"`     // it asks for updates
	Starts int   `json:"starts"` // how often it was started
	BackMS int64 `json:"backMs"` // how long it was down the last time, in milliseconds
}

// errNoBot is returned for a bot that is not running.
var errNoBot = errors.New("the bot does not run at the moment")

// keep runs the bot until ctx ends, and starts it again when it was killed. When
// the bot ends by itself, keep returns.
func (b *keptBot) keep(ctx context.Context) error {
	// A process that is tied to this one is tied to the thread that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for {
		again, err := b.runOnce(ctx)
		if !again || ctx.Err() != nil {
			return err
		}
		if err := b.change(); err != nil {
			return err
		}
	}
}

// change does what is to be done while no bot runs, if anything is.
func (b *keptBot) change() error {
	b.mu.Lock()
	between := b.between
	b.mu.Unlock()
	if between == nil {
		return nil
	}
	if err := between(); err != nil {
		return err
	}
	b.set(func() { b.between, b.state, b.ended = nil, botState{}, time.Time{} })
	return nil
}

// runOnce runs one process of the bot and reports whether it was killed.
func (b *keptBot) runOnce(ctx context.Context) (killed bool, err error) {
	command := exec.Command(b.path, "run", "-attached") //nolint:gosec,noctx // this program itself; it is asked to stop first
	command.Env = b.env()
	command.WaitDelay = time.Second
	said := &tail{}
	command.Stderr = said
	if b.verbose {
		command.Env = append(command.Env, "LOG_LEVEL=debug")
		command.Stderr = io.MultiWriter(said, b.log)
	}
	tie(command)
	leash, err := command.StdinPipe() // the bot stops when it is closed, also by the end of this process
	if err != nil {
		return false, fmt.Errorf("start the bot: %w", err)
	}
	if err := command.Start(); err != nil {
		return false, fmt.Errorf("start the bot: %w", err)
	}
	b.set(func() {
		b.process, b.killed = command.Process, false
		b.state.PID, b.state.Up = command.Process.Pid, false
		b.state.Starts++
	})
	done := make(chan error, 1)
	go func() { done <- command.Wait() }()
	select {
	case err = <-done:
	case <-ctx.Done():
		_ = leash.Close()
		select {
		case err = <-done:
		case <-time.After(stopWithin):
			_ = command.Process.Kill()
			err = <-done
		}
	}
	early := false
	b.set(func() {
		early = ctx.Err() != nil && !b.state.Up
		killed = b.killed || command.ProcessState != nil && command.ProcessState.ExitCode() == -1
		b.process, b.ended = nil, time.Now()
		b.state.PID, b.state.Up = 0, false
	})
	switch {
	case err == nil, killed, early: // who is stopped while starting complains, rightly
		return killed, nil
	default:
		return false, fmt.Errorf("the bot ended: %w\n%s", err, said)
	}
}

// kill ends the bot as kill -9 does, without warning.
func (b *keptBot) kill() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.end()
}

// end kills the process. The caller holds the lock.
func (b *keptBot) end() error {
	if b.process == nil {
		return errNoBot
	}
	b.killed = true
	if err := b.process.Kill(); err != nil {
		return fmt.Errorf("kill the bot: %w", err)
	}
	return nil
}

// beginAnew ends the bot, does something while none runs, and waits until the next one,
// which is counted as the first, has come up.
func (b *keptBot) beginAnew(ctx context.Context, between func() error) error {
	var failed error
	err := b.until(ctx, func() bool {
		if b.process == nil || b.between != nil {
			return false
		}
		b.between, failed = between, b.end()
		return true
	})
	if err = errors.Join(err, failed); err != nil {
		return err
	}
	return b.until(ctx, func() bool { return b.between == nil && b.state.Up })
}

// until waits until something is so, which is asked with the lock held.
func (b *keptBot) until(ctx context.Context, so func() bool) error {
	for {
		b.mu.Lock()
		done, changed := so(), b.changed
		b.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for the bot: %w", ctx.Err())
		}
	}
}

// came notices that the bot has come up.
func (b *keptBot) came() {
	b.mu.Lock()
	known := b.state.Up || b.process == nil
	b.mu.Unlock()
	if known {
		return
	}
	b.set(func() {
		b.state.Up = true
		if !b.ended.IsZero() {
			b.state.BackMS = time.Since(b.ended).Milliseconds()
		}
	})
}

func (b *keptBot) set(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
	close(b.changed)
	b.changed = make(chan struct{})
}

// look returns the state and a channel that is closed when it changes.
func (b *keptBot) look() (botState, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state, b.changed
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if over := len(t.text) - tailSize; over > 0 {
		t.text = t.text[over:]
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.text))
}
