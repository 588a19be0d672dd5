// Package chat has the words that everybody above the network speaks: who and where
// ([Key], [Person]), what people do (an [Event]), and what they are shown (a [Screen] of
// [Phrase]s and [Button]s). It knows no Telegram, and no language: a phrase names a
// message of the locales, which its edge writes.
//
// What may be a secret in what people type is decided here ([HoldsSecret]) and nowhere
// else.
package chat
