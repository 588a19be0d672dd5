package engine

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// declaredEffects are the names of the types that the dialogue declares as effects.
func declaredEffects(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir("../conversation", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if ok && f.Recv != nil && strings.EqualFold(f.Name.Name, "effect") && len(f.Type.Params.List) == 0 && f.Type.Results == nil {
				names = append(names, f.Recv.List[0].Type.(*ast.Ident).Name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

func TestEveryEffectHasAHandler(t *testing.T) {
	var handled []string
	for of := range effectHandlers {
		handled = append(handled, of.Name())
	}
	slices.Sort(handled)
	if declared := declaredEffects(t); !slices.Equal(declared, handled) {
		t.Errorf("declared:\n%v\nhandled:\n%v", declared, handled)
	}
}

// TestEffectsInTheOutbox: what stands in the outbox of an earlier version can be read.
func TestEffectsInTheOutbox(t *testing.T) {
	names := []string{
		"addKey", "changeKey", "check", "checkLogin", "delete", "findNames", "forget", "loadAccounts", "loadAudit", "loadBalance", "loadBoot", "loadCatalogue", "loadCopies", "loadCosts", "loadExample",
		"loadForm", "loadImages", "loadKeys", "loadMatters", "loadNamesake", "loadOrders", "loadPaying", "loadPeriods", "loadRebuild", "loadServers", "loadSizes", "loadStore", "loadVendor",
		"makePassword", "makeServerPassword", "notify", "openConsole", "readFile", "readMeasures", "recallOrder", "sendAudit", "sendCosts", "sendReport", "show", "showPurchase", "showPurchases", "takeBack",
	}
	known := map[string]bool{}
	for of, h := range effectHandlers {
		if h.decode == nil {
			continue
		}
		known[effectName(of)] = true
		var p, again post
		text := `{"effect":{"` + effectName(of) + `":{}}}`
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got := reflect.TypeOf(p.Effect.Effect); got != of {
			t.Errorf("%s is read as %v", text, got)
		}
		written, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(written, &again); err != nil || !reflect.DeepEqual(p, again) {
			t.Errorf("%s is read again as %+v: %v", written, again, err)
		}
	}
	if got := slices.Sorted(maps.Keys(known)); !slices.Equal(got, names) {
		t.Errorf("the outbox holds %v, want %v", got, names)
	}
	if err := json.Unmarshal([]byte(`{"effect":{"sing":{}}}`), &post{}); err == nil {
		t.Error("an effect that nobody knows is read")
	}
}
