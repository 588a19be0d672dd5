// Command bot lets people order a Zomro Cloud VPS from a Telegram chat.
//
// It is one program with a few verbs: run serves Telegram, demo shows the whole
// product on this machine alone, keygen makes a key for the store, check looks
// whether the configuration works, audit checks and exports the record of what
// was done, health asks a running bot how it is, version says what it was built
// from, help shows all of them with the environment.
//
// # Caveats
//
// The store is held by one process: a second run on the same store ends with
// an error after two seconds.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"syscall"
	_ "time/tzdata" // the rules of time zones, where the machine has none

	"zomrobot/engine"
	"zomrobot/storage"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// errUsage marks an error of usage or configuration: exit code 2.
var errUsage = errors.New("wrong usage")

func usage(err error) error { return fmt.Errorf("%w: %w", errUsage, err) }

// wrongSettings are the errors of a start that no further start mends, for a person has
// to: an address or a path that is none or is not allowed, a cluster that lets nobody in
// so, keys that do not fit, a store of a newer version, a part of one, that of another bot, a
// mark that is none. They hold for all verbs.
var wrongSettings = []error{
	storage.ErrURL, storage.ErrAccess, storage.ErrSealed, storage.ErrSchema, storage.ErrPart, storage.ErrMark, engine.ErrOtherBot,
	fs.ErrNotExist, fs.ErrPermission, syscall.ENOTDIR, syscall.EROFS,
}

// setting names the variable that an error comes from, and says whether it is the variable
// that is wrong. What a store's address leads to may be right, and the keys are not.
func setting(variable string, err error) error {
	if variable == "STORAGE_URL" && errors.Is(err, storage.ErrSealed) {
		variable, err = "STORAGE_KEYS", fmt.Errorf("%w; %s", err, otherKeys)
	}
	return forPerson(fmt.Errorf("%s: %w", variable, err))
}

// forPerson makes an error one of usage if a person has to see to it.
func forPerson(err error) error {
	if slices.ContainsFunc(wrongSettings, func(wrong error) bool { return errors.Is(err, wrong) }) {
		return usage(err)
	}
	return err
}

// command is a verb of the program.
type command struct {
	name, args, about string
	run               func(ctx context.Context, args []string, stdout, stderr io.Writer) error
}

func commands() []command {
	return []command{
		{"run", "", "serve Telegram until stopped (also without any verb)", runBot},
		{"demo", "[-addr 127.0.0.1:8080]", "try it in a browser: no Telegram, no vendor, no configuration", runDemo},
		{"keygen", "[-id NAME]", "print a new key for STORAGE_KEYS", runKeygen},
		{"check", "[-account NAME [-o FILE]]", "try the configuration and both APIs without buying anything", runCheck},
		{"trial", "-account NAME [-person ID] [-lang en|ru] [-report] [-o FILE]", "have the running bot find out, by small experiments, what Zomro does not document; or print the report", runTrial},
		{"backup", "FILE | -", "copy the store into a file or to standard output, also while the bot runs", runBackup},
		{"restore", "[-yes] FILE | -", "put a copy in the place of the store of a stopped bot, so that nothing is bought twice", runRestore},
		{"adopt", "[-yes]", "give the store of a stopped bot to another bot of Telegram, that of the token", runAdopt},
		{"compact", "", "make the file of a stopped bot's store as small as what is in it", runCompact},
		{"audit", "[verify [-book NAME] | export [-book NAME] [-format csv|jsonl] [-o FILE] | rebuild -book NAME]", "list, check or export the record of what was done with money and servers; make a team's ledger anew from it", runAudit},
		{"move", "FROM TO", "copy everything from one store to another, as STORAGE_URL names them, and compare them", runMove},
		{"health", "", "ask the bot at HTTP_ADDR whether it is well", runHealth},
		{"version", "", "say what this program was built from", runVersion},
		{"help", "", "show this", runHelp},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), stopSignals()...)
	code := Main(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// stopSignals are those that stop the program in order. The end of a terminal is one of
// them, unless the program was started so as to outlive it, as by nohup.
func stopSignals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// Main runs a verb and returns the exit code: 0 done, 1 failed, 2 wrong usage
// or configuration.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	name := "run"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	switch name {
	case "-h", "-help", "--help":
		name = "help"
	case "-version", "--version":
		name = "version"
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		err := c.run(ctx, args, stdout, stderr)
		switch {
		case err == nil, errors.Is(err, flag.ErrHelp):
			return exitDone
		case errors.Is(err, errUsage):
			_, _ = fmt.Fprintf(stderr, "bot %s: %v\n", name, err)
			return exitUsage
		default:
			_, _ = fmt.Fprintf(stderr, "bot %s: %v\n", name, err)
			return exitFailed
		}
	}
	_, _ = fmt.Fprintf(stderr, "bot: there is no verb %q; bot help shows all\n", name)
	return exitUsage
}

// parse reads the flags of a verb, which takes no other arguments.
func parse(flags *flag.FlagSet, args []string, stderr io.Writer) error {
	if err := parseFlags(flags, args, stderr); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return usage(fmt.Errorf("unexpected %q", flags.Arg(0)))
	}
	return nil
}

// parseFile reads the flags of a verb that takes a file, before it and after it.
func parseFile(flags *flag.FlagSet, args []string, stderr io.Writer) (string, error) {
	if err := parseFlags(flags, args, stderr); err != nil {
		return "", err
	}
	file := flags.Arg(0)
	if file == "" {
		return "", usage(errors.New("name a file, or - for standard input (of restore) or output (of backup)"))
	}
	return file, parse(flags, flags.Args()[1:], stderr)
}

func parseFlags(flags *flag.FlagSet, args []string, stderr io.Writer) error {
	flags.SetOutput(stderr)
	err := flags.Parse(args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	return usage(err)
}
