package crowd

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// deliveries is how many updates Telegram delivers at the same time to a webhook that
// says nothing of it, and undelivered how long it waits before it tries again.
const (
	deliveries  = 40
	undelivered = 20 * time.Millisecond
)

// Serves says where a bot with a webhook really serves it, for the address that it tells
// Telegram is one that everybody can reach. It is asked when the bot sets the webhook.
func (c *Crowd) Serves(address func() (string, error)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.serves = address
}

// hook begins to deliver updates to a webhook. It may be set once.
func (c *Crowd) hook(params map[string]string) error {
	public, err := url.Parse(params["url"])
	if err != nil {
		return fmt.Errorf("setWebhook: %w", err)
	}
	c.mu.Lock()
	serves, again := c.serves, c.hooked != ""
	c.hooked = params["url"]
	c.mu.Unlock()
	if again || serves == nil {
		return fmt.Errorf("setWebhook: it is set to %q, or nobody says where it is served", params["url"])
	}
	address, err := serves()
	if err != nil {
		return fmt.Errorf("setWebhook: %w", err)
	}
	beside, _ := strconv.Atoi(params["max_connections"]) // 0: it says nothing
	beside = cmp.Or(beside, deliveries)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: beside}}
	for range beside {
		go c.deliver(client, "http://"+address+public.Path, params["secret_token"])
	}
	c.mu.Lock()
	c.polls++ // it hears from now on
	c.touch()
	c.mu.Unlock()
	return nil
}

// hookInfo is what is known of the webhook.
func (c *Crowd) hookInfo() ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return json.Marshal(map[string]any{"url": c.hooked, "has_custom_certificate": false, "pending_update_count": len(c.updates)})
}

// deliver posts updates to the webhook, one after the other, each until it is taken.
func (c *Crowd) deliver(client *http.Client, to, secret string) {
	defer client.CloseIdleConnections()
	for {
		c.mu.Lock()
		if len(c.updates) == 0 {
			arrived := c.arrived
			c.mu.Unlock()
			select {
			case <-arrived:
				continue
			case <-c.closed:
				return
			}
		}
		next := c.updates[0]
		c.updates = c.updates[1:]
		c.mu.Unlock()
		time.Sleep(c.roundTrip / 2)
		for !c.post(client, to, secret, next.text) {
			select {
			case <-time.After(undelivered):
			case <-c.closed:
				return
			}
		}
		time.Sleep(c.roundTrip - c.roundTrip/2)
	}
}

// post reports whether the bot has taken an update.
func (c *Crowd) post(client *http.Client, to, secret, text string) bool {
	request, err := http.NewRequest(http.MethodPost, to, strings.NewReader(text)) //nolint:noctx,gosec // it ends with the bot, whose own address it is
	if err != nil {
		return false
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	answer, err := client.Do(request) //nolint:gosec // as above
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}
