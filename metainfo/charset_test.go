package metainfo

import "testing"

func TestCharset(t *testing.T) {
	const gbk, sjis, cyrillic = "\xb0\xa1.txt", "\x83\x65\x83\x58\x83\x67", "\xcf\xf0\xe8\xe2\xe5\xf2"
	for name, c := range map[string]struct {
		around dict
		name   string
		want   string
	}{
		"GBK":                     {dict{"encoding": "GBK"}, gbk, "啊.txt"},
		"GB2312 in another case":  {dict{"encoding": "gb2312"}, gbk, "啊.txt"},
		"code page 936":           {dict{"codepage": 936}, gbk, "啊.txt"},
		"Shift-JIS":               {dict{"encoding": "Shift_JIS"}, sjis, "テスト"},
		"code page 932":           {dict{"codepage": 932}, sjis, "テスト"},
		"code page 1251":          {dict{"codepage": 1251}, cyrillic, "Привет"},
		"ISO 8859-1":              {dict{"codepage": 28591}, "caf\xe9", "café"},
		"the name wins":           {dict{"encoding": "GBK", "codepage": 1251}, gbk, "啊.txt"},
		"no such name":            {dict{"encoding": "none", "codepage": 936}, gbk, "啊.txt"},
		"UTF-8 in spite of it":    {dict{"encoding": "GBK"}, "é", "é"},
		"UTF-8 said, but is not":  {dict{"encoding": "UTF-8"}, gbk, "\ufffd\ufffd.txt"},
		"nothing said":            {dict{}, gbk, gbk},
		"no such code page":       {dict{"codepage": -1}, gbk, gbk},
		"of another kind":         {dict{"encoding": 5, "codepage": "936"}, gbk, gbk},
		"no name of it":           {dict{"encoding": "GBK"}, "\xff\xff", "\ufffd\ufffd"},
		"replacement, an attack?": {dict{"encoding": "replacement"}, gbk, gbk},
	} {
		t.Run(name, func(t *testing.T) {
			c.around["info"] = with(v1Single(), "name", c.name)
			tor, err := ParseTorrent(encode(t, c.around))
			if err != nil {
				t.Fatal(err)
			}
			if tor.Info.Name != c.name {
				t.Errorf("the name is %q: bytes stay as they are", tor.Info.Name)
			}
			if got := tor.Info.Text(c.name); got != c.want {
				t.Errorf("it reads %q, want %q", got, c.want)
			}
			again, err := ParseTorrent(tor.Encode())
			if err != nil || again.Charset != tor.Charset || again.Info.Text(c.name) != c.want {
				t.Errorf("after it was kept: %v, %q", err, again.Info.Text(c.name))
			}
		})
	}
}
