package vk

import (
	"sync"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

func open(t testing.TB) *Library {
	l, err := Open()
	if err != nil {
		t.Fatal("no Vulkan on this machine, run make setup: ", err)
	}
	return l
}

func instance(t testing.TB, l *Library) (*InstanceCommands, Instance) {
	var i Instance
	app := &ApplicationInfo{SType: StructureTypeApplicationInfo, ApiVersion: APIVersion13}
	r := l.Global.CreateInstance(&InstanceCreateInfo{SType: StructureTypeInstanceCreateInfo, PApplicationInfo: app}, nil, &i)
	require.NoError(t, r.Check())
	c, err := l.LoadInstance(i)
	require.NoError(t, err)
	return c, i
}

func TestInstance(t *testing.T) {
	l := open(t)
	var version uint32
	require.Equal(t, Success, l.Global.EnumerateInstanceVersion(&version))
	require.GreaterOrEqual(t, version, uint32(APIVersion13))
	c, i := instance(t, l)
	defer c.DestroyInstance(i, nil)
	n := uint32(0)
	require.Equal(t, Success, c.EnumeratePhysicalDevices(i, &n, nil))
	require.NotZero(t, n)
	p := make([]PhysicalDevice, n)
	require.Equal(t, Success, c.EnumeratePhysicalDevices(i, &n, &p[0]))
	props := &PhysicalDeviceProperties2{SType: StructureTypePhysicalDeviceProperties2}
	c.GetPhysicalDeviceProperties2(p[0], props)
	require.NotEmpty(t, Text(props.Properties.DeviceName[:]))
}

// A call with pointers to long-lived memory allocates nothing.
func TestCallsDoNotAllocate(t *testing.T) {
	l := open(t)
	version := new(uint32)
	n := testing.AllocsPerRun(100, func() { l.Global.EnumerateInstanceVersion(version) })
	require.Less(t, n, 0.5) // a collection may empty the pool of frames
}

// Several goroutines call at once while their stacks grow and move: each sees
// its own result.
func TestCallsFromManyGoroutines(t *testing.T) {
	l := open(t)
	c, i := instance(t, l)
	defer c.DestroyInstance(i, nil)
	n := uint32(1)
	var p PhysicalDevice
	c.EnumeratePhysicalDevices(i, &n, &p)
	want := new(PhysicalDeviceMemoryProperties)
	c.GetPhysicalDeviceMemoryProperties(p, want)
	var deep func(k int) PhysicalDeviceMemoryProperties
	deep = func(k int) PhysicalDeviceMemoryProperties {
		var pad [512]byte
		if k > 0 {
			pad[k] = byte(k)
			return deep(k - 1)
		}
		var local PhysicalDeviceMemoryProperties
		c.GetPhysicalDeviceMemoryProperties(p, &local)
		return local
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for k := range 50 {
				if have := deep(g*7 + k); have != *want {
					t.Errorf("goroutine %d, depth %d: another answer", g, k)
				}
			}
		})
	}
	wg.Wait()
}

func TestResult(t *testing.T) {
	require.NoError(t, Success.Check())
	require.NoError(t, Incomplete.Check())
	require.EqualError(t, ErrorDeviceLost.Check(), "VK_ERROR_DEVICE_LOST")
	require.EqualError(t, Result(-12345678).Check(), "VkResult -12345678")
}

func TestStrings(t *testing.T) {
	require.Equal(t, "abc", GoString(CString("abc")))
	require.Empty(t, GoString(nil))
	require.Nil(t, CStrings(nil))
	two := unsafe.Slice(CStrings([]string{"a", "bc"}), 2)
	require.Equal(t, "bc", GoString(two[1]))
	require.Equal(t, "ab", Text([]byte{'a', 'b', 0, 'c'}))
	require.Equal(t, "ab", Text([]byte{'a', 'b'}))
}

func BenchmarkCall(b *testing.B) {
	l := open(b)
	version := new(uint32)
	b.ReportAllocs()
	for b.Loop() {
		l.Global.EnumerateInstanceVersion(version)
	}
}
