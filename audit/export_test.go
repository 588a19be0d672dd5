package audit

// Deeds returns how many kinds of deeds there are.
func Deeds() int { return len(events) }
