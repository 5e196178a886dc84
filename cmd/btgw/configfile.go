package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"github.com/btgw/btgw/internal/command"
)

// fileSettings are the values of the file that --config names. The keys are the names of the flags of `serve`; other commands
// use the ones that they share with it.
type fileSettings struct {
	path string
	errs []error
}

// load reads the file named by the --config of a command, if there is one, and gives the texts of flags. All that is wrong
// with it is in the error.
func (f *fileSettings) load(chosen *command.Command) (map[string][]string, error) {
	config := chosen.Flag("config")
	if config == nil || config.String() == "" {
		return nil, nil
	}
	f.path = config.String()
	tree := koanf.New("\x00") // keys are flat: no text in a key is a path
	if err := tree.Load(file.Provider(f.path), yaml.Parser()); err != nil {
		return nil, fmt.Errorf("--config %s: %w", f.path, err)
	}
	values := f.take(tree.Raw(), serveFlagNames(chosen.Program()))
	return values, errors.Join(f.errs...)
}

// take keeps the values whose keys are known, as the texts that a flag would be given.
func (f *fileSettings) take(raw map[string]any, known []string) map[string][]string {
	values := make(map[string][]string, len(raw))
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
		values[key] = []string{text}
	}
	slices.SortFunc(f.errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return values
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

// serveFlagNames lists the settings that a file may hold: the flags of serve but for --config.
func serveFlagNames(program *command.Command) []string {
	var names []string
	serve, err := program.Find("serve")
	if err != nil {
		panic(err) // every test would see it
	}
	for _, flag := range serve.Flags {
		if flag.Name != "config" {
			names = append(names, flag.Name)
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
