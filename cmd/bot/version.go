package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
)

// build is what a binary was built from, as the Go command noted it.
type build struct {
	Version string // the tag, or what stands between two: v0.3.0, v0.3.1-0.20261127204218-2e45c7ba1d2f+dirty; "devel": built without git
	Commit  string // the whole hash; "": built without git
	Date    string // of the commit, in RFC 3339; "": built without git
	Go      string // the version of Go, the system and the processor
}

// thisBuild is what this binary was built from. The Go command is the one source: it
// stamps the binary with the tag and the commit wherever it builds in a git checkout.
func thisBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = new(debug.BuildInfo)
	}
	return buildOf(info)
}

func buildOf(info *debug.BuildInfo) build {
	b := build{
		Version: cmp.Or(strings.Trim(info.Main.Version, "()"), "devel"),
		Go:      runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH,
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Date = s.Value
		}
	}
	return b
}

// String is one line, for people and for reports of faults.
func (b build) String() string {
	words := []string{"zomrobot " + b.Version}
	if b.Commit != "" {
		words = append(words, "commit "+b.Commit, "of "+b.Date)
	}
	return strings.Join(append(words, b.Go), ", ")
}

func runVersion(_ context.Context, args []string, stdout, stderr io.Writer) error {
	if err := parse(flag.NewFlagSet("version", flag.ContinueOnError), args, stderr); err != nil {
		return err
	}
	_, err := fmt.Fprintln(stdout, thisBuild())
	return err
}
