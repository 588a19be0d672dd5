// Package job is what is done with a server: a [Record] that only moves forward, each
// move by an [Event] that [Step] takes, and [Next], which says what comes next. Like
// package purchase it is pure: no clock, no network, no store.
//
// The call of a job is made once. It is written down before it is made, and its answer
// after; whether the work was done is seen from the server, and where money is spent
// ([Resize]) from what the account shows, not from an answer.
package job
