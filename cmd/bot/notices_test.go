package main

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/licensecheck"
)

// notices is the file with the licences of what is linked in. It is in each package.
const notices = "THIRD_PARTY_NOTICES.txt"

// allowedLicences are those that a program under the MIT licence can be given out with,
// when their texts come along; by the names of SPDX.
var allowedLicences = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "FTL", "ISC", "MIT", "OFL-1.1"}

// chosen are the texts of modules that leave a choice, or have more than one.
var chosen = map[string]struct {
	texts []string
	note  string
}{
	"github.com/golang/freetype": {[]string{"LICENSE", "licenses/ftl.txt"}, "Used under the FreeType License."},
	"github.com/go-analyze/charts": {
		[]string{"LICENSE", "chartdraw/drawing/fonts/OFL.txt"},
		"Its fonts are Noto Sans, under the SIL Open Font License, and Roboto, under the Apache License 2.0, whose text stands in this file, too.",
	},
	"github.com/prometheus/client_golang": {[]string{"LICENSE", "NOTICE", "internal/github.com/golang/gddo/LICENSE"}, ""},
}

// licenceFile are the names of files that hold a licence, or what it wants to be given on.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)(\.(txt|md))?$`)

// linked are the modules that the program is linked with on any system that it is released
// for, by their paths, with where each is. Versions are left out: a new one has the same licence,
// or it is seen.
func linked(t *testing.T) map[string]string {
	t.Helper()
	modules := map[string]string{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", ".")
		list.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system)
		out, err := list.Output()
		if err != nil {
			t.Fatalf("go list for %s: %v", system, err)
		}
		for line := range strings.Lines(string(out)) {
			if name, folder, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
				modules[name] = folder
			}
		}
	}
	if len(modules) < 10 {
		t.Fatalf("the program is linked with %d modules", len(modules))
	}
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	modules["Go and its standard library"] = strings.TrimSpace(string(root))
	return modules
}

// licences returns the texts that a module wants to be given on, by their paths in it.
func licences(module, folder string) (map[string]string, error) {
	names := chosen[module].texts
	root := os.DirFS(folder)
	if names == nil {
		entries, err := fs.ReadDir(root, ".")
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if licenceFile.MatchString(e.Name()) {
				names = append(names, e.Name())
			}
		}
	}
	texts := map[string]string{}
	for _, name := range names {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return nil, err
		}
		texts[name] = strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n"))
	}
	return texts, nil
}

// licenceFaults says what is wrong with the licence of a module.
func licenceFaults(texts map[string]string) (names []string, faults error) {
	for _, text := range texts {
		for _, m := range licensecheck.Scan([]byte(text)).Match {
			if !slices.Contains(names, m.ID) && !m.IsURL {
				names = append(names, m.ID)
			}
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "GooglePatentClause" || name == "GooglePatentsFile" })
	slices.Sort(names)
	if len(names) == 0 {
		return nil, fmt.Errorf("no licence is recognised in %d files", len(texts))
	}
	for _, name := range names {
		if !slices.Contains(allowedLicences, name) {
			return names, fmt.Errorf("%s is not allowed", name)
		}
	}
	return names, nil
}

// TestNotices: the file of notices has the licence of all that is linked in, and each is
// one that is allowed. go test ./cmd/bot -run TestNotices -rewrite makes it anew.
func TestNotices(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	out.WriteString("What zomrobot is linked with, and under which licences. Made by TestNotices in cmd/bot.\n")
	modules := linked(t)
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		texts, err := licences(name, modules[name])
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		found, err := licenceFaults(texts)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		fmt.Fprintf(&out, "\n%s\n%s: %s\n", strings.Repeat("=", 80), name, strings.Join(found, ", "))
		if note := chosen[name].note; note != "" {
			fmt.Fprintln(&out, note)
		}
		for _, file := range slices.Sorted(maps.Keys(texts)) {
			fmt.Fprintf(&out, "%s\n%s:\n\n%s\n", strings.Repeat("-", 80), file, texts[file])
		}
	}
	at := filepath.Join("..", "..", notices)
	if rewriting() {
		if err := os.WriteFile(at, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := os.ReadFile(at); err != nil || string(kept) != out.String() {
		t.Errorf("%s is not of what is linked in now: go test ./cmd/bot -run TestNotices -rewrite (%v)", notices, err)
	}
}

// TestLicencesAreLookedAt: one that is not allowed, or none, is seen.
func TestLicencesAreLookedAt(t *testing.T) {
	t.Parallel()
	gpl := "Licensed under the GNU General Public License, version 2.\n\nThis program is free software; you can redistribute it and/or modify it under the terms of the GNU General Public License as published by the Free Software Foundation; either version 2 of the License, or (at your option) any later version.\n"
	for _, text := range []string{gpl, "All rights reserved.", ""} {
		if names, err := licenceFaults(map[string]string{"LICENSE": text}); err == nil {
			t.Errorf("%q is allowed as %q", text, names)
		}
	}
	if names, err := licenceFaults(map[string]string{"LICENSE": readRoot(t, "LICENSE")}); err != nil || !slices.Equal(names, []string{"MIT"}) {
		t.Errorf("our own licence is %q, %v", names, err)
	}
}
