// Package handlers answers the requests of dialogues, in files by flow: an effect that
// asks for something (a catalogue, a balance, a page of the audit book) goes in, and the
// event that answers it comes out, with what has to be kept in the turn of that event.
// Nothing here spends money, and nothing is written outside that turn, but for an SSH key
// that a person has the vendor keep.
package handlers
