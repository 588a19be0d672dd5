package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"zomrobot/engine"
	"zomrobot/locales"
	"zomrobot/storage"
	"zomrobot/telegram"
	"zomrobot/zomro"
)

// runCheck tries everything that run needs, one line each, and changes
// nothing at the vendor: what it reads there, it reads with the accounts that
// people have connected.
func runCheck(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	account := flags.String("account", "", "read the vendor with the connected account of this name, and report what is not as expected")
	file := flags.String("o", "", "with -account: write the report to this file")
	if err := parse(flags, args, stderr); err != nil {
		return err
	}
	switch {
	case *account != "":
		return checkAccount(ctx, *account, *file, stdout)
	case *file != "":
		return usage(errors.New("-o needs -account"))
	}
	failed := false
	report := func(what string, err error, found string) {
		if err != nil {
			failed = true
			_, _ = fmt.Fprintf(stdout, "FAIL  %-13s %v\n", what, err)
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
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()

	checkTelegram(ctx, c, report)
	vendor := zomro.New(c.Zomro.APIURL)
	checkVendor(ctx, c, vendor, report)
	checkStore(ctx, c, vendor, report)
	if failed {
		return errors.New("something is wrong, see above")
	}
	return nil
}

type reporter = func(what string, err error, found string)

func checkTelegram(ctx context.Context, c Config, report reporter) {
	if c.Telegram.Token == "" {
		report("telegram", errors.New("TELEGRAM_TOKEN: needed; @BotFather gives one"), "")
		return
	}
	texts, err := locales.Load()
	if err != nil {
		report("telegram", err, "")
		return
	}
	bot, err := telegram.New(telegram.Config{
		Token: telegram.NewToken(c.Telegram.Token), APIURL: c.Telegram.APIURL, Log: slog.New(slog.DiscardHandler),
	}, engine.Inbox{}, texts, nil)
	if err == nil {
		err = bot.Check(ctx)
	}
	if err != nil {
		report("telegram", fmt.Errorf("%s: %w", c.Telegram.APIURL, err), "")
		return
	}
	report("telegram", nil, "@"+bot.Username()+" at "+c.Telegram.APIURL)
}

// checkVendor asks the vendor whether no session is alive. It is not, and that
// it says so in its own words shows that it is the vendor who answers.
func checkVendor(ctx context.Context, c Config, vendor *zomro.Client, report reporter) {
	err := vendor.KeepAlive(ctx, zomro.Auth{Session: zomro.NewSecret("none"), Lang: "en"})
	if zomro.KindOf(err) == zomro.Denied {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", c.Zomro.APIURL, err)
	}
	report("vendor", err, "answers at "+c.Zomro.APIURL)
}

func checkStore(ctx context.Context, c Config, vendor *zomro.Client, report reporter) {
	keys, err := c.Keyring()
	if err != nil {
		report("keys", err, "")
		return
	}
	report("keys", nil, keys.String())
	store, err := storage.Open(ctx, c.Storage.URL, keys)
	if errors.Is(err, storage.ErrLocked) {
		report("store", nil, c.Storage.URL+" is held by a running bot; its accounts are not tried")
		return
	}
	if err != nil {
		report("store", err, "")
		return
	}
	defer func() { _ = store.Close() }()
	report("store", storage.Healthy(ctx, store, minFree), c.Storage.URL+" opens and can be written")
	accounts, err := engine.CheckAccounts(ctx, store, vendor)
	if err != nil {
		report("accounts", err, "")
	}
	for _, a := range accounts {
		report("account", a.Err, fmt.Sprintf("%s: %d plans in %d datacenters, balance %s %s", a.Name, a.Plans, a.Datacenters, a.Balance.Amount.StringFixed(2), a.Balance.Currency))
	}
}
