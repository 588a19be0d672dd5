// Package etcd keeps the store on an etcd cluster, for several machines of which one is
// active.
//
// [Connect] reaches the cluster; [Cluster.Lead] waits until this process alone leads, and
// returns the engine of the store. Others that wait are warm: they are connected, and lead as
// soon as the one that leads lets go, or is not heard of for the time of its lease.
//
// # Leading
//
// Who leads has put the leader's key, which etcd removes when its lease ends. The revision
// at which the key was created is the generation: it only grows. Every transaction is made
// by etcd only while the key is there, of this generation, and says that the commit before
// was ours. So nobody else can have written anything since, what was read stays true until
// the commit, and there are no conflicts between transactions; one that is refused means that
// somebody else leads. The value of the key is the number of the last commit. A commit of
// which no answer came is sent again with the same number: if it was made after all, the
// second is refused, and the number says that it was ours. No number is used for two.
//
// The leader asks for its lease again and again, and counts its end from before it asked, by
// the clock that went further: the one that nobody sets, or the one that goes on while the
// machine sleeps. [Backend.Leads] is asked before each call that must not be made by two.
// From that end on no transaction begins, and [Backend.Lost] is closed.
//
// # Keys
//
// Below the prefix of the URL: "leader", "mark" (see [Backend.SaveMark]) and the records
// below "d/".
package etcd
