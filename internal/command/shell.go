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

// bashWords stands after cobra's code, which takes the words of a line from a function of the package bash-completion. Where
// that is not there, words that bash broke (at = and :) are joined here.
const bashWords = `
__PROGRAM_init_completion()
{
    COMPREPLY=()
    if declare -F _get_comp_words_by_ref >/dev/null 2>&1; then
        _get_comp_words_by_ref "$@" cur prev words cword
        return
    fi
    local i word blanks rest=$COMP_LINE
    words=()
    for ((i = 0; i < ${#COMP_WORDS[@]}; i++)); do
        word=${COMP_WORDS[i]}
        blanks=${rest%%[![:space:]]*}
        rest=${rest#"$blanks"}
        rest=${rest#"$word"}
        if ((i > 0)) && [[ -z $blanks ]]; then
            words[${#words[@]}-1]+=$word
        else
            words+=("$word")
        fi
        if ((i == COMP_CWORD)); then
            cword=$((${#words[@]} - 1))
        fi
    done
    cur=${words[cword]}
    prev=
    if ((cword > 0)); then
        prev=${words[cword-1]}
    fi
}
`

// WriteCompletion writes the code that has a shell ask the program for what completes a word: bash, zsh or fish.
func (c *Command) WriteCompletion(w io.Writer, shell string) error {
	switch shell {
	case "bash":
		if err := c.cobra.GenBashCompletionV2(w, true); err != nil {
			return err
		}
		_, err := io.WriteString(w, strings.ReplaceAll(bashWords, "PROGRAM", c.Name))
		return err
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
			if cmd.cobra.Name() == "help" {
				return c.below(words, begun), cobra.ShellCompDirectiveNoFileComp
			}
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

// below are the names, which begin so, of the commands below the one of that path.
func (c *Command) below(path []string, begun string) (names []cobra.Completion) {
	at, err := c.Find(path...)
	if err != nil {
		return nil
	}
	for _, child := range at.Commands {
		if strings.HasPrefix(child.Name, begun) {
			names = append(names, cobra.CompletionWithDesc(child.Name, child.Help))
		}
	}
	return names
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
	root := mango.NewCommand(c.Name, c.Help, "")
	page.Root = *root
	if err := c.addTo(&page.Root); err != nil {
		return "", err
	}
	return page.Build(manual{roff.NewDocument()}), nil
}

// A manual is roff whose texts may have several paragraphs.
type manual struct{ *roff.Document }

const newParagraph = "\v" // in a text; mango joins lines

// Text writes text.
func (m manual) Text(text string) {
	for i, part := range strings.Split(text, newParagraph) {
		if i > 0 {
			m.Paragraph()
		}
		m.Document.Text(strings.ReplaceAll(part, "%", "%%")) // it is a format there
	}
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
		text := strings.ReplaceAll(strings.TrimSpace(child.Help+"\n\n"+child.Detail), "\n\n", newParagraph)
		below := mango.NewCommand(name, text, "")
		if err := item.AddCommand(below); err != nil {
			return err
		}
		if err := child.addTo(below); err != nil {
			return err
		}
	}
	return nil
}
