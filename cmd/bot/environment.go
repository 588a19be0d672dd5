package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/kelseyhightower/envconfig"
)

// ids are Telegram ids in a variable: separated by commas or spaces.
type ids []int64

// errID: what stands between two commas is not an id. The text is not quoted.
var errID = errors.New("not an id")

// Decode reads the variable.
func (l *ids) Decode(value string) error {
	*l = nil
	for _, word := range list(value) {
		id, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return errID
		}
		*l = append(*l, id)
	}
	if len(*l) == 0 {
		return errID // commas alone: they cannot be meant as "everybody"
	}
	return nil
}

// list takes a list of a variable apart.
func list(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\r' || r == '\n' })
}

// known are the names of the variables that the program reads.
func (c *Config) known() ([]string, error) {
	names := []string{"OWNERS"}
	for _, p := range c.parts() {
		var out bytes.Buffer
		if err := envconfig.Usagef(p.prefix, p.spec, &out, "{{range .}}{{usage_key .}}\n{{end}}"); err != nil {
			return nil, fmt.Errorf("list the variables of %s: %w", p.prefix, err)
		}
		names = append(names, strings.Fields(out.String())...)
	}
	return names, nil
}

// tidy strips what surrounds the values of the variables, such as the line end of a
// file written on Windows, and removes those that are set to nothing, which then have
// their defaults.
func tidy(names []string) error {
	for _, name := range names {
		value, set := os.LookupEnv(name)
		tidied := strings.TrimSpace(value)
		var err error
		switch {
		case set && tidied == "":
			err = os.Unsetenv(name)
		case tidied != value:
			err = os.Setenv(name, tidied)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// foreign returns the variables that begin like the program's own but are not among
// them: others set such variables, as Kubernetes does for a service called storage.
// One that is nearly a name of ours is taken for a slip, and is an error.
func (c *Config) foreign(names []string) ([]string, error) {
	var others []string
	for _, p := range c.parts() {
		if !p.strict {
			continue
		}
		for _, variable := range os.Environ() {
			name, _, _ := strings.Cut(variable, "=")
			if !strings.HasPrefix(name, p.prefix+"_") || slices.Contains(names, name) {
				continue
			}
			for _, ours := range names {
				if near(name, ours) {
					return nil, fmt.Errorf("unknown environment variable %s: is it a misspelt %s? bot help shows all", name, ours)
				}
			}
			others = append(others, name)
		}
	}
	slices.Sort(others)
	return others, nil
}

// near reports whether a name can be a slip for another one: two letters are wrong, or
// a word is missing or added.
func near(name, ours string) bool {
	const slips = 2
	if distance(name, ours) <= slips {
		return true
	}
	long, short := strings.Split(name, "_"), strings.Split(ours, "_")
	if len(long) < len(short) {
		long, short = short, long
	}
	if len(long) != len(short)+1 {
		return false
	}
	for i := range long {
		if slices.Equal(slices.Delete(slices.Clone(long), i, i+1), short) {
			return true
		}
	}
	return false
}

// distance is how many letters have to be put in, taken out or replaced to turn one
// name into another.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
