package zomro

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync/atomic"
	"time"
)

// DefaultURL is the vendor's endpoint [A].
const DefaultURL = "https://api.zomro.com/"

// The bounds of an answer: bytes of its body, and values in it. A value costs far
// more memory than the few bytes that it is written in. The whole pricelist has
// half a megabyte and 12,000 values [R].
const (
	maxAnswer = 8 << 20
	maxValues = 60_000
)

// Client calls the vendor. It keeps no session and no cookies, and is safe for
// concurrent use. Its calls return errors of type [*Error].
type Client struct {
	url          string
	reader       *http.Client // for reading calls
	writer       *http.Client // for writing calls: each on a connection of its own
	log          *slog.Logger
	observe      func(Exchange)
	pulse        *pulse
	builds       *builds
	readTimeout  time.Duration
	writeTimeout time.Duration
	atOnce       bool         // see AtOnce
	leave        func() error // see WithLeave

	// Replaced by tests.
	sleep func(context.Context, time.Duration) error
	now   func() time.Time
}

// Option changes a [Client] that is being made.
type Option func(*Client)

// WithHTTPClient sets the HTTP client to build on; its transport and timeout
// are used, its cookie jar and its redirect policy are not. When the transport
// is an [*http.Transport] writing calls get a copy of it without connection
// reuse. The default is a separate client with a copy of the default transport that
// keeps enough connections for the calls that are made at once.
func WithHTTPClient(client *http.Client) Option {
	return func(c *Client) {
		if client != nil {
			c.reader = client
		}
	}
}

// WithLogger sets where calls are logged, at level debug: function, kind of
// outcome, HTTP status, duration and attempt, never a body. The default is nowhere.
func WithLogger(logger *slog.Logger) Option {
	return func(c *Client) { c.log = logger }
}

// WithReadTimeout bounds one attempt of a reading call; the whole call with its
// retries and pauses is bounded by three times as much. The default is 20 seconds.
func WithReadTimeout(timeout time.Duration) Option {
	return func(c *Client) { c.readTimeout = timeout }
}

// WithWriteTimeout bounds a writing call. The default is 60 seconds: giving up
// early only turns an answer into an unknown outcome.
func WithWriteTimeout(timeout time.Duration) Option {
	return func(c *Client) { c.writeTimeout = timeout }
}

// WithLeave has leave asked right before each writing call is sent: after an error the call
// is not sent. The default sends all.
func WithLeave(leave func() error) Option {
	return func(c *Client) { c.leave = leave }
}

// WithSleep sets how the pauses between the attempts of a reading call are
// waited for: until they are over, or until the context is done, whose error
// is returned. The default waits by the real clock.
func WithSleep(sleep func(context.Context, time.Duration) error) Option {
	return func(c *Client) { c.sleep = sleep }
}

// New returns a client for the API at url; "" is [DefaultURL].
func New(url string, options ...Option) *Client {
	if url == "" {
		url = DefaultURL
	}
	c := &Client{
		url:          url,
		reader:       &http.Client{},
		log:          slog.New(slog.DiscardHandler),
		observe:      func(Exchange) {},
		leave:        func() error { return nil },
		pulse:        new(pulse),
		builds:       new(builds),
		readTimeout:  20 * time.Second,
		writeTimeout: time.Minute,
		sleep:        sleep,
		now:          time.Now,
	}
	for _, option := range options {
		option(c)
	}
	c.reader, c.writer = plain(c.reader), plain(c.reader)
	transport := c.writer.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	if reusing, ok := transport.(*http.Transport); ok {
		// A write on a connection that the server is about to close fails with
		// nothing done, but nobody can tell. A fresh connection cannot be stale.
		single := reusing.Clone()
		single.DisableKeepAlives = true
		c.writer.Transport = single
		if c.reader.Transport == nil {
			several := reusing.Clone()
			several.MaxIdleConnsPerHost = atOnceCalls
			c.reader.Transport = several
		}
	}
	return c
}

// plain returns a copy of client that follows no redirects, which would send
// the credentials elsewhere, and keeps no cookies, which would mix accounts.
func plain(client *http.Client) *http.Client {
	bare := *client
	bare.Jar = nil
	bare.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &bare
}

// field is one field of a request's form.
type field struct{ name, value string }

// request is one call of a function of the vendor.
type request struct {
	op     string  // func
	fields []field // all fields, in the order in which they are sent
	mask   mask
	trust  trust // of a writing call
}

// authorized returns the request of a function for auth, or an error when there
// is no session. Its form begins with func, auth, out and lang. secrets are
// those in fields.
func authorized(op string, auth Auth, fields []field, secrets ...Secret) (request, error) {
	if auth.Session.IsZero() {
		return request{}, &Error{Op: op, Kind: Denied, Code: CodeNoSession, Unsent: true}
	}
	head := []field{
		{"func", op},
		{"auth", auth.Session.Reveal()},
		{"out", "json"},
		{"lang", language(auth.Lang)},
	}
	mask := newMask(slices.Concat(secrets, auth.Hidden, []Secret{auth.Session})...)
	mask.traces = auth.Traces
	return request{op: op, fields: append(head, fields...), mask: mask}, nil
}

// language returns the language to ask for; English when nothing is said.
func language(lang string) string {
	if lang == "" {
		return "en"
	}
	return lang
}

// read makes a reading call: it is repeated, within bounds, while there is no
// answer.
func (c *Client) read(ctx context.Context, r request) (node, error) {
	whole, cancel := context.WithTimeout(ctx, attemptsBound*c.readTimeout)
	defer cancel()
	for attempt := 1; ; attempt++ {
		o := c.exchange(whole, c.reader, c.readTimeout, r)
		c.tell(ctx, r, o, attempt)
		c.reply(ctx, r, o, false)
		if o.err == nil && c.atOnce {
			return o.doc, named(r.op, o.doc)
		}
		if o.err == nil {
			return o.doc, nil
		}
		if c.atOnce || !o.again || attempt == maxAttempts || o.after > longestPause {
			return node{}, r.mask.hide(o.err)
		}
		if err := c.sleep(whole, pause(attempt, o.after)); err != nil {
			return node{}, r.mask.hide(o.err)
		}
	}
}

// write makes a writing call: it is sent once. Once it has left this machine, an
// error is Unknown unless it is one that this call is trusted to mean.
func (c *Client) write(ctx context.Context, r request) (node, error) {
	if err := c.leave(); err != nil {
		return node{}, r.mask.hide(&Error{Op: r.op, Kind: Transient, Err: err, Unsent: true})
	}
	o := c.exchange(ctx, c.writer, c.writeTimeout, r)
	if o.err != nil && !o.err.Unsent {
		o.err.Kind = r.trust.kind(o.err)
	}
	c.tell(ctx, r, o, 1)
	c.reply(ctx, r, o, true)
	if o.err == nil {
		return o.doc, nil
	}
	return node{}, r.mask.hide(o.err)
}

// outcome is what one exchange with the vendor came to.
type outcome struct {
	doc   node
	err   *Error        // nil: doc is an answer without an error. Its kind is that of a reading call
	again bool          // a reading call may be repeated
	after time.Duration // no sooner than this, says the vendor
	took  time.Duration
}

// exchange sends the request once, with a time limit.
func (c *Client) exchange(ctx context.Context, client *http.Client, limit time.Duration, r request) outcome {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	started := c.now()
	o := c.send(ctx, client, r)
	kind := KindAnswered
	if o.err != nil {
		kind = o.err.Kind // not yet doubted: a no is an answer
	}
	ended := c.now()
	o.took = ended.Sub(started)
	c.pulse.beat(ended, kind)
	return o
}

// tell logs what became of an attempt, and tells the observer.
func (c *Client) tell(ctx context.Context, r request, o outcome, attempt int) {
	kind, status := KindAnswered, http.StatusOK
	if o.err != nil {
		kind, status = o.err.Kind, o.err.Status
	}
	c.log.DebugContext(ctx, "zomro call", "func", r.op, "kind", string(kind), "status", status, "attempt", attempt, "took", o.took)
	c.observe(Exchange{Func: r.op, Kind: kind, Attempt: attempt, Took: o.took})
}

// send sends the request once and reads what comes back.
func (c *Client) send(ctx context.Context, client *http.Client, r request) outcome {
	if err := ctx.Err(); err != nil {
		return outcome{err: &Error{Op: r.op, Kind: Transient, Err: err, Unsent: true}}
	}
	var sought, connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { sought.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	req, err := newRequest(ctx, c.url, r.fields)
	if err != nil {
		return outcome{err: &Error{Op: r.op, Kind: Transient, Err: err, Unsent: true}}
	}
	resp, err := client.Do(req)
	if err != nil {
		// Without a connection nothing can have been sent. A transport that
		// does not report its connections is not believed.
		unsent := sought.Load() && !connected.Load()
		return outcome{err: &Error{Op: r.op, Kind: Transient, Err: err, Unsent: unsent}, again: true}
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return outcome{err: &Error{Op: r.op, Kind: Transient, Status: resp.StatusCode, Err: err}, again: true}
	case len(body) > maxAnswer:
		return outcome{err: &Error{
			Op: r.op, Kind: Unreadable, Status: resp.StatusCode,
			Err: fmt.Errorf("the answer has more than %d bytes", maxAnswer),
		}}
	}
	o := judge(r.op, resp.StatusCode, body)
	o.after = retryAfter(resp.Header, c.now())
	return o
}

// newRequest returns the POST of a form. The body can be read only once, so
// net/http has no way to send it a second time by itself.
func newRequest(ctx context.Context, url string, fields []field) (*http.Request, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, f := range fields {
		if err := form.WriteField(f.name, f.value); err != nil {
			return nil, fmt.Errorf("write the form: %w", err)
		}
	}
	if err := form.Close(); err != nil {
		return nil, fmt.Errorf("write the form: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, &body)
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	req.GetBody = nil
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// statusBlocked is, beside 403, how a block of the caller's address shows [F].
const statusBlocked = 460

// judge says what an answer means.
func judge(op string, status int, body []byte) outcome {
	fail := func(kind Kind, again bool, cause error) outcome {
		return outcome{err: &Error{Op: op, Kind: kind, Status: status, Err: cause}, again: again}
	}
	switch {
	case status == http.StatusForbidden || status == statusBlocked:
		return outcome{err: &Error{Op: op, Kind: Denied, Code: CodeBlockedAddress, Status: status}}
	case status == http.StatusTooManyRequests || status >= http.StatusInternalServerError:
		return fail(Transient, true, fmt.Errorf("HTTP status %d", status))
	}
	doc, err := parseDocument(body)
	if err != nil {
		switch {
		case status != http.StatusOK:
			return fail(Unreadable, false, fmt.Errorf("HTTP status %d", status))
		case len(bytes.TrimSpace(body)) == 0:
			return fail(Unreadable, true, errors.New("the answer is empty"))
		default:
			return fail(Unreadable, !errors.Is(err, errTooMany), err)
		}
	}
	if said, ok := parseError(op, doc); ok {
		said.Status = status
		return outcome{err: said, again: said.Kind == Transient}
	}
	if status != http.StatusOK {
		return fail(Unreadable, false, fmt.Errorf("HTTP status %d", status))
	}
	return outcome{doc: doc}
}
