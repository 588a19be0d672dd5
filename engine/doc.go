// Package engine is one turn: read, step, commit, then effects. It joins the
// pure cores ([conversation], [purchase]) with the two edges (the chat and the
// vendor) over the store.
//
// A turn is one transaction: the dialogue as it is after the event, what is to
// be done because of it (the outbox), and the removal of what caused it (the
// update in the inbox, or the effect that was answered). Effects run after the
// commit, in order within a dialogue, at least once; what comes back from them
// enters as a new event, in a turn of its own.
//
// What dialogues ask for is answered by package handlers, and how a purchase is kept and
// seen is package journal.
//
// A purchase is moved by a runner, one at a time per vendor account. The announcement of
// a writing call is committed before the call, with everything that was read for it, and
// its answer before anything follows from it; a reading call alone commits nothing.
//
// A group is a team (package team has its roles, rule and limits). What costs
// money there is done after Telegram was asked what the person is in the group,
// and is judged in the transaction that does it. Groups keep their first id inside
// the program, whatever becomes of them.
//
// # Caveats
//
// Stopping waits for calls that are under way; one that outlasts the patience
// of [Engine.Close] is found in the journal at the next start, and what became
// of it is looked for before anything else is bought.
package engine
