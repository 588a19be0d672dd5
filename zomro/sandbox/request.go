package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxRequest is more than any call of the API needs.
const maxRequest = 1 << 20

// Field is one field of a call, as it was sent.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// secretFields hold what must not be shown.
var secretFields = map[string]bool{
	"auth": true, "authinfo": true, "password": true, "qrcode": true, "key": true,
}

// request is one call of a vendor function.
type request struct {
	fields  []Field
	now     time.Time
	user    *user    // nil: no session is needed
	account *account // the user's
	session *session
}

// get returns the value of a field; "" when it was not sent.
func (r *request) get(name string) string {
	value, _ := r.lookup(name)
	return value
}

func (r *request) lookup(name string) (string, bool) {
	for _, field := range r.fields {
		if field.Name == name {
			return field.Value, true
		}
	}
	return "", false
}

// submitted reports whether the call asks for the work to be done, not for the
// form [A].
func (r *request) submitted() bool { return r.get("sok") == "ok" }

// russian reports the language of the answer; English is the default.
func (r *request) russian() bool { return r.get("lang") == "ru" }

// say picks the text of the request's language.
func (r *request) say(en, ru string) string {
	if r.russian() {
		return ru
	}
	return en
}

// twice returns the name of a field that was sent more than once.
func (r *request) twice() (string, bool) {
	seen := map[string]bool{}
	for _, field := range r.fields {
		if seen[field.Name] {
			return field.Name, true
		}
		seen[field.Name] = true
	}
	return "", false
}

// readFields reads the body's fields in their order, from multipart/form-data
// [A] or application/x-www-form-urlencoded [F].
func readFields(w http.ResponseWriter, r *http.Request) ([]Field, error) {
	body := http.MaxBytesReader(w, r.Body, maxRequest)
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, fmt.Errorf("read Content-Type: %w", err)
	}
	switch kind {
	case "multipart/form-data":
		return readMultipart(body, params["boundary"])
	case "application/x-www-form-urlencoded":
		return readEncoded(body)
	default:
		return nil, fmt.Errorf("read body: Content-Type %q is not a form", kind)
	}
}

func readMultipart(body io.Reader, boundary string) ([]Field, error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("read multipart body: %w", err)
	}
	if !bytes.Contains(text, []byte("--"+boundary+"--")) {
		return nil, fmt.Errorf("read multipart body: it ends before its last boundary")
	}
	var fields []Field
	reader := multipart.NewReader(bytes.NewReader(text), boundary)
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read multipart body: %w", err)
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, fmt.Errorf("read multipart field %q: %w", part.FormName(), err)
		}
		fields = append(fields, Field{part.FormName(), string(value)})
	}
}

func readEncoded(body io.Reader) ([]Field, error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("read urlencoded body: %w", err)
	}
	var fields []Field
	for pair := range strings.SplitSeq(string(text), "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		if name, err = url.QueryUnescape(name); err != nil {
			return nil, fmt.Errorf("read urlencoded name: %w", err)
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return nil, fmt.Errorf("read urlencoded field %q: %w", name, err)
		}
		fields = append(fields, Field{name, value})
	}
	return fields, nil
}
