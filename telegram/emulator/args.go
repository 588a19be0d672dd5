package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// maxBody is what a request may weigh: a document and its fields.
const maxBody = 50 << 20

// args are the parameters of one request, however they came.
type args struct {
	values map[string]string
	files  map[string]Document
}

// Document is a file that the bot sent.
type Document struct {
	Name    string `json:"name"`
	Content []byte `json:"-"`
}

// readArgs reads the query and the body: multipart, JSON or urlencoded.
func readArgs(r *http.Request) (args, error) {
	a := args{values: map[string]string{}, files: map[string]Document{}}
	for name, v := range r.URL.Query() {
		a.values[name] = v[0]
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && r.Header.Get("Content-Type") != "" {
		return a, fmt.Errorf("reading the content type: %w", err)
	}
	switch kind {
	case "multipart/form-data":
		return a, a.readMultipart(r)
	case "application/json":
		return a, a.readJSON(r.Body)
	case "application/x-www-form-urlencoded":
		if err := r.ParseForm(); err != nil {
			return a, fmt.Errorf("reading the form: %w", err)
		}
		for name, v := range r.PostForm {
			a.values[name] = v[0]
		}
	}
	return a, nil
}

func (a args) readMultipart(r *http.Request) error {
	reader, err := r.MultipartReader()
	if err != nil {
		return fmt.Errorf("reading the multipart body: %w", err)
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the multipart body: %w", err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return fmt.Errorf("reading the part %q: %w", part.FormName(), err)
		}
		if part.FileName() != "" {
			a.files[part.FormName()] = Document{Name: part.FileName(), Content: content}
			continue
		}
		a.values[part.FormName()] = string(content)
	}
}

// readJSON reads an object: a string is taken as it is, anything else keeps its JSON.
func (a args) readJSON(body io.Reader) error {
	var object map[string]json.RawMessage
	if err := json.NewDecoder(body).Decode(&object); err != nil {
		return fmt.Errorf("reading the JSON body: %w", err)
	}
	for name, raw := range object {
		var text string
		if json.Unmarshal(raw, &text) == nil && string(raw) != "null" {
			a.values[name] = text
			continue
		}
		a.values[name] = string(raw)
	}
	return nil
}

func (a args) get(name string) string { return a.values[name] }

// number reads the leading digits, as the real server does: no digits are 0.
func (a args) number(name string) int64 {
	v := a.get(name)
	end := 0
	for end < len(v) && (v[end] >= '0' && v[end] <= '9' || end == 0 && v[end] == '-') {
		end++
	}
	n, _ := strconv.ParseInt(v[:end], 10, 64) // what does not fit is 0, too
	return n
}

// id reads a message id.
func (a args) id(name string) int { return int(a.number(name)) }

// clamped reads a number and keeps it within bounds; missing is fallback.
func (a args) clamped(name string, fallback, low, high int64) int64 {
	if a.get(name) == "" {
		return fallback
	}
	return min(max(a.number(name), low), high)
}

// yes reads a flag.
func (a args) yes(name string) bool {
	switch strings.ToLower(a.get(name)) {
	case "true", "yes", "1":
		return true
	default:
		return false
	}
}

// json reads a nested value; a missing one leaves into as it is.
func (a args) json(name string, into any) error {
	v := a.get(name)
	if v == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(v), into); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}

// record copies the parameters for [Server.Calls].
func (a args) record() (map[string]string, map[string]Document) {
	return maps.Clone(a.values), maps.Clone(a.files)
}
