// Package chart draws pictures of numbers that are read on a phone: [Lines] over a time,
// [Bars] by months or by whatever else. What is drawn is data, and the words along the
// axes are the caller's, so that the room knows no language and no unit.
//
// A picture is a PNG of 1000×640 pixels for a light or a dark chat. One is drawn at a time,
// and nothing of it is kept.
package chart
