// Package server is the flow of existing servers: their list and cards, and what is asked
// before something is done with one.
package server
