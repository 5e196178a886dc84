// Package command makes a command line of structs.
//
// A field with the tag cmd is a command, and its struct has what belongs to that. A field with the tag arg is an argument. Any
// other field is a flag, and has the name of the field with dashes. Embedded structs add their fields. The kinds of fields
// are string, bool, int and []string, and types that are made of them. Tags:
//
//	help         what it is or does, in a sentence; ${default} and other names stand for texts
//	name         the name, where it is not the field's
//	default      the value where none is given; on a command: flags without a command are its own
//	env          the environment variable that sets a flag
//	placeholder  what stands for the value of a flag in texts
//	short        the letter of a flag
//	aliases      other names of a flag, with commas between
//	sep          what stands between the items of a list: a comma where it is not set, "none" for nothing
//	xor          flags with the same text here exclude each other
//	enum         the values that an argument may have, with commas between
//	required, optional, hidden
//
// A command's method Help() string adds to its help. The parser is cobra's, which completes words in shells too.
package command

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A Command is a program or one of its commands.
type Command struct {
	Name     string
	Help     string // a sentence
	Detail   string // further paragraphs; "" for none
	Commands []*Command
	Args     []*Arg
	Flags    []*Flag
	Parent   *Command // nil for the program
	Target   any      // pointer to the struct that it was made of

	fallback bool // flags without a command are this one's
	cobra    *cobra.Command
}

// An Arg is an argument: a word that has its meaning by its place.
type Arg struct {
	Name, Help string
	Default    string
	Optional   bool
	Choices    []string // none: any
	value
}

// A Flag is a flag of a command.
type Flag struct {
	Name        string
	Short       string // a letter; "" for none
	Aliases     []string
	Help        string
	Default     string
	Env         string // the variable that sets it; "" for none
	Placeholder string
	Hidden      bool
	Required    bool
	Source      Source // of its value

	excludes string // it excludes others with this text
	pflags   []*pflag.Flag
	value
}

// Source says what set a flag.
type Source int

// What sets a flag, the weakest first: each wins over those before it.
const (
	FromDefault Source = iota
	FromFile
	FromEnv
	FromLine
)

// New makes the program called name of grammar, which is a pointer to a struct. Texts may have ${KEY} for the values of vars.
// It panics where the grammar is wrong, which every test sees.
func New(name, help, detail string, grammar any, vars map[string]string) *Command {
	c := &Command{Name: name, Help: help, Detail: detail, Target: grammar}
	c.fields(reflect.ValueOf(grammar).Elem(), vars)
	c.build()
	return c
}

// fields adds what the fields of a struct are.
func (c *Command) fields(v reflect.Value, vars map[string]string) {
	for i := range v.NumField() {
		field, tag := v.Type().Field(i), v.Type().Field(i).Tag
		name, named := tag.Lookup("name")
		if !named {
			name = dashed(field.Name)
		}
		_, isCommand := tag.Lookup("cmd")
		_, isArg := tag.Lookup("arg")
		switch {
		case isCommand:
			c.addCommand(name, tag, v.Field(i), vars)
		case field.Anonymous:
			c.fields(v.Field(i), vars)
		case isArg:
			c.addArg(name, tag, v.Field(i))
		default:
			c.addFlag(name, tag, v.Field(i), vars)
		}
	}
}

func (c *Command) addCommand(name string, tag reflect.StructTag, v reflect.Value, vars map[string]string) {
	child := &Command{Name: name, Help: tag.Get("help"), Parent: c, Target: v.Addr().Interface()}
	_, child.fallback = tag.Lookup("default")
	if more, ok := child.Target.(interface{ Help() string }); ok {
		child.Detail = more.Help()
	}
	child.fields(v, vars)
	c.Commands = append(c.Commands, child)
}

func (c *Command) addArg(name string, tag reflect.StructTag, v reflect.Value) {
	arg := &Arg{Name: name, Help: tag.Get("help"), Default: tag.Get("default"), value: value{field: v}}
	_, arg.Optional = tag.Lookup("optional")
	if choices := tag.Get("enum"); choices != "" {
		arg.Choices = strings.Split(choices, ",")
	}
	arg.fill(arg.Default)
	c.Args = append(c.Args, arg)
}

func (c *Command) addFlag(name string, tag reflect.StructTag, v reflect.Value, vars map[string]string) {
	text := func(s string) string {
		return os.Expand(s, func(key string) string {
			if value, ok := vars[key]; ok {
				return value
			}
			panic(fmt.Sprintf("--%s: nothing is called ${%s}", name, key))
		})
	}
	flag := &Flag{Name: name, Short: tag.Get("short"), Default: text(tag.Get("default")), Env: tag.Get("env"), Placeholder: tag.Get("placeholder"),
		excludes: tag.Get("xor"), value: value{field: v, separator: ","}}
	flag.Help = text(strings.ReplaceAll(tag.Get("help"), "${default}", flag.Default))
	_, flag.Hidden = tag.Lookup("hidden")
	_, flag.Required = tag.Lookup("required")
	if aliases := tag.Get("aliases"); aliases != "" {
		flag.Aliases = strings.Split(aliases, ",")
	}
	if sep := tag.Get("sep"); sep == "none" {
		flag.separator = ""
	} else if sep != "" {
		flag.separator = sep
	}
	flag.fill(flag.Default)
	c.Flags = append(c.Flags, flag)
}

// dashed is the name of a field as that of a flag: PublicURL is public-url.
func dashed(field string) string {
	runes := []rune(field)
	var out strings.Builder
	for i, r := range runes {
		begins := i > 0 && unicode.IsUpper(r) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if begins {
			out.WriteByte('-')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}

// Path is the names of the commands above it and its own: btgw cache pin.
func (c *Command) Path() string {
	if c.Parent == nil {
		return c.Name
	}
	return c.Parent.Path() + " " + c.Name
}

// Leaves are the commands below it that do something, in their order.
func (c *Command) Leaves() (leaves []*Command) {
	for _, child := range c.Commands {
		if len(child.Commands) > 0 {
			leaves = append(leaves, child.Leaves()...)
		} else {
			leaves = append(leaves, child)
		}
	}
	return leaves
}

// Flag returns the flag of that name, nil where there is none.
func (c *Command) Flag(name string) *Flag {
	for _, flag := range c.Flags {
		if flag.Name == name {
			return flag
		}
	}
	return nil
}

// Find returns the command below it of that path, and with an error the one that has no such command.
func (c *Command) Find(path ...string) (*Command, error) {
	for _, name := range path {
		i := slices.IndexFunc(c.Commands, func(child *Command) bool { return child.Name == name })
		if i < 0 {
			return c, c.unexpected(name)
		}
		c = c.Commands[i]
	}
	return c, nil
}

// Summary is the argument as the usage of its command has it.
func (a *Arg) Summary() string {
	out := "<" + a.Name + ">"
	if a.IsList() {
		out += " ..."
	}
	if a.Optional {
		return "[" + out + "]"
	}
	return out
}

// Summary is the flag with what stands for its value.
func (f *Flag) Summary() string {
	out := "--" + f.Name
	if f.IsBool() {
		return out
	}
	out += "=" + f.Placeholder
	if f.IsList() && f.separator != "" {
		out += f.separator + "..."
	}
	return out
}

// A value is a field, as pflag sets it.
type value struct {
	field     reflect.Value
	separator string // of a list; "" for none
	given     bool   // a list that has not the default
}

// IsList reports whether it takes several.
func (v *value) IsList() bool { return v.field.Kind() == reflect.Slice }

// IsBool reports whether its name alone sets it: the field is a bool, or has the method IsBoolFlag of package flag.
func (v *value) IsBool() bool {
	is, ok := v.field.Addr().Interface().(interface{ IsBoolFlag() bool })
	return v.field.Kind() == reflect.Bool || ok && is.IsBoolFlag()
}

// String is the value.
func (v *value) String() string { return fmt.Sprint(v.field.Interface()) }

// Type is a part of pflag.Value.
func (v *value) Type() string { return v.field.Type().String() }

// fill sets the value to that of a grammar; "" leaves it.
func (v *value) fill(text string) {
	if text == "" {
		return
	}
	if err := v.Set(text); err != nil {
		panic(err)
	}
	v.given = false
}

// Set sets the value, and adds to a list.
func (v *value) Set(text string) error {
	switch v.field.Kind() {
	case reflect.String:
		v.field.SetString(text)
	case reflect.Bool:
		truth, err := truthOf(text)
		if err != nil {
			return err
		}
		v.field.SetBool(truth)
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		v.field.SetInt(int64(n))
	case reflect.Slice:
		switch {
		case v.separator == "":
			v.add([]string{text})
		case text == "":
			v.add(nil)
		default:
			v.add(strings.Split(text, v.separator))
		}
	default:
		panic("internal/command: a field is a " + v.Type())
	}
	return nil
}

// setWhole sets the value to a text of the environment or of settings, where a list without an item is "".
func (v *value) setWhole(text string) error {
	if v.IsList() && text == "" {
		v.add(nil)
		return nil
	}
	return v.Set(text)
}

// add adds to a list, of which the default goes first.
func (v *value) add(items []string) {
	if !v.given {
		v.field.SetZero()
	}
	v.given = true
	v.field.Set(reflect.AppendSlice(v.field, reflect.ValueOf(items)))
}

// truthOf reads what sets a bool.
func truthOf(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "yes", "on":
		return true, nil
	case "no", "off":
		return false, nil
	}
	truth, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("%q is neither true nor false", text)
	}
	return truth, nil
}
