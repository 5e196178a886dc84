package command

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/muesli/mango"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"
)

// WriteCompletion writes the code that has a shell ask the program for what completes a word: bash, zsh or fish.
func (c *Command) WriteCompletion(w io.Writer, shell string) error {
	switch shell {
	case "bash":
		return c.cobra.GenBashCompletionV2(w, true)
	case "zsh":
		return c.cobra.GenZshCompletion(w)
	case "fish":
		return c.cobra.GenFishCompletion(w, true)
	}
	return fmt.Errorf("no completions for %q", shell)
}

// completions tells cobra what completes words that are no commands and flags: choices, and files where a text names one.
func (c *Command) completions() {
	c.each(func(cmd *Command) {
		for _, flag := range cmd.Flags {
			if !flag.IsBool() {
				_ = cmd.cobra.RegisterFlagCompletionFunc(flag.Name, cobra.FixedCompletions(nil, directive(flag.Placeholder)))
			}
		}
		cmd.cobra.ValidArgsFunction = func(_ *cobra.Command, words []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(cmd.Args) == 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			arg := cmd.Args[min(len(words), len(cmd.Args)-1)]
			if len(arg.Choices) > 0 {
				rest := slices.DeleteFunc(slices.Clone(arg.Choices), func(choice string) bool { return !strings.HasPrefix(choice, begun) })
				return rest, cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveDefault
		}
	})
}

// directive says whether files complete a value.
func directive(placeholder string) cobra.ShellCompDirective {
	switch placeholder {
	case "FILE", "PATH", "DIR":
		return cobra.ShellCompDirectiveDefault
	}
	return cobra.ShellCompDirectiveNoFileComp
}

// Man is the manual page of the program, as roff.
func (c *Command) Man() (string, error) {
	page := mango.NewManPage(1, c.Name, c.Help).WithLongDescription(c.Detail)
	root := mango.NewCommand(c.Name, c.Help, c.Detail)
	page.Root = *root
	if err := c.addTo(&page.Root); err != nil {
		return "", err
	}
	return page.Build(roff.NewDocument()), nil
}

// addTo adds flags and commands to those of the manual.
func (c *Command) addTo(item *mango.Command) error {
	if c.Parent == nil {
		if err := item.AddFlag(mango.Flag{Name: "help", Short: "h", Usage: helpOfHelp, PFlag: true}); err != nil {
			return err
		}
	}
	for _, flag := range c.Flags {
		if flag.Hidden {
			continue
		}
		text := mango.Flag{Name: strings.TrimPrefix(flag.Summary(), "--"), Short: flag.Short, Usage: flag.row()[1], PFlag: true}
		if err := item.AddFlag(text); err != nil {
			return err
		}
	}
	for _, child := range c.Commands {
		name := strings.TrimPrefix(child.usage(), c.Program().Name+" ")
		below := mango.NewCommand(name, child.Help, child.Detail)
		if err := item.AddCommand(below); err != nil {
			return err
		}
		if err := child.addTo(below); err != nil {
			return err
		}
	}
	return nil
}
