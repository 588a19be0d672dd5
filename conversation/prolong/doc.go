// Package prolong is the flow of paying for a server that is there: until when it is paid,
// whether it is paid on by itself, and paying it on.
package prolong
