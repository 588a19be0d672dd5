package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"zomrobot/storage"
)

func runKeygen(_ context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("keygen", flag.ContinueOnError)
	id := flags.String("id", time.Now().UTC().Format(time.DateOnly), "what the key is called")
	if err := parse(flags, args, stderr); err != nil {
		return err
	}
	key, err := storage.GenerateKey(*id)
	if err != nil {
		return usage(err)
	}
	_, err = fmt.Fprintln(stdout, key)
	return err
}
