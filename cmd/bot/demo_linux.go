package main

import (
	"os/exec"
	"syscall"
)

// tie lets a process end with the thread that starts it.
func tie(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
