// Package audit is the record of what was done with money and servers: books of
// lines that are only ever appended to, in which no line can be left out,
// changed, put in or moved without it being seen.
//
// It is pure. A [Line] holds the hash of the line before it; the [Head] of a
// book says how many lines it has and the hash of the last. [Head.Append] makes
// the next line, and the caller keeps both in one transaction with what the line
// tells of. A [Checker] reads a book from its beginning and names every [Fault].
// [NewCSV] and [NewJSONLines] write lines for other programs.
//
// What a line can tell is one of the types of [Deed], so that nothing gets into a
// book by mistake: none of them has room for a password or a session.
//
// A [Ledger] tells what a team has spent, and the head of the book has its digest:
// the caller checks its own record of the ledger against that digest.
//
// # The hash
//
// The text of a line is its JSON as [Line.Text] returns it and as JSON lines are
// exported, with the hash as the last member. The hash is the SHA-256 of that
// text without the member "hash". Book and number are parts of the text, so that
// a line fits nowhere else.
//
// # Caveats
//
// The chain reveals a change by somebody who does not rewrite the whole rest of the
// book. Whoever has the keys of the store can do that. The number and the hash of a
// book's head, written down elsewhere, show even this.
package audit
