// Package job is what is done with a server: a [Record] that only moves forward, each
// move by an [Event] that [Step] takes, and what comes [Next]. It is pure, as package
// purchase is: no clock, no network, no store.
//
// The call of a job is made once. What is about to be called is written down before
// it, and its answer after; whether it was done is seen from the server, and where money
// is spent ([Resize]) from what the account shows, not from an answer.
package job
