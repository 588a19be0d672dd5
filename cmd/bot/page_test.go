package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// login logs in through the page.
func (w *tab) login(person int64) {
	w.t.Helper()
	w.click("#start", "")
	w.tap(map[int64]string{anna: "🔐 Log in", boris: "🔐 Войти"}[person])
	w.tap(words["login and password"][person])
	w.sees("#log", map[int64]string{anna: "Your Zomro login", boris: "Ваш логин в Zomro"}[person])
	w.write(demoLogin)
	w.sees("#log", map[int64]string{anna: "And the password", boris: "И пароль"}[person])
	w.write(demoPassword)
	w.sees("#log", words["logged in"][person])
}

// TestPageOrders makes a first order with the mouse and the keyboard: in English
// on a desk, in Russian on a phone.
func TestPageOrders(t *testing.T) {
	t.Parallel()
	for lang, c := range map[string]struct {
		person int64
		on     screen
	}{"en": {anna, desk}, "ru": {boris, phone}} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			d := startDemo(t)
			word := func(w string) string { return words[w][c.person] }
			w := d.openTab("/?lang="+lang, c.on)
			w.click("#chats button", "") // the last one: the forum
			if c.on == phone {
				w.click("#back", "")
			}
			w.click(fmt.Sprintf(`#chats button[data-chat="%d"]`, c.person), "")
			w.login(c.person)
			w.write("/order")
			w.tap(word("choose"))
			w.tap("🇳🇱 Netherlands-3")
			w.tap(word("plan"))
			w.tap(word("skip"))
			w.tap("Ubuntu")
			w.tap("Ubuntu 22.04")
			w.tap(map[int64]string{anna: "🔑 SSH key", boris: "🔑 SSH-ключ"}[c.person])
			w.tap("laptop")
			w.sees("#log", map[int64]string{anna: "Step 6", boris: "Шаг 6"}[c.person])
			w.write("web-1")
			w.tap(word("no backups"))
			w.tap(word("month"))
			w.tap("1")
			w.tap(word("confirm"))
			w.sees("#log", word("item"))
			if c.on == phone {
				w.click("#panel-button", "")
			}
			w.sees("#accounts", "€96.16")
			w.sees("#accounts", "web-1")
			steps := value[string](w, `[...document.querySelectorAll('.call.step')].map(c => c.querySelector('.badge').innerText + ' ' + c.querySelector('.func').innerText).join(', ')`)
			if want := "1 v2.instances.order.param, 3 cartorder.create.confirm"; steps != want {
				t.Errorf("the order's calls are %q, want %q", steps, want)
			}
			w.click("#calls-list .step summary", "")
			w.sees("#calls-list .step pre", "elid=")
			w.sees("#calls-list .step pre", "auth=••••••")
			d.stop()
		})
	}
}

// TestTours runs the guided tours, fast, and looks at what is on the screen when
// they are over.
func TestTours(t *testing.T) {
	t.Parallel()
	for name, tour := range map[string]func(*testing.T, *demoProcess){
		"crash": tourOfACrash, "promo code": tourOfAPromoCode, "order": tourOfAnOrder, "team": tourOfATeam,
		"after others": tourAfterOthers,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startDemo(t)
			tour(t, d)
			d.stop()
		})
	}
}

func tourOfACrash(t *testing.T, d *demoProcess) {
	w := d.openTab("/?lang=en&tour=crash&speed=1000", desk)
	w.until("the end of the tour", `document.querySelector('#tour[data-over]')`)
	w.sees("#tour", "The chat is yours")
	w.sees("#log", "Settled since")
	w.sees("#log", "Charged: ")
	w.sees("#bot-state", "started 2 times")
	w.sees("#accounts", "€94.24")
	if n := value[int](w, `document.querySelectorAll('.call[data-step="3"]').length`); n != 1 {
		t.Errorf("the payment was sent %d times", n)
	}
	w.click("#tour button", "Close")
}

// tourOfAPromoCode begins in the other language, and is about Борис then.
func tourOfAPromoCode(_ *testing.T, d *demoProcess) {
	w := d.openTab("/?lang=en&speed=1000", desk)
	w.click("#langs [data-lang=ru]", "")
	w.sees("h1", "Чаты")
	w.click("#tours a", "▶\nПромокод")
	w.until("the end of the tour", `document.querySelector('#tour[data-over]')`)
	w.sees("#tour", "Чат ваш")
	w.sees("#people [aria-pressed=true]", "Борис")
	w.sees("#log", "была 5,76\u00a0€, стала 5,18\u00a0€")
	w.sees("#accounts", "€94.82")

	w.click("#tour button", "Закрыть")
}

// tourAfterOthers: a tour begins in a world in which nothing has happened, whatever was
// done before, and ends another one; the groups are greeted in its language.
func tourAfterOthers(t *testing.T, d *demoProcess) {
	group := fmt.Sprintf("as=%d&chat=%d", demoAnna, int64(demoTeam))
	w := d.openTab("/?"+group+"&lang=en", desk)
	w.sees("#log", "Hello! I order Zomro")
	d.loginAs(anna)
	d.say(anna, "/order")
	d.await(anna, "One tap fills in")
	d.post("/panel/sandbox/balance", map[string]any{"login": demoLogin, "amount": 1})
	d.post("/panel/sandbox/behave", map[string]any{"behaviour": map[string]any{"confirmDoesNotPay": true}})
	d.post("/panel/kill", nil)
	d.panelOf("the bot again", func(v panelView) bool { return v.Bot.Up && v.Bot.Starts == 2 })

	other := d.openTab("/?lang=en&tour=order&speed=0.001", desk)
	other.sees("#tour-text", "A whole order")
	w.sees("#accounts", "€100.00")
	w.sees("#bot-state", "started once")
	w.sees("#log", "Hello! I order Zomro")
	w.click("#langs [data-lang=ru]", "")
	w.click("#tours a", "▶\nПервый заказ")
	w.sees("#tour-text", "Целый заказ")
	other.until("no tour", `!document.getElementById('tour')`)
	anew := d.panelOf("the third world", func(v panelView) bool { return v.World == 3 && v.Bot.Up })
	if anew.Behaviour.ConfirmDoesNotPay || anew.Bot.Starts != 1 || len(anew.Calls) > 0 {
		t.Errorf("a tour begins with %+v", anew)
	}
	if text := d.get(fmt.Sprintf("/sim/transcript?chat=%d", anna)); text != "" {
		t.Errorf("Anna's chat has\n%s", text)
	}
	w.click("#tour-stop", "")
	w.click(fmt.Sprintf(`#chats [data-chat="%d"]`, int64(demoTeam)), "")
	w.sees("#log", "Здравствуйте")
}

// tourOfAnOrder: paused it waits, a step goes on, and its words follow the language of
// the page.
func tourOfAnOrder(t *testing.T, d *demoProcess) {
	w := d.openTab("/?lang=ru&tour=order&speed=0.001", desk)
	w.sees("#tour-text", "Целый заказ")
	w.click("#tour-pause", "")
	w.sees("#tour-pause", "Дальше")
	w.click("#langs [data-lang=en]", "")
	w.sees("#tour-text", "A whole order")
	// The first step are words, and a press before the next has begun is none.
	w.until("what the first words are about", `[...document.querySelectorAll('#log .mine')].some(m => m.textContent.includes('/start'))
		|| void document.getElementById('tour-step').click()`)
	w.do("hurry", chromedp.SetValue(chromedp.CSS("#tour-speed"), "4"))
	w.click("#tour-stop", "")
	w.until("no tour", `!document.getElementById('tour') && !document.getElementById('ring')`)

	// On a phone the words of the tour, whatever they are, leave most of it to the chat.
	for lang, last := range map[string][2]string{"en": {"The chat is yours", "The server is active"}, "ru": {"Чат ваш", "Сервер активен"}} {
		w = d.openTab("/?lang="+lang+"&speed=1000", phone)
		value[bool](w, `(window.bar = [], new MutationObserver(() => {
			const tour = document.getElementById('tour');
			if (tour) bar.push([tour.offsetHeight, document.getElementById('tour-text').textContent]);
		}).observe(document.body, {subtree: true, childList: true, characterData: true}), true)`)
		w.click("#tour-order", "")
		w.until("the end of the tour", `document.querySelector('#tour[data-over]')`)
		w.sees("#tour", last[0])
		w.sees("#log", last[1])
		if high := value[[]string](w, `bar.filter(([height]) => height > 130).map(b => b.join(' '))`); len(high) > 0 {
			t.Errorf("the tour takes too much of a phone: %q", high)
		}
	}
}

func tourOfATeam(_ *testing.T, d *demoProcess) {
	w := d.openTab("/?lang=ru&tour=team&speed=1000", desk)
	w.until("the end of the tour", `document.querySelector('#tour[data-over]')`)
	w.sees("#tour", "Чат ваш")
	w.sees("#people [aria-pressed=true]", "Вера")
	w.sees("#log", "Списано")
	w.sees("#accounts", "€94.24")
	w.click("#tour-stop", "")
}

// TestPageTeam orders in the group in one window and approves in another. The tour makes
// the group a team, step by step, and is stopped before it orders by itself: another order
// of the account would wait until the money of the first was looked at.
func TestPageTeam(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	member := d.openTab("/?lang=ru&tour=team&speed=0.001", desk)
	member.until("the team", `document.getElementById('tour-text')?.textContent.includes('Теперь мы Борис')
		|| void document.getElementById('tour-step')?.click()`)
	member.click("#tour-stop", "")

	approver := d.openTab(fmt.Sprintf("/?as=%d&chat=%d&lang=en", demoVera, int64(demoTeam)), phone)
	member.click("#people [data-key=p1002]", "")
	member.write(strings.Replace(shortOrder, "/order", "/order@zomro_demo_bot", 1))
	member.tap("✅ На согласование: 5,76\u00a0€")
	const approve = "Согласовать 5,76\u00a0€"
	member.sees("#log .key", approve)
	member.until("the deadline in the browser's own words", `[...document.querySelectorAll('#log time')].some(t => t.textContent && t.title.includes('UTC') && !t.textContent.includes('UTC'))`)
	member.sees("#accounts", "€100.00") // nothing is bought yet
	approver.tap(approve)
	approver.sees("#toast", "Согласовано")
	member.gone("#log .key", approve)
	member.sees("#accounts", "€94.24")
	member.until("a payment", `document.querySelectorAll('.call[data-step="3"]').length === 1`)

	// Who is asked for a reply answers by one, and nobody else does.
	owner := d.openTab(fmt.Sprintf("/?as=%d&chat=%d&lang=en", demoAnna, int64(demoTeam)), desk)
	owner.write("/team@zomro_demo_bot")
	owner.until("a new card", `document.querySelector('#log .message:last-child.bot .key') && document.querySelectorAll('#log .mine').length > 1`)
	owner.tap("✅ Approvals")
	owner.tap("Above an amount…")
	owner.sees("#replying", "Anna, please reply")
	member.sees("#log", "Anna, please reply")
	if value[bool](member, `document.getElementById('replying').checkVisibility()`) {
		t.Error("somebody else is about to answer the question to Anna")
	}
	owner.write("20")
	owner.sees("#log", "orders above €20.00")
	owner.until("no reply any more", `!document.getElementById('replying').checkVisibility()`)

	// A hint is for one member alone.
	d.act("promote", map[string]any{"user": demoAnna, "chat": int64(demoTeam)})
	member.write("/keys@zomro_demo_bot")
	member.sees("#log .only .alone", "Видите только вы")
	member.write("Спасибо")
	owner.sees("#log", "Спасибо")
	if value[bool](owner, `Boolean(document.querySelector('#log .only'))`) {
		t.Error("somebody else sees what is for one member alone")
	}
	d.stop()
}

// TestPageTrouble turns every knob of the panel and sees what it does to an order.
func TestPageTrouble(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	w := d.openTab("/?as=1001&lang=en", desk)
	w.login(anna)
	w.click("#knobs summary", "")

	w.click("#knob-foreign", "")
	w.sees("#accounts", "foreign")
	w.sees("#toast", "Put something else into the cart")
	w.click("#knob-empty", "")
	w.gone("#accounts", "foreign")
	w.click("#knob-poor", "")
	w.sees("#accounts", "€1.00")
	w.click("#knob-rich", "")
	w.sees("#accounts", "€100.00")
	w.click("#knob-expire", "")

	// Dearer than what was agreed to: the bot asks.
	w.write(shortOrder)
	w.sees("#log .key", "Order for €5.76")
	w.click("#knob-dearer", "")
	w.sees("#toast", "Prices +10 %")
	w.tap("✅ Order for €5.76")
	w.sees("#log .key", "Pay €6.34")

	// The answer to the payment is lost, and the activation never ends.
	w.do("the payment", chromedp.SetValue(chromedp.CSS("#target"), "step3"))
	w.do("loses its answer", chromedp.SetValue(chromedp.CSS("#kind"), "k_lost"))
	w.click("#arm", "")
	w.sees("#armed", "pay → lose its answer · waits for its call")
	w.click("#armed button", "Disarm")
	w.gone("#armed", "lose its answer")
	w.click("#arm", "")
	w.sees("#armed", "waits for its call")
	w.click("#knob-slow_on", "")
	w.sees("#toast", "Activation never ends")
	w.tap("Pay €6.34")
	w.sees("#log", "Settled since")
	w.sees("#armed", "has struck")
	w.sees("#calls-list .step", "no answer")
	w.sees("#log", "Charged: €6.34")
	w.sees("#accounts", "🟡 web-1")
	w.click("#knob-slow_off", "")
	w.sees("#toast", "Activation in 15 s")
	w.click("#knob-cheaper", "")
	w.sees("#toast", "Prices −10 %")
	d.stop()
}

// TestPageWrong tries everything that makes the vendor answer wrongly. What the bot
// makes of it others hold: here it is what the vendor has and shows.
func TestPageWrong(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	w := d.openTab("/?as=1001&lang=en", desk)
	w.login(anna)
	w.click("#wrong summary", "")

	// Every way to behave, there and back.
	ways := value[[]string](w, `[...document.querySelectorAll('#wrong button[aria-pressed]')].map(b => b.id)`)
	if len(ways) != 13 {
		t.Errorf("ways to behave: %q", ways)
	}
	behaviour := func(v panelView) string { return fmt.Sprintf("%+v", v.Behaviour) }
	before := behaviour(d.panelOf("how the vendor behaves", func(panelView) bool { return true }))
	for _, way := range ways {
		w.click("#"+way, "")
		w.until(way, `document.querySelector('#`+way+`[aria-pressed=true]')`)
		d.panelOf(way, func(v panelView) bool { return behaviour(v) != before })
		w.click("#"+way, "")
		w.until("not "+way, `document.querySelector('#`+way+`[aria-pressed=false]')`)
	}
	d.panelOf("all as before", func(v panelView) bool { return behaviour(v) == before })

	// Every kind of answer: armed it is named, and belongs to this list alone.
	kinds := value[[]string](w, `[...document.querySelectorAll('#wrong-kind option')].map(o => o.value)`)
	if len(kinds) != 15 {
		t.Errorf("kinds: %q", kinds)
	}
	for _, kind := range kinds {
		w.do(kind, chromedp.SetValue(chromedp.CSS("#wrong-kind"), kind))
		name := value[string](w, `document.querySelector('#wrong-kind option:checked').innerText`)
		w.click("#wrong-arm", "")
		w.sees("#wrong-armed", "pay → "+name+" · waits for its call")
		w.click("#wrong-armed button", "Disarm")
		w.gone("#wrong-armed", name)
	}

	// The second login, a row that was rolled back, carts of before.
	w.click("#knob-second", "")
	w.sees("#accounts", "colleague")
	w.click("#knob-rolled_back", "")
	w.sees("#accounts", "foreign")
	w.click("#knob-freeze", "")
	w.sees("#accounts", "the vendor shows an old cart")
	w.click("#knob-thaw", "")
	w.gone("#accounts", "the vendor shows an old cart")
	w.click("#knobs summary", "")
	w.click("#knob-empty", "")
	w.gone("#accounts", "foreign")
	w.click("#knob-freeze_pay", "")
	w.sees("#toast", "Old cart from the next payment on")
	w.click("#knob-lag_on", "")
	w.sees("#toast", "Balance 1 min behind")

	// A payment that only orders, and what the panel of the vendor can do then.
	w.click("#knob-pay_order", "")
	w.sees("#toast", "There is no unpaid order")
	w.click("#knob-unpaid", "")
	w.until("ordering only", `document.querySelector('#knob-unpaid[aria-pressed=true]')`)
	w.write(shortOrder)
	w.tap("✅ Order for €5.76")
	w.sees("#accounts", "🔵 web-1 · ordered, not paid")
	w.sees("#accounts", "the vendor shows an old cart")
	w.click("#knob-pay_order", "")
	w.sees("#accounts", "🟡 web-1")
	w.sees("#accounts", "the vendor shows €100.00")
	w.sees("#accounts", "€5.76")
	w.click("#knob-lag_off", "")
	w.gone("#accounts", "the vendor shows €100.00")
	w.click("#knob-cancel_order", "")
	w.sees("#toast", "There is no unpaid order")
	d.stop()
}

// TestPagePhone holds that a narrow screen has one pane at a time, and nothing
// beside it; and that a finger can press everything.
func TestPagePhone(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	for range 3 {
		d.say(anna, "/help")
	}
	w := d.openTab("/?as=1001&lang=en", phone)
	panes := func(want string) {
		t.Helper()
		w.until("only "+want, fmt.Sprintf(`['side', 'main', 'panel'].filter(id => document.getElementById(id).checkVisibility()).join() === %q`, want))
		if wide := value[int](w, `document.documentElement.scrollWidth`); wide > int(phone.width) {
			t.Errorf("%s is %d wide", want, wide)
		}
		small := value[[]string](w, `[...document.querySelectorAll('button, a.key, select, summary')].filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest('.bubble'))
			.map(e => [e.getBoundingClientRect(), e.id || e.innerText]).filter(([b]) => b.height < 32 || b.width < 32 || b.right > innerWidth + 1)
			.map(([b, name]) => name + ' ' + Math.round(b.width) + 'x' + Math.round(b.height))`)
		if len(small) > 0 {
			t.Errorf("in %s a finger does not hit: %s", want, strings.Join(small, ", "))
		}
	}
	panes("side")
	w.sees("#side", "login demo, password demo")
	w.click("#chats button[aria-current]", "")
	panes("main")
	w.until("the newest message, and all of the field below it", `(() => {
		const log = document.getElementById('log'), field = document.getElementById('composer').getBoundingClientRect();
		return log.scrollHeight > log.clientHeight + 200 && log.scrollHeight - log.scrollTop - log.clientHeight < 2 &&
			field.height > 30 && field.bottom <= innerHeight && field.right <= innerWidth && field.left >= 0;
	})()`)
	w.click("#panel-button", "")
	panes("panel")
	w.click("#knobs summary", "")
	w.click("#wrong summary", "")
	panes("panel")
	w.click("#panel > header button", "")
	panes("main")
	w.click("#back", "")
	panes("side")
	d.stop()
}

// brightness is how light a color of the page is, from 0 to 255.
func brightness(w *tab, selector, property string) int {
	w.t.Helper()
	return value[int](w, fmt.Sprintf(`(() => {
		const c = getComputedStyle(document.querySelector(%q))[%q].match(/[\d.]+/g).map(Number);
		return Math.round(.299 * c[0] + .587 * c[1] + .114 * c[2]);
	})()`, selector, property))
}

// TestPageColors: the page is as dark as the system, unless its switch says
// otherwise.
func TestPageColors(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	w := d.openTab("/?as=1001&lang=en", desk)
	look := func(what string, dark bool) {
		t.Helper()
		for _, place := range []string{"#side", "#head", "#panel", "body"} {
			back, text := brightness(w, place, "backgroundColor"), brightness(w, place, "color")
			if dark && (back > 60 || text < 200) || !dark && (back < 200 || text > 60) {
				t.Errorf("%s: %s is %d on %d", what, place, text, back)
			}
		}
	}
	look("a light system", false)
	w.colors(true)
	look("a dark system", true)
	w.click("#theme", "")
	look("light by choice", false)
	w.click("#theme", "")
	w.colors(false)
	look("dark by choice", true)
	w.do("load again", chromedp.Reload())
	w.until("the panel", `document.getElementById('accounts')`)
	look("dark by choice, loaded again", true)
	w.click("#theme", "")
	look("as the system again", false)
	d.stop()
}

// TestPageWindows: windows are different people, each with a place of its own, and
// everybody sees what happens in the group; many windows at once are fine.
func TestPageWindows(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	team := strconv.FormatInt(demoTeam, 10)
	windows := map[string]*tab{}
	for _, as := range []string{"1001", "1002", "1003"} {
		windows[as] = d.openTab("/?as="+as+"&chat="+team+"&lang=en", desk)
	}
	forum := d.openTab("/?as=1001&chat="+strconv.FormatInt(demoForum, 10)+"&lang=ru", desk)
	vera := windows["1003"]
	windows["1001"].write("/help@zomro_demo_bot")
	for as, w := range windows {
		w.sees("#title", "Team")
		w.sees("#log", "/help@zomro_demo_bot")
		w.sees("#log .message:not(.mine)", "/order")
		if mine := value[int](w, `document.querySelectorAll('#log .mine').length`); (mine == 1) != (as == "1001") {
			t.Errorf("%s sees %d messages as their own", as, mine)
		}
	}
	forum.sees("#chats button", "Team")
	if unread := value[string](forum, `document.querySelector('#chats [data-chat="`+team+`"] .unread').innerText`); !strings.HasPrefix(unread, "1") {
		t.Errorf("in a window elsewhere %q messages are unread, want 1", unread)
	}
	forum.sees("#topics", "Shop")
	forum.click("#topics button", "Games · Игры")
	forum.write("Кто здесь?")
	forum.sees("#log .mine", "Кто здесь?")
	forum.click("#topics button", "Shop · Магазин")
	forum.gone("#log", "Кто здесь?")

	// The window that holds the streams for all is closed: another takes over.
	if err := chromedp.Cancel(windows["1001"].ctx); err != nil {
		t.Fatal(err)
	}
	windows["1002"].write("Всем привет")
	vera.sees("#log", "Всем привет")
	vera.click("#people [data-key=p1002]", "")
	vera.sees("#log .mine", "Всем привет")
	d.post("/panel/kill", nil)
	vera.sees("#bot-state", "started 2 times")
	vera.do("load again", chromedp.Reload())
	vera.sees("#bot-state", "started 2 times") // all of the page is there, so that nothing of it fails to load when the demo ends
	vera.sees("#people [aria-pressed=true]", "Борис")
	vera.sees("#title", "Team")
	d.stop()
}

// TestPageKeyboard uses the page without a mouse.
func TestPageKeyboard(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	w := d.openTab("/?as=1001&lang=en", desk)
	focused := func(selector string) {
		t.Helper()
		w.until("focus on "+selector, fmt.Sprintf(`document.activeElement.matches(%q)`, selector))
		if ring := value[string](w, `getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement.closest('form') || document.body).boxShadow`); ring == "nonenone" {
			t.Errorf("the focus on %s cannot be seen", selector)
		}
	}
	tabTo := func(selector string) {
		t.Helper()
		for range 60 {
			w.keys("\t")
			if value[bool](w, fmt.Sprintf(`document.activeElement.matches(%q)`, selector)) {
				focused(selector)
				return
			}
		}
		t.Fatalf("the Tab key does not get to %s", selector)
	}
	tabTo("#start")
	w.keys("\r")
	w.sees("#log", "Hello")
	focused("#input")
	w.until("the commands", `document.getElementById('menu-button').checkVisibility()`)
	w.keys("/hel")
	w.sees("#menu [aria-selected=true]", "/help")
	w.keys("\r")
	w.sees("#log .mine", "/help")
	w.sees("#log .message:not(.mine)", "/promo")
	w.keys(kb.ArrowUp, chromedp.KeyModifiers(chromedp.ModifierCtrl))
	w.sees("#replying", "Reply to")
	w.keys("a reply\r")
	w.sees("#log .mine .quote", "Zomro:")
	w.until("no reply any more", `!document.getElementById('replying').checkVisibility()`)
	w.do("go to the end of the list", chromedp.Focus(chromedp.CSS("#log")))
	tabTo("#log .key")
	w.keys("\t")
	d.stop()
}
