package zomro

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
)

// node is a value somewhere in an answer. Reading from it never fails: what is
// absent is a node without a value.
//
// The vendor's JSON is XML in disguise [R]: a scalar is {"$":"text"}, an
// attribute is a plain string under "$name", every value is text, and a list of
// one may be written as the record itself.
type node struct{ value any }

var (
	errNotDocument = errors.New("the answer is not a JSON document")
	errTooMany     = fmt.Errorf("the answer has more than %d values", maxValues)
)

// parseDocument returns the "doc" of an answer.
func parseDocument(body []byte) (node, error) {
	if countValues(body) > maxValues {
		return node{}, errTooMany
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var envelope map[string]any
	if err := decoder.Decode(&envelope); err != nil {
		// The cause is not kept: it can quote the answer.
		return node{}, errNotDocument
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return node{}, errNotDocument
	}
	doc, ok := envelope["doc"].(map[string]any)
	if !ok {
		return node{}, errNotDocument
	}
	return node{doc}, nil
}

// countValues returns how many values a JSON document has, or more: what opens
// one, and what stands between two. It is what decoding would have to make room
// for, counted beforehand.
func countValues(body []byte) int {
	count, quoted, escaped := 1, false, false
	for _, b := range body {
		switch {
		case escaped:
			escaped = false
		case quoted && b == '\\':
			escaped = true
		case b == '"':
			quoted = !quoted
		case !quoted && (b == '{' || b == '[' || b == ','):
			count++
		}
	}
	return count
}

// exists reports whether the node has a value.
func (n node) exists() bool { return n.value != nil }

// at follows members of objects. A list of exactly one is looked into; in a
// longer one nothing is chosen.
func (n node) at(names ...string) node {
	for _, name := range names {
		if list, ok := n.value.([]any); ok && len(list) == 1 {
			n = node{list[0]}
		}
		object, ok := n.value.(map[string]any)
		if !ok {
			return node{}
		}
		n = node{object[name]}
	}
	return n
}

// rows returns the records of a list, which may be one record without a list.
func (n node) rows() []node {
	switch value := n.value.(type) {
	case nil:
		return nil
	case []any:
		rows := make([]node, len(value))
		for i := range value {
			rows[i] = node{value[i]}
		}
		return rows
	default:
		return []node{n}
	}
}

// text returns the node's text, cleaned; of a list, that of the first node, because
// a column is now and then written twice (createdate [F]). "" when there is none.
func (n node) text() string {
	if list, ok := n.value.([]any); ok && len(list) > 0 {
		return node{list[0]}.text()
	}
	text, _ := n.scalar()
	return text
}

// scalar is like text, for what must not be guessed: it reports false when there is
// no text, or more than one.
func (n node) scalar() (string, bool) {
	switch value := n.value.(type) {
	case string:
		return clean(value), true
	case json.Number:
		return value.String(), true
	case []any:
		if len(value) == 1 {
			return node{value[0]}.scalar()
		}
	case map[string]any:
		if inner, ok := value["$"]; ok {
			return node{inner}.scalar()
		}
	}
	return "", false
}

// number returns the node as a whole number that is not negative.
func (n node) number() (int, bool) {
	text, ok := n.scalar()
	if !ok || !isNumber(text) || len(text) > 9 {
		return 0, false
	}
	number := 0
	for _, digit := range text {
		number = number*10 + int(digit-'0')
	}
	return number, true
}

// named returns the records of a list of records ("list", "slist") that have
// one of the names, the earlier name first.
func (n node) named(names ...string) (node, bool) {
	for _, name := range names {
		for _, row := range n.rows() {
			if row.at("$name").text() == name {
				return row, true
			}
		}
	}
	return node{}, false
}

// options returns the values of the select list of a name and whether there is
// such a list.
func (n node) options(name string) ([]option, bool) {
	list, ok := n.at("slist").named(name)
	if !ok {
		return nil, false
	}
	var options []option
	for _, val := range list.at("val").rows() {
		one := option{
			key:    val.at("$key").text(),
			label:  val.text(),
			depend: val.at("$depend").text(),
		}
		if cost, err := val.at("$cost").money(); err == nil {
			one.cost = &cost
		}
		options = append(options, one)
	}
	return options, true
}

// option is one value of a select list.
type option struct {
	key, label, depend string
	cost               *Money // nil: not told, or not readable
}

// clean makes one plain text of what was meant for a web page: character
// references resolved, non-breaking spaces made plain, ends trimmed (labels
// carry stray spaces [R]).
func clean(text string) string {
	text = html.UnescapeString(text)
	return strings.TrimSpace(strings.ReplaceAll(text, "\u00a0", " "))
}

// tag is a tag of HTML, breaking one that stands between words.
var (
	tag      = regexp.MustCompile(`</?[A-Za-z][^<>]*>`)
	breaking = regexp.MustCompile(`(?i)</?(?:br|p|div|li|ul|ol|tr|td|h[1-6])\b[^<>]*>`)
)

// untagged takes the tags out of words that were meant for a web page.
func untagged(text string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	text = tag.ReplaceAllString(breaking.ReplaceAllString(text, " "), "")
	return strings.Join(strings.Fields(text), " ")
}

// isNumber reports whether text is one or more ASCII digits: the form of every
// id that is sent.
func isNumber(text string) bool {
	if text == "" {
		return false
	}
	for _, r := range text {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// literal is the node's only text as it stands, for an address: there a part that looks
// like a character reference is none, but for the ampersand.
func (n node) literal() (string, bool) {
	switch value := n.value.(type) {
	case string:
		return strings.ReplaceAll(value, "&amp;", "&"), true
	case []any:
		if len(value) == 1 {
			return node{value[0]}.literal()
		}
	case map[string]any:
		if inner, ok := value["$"]; ok {
			return node{inner}.literal()
		}
	}
	return "", false
}
