//go:build race

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// raced says that these tests run with the race detector.
const raced = true

// TestTablesWhole runs all cases of the tables, without the race detector.
func TestTablesWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("builds these tests once more, and kills the bot more than two hundred times")
	}
	t.Parallel()
	all := exec.CommandContext(t.Context(), "go", "test", "-race=false", "-vet=off", "-count=1", "-timeout=20m", "-v", "-run=^("+strings.Join(caseTables, "|")+")$", ".")
	all.Env = append(os.Environ(), wholeTables+"=1")
	out, err := all.CombinedOutput()
	if err != nil {
		t.Errorf("without the race detector: %v\n%s", err, out)
	}
	for _, name := range caseTables {
		if !strings.Contains(string(out), fmt.Sprintf("--- PASS: %s (", name)) {
			t.Errorf("%s was not run, or has failed", name)
		}
	}
}
