package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
)

// object is a JSON object of an answer.
type object map[string]any

// value is a scalar of an answer: every one is a text under "$" [R].
func value(text string) object { return object{"$": text} }

// failure is an error document: what doc.error holds [F].
type failure struct {
	kind   string // $type
	object string // $object; may be empty
	text   string // msg
	params any    // param: an object or an array, nil: none
}

// build is what the captures say of the panel's [R].
const build = "1f2cd920ee315e7849caa8cee522ff6d0"

// document wraps what a function answered into the vendor's envelope.
func (s *Sandbox) document(function string, r *request, body object, failed *failure) object {
	doc := object{
		"$binary": "/billmgr", "$features": cmp.Or(s.behaviour.Build, build), "$host": "https://sandbox.invalid",
		"$func": function, "$lang": r.say("en", "ru"),
	}
	if failed != nil {
		problem := object{"$type": failed.kind, "$lang": doc["$lang"], "msg": value(failed.text)}
		if failed.object != "" {
			problem["$object"] = failed.object
		}
		if failed.params != nil {
			problem["param"] = failed.params
		}
		doc["error"] = problem
	} else {
		maps.Copy(doc, body)
	}
	return object{"doc": doc}
}

// encode writes a document without escaping the HTML that it may hold.
func encode(document any) []byte {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(document); err != nil {
		// Documents are maps, arrays and texts: they always encode.
		return []byte(`{"doc":{"error":{"$type":"internal","msg":{"$":"cannot encode"}}}}`)
	}
	return bytes.TrimSpace(buffer.Bytes())
}

// echo is doc.tparams: the request again, without its secrets [R].
func echo(r *request) object {
	params := object{}
	for _, field := range r.fields {
		if !secretFields[field.Name] {
			params[field.Name] = value(field.Value)
		}
	}
	return params
}

func accepted() object { return object{"ok": value("")} }

// badValue refuses a field. The form of this error is not known for the vendor
// [i]. The value itself is not repeated: it may be a secret.
func badValue(r *request, field string) *failure {
	return &failure{
		kind: "value", object: field,
		text: r.say("The field '"+field+"' has an invalid value", "Поле '"+field+"' имеет недопустимое значение"),
	}
}

// missed says that something does not exist [g].
func missed(r *request, what string) *failure {
	return &failure{kind: "missed", object: what, text: r.say("The item does not exist", "Элемент не существует")}
}
