package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestRoomsKeepKeysOfTheirOwn: no two rooms keep records under keys that begin alike,
// and the architecture's table says who keeps which.
func TestRoomsKeepKeysOfTheirOwn(t *testing.T) {
	t.Parallel()
	kept, faults := keysOf(program(t), []string{"engine", "engine/journal", "account", "book", "storage"})
	for _, fault := range faults {
		t.Error(fault)
	}
	if len(kept) < 20 {
		t.Fatalf("only %d kinds of keys were found", len(kept))
	}
	said := map[string]string{}
	_, table, _ := strings.Cut(readRoot(t, "docs/architecture.md"), "## Who keeps which keys")
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]+`) \\|[^|]*\\| `([^|`]+)` \\|$").FindAllStringSubmatch(table, -1) {
		for _, begin := range inQuotes(row[1]) {
			if room, twice := said[begin]; twice {
				t.Errorf("the table gives %s to %s and to %s", begin, room, row[2])
			}
			said[begin] = row[2]
		}
	}
	for begin, room := range kept {
		if said[begin] != room {
			t.Errorf("%s keeps %s, and the table says %q", room, begin, said[begin])
		}
	}
	for begin, room := range said {
		if kept[begin] == "" {
			t.Errorf("the table says that %s keeps %s, and no key begins so", room, begin)
		}
	}
}

// TestKeysThatBeginAlikeAreSeen: the test above can fail.
func TestKeysThatBeginAlikeAreSeen(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"engine/keys.go": "package engine\n\nconst duePrefix = \"due/\"\n\nfunc cardKey(k string) string { return \"card/\" + k }\n",
		"book/book.go":   "package book\n\nfunc lineKey(n string) string { return \"due/\" + n }\n\nconst dueSoonPrefix = \"due/soon/\"\n",
	}
	kept, faults := keysOf(files, []string{"engine", "book"})
	if len(kept) != 2 || len(faults) == 0 {
		t.Errorf("found %v and the faults %v", kept, faults)
	}
}

// keysOf finds how the keys of the store begin, and which room keeps them: by the
// constants and the functions that are called a key or a prefix.
func keysOf(files map[string]string, rooms []string) (kept map[string]string, faults []string) {
	kept = map[string]string{}
	for path, text := range files {
		room := filepath.Dir(path)
		if filepath.Ext(path) != ".go" || !slices.Contains(rooms, room) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
		if err != nil {
			return kept, append(faults, err.Error())
		}
		for _, begin := range begins(file) {
			if other := kept[begin]; other != "" && other != room {
				faults = append(faults, fmt.Sprintf("%s and %s both keep %s", other, room, begin))
			}
			kept[begin] = room
		}
	}
	return kept, faults
}

// begins are how the keys begin that a file declares: up to the first slash.
func begins(file *ast.File) (all []string) {
	add := func(name string, value ast.Expr) {
		for {
			sum, ok := value.(*ast.BinaryExpr)
			if !ok {
				break
			}
			value = sum.X
		}
		text, ok := value.(*ast.BasicLit)
		if !ok || text.Kind != token.STRING || !regexp.MustCompile(`(Prefix|Key)$|^Prefix$`).MatchString(name) {
			return
		}
		key, _ := strconv.Unquote(text.Value)
		if begin, _, path := strings.Cut(key, "/"); path {
			key = begin + "/"
		}
		all = append(all, key)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			if n.Tok != token.CONST {
				return false
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if i < len(n.Values) {
					add(name.Name, n.Values[i])
				}
			}
		case *ast.FuncDecl:
			ast.Inspect(n, func(in ast.Node) bool {
				if back, ok := in.(*ast.ReturnStmt); ok && len(back.Results) == 1 {
					add(n.Name.Name, back.Results[0])
				}
				return true
			})
			return false
		}
		return true
	})
	return all
}
