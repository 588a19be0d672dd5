// Package sandbox is a stand-in for the vendor: the same wire, its own state,
// faults on demand. It lets the bot be tried, and tested, without an account
// and without spending money.
//
// A [Sandbox] is an http.Handler that speaks the vendor's API at "/" and
// "/billmgr", and a small control API under "/sandbox/" for tests that run in
// another process:
//
//	vendor := sandbox.New(sandbox.Config{ActivationDelay: 20 * time.Second})
//	vendor.AddAccount("demo", "Demo-2026", zomro.Money{Amount: decimal.NewFromInt(100), Currency: "EUR"})
//	server := httptest.NewServer(vendor)
//
// It is written from the same facts as the client in package zomro, but shares
// no code with it beyond words, so that each is an independent reader of those
// facts. How well a fact is known is tagged in brackets as in package zomro:
// [R], [A], [F], [C], [g], [i].
//
// What nobody has published of the vendor is the table of package profile: of each of its
// facts the sandbox answers as the table expects, and by [Config].Facts, or
// [Behaviour].Facts later on, as another vendor would ([Shows] says which).
//
// The catalogue is invented and always the same: names, ids, prices, images.
// All times come from [Config].Now, and nothing runs in the background: what
// has come due (an activation, a deletion, the end of a session) is worked out
// when somebody looks.
//
// # A vendor that answers wrongly
//
// What a call answers can differ from what it does, for single calls by a [Fault]
// and for all of them by a [Behaviour]:
//
//   - done, but the answer is an error, a broken one or none: the kinds of faults
//     with Effect; with Expire the sessions of the account end as well;
//   - not done, but the answer is no error: [Pretend], in one of the shapes that
//     say nothing of what was done ([AnswerShape]);
//   - done later than it is answered: [Later];
//   - an old cart is shown ([Sandbox.FreezeCart]), or a total of zero;
//   - a confirm orders without paying: then [Sandbox.PayOrder] and
//     [Sandbox.CancelOrder] do what the account's owner can do in the vendor's panel;
//   - rows that were rolled back or want a verified phone;
//   - two users of one account ([Sandbox.AddUser]);
//   - calls of one session that come at the same time are refused, held, mixed up, or
//     end the session ([Beside]).
//
// What really happened is in [Sandbox.Orders], [Sandbox.Charges], [Sandbox.Taken],
// [Sandbox.Balance], [Sandbox.Unpaid], [Sandbox.Cart] and [Sandbox.Services], whatever is
// shown.
//
// # Caveats
//
// Where the vendor's behaviour is not known the sandbox chooses, and the choice
// proves nothing about the vendor: the facts, and the places of a discount and of taxes.
// For expense, order and payment the names are known [F][g] but not the forms of the
// values; it is a choice that each taking of money is one charge, whose amount includes
// the tax, and also that all servers of one row are one unpaid order.
//
// It is stricter than the vendor where that catches mistakes of a client: a
// field sent twice, an order without any way to log in, fields in the URL, and
// skipbasket (which would charge at once) are refused. The last two are also
// kept in [Sandbox.Violations].
//
// Prices follow [Sandbox.SetPrice] at once, even those of items that are already in
// a cart.
package sandbox
