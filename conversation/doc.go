// Package conversation is the dialogue: what is asked next, what an answer
// means, what the screen shows.
//
// It is pure. [Step] takes a dialogue, an event and the time, and returns the
// dialogue as it is afterwards and the effects to carry out; it is total and
// deterministic, and may run twice. [Render] makes the card from the dialogue
// alone. Nothing here knows Telegram, a database, the network or a clock, and
// nothing holds a secret: a secret that a person types leaves at once as an
// effect ([Keep]) and is referred to by its slot from then on.
package conversation
