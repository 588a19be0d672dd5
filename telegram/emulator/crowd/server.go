package crowd

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
)

// limits of what is read of a request, and of how many updates a poll brings.
const (
	bodyLimit  = 1 << 20
	batchLimit = 100
)

// ServeHTTP serves the Bot API, with any token.
func (c *Crowd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(c.roundTrip / 2)
	method := path.Base(r.URL.Path)
	params, err := paramsOf(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var result []byte
	if method == "getUpdates" {
		result = c.poll(r, params)
	} else {
		result, err = c.call(method, params)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	time.Sleep(c.roundTrip - c.roundTrip/2)
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"ok":true,"result":%s}`, result) // the bot has gone: nobody to tell
}

// paramsOf returns the parameters of a call, in whichever form the library sends them.
func paramsOf(r *http.Request) (map[string]string, error) {
	params := map[string]string{}
	body := io.LimitReader(r.Body, bodyLimit)
	kind, options, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // without one there is no body
	switch kind {
	case "application/json":
		var fields map[string]json.RawMessage
		if err := json.NewDecoder(body).Decode(&fields); err != nil {
			return nil, err
		}
		for name, value := range fields {
			var text string
			if json.Unmarshal(value, &text) != nil {
				text = string(value) // a number or an object, as it is
			}
			params[name] = text
		}
	case "multipart/form-data":
		for parts := multipart.NewReader(body, options["boundary"]); ; {
			part, err := parts.NextPart()
			if err == io.EOF { //nolint:errorlint // as it is documented
				break
			}
			if err != nil {
				return nil, err
			}
			value, err := io.ReadAll(part)
			if err != nil {
				return nil, err
			}
			params[part.FormName()] = string(value)
		}
	default:
		text, err := io.ReadAll(body)
		if err != nil {
			return nil, err
		}
		values, err := url.ParseQuery(string(text))
		if err != nil {
			return nil, err
		}
		for name := range values {
			params[name] = values.Get(name)
		}
	}
	return params, nil
}

// poll waits for updates.
func (c *Crowd) poll(r *http.Request, params map[string]string) []byte {
	offset, _ := strconv.ParseInt(params["offset"], 10, 64) // 0: from the first on
	seconds, _ := strconv.Atoi(params["timeout"])           // 0: do not wait
	over := time.NewTimer(time.Duration(seconds) * time.Second)
	defer over.Stop()
	c.mu.Lock()
	c.polls++
	c.touch()
	c.mu.Unlock()
	for {
		c.mu.Lock()
		for len(c.updates) > 0 && c.updates[0].id < offset {
			c.updates = c.updates[1:]
		}
		batch := c.updates[:min(len(c.updates), batchLimit)]
		if len(batch) > 0 {
			texts := make([]string, len(batch))
			for i, u := range batch {
				texts[i] = u.text
			}
			c.mu.Unlock()
			return []byte("[" + strings.Join(texts, ",") + "]")
		}
		arrived := c.arrived
		c.mu.Unlock()
		select {
		case <-arrived:
		case <-over.C:
			return []byte("[]")
		case <-c.closed:
			return []byte("[]")
		case <-r.Context().Done():
			return []byte("[]")
		}
	}
}

// call answers all other methods.
func (c *Crowd) call(method string, params map[string]string) ([]byte, error) {
	switch method {
	case "getMe":
		return []byte(`{"id":4242,"is_bot":true,"first_name":"Bot","username":"bench_bot","can_join_groups":true}`), nil
	case "sendMessage", "editMessageText":
		person, err := strconv.ParseInt(params["chat_id"], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: chat_id: %w", method, err)
		}
		id, _ := strconv.Atoi(params["message_id"]) // 0: a new one
		m := Message{ID: id, Text: params["text"]}
		if m.Buttons, err = buttonsOf(params["reply_markup"]); err != nil {
			return nil, fmt.Errorf("%s: reply_markup: %w", method, err)
		}
		m.ID = c.show(person, m)
		return json.Marshal(map[string]any{
			"message_id": m.ID, "date": time.Now().Unix(), "text": m.Text,
			"chat": map[string]any{"id": person, "type": "private", "first_name": "Person"},
		})
	case "setWebhook":
		return []byte("true"), c.hook(params)
	case "getWebhookInfo":
		return c.hookInfo()
	default:
		return []byte("true"), nil
	}
}

func buttonsOf(markup string) ([]Button, error) {
	if markup == "" {
		return nil, nil
	}
	var keyboard struct {
		Rows [][]Button `json:"inline_keyboard"`
	}
	if err := json.Unmarshal([]byte(markup), &keyboard); err != nil {
		return nil, err
	}
	var all []Button
	for _, row := range keyboard.Rows {
		all = append(all, row...)
	}
	return all, nil
}
