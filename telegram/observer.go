package telegram

import (
	"errors"
	"log/slog"
	"net/http"
	"path"
	"time"
)

// Observer is told of the calls to Telegram, for whoever counts them. What it is told
// holds nothing of a person. Its functions must be safe for concurrent use and return at
// once; one that is nil is not called.
type Observer struct {
	// Called is told of each call that was made: the method of the Bot API, of those that
	// this package calls, what it came to, and how long it took. That is long for
	// getUpdates, which waits for updates.
	Called func(method string, result Result, took time.Duration)
	// Waited is told how long a call was put off, as Telegram has asked or taught.
	Waited func(time.Duration)
}

// Result is what a call came to.
type Result string

// The results.
const (
	ResultDone      Result = "done"
	ResultTooMany   Result = "too_many"  // HTTP 429: calls come too fast
	ResultRefused   Result = "refused"   // Telegram said no; for some callers that is a success
	ResultConflict  Result = "conflict"  // HTTP 409: somebody else polls
	ResultToken     Result = "token"     // HTTP 401, 404: the token is not accepted
	ResultUnsent    Result = "unsent"    // Telegram was not reached
	ResultUncertain Result = "uncertain" // the answer was lost, or none of Telegram's
)

// resultOf says what a call came to, by the HTTP status of its answer.
func resultOf(status int, err error) Result {
	switch {
	case errors.Is(err, ErrUnsent):
		return ResultUnsent
	case err != nil:
		return ResultUncertain
	case status == http.StatusTooManyRequests:
		return ResultTooMany
	case status == http.StatusConflict:
		return ResultConflict
	case status == http.StatusUnauthorized || status == http.StatusNotFound:
		return ResultToken
	case status != http.StatusOK:
		return ResultRefused
	default:
		return ResultDone
	}
}

// wire makes calls, of which the log and the observer are told.
type wire struct {
	log     *slog.Logger
	observe Observer
}

// fetch is fetch, of which they are told.
func (w wire) fetch(h *http.Client, req *http.Request, limit int64) (status int, body []byte, err error) {
	began := time.Now()
	status, body, err = fetch(h, req, limit)
	method := path.Base(req.URL.Path) // the folder holds the token
	result, took := resultOf(status, err), time.Since(began)
	w.log.DebugContext(req.Context(), "telegram call", "method", method, "result", string(result), "took", took)
	if w.observe.Called != nil {
		w.observe.Called(method, result, took)
	}
	return status, body, err
}

func (o Observer) waited(d time.Duration) {
	if o.Waited != nil && d > 0 {
		o.Waited(d)
	}
}
