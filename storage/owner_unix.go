//go:build unix

package storage

import (
	"io/fs"
	"os"
	"syscall"
)

// ownedLike gives a file to whom another one belongs to, where we may: root may put a
// file in place of one of the bot's, which the bot has to open afterwards.
func ownedLike(path string, like fs.FileInfo) error {
	owner, ok := like.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() != 0 {
		return nil
	}
	return os.Chown(path, int(owner.Uid), int(owner.Gid))
}
