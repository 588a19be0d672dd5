package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// manuals are the pages whose commands people type.
var manuals = []string{"README.md", "README.ru.md", "CONTRIBUTING.md", "docs/operating.md", "docs/teams.md"}

// The commands of the manuals.
var (
	fence      = regexp.MustCompile("(?s)```sh\n(.*?)```")
	inline     = regexp.MustCompile("`((?:bot|make|docker|\\./bin/bot) [^`\n]+)`")
	assignment = regexp.MustCompile(`^export ([A-Z_]+)=(.+)$`)
	intoFile   = regexp.MustCompile(`^\(umask 077; set -C; (.+) > [a-z-]+\)$`)
	aVerb      = regexp.MustCompile(`^(?:\./bin/bot|bot|go run \./cmd/bot)(?: ([a-z]+)(.*))?$`)
	aTarget    = regexp.MustCompile(`^make ([a-z]+)(?: BENCH='?([A-Za-z0-9/=|^$,]+)'?)?$`)
)

// TestManuals holds that every command of the manuals exists.
func TestManuals(t *testing.T) {
	t.Parallel()
	targets := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z]+):.*## `).FindAllStringSubmatch(readRoot(t, "Makefile"), -1) {
		targets[m[1]] = true
	}
	benchmarks := map[string]bool{}
	for _, file := range []string{"bench_test.go", "bench_store_test.go", "bench_purchase_test.go", "bench_start_test.go"} {
		for _, m := range regexp.MustCompile(`(?m)^func Benchmark([A-Za-z]+)\(`).FindAllStringSubmatch(readRoot(t, "cmd/bot/"+file), -1) {
			benchmarks[m[1]] = true
		}
	}
	help, _ := run(t, nil, "help")
	told := helpVariables(t, help)
	var check func(command string) error
	check = func(command string) error {
		if m := assignment.FindStringSubmatch(command); m != nil {
			if !slices.ContainsFunc(told, func(v variable) bool { return v.name == m[1] }) {
				return fmt.Errorf("there is no variable %s", m[1])
			}
			return nil
		}
		if m := intoFile.FindStringSubmatch(command); m != nil {
			return check(m[1])
		}
		if m := aVerb.FindStringSubmatch(command); m != nil {
			return checkVerb(m[1], strings.Fields(m[2]))
		}
		if m := aTarget.FindStringSubmatch(command); m != nil {
			if !targets[m[1]] {
				return fmt.Errorf("the Makefile has no target %s", m[1])
			}
			name, _, _ := strings.Cut(m[2], "/")
			if !benchmarks[strings.Trim(name, "^$")] && m[2] != "" {
				return fmt.Errorf("there is no benchmark %s", name)
			}
			return nil
		}
		if strings.Contains(command, "zomrobot") && !strings.HasPrefix(command, "docker ") {
			return checkInstalled(unitOf(t), told, command)
		}
		if strings.HasPrefix(command, "docker ") {
			return checkDocker(readRoot(t, "Dockerfile"), command)
		}
		return fmt.Errorf("nobody knows whether it works")
	}
	for _, manual := range manuals {
		text := readRoot(t, manual)
		var commands []string
		for _, m := range fence.FindAllStringSubmatch(text, -1) {
			commands = append(commands, strings.Split(strings.TrimSpace(m[1]), "\n")...)
		}
		if len(commands) == 0 {
			t.Errorf("%s has no commands", manual)
		}
		for _, m := range inline.FindAllStringSubmatch(text, -1) {
			commands = append(commands, m[1])
		}
		for _, command := range commands {
			if err := check(command); err != nil {
				t.Errorf("%s says %q: %v", manual, command, err)
			}
		}
	}
}

// TestPanelTable: the READMEs tell of the same functions of the panel, none of which is left
// without an answer, and decision 14 has a reason for each that stays there.
func TestPanelTable(t *testing.T) {
	t.Parallel()
	rows := func(readme, heading string) (rows [][]string) {
		_, text, found := strings.Cut(readRoot(t, readme), "\n## "+heading+"\n")
		if !found {
			t.Fatalf("%s has no table %q", readme, heading)
		}
		text, _, _ = strings.Cut(text, "\n## ")
		for _, m := range regexp.MustCompile(`(?m)^\| (.*) \| (.*) \|$`).FindAllStringSubmatch(text, -1) {
			rows = append(rows, m[1:])
		}
		return rows[1:] // below the head
	}
	en, ru := rows("README.md", "The panel and the bot"), rows("README.ru.md", "Панель и бот")
	if len(en) < 25 || len(en) != len(ru) {
		t.Fatalf("%d rows, and %d in Russian", len(en), len(ru))
	}
	commands := map[string]bool{}
	for _, c := range newMachine().Commands() {
		commands["/"+c.Name] = true
	}
	reasons := strings.ToLower(readRoot(t, "docs/decisions/0014-what-stays-in-the-panel.md"))
	said := regexp.MustCompile("`(/[a-z]+)")
	for i, row := range en {
		stays := row[1] == "in the panel"
		switch {
		case strings.TrimSpace(row[0]) == "" || strings.TrimSpace(row[1]) == "" || strings.TrimSpace(ru[i][1]) == "":
			t.Errorf("row %d is empty", i)
		case stays != (ru[i][1] == "в панели"):
			t.Errorf("%s: the READMEs do not agree", row[0])
		case fmt.Sprint(said.FindAllString(row[1], -1)) != fmt.Sprint(said.FindAllString(ru[i][1], -1)):
			t.Errorf("%s: the READMEs name other commands", row[0])
		}
		for word := range strings.FieldsFuncSeq(row[0], func(r rune) bool { return strings.ContainsRune(",;:", r) }) {
			last := word[strings.LastIndex(strings.TrimSpace(word), " ")+1:]
			if stays && !strings.Contains(reasons, strings.ToLower(strings.TrimSpace(last))) {
				t.Errorf("decision 14 says nothing of %q", word)
			}
		}
		for _, command := range said.FindAllStringSubmatch(row[1], -1) {
			if !commands[command[1]] {
				t.Errorf("there is no command %s", command[1])
			}
		}
	}
}

// checkVerb looks whether the program has a verb with these flags.
func checkVerb(name string, args []string) error {
	if name == "" {
		return nil // run
	}
	i := slices.IndexFunc(commands(), func(c command) bool { return c.name == name })
	if i < 0 {
		return fmt.Errorf("there is no verb %s", name)
	}
	for _, arg := range args {
		if strings.HasPrefix(arg, "-") && !slices.Contains(strings.FieldsFunc(commands()[i].args, func(r rune) bool { return strings.ContainsRune(" []|", r) }), arg) {
			return fmt.Errorf("bot help does not show %s", arg)
		}
	}
	return nil
}

// checkInstalled looks whether a command fits what the packages install: the program's
// verbs and variables, the files that the unit reads, the unit's name.
func checkInstalled(unit map[string][]string, told []variable, command string) error {
	if regexp.MustCompile(`^(sudo )?systemctl [a-z]+( --now)? zomrobot$|^sudo apt install \./zomrobot_\*_linux_amd64\.deb$`).MatchString(command) {
		return nil
	}
	fits := false
	if m := regexp.MustCompile(`sudo install -m 640 -g (\S+) /dev/stdin /etc/zomrobot/(\S+)$`).FindStringSubmatch(command); m != nil {
		if m[1] != unit["Group"][0] || !slices.Contains(unit["LoadCredential"], m[2]+":/etc/zomrobot/"+m[2]) {
			return fmt.Errorf("the unit does not read that file")
		}
		fits = true
	}
	if m := regexp.MustCompile(`(?:^| )zomrobot ([a-z]+)( [a-z]+)?(?: \||$)`).FindStringSubmatch(command); m != nil {
		if err := checkVerb(m[1], strings.Fields(m[2])); err != nil {
			return err
		}
		fits = true
	}
	for _, m := range regexp.MustCompile(` ([A-Z_]+)=(\S+)`).FindAllStringSubmatch(command, -1) {
		if !slices.ContainsFunc(told, func(v variable) bool { return v.name == m[1] }) {
			return fmt.Errorf("there is no variable %s", m[1])
		}
		if m[1] == "STORAGE_URL" && !slices.Contains(unit["Environment"], m[1]+"="+m[2]) {
			return fmt.Errorf("the unit has its store elsewhere")
		}
	}
	if !fits {
		return fmt.Errorf("nobody knows whether it works")
	}
	return nil
}

// checkDocker looks whether a command fits the Dockerfile: the image's name is the
// one that is built, and a volume is where the store is.
func checkDocker(dockerfile, command string) error {
	if command == "docker build -t zomrobot ." {
		return nil
	}
	if command == "docker compose -f deploy/compose.yaml up -d" { // see TestCompose
		return nil
	}
	words := strings.Fields(command)
	if rest, inside := strings.CutPrefix(command, "docker exec zomrobot /bot "); inside { // which is ENTRYPOINT
		said, _, _ := strings.Cut(rest, " > ")
		name, args, _ := strings.Cut(said, " ")
		return checkVerb(name, strings.Fields(args))
	}
	if words[1] != "run" || words[len(words)-1] != "zomrobot" {
		return fmt.Errorf("it does not run the image zomrobot")
	}
	volume := regexp.MustCompile(`(?m)^VOLUME (\S+)$`).FindStringSubmatch(dockerfile)
	i := slices.Index(words, "-v")
	if volume == nil || i < 0 || !strings.HasSuffix(words[i+1], ":"+volume[1]) {
		return fmt.Errorf("its volume is not the one of the Dockerfile")
	}
	if !strings.Contains(dockerfile, "STORAGE_URL=bolt:"+volume[1]+"/") {
		return fmt.Errorf("the store is not in the volume")
	}
	return nil
}

// TestImage holds that the image has the binary of make build, which is that of
// the package that these tests build, and starts with a verb that exists.
func TestImage(t *testing.T) {
	dockerfile := readRoot(t, "Dockerfile")
	for _, want := range []string{"RUN GOOS=$TARGETOS GOARCH=$TARGETARCH make build", "COPY --from=made /src/bin/bot /bot", `ENTRYPOINT ["/bot"]`, "WORKDIR /src", "ARG BINARY=build", "FROM $BINARY AS made"} {
		if !strings.Contains(dockerfile, want) {
			t.Errorf("the Dockerfile has no %q", want)
		}
	}
	if m := regexp.MustCompile(`CMD \["/bot", "([a-z]+)"\]`).FindStringSubmatch(dockerfile); m == nil || checkVerb(m[1], nil) != nil {
		t.Error("the image's health check is no verb of the program")
	}
	path, err := exec.LookPath("make")
	if err != nil {
		t.Skip("make is not installed")
	}
	dry := exec.CommandContext(t.Context(), path, "--no-print-directory", "-n", "build")
	dry.Dir = filepath.Join("..", "..")
	dry.Env = append(os.Environ(), "MAKEFLAGS=", "OUT=bin/bot")
	out, err := dry.Output()
	const want = `CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o bin/bot ./cmd/bot`
	if err != nil || strings.TrimSpace(string(out)) != want {
		t.Errorf("make build is %q, want %q, %v", out, want, err)
	}
	here, err := exec.CommandContext(t.Context(), "go", "list", ".").Output()
	if err != nil || strings.TrimSpace(string(here)) != "zomrobot/cmd/bot" {
		t.Errorf("these tests build %q, %v", here, err)
	}
}
