// Package purchase is buying: the states and moves of a purchase's journal
// record, the price that was agreed to, and what counts as evidence when the
// outcome of a call is not known.
//
// It is pure. A [Record] only moves forward: [Next] says what is to be done
// with it, [Step] moves it by an event, and the caller commits each move before
// it acts on it. What is about to be called is on disk before the call
// ([Calling]); the answer is on disk before anyone is told ([Answered]).
//
// The caller's loop:
//
//	for {
//		switch action := purchase.Next(r, now()); action.Kind {
//		case purchase.Do:
//			commit(Step(r, Calling{action.Call}))
//			commit(Step(r, perform(action.Call)))  // Answered
//		case purchase.Ask:
//			// tell the person; a Decided event comes back
//		case purchase.Wait:
//			// come back at action.Until with Tick
//		case purchase.End:
//			return
//		}
//	}
//
// After a restart the caller first commits Step(r, Restarted{}) for every
// record that is not at its end.
package purchase
