package wording

import (
	"strings"

	"zomrobot/zomro"
)

// class is the part of speech of a word in the grammar.
type class int

const (
	unknown  class = iota
	filler         // asks for nothing
	number         // an amount
	size           // a unit of memory; amount: in GB
	thing          // what an amount is of; value: its kind
	most           // makes an amount an upper limit
	least          // makes it a lower one
	exact          // makes it both
	dearer         // makes a price a lower limit
	cheaper        // makes it an upper one
	currency       // value: its code
	spend          // what follows is a price
	place          // value: the code of its country
	city           // value: the code of its country
	system         // value: its family, and version
	unit           // of time; value: of what
	units          // the same in the plural
	term           // a period; value: which
	server         // what is ordered, one of it
	servers        // more of it
	either         // one or more of it
	times          // "x"
	quantity       // how many follows
	promo
	name
	copies // backups
	with
	without // and other words that take back what follows
	on
	off
	key
	password
	confided // what follows is a secret, and no order
	making
	feature // value: as catalogues write it
	cheap
	another // to do something that is no order
)

// The kinds of what an amount is of.
const (
	ofCPU    = "cpu"
	ofMemory = "memory"
	ofDisk   = "disk"
	ofOther  = "other" // what an order does not ask for: traffic, a port

	ofAddress = "address" // nor for these
)

// Units of time.
const (
	day      = "day"
	week     = "week"
	month    = "month"
	quarter  = "quarter"
	halfYear = "half"
	year     = "year"
)

// row is words of one meaning. A word "stem:ending,ending" stands for each of its
// forms.
type row struct {
	class class
	value string
	words string
}

// vocabulary is all words that the grammar knows, folded. Words of one phrase are joined
// by "_".
var vocabulary = []row{
	{filler, "", "and of a an the for vm x64 i need want please me give get buy order new some one_more would like to in on at is it its as my cloud virtual hosting with_os os any operating_system running location located country datacenter data_center dc based size plan tariff price cost per every each or by via lts linux_server machine_with config configuration vpn hi hello hey how_much how_much_is how_much_for"},
	{filler, "", "и на по для его ее их из в во со под мне нам нуж:ен,на,но,ны хочу хотим надо закажи заказать закажите купить куплю возьму взять дай дайте сделай сделайте создай создать пожалуйста плиз облачн:ый,ая,ое виртуальн:ый,ая,ую хостинг ос операционная_система операционной_системой система системой локаци:я,и,ю стран:а,е,у датацентр:,е,а дата_центр дата_центре дц тариф:,а,у план:,а цена ценой стоимость за_штуку каждый каждая или либо бы самый самая самую самое новый новая привет здравствуйте лтс можно конфигураци:я,ю впн штат_не еще один_раз какой_нибудь любой оплат:а,ой,у оплатить сколько_стоит почем срок:,ом сроком_на период:,ом"},
	{least, "", "at_least from min minimum over above more_than not_less_than no_less_than от минимум мин свыше больше более выше больше_чем не_меньше не_менее не_ниже как_минимум хотя_бы"},
	{most, "", "at_most max maximum up_to upto under below less_than no_more_than not_more_than to_max до максимум макс не_больше не_более не_выше меньше менее ниже в_пределах"},
	{exact, "", "exactly ровно точно"},
	{dearer, "", "more_expensive_than дороже"},
	{cheaper, "", "cheaper_than not_more_expensive_than cheaper дешевле не_дороже"},
	{spend, "", "budget бюджет:,ом за for_the_price_of"},
	{currency, "EUR", "€ eur euro euros евро"},
	{currency, "USD", "$ usd dollar dollars доллар:,а,ов бакс:,а,ов"},
	{currency, "RUB", "₽ rub рубл:ь,я,ей руб"},
	{currency, "UAH", "uah грн грив:на,ны,ен"},
	{currency, "GBP", "£ gbp"},

	{thing, ofCPU, "c"},
	{size, "1", "gb gib g gig gigs gigabyte gigabytes гб г гиг гига гигов гигам гигами гигах гигабайт:,а,ов,ами"},
	{size, "1024", "tb tib тб терабайт:,а,ов"},
	{size, "1/1024", "mb mib мб мегабайт:,а,ов"},

	{place, "nl", "nl netherlands the_netherlands netherland holland dutch 🇳🇱 нл нидерланд:ы,ах,ов,ам,ский,ская голланди:я,и,ю,ей голландск:ий,ая,ую"},
	{place, "pl", "pl poland polska polish 🇵🇱 пл польш:а,е,у,и,ей польск:ий,ая,ую"},
	{place, "de", "de germany german deutschland 🇩🇪 де герман:ия,ии,ию,ией немецк:ий,ая,ую,ом"},
	{place, "us", "us usa united_states united_states_of_america america american 🇺🇸 сша америк:а,е,у,и,ой американск:ий,ая,ую штат:ы,ах соединенн:ые_штаты,ых_штатах"},
	{place, "eu", "eu europe european европ:а,е,у,ы,ой европейск:ий,ая,ую ес евросоюз:,е"},
	{place, "fr", "fr france french 🇫🇷 франц:ия,ии,ию,ией французск:ий,ая"},
	{place, "gb", "uk britain england united_kingdom great_britain 🇬🇧 англи:я,и,ю,ей британи:я,и,ю великобритани:я,и,ю"},
	{place, "fi", "fi finland finnish 🇫🇮 финлянд:ия,ии,ию,ией финск:ий,ая"},
	{place, "se", "sweden swedish 🇸🇪 швеци:я,и,ю,ей"},
	{place, "ch", "switzerland swiss 🇨🇭 швейцари:я,и,ю,ей"},
	{place, "ua", "ua ukraine ukrainian 🇺🇦 украин:а,е,у,ы,ой"},
	{place, "ru", "ru russia russian 🇷🇺 росси:я,и,ю,ей рф"},
	{place, "kz", "kz kazakhstan 🇰🇿 казахстан:,е,а"},
	{place, "lt", "lithuania 🇱🇹 литв:а,е,у,ы"},
	{place, "lv", "latvia 🇱🇻 латви:я,и,ю"},
	{place, "ee", "estonia 🇪🇪 эстони:я,и,ю"},
	{place, "bg", "bulgaria 🇧🇬 болгари:я,и,ю"},
	{place, "cz", "czechia czech czech_republic 🇨🇿 чехи:я,и,ю"},
	{place, "at", "austria 🇦🇹 австри:я,и,ю"},
	{place, "es", "spain 🇪🇸 испани:я,и,ю"},
	{place, "it", "italy 🇮🇹 итали:я,и,ю"},
	{place, "tr", "turkey 🇹🇷 турци:я,и,ю"},
	{place, "ca", "canada 🇨🇦 канад:а,е,у"},
	{place, "sg", "singapore 🇸🇬 сингапур:,е"},
	{place, "jp", "japan 🇯🇵 япони:я,и,ю"},
	{place, "hk", "hongkong hong_kong 🇭🇰 гонконг:,е"},
	{place, "in", "india 🇮🇳 инди:я,и,ю"},
	{city, "nl", "amsterdam rotterdam delft амстердам:,е,а роттердам:,е"},
	{city, "pl", "warsaw warszawa krakow варшав:а,е,у,ы краков:,е"},
	{city, "de", "frankfurt berlin munich nuremberg falkenstein франкфурт:,е,а берлин:,е,а мюнхен:,е нюрнберг:,е фалькенштейн:,е"},
	{city, "us", "new_york nyc washington ashburn dallas chicago los_angeles miami new_jersey нью_йорк:,е,а вашингтон:,е эшберн:,е даллас:,е чикаго майами лос_анджелес:,е"},
	{city, "fr", "paris париж:,е,а"},
	{city, "gb", "london лондон:,е,а"},
	{city, "fi", "helsinki хельсинки"},
	{city, "ua", "kyiv kiev киев:,е,а"},
	{city, "ru", "moscow москв:а,е,у,ы saint_petersburg петербург:,е"},

	{system, "ubuntu", "ubuntu ubuntu_server ubuntu_linux убунт:у,а,е,ы,ой ubunta"},
	{system, "ubuntu 24.04", "noble"},
	{system, "ubuntu 22.04", "jammy"},
	{system, "ubuntu 20.04", "focal"},
	{system, "debian", "debian debian_linux deb дебиан:,е,а,ом дебян деб"},
	{system, "debian 13", "trixie"},
	{system, "debian 12", "bookworm"},
	{system, "debian 11", "bullseye"},
	{system, "windows", "windows win windows_server win_server winserver виндовс виндоус винд:а,у,ы,е,ой винду виндус виндовс_сервер винда_сервер винду_сервер вин"},
	{system, "alma", "alma almalinux alma_linux альма альму алма алму альмалинукс альма_линукс"},
	{system, "rocky", "rocky rockylinux rocky_linux рокки роки рокки_линукс"},
	{system, "centos", "centos cent_os centos_stream центос центос_стрим сентос"},
	{system, "fedora", "fedora федор:а,у,е,ой"},
	{system, "oracle", "oracle_linux oraclelinux oracle оракл"},
	{system, "freebsd", "freebsd free_bsd bsd фрибсд фряха фряху"},
	{system, "astra", "astra astra_linux astralinux астра астру астра_линукс"},
	{system, "arch", "archlinux arch_linux арч"},
	{system, "coreos", "coreos"},
	{system, "linux", "linux линукс:,е,ом,а линух unix"},

	{unit, day, "day день сутки"},
	{units, day, "days дня дней суток"},
	{unit, week, "week неделя неделю"},
	{units, week, "weeks недели недель"},
	{unit, month, "month mo mth месяц"},
	{units, month, "months месяца месяцев месяцы мес"},
	{unit, quarter, "quarter квартал"},
	{units, quarter, "quarters квартала кварталов"},
	{unit, halfYear, "half_a_year half_year halfyear half_yearly полгода пол_года полугодие полугода semiannual"},
	{unit, year, "year yr год годик"},
	{units, year, "years yrs года лет"},
	{term, string(zomro.Day), "daily per_day every_day by_the_day посуточно посуточная посуточной посуточный посуточную ежедневно ежедневная ежедневные ежедневный ежедневным ежедневными каждый_день по_дням"},
	{term, string(zomro.Month), "monthly every_month помесячно помесячная ежемесячно ежемесячная по_месяцам каждый_месяц"},
	{term, string(zomro.Quarter), "quarterly поквартально ежеквартально"},
	{term, string(zomro.Year), "yearly annual annually ежегодно каждый_год по_годам годовая годовой"},

	{server, "", "server machine instance box node сервер машин:а,у,ка,ку виртуалк:а,у штук:а,у виртуальный_сервер виртуальную_машину экземпляр нода ноду"},
	{servers, "", "servers machines instances boxes nodes pieces pcs pc items vpses сервера серверов серверы серваков сервака машины машин машинки виртуалки виртуалок штуки штук шт экземпляра экземпляров ноды нод виртуальных_сервера виртуальных_серверов"},
	{either, "", "vps vds впс вдс впски впска впску сервак серв серва вм"},
	{times, "", "x х × *"},
	{quantity, "", "quantity qty count amount number_of_servers количество количестве кол_во числом"},

	{promo, "", "promo promocode promo_code coupon coupon_code voucher промо промокод:,ом,а,у промо_код промо_кодом купон:,ом,а"},
	{name, "", "name named hostname called call_it name_it server_name with_name имя имени именем название названием назови назвать назовите имя_сервера хостнейм с_именем под_именем"},
	{copies, "", "backup backups back_up back_ups backuping бекап:,ы,ов,а,ом,ами,у,ирование бэкап:,ы,ов,а,ом,ами,у,ирование бакап:,ы,ов,ами резервн:ые_копии,ых_копий,ыми_копиями,ое_копирование,ого_копирования,ым_копированием,ая_копия"},
	{with, "", "with plus include including с со плюс вместе_с"},
	{without, "", "without no not except w_o dont don't non без не кроме исключая только_не"},
	{on, "", "on yes enabled вкл включить включи да нужны"},
	{off, "", "off disabled none выкл выключить нет не_нужны не_нужно не_надо"},
	{key, "", "key keys ssh_key ssh_keys sshkey pubkey public_key my_key my_ssh_key ключ:,ом,у,и,а,ами ssh_ключ:,ом,у,а"},
	{password, "", "password root_password pass passwd pwd пасс пассворд пароль паролем паролю пароля пароли root_пароль рут_пароль"},
	{confided, "", "token secret passphrase токен секрет"},
	{making, "", "generate generated random make сгенерир:уй,уйте,овать,ованный,ованным случайн:ый,ым"},

	{feature, "amd", "amd ryzen epyc амд"},
	{feature, "intel", "intel xeon интел интеле ксеон"},
	{feature, "dedicated", "dedicated dedik dedi дедик:,а,и,ов выделенн:ый,ая,ые,ых,ым,ыми,ое"},
	{feature, "gpu", "gpu graphics_card video_card гпу видеокарт:а,ой,у,ы видюх:а,ой"},
	{feature, "forex", "forex форекс:,а,е"},
	{feature, "shared", "shared разделяем:ый,ые"},
	{cheap, "", "cheap cheapest the_cheapest inexpensive дешев:ый,ая,ую,ое,о,ле_всего подешевле недорог:ой,ая,ую,о дешевейший бюджетн:ый,ая,ую"},

	{another, "", "delete remove destroy restart reboot stop renew resize upgrade downgrade cancel show list refund help why how fix slow broken down problem удали удалить удалите перезагрузи перезагрузить перезапусти останови остановить продли продлить отмени отменить покажи показать верни вернуть помоги помогите почему как сломал:ся,ась проблема проблемы лежит упал не_работает работает тормозит"},
}

// stems are how words begin that say what an amount is of.
var stems = map[string][]string{
	ofCPU:    {"cpu", "vcpu", "core", "processor", "proc", "ядр", "ядер", "проц", "цпу", "камень", "камн", "поток"},
	ofMemory: {"ram", "memor", "mem", "озу", "памят", "оператив", "рам"},
	ofDisk:   {"disk", "disc", "ssd", "nvme", "hdd", "storage", "диск", "накопител", "места", "место", "хранил", "ссд", "нвме", "жестк"},
	ofOther:  {"трафик", "traffic", "мбит", "mbit", "гбит", "gbit", "mbps", "gbps", "bandwidth", "порт", "port", "канал"},

	ofAddress: {"адрес", "ip"},
}

// perWords lead from a price to its period.
var perWords = []string{"a", "per", "each", "every", "в", "за", "каждый"}

// plainDisk is how one speaks of a disk of any kind.
var plainDisk = []string{"disk", "диск"}

// Letters that share a key.
const (
	latinKeys    = "qwertyuiopasdfghjklzxcvbnm"
	cyrillicKeys = "йцукенгшщзфывапролдячсмить"
)

// numbers in words.
var numbers = map[string]float64{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "sixteen": 16, "hundred": 100, "couple": 2,
	"один": 1, "одна": 1, "одну": 1, "одно": 1, "два": 2, "две": 2, "двух": 2, "двумя": 2, "тремя": 3, "четырех": 4, "четырьмя": 4, "пара": 2, "пару": 2, "три": 3, "трех": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7, "восемь": 8,
	"девять": 9, "десять": 10, "двенадцать": 12, "шестнадцать": 16, "двадцать": 20, "тридцать": 30, "сорок": 40, "пятьдесят": 50, "сто": 100, "двести": 200,
}

// spans are the periods by how many of which unit they are.
var spans = map[string]zomro.Period{
	"1 day": zomro.Day, "1 month": zomro.Month, "3 month": zomro.Quarter, "6 month": zomro.HalfYear, "12 month": zomro.Year,
	"1 quarter": zomro.Quarter, "2 quarter": zomro.HalfYear, "4 quarter": zomro.Year, "1 half": zomro.HalfYear, "2 half": zomro.Year,
	"0.5 year": zomro.HalfYear, "1 year": zomro.Year,
}

// lexeme is what a word means.
type lexeme struct {
	class  class
	value  string
	amount float64 // of a number or a size
}

// lexicon has every form of every word.
var lexicon = func() map[string]lexeme {
	words := map[string]lexeme{}
	for _, r := range vocabulary {
		meaning := lexeme{class: r.class, value: r.value}
		switch r.value {
		case "1/1024":
			meaning.amount = 1.0 / 1024
		case "1024":
			meaning.amount = 1024
		case "1":
			meaning.amount = 1
		}
		for word := range strings.FieldsSeq(r.words) {
			stem, endings, _ := strings.Cut(word, ":")
			for ending := range strings.SplitSeq(endings, ",") {
				words[strings.ReplaceAll(stem+ending, "_", " ")] = meaning
			}
		}
	}
	for word, n := range numbers {
		words[word] = lexeme{class: number, amount: n}
	}
	return words
}()

// longestPhrase is how many words a phrase of the lexicon has at most.
const longestPhrase = 4
