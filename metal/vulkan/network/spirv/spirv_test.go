package spirv_test

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"weft/metal/vulkan/network/spirv"
)

// validate runs the SPIR-V validator over a module.
func validate(t *testing.T, words []uint32) ([]byte, error) {
	t.Helper()
	validator, err := exec.LookPath("spirv-val")
	require.NoError(t, err, "spirv-val is missing: install Debian's spirv-tools (make setup)")
	raw := make([]byte, 4*len(words))
	for i, w := range words {
		binary.LittleEndian.PutUint32(raw[4*i:], w)
	}
	path := filepath.Join(t.TempDir(), "module.spv")
	require.NoError(t, os.WriteFile(path, raw, 0o600))
	return exec.Command(validator, "--target-env", "vulkan1.3", path).CombinedOutput()
}

// TestEveryInstruction makes one module of all that the package offers.
func TestEveryInstruction(t *testing.T) {
	m := spirv.New(32, 1, 1)
	vec4 := m.Vector(m.Float(), 4)
	src, plain := m.Texels(0), m.Storage(1, m.Uint(), false)
	dst, half := m.Storage(2, vec4, true), m.Storage(3, m.Vector(m.Uint(), 2), true)

	i := m.Component(m.GlobalInvocation(), 0)
	n := m.PushConstant(1)
	j := m.Clamp(m.Sub(m.Mul(i, m.IntConstant(3)), m.IntConstant(-1)), m.IntConstant(0), m.PushConstant(0))
	j = m.And(m.ShiftRight(m.Div(j, m.IntConstant(2)), m.IntConstant(1)), m.IntConstant(7))
	j = m.Xor(m.Or(j, m.IntConstant(8)), m.IntConstant(8))
	sum := m.Variable(m.Zero(vec4))
	m.Loop(m.IntConstant(0), n, func(c spirv.ID) {
		v := m.Fetch(src, m.Add(c, j))
		v = m.Shuffle(v, 5)
		v = m.FMA(m.Repeat(v, 2), v, m.Get(sum))
		v = m.Select(m.NotEqual(v, v), m.FloatConstant(0), v)
		v = m.Select(m.Less(v, m.FloatConstant(3)), v, m.Div(v, m.FloatConstant(2)))
		m.Set(sum, m.Max(m.Min(v, m.FloatConstant(9)), m.FloatConstant(-9)))
	})
	lane := m.SubgroupLane()
	words := m.UnpackHalf(m.Element(plain, i))
	x := m.Add(m.Component(words, 0), m.ToFloat(m.ToInt(m.Component(words, 1))))
	x = m.Call(spirv.Tanh, m.Call(spirv.Exp, x))
	inside := m.Both(m.GreaterEqual(i, m.IntConstant(1)), m.Equal(lane, m.AsInt(m.Element(plain, j))))
	m.If(inside, func() {
		v := m.Select(inside, m.Get(sum), m.Compose(x, x, x, m.ComponentAt(m.Get(sum), j)))
		m.StoreElement(dst, i, v)
		m.StoreElement(half, i, m.Compose(m.PackHalf(x, m.Component(v, 3)), m.UintConstant(7)))
	})
	bits := m.Storage(4, m.Int(), true)
	word := m.Element(plain, i)
	field := m.AsInt(m.AsUint(m.Field(m.AsInt(word), m.IntConstant(8), m.IntConstant(8), true)))
	field = m.ShiftLeft(field, m.Field(j, m.IntConstant(0), m.IntConstant(3), false))
	field = m.Add(field, m.AsInt(m.ToUint(m.UnsignedToFloat(m.ShiftRightLogical(j, m.IntConstant(1))))))
	m.StoreElement(bits, i, m.AsInt(m.AsFloat(field)))
	require.Equal(t, 2, m.PushConstants())
	message, err := validate(t, m.Words())
	require.NoError(t, err, "%s", message)
}

// TestValidatorObjects makes sure that a broken module is seen as one.
func TestValidatorObjects(t *testing.T) {
	m := spirv.New(1, 1, 1)
	dst := m.Storage(0, m.Float(), true)
	m.StoreElement(dst, m.IntConstant(0), m.FloatConstant(1))
	words := m.Words()
	_, err := validate(t, words)
	require.NoError(t, err)
	_, err = validate(t, words[:len(words)-1]) // without OpFunctionEnd
	require.Error(t, err)
}

// TestMistakesPanic shows that operands without an instruction are refused
// where they are written, not by a driver.
func TestMistakesPanic(t *testing.T) {
	m := spirv.New(1, 1, 1)
	require.Panics(t, func() { m.Add(m.IntConstant(1), m.FloatConstant(1)) })
	require.Panics(t, func() { m.And(m.FloatConstant(1), m.FloatConstant(1)) })
	require.Panics(t, func() { m.Storage(0, m.Vector(m.Float(), 3), true) })
	dst := m.Storage(1, m.Float(), true)
	require.Panics(t, func() { m.StoreElement(dst, m.IntConstant(0), m.IntConstant(1)) })
}
