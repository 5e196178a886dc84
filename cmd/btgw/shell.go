package main

import (
	"fmt"

	"github.com/alecthomas/kong"
	mangokong "github.com/alecthomas/mango-kong"
	"github.com/muesli/roff"
)

// helpCmd stands for "btgw help COMMAND" in the list of commands; parse reads it as "btgw COMMAND --help".
type helpCmd struct {
	Command []string `arg:"" optional:"" help:"The command."`
}

// completions holds what each shell reads at its start. All of them ask btgw itself for what fits, by the variables of bash's
// "complete -C", so that they never differ from the flags that there are.
var completions = map[string]string{
	"bash": `complete -o default -o bashdefault -C btgw btgw
`,
	"zsh": `#compdef btgw
autoload -U +X bashcompinit && bashcompinit
complete -o default -o bashdefault -C btgw btgw
`,
	"fish": `function __complete_btgw
    set -lx COMP_LINE (commandline -cp)
    test -z (commandline -ct)
    and set COMP_LINE "$COMP_LINE "
    btgw
end
complete -f -c btgw -a "(__complete_btgw)"
`,
}

// completionCmd prints what makes a shell complete commands and flags.
type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help says how the output is used.
func (completionCmd) Help() string {
	return `bash: source <(btgw completion bash), or write it to /etc/bash_completion.d/btgw
zsh: source <(btgw completion zsh) after compinit
fish: btgw completion fish > ~/.config/fish/completions/btgw.fish`
}

// Run prints the code.
func (c *completionCmd) Run(a *app) error {
	_, err := fmt.Fprint(a.stdout, completions[c.Shell])
	return err
}

// manCmd prints the manual page, made of the same grammar as the help.
type manCmd struct{}

// Run prints it as roff.
func (manCmd) Run(a *app, k *kong.Kong) error {
	_, err := fmt.Fprint(a.stdout, mangokong.NewManPage(1, k.Model).Build(roff.NewDocument()))
	return err
}
