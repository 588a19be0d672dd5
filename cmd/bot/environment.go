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

// foreign returns the variables that may be meant for the program but are not among its
// own: others set such variables, as Kubernetes does for a service called storage. One that
// is nearly a name of ours is taken for a slip, and is an error.
func (c *Config) foreign(names []string) ([]string, error) {
	var others []string
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if slices.Contains(names, name) {
			continue
		}
		if i := slices.IndexFunc(names, func(ours string) bool { return c.slip(name, ours) }); i >= 0 {
			return nil, fmt.Errorf("unknown environment variable %s: is it a misspelt %s? bot help shows all", name, names[i])
		}
		if c.begins(name, true) || slices.ContainsFunc(names, func(ours string) bool { return distance(name, ours) == 1 }) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	return others, nil
}

// begins reports whether a name begins like the variables of a part; with strict, of one
// that nobody else has such of.
func (c *Config) begins(name string, strict bool) bool {
	return slices.ContainsFunc(c.parts(), func(p part) bool {
		return (p.strict || !strict) && strings.HasPrefix(name, p.prefix+"_")
	})
}

// longName is how long a name is that is not likely to be one letter from somebody else's.
const longName = 8

// slip reports whether a name is taken for a slip for one of ours: nearly the same where
// others have no such names, up to two letters wrong after a beginning of ours, or one
// letter anywhere in a long name.
func (c *Config) slip(name, ours string) bool {
	switch {
	case c.begins(name, true):
		return near(name, ours)
	case c.begins(name, false):
		return distance(name, ours) <= slips
	default:
		return min(len(name), len(ours)) >= longName && distance(name, ours) == 1
	}
}

// slips is how many letters may be wrong in a name that begins like ours.
const slips = 2

// near reports whether a name can be a slip for another one: two letters are wrong, or
// a word is missing or added.
func near(name, ours string) bool {
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
