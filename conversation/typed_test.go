package conversation_test

import (
	"testing"
	"unicode/utf8"

	"zomrobot/conversation"
)

// TestTyped: what cannot be seen, and what a phone has made of quotes, spaces and
// hyphens, does not count where a text is matched.
func TestTyped(t *testing.T) {
	for text, want := range map[string]string{
		"\ufeffweb-1": "web-1", "web\u200b-1": "web-1", "web—1": "web-1", "web‑1": "web-1", "\u00a0web-1\u202f": "web-1", "we\u00adb-1": "web-1",
		"web\ufe0f-1": "web-1", "\u202eweb-1": "web-1",
	} {
		k := toAccess(loggedIn(t)).tap("SSH key").tap("key-0").at(conversation.PlaceName).say(text)
		if k.d.Draft.Name != want {
			t.Errorf("%q is the name %q, want %q", text, k.d.Draft.Name, want)
		}
	}
	for text, sign := range map[string]string{"web№1": "№ (U+2116)", "мой": "м (U+043C)", "web 1": "␣ (U+0020)", "web/1": "/ (U+002F)", "web🚀": "🚀 (U+1F680)"} {
		toAccess(loggedIn(t)).tap("SSH key").tap("key-0").say(text).at(conversation.PlaceName).sees("can be no `" + sign + "`")
	}
	for line, name := range map[string]string{
		"servername=web-1, datacenter=12 & pricelist=1201": "web-1", "servername=web-1&datacenter=12&pricelist=1201": "web-1",
		"servername = web—1; datacenter=12,pricelist=1201": "web-1", "SERVERNAME=web-1\u00a0datacenter=12 pricelist=1201": "web-1",
		"\ufeffservername=\u200bweb-1 datacenter=12 ,pricelist=1201": "web-1",
	} {
		k := loggedIn(t).command("/order " + line)
		if k.d.Draft == nil || k.d.Draft.Name != name || k.d.Draft.Datacenter.ID != "12" || k.d.Draft.Plan == nil || k.d.Draft.Plan.ID != "1201" {
			t.Errorf("%q is read as %s", line, encode(t, k.d.Draft))
		}
	}
	for line, password := range map[string]string{
		"password=Sunny7-Harbour & datacenter=12": "Sunny7-Harbour", "password=Sunny7-Harbour; datacenter=12": "Sunny7-Harbour",
		"password=Sunny7-Harbour, datacenter=12": "", "password=Sunny7-Harbour,": "", "datacenter=12, password=Sunny7-Harbour": "Sunny7-Harbour",
	} {
		k := loggedIn(t)
		k.secrets = []string{"Sunny7-Harbour"}
		k.command("/order " + line)
		got := ""
		if k.count(isKeep) > 0 {
			got = k.has("keep", isKeep).(conversation.Keep).Value.Reveal()
		} else {
			k.sees("a comma")
		}
		if got != password {
			t.Errorf("%q: the password is %q", line, got)
		}
	}
	for line, off := range map[string]bool{"backups_schedule=off": true, "backups_schedule=нет": true, "backups_schedule=maybe": false, "backups_schedule=да": false} {
		if k := loggedIn(t).command("/order datacenter=12 " + line); k.d.Draft.NoBackups != off {
			t.Errorf("%q: no backups: %v", line, k.d.Draft.NoBackups)
		}
	}
	loggedIn(t).command("/order datacenter=12 backups_schedule=maybe").sees("It is on or off")
	if k := loggedIn(t).command("/order promocode=summer\u200b10\u00a0 datacenter=17"); k.d.Draft.Promo != "summer10" {
		t.Errorf("the promo code is %q", k.d.Draft.Promo)
	}
}

// TestWishes: a search for a plan in the words of either language.
func TestWishes(t *testing.T) {
	for search, want := range map[string]conversation.Wish{
		"2 cpu 4 gb": {CPU: 2, Memory: 4}, "2cpu 4gb": {CPU: 2, Memory: 4}, "2 CPU, 4 GB": {CPU: 2, Memory: 4}, "4gb 2cpu": {CPU: 2, Memory: 4},
		"2 cores 8 gb ram": {CPU: 2, Memory: 8}, "2 vCPU": {CPU: 2}, "1 core": {CPU: 1}, "two cores": {CPU: 2}, "four cores and eight gb": {CPU: 4, Memory: 8},
		"8 gb": {Memory: 8}, "8g": {Memory: 8}, "8 gigs of ram": {Memory: 8}, "ram 8": {Memory: 8}, "ram 8 gb cpu 4": {Memory: 8, CPU: 4}, "cpu 4 ram 8": {CPU: 4, Memory: 8},
		"100 gb disk": {Disk: 100}, "100 gb ssd": {Disk: 100}, "100gb of storage": {Disk: 100}, "disk 100": {Disk: 100}, "1 tb disk": {Disk: 1024}, "512 mb": {Memory: 0.5},
		"2 cpu 4 gb 50 gb": {CPU: 2, Memory: 4, Disk: 50}, "at least 4 cores": {CPU: 4}, "2.5 gb": {Memory: 2.5}, "2,5 gb": {Memory: 2.5},
		"4 ядра": {CPU: 4}, "4 ядер": {CPU: 4}, "1 ядро": {CPU: 1}, "8 гб 4 ядра": {CPU: 4, Memory: 8}, "4 ядра 8 гб": {CPU: 4, Memory: 8}, "4 ядра, 8 ГБ": {CPU: 4, Memory: 8},
		"2 проца": {CPU: 2}, "2 процессора 4 гига": {CPU: 2, Memory: 4}, "4 гига": {Memory: 4}, "8 гигов": {Memory: 8}, "8 гигабайт памяти": {Memory: 8}, "8 гб озу": {Memory: 8},
		"озу 8": {Memory: 8}, "озу 8 гб": {Memory: 8}, "память 8 гигабайт": {Memory: 8}, "сто гигов диска": {Disk: 100}, "100 гб диска": {Disk: 100}, "диск 100 гб": {Disk: 100},
		"диск не меньше 100": {Disk: 100}, "100 гб ssd": {Disk: 100}, "два ядра": {CPU: 2}, "два ядра и четыре гига": {CPU: 2, Memory: 4}, "четыре ядра восемь гигов": {CPU: 4, Memory: 8},
		"2 ядра 4 гб 50 гб": {CPU: 2, Memory: 4, Disk: 50}, "2 ядра, 4 гига оперативки, 50 гигов места": {CPU: 2, Memory: 4, Disk: 50}, "впс 4 гига": {Memory: 4}, "сервер на 2 ядра": {CPU: 2},
		"тариф с 16 гб": {Memory: 16}, "минимум 4 ядра": {CPU: 4}, "2 cpu 4 гб": {CPU: 2, Memory: 4}, "2 ядра 4gb": {CPU: 2, Memory: 4}, "4гб": {Memory: 4}, "4ядра": {CPU: 4}, "2проца 4гига": {CPU: 2, Memory: 4},
		"1 тб диска": {Disk: 1024}, "8\u00a0гб": {Memory: 8}, "ЯДЕР 8": {CPU: 8},
		"до 4 гб": {MostMemory: 4}, "не больше 4 гб": {MostMemory: 4}, "at most 2 cores": {MostCPU: 2}, "max 4 gb ram": {MostMemory: 4}, "2 ядра, памяти до 4 гигов": {CPU: 2, MostMemory: 4},
		"4 гб 1 тб трафика": {Memory: 4}, "1000 мбит": {}, "2 cpu 1 gbit port": {CPU: 2},
		"intel 4 ядра": {CPU: 4, Words: "intel"}, "nova": {Words: "nova"}, "windows 8 gb": {Memory: 8, Words: "windows"}, "series 4": {Words: "series 4"}, "1704": {Words: "1704"},
		"AMD 2 cpu": {CPU: 2, Words: "amd"}, "": {}, "vps": {}, "нужен сервер": {}, "4 gb nova": {Memory: 4, Words: "nova"},
	} {
		if got := conversation.ReadWish(search); got != want {
			t.Errorf("%q is read as %+v, want %+v", search, got, want)
		}
	}
}

// FuzzTyped: a text that was made plain stays as it is, and is text.
func FuzzTyped(f *testing.F) {
	for _, text := range []string{"", "web—1", "\ufeff“x”\u200b", "а\u0301 ё", "\xff\xfe", "\u00a0\u202f"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := conversation.Typed(text)
		if again := conversation.Typed(once); again != once {
			t.Errorf("%q becomes %q and then %q", text, once, again)
		}
		if !utf8.ValidString(once) {
			t.Errorf("%q becomes %q, which is no text", text, once)
		}
		conversation.ReadWish(text)
	})
}
