// Package wording reads an order in a person's own words, Russian, English or both:
// "2 cpu 4 gb ubuntu germany month". It is a grammar and a vocabulary, and knows no
// catalogue: what of it can be had is for others to say. Every word of a text is either
// understood, or says nothing ("please"), or is named as left over.
package wording
