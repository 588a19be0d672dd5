package image

// LoadCopies asks the vendor for the copies of a server, the schedules of its backups, and
// how it stands. Answered by CopiesLoaded.
type LoadCopies struct {
	Account string `json:"account"`
	Server  string `json:"server"`
}

// LoadImages asks the vendor for the images of the account. Answered by ImagesLoaded.
type LoadImages struct {
	Account string `json:"account,omitempty"` // "": the default one
}

func (LoadCopies) Effect() {}

func (LoadImages) Effect() {}
