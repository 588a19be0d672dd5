package order

import (
	"slices"
	"strings"
	"testing"

	"zomrobot/conversation/order/wording"
)

// wished is what a search asks of a plan, to be compared.
type wished struct {
	CPU, Memory, Disk             float64
	MostCPU, MostMemory, MostDisk float64
	Words                         string
}

func readWish(search string) wished {
	w := wording.Read(search)
	words := slices.Concat(w.Words(wording.Left), w.Features)
	if w.System.Family != "" {
		words = append(words, w.System.Family)
	}
	return wished{
		CPU: w.CPU.Least, Memory: w.Memory.Least, Disk: w.Disk.Least, Words: strings.Join(words, " "),
		MostCPU: w.CPU.Most, MostMemory: w.Memory.Most, MostDisk: w.Disk.Most,
	}
}

// TestWishes: a search for a plan in the words of either language.
func TestWishes(t *testing.T) {
	for search, want := range map[string]wished{
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
		if got := readWish(search); got != want {
			t.Errorf("%q is read as %+v, want %+v", search, got, want)
		}
	}
}
