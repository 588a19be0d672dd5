package conversation

import (
	"time"

	"zomrobot/chat"
)

// AgeText is a time that has passed, in words: as less than a minute, in minutes, from two hours on in hours, from
// three days on in days.
func AgeText(age time.Duration) chat.Phrase {
	const day = 24 * time.Hour
	switch {
	case age >= 3*day:
		return chat.Say("age.days", "Count", int(age/day))
	case age >= 2*time.Hour:
		return chat.Say("age.hours", "Count", int(age/time.Hour))
	case age < time.Minute:
		return chat.Say("age.moment")
	default:
		return chat.Say("age.minutes", "Count", int(age/time.Minute))
	}
}
