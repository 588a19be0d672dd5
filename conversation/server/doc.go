// Package server is the flow of the servers that are there: their list and cards, and what
// is asked before something is done with one.
package server
