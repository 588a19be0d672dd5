package main

import (
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// TestVersion: the program says what it was built from, whichever way it is asked, and
// bot help says it, too.
func TestVersion(t *testing.T) {
	t.Parallel()
	said, code := run(t, nil, "version")
	if code != exitDone || !strings.HasPrefix(said, "zomrobot ") || !strings.HasSuffix(said, runtime.GOOS+"/"+runtime.GOARCH+"\n") {
		t.Errorf("bot version: exit code %d, %q", code, said)
	}
	for _, asked := range []string{"-version", "--version"} {
		if again, code := run(t, nil, asked); code != exitDone || again != said {
			t.Errorf("bot %s: exit code %d, %q", asked, code, again)
		}
	}
	if help, _ := run(t, nil, "help"); !strings.Contains(help, said) {
		t.Errorf("bot help does not say %q", said)
	}
	on := ", " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH
	stamped := []debug.BuildSetting{{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: "2e45c7ba5db9"}, {Key: "vcs.time", Value: "2026-11-27T20:21:45Z"}}
	for want, info := range map[string]debug.BuildInfo{
		"zomrobot v1.2.3, commit 2e45c7ba5db9, of 2026-11-27T20:21:45Z": {Main: debug.Module{Version: "v1.2.3"}, Settings: stamped},
		"zomrobot devel": {Main: debug.Module{Version: "(devel)"}},
	} {
		if got := buildOf(&info).String(); got != want+on {
			t.Errorf("%q, want %q", got, want+on)
		}
	}
	if got := buildOf(new(debug.BuildInfo)).Version; got != "devel" {
		t.Errorf("a program without a stamp calls itself %q", got)
	}
}
