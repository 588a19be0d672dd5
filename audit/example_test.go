package audit_test

import (
	"fmt"
	"log"
	"strings"
	"time"

	"zomrobot/audit"
)

// A book is its lines and its head; whoever keeps them can check both.
func Example() {
	const book = "user/42"
	at := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	var head audit.Head
	var lines []string
	for _, event := range []audit.Event{audit.Called{Call: "confirm"}, audit.Cancelled{}} {
		line, next, err := head.Append(book, audit.Entry{At: at, Who: 42, Purchase: "A7K-42", What: event})
		if err != nil {
			log.Fatal(err)
		}
		text, err := line.Text()
		if err != nil {
			log.Fatal(err)
		}
		head, lines = next, append(lines, string(text)) // in one transaction
	}

	check := func() []audit.Fault {
		checker := audit.NewChecker(book)
		for i, line := range lines {
			checker.Line(int64(i)+1, []byte(line))
		}
		return checker.End(&head)
	}
	fmt.Println(len(check()), "faults")

	lines[0] = strings.Replace(lines[0], "confirm", "balance", 1)
	for _, fault := range check() {
		fmt.Println(fault)
	}
	// Output:
	// 0 faults
	// book user/42, line 1: it was changed: its hash is another one
}
