// Package home is the flow of where a person comes in: the greeting of somebody new, the
// home card of somebody who is known, and the help. It leads elsewhere by the names of
// commands and knows no other flow.
package home
