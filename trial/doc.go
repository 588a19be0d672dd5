// Package trial is a guided trial of the vendor on a person's own account: experiments,
// each of which settles facts of [profile.Table].
//
// It is a core, as the ones of purchases and of jobs are: a [Record] says how far the trial
// is, [Next] what comes next, and [Step] moves the record by what happened. It has no clock
// and makes no call. What is about to be called is written down before the call
// ([Calling]), the answer after it ([Answered]).
//
// An experiment is prepared (what it depends on is read), consented to, carried out, and
// cleaned up after: whatever way it ends, the cart is looked at until none of its own rows
// is left in it. One that may cost money begins when its price was typed. What it buys is
// bought by an ordinary purchase, and deleted by an ordinary job; the trial waits for them.
package trial
