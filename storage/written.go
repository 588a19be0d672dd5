package storage

// Written tells how many pages were written to the file since it was opened, and how
// many bytes they have, apart from the one page of each commit that names the others.
func (b *bolt) Written() (pages, bytes int64) {
	stats := b.db.Stats().TxStats
	return stats.GetPageCount(), stats.GetPageAlloc()
}
