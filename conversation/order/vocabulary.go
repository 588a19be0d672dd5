package order

// Words that turn a switch of an order's line on or off.
var (
	wordsOn  = []string{"on", "yes", "true", "1", "да", "вкл", "включить", "нужны"}
	wordsOff = []string{"off", "no", "none", "false", "0", "нет", "выкл", "выключить", "без"}
)

// Words before an amount that make it an upper limit.
var atMost = []string{"до", "max", "most", "upto", "under", "below", "больше", "более", "максимум", "дешевле"}

// What a search for a plan is about: words begin with these.
var kindStems = map[kind][]string{
	cpuKind:    {"cpu", "vcpu", "core", "processor", "proc", "ядр", "ядер", "проц", "цпу", "камень", "камн", "поток"},
	memoryKind: {"ram", "memor", "mem", "озу", "памят", "оператив", "рам"},
	otherKind:  {"трафик", "traffic", "мбит", "mbit", "гбит", "gbit", "mbps", "gbps", "bandwidth", "порт", "port", "канал", "адрес", "ip", "евро", "eur"},
	diskKind:   {"disk", "disc", "ssd", "nvme", "hdd", "storage", "диск", "накопител", "места", "место", "хранил"},
}

// Sizes in Gb.
var sizes = map[string]float64{
	"gb": 1, "gib": 1, "g": 1, "gig": 1, "gigs": 1, "gigabyte": 1, "gigabytes": 1,
	"гб": 1, "г": 1, "гиг": 1, "гига": 1, "гигов": 1, "гигабайт": 1, "гигабайта": 1, "гигабайтов": 1,
	"tb": 1024, "тб": 1024, "терабайт": 1024, "терабайта": 1024, "mb": 1.0 / 1024, "мб": 1.0 / 1024, "мегабайт": 1.0 / 1024,
}

// Numbers in words.
var numbers = map[string]float64{
	"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "eight": 8, "ten": 10, "twelve": 12, "sixteen": 16, "hundred": 100,
	"один": 1, "одно": 1, "два": 2, "две": 2, "двух": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "восемь": 8, "десять": 10,
	"двенадцать": 12, "шестнадцать": 16, "двадцать": 20, "тридцать": 30, "сорок": 40, "пятьдесят": 50, "сто": 100, "двести": 200,
}

// Words in a search that ask for nothing.
var fillers = []string{
	"with", "and", "of", "a", "an", "the", "at", "least", "for", "vps", "server", "plan", "x", "i", "need", "want",
	"с", "со", "и", "на", "от", "по", "для", "из", "не", "меньше", "минимум", "хотя", "бы", "впс", "сервер", "тариф", "план", "нужен", "нужно", "хочу", "под",
}
