package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// withDetector are the tests that run with the race detector, unless -run names others;
// without it all do. They are those of what happens at the same time, processes of the bot
// with real clocks, whatever people may do by chance, and some cases of the
// crashes. With the detector a test takes eight times as long, and the dialogues and tables
// of faults differ only in what is said.
var withDetector = []string{
	// The ways through everything.
	"TestAnythingMayHappen", "TestAnythingMayHappenToATeam", "TestCrashMatrix", "TestCrashOfJobs",

	// Processes and the demo.
	"TestProcessOrders", "TestDemo", "TestDemoAnew", "TestDemoEndsItsBot", "TestStatusIsInOrder",

	// Many people, taps and calls at the same time.
	"TestApproversAndACancellerRace", "TestBuyersRaceForALimit", "TestPeopleTapAtTheBot",
	"TestManyPeopleOneRequest", "TestCostsAreReadOnceForMany", "TestCostsAreNotInTheWayOfAPayment",
	"TestManyTapsStopAServerOnce", "TestManyTapsStopServersOnce", "TestOneThingAtATimeWithAServer",
	"TestServersAreStoppedOneAfterTheOther", "TestBatchGoesOnAfterARestart",
	"TestSessionsThatServeOneCallAtATime", "TestHowLongAPurchaseTakes", "TestTheCartIsLookedAtLast",
	"TestTwoPurchasesOfOneAccount", "TestLoginBesideALogin", "TestReviewedAccountPays", "TestPresses",
	"TestPicturesAreNotTaken", "TestApproversAreAskedOnceTelegramAnswers", "TestListsOfDialogues",

	// What comes while something is under way, or fails under it.
	"TestCancelledWhileItReads", "TestCancelWhileHeldUp", "TestCancelBeforePaying", "TestTooLateToCancel", "TestStopBetweenLookAndCall",
	"TestOtherAccountWhileACallIsDenied", "TestCommitOfUnknownOutcome", "TestTurnOfUnknownOutcome",
	"TestStoreThatFailsNowAndThen", "TestSessionThatMayBeAlive", "TestBlindPurchaseSeesAgain",
	"TestMoveThatNobodyTold", "TestPromptMovesAlong", "TestOwnersHearThatTheBotIsDeaf",

	// The order and the pace of what is sent, and what is due.
	"TestNobodyWaitsOnTheWayToAnOrder", "TestStricterLimitsAreLearned", "TestAPressIsAnsweredBesideItsCard",
	"TestTheVendorIsAskedWhileMessagesWait", "TestOrdersInAGroupKeepTelegramsPace",
	"TestOnePassADay", "TestServerIsForgotten", "TestNobodyIsRemindedOfALostAccount",

	// The store of before.
	"TestOlderCopyOfTheStore", "TestDamagedPurchase",
}

// TestDetectorHasItsTests: no test has left the detector, or what is left to the gate, by another
// name.
func TestDetectorHasItsTests(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(string(text), -1) {
			all = append(all, found[1])
		}
	}
	for _, name := range slices.Concat(withDetector, leftToGate) {
		if !slices.Contains(all, name) {
			t.Errorf("there is no %s to run with the detector, or to leave to the gate", name)
		}
	}
}

// wholeWithout are those of withDetector that are whole only without the detector, where
// they have all of their cases.
var wholeWithout = []string{"TestAnythingMayHappen", "TestAnythingMayHappenToATeam", "TestCrashMatrix", "TestCrashOfJobs"}

// leftToGate are the tests that take long and are about what changes seldom: they are left out
// where the tests are short.
var leftToGate = []string{
	"TestBytesPerDraft", "TestLicencesAreLookedAt", "TestSoak",
	"TestTrialOfASpoiltVendor", "TestPaymentBesideATrial", "TestDamagedTrial",
	"TestTwoLoginsAddAtTheSameSecond", "TestWhatTheOtherUserPaid", "TestTheLaterRowIsTakenOutAgain",
	"TestTwoPlansBesideAnOrder", "TestRenewalBesideAnOrder", "TestResizeIsJudgedByTheAccount",
	"TestGroupsLearnNothingOfTheAccount", "TestLedgerIsTiedToTheBook",
	"TestSessionsThatServeOneCallAtATime", "TestManyPeopleOneRequest",
	"TestContributing", "TestNotices", "TestLoadWhateverIsAnswered", "TestGroupBecomesSupergroup",
	"TestNoCarrierKeepsASecret", "TestTeamPaysAsItIsNow", "TestTwoUsersOfOneAccount",
	"TestNewsOfMoneyAreNotDropped", "TestLoweredLimitHoldsForNewTerms",
}

// chooseTests has a process run the tests that are for it, unless it is said which: with
// the detector those of withDetector, where the tests are short those that take not long, and
// else what is not whole with the detector.
func chooseTests() {
	run, skip := flag.Lookup("test.run").Value, flag.Lookup("test.skip").Value
	if run.String() != "" || skip.String() != "" {
		return
	}
	choice, names := skip, leftToGate
	switch {
	case raced:
		choice, names = run, withDetector
	case !testing.Short():
		names = slices.DeleteFunc(slices.Clone(withDetector), func(name string) bool { return slices.Contains(wholeWithout, name) })
	}
	if err := choice.Set("^(" + strings.Join(names, "|") + ")$"); err != nil {
		panic(err)
	}
}

// thinned reports whether a table has only few of its cases run here: with the race
// detector, or where the tests are short. Most cases differ only in what the vendor answers.
func thinned(t *testing.T) bool {
	t.Helper()
	switch {
	case raced:
		t.Log("with the race detector only some cases are run")
	case testing.Short():
		t.Log("only some cases are run, for the tests are short")
	}
	return raced || testing.Short()
}

// thinTo is of how many cases one is run where a table is thinned.
const thinTo = 5

// wholeTables is in the environment where tables have all of their cases run and the bot is
// killed at every point, as make crash has it: make test has a part of both.
const wholeTables = "WHOLE_TABLES"

// whole reports whether tables have all of their cases run.
func whole() bool { return os.Getenv(wholeTables) != "" || rewriting() }

// rewriting reports whether what was seen is to be the page that it is held to.
func rewriting() bool { return flag.Lookup("rewrite").Value.String() == "true" }
