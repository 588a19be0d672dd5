package zomro

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	testSession  = "211a9ac6309a9f0c340bdebf"
	testPassword = "Pa55&word+of<mine>"
)

var testAuth = Auth{Session: NewSecret(testSession), Lang: "en"}

// answer is what a vendor says to one request.
type answer struct {
	status int // 0: 200
	body   string
	header map[string]string
	cut    bool // closes the connection instead
}

// vendor is an HTTP server that keeps the forms that it gets and answers in
// turn; the last answer is repeated.
type vendor struct {
	*httptest.Server
	mu      sync.Mutex
	answers []answer
	forms   [][]field
	waits   []time.Duration // pauses of the client
}

// newVendor starts a vendor and returns it with a client that does not wait.
func newVendor(t *testing.T, answers ...answer) (*vendor, *Client) {
	t.Helper()
	v := &vendor{answers: answers}
	v.Server = httptest.NewServer(v)
	t.Cleanup(v.Close)
	return v, v.client()
}

func (v *vendor) client(options ...Option) *Client {
	c := New(v.URL, options...)
	c.sleep = func(ctx context.Context, d time.Duration) error {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.waits = append(v.waits, d)
		return ctx.Err()
	}
	return c
}

func (v *vendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	v.mu.Lock()
	v.forms = append(v.forms, form)
	said := v.answers[min(len(v.forms), len(v.answers))-1]
	v.mu.Unlock()
	if said.cut {
		panic(http.ErrAbortHandler)
	}
	for name, value := range said.header {
		w.Header().Set(name, value)
	}
	if said.status != 0 {
		w.WriteHeader(said.status)
	}
	_, _ = io.WriteString(w, said.body)
}

func (v *vendor) seen() [][]field {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.forms
}

func (v *vendor) pauses() []time.Duration {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.waits
}

// readForm returns the fields of a multipart form in their order. A request
// that says anything elsewhere is an error.
func readForm(r *http.Request) ([]field, error) {
	if r.Method != http.MethodPost || r.URL.RawQuery != "" || r.Header.Get("Cookie") != "" {
		return nil, fmt.Errorf("%s %s with cookies %q", r.Method, r.URL, r.Header.Get("Cookie"))
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	var form []field
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return form, nil
		}
		if err != nil {
			return nil, err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		form = append(form, field{part.FormName(), string(value)})
	}
}

func ok(body string) answer { return answer{body: body} }

// testOrder is an order that passes Validate.
func testOrder() Order {
	return Order{
		Plan: "6740", Datacenter: "13", Period: Day, Count: 1,
		Image: "479c96f1-ccc6-47a2-952c-c9e3bbdc8d07", Password: NewSecret(testPassword),
	}
}

// reads and writes are all calls of their sort, for what holds for each of them.
var reads = map[string]func(context.Context, *Client) error{
	"login": func(ctx context.Context, c *Client) error {
		_, err := c.Login(ctx, "me@example.org", NewSecret(testPassword), "en")
		return err
	},
	"whoami":    func(ctx context.Context, c *Client) error { _, err := c.WhoAmI(ctx, testAuth); return err },
	"keepalive": func(ctx context.Context, c *Client) error { return c.KeepAlive(ctx, testAuth) },
	"logout":    func(ctx context.Context, c *Client) error { return c.Logout(ctx, testAuth) },
	"catalogue": func(ctx context.Context, c *Client) error { _, err := c.Catalogue(ctx, testAuth, "17"); return err },
	"form": func(ctx context.Context, c *Client) error {
		_, err := c.Form(ctx, testAuth, "6740", "13", Day)
		return err
	},
	"cart":     func(ctx context.Context, c *Client) error { _, err := c.Cart(ctx, testAuth); return err },
	"services": func(ctx context.Context, c *Client) error { _, err := c.Services(ctx, testAuth); return err },
	"balance":  func(ctx context.Context, c *Client) error { _, err := c.Balance(ctx, testAuth); return err },
	"details":  func(ctx context.Context, c *Client) error { _, err := c.Details(ctx, testAuth, "5116804"); return err },
	"rebuild form": func(ctx context.Context, c *Client) error {
		_, err := c.RebuildForm(ctx, testAuth, "5116804")
		return err
	},
	"console": func(ctx context.Context, c *Client) error {
		_, err := c.Console(ctx, testAuth, "5116804")
		return err
	},
	"rescue images": func(ctx context.Context, c *Client) error {
		_, err := c.RescueImages(ctx, testAuth, "5116804")
		return err
	},
	"iso images": func(ctx context.Context, c *Client) error {
		_, err := c.ISOImages(ctx, testAuth, "5116804")
		return err
	},
	"sizes":   func(ctx context.Context, c *Client) error { _, err := c.Sizes(ctx, testAuth, "5116804"); return err },
	"charges": func(ctx context.Context, c *Client) error { _, err := c.Charges(ctx, testAuth); return err },
	"unpaid":  func(ctx context.Context, c *Client) error { _, err := c.UnpaidOrders(ctx, testAuth); return err },
	"keys":    func(ctx context.Context, c *Client) error { _, err := c.SSHKeys(ctx, testAuth); return err },
	"images":  func(ctx context.Context, c *Client) error { _, err := c.Images(ctx, testAuth); return err },
	"backups": func(ctx context.Context, c *Client) error {
		_, err := c.Copies(ctx, testAuth, "5116804", KindBackup)
		return err
	},
	"schedules": func(ctx context.Context, c *Client) error {
		_, err := c.Schedules(ctx, testAuth, "5116804")
		return err
	},
	"measures": func(ctx context.Context, c *Client) error {
		_, err := c.Measures(ctx, testAuth, "5116804", MetricCPU, 24)
		return err
	},
	"traffic": func(ctx context.Context, c *Client) error {
		_, err := c.TrafficData(ctx, testAuth, "5116804")
		return err
	},
}

var writes = map[string]func(context.Context, *Client) error{
	"add": func(ctx context.Context, c *Client) error {
		_, err := c.AddToCart(ctx, testAuth, testOrder())
		return err
	},
	"prolong": func(ctx context.Context, c *Client) error {
		_, err := c.Prolong(ctx, testAuth, "5116804", Quarter)
		return err
	},
	"promo":   func(ctx context.Context, c *Client) error { return c.ApplyPromo(ctx, testAuth, "PROMO_2024") },
	"remove":  func(ctx context.Context, c *Client) error { return c.RemoveFromCart(ctx, testAuth, "1818") },
	"empty":   func(ctx context.Context, c *Client) error { return c.EmptyCart(ctx, testAuth) },
	"confirm": func(ctx context.Context, c *Client) error { return c.Confirm(ctx, testAuth, "1818") },

	"start":  func(ctx context.Context, c *Client) error { return c.StartService(ctx, testAuth, "5116804") },
	"stop":   func(ctx context.Context, c *Client) error { return c.StopService(ctx, testAuth, "5116804") },
	"reboot": func(ctx context.Context, c *Client) error { return c.RebootService(ctx, testAuth, "5116804") },
	"reverse dns": func(ctx context.Context, c *Client) error {
		return c.SetReverseDNS(ctx, testAuth, "5116804", "web-2.example.com")
	},
	"rename":  func(ctx context.Context, c *Client) error { return c.RenameService(ctx, testAuth, "5116804", "web-2") },
	"delete":  func(ctx context.Context, c *Client) error { return c.DeleteService(ctx, testAuth, "5116804") },
	"renewal": func(ctx context.Context, c *Client) error { return c.SetRenewal(ctx, testAuth, "5116804", "12") },
	"password": func(ctx context.Context, c *Client) error {
		return c.ChangePassword(ctx, testAuth, "5116804", NewSecret(testPassword))
	},
	"rebuild": func(ctx context.Context, c *Client) error { return c.Rebuild(ctx, testAuth, "5116804", testRebuild()) },
	"rescue": func(ctx context.Context, c *Client) error {
		return c.Rescue(ctx, testAuth, "5116804", testBoot, NewSecret(testPassword))
	},
	"iso":      func(ctx context.Context, c *Client) error { return c.BootISO(ctx, testAuth, "5116804", testBoot) },
	"unrescue": func(ctx context.Context, c *Client) error { return c.Unrescue(ctx, testAuth, "5116804") },
	"resize":   func(ctx context.Context, c *Client) error { return c.Resize(ctx, testAuth, "5116804", "6741") },
	"settle":   func(ctx context.Context, c *Client) error { return c.SettleResize(ctx, testAuth, "5116804", true) },
	"add key":  func(ctx context.Context, c *Client) error { return c.AddSSHKey(ctx, testAuth, "laptop", testKey) },

	"snapshot": func(ctx context.Context, c *Client) error {
		return c.MakeCopy(ctx, testAuth, "5116804", KindSnapshot, "before-42")
	},
	"backup": func(ctx context.Context, c *Client) error {
		return c.MakeCopy(ctx, testAuth, "5116804", KindBackup, "before-42")
	},
	"restore": func(ctx context.Context, c *Client) error { return c.Restore(ctx, testAuth, "5116804", testImage) },
	"rename image": func(ctx context.Context, c *Client) error {
		return c.RenameImage(ctx, testAuth, "77", "5116804", "old")
	},
	"protect":      func(ctx context.Context, c *Client) error { return c.ProtectImage(ctx, testAuth, "77", true) },
	"delete image": func(ctx context.Context, c *Client) error { return c.DeleteImage(ctx, testAuth, "77") },
	"set schedule": func(ctx context.Context, c *Client) error {
		return c.SetSchedule(ctx, testAuth, "5116804", testSchedule)
	},
	"delete schedule": func(ctx context.Context, c *Client) error { return c.DeleteSchedule(ctx, testAuth, "9") },
	"keep backups":    func(ctx context.Context, c *Client) error { return c.KeepBackups(ctx, testAuth, "5116804", 3) },
}

const testImage = "479c96f1-ccc6-47a2-952c-c9e3bbdc8d07"

var testSchedule = Schedule{ID: "9", Backups: Backups{Name: "daily", Days: []int{0, 1}, Time: "04:20"}}

const testKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPpAJiH6GGxx5jjqTyHqvjhQeFXjEKDQtMOfKCb6TmQ"

// spending are the writes that spend, or that put something into the cart.
var spending = map[string]bool{"add": true, "confirm": true, "resize": true, "prolong": true, "snapshot": true, "backup": true}

const (
	page         = `<html><body>Please wait: /longfile?func=billmgr&id=7</body></html>`
	inProcess    = `{"doc":{"error":{"$type":"","msg":{"$":"Request in process, please wait"}}}}`
	faultAnswer  = `{"doc":{"error":{"$type":"timeout","msg":{"$":"no answer from the database"}}}}`
	accessAnswer = `{"doc":{"error":{"$type":"access","$object":"subaccount","msg":{"$":"no"}}}}`
	valueAnswer  = `{"doc":{"error":{"$type":"value","$object":"servername","msg":{"$":"bad"}}}}`
)

// What each answer means, and how often it is asked for. To a write that spends
// each of them means Unknown.
var meanings = []struct {
	name        string
	answer      answer
	read, write Kind
	attempts    int // of a reading call
}{
	{"403", answer{status: 403}, Denied, Denied, 1},
	{"460", answer{status: 460, body: page}, Denied, Denied, 1},
	{"429", answer{status: 429}, Transient, Unknown, maxAttempts},
	{"429 for long", answer{status: 429, header: map[string]string{"Retry-After": "3600"}}, Transient, Unknown, 1},
	{"500", answer{status: 500}, Transient, Unknown, maxAttempts},
	{"502 page", answer{status: 502, body: page}, Transient, Unknown, maxAttempts},
	{"503 with a refusal", answer{status: 503, body: valueAnswer}, Transient, Unknown, maxAttempts},
	{"404 page", answer{status: 404, body: page}, Unreadable, Unknown, 1},
	{"201", answer{status: 201, body: `{"doc":{}}`}, Unreadable, Unknown, 1},
	{"302", answer{status: 302, header: map[string]string{"Location": "/elsewhere"}}, Unreadable, Unknown, 1},
	{"307", answer{status: 307, header: map[string]string{"Location": "/elsewhere"}}, Unreadable, Unknown, 1},
	{"cut", answer{cut: true}, Transient, Unknown, maxAttempts},
	{"empty", ok(" \n"), Unreadable, Unknown, maxAttempts},
	{"page", ok(page), Unreadable, Unknown, maxAttempts},
	{"broken JSON", ok(`{"doc":{`), Unreadable, Unknown, maxAttempts},
	{"two documents", ok(`{"doc":{}}{"doc":{}}`), Unreadable, Unknown, maxAttempts},
	{"no doc", ok(`{"error":{"$type":"auth"}}`), Unreadable, Unknown, maxAttempts},
	{"doc null", ok(`{"doc":null}`), Unreadable, Unknown, maxAttempts},
	{"in process", ok(inProcess), Transient, Unknown, maxAttempts},
	{"fault", ok(faultAnswer), Transient, Unknown, maxAttempts},
	{"empty error", ok(`{"doc":{"error":{}}}`), Unreadable, Unknown, 1},
	{"auth", ok(`{"doc":{"error":{"$type":"auth"}}}`), Denied, Denied, 1},
	{"access", ok(accessAnswer), Denied, Denied, 1},
	{"refusal", ok(valueAnswer), Refused, Unknown, 1},
	{"refusal with 400", answer{status: 400, body: valueAnswer}, Refused, Unknown, 1},
	{"auth with 401", answer{status: 401, body: `{"doc":{"error":{"$type":"auth"}}}`}, Denied, Unknown, 1},
	{"two types", ok(`{"doc":{"error":{"$type":["auth","value"],"msg":"no"}}}`), Refused, Unknown, 1},
}

func TestReadsAreRepeatedWithinBounds(t *testing.T) {
	for _, m := range meanings {
		t.Run(m.name, func(t *testing.T) {
			for name, call := range reads {
				want := m.read
				if name == "login" && want == Refused {
					want = Denied
				}
				if name == "logout" && want == Denied && !strings.HasPrefix(m.name, "4") {
					want = ""
				}
				v, c := newVendor(t, m.answer)
				err := call(t.Context(), c)
				if got := KindOf(err); got != want {
					t.Errorf("%s: kind %q, want %q: %v", name, got, want, err)
				}
				if got := len(v.seen()); got != m.attempts {
					t.Errorf("%s: asked %d times, want %d", name, got, m.attempts)
				}
			}
		})
	}
}

func TestWritesAreSentOnce(t *testing.T) {
	for _, m := range meanings {
		t.Run(m.name, func(t *testing.T) {
			for name, call := range writes {
				v, c := newVendor(t, m.answer, ok(`{"doc":{"lineitem.id":{"$":"1818"}}}`))
				err := call(t.Context(), c)
				want := m.write
				if spending[name] {
					want = Unknown
				}
				var e *Error
				if !errors.As(err, &e) || e.Kind != want || e.Unsent {
					t.Errorf("%s: %+v, want %q and sent", name, e, want)
				}
				if got := len(v.seen()); got != 1 {
					t.Errorf("%s: sent %d times", name, got)
				}
			}
		})
	}
}

// Only what is documented for a call is believed to be a refusal.
func TestRefusalsAreAList(t *testing.T) {
	servers := []string{"start", "stop", "reboot", "rename", "renewal", "delete", "password", "rebuild", "settle", "restore", "keep backups", "reverse dns", "rescue", "iso", "unrescue"}
	for name, test := range map[string]struct {
		body    string
		refused []string // the writes that are believed
	}{
		"missed":            {`{"doc":{"error":{"$type":"missed","msg":{"$":"Invalid promo code"}}}}`, []string{"promo"}},
		"promocode_not_use": {`{"doc":{"error":{"$type":"promocode_not_use","param":{"$":"PROMO_2024"}}}}`, []string{"promo"}},
		"running operation": {`{"doc":{"error":{"$type":"value","$object":"runningoperation","msg":{"$":"wait"}}}}`, servers},
		"fields of a key": {
			`{"doc":{"error":{"$type":"value","$object":"{\"name\":[\"A key already exists with the same name\"]}"}}}`,
			[]string{"add key"},
		},
		"no key":            {`{"doc":{"error":{"$type":"x","msg":{"$":"Invalid SSH public key"}}}}`, []string{"add key"}},
		"a broken object":   {`{"doc":{"error":{"$type":"value","$object":"{\"name\":","msg":"no"}}}`, nil},
		"an empty object":   {`{"doc":{"error":{"$type":"value","$object":"{}","msg":"no"}}}`, nil},
		"value":             {valueAnswer, nil},
		"file":              {`{"doc":{"error":{"$type":"file","$object":"remove","msg":{"$":"no such file"}}}}`, nil},
		"date":              {`{"doc":{"error":{"$type":"date","$object":"strptime"}}}`, nil},
		"exists":            {`{"doc":{"error":{"$type":"exists","$object":"servername"}}}`, nil},
		"no type":           {`{"doc":{"error":{"msg":{"$":"no"}}}}`, nil},
		"funds":             {`{"doc":{"error":{"$type":"not_enough_money","param":[{"$name":"amount","$":"12.34"}]}}}`, nil},
		"words of funds":    {`{"doc":{"error":{"$type":"","msg":{"$":"insufficient funds to complete the operation. Required amount 8.64."}}}}`, nil},
		"forbidden resize":  {`{"doc":{"error":{"$type":"x","msg":{"$":"Resource change is forbidden by provider. Contact technical support"}}}}`, nil},
		"a refusal at work": {`{"doc":{"error":{"$type":"missed","msg":{"$":"Request in process, please wait"}}}}`, nil},
		"a denial at work":  {`{"doc":{"error":{"$type":"access","msg":{"$":"Request in process, please wait"}}}}`, nil},
	} {
		for call, write := range writes {
			_, c := newVendor(t, ok(test.body))
			want := Unknown
			if slices.Contains(test.refused, call) {
				want = Refused
			}
			if err := write(t.Context(), c); KindOf(err) != want {
				t.Errorf("%s, %s: %v, want %q", name, call, err, want)
			}
		}
	}
}

// TestWhatIsWrongWithAKey is told by a code, for the vendor's words are English alone.
func TestWhatIsWrongWithAKey(t *testing.T) {
	for body, want := range map[string]string{
		`{"doc":{"error":{"$type":"value","$object":"{\"name\":[\"A key already exists with the same name\"]}","msg":{"$":"A key already exists with the same name"}}}}`: CodeKeyTaken,
		`{"doc":{"error":{"$type":"value","$object":"{\"public_key\":[\"Invalid SSH public key\"]}"}}}`:                                                                  CodeKeyBad,
		`{"doc":{"error":{"$type":"value","$object":"{\"name\":[\"Enter a valid name\"]}"}}}`:                                                                            "value",
	} {
		_, c := newVendor(t, ok(body))
		var got *Error
		if !errors.As(writes["add key"](t.Context(), c), &got) || got.Code != want || got.Kind != Refused {
			t.Errorf("%s: %+v, want the code %s", body, got, want)
		}
	}
}

// TestWordsForAWebPage are told without their tags, and a secret in them is taken out
// first.
func TestWordsForAWebPage(t *testing.T) {
	for said, want := range map[string]string{
		"Not <b>enough</b> money.<br/>Pay <a href=\\\"https://x\\\">here</a>": "Not enough money. Pay here",
		"&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;":                        "One Two",
		"less < more, 1 <2> 3":        "less < more, 1 <2> 3",
		"<i>" + testPassword + "</i>": redacted,
	} {
		_, c := newVendor(t, ok(`{"doc":{"error":{"$type":"value","msg":{"$":"`+said+`"}}}}`))
		var got *Error
		if !errors.As(writes["password"](t.Context(), c), &got) || got.Message != want {
			t.Errorf("%s is told as %q, want %q", said, got.Message, want)
		}
	}
}

// What is not believed is kept anyway.
func TestUnknownKeepsWhatWasSaid(t *testing.T) {
	const body = `{"doc":{"error":{"$type":"not_enough_money","$object":"cart","msg":{"$":"too little"},"param":[{"$name":"amount","$":"12.34"},{"$":"x"}]}}}`
	_, c := newVendor(t, ok(body))
	var got *Error
	if !errors.As(c.Confirm(t.Context(), testAuth, "1818"), &got) {
		t.Fatal("no error")
	}
	want := &Error{
		Op: "cartorder.create.confirm", Kind: Unknown, Code: "not_enough_money", Object: "cart", Message: "too little",
		Params: map[string]string{"amount": "12.34", "": "x"}, Status: 200,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	_, c = newVendor(t, answer{status: 403})
	if errors.As(c.Confirm(t.Context(), testAuth, "1818"), &got); got.Code != CodeBlockedAddress || got.Status != 403 {
		t.Errorf("%+v, want a blocked address", got)
	}
}

func TestAnswerTooLong(t *testing.T) {
	v, c := newVendor(t, ok(`{"doc":{"x":"`+strings.Repeat("x", 10<<20)+`"}}`))
	if err := c.KeepAlive(t.Context(), testAuth); KindOf(err) != Unreadable {
		t.Errorf("got %v", err)
	}
	if err := c.Confirm(t.Context(), testAuth, "1818"); KindOf(err) != Unknown {
		t.Errorf("got %v", err)
	}
	if n := len(v.seen()); n != 2 {
		t.Errorf("%d requests for two calls", n)
	}
}

func TestReadRecovers(t *testing.T) {
	v, c := newVendor(t,
		answer{status: 503, header: map[string]string{"Retry-After": "7"}},
		answer{cut: true}, ok(page), ok(`{"doc":{"ok":{}}}`))
	if err := c.KeepAlive(t.Context(), testAuth); err != nil {
		t.Fatal(err)
	}
	pauses := v.pauses()
	if len(pauses) != 3 || pauses[0] < 7*time.Second || pauses[0] > longestPause {
		t.Errorf("pauses %v, want three, the first as asked for", pauses)
	}
}

func TestReadStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	v, c := newVendor(t, answer{status: 503})
	c.sleep = func(context.Context, time.Duration) error { cancel(); return nil }
	if err := c.KeepAlive(ctx, testAuth); KindOf(err) != Transient {
		t.Errorf("got %v", err)
	}
	if n := len(v.seen()); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// A vendor that takes the request and never answers.
func newSilent(t *testing.T) (server *httptest.Server, received chan struct{}) {
	t.Helper()
	received = make(chan struct{}, 10)
	done := make(chan struct{})
	server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		received <- struct{}{}
		<-done
	}))
	t.Cleanup(func() { close(done); server.Close() })
	return server, received
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	for name, call := range writes {
		server, received := newSilent(t)
		c := New(server.URL, WithWriteTimeout(50*time.Millisecond))
		err := call(t.Context(), c)
		if KindOf(err) != Unknown || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got %v", name, err)
		}
		if len(received) != 1 {
			t.Errorf("%s: sent %d times", name, len(received))
		}
	}
	for name, call := range reads {
		server, received := newSilent(t)
		c := New(server.URL, WithReadTimeout(20*time.Millisecond))
		c.sleep = func(context.Context, time.Duration) error { return nil }
		if err := call(t.Context(), c); KindOf(err) != Transient {
			t.Errorf("%s: got %v", name, err)
		}
		if n := len(received); n > maxAttempts {
			t.Errorf("%s: sent %d times", name, n)
		}
	}
}

func unsent(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Unsent
}

func TestCancelledWrite(t *testing.T) {
	for name, call := range writes {
		server, received := newSilent(t)
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error, 1)
		go func() { result <- call(ctx, New(server.URL)) }()
		<-received
		cancel()
		if err := <-result; KindOf(err) != Unknown || unsent(err) {
			t.Errorf("%s: got %v, want unknown", name, err)
		}
		// Cancelled before it begins: nothing leaves.
		if err := call(ctx, New(server.URL)); KindOf(err) != Transient || !unsent(err) {
			t.Errorf("%s: got %v, want transient and unsent", name, err)
		}
		if len(received) != 0 {
			t.Errorf("%s: sent although cancelled", name)
		}
	}
}

func TestNoConnection(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	plaintext, _ := newVendor(t, ok(`{"doc":{}}`))
	for _, url := range []string{
		"http://" + address,
		"https://" + plaintext.Listener.Addr().String(), // fails in the TLS handshake
		"://", "gopher://example.org",
	} {
		for name, call := range writes {
			c := New(url)
			if err := call(t.Context(), c); url != "gopher://example.org" && (KindOf(err) != Transient || !unsent(err)) {
				t.Errorf("%s to %s: got %v, want transient and unsent", name, url, err)
			} else if err == nil {
				t.Errorf("%s to %s: no error", name, url)
			}
		}
	}
}

// transport is a transport that the client cannot look into.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestOpaqueTransportIsNotBelieved(t *testing.T) {
	client := &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Err: errors.New("sent, in truth")}
	})}
	for name, call := range writes {
		if err := call(t.Context(), New("http://vendor.test", WithHTTPClient(client))); KindOf(err) != Unknown || unsent(err) {
			t.Errorf("%s: got %v, want unknown", name, err)
		}
	}
}

// closing is a server that answers the first request on a connection, keeps it
// alive, and closes it when the second one has come in. Go's server cannot do that.
type closing struct {
	net.Listener
	mu       sync.Mutex
	requests int
	conns    int
}

func newClosing(t *testing.T) *closing {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &closing{Listener: listener}
	var group sync.WaitGroup
	group.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			group.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		group.Wait()
	})
	return s
}

func (s *closing) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	s.mu.Lock()
	s.conns++
	s.mu.Unlock()
	in := bufio.NewReader(conn)
	for n := 1; ; n++ {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		s.mu.Lock()
		s.requests++
		s.mu.Unlock()
		if n == 2 {
			return
		}
		body := `{"doc":{"lineitem.id":{"$":"1818"}}}`
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}
}

func (s *closing) counts() (requests, conns int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests, s.conns
}

func TestWriteNeverUsesAnOldConnection(t *testing.T) {
	for name, call := range writes {
		s := newClosing(t)
		c := New("http://" + s.Addr().String())
		if err := c.KeepAlive(t.Context(), testAuth); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := call(t.Context(), c); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if requests, conns := s.counts(); requests != 3 || conns != 3 {
			t.Errorf("%s: %d requests on %d connections, want 3 on 3", name, requests, conns)
		}
		c.reader.CloseIdleConnections() // for which the server waits
	}
}

// Even where the connection is reused, net/http must not send a write again.
func TestTransportDoesNotRepeatWrites(t *testing.T) {
	for name, call := range writes {
		s := newClosing(t)
		inner := &http.Transport{}
		c := New("http://"+s.Addr().String(), WithHTTPClient(&http.Client{Transport: transport(inner.RoundTrip)}))
		if err := c.KeepAlive(t.Context(), testAuth); err != nil {
			t.Fatal(err)
		}
		if err := call(t.Context(), c); KindOf(err) != Unknown {
			t.Errorf("%s: got %v, want unknown", name, err)
		}
		if requests, conns := s.counts(); requests != 2 || conns != 1 {
			t.Errorf("%s: %d requests on %d connections, want 2 on 1", name, requests, conns)
		}
		inner.CloseIdleConnections()
	}
}

func TestRedirectsAndCookiesAreNotFollowed(t *testing.T) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		var mu sync.Mutex
		var seen []string
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, r.Method+" "+r.URL.Path+" "+r.Header.Get("Cookie"))
			http.SetCookie(w, &http.Cookie{Name: "billmgrses5", Value: "another"})
			http.Redirect(w, r, "/elsewhere", status)
		}))
		c := New(server.URL+"/", WithHTTPClient(&http.Client{Jar: jar}))
		if err := c.EmptyCart(t.Context(), testAuth); KindOf(err) != Unknown {
			t.Errorf("%d: got %v", status, err)
		}
		if err := c.KeepAlive(t.Context(), testAuth); KindOf(err) != Unreadable {
			t.Errorf("%d: got %v", status, err)
		}
		server.Close()
		if diff := cmp.Diff([]string{"POST / ", "POST / "}, seen); diff != "" {
			t.Errorf("%d: %s", status, diff)
		}
	}
}

func TestNoSession(t *testing.T) {
	v, c := newVendor(t, ok(`{"doc":{}}`))
	_, err := c.Cart(t.Context(), Auth{})
	var e *Error
	if !errors.As(err, &e) || e.Kind != Denied || e.Code != CodeNoSession {
		t.Errorf("got %v", err)
	}
	if err := c.Confirm(t.Context(), Auth{}, "1818"); KindOf(err) != Denied || !unsent(err) {
		t.Errorf("got %v", err)
	}
	if len(v.seen()) != 0 {
		t.Error("something was sent")
	}
}

// No credential is in what an error or the log shows, however it is printed,
// even when the vendor quotes the request.
func TestCredentialsStaySecret(t *testing.T) {
	quote := func(text string) string {
		return fmt.Sprintf(`{"doc":{"error":{"$type":"value","$object":%q,"msg":{"$":%q},"param":[{"$name":"p","$":%q}]}}}`,
			text, "you sent "+text, text)
	}
	all := map[string]func(context.Context, *Client) error{}
	for name, call := range reads {
		all[name] = call
	}
	for name, call := range writes {
		all[name] = call
	}
	escaped := []string{testPassword, "Pa55&amp;word+of&lt;mine&gt;", "Pa55%26word%2Bof%3Cmine%3E", "Pa55&word+of%3Cmine%3E", testSession}
	var said []answer
	for _, text := range append(escaped, "me@example.org:"+testPassword) {
		said = append(said, ok(quote(text)), answer{status: 500, body: text}, ok(text))
	}
	said = append(said, answer{cut: true}, answer{status: 403})
	for _, a := range said {
		for name, call := range all {
			var log bytes.Buffer
			v, _ := newVendor(t, a)
			c := v.client(WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
			err := call(t.Context(), c)
			if log.Len() == 0 {
				t.Errorf("%s: nothing was logged", name)
			}
			shown := log.String()
			for ; err != nil; err = errors.Unwrap(err) {
				shown += fmt.Sprintf(" %v %+v %#v", err, err, err)
			}
			for _, secret := range escaped {
				isPassword := secret != testSession
				if isPassword && name != "login" && name != "add" || !isPassword && name == "login" {
					continue // not a secret of this call
				}
				if strings.Contains(shown, secret) {
					t.Errorf("%s shows a credential", name)
				}
			}
		}
	}
}

// A server that breaks HTTP is quoted by net/http.
func TestMalformedAnswerStaysSecret(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		_, _ = io.WriteString(conn, "auth="+testSession+"\r\n\r\n")
	}()
	err = New("http://"+listener.Addr().String()).EmptyCart(t.Context(), testAuth)
	_ = listener.Close()
	<-served
	if KindOf(err) != Unknown || !strings.Contains(err.Error(), redacted) {
		t.Errorf("kind %q; the quoted part is not redacted", KindOf(err))
	}
	if strings.Contains(fmt.Sprintf("%v %#v", err, errors.Unwrap(err)), testSession) {
		t.Error("the error shows the session")
	}
}

func TestConcurrentCalls(t *testing.T) {
	_, c := newVendor(t, ok(`{"doc":{}}`))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if err := c.KeepAlive(t.Context(), testAuth); err != nil {
				t.Error(err)
			}
			if err := c.EmptyCart(t.Context(), testAuth); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

// The three calls of the vendor's complete example, field by field.
func TestExampleOfTheVendor(t *testing.T) {
	v, c := newVendor(t, ok(`{"doc":{"lineitem.id":{"$":"1818"}}}`), ok(`{"doc":{"ok":{"$":""}}}`))
	ctx := t.Context()
	item, err := c.AddToCart(ctx, testAuth, Order{
		Plan: "6740", Datacenter: "13", Period: Day, Count: 1,
		Image: "479c96f1-ccc6-47a2-952c-c9e3bbdc8d07", Password: NewSecret(testPassword), ServerName: "MyServer-1",
		Addons: []AddonValue{{Name: "addon_6746", Value: "260"}},
	})
	if err != nil || item != "1818" {
		t.Fatalf("got %q, %v", item, err)
	}
	if err := c.ApplyPromo(ctx, testAuth, "PROMO_2024"); err != nil {
		t.Fatal(err)
	}
	if err := c.Confirm(ctx, testAuth, item); err != nil {
		t.Fatal(err)
	}
	want := [][]field{
		{
			{"func", "v2.instances.order.param"},
			{"auth", testSession},
			{"out", "json"},
			{"lang", "en"},
			{"sok", "ok"},
			{"order_period", "-50"},
			{"licence_agreement", "on"},
			{"pricelist", "6740"},
			{"order_count", "1"},
			{"force_use_new_cart", "on"},
			{"instances_os", "479c96f1-ccc6-47a2-952c-c9e3bbdc8d07"},
			{"datacenter", "13"},
			{"use_ssh_key", "off"},
			{"password", testPassword},
			{"servername", "MyServer-1"},
			{"addon_6746", "260"},
		},
		{
			{"func", "cart"},
			{"auth", testSession},
			{"out", "json"},
			{"lang", "en"},
			{"promocode", "PROMO_2024"},
			{"sok", "ok"},
			{"clicked_button", "apply_promocode"},
		},
		{
			{"func", "cartorder.create.confirm"},
			{"auth", testSession},
			{"out", "json"},
			{"lang", "en"},
			{"elid", "1818"},
			{"paymethod_id", "0"},
			{"sok", "ok"},
		},
	}
	if diff := cmp.Diff(want, v.seen(), cmp.AllowUnexported(field{})); diff != "" {
		t.Error(diff)
	}
}
