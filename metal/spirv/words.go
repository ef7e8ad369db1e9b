package spirv

import (
	"encoding/binary"
	"fmt"
)

// Instructions, by the specification's names.
const (
	opName                 = 5
	opEntryPoint           = 15
	opExecutionMode        = 16
	opTypeInt              = 21
	opTypeFloat            = 22
	opTypeVector           = 23
	opTypeMatrix           = 24
	opTypeImage            = 25
	opTypeSampler          = 26
	opTypeSampledImage     = 27
	opTypeArray            = 28
	opTypeRuntimeArray     = 29
	opTypeStruct           = 30
	opTypePointer          = 32
	opConstant             = 43
	opConstantComposite    = 44
	opSpecConstant         = 50
	opSpecConstantComp     = 51
	opFunction             = 54
	opFunctionEnd          = 56
	opFunctionCall         = 57
	opVariable             = 59
	opImageTexelPointer    = 60
	opLoad                 = 61
	opStore                = 62
	opCopyMemory           = 63
	opAccessChain          = 65
	opInBoundsAccessChain  = 66
	opPtrAccessChain       = 67
	opArrayLength          = 68
	opDecorate             = 71
	opMemberDecorate       = 72
	opCopyObject           = 83
	opSampledImage         = 86
	opImageRead            = 98
	opImageWrite           = 99
	opAtomicLoad           = 227
	opAtomicStore          = 228
	opAtomicXor            = 242
	opCooperativeLoad      = 4457
	opCooperativeStore     = 4458
	opTypeAccelerationStrc = 5341
	opExecutionModeID      = 331
	opAtomicFAdd           = 6035
)

// operands is the least number of operand words of the instructions that are
// read here.
var operands = map[uint32]int{
	opName: 2, opEntryPoint: 3, opExecutionMode: 2, opExecutionModeID: 2,
	opTypeInt: 3, opTypeFloat: 2, opTypeVector: 3, opTypeMatrix: 3,
	opTypeImage: 8, opTypeSampler: 1, opTypeSampledImage: 2, opTypeArray: 3,
	opTypeRuntimeArray: 2, opTypeStruct: 1, opTypePointer: 3,
	opConstant: 3, opSpecConstant: 3, opConstantComposite: 2, opSpecConstantComp: 2,
	opFunction: 4, opFunctionCall: 3, opVariable: 3,
	opImageTexelPointer: 5, opLoad: 3, opStore: 2, opCopyMemory: 2,
	opAccessChain: 3, opInBoundsAccessChain: 3, opPtrAccessChain: 4, opArrayLength: 4,
	opDecorate: 2, opMemberDecorate: 3, opCopyObject: 3, opSampledImage: 4,
	opImageRead: 4, opImageWrite: 3, opAtomicLoad: 5, opAtomicStore: 4,
	opCooperativeLoad: 4, opCooperativeStore: 3, opTypeAccelerationStrc: 1, opAtomicFAdd: 6,
}

// maxBound is the specification's universal limit on ids.
const maxBound = 4194303

// instruction is one instruction; args are its words after the first, at is the
// position of args in the module.
type instruction struct {
	op   uint32
	args []uint32
	at   int
}

// parse splits a module into instructions, all of them long enough to be read.
func parse(code []byte) ([]uint32, []instruction, error) {
	if len(code) < 20 || len(code)%4 != 0 {
		return nil, nil, fmt.Errorf("spirv: %d bytes: a module is at least 20 bytes, in words of 4", len(code))
	}
	words := make([]uint32, len(code)/4)
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(code[4*i:])
	}
	if words[0] != 0x07230203 {
		return nil, nil, fmt.Errorf("spirv: begins with %#08x: a little-endian module begins with 0x07230203", words[0])
	}
	if words[3] > maxBound {
		return nil, nil, fmt.Errorf("spirv: id bound %d: at most %d", words[3], maxBound)
	}
	var list []instruction
	for at := 5; at < len(words); {
		op, count := words[at]&0xffff, int(words[at]>>16)
		if count == 0 || at+count > len(words) {
			return nil, nil, fmt.Errorf("spirv: instruction %d at word %d has %d words of the %d that are left", op, at, count, len(words)-at)
		}
		if least := operands[op]; count-1 < least {
			return nil, nil, fmt.Errorf("spirv: instruction %d at word %d has %d operands: needs %d", op, at, count-1, least)
		}
		list = append(list, instruction{op, words[at+1 : at+count], at + 1})
		at += count
	}
	return words, list, nil
}

// text reads a nul-terminated literal string.
func text(words []uint32) string {
	var out []byte
	for _, w := range words {
		for range 4 {
			if w&0xff == 0 {
				return string(out)
			}
			out = append(out, byte(w))
			w >>= 8
		}
	}
	return string(out)
}
