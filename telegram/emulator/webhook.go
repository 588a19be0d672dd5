package emulator

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// How a webhook is served (Bot API, setWebhook; WebhookActor.cpp).
const (
	hookTimeout   = time.Minute
	hookDefault   = 40 // connections
	hookMax       = 100
	maxRetryAfter = time.Hour
	maxRetryDelay = time.Minute
)

// webhook is where updates are sent to.
type webhook struct {
	url, secret string
	connections int
	busy        map[string]bool // queues that are being delivered or wait for a retry
	flying      int
	stop        context.CancelFunc
	ctx         context.Context //nolint:containedctx // the life of the webhook, not of a call
	lastError   string
	lastErrorAt time.Time
}

var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

func (s *Server) setWebhook(a args) (any, error) {
	target := a.get("url")
	if target == "" {
		return s.deleteWebhook(a)
	}
	u, err := url.Parse(target)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		s.dropWebhook()
		return nil, badRequest("invalid webhook URL specified")
	}
	secret := a.get("secret_token")
	if len(secret) > 256 {
		return nil, badRequest("secret token is too long")
	}
	if !secretForm.MatchString(secret) {
		return nil, badRequest("secret token contains unallowed characters")
	}
	s.endPoll(conflict("terminated by setWebhook request"))
	connections := int(a.clamped("max_connections", hookDefault, 1, hookMax))
	h := &s.inbox.hook
	if h.url == target && h.secret == secret && h.connections == connections && !a.yes("drop_pending_updates") {
		s.allow(a)
		return described{true, "Webhook is already set"}, nil
	}
	s.dropWebhook()
	if a.yes("drop_pending_updates") {
		s.inbox.pending = nil
	}
	s.allow(a)
	ctx, stop := context.WithCancel(s.done)
	s.inbox.hook = webhook{
		url: target, secret: secret, connections: connections, busy: map[string]bool{}, ctx: ctx, stop: stop,
	}
	s.pump()
	return described{true, "Webhook was set"}, nil
}

func (s *Server) deleteWebhook(a args) (any, error) {
	if a.yes("drop_pending_updates") {
		s.inbox.pending = nil
	}
	if s.inbox.hook.url == "" {
		return described{true, "Webhook is already deleted"}, nil
	}
	s.dropWebhook()
	return described{true, "Webhook was deleted"}, nil
}

// dropWebhook ends the deliveries; what was not confirmed stays pending.
func (s *Server) dropWebhook() {
	if s.inbox.hook.stop != nil {
		s.inbox.hook.stop()
	}
	s.inbox.hook = webhook{}
}

func (s *Server) getWebhookInfo(args) (any, error) {
	s.expire()
	h := &s.inbox.hook
	info := map[string]any{"url": h.url, "has_custom_certificate": false, "pending_update_count": len(s.inbox.pending)}
	if h.url != "" {
		info["max_connections"] = h.connections
	}
	if h.lastError != "" {
		info["last_error_date"], info["last_error_message"] = h.lastErrorAt.Unix(), h.lastError
	}
	if s.inbox.allowed != nil {
		info["allowed_updates"] = s.inbox.allowed
	}
	return info, nil
}

// TakeWebhook has somebody else who has the token point the webhook to another
// address, or remove it with "".
func (s *Server) TakeWebhook(target string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endPoll(conflict("terminated by setWebhook request"))
	s.dropWebhook()
	if target != "" {
		ctx, stop := context.WithCancel(s.done)
		s.inbox.hook = webhook{url: target, connections: hookDefault, busy: map[string]bool{}, ctx: ctx, stop: stop}
	}
	s.touch()
	s.pump()
}

// Webhook returns where updates are sent to; "" is nowhere.
func (s *Server) Webhook() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inbox.hook.url
}

// pump starts the deliveries that can start: the first update of each queue that
// is not busy. The caller holds the lock.
func (s *Server) pump() {
	h := &s.inbox.hook
	if h.url == "" || h.ctx.Err() != nil {
		return
	}
	s.expire()
	for _, u := range s.inbox.pending {
		if h.flying == h.connections {
			return
		}
		if h.busy[u.queue] {
			continue
		}
		h.busy[u.queue] = true
		h.flying++
		ctx := h.ctx
		s.work.Go(func() { s.deliver(ctx, h.url, h.secret, u) })
	}
}

// deliver sends one update to the webhook, and waits before the next try when it
// was not accepted.
func (s *Server) deliver(ctx context.Context, target, secret string, u *update) {
	pause, problem := hook(ctx, target, secret, u.body)
	if ctx.Err() != nil {
		return // another webhook, or none, has taken over
	}
	s.mu.Lock()
	h := &s.inbox.hook
	h.flying--
	if problem == "" {
		s.inbox.pending = slices.DeleteFunc(s.inbox.pending, func(p *update) bool { return p == u })
		delete(h.busy, u.queue)
		s.touch()
		s.pump()
		s.mu.Unlock()
		return
	}
	u.failures++
	if pause == 0 {
		pause = s.cfg.RetryDelay(u.failures)
	}
	h.lastError, h.lastErrorAt = problem, s.cfg.Now()
	s.touch()
	s.pump()
	s.mu.Unlock()

	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() == nil {
		delete(s.inbox.hook.busy, u.queue)
		s.pump()
	}
}

// retryDelay is Telegram's pause after so many failures.
func retryDelay(failures int) time.Duration {
	if failures == 1 {
		return 0
	}
	return min(time.Second<<min(failures-1, 30), maxRetryDelay)
}

// hookClient follows no redirects: an answer that is one is a failure.
var hookClient = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// hook posts one update and returns what was wrong with the answer, in Telegram's
// words, and the pause that it asked for.
func hook(ctx context.Context, target, secret string, body []byte) (time.Duration, string) {
	ctx, cancel := context.WithTimeout(ctx, hookTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return 0, "Wrong webhook URL"
	}
	r.Header.Set("Content-Type", "application/json")
	if secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	answer, err := hookClient.Do(r)
	if err != nil {
		return 0, "Connection refused"
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxBody))
	if answer.StatusCode >= 200 && answer.StatusCode < 300 {
		return 0, ""
	}
	asked, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
	return min(time.Duration(max(asked, 0))*time.Second, maxRetryAfter), fmt.Sprintf("Wrong response from the webhook: %s", answer.Status)
}
