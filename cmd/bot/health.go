package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"time"

	"zomrobot/engine"
	"zomrobot/storage"
)

const healthPath = "/healthz"

// unwell says of an error of [storage.Healthy] what is the matter.
func unwell(err error) string {
	if errors.Is(err, storage.ErrFull) {
		return "the store is nearly full, so nothing is bought"
	}
	return "the store cannot be written"
}

// healthHandler answers 200 while the store can be written, is not nearly full and Telegram is heard,
// 503 otherwise.
func healthHandler(store storage.Store, deaf func() error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := storage.Healthy(r.Context(), store, engine.MinFree); err != nil {
			http.Error(w, unwell(err), http.StatusServiceUnavailable)
			return
		}
		if deaf() != nil {
			http.Error(w, "nothing is heard from Telegram", http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, "ok\n")
	})
}

func runHealth(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if err := parse(flag.NewFlagSet("health", flag.ContinueOnError), args, stderr); err != nil {
		return err
	}
	c, err := ReadConfig()
	if err != nil {
		return usage(err)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.HTTP.Addr+healthPath, http.NoBody)
	if err != nil {
		return usage(fmt.Errorf("HTTP_ADDR: %w", err))
	}
	direct := &http.Client{Transport: &http.Transport{}} // no proxy of the environment
	response, err := direct.Do(request)
	if err != nil {
		return fmt.Errorf("no bot answers; is it started, and with this HTTP_ADDR? %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		why, _ := io.ReadAll(io.LimitReader(response.Body, 200)) // without it the status has to suffice
		return fmt.Errorf("the bot is unwell: %s: %s", response.Status, bytes.TrimSpace(why))
	}
	how, err := io.ReadAll(io.LimitReader(response.Body, 200))
	if err != nil {
		return fmt.Errorf("no bot answers: %w", err)
	}
	_, err = fmt.Fprintf(stdout, "%s\n", bytes.TrimSpace(how))
	return err
}
