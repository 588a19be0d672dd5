// Package account is the flow of a person's accounts at the vendor: logging in and out,
// their SSH keys, and what they are reminded of.
package account
