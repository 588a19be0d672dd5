package conversation

import (
	"cmp"
	"strings"

	"zomrobot/chat"
	"zomrobot/zomro"
)

// SpecText says what a plan's server is made of.
func SpecText(s zomro.Spec) chat.Phrase {
	return chat.Say("plan.spec", "CPU", s.CPU, "Memory", Size(s.Memory), "Disk", Size(s.Disk))
}

// CostOfDay says what is paid each day, and about how much that is in a month.
func CostOfDay(cost zomro.Money) chat.Phrase {
	month := zomro.Money{Amount: cost.Amount.Mul(zomro.DaysPerMonth).Round(2), Currency: cost.Currency}
	return chat.Say("server.cost_day", "Day", cost, "Month", month)
}

// Size is an amount of memory or disk as people write it; the vendor writes "Gb" [R].
func Size(text string) chat.Phrase {
	number, unit, _ := strings.Cut(strings.TrimSpace(text), " ")
	whole, part, parted := strings.Cut(number, ".")
	switch unit = strings.ToLower(unit); {
	case (unit == "gb" || unit == "gib") && parted:
		return chat.Say("size.gb_part", "Whole", whole, "Part", part)
	case unit == "gb" || unit == "gib":
		return chat.Say("size.gb", "Size", number)
	case (unit == "tb" || unit == "tib") && parted:
		return chat.Say("size.tb_part", "Whole", whole, "Part", part)
	case unit == "tb" || unit == "tib":
		return chat.Say("size.tb", "Size", number)
	default:
		return chat.Say("size.other", "Size", cmp.Or(text, "—"))
	}
}
