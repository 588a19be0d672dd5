package emulator

import (
	"fmt"
	"net/http"
)

// refusal is an answer of the Bot API that is not ok.
type refusal struct {
	code        int
	description string
	retryAfter  int   // seconds
	migrateTo   int64 // the chat has moved there
}

// Error returns the description, as the bot gets it.
func (r *refusal) Error() string { return r.description }

func badRequest(format string, args ...any) error {
	return &refusal{code: http.StatusBadRequest, description: "Bad Request: " + fmt.Sprintf(format, args...)}
}

func forbidden(format string, args ...any) error {
	return &refusal{code: http.StatusForbidden, description: "Forbidden: " + fmt.Sprintf(format, args...)}
}

func conflict(what string) error {
	return &refusal{code: http.StatusConflict, description: "Conflict: " + what}
}

func tooMany(seconds int) error {
	return &refusal{
		code:        http.StatusTooManyRequests,
		description: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
		retryAfter:  seconds,
	}
}
