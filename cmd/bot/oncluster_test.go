package main

import (
	"os"
	"testing"
)

// TestOnCluster runs a sample of the tests of the program on a cluster: purchases, older copies
// and the crashes at what an order must pass, also of a bot
// that is stopped in its payment until another one has taken over. make cluster runs all, with
// the orders of teams, of two logins and from vendors that answer wrongly among the crashes, and
// what people and a team may do by chance.
func TestOnCluster(t *testing.T) {
	if os.Getenv(onClusterToo) != "" {
		t.Skip("all tests are on the cluster")
	}
	t.Parallel()
	for name, test := range map[string]func(*testing.T){
		"TestOwnerStopsAndAllowsPurchases": TestOwnerStopsAndAllowsPurchases,
		"TestOlderCopyOfTheStore":          TestOlderCopyOfTheStore,
		"TestLostCallIsToldOnce":           TestLostCallIsToldOnce,
		"TestCommitOfUnknownOutcome":       TestCommitOfUnknownOutcome,
		"TestTwoPurchasesOfOneAccount":     TestTwoPurchasesOfOneAccount,
		"TestBatchGoesOnAfterARestart":     TestBatchGoesOnAfterARestart,
		"TestBuyersRaceForALimit":          TestBuyersRaceForALimit,
		"TestStopOfABusyBot":               TestStopOfABusyBot,
		"TestCrashMatrix":                  TestCrashMatrix,
	} {
		t.Run(name, test)
	}
}
