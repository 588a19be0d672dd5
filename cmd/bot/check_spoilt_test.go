package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// spoilers put a word into a document of the vendor's in every way in which it
// could come from the account's data.
var spoilers = map[string]func(doc map[string]any, word string) any{
	"fields beside the others": func(doc map[string]any, word string) any {
		return eachObject(doc, func(o map[string]any) {
			o[word], o["$"+word], o[word+"."+word], o[word+"["+word+"]"] = map[string]any{"$": word}, word, word, []any{word}
			o[word+"list"] = []any{map[string]any{"$name": word, "elem": []any{map[string]any{word: word}}}}
		})
	},
	"fields instead of the others": func(doc map[string]any, word string) any {
		return eachObject(doc, func(o map[string]any) {
			for name, value := range maps.Clone(o) {
				delete(o, name)
				o[name+word] = value
			}
		})
	},
	"lists beside the others": func(doc map[string]any, word string) any {
		for _, list := range []string{"list", "slist", "flist"} {
			lists, _ := doc[list].([]any)
			doc[list] = append(lists, map[string]any{"$name": word, "elem": map[string]any{word: word}, "val": map[string]any{"$key": word, "$": word}})
		}
		return doc
	},
	"names": func(doc map[string]any, word string) any {
		return eachObject(doc, func(o map[string]any) {
			if _, named := o["$name"]; named {
				o["$name"] = word
			}
		})
	},
	"attributes": func(doc map[string]any, word string) any {
		return eachObject(doc, func(o map[string]any) {
			for name := range o {
				if strings.HasPrefix(name, "$") && name != "$" && name != "$name" {
					o[name] = word
				}
			}
		})
	},
	"values": func(doc map[string]any, word string) any {
		return eachObject(doc, func(o map[string]any) {
			if _, scalar := o["$"]; scalar {
				o["$"] = word
			}
		})
	},
	"values and attributes": func(doc map[string]any, word string) any {
		return eachObject(doc, func(o map[string]any) {
			for name, value := range o {
				if _, text := value.(string); text && name != "$name" {
					o[name] = word
				}
			}
		})
	},
	"an error": func(_ map[string]any, word string) any {
		return map[string]any{"error": map[string]any{
			"$type": word, "$object": word, "$" + word: word, "msg": map[string]any{"$": "no " + word},
			"param": []any{map[string]any{"$name": word, "$": word}}, word: word,
		}}
	},
	"an error that is known": func(_ map[string]any, word string) any {
		return map[string]any{"error": map[string]any{
			"$type": "access", "$object": word, "msg": map[string]any{"$": word}, "param": map[string]any{"$": word},
		}}
	},
}

// eachObject changes every object of a document, the innermost first.
func eachObject(v any, change func(map[string]any)) any {
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			eachObject(inner, change)
		}
		change(v)
	case []any:
		for _, inner := range v {
			eachObject(inner, change)
		}
	}
	return v
}

// spoilt is a vendor whose answers are changed on their way.
type spoilt struct {
	vendor http.Handler
	spoil  func(map[string]any, string) any
	word   string
	first  bool // the first answer, too, without which nothing else is read
	calls  int
}

func (s *spoilt) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	s.vendor.ServeHTTP(answer, r)
	body := answer.Body.Bytes()
	var document map[string]any
	if s.calls++; (s.calls > 1 || s.first) && json.Unmarshal(body, &document) == nil {
		if doc, ok := document["doc"].(map[string]any); ok {
			changed, err := json.Marshal(map[string]any{"doc": s.spoil(doc, s.word), s.word: s.word})
			if err == nil {
				body = changed
			}
		}
	}
	w.Header().Set("X-"+strings.Trim(s.word, "$. "), s.word)
	_, _ = w.Write(body)
}

// TestCheckAccountOfASpoiltVendor: whatever the vendor calls its fields, lists
// and errors, and whatever is in them, none of it is in the report. Each spoiler has two of the
// four words; with all of the tables, all.
func TestCheckAccountOfASpoiltVendor(t *testing.T) {
	t.Parallel()
	p := newProcess(t)
	p.vendor.AddService(vendorLogin, "anna-private-server")
	p.vendor.AddKey(vendorLogin, "anna-laptop", demoKey)
	p.vendor.PutForeignItem(vendorLogin)
	p.start()
	p.polled()
	p.connect(anna)
	p.stop()
	clean, _ := run(t, p.env, "check", "-account", vendorLogin)
	names := slices.Sorted(maps.Keys(spoilers))
	for i, word := range []string{
		"kestrel",        // like a name of the vendor's
		"5_kestrl",       // like a state
		"Kestrel 7, <b>", // like a name that a person gave
		"77177",          // like an id, or a count
	} {
		if strings.Contains(clean, word) {
			t.Fatalf("%q is in a report without it", word)
		}
		for j, name := range names {
			if (i+j)%2 > 0 && !whole() {
				continue
			}
			for _, first := range []bool{false, true} {
				if first && !strings.Contains(name, "an error") {
					continue
				}
				vendor := &spoilt{vendor: p.vendor, spoil: spoilers[name], word: word, first: first}
				server := httptest.NewServer(vendor)
				out, _ := run(t, append(p.env[:len(p.env):len(p.env)], "ZOMRO_API_URL="+server.URL), "check", "-account", vendorLogin)
				server.Close()
				if !first && (!strings.Contains(out, "\nCalls\n") || out == clean) {
					t.Errorf("%q as %s: no report, or it shows nothing of it\n%s", word, name, out)
				}
				for line := range strings.Lines(out) {
					if strings.Contains(strings.ToLower(line), strings.ToLower(word)) {
						t.Errorf("%q as %s (first: %t) is in the report: %s", word, name, first, line)
					}
				}
			}
		}
	}
}
