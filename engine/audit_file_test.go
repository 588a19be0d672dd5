package engine

import (
	"errors"
	"testing"
	"time"

	"zomrobot/audit"
)

// TestBookThatIsTooLarge: a book is written up to the limit, and not beyond.
func TestBookThatIsTooLarge(t *testing.T) {
	line, _, err := audit.Head{}.Append("user/1", audit.Entry{At: time.Unix(0, 0), What: audit.Cancelled{}})
	if err != nil {
		t.Fatal(err)
	}
	for name, form := range map[string]func(*bounded) audit.Writer{
		"csv":        func(b *bounded) audit.Writer { return audit.NewCSV(b) },
		"json lines": func(b *bounded) audit.Writer { return audit.NewJSONLines(b) },
	} {
		t.Run(name, func(t *testing.T) {
			file := bounded{most: 20_000}
			to, written := form(&file), 0
			var err error
			for err == nil && written < 1000 {
				err = to.Write(line)
				written++
			}
			if err == nil {
				err = to.Close()
			}
			if !errors.Is(err, errTooLarge) || file.text.Len() > file.most || file.text.Len() < file.most/2 {
				t.Errorf("%d lines, %d bytes: %v", written, file.text.Len(), err)
			}
		})
	}
}
