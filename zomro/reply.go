package zomro

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"zomrobot/zomro/profile"
)

// Reply is what an answer of the vendor was like, and nothing of what it said: it holds
// only names and words that the documents know, the forms of values, and counts. It can be
// shown to others. What an answer is like that holds an error is its type alone.
type Reply struct {
	Func    string         `json:"func"`
	Button  string         `json:"button,omitempty"` // clicked_button of the call
	Writes  bool           `json:"writes,omitempty"`
	Kind    Kind           `json:"kind"`             // [KindAnswered], or that of the error
	Status  int            `json:"status,omitempty"` // of HTTP; 0: none came
	Type    string         `json:"type,omitempty"`   // of the error; [Unfamiliar] for one that the documents do not know
	Object  string         `json:"object,omitempty"` // of the error, likewise
	Says    profile.Answer `json:"says,omitempty"`   // of a confirm: what its answer seems to say
	Took    time.Duration  `json:"took"`
	Build   string         `json:"build,omitempty"` // see [Client.Build]
	Fields  []ReplyField   `json:"fields,omitempty"`
	Unknown []SurveyFields `json:"unknown,omitempty"` // fields that the documents do not know, without their names
}

// ReplyField is a documented field of an answer.
type ReplyField struct {
	Path  string `json:"path"`
	Form  string `json:"form"` // "a number"
	Count int    `json:"count"`
}

// Unfamiliar stands for a word of the vendor's that the documents do not know: it may be the
// account's own.
const Unfamiliar = redacted

// repliesTo is the key of a context with who is told of replies.
type repliesTo struct{}

// WithReplies returns a context with which each call tells what its answer was like, right
// after it: a reading call at each attempt. tell is called by whoever makes the call.
func WithReplies(ctx context.Context, tell func(Reply)) context.Context {
	if outer, nested := ctx.Value(repliesTo{}).(func(Reply)); nested {
		inner := tell
		tell = func(r Reply) { outer(r); inner(r) }
	}
	return context.WithValue(ctx, repliesTo{}, tell)
}

// reply tells who wants to know what an answer was like.
func (c *Client) reply(ctx context.Context, r request, o outcome, writes bool) {
	build := buildOf(o.doc)
	c.builds.met(r.op, build)
	tell, wanted := ctx.Value(repliesTo{}).(func(Reply))
	if !wanted {
		return
	}
	reply := Reply{Func: r.op, Writes: writes, Kind: KindAnswered, Status: 200, Took: o.took, Build: build}
	for _, f := range r.fields {
		if f.name == "clicked_button" {
			reply.Button = f.value
		}
	}
	if o.err != nil {
		reply.Kind, reply.Status = o.err.Kind, o.err.Status
		reply.Type, reply.Object = documentedWord(o.err.Code), documentedWord(o.err.Object)
	} else {
		reply.Fields, reply.Unknown = shapeOf(r.op, o.doc)
		if r.op == opConfirm {
			reply.Says = confirmSays(o.doc)
		}
	}
	tell(reply)
}

// opConfirm is the function that pays.
const opConfirm = "cartorder.create.confirm"

var anAddress = regexp.MustCompile(`//|^/|^[a-z]+://`)

// confirmSays tells what the answer of a confirm that holds no error seems to say. It is
// believed by nobody: see [Client.Confirm].
func confirmSays(doc node) profile.Answer {
	next, _ := doc.at("ok").scalar()
	switch {
	case anAddress.MatchString(next):
		return profile.Address
	case doc.at("metadata").exists(), next != "" && next != "func=order":
		return profile.Other
	case slices.ContainsFunc(boughtIDs, func(name string) bool { return isNumber(doc.at(name).text()) }):
		return profile.Service
	case isBareOr(doc, "ok"):
		return profile.Word
	default:
		return profile.Other
	}
}

// boughtIDs are the names under which the platform's documents show what was ordered or
// paid [g].
var boughtIDs = []string{"id", "item.id", "billorder", "billorder.id", "payment_id", "service_id"}

// isBareOr is isBare, but for one name that may be there.
func isBareOr(n node, name string) bool {
	object, ok := n.value.(map[string]any)
	if !ok {
		return false
	}
	rest := maps.Clone(object)
	delete(rest, name)
	return isBare(node{rest})
}

// shapeOf returns which documented fields an answer has, in which form, and how many others.
func shapeOf(op string, doc node) ([]ReplyField, []SurveyFields) {
	s := &surveyor{strangers: map[strangerField]int{}, friends: map[friendField]int{}}
	s.unknown(op, "", doc)
	var fields []ReplyField
	for f, count := range s.friends {
		fields = append(fields, ReplyField{Path: f.path, Form: f.form, Count: count})
	}
	slices.SortFunc(fields, func(a, b ReplyField) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Form, b.Form))
	})
	return fields, s.nameless()
}

// buildOf is a fingerprint of the panel's build that an answer names [R]; "": it names none.
func buildOf(doc node) string {
	features := doc.at("$features").text()
	if features == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(doc.at("$binary").text() + "\n" + features))
	const shown = 6
	return hex.EncodeToString(sum[:shown])
}

// builds are the panel's builds that were met last.
type builds struct {
	mu   sync.Mutex
	last map[string]string // by function
}

func (b *builds) met(function, build string) {
	if build == "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.last == nil {
		b.last = map[string]string{}
	}
	b.last[function] = build
}

// Build is the fingerprint of the panel's build that the last answer of a function has
// named; "": none has. Clients that [Client.AtOnce] has made share it.
func (c *Client) Build(function string) string {
	c.builds.mu.Lock()
	defer c.builds.mu.Unlock()
	return c.builds.last[function]
}
