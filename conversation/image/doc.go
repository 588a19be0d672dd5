// Package image is the flow of the copies of a server (snapshots and backups), of the
// schedule of its backups, and of the images of an account. It is for the private chat of
// whoever holds the account.
package image
