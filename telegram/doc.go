// Package telegram is the chat's edge: it brings what people do in Telegram to
// a [Handler] as events of the conversation, and what the conversation shows
// to Telegram as messages.
//
// Every update takes the same way, whether it was polled, came to the webhook or
// was left by an earlier run: it is decoded, kept in the [Inbox], and only then
// acknowledged to Telegram. A dispatcher hands it to the handler: in order within a
// conversation, and several conversations at once. An update stays in the inbox
// until the handler has taken it, so a crash loses nothing.
//
// A screen is rendered in the person's language and sent. Telegram's limits of traffic
// are not published and differ by chat, so nothing waits before Telegram has refused a
// call for its frequency. Its pause is kept then, and from what was let through until
// then a pace is learned, for the chat and the kind of call, or for the bot as a whole;
// it is given back over time. Calls of a chat go in order, chats beside each other.
// What can go wrong has a few kinds, see [ErrRefused].
//
// Only this package uses the Telegram library, and the library never sees what
// people write: it would put that into its errors.
//
// # Caveats
//
// A handler may see an update again if the process ended while it was at work: it
// must remove the update from the inbox in the transaction that commits what it
// did. A message whose answer was lost may have arrived ([ErrUncertain]); nothing
// here sends it a second time.
package telegram
