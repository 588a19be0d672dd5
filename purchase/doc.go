// Package purchase is buying: the states and moves of a purchase's journal
// record, the price that was agreed to, and what counts as evidence when the
// outcome of a call is not known.
//
// It is pure. A [Record] only moves forward: [Next] says what to do with it, [Step]
// moves it by an event. A writing call is on disk before it is made ([Calling]); the
// answer is on disk before anyone is told ([Answered]). The moves of a reading call may
// be kept later, in one commit with the next move that must be: what is lost of them is
// read again.
//
// The caller's loop:
//
//	for {
//		now := time.Now()
//		switch action := purchase.Next(r, now); action.Kind {
//		case purchase.Queue:
//			// wait until no other record of the account [Holds] its cart
//			commit(Step(r, Started{}, now))
//		case purchase.Do:
//			commit(Step(r, Calling{action.Call}, now)) // a reading call: may follow later
//			answer := perform(action.Call)             // Answered
//			commit(Step(r, answer, time.Now()))        // likewise
//		case purchase.Ask:
//			// tell the person; Decided comes back, or at action.Until Tick
//		case purchase.Wait:
//			// come back at action.Until with Tick
//		case purchase.End:
//			return
//		}
//	}
//
// After a restart the caller first commits Step(r, Restarted{}) for every
// record that is not at its end, and after restoring an older copy of the store
// Step(r, Restored{}).
//
// docs/purchase.md shows the states, their moves and how evidence is judged.
//
// # Caveats
//
// A call that was written down may never have been made, and is then treated
// as one that may have been. Next and the Calling after it take the same time:
// a moment later another call may be due.
//
// Two purchases with the same given name, by two logins of one account that do not
// know of each other's servers yet, find each other's servers too. No other
// purchase has a name that carries the purchase's id ([OwnName]).
package purchase
