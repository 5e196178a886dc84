package metainfo

import "golang.org/x/text/unicode/norm"

// Equivalent finds the one path whose names are canonically equivalent to the requested
// ones (Unicode TR15). macOS makes names in NFD, while people mostly type or paste them in
// NFC. A name in another character set, as the .torrent says, is equivalent to its text. A
// name that is there as requested comes first. Two equivalents count as none. It looks at all
// names of each folder on the way.
func (in *Info) Equivalent(path []string) ([]string, bool) {
	found := make([]string, 0, len(path))
	for _, name := range path {
		dir, err := in.Lookup(found)
		if err != nil {
			return nil, false
		}
		match, ok := in.equivalentChild(dir, name)
		if !ok {
			return nil, false
		}
		found = append(found, match)
	}
	return found, true
}

func (in *Info) equivalentChild(dir *Node, name string) (match string, ok bool) {
	normal := norm.NFC.String(name)
	for child := range dir.Children() {
		switch {
		case child.Name == name:
			return name, true
		case child.Name != normal && (isASCII(child.Name) || norm.NFC.String(in.Text(child.Name)) != normal):
		case ok:
			match = "" // there are two
		default:
			match, ok = child.Name, true
		}
	}
	return match, match != ""
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
