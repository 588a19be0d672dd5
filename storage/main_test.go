package storage_test

import (
	"os"
	"testing"
)

// roleVariable says which part a process of this test binary plays; without it,
// it runs the tests.
const roleVariable = "STORAGE_TEST_ROLE"

func TestMain(m *testing.M) {
	switch role := os.Getenv(roleVariable); role {
	case "":
		os.Exit(m.Run())
	case "write":
		os.Exit(writeUntilKilled())
	default:
		panic("unknown role " + role)
	}
}
