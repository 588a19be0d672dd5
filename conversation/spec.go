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

// Size is an amount of memory or disk as people write it; the vendor writes "Gb" [R].
func Size(text string) chat.Phrase {
	number, unit, _ := strings.Cut(strings.TrimSpace(text), " ")
	switch strings.ToLower(unit) {
	case "gb", "gib":
		return chat.Say("size.gb", "Size", number)
	case "tb", "tib":
		return chat.Say("size.tb", "Size", number)
	default:
		return chat.Say("size.other", "Size", cmp.Or(text, "—"))
	}
}
