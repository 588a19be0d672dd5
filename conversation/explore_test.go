package conversation_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"zomrobot/chat"
	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	"zomrobot/conversation/bill"
	"zomrobot/conversation/expense"
	"zomrobot/conversation/home"
	imageflow "zomrobot/conversation/image"
	orderflow "zomrobot/conversation/order"
	serverflow "zomrobot/conversation/server"
	teamflow "zomrobot/conversation/team"
	trialflow "zomrobot/conversation/trial"
	"zomrobot/job"
	"zomrobot/team"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files again")

// edge is a move of the dialogue that a button or a text makes.
type edge struct{ from, to, by string }

// whereIs names the place where a dialogue stands; "[*]" outside of all.
func whereIs(d conversation.Dialogue) string {
	switch {
	case d.Aside != nil:
		return string(d.Aside.Place)
	case d.Draft != nil:
		return string(d.Draft.Place)
	default:
		return "[*]"
	}
}

// typed are the texts with which a place that takes text is explored.
var typed = map[conversation.Place]string{
	trialflow.PlaceExperiment: "0.31", trialflow.PlaceCode: "SUMMER10",
	orderflow.PlaceOffer: "nova", orderflow.PlaceDatacenter: "Germany", orderflow.PlacePlan: "nova", orderflow.PlaceCompare: "nova", orderflow.PlaceAddons: "45",
	orderflow.PlaceSystem: "ubuntu", orderflow.PlaceVersion: "26", orderflow.PlaceAccess: goodPassword,
	orderflow.PlaceKey: "key-1", orderflow.PlacePassword: goodPassword, orderflow.PlaceName: "web-1",
	orderflow.PlaceBackupName: "nightly", orderflow.PlaceBackupTime: "04:20", orderflow.PlaceCount: "7",
	orderflow.PlacePromo: "SUMMER10", accountflow.PlaceLoginWay: goodToken, accountflow.PlaceLoginToken: goodToken, accountflow.PlaceLoginName: "anna@example.com",
	accountflow.PlaceLoginPassword: "anna's own", accountflow.PlaceLoginChecking: "again", bill.PlaceOtherPromo: "OTHER", bill.PlaceReject: "too dear",
	serverflow.PlaceServers: "web", serverflow.PlaceServersPick: "web", serverflow.PlaceServersDelete: "3", serverflow.PlaceServerName: "web-9", serverflow.PlaceServerRDNS: "web-9.example.com", serverflow.PlaceServerPassword: goodPassword,
	serverflow.PlaceServerImage: "ubuntu", serverflow.PlaceServerSize: "zen", serverflow.PlaceServerDelete: "web-1",
	imageflow.PlaceCopies: "before", imageflow.PlaceImages: "golden", imageflow.PlaceCopyName: "before-42", imageflow.PlaceCopyRename: "old", imageflow.PlaceCopyAsk: "before-43", serverflow.PlaceServerAsk: "web-8.example.com",
	imageflow.PlaceCopyRestore: "web-1", imageflow.PlaceCopyDelete: "before", imageflow.PlaceScheduleName: "nightly", imageflow.PlaceScheduleTime: "4.20",
	accountflow.PlaceKeyNew: publicKey, accountflow.PlaceKeyName: "my key", accountflow.PlaceKeyRename: "other key",
	orderflow.PlaceTemplateName: "night job", orderflow.PlaceTemplateText: "datacenter=17 pricelist=1700",
	accountflow.PlaceAccountName: "home", accountflow.PlaceReminderZone: "Berlin", accountflow.PlaceReminderCity: "Prague",
	teamflow.PlaceTeamAbove: "50", teamflow.PlaceTeamLimit: "99,90", teamflow.PlaceBindName: "Company",
	orderflow.PlaceHandPassword: goodPassword, orderflow.PlaceWaits: "2 cpu germany", orderflow.PlaceReview: "2 servers",
}

// explored is what explore found; it is the same for every test.
var explored struct {
	once   sync.Once
	edges  map[edge]bool
	places map[string]bool
}

// explore presses every button and types into every place that can be reached,
// and returns the moves that were made. A button that does nothing fails the test.
func explore(t *testing.T) (map[edge]bool, map[string]bool) {
	t.Helper()
	explored.once.Do(func() { explored.edges, explored.places = walk(t) })
	return explored.edges, explored.places
}

func walk(t *testing.T) (map[edge]bool, map[string]bool) {
	t.Helper()
	edges, places := map[edge]bool{}, map[string]bool{}
	seen := map[string]bool{}
	var queue []*talk
	reach := func(k *talk) {
		places[whereIs(k.d)] = true
		if k.shown == nil {
			return
		}
		// Two dialogues whose cards have the same kinds of buttons count as one.
		shape := []string{whereIs(k.d)}
		if dr := k.d.Draft; dr != nil {
			shape = append(shape, fmt.Sprint(dr.Reviewed, k.backed && !dr.Reviewed, dr.Addon, dr.Search != "", dr.Promo != ""))
			if dr.Backups != nil {
				shape = append(shape, fmt.Sprint(len(dr.Backups.Days) > 0))
			}
			if dr.Plan != nil {
				shape = append(shape, fmt.Sprint(len(dr.Form.Addons)))
			}
		}
		if c, ok := conversation.StateOf[imageflow.Copies](k.d); ok {
			shape = append(shape, fmt.Sprint(len(c.Ask.Schedule.Days) > 0))
		}
		if k.team != nil {
			shape = append(shape, fmt.Sprint(k.team.Team.Account != nil, len(k.team.Team.Names) > 1))
		}
		for _, b := range buttons(*k.shown) {
			verb := verbOf(b.Data)
			if verb == conversation.VerbDo {
				verb = b.Label.Key // which of the deeds
			}
			if !slices.Contains(shape, verb) {
				shape = append(shape, verb)
			}
		}
		if id := strings.Join(shape, " "); !seen[id] {
			seen[id] = true
			queue = append(queue, k)
		}
	}
	root := func(k *talk, line string) {
		from := whereIs(k.d)
		k.quick = true
		k.command(line)
		edges[edge{from, whereIs(k.d), line}] = true
		reach(k)
	}
	root(newTalk(t, private), "/login")
	root(newTalk(t, private), "/order 4 gb")
	returning := loggedIn(t)
	returning.last = lastOne()
	root(returning, "/order")
	root(loggedIn(t), "/logout")
	root(toAccess(loggedIn(t)), "/order")
	root(loggedIn(t), "/start")
	root(toAccess(loggedIn(t)), "/start")
	root(inTeam(t), "/start")
	root(loggedIn(t), "/servers")
	root(loggedIn(t), "/images")
	root(loggedIn(t), "/orders")
	root(loggedIn(t), "/audit")
	root(trying(t), "/trial")
	reach(trying(t).command("/trial").tap("Promo"))
	root(loggedIn(t), "/costs")
	root(loggedIn(t), "/keys")
	root(loggedIn(t), "/templates")
	root(withTwo(t), "/accounts")
	root(withTwo(t), "/logout")
	root(withTwo(t), "/reminders")
	reach(toReview(withTwo(t)))
	for _, server := range []string{"52", "53", "54"} {
		k := loggedIn(t)
		k.quick = true
		reach(k.press("s1:" + server))
	}
	for _, behind := range []conversation.Place{conversation.AtNetwork, conversation.AtCopies, conversation.AtSchedules, conversation.AtPaying} {
		k := loggedIn(t)
		k.quick = true
		k.press("d1:51:" + string(behind))
		if whereIs(k.d) != string(behind) {
			t.Errorf("the button to %s leads to %s", behind, whereIs(k.d))
		}
		reach(k)
	}
	for _, op := range []job.Op{job.Reboot, job.Delete} {
		k := loggedIn(t)
		k.batch = op
		k.press("b1:0011223344556677")
		edges[edge{"[*]", whereIs(k.d), "again"}] = true
		reach(k)
	}
	for _, server := range elsewhere() {
		k := loggedIn(t)
		k.quick, k.servers = true, elsewhere()
		reach(k.press("s1:" + server.ID))
	}
	for _, choice := range []string{"other_promo", "empty_cart"} {
		k := loggedIn(t).press("p1:A7K-42:3:" + choice)
		edges[edge{"[*]", whereIs(k.d), choice}] = true
		reach(k)
	}
	for _, k := range []*talk{newTalk(t, group), inTeam(t), inTeam(t).ruled(func(tm *team.Team) { tm.Owner = 0 }), inTeam(t).ruled(withRules)} {
		k.status = team.StatusCreator
		root(k, "/team")
	}
	reach(toAccess(inTeam(t)))
	for _, link := range []conversation.LinkOpened{bindLink, handLink} {
		for _, k := range []*talk{newTalk(t, private), withTwo(t)} {
			k.link = link
			root(k, "/start "+string(link.Purpose))
		}
	}
	root(inTeam(t), "/servers")
	operating := inTeam(t)
	operating.operates = true
	root(operating, "/servers")
	for _, k := range []*talk{inTeam(t), loggedIn(t)} {
		k.status = team.StatusCreator
		k.press("p1:A7K-42:3:reject")
		edges[edge{"[*]", whereIs(k.d), "reject"}] = true
		reach(k)
	}
	for _, k := range []*talk{newTalk(t, private), loggedIn(t), toAccess(loggedIn(t))} {
		k.shared = &orderflow.ShareOpened{Line: "datacenter=17 pricelist=1701 order_period=1", Promo: "SUMMER10"}
		k.backed = k.d.Draft == nil // it begins filled in
		root(k, "/start "+string(conversation.LinkOrder))
	}
	opening := toReview(loggedIn(t))
	opening.auto = false
	reach(opening.tap("Order for"))
	for _, k := range queue {
		k.quick = true
	}

	for len(queue) > 0 {
		k := queue[0]
		queue = queue[1:]
		from, shown := whereIs(k.d), *k.shown
		for _, b := range fewRows(buttons(shown)) {
			next := *k
			next.press(b.Data)
			verb := verbOf(b.Data)
			if !answered(shown, &next) {
				t.Errorf("at %s nothing comes of %q:\n%s", from, b.Data, show(t, shown))
			}
			next.backed = k.backed || verb == "back" || verb == "repeat" || from == string(orderflow.PlaceShared) || from == string(home.PlaceHome)
			if straight(k) {
				edges[edge{from, whereIs(next.d), verb}] = true
			}
			reach(&next)
		}
		if text, ok := typed[conversation.Place(from)]; ok {
			next := *k
			next.say(text)
			if straight(k) {
				edges[edge{from, whereIs(next.d), "text"}] = true
			}
			reach(&next)
		}
	}
	return edges, places
}

// fewRows leaves out the rows in the middle of a list: they differ in nothing.
func fewRows(all []chat.Button) []chat.Button {
	isRow := func(b chat.Button) bool { return strings.Contains(b.Data, ":pick.") }
	n := 0
	for _, b := range all {
		if isRow(b) {
			n++
		}
	}
	i := 0
	return slices.DeleteFunc(slices.Clone(all), func(b chat.Button) bool {
		if !isRow(b) {
			return b.Data == "" // it copies, or leads elsewhere
		}
		i++
		return i > 2 && i < n
	})
}

// straight reports whether a dialogue stands where a first walk leads.
func straight(k *talk) bool {
	if k.d.Draft == nil || !k.d.Draft.Reviewed {
		return !k.backed
	}
	return slices.Contains([]conversation.Place{orderflow.PlaceReview, orderflow.PlacePromo, orderflow.PlacePayer}, k.d.Draft.Place)
}

// answered reports whether a press led to anything that can be seen.
func answered(before chat.Screen, after *talk) bool {
	for _, e := range after.effects {
		switch e := e.(type) {
		case conversation.Answer:
			if e.Text != nil {
				return e.Text.Key != "toast.unknown"
			}
		case conversation.Show:
		default:
			return true
		}
	}
	return after.shown == nil || !sameToRead(before, *after.shown)
}

// sameToRead reports whether two screens read the same: what their buttons do is
// not looked at.
func sameToRead(a, b chat.Screen) bool {
	labels := func(s chat.Screen) [][]chat.Phrase {
		rows := make([][]chat.Phrase, len(s.Rows))
		for i, row := range s.Rows {
			for _, button := range row {
				rows[i] = append(rows[i], button.Label)
			}
		}
		return rows
	}
	return reflect.DeepEqual(a.Lines, b.Lines) && reflect.DeepEqual(labels(a), labels(b))
}

func TestEveryPlaceIsReachedAndEveryButtonAnswered(t *testing.T) {
	edges, places := explore(t)
	for _, p := range machine.Places() {
		if !places[string(p)] {
			t.Errorf("%s cannot be reached", p)
		}
		by := map[string]bool{}
		for e := range edges {
			if e.from == string(p) {
				by[e.by] = true
			}
		}
		_, prompted := typed[p]
		if machine.TakesText(p) != prompted {
			t.Errorf("%s takes text: %v, but the exploration has none for it, or too much", p, machine.TakesText(p))
		}
		if p == orderflow.PlaceOpening {
			continue // a confirmed order is not taken back here
		}
		if !by["cancel"] && p != orderflow.PlaceResume && p != home.PlaceHome {
			t.Errorf("%s cannot be cancelled", p)
		}
		first := []conversation.Place{
			orderflow.PlaceOffer, orderflow.PlaceWaits, accountflow.PlaceLoginWay, accountflow.PlaceLoginChecking,
			accountflow.PlaceLogout, orderflow.PlaceResume, bill.PlaceOtherPromo,
			bill.PlaceEmptyCart, bill.PlaceReject, serverflow.PlaceServers, imageflow.PlaceImages, bill.PlaceOrders, bill.PlaceAudit, expense.PlaceCosts, accountflow.PlaceKeys, orderflow.PlaceTemplates,
			accountflow.PlaceAccounts, accountflow.PlaceReminders, teamflow.PlaceTeam, teamflow.PlaceBind, orderflow.PlaceHandPassword,
			orderflow.PlaceShared, home.PlaceHome, trialflow.PlaceTrial,
		}
		if !by["back"] && !slices.Contains(first, p) {
			t.Errorf("%s has no way back", p)
		}
	}
}

// TestDiagram holds docs/dialogue.md to the moves that are really made.
func TestDiagram(t *testing.T) {
	edges, _ := explore(t)
	by := map[[2]string][]string{}
	for e := range edges {
		if slices.Contains([]string{"back", "cancel", "page", "all", "again"}, e.by) || e.from == e.to {
			continue
		}
		way := [2]string{e.from, e.to}
		by[way] = append(by[way], e.by)
	}
	var lines []string
	for way, verbs := range by {
		slices.Sort(verbs)
		lines = append(lines, fmt.Sprintf("    %s --> %s: %s", way[0], way[1], strings.Join(verbs, ", ")))
	}
	slices.SortFunc(lines, cmp.Compare)

	const path = "../docs/dialogue.md"
	const begin, end = "```mermaid\nstateDiagram-v2\n", "\n```\n"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no diagram", path)
	}
	want := head + begin + strings.Join(lines, "\n") + end + tail
	if *rewrite {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != want {
		t.Errorf("%s is not what the dialogue does; go test ./conversation -run TestDiagram -rewrite, and read the difference", path)
	}
}
