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
// The catalogue is invented and always the same: names, ids, prices, images.
// All times come from [Config].Now, and nothing runs in the background: what
// has come due (an activation, a deletion, the end of a session) is worked out
// when somebody looks.
//
// # Caveats
//
// Where the vendor's behaviour is not known the sandbox chooses, and the choice
// proves nothing about the vendor: the answers of cart, apply_promocode and
// cartorder.create.confirm, the error for a bad field ({"$type":"value"}) and
// for a short balance, the places of a discount and of taxes.
//
// An order of several servers is one line item that costs the single price
// times the count; the vendor does not say how many line items there are [i].
//
// It is stricter than the vendor where that catches mistakes of a client: a
// field sent twice, an order without any way to log in, fields in the URL, and
// skipbasket (which would charge at once) are refused. The last two are also
// kept in [Sandbox.Violations].
//
// Prices follow [Sandbox.SetPrice] at once, also those of items that are
// already in a cart.
package sandbox
