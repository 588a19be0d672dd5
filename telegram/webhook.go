package telegram

import (
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
)

// Limits of the webhook.
const (
	webhookLimit = 1 << 20                           // bytes of an update
	secretHeader = "X-Telegram-Bot-Api-Secret-Token" // #nosec G101 -- the header's name
)

// Webhook returns the handler that Telegram posts updates to, at the path of
// Config.WebhookURL. It answers 200 when the update is kept in the inbox, and
// otherwise with a status after which Telegram sends the update again: 503
// while the bot is not running, is full, or the inbox fails. A wrong secret is 401,
// another method 405, a body that is not an update 400, one over 1 MiB 413. Without
// a secret in the configuration everything is 404.
func (b *Bot) Webhook() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(b.receive(r))
	})
}

// receive takes an update from a request and returns the status to answer with.
func (b *Bot) receive(r *http.Request) int {
	if b.webhookSecret.IsZero() {
		return http.StatusNotFound
	}
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed
	}
	if subtle.ConstantTimeCompare([]byte(r.Header.Get(secretHeader)), []byte(b.webhookSecret.text)) != 1 {
		return http.StatusUnauthorized
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, webhookLimit))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return http.StatusRequestEntityTooLarge
		}
		return http.StatusBadRequest
	}
	id, err := updateID(body)
	if err != nil {
		b.log.WarnContext(r.Context(), "the webhook got what is no update", "error", err)
		return http.StatusBadRequest
	}
	if !b.running.Load() {
		return http.StatusServiceUnavailable
	}
	if err := b.take(r.Context(), []Raw{{ID: id, Body: body}}); err != nil {
		b.log.ErrorContext(r.Context(), "an update from the webhook was not kept; it will come again", "update", id, "error", err)
		return http.StatusServiceUnavailable
	}
	b.hearing.took()
	b.hears(r.Context())
	return http.StatusOK
}
