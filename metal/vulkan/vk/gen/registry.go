package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// registry is the part of vk.xml that the generator reads: the Vulkan API
// registry of the Khronos Group, whose schema is described in its
// "registry.html".
type registry struct {
	types    map[string]*xmlType
	enums    map[string]*xmlEnums
	commands map[string]*xmlCommand
	consts   map[string]string
}

type xmlRegistry struct {
	Types      []*xmlType    `xml:"types>type"`
	Enums      []*xmlEnums   `xml:"enums"`
	Commands   []*xmlCommand `xml:"commands>command"`
	Features   []*xmlFeature `xml:"feature"`
	Extensions []*xmlFeature `xml:"extensions>extension"`
}

type xmlType struct {
	Name      string       `xml:"name,attr"`
	InnerName string       `xml:"name"`
	Category  string       `xml:"category,attr"`
	Alias     string       `xml:"alias,attr"`
	API       string       `xml:"api,attr"`
	Requires  string       `xml:"requires,attr"`
	BitValues string       `xml:"bitvalues,attr"`
	Inner     string       `xml:",innerxml"`
	Members   []*xmlMember `xml:"member"`
}

// xmlMember is a structure member or a command parameter.
type xmlMember struct {
	Type   string `xml:"type"`
	Name   string `xml:"name"`
	API    string `xml:"api,attr"`
	Values string `xml:"values,attr"`
	Inner  string `xml:",innerxml"`
}

type xmlEnums struct {
	Name     string     `xml:"name,attr"`
	Type     string     `xml:"type,attr"`
	BitWidth string     `xml:"bitwidth,attr"`
	Values   []*xmlEnum `xml:"enum"`
}

type xmlEnum struct {
	Name      string `xml:"name,attr"`
	Value     string `xml:"value,attr"`
	BitPos    string `xml:"bitpos,attr"`
	Alias     string `xml:"alias,attr"`
	API       string `xml:"api,attr"`
	Extends   string `xml:"extends,attr"`
	Offset    string `xml:"offset,attr"`
	ExtNumber string `xml:"extnumber,attr"`
	Dir       string `xml:"dir,attr"`
}

type xmlCommand struct {
	Name   string       `xml:"name,attr"`
	Alias  string       `xml:"alias,attr"`
	API    string       `xml:"api,attr"`
	Proto  xmlMember    `xml:"proto"`
	Params []*xmlMember `xml:"param"`
}

type xmlFeature struct {
	Name     string `xml:"name,attr"`
	API      string `xml:"api,attr"`
	Number   string `xml:"number,attr"`
	Requires []struct {
		Enums []*xmlEnum `xml:"enum"`
	} `xml:"require"`
}

// vulkanAPI says whether an api attribute admits Vulkan proper (not only
// Vulkan SC).
func vulkanAPI(api string) bool {
	if api == "" {
		return true
	}
	for a := range strings.SplitSeq(api, ",") {
		if a == "vulkan" {
			return true
		}
	}
	return false
}

// readRegistry parses a vk.xml; features and extensions named in the subset
// add their enum values.
func readRegistry(path string) (*registry, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w (the file comes with Debian's libvulkan-dev: run `make setup`)", err)
	}
	var x xmlRegistry
	if err := xml.Unmarshal(text, &x); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	r := &registry{map[string]*xmlType{}, map[string]*xmlEnums{}, map[string]*xmlCommand{}, map[string]string{}}
	for _, t := range x.Types {
		if t.Name == "" {
			t.Name = t.InnerName
		}
		if vulkanAPI(t.API) {
			r.types[t.Name] = t
		}
	}
	for _, e := range x.Enums {
		if e.Type == "" || e.Type == "constants" {
			for _, v := range e.Values {
				r.consts[v.Name] = v.Value
			}
			continue
		}
		r.enums[e.Name] = e
	}
	for _, c := range x.Commands {
		if c.Name == "" {
			c.Name = c.Proto.Name
		}
		if vulkanAPI(c.API) && c.Alias == "" {
			r.commands[c.Name] = c
		}
	}
	for _, f := range x.Features {
		if vulkanAPI(f.API) && f.Number <= apiVersion {
			r.extend(f, "")
		}
	}
	for _, e := range x.Extensions {
		if extensions[e.Name] {
			r.extend(e, e.Number)
		}
	}
	return r, nil
}

// extend adds the enum values that a feature or extension brings.
func (r *registry) extend(f *xmlFeature, number string) {
	for _, q := range f.Requires {
		for _, v := range q.Enums {
			e := r.enums[v.Extends]
			if e == nil || v.Alias != "" || !vulkanAPI(v.API) {
				continue
			}
			if v.ExtNumber == "" {
				v.ExtNumber = number
			}
			e.Values = append(e.Values, v)
		}
	}
}

// number is the value of an enum constant as C would have it.
func (v *xmlEnum) number() (int64, error) {
	switch {
	case v.BitPos != "":
		n, err := strconv.ParseInt(v.BitPos, 10, 8)
		return 1 << n, err
	case v.Offset != "":
		// Values of extensions: 1000000000 + (extension number - 1) * 1000 + offset.
		ext, err := strconv.ParseInt(v.ExtNumber, 10, 32)
		if err != nil {
			return 0, fmt.Errorf("%s: extension number: %w", v.Name, err)
		}
		off, err := strconv.ParseInt(v.Offset, 10, 32)
		n := 1000000000 + (ext-1)*1000 + off
		if v.Dir == "-" {
			n = -n
		}
		return n, err
	}
	return strconv.ParseInt(v.Value, 0, 64)
}

var (
	commentRE = regexp.MustCompile(`<comment>.*?</comment>`)
	tagRE     = regexp.MustCompile(`<[^>]*>`)
	arrayRE   = regexp.MustCompile(`\[(\w+)\]`)
)

// declaration is the C type of a member or parameter.
type declaration struct {
	base     string // name of the C type without const and pointers
	pointers int
	array    []string // extents: numbers or names of constants
}

func (m *xmlMember) declaration() declaration {
	text := tagRE.ReplaceAllString(commentRE.ReplaceAllString(m.Inner, ""), "")
	d := declaration{base: m.Type, pointers: strings.Count(text, "*")}
	for _, a := range arrayRE.FindAllStringSubmatch(text, -1) {
		d.array = append(d.array, a[1])
	}
	return d
}
