package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// caseTables are the tests that make an order for each of many cases, through the whole
// product. With the race detector a case takes seven times as long, and most differ only in
// what the vendor answers. So a test that has the detector runs some of them itself, and
// all of them in this program as it is without it: TestTablesWhole.
var caseTables = []string{
	"TestCrashMatrix", "TestErrors", "TestFaults",

	"TestCrashOfJobs",
	"TestDeedFaults", "TestDeedsKilledAroundACall",

	"TestAddWithoutAnAnswer", "TestChargeIsCountedOnce", "TestChargedMoreThanAgreed", "TestNewsThatComeLate", "TestClockGoesBack", "TestDoubtIsAsked", "TestItemCalledOtherwise",
	"TestNamesDropped", "TestNamesDroppedOfThreeRows", "TestNotPaidWhateverIsAnswered", "TestOrderedNotPaid",
	"TestPaidWhateverIsAnswered", "TestProlongationBesideARenewal", "TestProlongationByAVendorThatDoesOtherwise",
	"TestRowsThatAreMarked", "TestStaleCartOfAGivenName", "TestTakenLater", "TestThreeRows",
}

// thinned reports whether a table has only some of its cases run here.
func thinned(t *testing.T) bool {
	t.Helper()
	name, _, _ := strings.Cut(t.Name(), "/")
	if raced && !slices.Contains(caseTables, name) {
		t.Fatalf("%s is not among the tables, so that nobody runs the cases that are left out here", name)
	}
	return raced
}

// wholeTables is in the environment of a process of this program that runs the tables for
// one with the race detector, as the gate has it.
const wholeTables = "WHOLE_TABLES"

// sparse reports whether the crash matrix has only some of its points: while somebody works
// on the program, and not at the gate.
func sparse() bool { return os.Getenv(wholeTables) == "" }
