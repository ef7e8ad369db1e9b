package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// sdk is what the SDK's tables say.
type sdk struct {
	types    map[string]*sdkType
	typedefs map[string]string
	enums    map[string]*sdkEnum
	structs  map[string]*sdkStruct
}

type sdkType struct {
	Kind     string
	Inherits []string
	Methods  []sdkMethod
	byHand   bool
}

type sdkMethod struct {
	Selector       string
	Kind           string // instance or class
	Return         string
	ReturnNullable *bool `json:"return_nullable"`
	Args           []struct {
		Name, Type string
		Nullable   *bool
	}
	Since    string
	Optional bool
}

type sdkEnum struct {
	Kind, Underlying string
	Values           map[string]json.Number
	Since            map[string]string
}

type sdkStruct struct {
	Size, Align int
	Fields      []struct {
		Name, Type   string
		Offset, Size int
	}
}

func readSDK(folder string) (*sdk, error) {
	var selectors struct {
		Typedefs map[string]string `json:"_typedefs"`
		Types    map[string]*sdkType
	}
	var enums struct{ Enums map[string]*sdkEnum }
	var structs struct{ Structs map[string]*sdkStruct }
	for name, into := range map[string]any{"selectors": &selectors, "enums": &enums, "structs": &structs} {
		data, err := os.ReadFile(filepath.Join(folder, name+".json"))
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(data, into); err != nil {
			return nil, fmt.Errorf("%s.json: %w", name, err)
		}
	}
	return &sdk{selectors.Types, selectors.Typedefs, enums.Enums, structs.Structs}, nil
}
