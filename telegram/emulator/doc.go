// Package emulator stands in for the Bot API server of Telegram: a bot that is
// given the address of a [Server] talks to people who live in this process, and
// a web page lets a person be one of them. It serves tests, which act through the
// methods of Server as people act through their clients, and it lets the bot be
// tried without Telegram.
//
// The server is strict on purpose. It refuses what the real one refuses, in the
// same words, and counts as a violation what the real one swallows although it
// can only be a mistake (see [Server.Violations]). The rules and the error texts
// are those of Telegram's own server and of TDLib (sources: tdlib/telegram-bot-api
// Client.cpp and WebhookActor.cpp 10.0; tdlib/td MessageEntity.cpp, ReplyMarkup.cpp
// and MessagesManager.cpp).
//
// A Server is an [http.Handler] with three doors: /bot<token>/<method> is the Bot
// API, /sim/ drives the people from outside the process, and / is the page, with
// [Config].Panel beside the chats. All but the first answer only to the loopback
// names of this machine and to no foreign page.
//
// # Caveats
//
// Only what the bot needs exists: text messages, documents, inline keyboards,
// replies, forwards, commands, groups, topics, polling and webhooks. There are no
// channels, inline queries or payments, and MarkdownV2 is refused. An ephemeral message is
// a text that is sent, with buttons: it is neither edited nor answered, and no command is
// one; the words in which one is refused are this server's own.
// A restriction is all or nothing and lasts until it is ended. The bot is refused for
// a person it has never met as for one who did not start it, where Telegram may know
// no such chat. Two things that Telegram does not document are taken as likely:
// whoever is removed from a supergroup is named by a service message, and a restricted
// bot may still edit. What is a matter of time (the age of a message, of a press, of
// an update) goes by Config.Now; what is a matter of waiting (the timeout of
// getUpdates, the pauses between tries of a webhook) goes by the real clock. Nothing
// is stored: a new Server is an empty world. The content of a deleted message is
// forgotten, except in the transcript and in what [Server.Outgoing] gives to search.
package emulator
