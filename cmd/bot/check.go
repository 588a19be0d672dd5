package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"zomrobot/engine"
	"zomrobot/locales"
	"zomrobot/storage"
	"zomrobot/telegram"
	"zomrobot/zomro"
)

// askFor is how long asking Telegram and the vendor may take, and how long reading the
// vendor with the accounts may.
const askFor = time.Minute

// runCheck tries everything that run needs, one line each, and changes
// nothing at the vendor: what it reads there, it reads with the accounts that
// people have connected.
func runCheck(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	account := flags.String("account", "", "read the vendor with the connected account of this name, and report what is not as expected")
	file := flags.String("o", "", "with -account: write the report to this file, which must not be there yet")
	if err := parse(flags, args, stderr); err != nil {
		return err
	}
	switch {
	case *account != "":
		return checkAccount(ctx, *account, *file, stdout)
	case *file != "":
		return usage(errors.New("-o needs -account"))
	}
	failed, advised := false, map[string]bool{}
	report := func(what string, err error, found string) {
		if err != nil {
			failed = true
			_, _ = fmt.Fprintf(stdout, "FAIL  %-13s %v\n", what, err)
			if do := advice(what, err); do != "" && !advised[do] {
				advised[do] = true
				_, _ = fmt.Fprintf(stdout, "      %-13s %s\n", "", do)
			}
			return
		}
		_, _ = fmt.Fprintf(stdout, "ok    %-13s %s\n", what, found)
	}

	c, err := ReadConfig()
	found := "every variable can be read"
	if len(c.Foreign) > 0 {
		found += "; not the bot's, and left out: " + strings.Join(c.Foreign, ", ")
	}
	report("configuration", err, found)
	if err != nil {
		return usage(errors.New("the configuration cannot be used"))
	}
	asking, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	checkTelegram(asking, c, report)
	checkVendor(asking, c, report)
	checkStore(ctx, c, zomro.New(c.Zomro.APIURL), report)
	if failed {
		return errors.New("something is wrong, see above")
	}
	return nil
}

type reporter = func(what string, err error, found string)

// otherKeys says what can be done about a store that the keys do not open.
const otherKeys = "put the key that it was written with into STORAGE_KEYS as well; if it is there, see \"A damaged file\" in docs/operating.md"

// advice says what a person can do about what failed; "": the error says it.
func advice(what string, err error) string {
	kind := zomro.KindOf(err)
	switch {
	case errors.Is(err, telegram.ErrToken):
		return "copy the token into TELEGRAM_TOKEN once more: @BotFather shows it, /mybots"
	case what == "telegram" && errors.Is(err, telegram.ErrUnsent):
		return "see whether this machine reaches TELEGRAM_API_URL: network, firewall, TELEGRAM_PROXY_URL"
	case what == "vendor" && kind == zomro.Transient:
		return "see whether this machine reaches ZOMRO_API_URL: network, firewall, HTTPS_PROXY; or it is down, and bot check can be run again later"
	case what == "vendor":
		return "see whether ZOMRO_API_URL is the address of the vendor's API"
	case what == "account" && kind == zomro.Denied:
		return "whoever has connected it logs in again in the chat: /login"
	case what == "account" && kind == zomro.Transient:
		return "run bot check again later"
	case errors.Is(err, storage.ErrFull):
		return "make room on the disk of the store"
	case errors.Is(err, storage.ErrSealed):
		return otherKeys
	case errors.Is(err, storage.ErrDamaged):
		return "put the newest copy in its place with bot restore; see \"A damaged file\" in docs/operating.md"
	case errors.Is(err, storage.ErrSchema):
		return "run a version of the bot that is not older than the one that wrote it"
	case errors.Is(err, fs.ErrPermission):
		return "run it as the bot's user or as root"
	default:
		return ""
	}
}

func checkTelegram(ctx context.Context, c Config, report reporter) {
	token, err := c.Token()
	if err != nil {
		report("telegram", err, "")
		return
	}
	name, err := askTelegram(ctx, c, token, "")
	if err != nil {
		err = fmt.Errorf("%s: %w", c.Telegram.APIURL, err)
	}
	by := "TELEGRAM_PROXY_URL, " + c.Telegram.Proxy.String()
	if c.Telegram.Proxy.IsZero() {
		by = proxyOfEnvironment(c.Telegram.APIURL)
	}
	report("telegram", err, "@"+name+" at "+c.Telegram.APIURL+through(by))
	if by == "" {
		checkWays(ctx, "telegram", func(ctx context.Context, network string) error {
			_, err := askTelegram(ctx, c, token, network)
			return err
		}, report)
	}
}

// askTelegram asks over a network ("": any) which name the bot of a token has. It fails as
// [telegram.Bot.Check] does.
func askTelegram(ctx context.Context, c Config, token, network string) (name string, err error) {
	texts, err := locales.Load()
	if err != nil {
		return "", err
	}
	bot, err := telegram.New(telegram.Config{
		Token: telegram.NewToken(token), APIURL: c.Telegram.APIURL, Proxy: c.Telegram.Proxy,
		Network: network, Log: slog.New(slog.DiscardHandler),
	}, engine.Inbox{}, texts, nil)
	if err != nil {
		return "", err
	}
	err = bot.Check(ctx)
	return bot.Username(), err
}

// checkVendor reports whether the vendor answers, and how it is reached.
func checkVendor(ctx context.Context, c Config, report reporter) {
	ask := func(ctx context.Context, network string) error {
		own := http.DefaultTransport.(*http.Transport).Clone()
		if network != "" {
			own.DialContext = func(ctx context.Context, _, address string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, address)
			}
		}
		return askVendor(ctx, zomro.New(c.Zomro.APIURL, zomro.WithHTTPClient(&http.Client{Transport: own})))
	}
	err := ask(ctx, "")
	if err != nil {
		err = fmt.Errorf("%s: %w", c.Zomro.APIURL, err)
	}
	by := proxyOfEnvironment(c.Zomro.APIURL)
	report("vendor", err, "answers at "+c.Zomro.APIURL+through(by))
	if by == "" {
		checkWays(ctx, "vendor", ask, report)
	}
}

// checkWays reports which versions of IP lead to a server. One is enough.
func checkWays(ctx context.Context, what string, ask func(ctx context.Context, network string) error, report reporter) {
	const patience = 10 * time.Second
	var found []string
	var failed []error
	for _, way := range []struct{ name, network string }{{"IPv4", "tcp4"}, {"IPv6", "tcp6"}} {
		ctx, cancel := context.WithTimeout(ctx, patience)
		err := ask(ctx, way.network)
		cancel()
		if err == nil {
			found = append(found, way.name)
			continue
		}
		failed = append(failed, fmt.Errorf("%s: %w", way.name, err))
	}
	if len(found) == 0 {
		for _, err := range failed {
			report(what, err, "")
		}
		return
	}
	said := "by " + strings.Join(found, " and ")
	for _, err := range failed {
		said += fmt.Sprintf("; one is enough, the other does not lead there (%v)", err)
	}
	report(what, nil, said)
}

// proxyOfEnvironment names the proxy that HTTPS_PROXY and the like give for an address,
// without who logs in to it; "": there is none.
func proxyOfEnvironment(address string) string {
	request, err := http.NewRequest(http.MethodGet, address, http.NoBody) //nolint:noctx // it is not made
	if err != nil {
		return ""
	}
	proxy, err := http.ProxyFromEnvironment(request)
	if err != nil || proxy == nil {
		return ""
	}
	return "the proxy of the environment, " + proxy.Scheme + "://" + proxy.Host
}

func through(by string) string {
	if by == "" {
		return ""
	}
	return ", through " + by
}

// askVendor asks the vendor whether no session is alive. It is not, and the vendor's
// own words for that show that it is the vendor who answers.
func askVendor(ctx context.Context, vendor *zomro.Client) error {
	err := vendor.KeepAlive(ctx, zomro.Auth{Session: zomro.NewSecret("none"), Lang: "en"})
	if zomro.KindOf(err) == zomro.Denied {
		return nil
	}
	return err
}

// thereIs reports whether there is something at the store's place.
func thereIs(storageURL string) bool {
	path, ok := strings.CutPrefix(storageURL, "bolt:")
	if !ok {
		return true // nobody can tell
	}
	info, err := os.Stat(path)
	return err == nil && info.Size() > 0
}

// folderOf fails when a store cannot be made where its file belongs. A folder that is not
// there is made with it.
func folderOf(storageURL string) error {
	path := strings.TrimPrefix(storageURL, "bolt:")
	if info, err := os.Stat(path); strings.HasSuffix(path, "/") || err == nil && info.IsDir() {
		return fmt.Errorf("%w: %q is a folder; name a file in it", storage.ErrURL, path)
	}
	for folder := filepath.Dir(path); ; folder = filepath.Dir(folder) {
		info, err := os.Stat(folder)
		switch {
		case err == nil && !info.IsDir():
			return fmt.Errorf("STORAGE_URL: %s is no folder", folder)
		case err == nil || !errors.Is(err, fs.ErrNotExist) || folder == filepath.Dir(folder):
			return err
		}
	}
}

// inspect reads a store from end to end, where it is in a file: a cluster looks after its own.
func inspect(ctx context.Context, storageURL string) error {
	if onCluster(storageURL) {
		return nil
	}
	return storage.Inspect(ctx, storageURL)
}

// opens makes sure that every value can be opened.
func opens(ctx context.Context, store storage.Store) error {
	values, broken, count, err := storage.Verify(ctx, store)
	if err != nil || count == 0 {
		return err
	}
	return fmt.Errorf("%w: %d of %d values cannot be opened, such as %q: it is damaged, or a key is missing", storage.ErrSealed, count, values, broken)
}

func checkStore(ctx context.Context, c Config, vendor *zomro.Client, report reporter) {
	keys, err := c.Keyring()
	if err != nil {
		report("keys", err, "")
		return
	}
	report("keys", nil, keys.String())
	if !thereIs(c.Storage.URL) {
		err := folderOf(c.Storage.URL)
		report("store", err, "there is none yet at "+c.Storage.URL+"; the first bot run makes it")
		return
	}
	err = inspect(ctx, c.Storage.URL) // a run does not read all of it
	var store storage.Store
	if err == nil {
		store, err = openStore(ctx, c.Storage.URL, keys)
	}
	if errors.Is(err, storage.ErrLocked) {
		report("store", nil, c.Storage.URL+" is held by a running bot; it is not read from end to end, and its accounts are not tried")
		return
	}
	if err != nil {
		report("store", err, "")
		return
	}
	defer func() { _ = store.Close() }()
	healthy := storage.Healthy(ctx, store, engine.MinFree)
	if healthy != nil {
		healthy = fmt.Errorf("%s: %w", unwell(healthy), healthy)
	}
	report("store", errors.Join(opens(ctx, store), healthy), c.Storage.URL+" is whole and can be written")
	if token, err := c.Token(); err == nil { // else it was said
		if err := ownedBy(ctx, store, token); err != nil {
			report("bot", err, "")
		}
	}
	if mark := markBeside(c.Storage.URL); mark != nil {
		if _, _, err := mark.Load(); err != nil {
			report("mark", err, "")
		}
	}
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	accounts, err := engine.CheckAccounts(ctx, store, vendor)
	if err != nil {
		report("accounts", err, "")
	}
	for _, a := range accounts {
		report("account", a.Err, fmt.Sprintf("%s: %d plans in %d datacenters, balance %s %s", a.Name, a.Plans, a.Datacenters, a.Balance.Amount.StringFixed(2), a.Balance.Currency))
	}
}
