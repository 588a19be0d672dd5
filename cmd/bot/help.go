package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/kelseyhightower/envconfig"
)

const environment = `{{range .}}{{usage_key .}}	{{usage_default .}}	{{usage_description .}}
{{end}}`

func runHelp(_ context.Context, args []string, stdout, stderr io.Writer) error {
	if err := parse(flag.NewFlagSet("help", flag.ContinueOnError), args, stderr); err != nil {
		return err
	}
	out := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(out, "bot orders a Zomro Cloud VPS from a Telegram chat.\n%s\n\nVerbs:\n", thisBuild())
	for _, c := range commands() {
		_, _ = fmt.Fprintf(out, "  bot %s %s\t%s\n", c.name, c.args, c.about)
	}
	_, _ = fmt.Fprint(out, "\nEnvironment:\n")
	var c Config
	for _, p := range c.parts() {
		if err := envconfig.Usagef(p.prefix, p.spec, out, environment); err != nil {
			return fmt.Errorf("show the variables of %s: %w", p.prefix, err)
		}
	}
	_, _ = fmt.Fprint(out, "OWNERS\t\tTelegram ids that may use owner commands\n")
	_, _ = fmt.Fprint(out, "\nExit codes: 0 done, 1 failed, 2 wrong usage or configuration.\n")
	return out.Flush()
}
