package conversation_test

import (
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"zomrobot/conversation"
	accountflow "zomrobot/conversation/account"
	orderflow "zomrobot/conversation/order"
	"zomrobot/conversation/order/wording"
	"zomrobot/zomro"
)

// TestOrderInWords: what is understood and can be had is chosen, what cannot be had is
// asked, and what is not understood is named.
func TestOrderInWords(t *testing.T) {
	for line, c := range map[string]struct {
		at   conversation.Place
		sees []string
	}{
		"2 cpu 4 gb ubuntu germany month": {orderflow.PlaceAccess, []string{"Germany-1", "Series 4", "16 plans fit “2 cpu 4 gb”", "Ubuntu 26.04", "Period: month"}},
		"4 gb debian nl ssh key key-3 2 servers name web-1 promo X1": {
			orderflow.PlaceReview,
			[]string{"Netherlands-3", "Series 4", "Debian 12", "SSH key key-3", "Name: web-1", "2 servers", "Promo code: `X1`"},
		},
		"frankfurt 1 cpu password":                {orderflow.PlaceReview, []string{"“frankfurt” → 🇩🇪 Germany-1", "Blitz", "generated password"}},
		"gorgeous":                                {orderflow.PlaceDatacenter, []string{"Not understood: “gorgeous”"}},
		"nova europe":                             {orderflow.PlaceDatacenter, []string{"Several datacenters fit “europe”", "Netherlands-3", "Poland-1", "Germany-1"}},
		"series 4 france gorgeous":                {orderflow.PlaceDatacenter, []string{"no datacenter for “france”", "Not understood: “gorgeous”", "Atlantis-1"}},
		"series 4 poland gorgeous":                {orderflow.PlaceAccess, []string{"Plan: Series 4", "Not understood: “gorgeous”"}},
		"1204 poland":                             {orderflow.PlaceAccess, []string{"Plan: Series 4"}},
		"atlantis 2 cpu":                          {orderflow.PlacePlan, []string{"Atlantis-1", "No plan in Atlantis-1 fits “2 cpu”"}},
		"100 cores poland":                        {orderflow.PlacePlan, []string{"No plan in 🇵🇱 Poland-1 fits “100 cores”"}},
		"2 cpu up to 6 usd, pl":                   {orderflow.PlaceAccess, []string{"Series 4", "Prices are in EUR"}},
		"4 cpu up to 5 eur, pl":                   {orderflow.PlaceAccess, []string{"Plan: Series 4"}},
		"5 cpu up to 5 eur, pl":                   {orderflow.PlacePlan, []string{"No plan in 🇵🇱 Poland-1 fits “5 cpu up to 5 eur”"}},
		"zen pl 12 months":                        {orderflow.PlaceAccess, []string{"Zen is sold out", "Period: year"}},
		"4 cpu most amd pl":                       {orderflow.PlaceAccess, []string{"Series 4", "Not understood: “most”"}},
		"4 gb windows nl ssh key":                 {orderflow.PlaceAccess, []string{"Nova", "Windows Server 2025", "work with Windows"}},
		"4 gb windows 2022 nl":                    {orderflow.PlaceAccess, []string{"Windows Server 2022"}},
		"1 cpu windows 2012 nl":                   {orderflow.PlaceSystem, []string{"the system “windows 2012”"}},
		"4 gb nl ssh key":                         {orderflow.PlaceAccess, []string{"several SSH keys"}},
		"4 gb nl ssh key 100 servers":             {orderflow.PlaceAccess, []string{"100 is too many"}},
		"4 gb nl password 100 servers":            {orderflow.PlaceCount, []string{"100 is too many"}},
		"4 gb nl password 2 months":               {orderflow.PlacePeriod, []string{"There's no period “2 months”. Zomro sells: day, month, 3 months"}},
		"4 gb nl password name сайт":              {orderflow.PlaceName, []string{"This name can't contain"}},
		"4 gb nl 1 tb traffic":                    {orderflow.PlaceAccess, []string{"Not understood: “1 tb traffic”"}},
		"4 gb nl 40 servers":                      {orderflow.PlaceAccess, []string{"40 is too many: at most 35 servers"}},
		"2 cpu pl datacenter=19":                  {orderflow.PlaceAccess, []string{"Germany-1"}},
		"2 cpu pl pricelist=Blitz":                {orderflow.PlaceAccess, []string{"Poland-1", "Plan: Blitz"}},
		"2 cpu ubuntu instances_os=Debian 12":     {orderflow.PlaceAccess, []string{"System: Debian 12"}},
		"4 gb nl daily backups generate password": {orderflow.PlaceBackups, []string{"generated password"}},
		strings.Repeat("2 cpu ", 40):              {orderflow.PlaceDatacenter, []string{"up to 200 characters"}},
	} {
		t.Run(conversation.Clip(line), func(t *testing.T) { loggedIn(t).command("/order " + line).at(c.at).sees(c.sees...) })
	}
}

// TestListIsNarrowedByWords: a place that is not one datacenter is asked, and what else
// was said is kept for the answer.
func TestListIsNarrowedByWords(t *testing.T) {
	k := loggedIn(t).command("/order 4 gb debian poland or germany").at(orderflow.PlaceDatacenter).seesNot("Netherlands", "Atlantis")
	k.tap("Germany-1").at(orderflow.PlaceAccess).sees("Germany-1", "Series 4", "Debian 12")
	k = loggedIn(t).command("/order 4 gb debian europe")
	k.tap("Show all").sees("Atlantis").tap("Netherlands-3").at(orderflow.PlaceAccess).sees("Netherlands-3", "Series 4")
}

// TestPlainMessageInWords: a message is an order where it clearly is one and nothing else
// waits for a text.
func TestPlainMessageInWords(t *testing.T) {
	const order = "2 cpu 4 gb debian germany"
	loggedIn(t).say(order).at(orderflow.PlaceAccess).sees("Germany-1", "Series 4", "Debian 12")
	loggedIn(t).command("/orders").say(order).at(orderflow.PlaceAccess)
	loggedIn(t).command("/order").say(order).at(orderflow.PlaceAccess).sees("Germany-1", "Series 4", "Debian 12")
	loggedIn(t).command("/order").say("nova").at(orderflow.PlacePlan).sees("“nova”: 1")
	loggedIn(t).command("/order").tap("Choose everything").say(order).at(orderflow.PlaceAccess).sees("Germany-1", "Series 4")
	loggedIn(t).command("/order").tap("Choose everything").tap("Netherlands").say("debian 2 cpu germany").at(orderflow.PlacePlan)
	for _, text := range []string{"vps america", "ubuntu vps", "cheap vps", "vps 2gb nl for 2 months", "впс в сша", "самый дешёвый сервер", "нужен впс для vpn в америке", "впс 2гб на 2 месяца голандия", "дедик в германии"} {
		if k := loggedIn(t).say(text); k.d.Draft == nil {
			t.Errorf("%q began no order", text)
		}
	}
	for text, likely := range map[string]bool{"hello": false, "my 2 servers in germany have failed this month": true, "ubuntu": true, "yes": false, "delete the server in germany": false} {
		k := loggedIn(t).say(text)
		if k.d.Draft != nil {
			t.Errorf("%q began an order", text)
		}
		if offered := strings.Contains(k.notified(), "is bought"); offered != likely {
			t.Errorf("%q may be an order: %v, want %v", text, offered, likely)
		}
	}
	if k := inTeam(t).say(order); k.d.Draft != nil || len(k.effects) != 0 {
		t.Error("a plain message in a group was answered")
	}
	k := loggedIn(t).command("/order 4 gb debian nl generated password").at(orderflow.PlaceReview)
	before := k.d.Draft.ID
	if k.say(order); k.d.Draft.ID != before {
		t.Error("a draft was replaced by a plain message")
	}
}

// TestWordsThatMayBeAnOrder: what is only likely an order is one by a button, which stands
// for its own words alone.
func TestWordsThatMayBeAnOrder(t *testing.T) {
	offered := func(k *talk) string { return k.has("message", isNotify).(conversation.Notify).Screen.Rows[0][0].Data }
	k := loggedIn(t).say("debian")
	first := offered(k)
	second := offered(k.say("germany"))
	if k.press(first); k.d.Draft != nil || k.toast() != "toast.closed" {
		t.Error("a button orders with the words of another")
	}
	k.press(second).at(orderflow.PlacePlan).sees("Germany-1")
	if k.press(second); k.toast() != "toast.closed" {
		t.Error("the same words are ordered twice")
	}
}

// TestReviewIsChangedInWords: what is typed at the review is a change of what it names, and
// of nothing else; what cannot be had changes nothing.
func TestReviewIsChangedInWords(t *testing.T) {
	const begun = "/order 4 gb debian nl generated password name web-1"
	for text, sees := range map[string][]string{
		"дай 2 сервера":         {"Quantity: 2 servers", "Debian 12", "Series 4"},
		"2 servers for a year":  {"Quantity: 2 servers", "Period: year"},
		"debian 12":             {"System: Debian 12"},
		"ubuntu":                {"System: Ubuntu 26.04 ✨ newest", "generated password"},
		"8 cpu":                 {"Plan: Series 8", "System: Debian 12", "generated password"},
		"nova":                  {"Plan: Nova", "Period: month"},
		"the cheapest":          {"Plan: Blitz"},
		"польша":                {"Poland-1", "Plan: Series 4", "Debian 12"},
		"frankfurt":             {"“frankfurt” → 🇩🇪 Germany-1", "Plan: Series 4"},
		"8 cpu ubuntu germany":  {"Germany-1", "Plan: Series 8", "Ubuntu 26.04"},
		"ssh key key-3":         {"SSH key key-3"},
		"name db-1 promo X1":    {"Name: db-1", "Promo code: `X1`"},
		"100 servers":           {"100 is too many", "Quantity: 1 server"},
		"2 months":              {"There's no period “2 months”", "Period: month"},
		"500 cpu":               {"No plan in", "Plan: Series 4"},
		"windows 95":            {"the system “windows 95”", "System: Debian 12"},
		"2 servers and bananas": {"Quantity: 2 servers", "Not understood: “bananas”"},
		"hello":                 {"I don't see what to change", "Quantity: 1 server"},
	} {
		t.Run(text, func(t *testing.T) {
			k := loggedIn(t).command(begun).at(orderflow.PlaceReview)
			if k.say(text).at(orderflow.PlaceReview).sees(sees...); k.count(isOpen) != 0 {
				t.Error("something was ordered")
			}
		})
	}
	begin := func() *talk { return loggedIn(t).command(begun).at(orderflow.PlaceReview) }
	begin().say("europe").at(orderflow.PlaceDatacenter).sees("Several datacenters fit “europe”").seesNot("Atlantis").tap("Back").tap("Back").at(orderflow.PlaceReview).sees("Netherlands-3")
	begin().say("france").at(orderflow.PlaceDatacenter).sees("no datacenter for “france”")
	begin().say("daily backups").at(orderflow.PlaceBackups)
	begin().say("windows ssh key").sees("work with Windows")
	begin().tap("Plan").tap("Zen").at(orderflow.PlaceReview).say("for 3 months").at(orderflow.PlaceReview).sees("Zomro sells: month, year.", "Period: month")
}

// TestTheReviewComesBack: what is looked at or done beside an order leads back to it, and
// says that it waits.
func TestTheReviewComesBack(t *testing.T) {
	begin := func() *talk {
		return loggedIn(t).command("/order 4 gb debian nl generated password").at(orderflow.PlaceReview)
	}
	back := func(k *talk) *talk {
		if k.at(orderflow.PlaceReview); k.d.Aside != nil {
			t.Fatalf("it is beside the review: %s", k.d.Aside.Place)
		}
		return k
	}
	back(begin().tap("Save as template").say("night job")).sees("Saved as night job", "Charged now")
	begin().command("/templates").tap(keptTemplates[0].Name).sees("Your order is waiting")
	loggedIn(t).command("/order").command("/servers").seesNot("order is waiting")
	for _, list := range []string{"/servers", "/orders"} {
		back(begin().command(list).sees("Your order is waiting: /continue").tap("Continue")).sees("Charged now")
		k := back(begin().command(list).command("/cancel")).sees("/cancel again cancels it", "Charged now")
		if k.command("/cancel").sees("Order cancelled"); k.d.Draft != nil {
			t.Error("the order is still there")
		}
		loggedIn(t).command(list).seesNot("order is waiting")
	}
	inTeam(t).command("/order").sees("Or write what you need, e.g. 2 cpu", "reply to this message")
}

// TestAWishedSystemNarrowsThePlans: where the plan is asked, only plans are listed that
// take the system that was wished for, and the card says which that is.
func TestAWishedSystemNarrowsThePlans(t *testing.T) {
	for _, line := range []string{"windows", "windows poland", "instances_os=Windows Server 2022 datacenter=12"} {
		k := loggedIn(t).command("/order "+line).at(orderflow.PlacePlan).sees("Wanted system: ", "indows", "Nova").seesNot("Blitz", "Series")
		k.say("linux").sees("Blitz")
		k.tap("Show all").seesNot("Blitz").tap("Nova").sees("System: Windows Server 202")
	}
	loggedIn(t).command("/order ubuntu").sees("Wanted system: ubuntu", "Blitz")
	loggedIn(t).command("/order windows atlantis").seesNot("fits")
	k := loggedIn(t)
	k.sold = func(datacenter string) zomro.Catalogue {
		c := catalogueOf(datacenter)
		c.Plans = slices.DeleteFunc(c.Plans, func(p zomro.Plan) bool { return p.Title == "Nova" })
		return c
	}
	k.command("/order windows").at(orderflow.PlacePlan).sees("No plan in 🇳🇱 Netherlands-3 fits “windows”", "Blitz")
}

// TestTheCheapestIsSaidOnce: what was asked for is not said again where it is that alone.
func TestTheCheapestIsSaidOnce(t *testing.T) {
	loggedIn(t).command("/order the cheapest poland").sees("I chose the cheapest of 17 plans: Blitz").seesNot("fit “")
	loggedIn(t).command("/order cheap 4 gb poland").sees("plans fit “4 gb”")
	loggedIn(t).command("/order cheapest atlantis").sees("No plan in Atlantis-1 fits “cheapest”")
}

// TestNextCharge: when more is charged is told in words that fit each period.
func TestNextCharge(t *testing.T) {
	for period, want := range map[string]string{"month": "one month", "3 months": "3 months", "half a year": "6 months", "year": "one year"} {
		loggedIn(t).command("/order 4 gb nl password " + period).at(orderflow.PlaceReview).sees("Next charge: " + want + " after activation")
	}
}

// TestAnOrderWaitsForTheLogin: what was said before the login is ordered after it, however
// it was said.
func TestAnOrderWaitsForTheLogin(t *testing.T) {
	logIn := func(k *talk) *talk {
		k.tap("Log in").tap("Session token").secretly(goodToken)
		return k.step(accountflow.LoginChecked{Attempt: k.d.Logins, Account: "Anna"})
	}
	for _, say := range []string{"2 cpu 4 gb debian germany", "/order 2 cpu 4 gb debian germany"} {
		k := newTalk(t, private)
		if strings.HasPrefix(say, "/") {
			k.command(say)
		} else {
			k.say(say)
		}
		if k.at(orderflow.PlaceWaits).sees("“2 cpu 4 gb debian germany”", "Log in"); k.count(is[orderflow.LoadCatalogue]) != 0 {
			t.Error("the vendor is asked for somebody without an account")
		}
		k.command("/order").at(orderflow.PlaceWaits)
		logIn(k).at(orderflow.PlaceAccess).sees("Logged in as Anna", "Germany-1", "Series 4", "Debian 12")
	}
	k := newTalk(t, private).command("/order datacenter=17 pricelist=1701 order_period=3 order_count=2").sees("Plan: Nova", "Period: 3 months", "2 servers")
	logIn(k).sees("Netherlands-3", "Plan: Nova", "3 months")
	newTalk(t, private).command("/order datacenter=Poland pricelist=Nova").sees("Datacenter: 🇵🇱 Poland", "Plan: Nova")
	k = newTalk(t, private).say("2 cpu 4 gb debian germany").say("windows 4 gb poland").sees("“windows 4 gb poland”")
	logIn(k).sees("Poland-1", "Windows Server 2025")
	k = newTalk(t, private)
	k.secrets = []string{goodPassword}
	k.command("/order datacenter=17 pricelist=1701 password="+goodPassword).has("delete", isDelete)
	logIn(k).sees("your password")
	k = newTalk(t, private).command("/templates").tap(keptTemplates[0].Name).tap("Order").at(orderflow.PlaceWaits)
	if logIn(k); k.d.Draft == nil || k.d.Draft.Plan == nil {
		t.Error("a template is forgotten at the login")
	}
	if k := newTalk(t, group).command("/order 2 cpu germany"); k.d.Draft != nil || !strings.Contains(k.notified(), "/team") {
		t.Error("an order waits in a group without an account")
	}
}

// TestWordsHoldNoSecret: a secret among them is refused, and what stands where a password
// would is not repeated.
func TestWordsHoldNoSecret(t *testing.T) {
	for _, text := range []string{"2 cpu 4 gb password " + goodPassword, "4 gb germany " + goodToken} {
		for _, line := range []string{text, "/order " + text} {
			k := loggedIn(t)
			k.secrets = []string{goodPassword, goodToken}
			if strings.HasPrefix(line, "/") {
				k.command(line)
			} else {
				k.say(line)
			}
			if k.d.Draft != nil || k.has("delete", isDelete).(conversation.Delete).Message != k.message {
				t.Errorf("%q was not refused", line)
			}
		}
	}
	for _, line := range []string{"/order 4 gb germany password hunter", "/order 4 gb france password: hunter"} {
		k := loggedIn(t)
		k.secrets = []string{"hunter"}
		k.command(line).sees("don't repeat the word")
	}
}

// FuzzWords: any text behind /order, and any plain message, is answered.
func FuzzWords(f *testing.F) {
	f.Add("2 cpu 4 gb ubuntu germany month")
	f.Add("впс 4 гига в польше на месяц, дебиан, name web-1 password=x datacenter=12")
	f.Fuzz(func(t *testing.T, line string) {
		loggedIn(t).command("/order " + line)
		loggedIn(t).say(line)
		loggedIn(t).command("/order").say(line)
	})
}

// TestSentencesAtTheVendorsPlans orders each sentence of the grammar's tests at the
// vendor's own plans, which are kept outside of the project.
func TestSentencesAtTheVendorsPlans(t *testing.T) {
	sold := vendorsPlans(t)
	file, err := os.ReadFile("order/wording/testdata/sentences.txt")
	if err != nil {
		t.Fatal(err)
	}
	chosen := 0
	for line := range strings.Lines(string(file)) {
		text, _, found := strings.Cut(line, " =>")
		text = strings.ReplaceAll(text, `\n`, " ")
		if !found || text == "4 gb password hunter2" {
			continue
		}
		k := loggedIn(t)
		k.quick, k.sold = true, func(datacenter string) zomro.Catalogue { return sold[datacenter] }
		k.command("/order " + text)
		if k.d.Draft == nil {
			t.Errorf("%q began no order", text)
			continue
		}
		w := wording.Read(text)
		dr := k.d.Draft
		if len(w.Places) == 1 && w.Places[0].Code == "de" && dr.Datacenter.ID != "19" {
			t.Errorf("%q is ordered in %q", text, dr.Datacenter.Name)
		}
		if dr.Plan == nil {
			continue
		}
		chosen++
		if cheaper, dearer := fits(w, *dr.Plan), betterPlan(w, sold[dr.Datacenter.ID].Plans, *dr.Plan); !cheaper || dearer != "" {
			t.Errorf("%q: %s was chosen, fitting %v, and %s is cheaper", text, dr.Plan.Title, cheaper, dearer)
		}
	}
	const least = 80
	if chosen < least {
		t.Errorf("a plan was chosen for %d sentences only", chosen)
	}
}

// fits reports whether a plan is as large as a sentence wants it.
func fits(w wording.Wish, p zomro.Plan) bool {
	of := func(name string) float64 {
		i := slices.IndexFunc(p.Details, func(d zomro.Detail) bool { return d.Name == name })
		if i < 0 {
			return 0
		}
		number, _, _ := strings.Cut(strings.TrimSpace(p.Details[i].Value), " ")
		n, _ := strconv.ParseFloat(number, 64) // 0 fits nothing
		return n
	}
	return w.CPU.Hold(of("CPU count")) && w.Memory.Hold(of("Memory")) && w.Disk.Hold(of("Disk space"))
}

// betterPlan is a plan that fits a sentence of sizes alone as well, costs less and can be
// had; "": there is none.
func betterPlan(w wording.Wish, plans []zomro.Plan, chosen zomro.Plan) string {
	if !w.Size() || len(w.Features) > 0 || w.System.Family != "" || w.Period != "" || w.Price.Most != 0 || len(w.About(wording.Left)) > 0 {
		return ""
	}
	cost, _ := chosen.Price(zomro.Month)
	for _, p := range plans {
		if month, ok := p.Price(zomro.Month); ok && !p.SoldOut && fits(w, p) && month.Amount.LessThan(cost.Amount) {
			return p.Title
		}
	}
	return ""
}

// vendorsPlans are the catalogues of the vendor's own answer, by datacenter.
func vendorsPlans(t *testing.T) map[string]zomro.Catalogue {
	t.Helper()
	answer, err := os.ReadFile(filepath.Join("..", "..", "shared", "zomro-samples", "pricelist_full_proxy_en_dc12_17_19.json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the vendor's price list is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if _, err := w.Write(answer); err != nil {
			t.Error(err)
		}
	}))
	defer vendor.Close()
	client := zomro.New(vendor.URL)
	auth := zomro.Auth{Session: zomro.NewSecret(goodToken), Lang: "en"}
	sold := map[string]zomro.Catalogue{}
	for _, datacenter := range []string{"17", "12", "19"} {
		c, err := client.Catalogue(t.Context(), auth, datacenter)
		if err != nil || len(c.Plans) == 0 {
			t.Fatalf("the catalogue of %s: %d plans, %v", datacenter, len(c.Plans), err)
		}
		sold[datacenter] = c
	}
	sold[""] = sold["17"]
	return sold
}

// TestPasswordAmongWordsLeavesTheChat: nothing of it is repeated; a group's message is
// refused as a whole.
func TestPasswordAmongWordsLeavesTheChat(t *testing.T) {
	deletes := is[conversation.Delete]
	for _, line := range []string{"/order 2 cpu 4 gb germany password hunter2", "/order 2 cpu 4 gb, пароль 1qaz2wsx"} {
		k := inTeam(t).command(line)
		k.has("delete", deletes)
		if k.d.Draft != nil || !strings.Contains(k.notified(), "A secret was posted in a group") {
			t.Errorf("%s is taken in a group", line)
		}
		k = loggedIn(t).command(line)
		k.has("delete", deletes)
		if shown := show(t, k.card()); strings.Contains(shown, "hunter") || strings.Contains(shown, "qaz") {
			t.Errorf("it is repeated:\n%s", shown)
		}
	}
	k := loggedIn(t).say("2 cpu 4 gb germany, password hunter2")
	k.has("delete", deletes)
}
