package conversation

// Prompt makes the message to which a person in a group replies with what is
// typed; false: nothing is to be typed now. A bot that is no administrator hears
// only replies to its messages there.
func Prompt(d Dialogue) (Screen, bool) {
	p, ok := d.place()
	if !ok || d.Key.Private() || !p.typed {
		return Screen{}, false
	}
	if d.Aside == nil && d.Draft.want().what != needNothing {
		return Screen{}, false // it is not asked yet
	}
	who := Person{ID: d.Key.User, Name: d.Name}
	return Screen{Lines: []Phrase{Say("prompt.reply", "Who", who)}, Reply: true}, true
}
