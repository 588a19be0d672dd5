// Package account has people's accounts at the vendor: what is kept of each, sealed, and
// the [Pool] that runs calls with them and renews their sessions.
package account
