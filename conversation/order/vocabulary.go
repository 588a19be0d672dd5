package order

// Words that turn a switch of an order's line on or off.
var (
	wordsOn  = []string{"on", "yes", "true", "1", "да", "вкл", "включить", "нужны"}
	wordsOff = []string{"off", "no", "none", "false", "0", "нет", "выкл", "выключить", "без"}
)
