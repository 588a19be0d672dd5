package conversation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"zomrobot/conversation"
	serverflow "zomrobot/conversation/server"
	"zomrobot/job"
	"zomrobot/team"
	"zomrobot/zomro"
)

func isActs(e conversation.Effect) bool { return is[serverflow.Acts](e) }

// choosing is a talk in which servers were marked.
func choosing(t *testing.T, names ...string) *talk {
	t.Helper()
	k := loggedIn(t).command("/servers").tap("Choose several")
	for _, name := range names {
		k.say(name).tap(name)
	}
	if len(names) > 0 {
		k.tap("Show all")
	}
	return k
}

// done is what is done with which servers, by the last step.
func done(t *testing.T, k *talk) string {
	t.Helper()
	text := ""
	for _, e := range k.effects {
		if acts, ok := e.(serverflow.Acts); ok {
			for _, o := range acts.Orders {
				text += fmt.Sprintf("%s %s of %s;", o.Op, o.Server, o.Account)
			}
		}
	}
	return text
}

// TestSeveralAtOnce: nothing is done unasked; the question names each server that it is
// about, and those that are left out, with their state.
func TestSeveralAtOnce(t *testing.T) {
	k := choosing(t, "web-1", "web-2", "web-6").sees("3 marked: web-1, web-2, web-6", "[✓ 🟢 web-1]", "[▶️ Start]", "[⏹ Stop]", "[🔁 Reboot]", "[🗑 Delete…]")
	k.say("db").sees("3 marked", "db-61").seesNot("[✓ 🟢 web-1]").tap("All 3").sees("6 marked")
	k.tap("Show all").tap("web-6").sees("5 marked").tap("Stop")
	k.sees("Stop 4 servers?", "🟢 web-1\n", "🟢 db-61\n", "Skipping 1 of 5, state “stopped”: web-2", "together they cost", "[⏹ Stop]").seesNot("web-6")
	if k.count(isActs)+k.count(isAct) != 0 {
		t.Fatal("it was done unasked")
	}
	k.tap("‹ Back").sees("5 marked").tap("Stop").tap("Stop")
	if got := done(t, k); got != "stop 51 of 7;stop 61 of 7;stop 62 of 7;stop 63 of 7;" {
		t.Errorf("done is %s", got)
	}
	if k = choosing(t, "web-1", "web-7").tap("Stop"); whereIs(k.d) != string(serverflow.PlaceServerAsk) {
		t.Errorf("one server is asked about at %s", whereIs(k.d))
	}
	k.sees("Stop `web-1`?", "Skipping 1 of 2, state “Odd ”: web-7").tap("Stop")
	if act := k.has("act", isAct).(serverflow.Act); act.Order.Server != "51" {
		t.Errorf("got %+v", act)
	}
	choosing(t, "web-6").seesNot("[⏹ Stop", "[▶️ Start", "[🗑 Delete").tap("None").seesNot("marked:")
}

// TestStateIsAskedForAnew before it is asked whether to do something with several servers.
func TestStateIsAskedForAnew(t *testing.T) {
	k := choosing(t, "web-1", "db-61", "db-62", "db-63")
	now := serversOf()
	now[0].PowerState = zomro.PowerStopped
	k.servers = slices.DeleteFunc(now, func(s zomro.Service) bool { return s.ID == "63" })
	k.tap("Reboot").sees("Reboot 2 servers?", "🟢 db-61\n🟢 db-62\n", "Skipping 1 of 4, state “stopped”: web-1", "No longer in the account: #63")
	k.servers = []zomro.Service{now[0], now[1]}
	k.tap("‹ Back").tap("web-2").sees("4 marked").tap("Start").sees("Start 2 servers?", "No longer in the account: #61, #62").
		tap("‹ Back").sees("2 marked: web-1, web-2").tap("Start").tap("Start")
	if got := done(t, k); got != "start 51 of 7;start 52 of 7;" {
		t.Errorf("done is %s", got)
	}
	k = choosing(t, "web-1", "db-61")
	k.auto = false
	if k.tap("Stop"); len(buttons(k.card())) > 2 {
		t.Errorf("what is not known can be confirmed:\n%s", show(t, k.card()))
	}
	k.step(serverflow.ServersLoaded{Asked: "7", Account: "7", Problem: &conversation.Problem{Kind: zomro.Transient}})
	k.sees("isn't responding", "[🔄 Try again]")
	k.tap("Try again").step(serverflow.ServersLoaded{Asked: "7", Account: "7", Services: serversOf()}).sees("Stop 2 servers?")
}

// TestSeveralAreDeletedByTheirNumber: it is typed exactly; a tap deletes nothing, and each
// server is named with its id.
func TestSeveralAreDeletedByTheirNumber(t *testing.T) {
	k := choosing(t, "web-1", "web-2", "web-6", "db-61").tap("Delete")
	k.sees("Delete 3 servers?", "web-1 (#51)", "web-2 (#52)", "db-61 (#61)", "Skipping 1 of 4", "lost for good", "Don't expect a refund", "may stay and go on costing", "type the number")
	for _, b := range buttons(k.card()) {
		if verb := verbOf(b.Data); verb != "back" && verb != "cancel" {
			t.Errorf("there is a button %s", b.Data)
		}
	}
	k.press(fmt.Sprintf("w1:%s:%d:yes", conversation.NoCard, k.d.Rev))
	for _, wrong := range []string{"4", "33", "three", "yes", "web-1", "03", "3 "} {
		if k.say(wrong); wrong == "3 " {
			break // signs that cannot be seen do not count
		}
		if k.count(isActs)+k.count(isAct) != 0 {
			t.Fatalf("%q deletes", wrong)
		}
		k.sees("Nothing was deleted")
	}
	if got := done(t, k); got != "delete 51 of 7;delete 52 of 7;delete 61 of 7;" {
		t.Errorf("done is %s", got)
	}
	if k = choosing(t, "web-1", "web-6").tap("Delete"); whereIs(k.d) != string(serverflow.PlaceServerDelete) {
		t.Errorf("a single one is deleted at %s", whereIs(k.d))
	}
	k = choosing(t, "web-1", "web-2")
	k.auto = false
	if k.tap("Delete").say("2"); k.count(isActs) != 0 {
		t.Error("servers were deleted before they were named")
	}
	k = choosing(t, "web-1", "web-2").tap("Delete").wait(31 * time.Minute).say("2")
	if k.count(isActs) != 0 {
		t.Error("servers were deleted by an old question")
	}
}

// many is a talk in an account of so many servers, with names as long as they can be.
func many(t *testing.T, n int) *talk {
	t.Helper()
	k := loggedIn(t)
	for i := range n {
		k.servers = append(k.servers, zomro.Service{
			ID: fmt.Sprint(6100000 + i), Name: strings.Repeat("n", 96) + fmt.Sprintf("-%03d", i),
			Status: zomro.StatusActive, Code: "2", PowerState: "active", IPv6: fmt.Sprintf("2001:db8:1111:2222:3333:4444:5555:%04d", i),
		})
	}
	return k
}

// mostText is what Telegram takes in a message, in UTF-16 code units.
const mostText = 4096

// TestLimitsOfSeveral: so many can be marked and no more, and what is said of them fits
// into a message, however long their names are.
func TestLimitsOfSeveral(t *testing.T) {
	k := many(t, 130)
	k.command("/servers").tap("Choose several").tap("All 130")
	if got := k.toast(); got != "toast.several_full" {
		t.Errorf("told %q", got)
	}
	k.sees("50 marked").say("-129").tap("-129")
	if got := k.toast(); got != "toast.several_full" {
		t.Errorf("told %q", got)
	}
	fits := func(k *talk, what string) {
		t.Helper()
		for _, lang := range []string{"en", "ru"} {
			text := ""
			for _, line := range k.card().Lines {
				text += write(t, lang, line) + "\n"
			}
			if n := len(utf16.Encode([]rune(text))); n > mostText {
				t.Errorf("%s takes %d of a message in %s", what, n, lang)
			}
		}
	}
	fits(k, "the choice")
	k.tap("Show all")
	fits(k, "the choice")
	for _, op := range []string{"Stop", "Delete"} {
		k.tap(op)
		fits(k, op)
		k.sees("50 servers?")
		if op == "Delete" {
			for _, s := range k.servers[:50] {
				k.sees("(#" + s.ID + ")")
			}
		}
		k.tap("‹ Back")
	}
	for i := range k.servers[:50] {
		k.servers[i].PowerState = "stopped"
	}
	fits(k.tap("Stop").sees("can't be done", "Skipping 50 of 50"), "what is left out")
}

// TestSeveralInAGroup: stop, start and reboot for whoever may operate, once Telegram has
// told what they are; nothing for others, and nothing is deleted there.
func TestSeveralInAGroup(t *testing.T) {
	others := inTeam(t)
	others.batch = job.Stop
	others.command("/servers").seesNot("Choose several")
	others.press("b1:0011223344556677").sees("Your role in the team doesn't allow this").seesNot("[⏹ Stop", "web-1")
	at := func() *talk {
		k := inTeam(t)
		k.operates = true
		return k.command("/servers").tap("Choose several").tap("web-1").tap("db-61")
	}
	k := at().sees("[⏹ Stop]", "[🔁 Reboot]").seesNot("Delete")
	k.press(fmt.Sprintf("w1:%s:%d:do.9:16", conversation.NoCard, k.d.Rev))
	if whereIs(k.d) != string(serverflow.PlaceServersPick) {
		t.Fatalf("deletion in a group leads to %s", whereIs(k.d))
	}
	k.tap("Stop").sees("Stop 2 servers?")
	k.auto = false
	check := k.tap("Stop").has("check", is[conversation.Check]).(conversation.Check)
	if len(check.Acts) != 2 || k.count(isActs) != 0 {
		t.Fatalf("asked for %+v", check)
	}
	asks := k.d
	for name, c := range map[string]struct {
		d       conversation.Dialogue
		checked conversation.Checked
		acts    int
	}{
		"allowed":    {asks, conversation.Checked{Check: check, Status: team.StatusMember, Holder: 42}, 1},
		"not known":  {asks, conversation.Checked{Check: check, Failed: true}, 0},
		"taken back": {at().d, conversation.Checked{Check: check, Status: team.StatusMember, Holder: 42}, 0},
		"others":     {at().tap("web-2").tap("Stop").d, conversation.Checked{Check: conversation.Check{Acts: check.Acts[:1], Made: check.Made}, Status: team.StatusMember, Holder: 42}, 0},
	} {
		k.d = c.d
		k.step(c.checked)
		if k.count(isActs) != c.acts {
			t.Errorf("%s: %s", name, describe(t, k.effects))
		}
	}
	k.d = asks
	k.now = k.now.Add(conversation.IntentLives + time.Second)
	if k.step(conversation.Checked{Check: check, Status: team.StatusMember, Holder: 42}); k.count(isActs) != 0 {
		t.Error("done on an old word")
	}
}

// batchOf is a batch of jobs with the servers s-1, s-2, …, each at a stage.
func batchOf(op job.Op, stages ...job.Stage) (job.Batch, []job.Record) {
	b := job.Batch{ID: "0011223344556677", Op: op, Account: "7"}
	var jobs []job.Record
	for i, stage := range stages {
		r := job.Record{ID: fmt.Sprint("j", i+1), Order: job.Order{Server: fmt.Sprint(i + 1), Name: fmt.Sprint("s-", i+1), Op: op}, Stage: stage, Batch: b.ID}
		if stage == job.Refused {
			r.Failure = &job.Failure{Kind: zomro.Refused, Message: "No."}
		}
		b.Jobs, jobs = append(b.Jobs, r.ID), append(jobs, r)
	}
	return b, jobs
}

// TestCardOfABatch: what has to be looked at comes first, with its reason once for all of
// which it is the same; only those that were not done are tried again.
func TestCardOfABatch(t *testing.T) {
	b, jobs := batchOf(job.Stop, job.Done, job.Following, job.Sending, job.Refused, job.Refused, job.Done)
	got := show(t, serverflow.RenderBatch(b, jobs))
	const want = "⚙️ 6 servers: stop\n⏳ Finished: 4 of 6.\n❌ Not done: s-4, s-5\nZomro says: No.\n" +
		"▫️ Not sent yet: s-3\n⏳ Accepted by Zomro, in progress: s-2\n✅ Done: s-1, s-6\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	b, jobs = batchOf(job.Stop, job.Done, job.Unclear, job.Late, job.Dropped, job.Failed, job.Refused)
	b.Busy = []job.Order{{Server: "9", Name: "s-9"}}
	got = show(t, serverflow.RenderBatch(b, jobs))
	for _, part := range []string{"7 servers", "error on the server, check the panel: s-5\n❌ Not done: s-6", "Unknown whether it was done; I did not repeat it, please check: s-2", "not finished within 15 minutes: s-3", "nothing was done: s-4", "busy with another action: s-9", "costs the same", "[🔁 Try again: 6]"} {
		if !strings.Contains(got, part) {
			t.Errorf("it does not say %q:\n%s", part, got)
		}
	}
	if got := b.Undone(jobs); strings.Join(got, " ") != "2 3 4 5 6 9" {
		t.Errorf("undone are %v", got)
	}
	b, jobs = batchOf(job.Delete, job.Done, job.Done)
	if got := show(t, serverflow.RenderBatch(b, jobs)); strings.Contains(got, "Try again") || strings.Contains(got, "Finished") {
		t.Errorf("all is done:\n%s", got)
	}
	jobs[0].Stage, jobs[0].Unsure = job.Following, true
	if got := show(t, serverflow.RenderBatch(b, jobs)); !strings.Contains(got, "won't repeat it and am watching: s-1") {
		t.Errorf("its answer is lost:\n%s", got)
	}
}

// TestCardOfABatchFits into a message whatever the vendor says of each server, and however
// long their names are.
func TestCardOfABatchFits(t *testing.T) {
	stages := slices.Repeat([]job.Stage{job.Refused}, job.MostAtOnce)
	b, jobs := batchOf(job.Reboot, stages...)
	for i := range jobs {
		jobs[i].Order.Name = strings.Repeat("n", 90) + fmt.Sprint(i)
		jobs[i].Failure.Message = fmt.Sprint(i, strings.Repeat(" no", 40))
	}
	s := serverflow.RenderBatch(b, jobs)
	text := ""
	for _, line := range s.Lines {
		text += write(t, "ru", line) + "\n"
	}
	if n := len(utf16.Encode([]rune(text))); n > mostText {
		t.Errorf("it takes %d", n)
	}
	for i := range jobs {
		jobs[i].Failure.Message = "No."
	}
	if got := show(t, serverflow.RenderBatch(b, jobs)); !strings.Contains(got, "more\nZomro says: No.") {
		t.Errorf("the reason is not told:\n%s", got)
	}
}

// TestBatchOfATeam: a group is not told the vendor's words; the holder of the account is.
func TestBatchOfATeam(t *testing.T) {
	b, jobs := batchOf(job.Stop, job.Refused, job.Done)
	b.For = &job.For{Team: "-1001:7", Holder: 42, By: "Dave"}
	for i := range jobs {
		jobs[i].For = b.For
	}
	group := show(t, serverflow.RenderBatch(b, jobs))
	if !strings.Contains(group, "Dave") || strings.Contains(group, "No.") {
		t.Errorf("the group sees\n%s", group)
	}
	news, differs := serverflow.HolderNewsOfBatch(b, jobs, "Backend")
	if got := show(t, news); !differs || !strings.Contains(got, "Backend") || !strings.Contains(got, "Zomro says: No.") || strings.Contains(got, "Try again") {
		t.Errorf("the holder is told\n%s", got)
	}
	jobs[0].Stage, jobs[0].Failure = job.Done, nil
	if _, differs := serverflow.HolderNewsOfBatch(b, jobs, "Backend"); differs {
		t.Error("the holder is told what the group was")
	}
}

// TestTryAgainAsks about what was not done, as it stands now.
func TestTryAgainAsks(t *testing.T) {
	k := loggedIn(t)
	k.batch = job.Stop
	k.press("b1:0011223344556677").sees("Stop 3 servers?", "web-1", "db-61", "db-63")
	if k.count(isActs) != 0 {
		t.Error("it was done unasked")
	}
	if k.tap("Stop"); done(t, k) != "stop 51 of 7;stop 61 of 7;stop 63 of 7;" {
		t.Errorf("done is %s", done(t, k))
	}
	k.batch = job.Start
	k.press("b1:0011223344556677").sees("can't be done", "Skipping 3 of 3, state “running”")
	k.batch = job.Delete
	if k.press("b1:0011223344556677").say("3"); !strings.HasPrefix(done(t, k), "delete 51") {
		t.Errorf("done is %s", done(t, k))
	}
	k.auto = false
	k.press("b1:0011223344556677").step(serverflow.BatchRecalled{Batch: "0011223344556677"})
	if whereIs(k.d) != string(serverflow.PlaceServers) {
		t.Errorf("a batch that is not known leads to %s", whereIs(k.d))
	}
	if k = newTalk(t, private).press("b1:0011223344556677"); k.d.Aside != nil {
		t.Errorf("without an account it leads to %s", whereIs(k.d))
	}
}
