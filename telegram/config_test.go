package telegram_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"zomrobot/telegram"
)

func TestConfigIsChecked(t *testing.T) {
	good := telegram.Config{Token: telegram.NewToken(token)}
	for _, tt := range []struct {
		name   string
		change func(*telegram.Config)
		want   string // in the error; "": none
	}{
		{"good", func(*telegram.Config) {}, ""},
		{"no token", func(c *telegram.Config) { c.Token = telegram.Token{} }, "Token"},
		{"token of another form", func(c *telegram.Config) { c.Token = telegram.NewToken("hunter2") }, "Token"},
		{"token that changes the address", func(c *telegram.Config) { c.Token = telegram.NewToken("1:hunter2/../x") }, "Token"},
		{"API without a scheme", func(c *telegram.Config) { c.APIURL = "127.0.0.1:8081" }, "APIURL"},
		{"API of another scheme", func(c *telegram.Config) { c.APIURL = "ftp://x" }, "APIURL"},
		{"negative", func(c *telegram.Config) { c.Parallel = -1 }, "Parallel"},
		{"negative time", func(c *telegram.Config) { c.Drain = -time.Second }, "Drain"},
		{"webhook", func(c *telegram.Config) {
			c.WebhookURL, c.WebhookSecret = "https://x/hook", telegram.NewToken("hunter2")
		}, ""},
		{"webhook without a secret", func(c *telegram.Config) { c.WebhookURL = "https://x/hook" }, "WebhookSecret"},
		{"webhook with a secret that Telegram refuses", func(c *telegram.Config) {
			c.WebhookURL, c.WebhookSecret = "https://x/hook", telegram.NewToken("hunter2 ")
		}, "WebhookSecret"},
		{"webhook without an address", func(c *telegram.Config) {
			c.WebhookURL, c.WebhookSecret = "hook", telegram.NewToken("hunter2")
		}, "WebhookURL"},
		{"secret without a webhook", func(c *telegram.Config) { c.WebhookSecret = telegram.NewToken("hunter2") }, "WebhookSecret"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			config := good
			tt.change(&config)
			_, err := telegram.New(config, &memory{}, nil, newRecord().handle)
			if (err == nil) != (tt.want == "") {
				t.Fatalf("error %v", err)
			}
			if err != nil && (!strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2")) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestTokenIsNotShown(t *testing.T) {
	config := telegram.Config{Token: telegram.NewToken(token), WebhookSecret: telegram.NewToken(secret)}
	var logged strings.Builder
	slog.New(slog.NewTextHandler(&logged, nil)).Info("x", "token", config.Token, "config", config)
	marshalled, err := json.Marshal(config.Token)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{
		fmt.Sprintf("%v %+v %#v %s %q %x %d", config, config, config.Token, config.Token, config.Token, config.Token, config.Token),
		config.Token.String(), logged.String(), string(marshalled),
	} {
		if strings.Contains(shown, "THE-token") || strings.Contains(shown, "hunter2") || !strings.Contains(shown, "redacted") {
			t.Errorf("shown: %s", shown)
		}
	}
	if config.Token.IsZero() || !(telegram.Token{}).IsZero() {
		t.Error("IsZero is wrong")
	}
}
