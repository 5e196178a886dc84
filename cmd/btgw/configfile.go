package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
)

// fileSettings gives kong the values of the file that --config names. It is read once, when the first flag asks.
// The keys are the names of the flags of `serve`; other commands use the ones that they share with it.
type fileSettings struct {
	path   string
	loaded bool
	values map[string]string
	errs   []error
}

// Validate is part of kong.Resolver; the file is judged when it is read.
func (f *fileSettings) Validate(*kong.Application) error { return nil }

// Resolve gives the file's value for flag, nil where the file does not say or the environment says otherwise.
func (f *fileSettings) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	f.load(ctx)
	value, known := f.values[flag.Name]
	if !known || envOf(flag) != "" {
		return nil, nil
	}
	return value, nil
}

// err joins everything that is wrong with the file.
func (f *fileSettings) err() error { return errors.Join(f.errs...) }

// load reads the file named by the --config of the selected command, if there is one.
func (f *fileSettings) load(ctx *kong.Context) {
	if f.loaded {
		return
	}
	f.loaded = true
	for _, flag := range ctx.Flags() {
		if flag.Name == "config" {
			f.path, _ = ctx.FlagValue(flag).(string)
		}
	}
	if f.path == "" {
		return
	}
	tree := koanf.New("\x00") // keys are flat: no text in a key is a path
	if err := tree.Load(file.Provider(f.path), yaml.Parser()); err != nil {
		f.errs = append(f.errs, fmt.Errorf("--config %s: %w", f.path, err))
		return
	}
	f.take(tree.Raw(), serveFlagNames(ctx.Model))
}

// take keeps the values whose keys are known, as the text that a flag would be given.
func (f *fileSettings) take(raw map[string]any, known []string) {
	f.values = make(map[string]string, len(raw))
	for key, value := range raw {
		if !slices.Contains(known, key) {
			f.errs = append(f.errs, fmt.Errorf("%s: unknown setting %q%s", f.path, key, suggestion(key, known)))
			continue
		}
		text, err := scalar(value)
		if err != nil {
			f.errs = append(f.errs, fmt.Errorf("%s: %s: %w", f.path, key, err))
			continue
		}
		f.values[key] = text
	}
	slices.SortFunc(f.errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
}

// scalar writes a YAML scalar, or a list of them, as a flag's text.
func scalar(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			text, err := scalar(item)
			if err != nil {
				return "", err
			}
			parts[i] = text
		}
		return strings.Join(parts, ","), nil
	case map[string]any:
		return "", errors.New("takes one value or a list, not a section")
	}
	return fmt.Sprint(value), nil
}

// serveFlagNames lists the settings that a file may hold: the flags of serve but for --config and --help.
func serveFlagNames(app *kong.Application) []string {
	var names []string
	for _, node := range app.Children {
		if node.Name != "serve" {
			continue
		}
		for _, flag := range node.Flags {
			if flag.Name != "config" && flag.Name != "help" {
				names = append(names, flag.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// suggestion offers the known name that key was probably meant to be: the same but for case, dashes and underscores, or
// with one as the beginning of the other.
func suggestion(key string, known []string) string {
	flat := func(s string) string {
		return strings.ToLower(strings.NewReplacer("-", "", "_", "", ".", "").Replace(s))
	}
	for _, name := range known {
		if a, b := flat(key), flat(name); a == b || len(a) >= 3 && strings.HasPrefix(b, a) || strings.HasPrefix(a, b) {
			return fmt.Sprintf(": is %q meant?", name)
		}
	}
	return ""
}

// envOf names the environment variable that sets flag, "" where none does.
func envOf(flag *kong.Flag) string {
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return name
		}
	}
	return ""
}
