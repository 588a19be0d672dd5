// Package zomro is a client of Zomro's hosting API, a BILLmanager 6.
//
// It speaks the vendor's words (catalogue, order form, cart, line item, service)
// and knows nothing of Telegram or of the bot. Every fact about the vendor that the
// code relies on is marked in brackets with how well it is known:
//
//	[R] a real answer of the vendor
//	[A] printed in an article of the vendor
//	[F] sent or read by the vendor's own web cabinet
//	[C] another client of the vendor that claims success
//	[g] other BILLmanager 6 installations; very likely the same
//	[i] inferred, nobody shows it
//
// Facts marked [g] and [i] never decide about money by themselves: when an
// answer contradicts them the client returns an error of kind [Unknown] (for
// a writing call) or [Unreadable] (for a reading one), and a person is asked.
//
// The answer to a writing call is a hint: what happened is what the reading calls
// show afterwards, among them [Client.Charges] and [Client.UnpaidOrders]. Only a
// few answers are believed to mean that nothing was done; they stand as data next
// to each call, and a call that spends has none. Only a call that certainly never
// left this machine needs no such look: [Error] says so in Unsent.
//
// # Caveats
//
// The API has no idempotency keys. Writing calls ([Client.AddToCart],
// [Client.ApplyPromo], [Client.RemoveFromCart], [Client.EmptyCart],
// [Client.Confirm], and those that do something with a server, from
// [Client.StartService] to [Client.SettleResize]) are sent once, each on a
// connection of its own, and never repeated by this package. Reading calls are
// repeated a few times.
//
// The vendor's words in an [Error] and in a [LeftOut] are in the vendor's
// language and are text, not markup: escape them where they are shown.
//
// The services are listed through a filter that the vendor keeps for each
// session, and the cart belongs to the whole account: neither is this client's
// alone.
package zomro
