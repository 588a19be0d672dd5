// Package journal is how purchases are kept in the store, with whom to tell of them, and
// what a person may see of them: a group is shown nothing that tells how much there is
// on its holder's account. The engine writes entries; its handlers read them.
package journal
