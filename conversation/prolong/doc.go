// Package prolong is the flow of paying for a server that is there: until when it is paid,
// and whether it is paid on by itself.
package prolong
