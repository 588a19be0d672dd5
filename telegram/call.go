package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/go-telegram/bot"
)

// caller makes the calls that people wait for. The library would write each as a form,
// by reflection, and read its answer three times, all of the message that was shown.
type caller struct {
	client *http.Client
	wire   wire
	url    string // with the token, up to the name of the method
}

// reply is what Telegram answers, as far as it is used here.
type reply struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	ErrorCode   int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
		MigrateTo  int `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// call makes a call with parameters of the library's. result is read from what it
// answers; nil: it does not matter. Its errors are those of the library.
func (c caller) call(ctx context.Context, method string, params, result any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return fmt.Errorf("%w: parameters of %s: %w", ErrUnsent, method, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+method, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%w: request of %s", ErrUnsent, method) // its error names the address
	}
	req.Header.Set("Content-Type", "application/json")
	status, body, err := c.wire.fetch(c.client, req, callLimit)
	if err != nil {
		return err
	}
	var answer reply
	if err := json.Unmarshal(body, &answer); err != nil {
		return fmt.Errorf("%w: HTTP status %d", ErrUncertain, status)
	}
	if !answer.OK {
		return answer.refusal(method)
	}
	if result != nil {
		if err := json.Unmarshal(answer.Result, result); err != nil {
			return fmt.Errorf("%w: result of %s cannot be read", ErrUncertain, method)
		}
	}
	return nil
}

// refusal is the error that the library makes of the same answer.
func (r reply) refusal(method string) error {
	switch {
	case r.ErrorCode == http.StatusTooManyRequests:
		return &bot.TooManyRequestsError{Message: r.Description, RetryAfter: r.Parameters.RetryAfter}
	case r.ErrorCode == http.StatusBadRequest && r.Parameters.MigrateTo != 0:
		return &bot.MigrateError{Message: r.Description, MigrateToChatID: r.Parameters.MigrateTo}
	}
	if kind, ok := map[int]error{
		http.StatusBadRequest: bot.ErrorBadRequest, http.StatusForbidden: bot.ErrorForbidden, http.StatusConflict: bot.ErrorConflict,
		http.StatusUnauthorized: bot.ErrorUnauthorized, http.StatusNotFound: bot.ErrorNotFound,
	}[r.ErrorCode]; ok {
		return fmt.Errorf("%w, %s", kind, r.Description)
	}
	return fmt.Errorf("%w: %s: %d %s", ErrUncertain, method, r.ErrorCode, r.Description)
}
