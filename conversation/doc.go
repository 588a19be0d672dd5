// Package conversation is the dialogue: what is asked next, what an answer
// means, what the screen shows.
//
// It is pure. [Machine.Step] takes a dialogue, an event and the time, and returns the
// dialogue as it is afterwards and the effects to carry out; it is total and
// deterministic, and may run twice. [Machine.Render] makes the card from the dialogue
// alone. Nothing here knows Telegram, a database, the network or a clock, and
// nothing holds a secret: a secret that a person types leaves at once as an
// effect ([Keep]) and is referred to by its slot from then on.
//
// An order is a walk over the steps of a table ([Flow.Steps]): each place of
// it says what the card asks there, what a button or a text means, and what
// must be loaded before. What comes next is never written down: it is the first
// step without an answer, and the review when there is none. So Back, editing a
// single field, another datacenter in the middle, and an order in one line are
// the same walk.
//
// # Caveats
//
// The card's buttons carry the revision of the card. What a button means must
// therefore change only together with [Dialogue.Rev], which [Machine.Step] sees to.
// Prices of add-ons are the vendor's labels, not promises: the sum that a
// person agrees to is compared with the cart by whoever pays.
package conversation
