package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestLibrarySeesIdsAlone: the answer to getUpdates that the library reads
// holds nothing of the updates, and comes only after they were taken.
func TestLibrarySeesIdsAlone(t *testing.T) {
	answer := `{"ok":true,"result":[{"update_id":5,"message":{"text":"hunter2"}},{"message":{"text":"hunter2"}},{"update_id":7}]}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) }))
	defer server.Close()
	var taken []Raw
	var failure error
	var polls []string
	c := newClient(http.DefaultTransport, slog.New(slog.DiscardHandler), Observer{}, func(_ context.Context, batch []Raw) error {
		taken = append(taken, batch...)
		return failure
	}, func(_ context.Context, count int, again bool) { polls = append(polls, fmt.Sprint(count, again)) })
	get := func(method string) (string, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/bot1:x/"+method, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := c.Do(req)
		if err != nil {
			return "", err
		}
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		return string(body), err
	}

	body, err := get("getUpdates")
	if want := `{"ok":true,"result":[{"update_id":5},{"update_id":0},{"update_id":7}]}`; err != nil || body != want {
		t.Errorf("the library reads %s, %v; want %s", body, err, want)
	}
	if len(taken) != 2 || taken[0].ID != 5 || taken[1].ID != 7 || string(taken[0].Body) != `{"update_id":5,"message":{"text":"hunter2"}}` {
		t.Errorf("taken: %+v", taken)
	}
	failure = errors.New("the disk is full")
	if _, err := get("getUpdates"); !errors.Is(err, failure) {
		t.Errorf("batch that was not taken: %v", err)
	}
	if body, err := get("getMe"); err != nil || body != answer {
		t.Errorf("other calls are changed: %s, %v", body, err)
	}
	answer = `{"ok":true,"result":[]}`
	failure = nil
	if body, err := get("getUpdates"); err != nil || body != answer {
		t.Errorf("no updates: %s, %v", body, err)
	}
	if want := []string{"3 true", "0 true"}; !slices.Equal(polls, want) {
		t.Errorf("polls %q, want %q", polls, want)
	}
}

// TestAnswerThatCannotBeTrusted is an unknown outcome, and nothing of it is
// quoted.
func TestAnswerThatCannotBeTrusted(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"page":  func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<h1>hunter2</h1>") },
		"fault": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, `{"ok":false}`, http.StatusBadGateway) },
		"too long": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat(" ", callLimit+1))
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://hunter2/", http.StatusFound)
		},
		"cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"ok":true`)
		},
		"late": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(answer)
			defer server.Close()
			c := newClient(http.DefaultTransport, slog.New(slog.DiscardHandler), Observer{}, nil, nil)
			c.calls.Timeout = 100 * time.Millisecond
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/bot1:THE-token/sendMessage", strings.NewReader("x"))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := c.Do(req)
			if err == nil {
				_ = resp.Body.Close()
			}
			if !errors.Is(err, ErrUncertain) || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "THE-token") {
				t.Errorf("error %v", err)
			}
		})
	}
}
