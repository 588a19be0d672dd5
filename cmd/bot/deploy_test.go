package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// parseYAML reads a file of the repository that may have nothing but what into has.
func parseYAML(t *testing.T, name string, into any) {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(readRoot(t, name))))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// isThere fails when the repository has nothing by that name.
func isThere(t *testing.T, who, pattern string) {
	t.Helper()
	if found, err := filepath.Glob(filepath.Join("..", "..", pattern)); err != nil || len(found) == 0 {
		t.Errorf("%s names %s, which is not there (%v)", who, pattern, err)
	}
}

// isKnown fails when the program has no such variable.
func isKnown(t *testing.T, who, name string) {
	t.Helper()
	var c Config
	names, err := c.known()
	if err != nil || !slices.Contains(names, name) {
		t.Errorf("%s sets %s, which the program does not know (%v)", who, name, err)
	}
}

// releases is what .goreleaser.yaml says of the packages.
type releases struct {
	Version     int
	ProjectName string `yaml:"project_name"`
	Builds      []struct {
		Main, Binary        string
		Env, Flags, Ldflags []string
		ModTimestamp        string `yaml:"mod_timestamp"`
		Goos, Goarch        []string
	}
	Archives []struct {
		Formats         []string
		FormatOverrides []struct {
			Goos    string
			Formats []string
		} `yaml:"format_overrides"`
		Files []string
	}
	Nfpms []struct {
		Formats                                           []string
		PackageName                                       string `yaml:"package_name"`
		Maintainer, Description, License, Section, Bindir string
		Recommends                                        []string
		Contents                                          []struct {
			Src, Dst, Type string
			FileInfo       struct{ Mode os.FileMode } `yaml:"file_info"`
		}
		Scripts map[string]string
	}
	Dockers []struct {
		Images, Tags, Platforms []string
		Dockerfile              string
		BuildArgs               map[string]string `yaml:"build_args"`
		ExtraFiles              []string          `yaml:"extra_files"`
		Labels                  map[string]string
	} `yaml:"dockers_v2"`
	Sboms []struct {
		Artifacts, Cmd  string
		Args, Documents []string
	}
	Checksum struct {
		NameTemplate string `yaml:"name_template"`
	}
	Changelog struct{ Disable bool }
	Release   struct {
		Draft      bool
		Prerelease string
	}
}

// TestReleases: what goes into the archives, the packages and the image is there, with the
// licences, and a package has what the unit wants.
func TestReleases(t *testing.T) {
	t.Parallel()
	var r releases
	parseYAML(t, ".goreleaser.yaml", &r)
	if len(r.Builds) != 1 || len(r.Archives) != 1 || len(r.Nfpms) != 1 || len(r.Dockers) != 1 || len(r.Sboms) != 1 {
		t.Fatal("there is not one of each")
	}
	build, packed := r.Builds[0], map[string]os.FileMode{}
	if build.Main != "./cmd/bot" || !slices.Contains(build.Env, "CGO_ENABLED=0") || !slices.Contains(build.Flags, "-trimpath") {
		t.Errorf("it is not built as make build does: %+v", build)
	}
	for _, file := range slices.Concat(r.Archives[0].Files, r.Dockers[0].ExtraFiles, slices.Collect(maps.Values(r.Nfpms[0].Scripts)), []string{r.Dockers[0].Dockerfile}) {
		isThere(t, ".goreleaser.yaml", file)
	}
	for _, c := range r.Nfpms[0].Contents {
		if c.Type != "dir" {
			isThere(t, ".goreleaser.yaml", c.Src)
		}
		packed[c.Dst] = c.FileInfo.Mode
		if strings.HasPrefix(c.Dst, "/etc/zomrobot/") && (c.Type != "config|noreplace" || c.FileInfo.Mode != 0o640) {
			t.Errorf("%s is overwritten by an upgrade, or can be read by others: %+v", c.Dst, c)
		}
	}
	licences := 0
	for _, files := range [][]string{r.Archives[0].Files, r.Dockers[0].ExtraFiles} {
		if slices.Contains(files, notices) && slices.Contains(files, "LICENSE") {
			licences++
		}
	}
	if _, ok := packed["/usr/share/doc/zomrobot/"+notices]; !ok || licences != 2 || !strings.Contains(readRoot(t, "Dockerfile"), notices) {
		t.Error("something is given out without the licences of what is linked in")
	}
	for name, value := range r.Dockers[0].BuildArgs {
		if !strings.Contains(readRoot(t, "Dockerfile"), "\nARG "+name+"=") || !strings.Contains(readRoot(t, "Dockerfile"), " AS "+value+"\n") {
			t.Errorf("the Dockerfile has no %s=%s", name, value)
		}
	}

	manual := regexp.MustCompile("(?m)^\\| `(deploy/[^`]+)` \\| `([^`]+)`").FindAllStringSubmatch(readRoot(t, "docs/operating.md"), -1)
	if len(manual) < 3 {
		t.Errorf("docs/operating.md says of %d files where they belong", len(manual))
	}
	for _, m := range manual {
		inArchive := slices.ContainsFunc(r.Archives[0].Files, func(file string) bool {
			ok, err := path.Match(file, m[1])
			return ok && err == nil
		})
		if _, ok := packed[m[2]]; !ok || !inArchive {
			t.Errorf("docs/operating.md puts %s of the archive at %s; in the archive %v, in the package %v", m[1], m[2], inArchive, ok)
		}
	}

	unit := unitOf(t)
	if want := path.Join(r.Nfpms[0].Bindir, build.Binary) + " run"; unit["ExecStart"][0] != want || checkVerb("run", nil) != nil {
		t.Errorf("the unit starts %q, want %q", unit["ExecStart"], want)
	}
	for _, wanted := range []string{"/usr/lib/systemd/system/zomrobot.service", strings.TrimPrefix(unit["EnvironmentFile"][0], "-"), strings.TrimPrefix(unit["Documentation"][0], "file:")} {
		if _, ok := packed[wanted]; !ok {
			t.Errorf("the package has no %s", wanted)
		}
	}
	for _, script := range r.Nfpms[0].Scripts {
		if out, err := exec.CommandContext(t.Context(), "sh", "-n", filepath.Join("..", "..", script)).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", script, err, out)
		}
	}
}

const unitFile = "deploy/systemd/zomrobot.service"

// unitOf reads the unit of systemd.
func unitOf(t *testing.T) map[string][]string {
	t.Helper()
	unit := map[string][]string{}
	for _, m := range regexp.MustCompile(`(?m)^([A-Za-z]+)=(.*)$`).FindAllStringSubmatch(readRoot(t, unitFile), -1) {
		unit[m[1]] = append(unit[m[1]], m[2])
	}
	return unit
}

// TestUnit: what the unit says of the program is true of it, systemd reads all of it, and
// gives the bot no more than it needs.
func TestUnit(t *testing.T) {
	t.Parallel()
	unit := unitOf(t)
	for _, key := range []string{"User", "StateDirectory", "WatchdogSec", "TimeoutStopSec", "LoadCredential", "Environment"} {
		if len(unit[key]) == 0 {
			t.Fatalf("the unit has no %s", key)
		}
	}
	for _, assigned := range unit["Environment"] {
		name, value, _ := strings.Cut(assigned, "=")
		isKnown(t, unitFile, name)
		credential, secret := strings.CutPrefix(value, "%d/")
		if secret && !slices.Contains(unit["LoadCredential"], credential+":/etc/zomrobot/"+credential) {
			t.Errorf("%s: nobody loads %s", assigned, credential)
		}
		if name == "STORAGE_URL" && path.Dir(strings.TrimPrefix(value, "bolt:")) != "/var/lib/"+unit["StateDirectory"][0] {
			t.Errorf("%s: that is not in %s", assigned, unit["StateDirectory"][0])
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^#? ?([A-Z_]+)=`).FindAllStringSubmatch(readRoot(t, "deploy/zomrobot.env"), -1) {
		isKnown(t, "deploy/zomrobot.env", m[1])
	}
	if users := readRoot(t, "deploy/systemd/zomrobot.sysusers"); !strings.HasPrefix(users, "u "+unit["User"][0]+" ") || unit["Group"][0] != unit["User"][0] {
		t.Errorf("nobody makes the user %s: %q", unit["User"], users)
	}
	if d, err := time.ParseDuration(unit["TimeoutStopSec"][0]); err != nil || d <= stopWithin {
		t.Errorf("systemd waits %s for a stop that may take %s (%v)", unit["TimeoutStopSec"][0], stopWithin, err)
	}
	if prevented := unit["RestartPreventExitStatus"]; !slices.Equal(prevented, []string{"2"}) || exitUsage != 2 {
		t.Errorf("exit codes that end the restarts: %q", prevented)
	}

	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("systemd-analyze is not installed")
		}
		t.Skip("systemd-analyze is not installed: whether systemd takes the unit is not tried")
	}
	// The program is not installed here, and is something else for this.
	here := filepath.Join(t.TempDir(), path.Base(unitFile))
	text := regexp.MustCompile(`(?m)^ExecStart=\S+`).ReplaceAllString(readRoot(t, unitFile), "ExecStart=/bin/sh")
	if err := os.WriteFile(here, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), analyze, "--man=no", "verify", here).CombinedOutput(); err != nil || strings.Contains(string(out), here) {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	const threshold = "15" // of 100; what is left above 0 is mostly the network
	if out, err := exec.CommandContext(t.Context(), analyze, "security", "--no-pager", "--offline=true", "--threshold="+threshold, here).CombinedOutput(); err != nil {
		t.Errorf("systemd-analyze security: %v\n%s", err, out)
	}
}

// TestCompose: the container of deploy/compose.yaml is the image, with what it needs.
func TestCompose(t *testing.T) {
	t.Parallel()
	const file = "deploy/compose.yaml"
	type named map[string]struct{ File string }
	var c struct {
		Name     string
		Services map[string]struct {
			Build, Image, Restart string
			Environment           map[string]string
			EnvFile               []struct {
				Path     string
				Required bool
			} `yaml:"env_file"`
			Secrets, Volumes []string
			StopGracePeriod  time.Duration `yaml:"stop_grace_period"`
			ReadOnly         bool          `yaml:"read_only"`
			CapDrop          []string      `yaml:"cap_drop"`
			SecurityOpt      []string      `yaml:"security_opt"`
			Logging          struct{ Driver string }
		}
		Volumes, Secrets named
	}
	parseYAML(t, file, &c)
	bot, ok := c.Services["bot"]
	if !ok || len(c.Services) != 1 {
		t.Fatalf("the services are %v", c.Services)
	}
	isThere(t, file, path.Join("deploy", bot.Build, "Dockerfile"))
	for name, value := range bot.Environment {
		isKnown(t, file, name)
		if secret, ok := strings.CutPrefix(value, "/run/secrets/"); !ok || !slices.Contains(bot.Secrets, secret) || c.Secrets[secret].File == "" {
			t.Errorf("%s=%s: the container has no such secret", name, value)
		}
	}
	image := readRoot(t, "Dockerfile")
	for _, volume := range bot.Volumes {
		name, at, _ := strings.Cut(volume, ":")
		if _, ok := c.Volumes[name]; !ok || !strings.Contains(image, "\nVOLUME "+at+"\n") {
			t.Errorf("%s is not the volume of the image", volume)
		}
	}
	if len(bot.Volumes) != 1 || len(bot.Secrets) != 2 || !bot.ReadOnly || bot.StopGracePeriod <= stopWithin ||
		!slices.Equal(bot.CapDrop, []string{"ALL"}) || !slices.Equal(bot.SecurityOpt, []string{"no-new-privileges:true"}) {
		t.Errorf("the container may do more than it needs, or has too little: %+v", bot)
	}
}

// TestWorkflows: what runs elsewhere is what everybody can run here, by actions that
// nobody can change, and what the project stands on is looked at.
func TestWorkflows(t *testing.T) {
	t.Parallel()
	targets := readRoot(t, "Makefile")
	for file, want := range map[string][]string{"ci": {".ci/run"}, "release": {"make release"}} {
		text := readRoot(t, ".github/workflows/"+file+".yml")
		var steps []string
		for _, m := range regexp.MustCompile(`(?m)^\s+(?:- )?run: (.*)$`).FindAllStringSubmatch(text, -1) {
			steps = append(steps, m[1])
			if target, ok := strings.CutPrefix(m[1], "make "); ok && !strings.Contains(targets, "\n"+target+":") {
				t.Errorf("%s.yml: the Makefile has no target %s", file, target)
			}
		}
		if !slices.Equal(steps, want) {
			t.Errorf("%s.yml runs %q, want %q", file, steps, want)
		}
		pinned := regexp.MustCompile(`^(\./\.github/workflows/ci\.yml|[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$`)
		for _, m := range regexp.MustCompile(`(?m)^\s+(?:- )?uses: (.*)$`).FindAllStringSubmatch(text, -1) {
			if !pinned.MatchString(m[1]) {
				t.Errorf("%s.yml: %s is not pinned", file, m[1])
			}
		}
	}
	var looked struct {
		Version int
		Updates []struct {
			Ecosystem   string `yaml:"package-ecosystem"`
			Directories []string
			Schedule    struct{ Interval string }
			Groups      map[string]struct{ Patterns []string }
		}
	}
	parseYAML(t, ".github/dependabot.yml", &looked)
	marks := map[string]string{"gomod": "go.mod", "npm": "package.json", "docker": "Dockerfile", "github-actions": ".github/workflows/ci.yml"}
	var seen []string
	for _, u := range looked.Updates {
		for _, folder := range u.Directories {
			file := strings.TrimPrefix(path.Join(folder, marks[u.Ecosystem]), "/")
			isThere(t, ".github/dependabot.yml", file)
			seen = append(seen, file)
		}
	}
	err := fs.WalkDir(os.DirFS(filepath.Join("..", "..")), ".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata" || file == "bin" || file == "dist" || file == ".git"):
			return fs.SkipDir
		case slices.Contains([]string{"go.mod", "package.json", "Dockerfile"}, entry.Name()) && !slices.Contains(seen, file):
			t.Errorf("nobody looks for updates of %s", file)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
