package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// howTo are the lists of CONTRIBUTING.md: how many files one may name at most, and
// whether an example that is there already shows that they are all.
var howTo = []struct {
	title string
	most  int
	shown bool
}{
	{"A step of the order", 6, true},
	{"A command with a list", 5, true},
	{"A call to the vendor", 7, true},
	{"A language", 2, false},
	{"A storage backend", 2, false},
}

// What stands in a list.
var (
	listed      = regexp.MustCompile("(?m)^[0-9]+\\. `([^`]+)`: ")
	quoted      = regexp.MustCompile("`([^`]+)`")
	placeholder = regexp.MustCompile(`<[a-z]+>`)
)

// paragraph returns the paragraph of a section that begins with a word.
func paragraph(section, word string) string {
	_, rest, _ := strings.Cut(section, "\n"+word+": ")
	text, _, _ := strings.Cut(rest, "\n\n")
	return text
}

// inQuotes are the words in a text that stand between backquotes.
func inQuotes(text string) (words []string) {
	for _, m := range quoted.FindAllStringSubmatch(text, -1) {
		words = append(words, m[1])
	}
	return words
}

// program are the files of the project, by their paths, in which a change is to be made:
// sources without tests, messages and pages.
func program(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	root := os.DirFS(filepath.Join("..", ".."))
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); path != "." && (name == "testdata" || name == "node_modules" || path == "bin" || strings.HasPrefix(name, ".")) {
				return fs.SkipDir
			}
			return nil
		}
		switch filepath.Ext(path) {
		case ".go":
			if strings.HasSuffix(path, "_test.go") {
				return nil
			}
		case ".json", ".md":
		default:
			return nil
		}
		if path == "CONTRIBUTING.md" {
			return nil
		}
		text, err := fs.ReadFile(root, path)
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// occurs returns the expression of a name as a whole word.
func occurs(name string) *regexp.Regexp {
	expression := regexp.QuoteMeta(name)
	if edge := regexp.MustCompile(`^\w`); edge.MatchString(name) {
		expression = `\b` + expression
	}
	if edge := regexp.MustCompile(`\w$`); edge.MatchString(name) {
		expression += `\b`
	}
	return regexp.MustCompile(expression)
}

// TestContributing holds that the lists of what to touch are short and whole: each file
// exists and has a part of the example, and no other file has.
func TestContributing(t *testing.T) {
	t.Parallel()
	page, files := readRoot(t, "CONTRIBUTING.md"), program(t)
	sections := strings.Split(page, "\n### ")[1:]
	if len(sections) != len(howTo) {
		t.Fatalf("there are %d lists, want %d", len(sections), len(howTo))
	}
	for i, list := range howTo {
		title, section, _ := strings.Cut(sections[i], "\n")
		if title != list.title {
			t.Errorf("list %d is %q, want %q", i, title, list.title)
			continue
		}
		var paths []string
		for _, m := range listed.FindAllStringSubmatch(section, -1) {
			paths = append(paths, m[1])
			pattern := placeholder.ReplaceAllString(m[1], "*")
			found, err := filepath.Glob(filepath.Join("..", "..", pattern))
			if err != nil || len(found) == 0 {
				t.Errorf("%s: there is no %s, %v", title, m[1], err)
			}
		}
		if len(paths) == 0 || len(paths) > list.most {
			t.Errorf("%s: %d files, want 1 to %d", title, len(paths), list.most)
		}
		if list.shown {
			for _, fault := range astrayOf(files, section, paths) {
				t.Errorf("%s: %s", title, fault)
			}
		}
	}
}

// astrayOf says where a list and the names of its example do not agree.
func astrayOf(files map[string]string, section string, paths []string) (faults []string) {
	names := inQuotes(paragraph(section, "Example"))
	const least = 5
	if len(names) < least {
		faults = append(faults, "the example has too few names to show anything")
	}
	apart := inQuotes(paragraph(section, "Not needed") + paragraph(section, "Generated"))
	used, seen := map[string]bool{}, map[string]bool{}
	for _, name := range names {
		of := occurs(name)
		for path, text := range files {
			if !of.MatchString(text) {
				continue
			}
			seen[name] = true
			i := slices.IndexFunc(paths, func(pattern string) bool { ok, _ := filepath.Match(pattern, path); return ok })
			switch {
			case i >= 0:
				used[paths[i]] = true
			case !slices.Contains(apart, path):
				faults = append(faults, name+" is in "+path+", which is not in the list")
			}
		}
		if !seen[name] {
			faults = append(faults, name+" is nowhere")
		}
	}
	for _, path := range paths {
		if !used[path] {
			faults = append(faults, path+" has no name of the example")
		}
	}
	return faults
}

// TestContributingIsHeld: a list that lacks a file, or has one too many, is seen.
func TestContributingIsHeld(t *testing.T) {
	section := "\n\nExample: `one`, `two`, `three`, `four`, `five`.\n\nNot needed: `c.go`.\n\n"
	files := map[string]string{"a.go": "one two", "b.go": "three four.five", "c.go": "one", "d.go": "phone"}
	if faults := astrayOf(files, section, []string{"a.go", "b.go"}); len(faults) > 0 {
		t.Error(faults)
	}
	for _, paths := range [][]string{{"a.go"}, {"a.go", "b.go", "d.go"}} {
		if len(astrayOf(files, section, paths)) == 0 {
			t.Errorf("%v is taken for the list", paths)
		}
	}
}

// TestArchitecture holds that the map has every room, with what is pure, and that the
// files and tests that it names exist.
func TestArchitecture(t *testing.T) {
	t.Parallel()
	page := readRoot(t, "docs/architecture.md")
	for room := range rooms {
		row := regexp.MustCompile("(?m)^\\| [^|]*`" + room + "`[^|]* \\|[^|]*\\| (yes)? ?\\|$").FindStringSubmatch(page)
		switch {
		case row == nil:
			t.Errorf("the map has no room %s", room)
		case (row[1] == "yes") != slices.Contains(pure, room):
			t.Errorf("the map says %q of whether %s is pure", row[1], room)
		}
	}
	for _, name := range inQuotes(page) {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		if _, err := os.Stat(filepath.Join("..", "..", name)); err != nil {
			t.Error(err)
		}
	}
}
