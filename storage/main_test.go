package storage_test

import (
	"flag"
	"os"
	"testing"
)

// roleVariable says which part a process of this test binary plays; without it,
// it runs the tests.
const roleVariable = "STORAGE_TEST_ROLE"

func TestMain(m *testing.M) {
	switch role := os.Getenv(roleVariable); role {
	case "":
		if err := flag.Set("rapid.checks", "40"); err != nil { // unless said: each is a store of its own
			panic(err)
		}
		os.Exit(m.Run())
	case "write":
		os.Exit(writeUntilKilled())
	default:
		panic("unknown role " + role)
	}
}
