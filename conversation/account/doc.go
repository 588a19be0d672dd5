// Package account is the flow of a person's accounts at the vendor: to log in and out, their
// SSH keys, and what they are reminded of.
package account
