package main

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"zomrobot/locales"
	"zomrobot/zomro"
	"zomrobot/zomro/sandbox"
)

// onItsWay is how long after it was asked of the vendor a payment may still be
// carried out: until then nothing says that there was none.
const onItsWay = 150 * time.Second

// roundTrip is an [http.RoundTripper].
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// witness reads all that the bot says of one purchase, as it is said, and holds it
// to what the vendor has taken by then.
type witness struct {
	t     testing.TB
	texts *locales.Catalog
	lang  string

	vendor *sandbox.Sandbox
	now    func() time.Time

	mu     sync.Mutex
	agreed decimal.Decimal // zero: what it costs is not held to it
	asked  time.Time       // when the payment was last asked of the vendor; zero: never
	asks   int
	left   bool // what is said now is about something else

	holding *sandbox.Injection // the time limit comes when it holds a call; nil: never
}

// newWitnessed makes a world with a witness.
func newWitnessed(t *testing.T, texts *locales.Catalog, lang string, config sandbox.Config) (*world, *witness) {
	t.Helper()
	wit := &witness{t: t, texts: texts, lang: lang}
	chats := &http.Transport{}
	t.Cleanup(chats.CloseIdleConnections)
	w := newWorldOf(t, config, func(p *Program) {
		p.vendorClient = &http.Client{Transport: wit.calls(&http.Transport{DisableKeepAlives: true})}
		p.chatTransport = wit.messages(chats)
	})
	wit.mu.Lock()
	defer wit.mu.Unlock()
	wit.vendor, wit.now, w.obliging.agreed = w.vendor, w.clock.Now, wit.agree
	return w, wit
}

// calls notes when the payment is asked of the vendor.
func (w *witness) calls(next http.RoundTripper) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		body, err := sent(r)
		if err == nil && bytes.Contains(body, []byte("cartorder.create.confirm")) {
			w.mu.Lock()
			w.asked = w.now()
			w.asks++
			w.mu.Unlock()
		}
		return w.within(next, r)
	})
}

// limit has the client's time limit come when the vendor holds a call.
func (w *witness) limit(holding *sandbox.Injection) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.holding = holding
}

// within sends a request. The time limit is an event, so that it is there neither
// late nor, on a machine that is busy, early.
func (w *witness) within(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	holding := w.holding
	w.mu.Unlock()
	if holding == nil {
		return next.RoundTrip(r) //nolint:wrapcheck // it stands in for it
	}
	before := holding.Held()
	ctx, cancel := context.WithCancelCause(r.Context()) // which ends with the call
	go func() {
		for {
			changed := w.vendor.Changed()
			if holding.Held() > before {
				cancel(context.DeadlineExceeded)
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-changed:
			}
		}
	}()
	response, err := next.RoundTrip(r.WithContext(ctx))
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	return response, err //nolint:wrapcheck // it stands in for it
}

// messages reads what is sent to the chats, and what is written over it.
func (w *witness) messages(next http.RoundTripper) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		if body, err := sent(r); err == nil && (strings.HasSuffix(r.URL.Path, "/sendMessage") || strings.HasSuffix(r.URL.Path, "/editMessageText")) {
			w.hear(field(r.Header.Get("Content-Type"), body, "text"))
		}
		return next.RoundTrip(r) //nolint:wrapcheck // it stands in for it
	})
}

// sent reads the body of a request and leaves it as it was.
func sent(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

// field is a field of a multipart form.
func field(contentType string, body []byte, name string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	for parts := multipart.NewReader(bytes.NewReader(body), params["boundary"]); ; {
		part, err := parts.NextPart()
		if err != nil {
			return ""
		}
		if part.FormName() == name {
			value, err := io.ReadAll(part)
			if err != nil {
				return ""
			}
			return string(value)
		}
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

// say is a message of the bot in the witness's language, without its markup.
func (w *witness) say(key string, args ...string) string {
	values := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		values[args[i]] = args[i+1]
	}
	text, err := w.texts.Text(w.lang, key, values, nil)
	if err != nil {
		w.t.Errorf("the words of %s: %v", key, err)
	}
	return html.UnescapeString(tags.ReplaceAllString(text, ""))
}

func (w *witness) money(m zomro.Money) string { return w.texts.Money(w.lang, m.Amount, m.Currency) }

// opening is how a message begins, up to its first value.
func (w *witness) opening(key, first string, further ...string) string {
	args := []string{first, "\x00"}
	for _, arg := range further {
		args = append(args, arg, "")
	}
	head, _, _ := strings.Cut(w.say(key, args...), "\x00")
	return head
}

// hear holds a text to what is true now.
func (w *witness) hear(text string) {
	text = html.UnescapeString(tags.ReplaceAllString(text, ""))
	w.mu.Lock()
	asked, agreed, left := w.asked, w.agreed, w.left
	w.mu.Unlock()
	if left {
		return
	}
	orders, taken := w.vendor.Orders(vendorLogin), w.vendor.Taken(vendorLogin)
	says := func(key string) bool { return strings.Contains(text, w.say(key)) }
	opens := func(key string, args ...string) bool {
		return strings.Contains(text, w.opening(key, args[0], args[1:]...))
	}

	bought := opens("news.paid", "Item") || says("purchase.paid") || says("purchase.active") || says("charged.yes")
	nothing := says("charged.no") || says("news.failed_next")
	amount, more := opens("charged.taken", "Taken"), opens("charged.more", "Taken", "Agreed")
	switch {
	case bought && len(orders) == 0:
		w.t.Errorf("nothing was bought, and it is said that it was:\n%s", text)
	case nothing && len(orders) > 0:
		w.t.Errorf("%s was taken, and it is said that nothing was:\n%s", w.money(taken), text)
	case nothing && !asked.IsZero() && w.now().Sub(asked) < onItsWay:
		w.t.Errorf("the payment was asked for %s ago, and it is said that nothing was charged:\n%s", w.now().Sub(asked), text)
	case amount && !strings.Contains(text, w.say("charged.taken", "Taken", w.money(taken))):
		w.t.Errorf("%s was taken, and another amount is said:\n%s", w.money(taken), text)
	case agreed.IsZero():
	case (amount || more) && taken.Amount.GreaterThan(agreed) != more:
		w.t.Errorf("%s was taken, %s was agreed, and that is not what is said:\n%s", w.money(taken), agreed, text)
	case more && !strings.Contains(text, w.say("charged.more", "Taken", w.money(taken), "Agreed", w.money(zomro.Money{Amount: agreed, Currency: "EUR"}))):
		w.t.Errorf("%s was taken, %s was agreed, and not both are said:\n%s", w.money(taken), agreed, text)
	}
}

// agree has what is taken held to what the person agreed to.
func (w *witness) agree(amount decimal.Decimal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.agreed = amount
}

// moved: the clock was set.
func (w *witness) moved(by time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.asked.IsZero() {
		w.asked = w.asked.Add(by)
	}
}

// leave ends it: what follows is about another purchase.
func (w *witness) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = true
}

// times is how often the payment was asked of the vendor.
func (w *witness) times() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asks
}
