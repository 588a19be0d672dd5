// Package crowd is people who tap as fast as their cards come, for the benchmarks: a
// Bot API server that does as little as possible, so that the time goes to the bot, and
// what is needed to run bots as processes of their own and read what they use.
//
// It keeps none of Telegram's rules: what a bot may do is tested with the emulator.
// Only private chats are known, and a person has their own id as chat.
package crowd
