// Package trial is the flow of a trial of the vendor: what it is shown as, and what an owner
// does with it. The trial itself is a [trial.Record], which the engine moves.
package trial
