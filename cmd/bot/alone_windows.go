package main

import (
	"fmt"
	"os"
	"syscall"
)

// errTaken: another process has the file, which is shared with nobody.
const errTaken = syscall.Errno(32) // ERROR_SHARING_VIOLATION

// openAlone opens a file, and creates it, for this process alone until it is closed.
func openAlone(path string) (*os.File, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	handle, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return os.NewFile(uintptr(handle), path), nil
}
