package locales

import (
	"sync"
	"time"
)

// Zone is a time zone that people choose by a place in it.
type Zone struct {
	Name string // in the IANA database: "Europe/Berlin"
	En   string // its place in English
	Ru   string // and in Russian
	Also string // what else people call it by: its country, other cities, other spellings
}

// In returns what the place of a zone is called in a language.
func (z Zone) In(lang string) string {
	if Match(lang) == "ru" {
		return z.Ru
	}
	return z.En
}

// Zones are the time zones that are offered, the likely ones first. Others are chosen by
// their names in the database.
var Zones = []Zone{
	{"Europe/Moscow", "Moscow", "Москва", "Russia Россия St Petersburg Санкт-Петербург Питер Kazan Казань Nizhny Novgorod Нижний Новгород Rostov Ростов Krasnodar Краснодар Voronezh Воронеж Volgograd Волгоград Sochi Сочи МСК MSK"},
	{"Europe/Kaliningrad", "Kaliningrad", "Калининград", "Russia Россия"},
	{"Europe/Samara", "Samara", "Самара", "Russia Россия Тольятти Tolyatti Ижевск Izhevsk Саратов Saratov Ульяновск Ulyanovsk Астрахань Astrakhan"},
	{"Asia/Yekaterinburg", "Yekaterinburg", "Екатеринбург", "Russia Россия Ekaterinburg Челябинск Chelyabinsk Пермь Perm Уфа Ufa Тюмень Tyumen Оренбург Orenburg Сургут Surgut"},
	{"Asia/Omsk", "Omsk", "Омск", "Russia Россия"},
	{"Asia/Novosibirsk", "Novosibirsk", "Новосибирск", "Russia Россия Томск Tomsk Барнаул Barnaul Кемерово Kemerovo Новокузнецк Novokuznetsk"},
	{"Asia/Krasnoyarsk", "Krasnoyarsk", "Красноярск", "Russia Россия Абакан Abakan Норильск Norilsk"},
	{"Asia/Irkutsk", "Irkutsk", "Иркутск", "Russia Россия Улан-Удэ Ulan-Ude Братск Bratsk"},
	{"Asia/Yakutsk", "Yakutsk", "Якутск", "Russia Россия Чита Chita Благовещенск Blagoveshchensk"},
	{"Asia/Vladivostok", "Vladivostok", "Владивосток", "Russia Россия Хабаровск Khabarovsk Комсомольск Komsomolsk"},
	{"Asia/Magadan", "Magadan", "Магадан", "Russia Россия Южно-Сахалинск Yuzhno-Sakhalinsk Сахалин Sakhalin"},
	{"Asia/Kamchatka", "Kamchatka", "Камчатка", "Russia Россия Петропавловск-Камчатский Petropavlovsk Анадырь Anadyr"},

	{"Europe/Kyiv", "Kyiv", "Киев", "Ukraine Украина Україна Kiev Київ Kharkiv Харьков Харків Odesa Odessa Одесса Одеса Lviv Львов Львів Dnipro Днепр Дніпро"},
	{"Europe/Minsk", "Minsk", "Минск", "Belarus Беларусь Белоруссия Мінск Gomel Гомель Брест Brest"},
	{"Europe/Chisinau", "Chisinau", "Кишинёв", "Moldova Молдова Молдавия Kishinev"},
	{"Asia/Tbilisi", "Tbilisi", "Тбилиси", "Georgia Грузия Батуми Batumi"},
	{"Asia/Yerevan", "Yerevan", "Ереван", "Armenia Армения"},
	{"Asia/Baku", "Baku", "Баку", "Azerbaijan Азербайджан"},
	{"Asia/Almaty", "Almaty", "Алматы", "Kazakhstan Казахстан Алма-Ата Астана Astana Шымкент Shymkent Караганда Karaganda"},
	{"Asia/Tashkent", "Tashkent", "Ташкент", "Uzbekistan Узбекистан Самарканд Samarkand"},
	{"Asia/Bishkek", "Bishkek", "Бишкек", "Kyrgyzstan Киргизия Кыргызстан"},
	{"Asia/Dushanbe", "Dushanbe", "Душанбе", "Tajikistan Таджикистан"},
	{"Asia/Ashgabat", "Ashgabat", "Ашхабад", "Turkmenistan Туркмения Туркменистан"},

	{"Europe/Berlin", "Berlin", "Берлин", "Germany Германия Deutschland Munich Мюнхен Hamburg Гамбург Frankfurt Франкфурт Cologne Кёльн"},
	{"Europe/London", "London", "Лондон", "England Англия Britain Британия UK Великобритания Scotland Шотландия Manchester Манчестер"},
	{"Europe/Paris", "Paris", "Париж", "France Франция Lyon Лион Marseille Марсель"},
	{"Europe/Amsterdam", "Amsterdam", "Амстердам", "Netherlands Нидерланды Holland Голландия Rotterdam Роттердам"},
	{"Europe/Warsaw", "Warsaw", "Варшава", "Poland Польша Krakow Краков Wroclaw Вроцлав Gdansk Гданьск"},
	{"Europe/Prague", "Prague", "Прага", "Czechia Czech Чехия Brno Брно"},
	{"Europe/Vienna", "Vienna", "Вена", "Austria Австрия"},
	{"Europe/Zurich", "Zurich", "Цюрих", "Switzerland Швейцария Geneva Женева"},
	{"Europe/Rome", "Rome", "Рим", "Italy Италия Milan Милан"},
	{"Europe/Madrid", "Madrid", "Мадрид", "Spain Испания Barcelona Барселона Valencia Валенсия"},
	{"Europe/Lisbon", "Lisbon", "Лиссабон", "Portugal Португалия Porto Порту"},
	{"Europe/Belgrade", "Belgrade", "Белград", "Serbia Сербия Нови-Сад Novi Sad"},
	{"Europe/Stockholm", "Stockholm", "Стокгольм", "Sweden Швеция"},
	{"Europe/Vilnius", "Vilnius", "Вильнюс", "Lithuania Литва Каунас Kaunas"},
	{"Europe/Riga", "Riga", "Рига", "Latvia Латвия"},
	{"Europe/Tallinn", "Tallinn", "Таллин", "Estonia Эстония"},
	{"Europe/Helsinki", "Helsinki", "Хельсинки", "Finland Финляндия"},
	{"Europe/Bucharest", "Bucharest", "Бухарест", "Romania Румыния"},
	{"Europe/Sofia", "Sofia", "София", "Bulgaria Болгария Варна Varna"},
	{"Europe/Athens", "Athens", "Афины", "Greece Греция"},
	{"Asia/Nicosia", "Nicosia", "Никосия", "Cyprus Кипр Limassol Лимассол"},
	{"Europe/Istanbul", "Istanbul", "Стамбул", "Turkey Türkiye Турция Ankara Анкара Antalya Анталья"},

	{"Asia/Jerusalem", "Jerusalem", "Иерусалим", "Israel Израиль Tel Aviv Тель-Авив Haifa Хайфа"},
	{"Africa/Cairo", "Cairo", "Каир", "Egypt Египет"},
	{"Asia/Dubai", "Dubai", "Дубай", "Emirates ОАЭ UAE Эмираты Abu Dhabi Абу-Даби"},
	{"Asia/Tehran", "Tehran", "Тегеран", "Iran Иран"},
	{"Asia/Kolkata", "Kolkata", "Калькутта", "India Индия Delhi Дели Mumbai Мумбаи Goa Гоа Bangalore Бангалор"},
	{"Asia/Kathmandu", "Kathmandu", "Катманду", "Nepal Непал"},
	{"Asia/Bangkok", "Bangkok", "Бангкок", "Thailand Таиланд Phuket Пхукет Vietnam Вьетнам Hanoi Ханой"},
	{"Asia/Singapore", "Singapore", "Сингапур", "Malaysia Малайзия Kuala Lumpur Куала-Лумпур Bali Бали"},
	{"Asia/Shanghai", "Shanghai", "Шанхай", "China Китай Beijing Пекин Hong Kong Гонконг"},
	{"Asia/Seoul", "Seoul", "Сеул", "Korea Корея"},
	{"Asia/Tokyo", "Tokyo", "Токио", "Japan Япония"},
	{"Australia/Sydney", "Sydney", "Сидней", "Australia Австралия Melbourne Мельбурн"},
	{"Pacific/Auckland", "Auckland", "Окленд", "New Zealand Новая Зеландия"},

	{"America/New_York", "New York", "Нью-Йорк", "USA США Washington Вашингтон Boston Бостон Miami Майами"},
	{"America/Chicago", "Chicago", "Чикаго", "USA США Texas Техас Dallas Даллас Houston Хьюстон"},
	{"America/Denver", "Denver", "Денвер", "USA США Salt Lake City Солт-Лейк-Сити"},
	{"America/Los_Angeles", "Los Angeles", "Лос-Анджелес", "USA США California Калифорния San Francisco Сан-Франциско Seattle Сиэтл"},
	{"America/Toronto", "Toronto", "Торонто", "Canada Канада Montreal Монреаль Ottawa Оттава"},
	{"America/Mexico_City", "Mexico City", "Мехико", "Mexico Мексика"},
	{"America/Bogota", "Bogota", "Богота", "Colombia Колумбия Lima Лима Peru Перу"},
	{"America/Sao_Paulo", "Sao Paulo", "Сан-Паулу", "Brazil Бразилия Rio Рио-де-Жанейро"},
	{"America/Argentina/Buenos_Aires", "Buenos Aires", "Буэнос-Айрес", "Argentina Аргентина"},
	{"Pacific/Honolulu", "Honolulu", "Гонолулу", "USA США Hawaii Гавайи"},
	{"UTC", "UTC", "UTC", "GMT Greenwich Гринвич"},
}

// areas are the locations that were asked for, by name: to read the rules of one takes as long as
// to draw a card.
var areas sync.Map

// Area is the time zone of a name in the IANA database; false: there is none. The rules
// are in the program, unless the machine has its own.
func Area(name string) (*time.Location, bool) {
	if name == "" {
		return nil, false
	}
	if area, read := areas.Load(name); read {
		return area.(*time.Location), true
	}
	area, err := time.LoadLocation(name)
	if err != nil {
		return nil, false
	}
	areas.Store(name, area)
	return area, true
}
