package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"path"
	"strconv"
	"sync/atomic"
	"time"
)

// How long calls may take. Telegram holds a poll for at most 50 seconds.
const (
	pollFor     = 30 * time.Second // asked of Telegram
	pollTimeout = 45 * time.Second
	callTimeout = 15 * time.Second
	fileTimeout = 3 * time.Minute // of a call with a document
)

// Limits on what is read of an answer. A batch has at most 100 updates.
const (
	pollLimit = 64 << 20
	callLimit = 4 << 20
)

// client carries the library's calls. It stands between the library and the
// network for three reasons: polls and other calls need different timeouts, no
// error may hold the token (which is part of the URL) or what people wrote, and
// updates must be kept before the library acknowledges them. What people wait for goes
// by [caller].
type client struct {
	polls, calls, files http.Client
	// take is given each batch of updates; its error leaves the batch with
	// Telegram.
	take func(ctx context.Context, batch []Raw) error
	// polled is told of each batch that was taken: how many updates it had, and
	// whether the poll repeats the one before it.
	polled func(ctx context.Context, count int, again bool)
	log    *slog.Logger
	wire   wire

	again bool // the last poll was not taken, or it is the first
}

// newClient returns a client whose calls go through transport.
func newClient(transport http.RoundTripper, log *slog.Logger, observe Observer, take func(context.Context, []Raw) error, polled func(context.Context, int, bool)) *client {
	noRedirect := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client{
		polls: http.Client{Transport: transport, Timeout: pollTimeout, CheckRedirect: noRedirect},
		calls: http.Client{Transport: transport, Timeout: callTimeout, CheckRedirect: noRedirect},
		files: http.Client{Transport: transport, Timeout: fileTimeout, CheckRedirect: noRedirect},
		take:  take, polled: polled,
		log: log, wire: wire{log, observe},
		again: true,
	}
}

// Do makes a call of the library. An error is ErrUnsent or ErrUncertain; the
// answer, when there is one, is Telegram's JSON with a status below 500.
func (c *client) Do(req *http.Request) (*http.Response, error) {
	switch path.Base(req.URL.Path) {
	case "getUpdates":
	case "sendDocument", "sendPhoto", "editMessageMedia":
		return c.respond(&c.files, req)
	default:
		return c.respond(&c.calls, req)
	}
	again := c.again
	c.again = true
	status, body, err := c.wire.fetch(&c.polls, req, pollLimit)
	if err != nil {
		return nil, err
	}
	stripped, err := c.receive(req.Context(), body, again)
	if err != nil {
		return nil, err
	}
	return response(req, status, stripped), nil
}

// respond makes a request for the library.
func (c *client) respond(h *http.Client, req *http.Request) (*http.Response, error) {
	status, body, err := c.wire.fetch(h, req, callLimit)
	if err != nil {
		return nil, err
	}
	if !json.Valid(body) {
		return nil, fmt.Errorf("%w: HTTP status %d", ErrUncertain, status)
	}
	return response(req, status, body), nil
}

// response is an answer as the library takes it.
func response(req *http.Request, status int, body []byte) *http.Response {
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// fetch makes a request and reads the whole answer, with a status below 500.
func fetch(h *http.Client, req *http.Request, limit int64) (status int, body []byte, err error) {
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), trace))
	resp, err := h.Do(req) // #nosec G704 -- the address is the operator's
	if err != nil {
		err = nameless(err)
		if !connected.Load() {
			return 0, nil, fmt.Errorf("%w: %w", ErrUnsent, err)
		}
		return 0, nil, fmt.Errorf("%w: %w", ErrUncertain, err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read, or was given up
	body, err = io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return 0, nil, fmt.Errorf("%w: read answer: %w", ErrUncertain, err)
	case int64(len(body)) > limit:
		return 0, nil, fmt.Errorf("%w: answer of more than %d bytes", ErrUncertain, limit)
	case resp.StatusCode >= http.StatusInternalServerError:
		return 0, nil, fmt.Errorf("%w: HTTP status %d", ErrUncertain, resp.StatusCode)
	}
	return resp.StatusCode, body, nil
}

// nameless returns an error of an HTTP client without the address, which holds the token.
func nameless(err error) error {
	var named *url.Error
	if errors.As(err, &named) {
		return named.Err
	}
	return err
}

// receive takes the updates out of an answer to getUpdates and returns the answer
// with nothing but their ids. again: the poll repeats the one before it.
func (c *client) receive(ctx context.Context, body []byte, again bool) ([]byte, error) {
	var answer struct {
		OK     bool              `json:"ok"`
		Result []json.RawMessage `json:"result"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("answer to getUpdates: %w", withoutContent(err))
	}
	if !answer.OK {
		return body, nil
	}
	batch := make([]Raw, 0, len(answer.Result))
	stripped := []byte(`{"ok":true,"result":[`)
	for i, raw := range answer.Result {
		id, err := updateID(raw)
		if err != nil {
			// The library sees 0 and slows down when the update stays.
			c.log.ErrorContext(ctx, "an update without an id is left out", "error", err)
		} else {
			batch = append(batch, Raw{ID: id, Body: raw})
		}
		if i > 0 {
			stripped = append(stripped, ',')
		}
		stripped = append(stripped, `{"update_id":`...)
		stripped = strconv.AppendInt(stripped, id, 10)
		stripped = append(stripped, '}')
	}
	if err := c.take(ctx, batch); err != nil {
		return nil, err
	}
	c.polled(ctx, len(answer.Result), again)
	c.again = false
	return append(stripped, `]}`...), nil
}
