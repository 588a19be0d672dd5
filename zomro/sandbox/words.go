package sandbox

import "zomrobot/zomro"

// russian are the labels of the catalogue in Russian. The vendor's own are not
// known; most are those of another installation [g].
var russian = map[string]string{
	"Support tier":      "Уровень поддержки",
	"Basic tier":        "Базовый уровень",
	"network":           "Сеть",
	"CPU count":         "Количество процессоров",
	"Memory":            "Оперативная память",
	"Disk space":        "Дисковое пространство",
	"Port speed":        "Скорость порта",
	"Bandwidth":         "Пропускная способность",
	"Unmetered traffic": "Безлимитный трафик",
	"Traffic volume":    "Объём трафика",
	"Outgoing traffic":  "Исходящий трафик",
	"datacenter":        "Дата-центр",

	"server only with IPv6": "сервер только с IPv6",

	"Day": "День", "Month": "Месяц", "Three months": "Три месяца", "Half a year": "Полгода", "Year": "Год",

	"Active": "Активен", "Activation in progress": "Обрабатывается", "Deletion in progress": "Удаление",
	"Temporary suspended": "Приостановлен", "Ordered": "Заказан", "Deleted": "Удалён",
	"Suspended": "Приостановлен", "Suspended by administrator": "Приостановлен администратором",
	"Suspended due to abuse": "Остановлен за нарушение", "Processing": "Обрабатывается",
}

// word translates an English word of the catalogue into the request's language.
func (r *request) word(english string) string {
	if r.russian() {
		if translated, ok := russian[english]; ok {
			return translated
		}
	}
	return english
}

// periodWords name the periods [R].
var periodWords = map[zomro.Period]string{
	zomro.Day: "Day", zomro.Month: "Month", zomro.Quarter: "Three months", zomro.HalfYear: "Half a year", zomro.Year: "Year",
}
