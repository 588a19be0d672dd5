package handlers

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// plainText is the text of a file; Windows writes some with two bytes for each sign.
func plainText(content []byte) string {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(content, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(content, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return string(content)
	}
	var units []uint16
	for at := 2; at+1 < len(content); at += 2 {
		units = append(units, order.Uint16(content[at:]))
	}
	return string(utf16.Decode(units))
}
