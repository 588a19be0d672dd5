package locales

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// literal is a string in the program's sources.
type literal struct {
	text  string
	place token.Position
	key   bool // stands where only a message's id can: Say("…"), Phrase{Key: "…"}
}

// literals are the strings of the module's sources, tests and stand-ins left out.
func literals(t *testing.T) []literal {
	t.Helper()
	root := os.DirFS("..")
	positions := token.NewFileSet()
	var found []literal
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			hidden := path != "." && strings.HasPrefix(entry.Name(), ".")
			if hidden || slices.Contains([]string{"locales", "telegram/emulator", "zomro/sandbox"}, path) || entry.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(positions, path, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		keys := make(map[ast.Expr]bool)
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.CallExpr:
				if len(node.Args) > 0 && nameOf(node.Fun) == "Say" {
					keys[node.Args[0]] = true
				}
			case *ast.CompositeLit:
				if nameOf(node.Type) != "Phrase" {
					return true
				}
				for _, element := range node.Elts {
					if pair, ok := element.(*ast.KeyValueExpr); ok && nameOf(pair.Key) == "Key" {
						keys[pair.Value] = true
					}
				}
			case *ast.BasicLit:
				if node.Kind != token.STRING {
					return true
				}
				text, err := strconv.Unquote(node.Value)
				if err != nil {
					return true
				}
				found = append(found, literal{text, positions.Position(node.Pos()), keys[node]})
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// nameOf is the last part of a name, "" for other expressions.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	default:
		return ""
	}
}

// TestEveryKeyExists: an id that is written out where a phrase is made is the
// id of a message. "" is an empty line.
func TestEveryKeyExists(t *testing.T) {
	all := messages(t, "en")
	for _, l := range literals(t) {
		if _, ok := all[l.text]; !ok && l.key && l.text != "" {
			t.Errorf("%s: there is no message %q", l.place, l.text)
		}
	}
}

// formerly are messages that an earlier version has said and that may still stand in
// what a store has to send.
var formerly = []string{"button.english", "button.russian", "cart.emptying", "order.asked", "order.opened", "pays_on.unasked", "pays_on.unasked_unread", "promo.trying", "purchase.call", "server.sent"}

// TestEveryMessageIsUsed: an id is written out somewhere, or is made of a
// beginning that ends with a dot and of a value.
func TestEveryMessageIsUsed(t *testing.T) {
	exact, beginnings := map[string]bool{}, []string{}
	for _, kept := range formerly {
		exact[kept] = true
	}
	for _, l := range literals(t) {
		exact[l.text] = true
		if strings.HasSuffix(l.text, ".") && len(l.text) > 1 {
			beginnings = append(beginnings, l.text)
		}
	}
	for key := range messages(t, "en") {
		begins := func(beginning string) bool { return strings.HasPrefix(key, beginning) }
		if !exact[key] && !slices.ContainsFunc(beginnings, begins) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

// TestWordsAreOnlyHere: what a person reads comes from the messages. The rooms
// looked at are those that can say something; an English text cannot slip by
// there, because a screen is made of phrases alone. The demo's people, groups and
// topics have names that they were given, as with the stand-ins; and what people type is
// understood in both languages.
func TestWordsAreOnlyHere(t *testing.T) {
	for _, l := range literals(t) {
		path := filepath.ToSlash(l.place.Filename)
		room, _, _ := strings.Cut(path, "/")
		if !slices.Contains([]string{"chat", "conversation", "job", "engine", "telegram", "cmd"}, room) {
			continue // they know the vendor's words, and are not read
		}
		if path == "cmd/bot/demo_world.go" || path == "chat/vocabulary.go" || path == "conversation/order/vocabulary.go" || path == "conversation/order/wording/vocabulary.go" {
			continue
		}
		if strings.ContainsFunc(l.text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
			t.Errorf("%s: %q belongs to the messages", l.place, l.text)
		}
	}
}
