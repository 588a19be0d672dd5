// Package team is the flow of a group that orders together: its card, its rule, limits and
// roles, and whose account pays.
package team
