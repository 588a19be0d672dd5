// Package profile is what is known of the vendor beyond its documents: one table of
// the facts that nobody has published, and what was learned of each on real accounts.
//
// [Table] is the one place where such a fact is written down: what may be true
// ([Fact].Answers), what the bot takes for granted ([Fact].Expects), and what it does
// about it ([Fact].Does). The stand-in for the vendor answers by it, the trial and the
// purchases look for it, docs/vendor.md is made from it: so they cannot drift apart.
//
// A [Profile] is what was learned: it is kept in the store, and every purchase and every
// trial adds to it ([Profile.Learn]). It holds words of the table, times and
// fingerprints, and nothing of an account, but for [Known].Word, a type of error.
//
// It is pure. A fact that is [Confirmed] may save a question or a look; one that is
// [Refuted] changes the way where another way was written; one that is [Open] keeps every
// caution. None of them replaces evidence about money.
package profile
