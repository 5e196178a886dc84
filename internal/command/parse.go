package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func init() { cobra.MousetrapHelpText = "" } // a program that is clicked on in Windows runs as elsewhere

// A UsageError is a mistake in how a command was called.
type UsageError struct {
	Command *Command // the one that was chosen, as far as it was
	Err     error
}

// Error is the message.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap gives the wrapped error.
func (e *UsageError) Unwrap() error { return e.Err }

// Parse sets the fields of the command that args choose, and returns it. A flag of the program itself chooses the program. A
// value comes from args, else the environment, else settings, else the defaults. Where args asked for help, or a shell for
// completions, these are written to out, and it returns nil. A mistake is a *UsageError. settings may be nil. It is called
// once all else is set, and returns the texts of flags by their names. Parse is called once for a Command.
func (c *Command) Parse(args []string, out io.Writer, settings func(*Command) (map[string][]string, error)) (chosen *Command, err error) {
	given := len(args)
	args = c.fallBack(args)
	fellBack := len(args) > given
	if isCompletion(args) {
		c.completions()
	}
	var words []string
	c.each(func(cmd *Command) {
		cmd.cobra.RunE = func(_ *cobra.Command, rest []string) error {
			chosen, words = cmd, rest
			return nil
		}
	})
	c.cobra.SetArgs(args)
	c.cobra.SetOut(out)
	c.cobra.SetErr(io.Discard) // errors are returned
	at, err := c.cobra.ExecuteC()
	if err != nil {
		return nil, &UsageError{c.of(at), err}
	}
	if chosen == nil { // help, or completions
		return nil, nil
	}
	if slices.ContainsFunc(c.Flags, func(f *Flag) bool { return f.changed() }) {
		return c, nil // a flag of the program itself, as --version
	}
	if fellBack {
		if words, err = c.afterFlags(chosen, words); err != nil {
			return nil, &UsageError{c, err}
		}
	}
	if err := chosen.take(words, settings); err != nil {
		return nil, &UsageError{chosen, err}
	}
	return chosen, nil
}

// isCompletion reports whether a shell asks what completes a word.
func isCompletion(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// fallBack names the command that has the flags without a command.
func (c *Command) fallBack(args []string) []string {
	i := slices.IndexFunc(c.Commands, func(child *Command) bool { return child.fallback })
	at := 0
	if isCompletion(args) {
		at = 1
	}
	own := func(word string) bool {
		return word == "-h" || word == "--help" || slices.ContainsFunc(c.Flags, func(f *Flag) bool { return word == "--"+f.Name })
	}
	first := at // that is not the program's own
	for first < len(args) && own(args[first]) {
		first++
	}
	flags := len(args) == 0 || first < len(args) && strings.HasPrefix(args[first], "-")
	if i < 0 || !flags {
		return append([]string{}, args...) // not nil, for which cobra takes the ones of the process
	}
	return slices.Insert(slices.Clone(args), at, c.Commands[i].Name)
}

// afterFlags takes the name of fallback from words: its flags may stand before it, as in prog --flag serve.
func (c *Command) afterFlags(fallback *Command, words []string) ([]string, error) {
	if len(words) == 0 {
		return nil, nil
	}
	if words[0] == fallback.Name {
		return words[1:], nil
	}
	if slices.ContainsFunc(c.Commands, func(child *Command) bool { return child.Name == words[0] }) {
		return nil, fmt.Errorf("%s stands after flags of %s: write it first", words[0], fallback.Name)
	}
	return words, nil
}

// each calls f for the command and all below it.
func (c *Command) each(f func(*Command)) {
	f(c)
	for _, child := range c.Commands {
		child.each(f)
	}
}

// of is the command that cobra calls at.
func (c *Command) of(at *cobra.Command) *Command {
	found := c
	c.each(func(cmd *Command) {
		if cmd.cobra == at {
			found = cmd
		}
	})
	return found
}

// build makes the commands and flags of cobra.
func (c *Command) build() {
	c.cobra = &cobra.Command{Use: c.Name, Short: c.Help, Args: cobra.ArbitraryArgs, SilenceErrors: true, SilenceUsage: true, DisableAutoGenTag: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true}, DisableSuggestions: true}
	c.cobra.SetHelpFunc(func(at *cobra.Command, _ []string) { c.of(at).WriteHelp(at.OutOrStdout()) })
	c.cobra.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return c.flagError(err) })
	flags := c.cobra.Flags()
	if c.Parent == nil {
		flags = c.cobra.PersistentFlags()
	}
	flags.SortFlags = false
	if c.Parent == nil {
		flags.BoolP("help", "h", false, helpOfHelp)
	}
	for _, flag := range c.Flags {
		flag.add(flags, flag.Name, flag.Short).Hidden = flag.Hidden
		for _, alias := range flag.Aliases {
			flag.add(flags, alias, "").Hidden = true
		}
	}
	for _, child := range c.Commands {
		child.build()
		c.cobra.AddCommand(child.cobra)
		if child.Name == "help" { // in place of cobra's
			c.cobra.SetHelpCommand(child.cobra)
		}
	}
}

// add makes it a flag of pflag.
func (f *Flag) add(to *pflag.FlagSet, name, short string) *pflag.Flag {
	p := to.VarPF(&f.value, name, short, f.Help)
	if f.IsBool() {
		p.NoOptDefVal = "true"
	}
	f.pflags = append(f.pflags, p)
	return p
}

// changed reports whether the command line has it.
func (f *Flag) changed() bool {
	return slices.ContainsFunc(f.pflags, func(p *pflag.Flag) bool { return p.Changed })
}

// take sets what the command line left: arguments by their words, flags by the environment and settings.
func (c *Command) take(words []string, settings func(*Command) (map[string][]string, error)) error {
	if len(c.Commands) > 0 {
		return c.incomplete(words)
	}
	if err := c.takeWords(words); err != nil {
		return err
	}
	if err := c.takeEnvironment(); err != nil {
		return err
	}
	if settings != nil {
		texts, err := settings(c)
		if err != nil {
			return err
		}
		if err := c.takeSettings(texts); err != nil {
			return err
		}
	}
	return c.complete()
}

// incomplete is the error of a command that needs another after it.
func (c *Command) incomplete(words []string) error {
	if len(words) > 0 {
		return c.unexpected(words[0])
	}
	var names []string
	for _, child := range c.Commands {
		names = append(names, child.Name)
	}
	return fmt.Errorf("expected a command: %s", strings.Join(names, ", "))
}

// takeWords sets the arguments. The last one may be a list.
func (c *Command) takeWords(words []string) error {
	for _, arg := range c.Args {
		if len(words) == 0 {
			if !arg.Optional {
				return fmt.Errorf("expected %q", arg.Summary())
			}
			continue
		}
		n := 1
		if arg.IsList() {
			n = len(words)
		}
		for _, word := range words[:n] {
			if len(arg.Choices) > 0 && !slices.Contains(arg.Choices, word) {
				return fmt.Errorf("%s is one of %s, not %q", arg.Summary(), strings.Join(arg.Choices, ", "), word)
			}
			if err := arg.Set(word); err != nil {
				return fmt.Errorf("%s: %w", arg.Summary(), err)
			}
		}
		words = words[n:]
	}
	if len(words) > 0 {
		return c.unexpected(words[0])
	}
	return nil
}

// takeEnvironment sets flags that the command line has not.
func (c *Command) takeEnvironment() error {
	for _, flag := range c.Flags {
		if flag.changed() {
			flag.Source = FromLine
			continue
		}
		text, ok := os.LookupEnv(flag.Env)
		if flag.Env == "" || !ok {
			continue
		}
		flag.Source = FromEnv
		if err := flag.setWhole(text); err != nil {
			return fmt.Errorf("%s: %w", flag.Env, err)
		}
	}
	return nil
}

// takeSettings sets flags that neither the command line nor the environment has.
func (c *Command) takeSettings(texts map[string][]string) error {
	for _, flag := range c.Flags {
		if flag.Source != FromDefault {
			continue
		}
		for _, text := range texts[flag.Name] {
			flag.Source = FromFile
			if err := flag.setWhole(text); err != nil {
				return fmt.Errorf("%s: %w", flag.Name, err)
			}
		}
	}
	return nil
}

// complete checks which flags there are together.
func (c *Command) complete() error {
	var missing []string
	groups := make(map[string]string)
	for _, flag := range c.Flags {
		if flag.Source == FromDefault {
			if flag.Required {
				missing = append(missing, flag.Summary())
			}
			continue
		}
		if other := groups[flag.excludes]; other != "" {
			return fmt.Errorf("--%s and --%s can't be used together", other, flag.Name)
		}
		if flag.excludes != "" {
			groups[flag.excludes] = flag.Name
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("missing flags: %s", strings.Join(missing, ", "))
	}
	return nil
}

// unexpected is the error of a word that is neither a command nor an argument.
func (c *Command) unexpected(word string) error {
	var names []string
	for _, child := range c.Commands {
		names = append(names, child.Name)
	}
	return fmt.Errorf("unexpected argument %s%s", word, meant(word, "", names))
}

// flagError says what pflag found wrong as this program says it.
func (c *Command) flagError(err error) error {
	var (
		unknown *pflag.NotExistError
		invalid *pflag.InvalidValueError
		empty   *pflag.ValueRequiredError
	)
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return fmt.Errorf("unknown flag -%s", unknown.GetSpecifiedName())
	case errors.As(err, &unknown):
		var names []string
		for _, flag := range c.Flags {
			if !flag.Hidden {
				names = append(names, flag.Name)
			}
		}
		return fmt.Errorf("unknown flag --%s%s", unknown.GetSpecifiedName(), meant(unknown.GetSpecifiedName(), "--", names))
	case errors.As(err, &empty):
		return fmt.Errorf("--%s: it takes a value", empty.GetFlag().Name)
	case errors.As(err, &invalid):
		return fmt.Errorf("--%s: %w", invalid.GetFlag().Name, invalid.Unwrap())
	}
	return err
}

const leastBegun = 3 // letters of a name that say which is meant

// meant offers the one of names that is a word but for a few letters, or the first that begins with it, "" where there is none.
func meant(word, dashes string, names []string) string {
	best, distance := "", len(word)/3+2
	for _, name := range names {
		if d := levenshtein.ComputeDistance(word, name); d < distance {
			best, distance = name, d
		}
	}
	begun := func(name string) bool { return strings.HasPrefix(name, word) }
	if i := slices.IndexFunc(names, begun); best == "" && i >= 0 && len(word) >= leastBegun {
		best = names[i]
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", dashes+best)
}
