// Package chat has the words that everything above the network speaks: who and where
// ([Key], [Person]), what people do (an [Event]), and what they are shown (a [Screen] of
// [Phrase]s and [Button]s). It knows nothing of Telegram or of any language: a phrase
// names a message of the locales, which the chat's edge writes.
//
// What may be a secret in what people type is decided here ([HoldsSecret]) and nowhere
// else.
package chat
