package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	pathpkg "path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kelseyhightower/envconfig"

	"zomrobot/storage"
	"zomrobot/telegram"
)

// Config is what the environment says. Each part is one prefix, so that a
// misspelt variable of a prefix is noticed.
type Config struct {
	Telegram TelegramConfig
	Zomro    ZomroConfig
	Storage  StorageConfig
	Allowed  AllowedConfig
	Log      LogConfig
	HTTP     HTTPConfig
	Metrics  MetricsConfig
	Owners   ids

	Foreign []string // variables that begin like ours, and are left out
}

// TelegramConfig is TELEGRAM_….
type TelegramConfig struct {
	Token         string         `desc:"the bot's token, from @BotFather; needed by run"`
	TokenFile     string         `envconfig:"TOKEN_FILE" desc:"a file that holds the same"`
	APIURL        string         `envconfig:"API_URL" default:"https://api.telegram.org" desc:"another Bot API server"`
	PlainHost     string         `envconfig:"API_PLAIN_HOST" desc:"host of that address, to reach it without TLS; loopback needs none"`
	Proxy         telegram.Proxy `envconfig:"PROXY_URL" desc:"proxy to Telegram alone: http, https or socks5, with user:password@ if it wants them"`
	WebhookURL    string         `envconfig:"WEBHOOK_URL" desc:"public https address of the webhook; empty: long polling"`
	WebhookSecret string         `envconfig:"WEBHOOK_SECRET" desc:"what Telegram proves itself with to the webhook"`
}

// ZomroConfig is ZOMRO_….
type ZomroConfig struct {
	APIURL    string `envconfig:"API_URL" default:"https://api.zomro.com/" desc:"the vendor's API, or a sandbox"`
	PlainHost string `envconfig:"API_PLAIN_HOST" desc:"host of that address, to reach it without TLS; loopback needs none"`
	Renew     bool   `envconfig:"RENEW" default:"false" desc:"true: servers can be renewed from the chat, see docs/operating.md"`
}

// StorageConfig is STORAGE_….
type StorageConfig struct {
	URL      string `envconfig:"URL" default:"bolt:bot.db" desc:"the engine and where it keeps its data"`
	Keys     string `envconfig:"KEYS" desc:"what seals the store: id:base64, comma-separated, as bot keygen prints it"`
	KeysFile string `envconfig:"KEYS_FILE" desc:"a file that holds the same"`
}

// AllowedConfig is ALLOWED_….
type AllowedConfig struct {
	Users ids `desc:"Telegram ids of who may use the bot; empty: everybody"`
	Chats ids `desc:"ids of the groups where it may be used; empty: all"`
}

// LogConfig is LOG_….
type LogConfig struct {
	Level  slog.Level `default:"info" desc:"debug, info, warn or error"`
	Format string     `default:"text" desc:"text or json"`
}

// HTTPConfig is HTTP_….
type HTTPConfig struct {
	Addr string `default:"127.0.0.1:8080" desc:"where health and the webhook are served"`
}

// MetricsConfig is METRICS_….
type MetricsConfig struct {
	Addr string `desc:"where /metrics is served for Prometheus, as 127.0.0.1:9090; empty: nowhere"`
}

// part is one prefix of the environment.
type part struct {
	prefix string
	spec   any
	strict bool // a variable of the prefix that is not known may be misspelt
}

func (c *Config) parts() []part {
	return []part{
		{"TELEGRAM", &c.Telegram, true},
		{"ZOMRO", &c.Zomro, true},
		{"STORAGE", &c.Storage, true},
		{"ALLOWED", &c.Allowed, true},
		{"LOG", &c.Log, false},   // others use LOG_… too
		{"HTTP", &c.HTTP, false}, // HTTP_PROXY and the like
		{"METRICS", &c.Metrics, false},
	}
}

// ReadConfig reads the environment. Its error names the variable, and never
// its value.
func ReadConfig() (Config, error) {
	var c Config
	names, err := c.known()
	if err != nil {
		return Config{}, err
	}
	if c.Foreign, err = c.foreign(names); err != nil {
		return Config{}, err
	}
	if err := tidy(names); err != nil {
		return Config{}, err
	}
	for _, p := range c.parts() {
		if err := envconfig.Process(p.prefix, p.spec); err != nil {
			return Config{}, readError(err)
		}
	}
	var owners struct{ Owners ids }
	if err := envconfig.Process("", &owners); err != nil {
		return Config{}, readError(err)
	}
	c.Owners = owners.Owners
	return c, c.check()
}

// readError keeps the name of the variable from an error, and leaves out its value,
// which may be a secret.
func readError(err error) error {
	var parse *envconfig.ParseError
	if errors.As(err, &parse) {
		wanted := parse.TypeName
		switch {
		case errors.Is(parse.Err, errID):
			wanted = "ids of Telegram, numbers separated by commas"
		case wanted == "telegram.Proxy":
			return fmt.Errorf("%s: %w", parse.KeyName, parse.Err) // which does not quote it
		case wanted == "slog.Level":
			wanted = "debug, info, warn or error"
		}
		return fmt.Errorf("%s: cannot be read as %s", parse.KeyName, wanted)
	}
	return err
}

// webhookSecret is what Telegram takes as the secret of a webhook, up to 256 characters.
var webhookSecret = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func (c *Config) check() error {
	if err := checkAPI("TELEGRAM_API", c.Telegram.APIURL, c.Telegram.PlainHost); err != nil {
		return err
	}
	if err := checkAPI("ZOMRO_API", c.Zomro.APIURL, c.Zomro.PlainHost); err != nil {
		return err
	}
	if c.Log.Format != "text" && c.Log.Format != "json" {
		return errors.New("LOG_FORMAT: want text or json")
	}
	if err := c.checkServed(); err != nil {
		return err
	}
	if c.Telegram.WebhookURL == "" && c.Telegram.WebhookSecret != "" {
		return errors.New("TELEGRAM_WEBHOOK_SECRET: of no use without TELEGRAM_WEBHOOK_URL")
	}
	if c.Telegram.WebhookURL != "" {
		if err := c.checkWebhook(); err != nil {
			return err
		}
		if c.Telegram.WebhookSecret == "" {
			return errors.New("TELEGRAM_WEBHOOK_SECRET: needed with TELEGRAM_WEBHOOK_URL: without it anybody could speak for Telegram")
		}
		if secret := c.Telegram.WebhookSecret; len(secret) > 256 || !webhookSecret.MatchString(secret) {
			return errors.New("TELEGRAM_WEBHOOK_SECRET: want 1 to 256 of A-Z, a-z, 0-9, _ and -")
		}
	}
	return nil
}

// checkServed checks the addresses that are served.
func (c *Config) checkServed() error {
	host, port, err := served("HTTP_ADDR", c.HTTP.Addr)
	if err != nil || c.Metrics.Addr == "" {
		return err
	}
	other, as, err := served("METRICS_ADDR", c.Metrics.Addr)
	if err != nil {
		return err
	}
	if port == as && port != 0 && (host == other || everywhere(host) || everywhere(other)) {
		return errors.New("METRICS_ADDR: HTTP_ADDR has the same port; take another one")
	}
	return nil
}

// served takes apart an address that is listened on.
func served(variable, addr string) (host string, port uint16, err error) {
	host, text, err := net.SplitHostPort(addr)
	if err == nil {
		var n uint64
		n, err = strconv.ParseUint(text, 10, 16)
		port = uint16(n)
	}
	if err != nil { // which quotes the value
		return "", 0, fmt.Errorf("%s: want a host and a port from 0 to 65535, as 127.0.0.1:8080", variable)
	}
	return host, port, nil
}

// everywhere reports whether a host stands for all addresses of this machine.
func everywhere(host string) bool {
	ip := net.ParseIP(host)
	return host == "" || ip != nil && ip.IsUnspecified()
}

// webhookPath is a path that is served as it stands.
var webhookPath = regexp.MustCompile(`^(/|(/[A-Za-z0-9_~:@!$&'()*+,;=.-]+)+/?)$`)

// webhookPorts are those that Telegram itself posts to.
var webhookPorts = []string{"", "443", "80", "88", "8443"}

// checkWebhook checks that the address of the webhook can be served, beside what else
// is served.
func (c *Config) checkWebhook() error {
	u, err := url.Parse(c.Telegram.WebhookURL)
	switch {
	case err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "":
		return errors.New("TELEGRAM_WEBHOOK_URL: want an address like https://host/path")
	case c.Telegram.APIURL == telegram.DefaultAPIURL && !slices.Contains(webhookPorts, u.Port()):
		return errors.New("TELEGRAM_WEBHOOK_URL: Telegram posts to the ports 443, 80, 88 and 8443 alone")
	case strings.TrimSuffix(u.Path, "/") == healthPath:
		return fmt.Errorf("TELEGRAM_WEBHOOK_URL: %s is where health is served; take another path", healthPath)
	}
	path := servedPath(u)
	if !webhookPath.MatchString(path) || strings.TrimSuffix(path, "/") != strings.TrimSuffix(pathpkg.Clean(path), "/") {
		return errors.New("TELEGRAM_WEBHOOK_URL: its path cannot be served; take one of letters, digits, - and _ between single slashes, as /telegram")
	}
	return nil
}

// servedPath is the path of an address as it is served.
func servedPath(u *url.URL) string { return cmp.Or(u.EscapedPath(), "/") }

// checkAPI checks the address of an API, to which secrets are sent: without TLS
// only on this machine, or to the host that is named for it.
func checkAPI(prefix, address, plainHost string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "":
		return fmt.Errorf("%s_URL: want an address like https://host/", prefix)
	case u.Scheme == "http" && !isLoopback(u.Hostname()) && u.Hostname() != plainHost:
		return fmt.Errorf("%[1]s_URL: http:// would show passwords and sessions on the way; use https://, or name that very host in %[1]s_PLAIN_HOST", prefix)
	}
	return nil
}

// isLoopback reports whether a host is this machine itself.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Token reads the bot's token, from TELEGRAM_TOKEN or from the file that
// TELEGRAM_TOKEN_FILE names. It has the form of one.
func (c *Config) Token() (string, error) {
	name, token := "TELEGRAM_TOKEN", c.Telegram.Token
	switch {
	case c.Telegram.Token != "" && c.Telegram.TokenFile != "":
		return "", errors.New("TELEGRAM_TOKEN and TELEGRAM_TOKEN_FILE: set one of them")
	case c.Telegram.TokenFile != "":
		content, err := os.ReadFile(c.Telegram.TokenFile)
		if err != nil {
			return "", fmt.Errorf("TELEGRAM_TOKEN_FILE: %w", err)
		}
		if name, token = "TELEGRAM_TOKEN_FILE", strings.TrimSpace(string(content)); token == "" {
			return "", errors.New("TELEGRAM_TOKEN_FILE: the file is empty")
		}
	case token == "":
		return "", errors.New("TELEGRAM_TOKEN: needed; @BotFather gives one")
	}
	if !telegram.NewToken(token).Formed() {
		return "", fmt.Errorf("%s: not of the form 123456:ABC; copy the token once more: @BotFather shows it, /mybots", name)
	}
	return token, nil
}

// Keyring reads the keys that seal the store, from STORAGE_KEYS or from the
// file that STORAGE_KEYS_FILE names.
func (c *Config) Keyring() (storage.Keyring, error) {
	name, text := "STORAGE_KEYS", strings.Join(list(c.Storage.Keys), ",")
	switch {
	case c.Storage.Keys != "" && c.Storage.KeysFile != "":
		return storage.Keyring{}, errors.New("STORAGE_KEYS and STORAGE_KEYS_FILE: set one of them")
	case c.Storage.KeysFile != "":
		content, err := os.ReadFile(c.Storage.KeysFile)
		if err != nil {
			return storage.Keyring{}, fmt.Errorf("STORAGE_KEYS_FILE: %w", err)
		}
		name, text = "STORAGE_KEYS_FILE", strings.Join(list(string(content)), ",")
	case c.Storage.Keys == "":
		return storage.Keyring{}, errors.New("STORAGE_KEYS: needed; make one with bot keygen")
	}
	keys, err := storage.ParseKeys(text)
	if err != nil {
		return storage.Keyring{}, fmt.Errorf("%s: %w", name, err)
	}
	return keys, nil
}

// Logger returns the logger that LOG_LEVEL and LOG_FORMAT ask for.
func (c *Config) Logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.Log.Level}
	if c.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
