package network_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"sync"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
	"github.com/x448/float16"

	"weft/metal"
	"weft/metal/vulkan/network"
	"weft/metal/vulkan/vk"
)

// gpu runs plans by themselves, on the first Vulkan device of the machine,
// without the rest of the driver: what a plan says is all it does.
type gpu struct {
	cmd       *vk.DeviceCommands
	device    vk.Device
	queue     vk.Queue
	memory    uint32 // a type that the CPU sees
	limits    network.Device
	pool      vk.CommandPool
	commands  vk.CommandBuffer
	pipelines map[string]pipeline
}

type pipeline struct {
	set    vk.DescriptorSetLayout
	layout vk.PipelineLayout
	handle vk.Pipeline
}

var openGPU = sync.OnceValues(newGPU)

func device(t tb) *gpu {
	t.Helper()
	g, err := openGPU()
	require.NoError(t, err, "these tests need a Vulkan driver: install mesa-vulkan-drivers (make setup)")
	return g
}

func newGPU() (*gpu, error) {
	lib, err := vk.Open()
	if err != nil {
		return nil, err
	}
	var in vk.Instance
	app := &vk.ApplicationInfo{SType: vk.StructureTypeApplicationInfo, ApiVersion: vk.APIVersion13}
	info := &vk.InstanceCreateInfo{SType: vk.StructureTypeInstanceCreateInfo, PApplicationInfo: app}
	if os.Getenv("WEFT_VALIDATION") == "1" {
		layers := []*byte{vk.CString("VK_LAYER_KHRONOS_validation")}
		info.EnabledLayerCount, info.PpEnabledLayerNames = 1, &layers[0]
	}
	if r := lib.Global.CreateInstance(info, nil, &in); r != vk.Success {
		return nil, r.Check()
	}
	icmd, err := lib.LoadInstance(in)
	if err != nil {
		return nil, err
	}
	n := uint32(1)
	var p vk.PhysicalDevice
	if r := icmd.EnumeratePhysicalDevices(in, &n, &p); r < 0 || n == 0 {
		return nil, fmt.Errorf("no Vulkan device")
	}
	props := &vk.PhysicalDeviceProperties2{SType: vk.StructureTypePhysicalDeviceProperties2}
	icmd.GetPhysicalDeviceProperties2(p, props)
	l := props.Properties.Limits
	g := &gpu{pipelines: map[string]pipeline{}, limits: network.Device{
		MaxStorageBufferRange:    int64(l.MaxStorageBufferRange),
		MaxTexelBufferElements:   int64(l.MaxTexelBufferElements),
		MaxComputeWorkGroupCount: l.MaxComputeWorkGroupCount,
		SubgroupShuffle:          true,
	}}
	priority := float32(1)
	thirteen := &vk.PhysicalDeviceVulkan13Features{SType: vk.StructureTypePhysicalDeviceVulkan13Features, Synchronization2: vk.True}
	create := &vk.DeviceCreateInfo{
		SType: vk.StructureTypeDeviceCreateInfo, PNext: unsafe.Pointer(thirteen), QueueCreateInfoCount: 1,
		PQueueCreateInfos: &vk.DeviceQueueCreateInfo{SType: vk.StructureTypeDeviceQueueCreateInfo, QueueCount: 1, PQueuePriorities: &priority},
	}
	if r := icmd.CreateDevice(p, create, nil, &g.device); r != vk.Success {
		return nil, r.Check()
	}
	if g.cmd, err = lib.LoadDevice(g.device); err != nil {
		return nil, err
	}
	g.cmd.GetDeviceQueue(g.device, 0, 0, &g.queue)
	types := &vk.PhysicalDeviceMemoryProperties{}
	icmd.GetPhysicalDeviceMemoryProperties(p, types)
	// The device's own memory where the CPU sees it, else any that it sees.
	const seen = vk.MemoryPropertyHostVisibleBit | vk.MemoryPropertyHostCoherentBit
	for _, want := range []vk.MemoryPropertyFlags{seen, seen | vk.MemoryPropertyDeviceLocalBit} {
		for i := range types.MemoryTypeCount {
			if types.MemoryTypes[i].PropertyFlags&want == want {
				g.memory = i
				break
			}
		}
	}
	pool := &vk.CommandPoolCreateInfo{SType: vk.StructureTypeCommandPoolCreateInfo, Flags: vk.CommandPoolCreateResetCommandBufferBit}
	if r := g.cmd.CreateCommandPool(g.device, pool, nil, &g.pool); r != vk.Success {
		return nil, r.Check()
	}
	allocate := &vk.CommandBufferAllocateInfo{SType: vk.StructureTypeCommandBufferAllocateInfo, CommandPool: g.pool, CommandBufferCount: 1}
	return g, g.cmd.AllocateCommandBuffers(g.device, allocate, &g.commands).Check()
}

// buffer is a range of memory of its own, mapped.
type buffer struct {
	handle vk.Buffer
	memory vk.DeviceMemory
	bytes  []byte
}

func (g *gpu) buffer(t tb, size int64) buffer {
	t.Helper()
	size = max(size, 256)
	var b buffer
	info := &vk.BufferCreateInfo{
		SType: vk.StructureTypeBufferCreateInfo, Size: uint64(size),
		Usage: vk.BufferUsageStorageBufferBit | vk.BufferUsageUniformTexelBufferBit,
	}
	require.NoError(t, g.cmd.CreateBuffer(g.device, info, nil, &b.handle).Check())
	need := &vk.MemoryRequirements{}
	g.cmd.GetBufferMemoryRequirements(g.device, b.handle, need)
	allocate := &vk.MemoryAllocateInfo{SType: vk.StructureTypeMemoryAllocateInfo, AllocationSize: need.Size, MemoryTypeIndex: g.memory}
	require.NoError(t, g.cmd.AllocateMemory(g.device, allocate, nil, &b.memory).Check())
	require.NoError(t, g.cmd.BindBufferMemory(g.device, b.handle, b.memory, 0).Check())
	var p unsafe.Pointer
	require.NoError(t, g.cmd.MapMemory(g.device, b.memory, 0, uint64(size), 0, &p).Check())
	b.bytes = unsafe.Slice((*byte)(p), size)
	return b
}

func (g *gpu) free(b buffer) {
	g.cmd.DestroyBuffer(g.device, b.handle, nil)
	g.cmd.FreeMemory(g.device, b.memory, nil)
}

// descriptorTypes are the kinds of bindings in Vulkan's words.
var descriptorTypes = map[network.BindingKind]vk.DescriptorType{
	network.StorageBuffer:      vk.DescriptorTypeStorageBuffer,
	network.UniformTexelBuffer: vk.DescriptorTypeUniformTexelBuffer,
}

func (g *gpu) pipeline(t tb, k network.Kernel) pipeline {
	t.Helper()
	key := fmt.Sprint(k.Words, k.Bindings)
	if p, ok := g.pipelines[key]; ok {
		return p
	}
	var p pipeline
	bindings := make([]vk.DescriptorSetLayoutBinding, len(k.Bindings))
	for i, kind := range k.Bindings {
		bindings[i] = vk.DescriptorSetLayoutBinding{
			Binding: uint32(i), DescriptorType: descriptorTypes[kind], DescriptorCount: 1, StageFlags: vk.ShaderStageComputeBit,
		}
	}
	set := &vk.DescriptorSetLayoutCreateInfo{SType: vk.StructureTypeDescriptorSetLayoutCreateInfo, BindingCount: uint32(len(bindings)), PBindings: &bindings[0]}
	require.NoError(t, g.cmd.CreateDescriptorSetLayout(g.device, set, nil, &p.set).Check())
	push := &vk.PushConstantRange{StageFlags: vk.ShaderStageComputeBit, Size: uint32(4 * k.Constants)}
	layout := &vk.PipelineLayoutCreateInfo{
		SType: vk.StructureTypePipelineLayoutCreateInfo, SetLayoutCount: 1, PSetLayouts: &p.set,
		PushConstantRangeCount: 1, PPushConstantRanges: push,
	}
	require.NoError(t, g.cmd.CreatePipelineLayout(g.device, layout, nil, &p.layout).Check())
	var m vk.ShaderModule
	module := &vk.ShaderModuleCreateInfo{SType: vk.StructureTypeShaderModuleCreateInfo, CodeSize: uintptr(4 * len(k.Words)), PCode: &k.Words[0]}
	require.NoError(t, g.cmd.CreateShaderModule(g.device, module, nil, &m).Check())
	info := &vk.ComputePipelineCreateInfo{SType: vk.StructureTypeComputePipelineCreateInfo, Layout: p.layout}
	info.Stage = vk.PipelineShaderStageCreateInfo{
		SType: vk.StructureTypePipelineShaderStageCreateInfo, Stage: vk.ShaderStageComputeBit, Module: m, PName: vk.CString("main"),
	}
	require.NoError(t, g.cmd.CreateComputePipelines(g.device, 0, 1, info, nil, &p.handle).Check())
	g.cmd.DestroyShaderModule(g.device, m, nil)
	g.pipelines[key] = p
	return p
}

// loaded is a plan ready to run: memory, descriptors and recorded commands.
type loaded struct {
	g         *gpu
	plan      *network.Plan
	weights   buffer
	tables    buffer
	heap      buffer
	tensors   map[network.Source][]buffer
	views     []vk.BufferView
	descPool  vk.DescriptorPool
	pipelines []pipeline
	sets      []vk.DescriptorSet
}

// load prepares a plan. The heap is filled with bytes that are NaN in every
// float format, so that a kernel that keeps anything it should not shows.
func (g *gpu) load(t tb, plan *network.Plan) *loaded {
	t.Helper()
	l := &loaded{g: g, plan: plan, tensors: map[network.Source][]buffer{}}
	l.weights = g.buffer(t, int64(len(plan.Weights)))
	copy(l.weights.bytes, plan.Weights)
	l.tables = g.buffer(t, int64(len(plan.Tables)))
	copy(l.tables.bytes, plan.Tables)
	l.heap = g.buffer(t, plan.IntermediatesHeapSize)
	for i := range l.heap.bytes {
		l.heap.bytes[i] = 0xff
	}
	for source, list := range map[network.Source][]network.Tensor{network.FromInput: plan.Inputs, network.FromOutput: plan.Outputs} {
		for _, tensor := range list {
			b := g.buffer(t, size(tensor))
			for i := range b.bytes {
				b.bytes[i] = 0xff
			}
			l.tensors[source] = append(l.tensors[source], b)
		}
	}
	l.describe(t)
	l.record(t)
	return l
}

func (l *loaded) close() {
	for _, v := range l.views {
		l.g.cmd.DestroyBufferView(l.g.device, v, nil)
	}
	l.g.cmd.DestroyDescriptorPool(l.g.device, l.descPool, nil)
	for _, b := range slices.Concat([]buffer{l.weights, l.tables, l.heap}, l.tensors[network.FromInput], l.tensors[network.FromOutput]) {
		l.g.free(b)
	}
}

func (l *loaded) describe(t tb) {
	t.Helper()
	g := l.g
	n := uint32(len(l.plan.Dispatches))
	sizes := []vk.DescriptorPoolSize{
		{Type: vk.DescriptorTypeUniformTexelBuffer, DescriptorCount: 16 * n},
		{Type: vk.DescriptorTypeStorageBuffer, DescriptorCount: 8 * n},
	}
	pool := &vk.DescriptorPoolCreateInfo{SType: vk.StructureTypeDescriptorPoolCreateInfo, MaxSets: n, PoolSizeCount: 2, PPoolSizes: &sizes[0]}
	require.NoError(t, g.cmd.CreateDescriptorPool(g.device, pool, nil, &l.descPool).Check())
	for _, d := range l.plan.Dispatches {
		k := l.plan.Kernels[d.Kernel]
		p := g.pipeline(t, k)
		require.Len(t, d.Bindings, len(k.Bindings))
		require.Len(t, d.Constants, k.Constants)
		var set vk.DescriptorSet
		allocate := &vk.DescriptorSetAllocateInfo{SType: vk.StructureTypeDescriptorSetAllocateInfo, DescriptorPool: l.descPool, DescriptorSetCount: 1, PSetLayouts: &p.set}
		require.NoError(t, g.cmd.AllocateDescriptorSets(g.device, allocate, &set).Check())
		for i, b := range d.Bindings {
			require.Equal(t, k.Bindings[i], b.Kind)
			var from buffer
			switch b.Source {
			case network.FromWeights:
				from = l.weights
			case network.FromTables:
				from = l.tables
			case network.FromHeap:
				from = l.heap
			default:
				from = l.tensors[b.Source][b.Index]
			}
			require.LessOrEqual(t, b.Offset+b.Size, int64(len(from.bytes)), "%s binding %d", d.Label, i)
			require.Zero(t, b.Offset%256)
			write := &vk.WriteDescriptorSet{
				SType: vk.StructureTypeWriteDescriptorSet, DstSet: set, DstBinding: uint32(i), DescriptorCount: 1,
				DescriptorType: descriptorTypes[b.Kind],
			}
			if b.Kind == network.UniformTexelBuffer {
				format := vk.FormatR32G32B32A32Sfloat
				if b.Format == network.RGBA16Float {
					format = vk.FormatR16G16B16A16Sfloat
				}
				info := &vk.BufferViewCreateInfo{SType: vk.StructureTypeBufferViewCreateInfo, Buffer: from.handle, Format: format, Offset: uint64(b.Offset), Range: uint64(b.Size)}
				view := new(vk.BufferView)
				require.NoError(t, g.cmd.CreateBufferView(g.device, info, nil, view).Check())
				l.views = append(l.views, *view)
				write.PTexelBufferView = view
			} else {
				write.PBufferInfo = &vk.DescriptorBufferInfo{Buffer: from.handle, Offset: uint64(b.Offset), Range: uint64(b.Size)}
			}
			g.cmd.UpdateDescriptorSets(g.device, 1, write, 0, nil)
		}
		l.pipelines, l.sets = append(l.pipelines, p), append(l.sets, set)
	}
}

func (l *loaded) record(t tb) {
	t.Helper()
	g := l.g
	require.NoError(t, g.cmd.BeginCommandBuffer(g.commands, &vk.CommandBufferBeginInfo{SType: vk.StructureTypeCommandBufferBeginInfo}).Check())
	barrier := &vk.MemoryBarrier2{
		SType:        vk.StructureTypeMemoryBarrier2,
		SrcStageMask: vk.PipelineStage2ComputeShaderBit, SrcAccessMask: vk.Access2ShaderWriteBit,
		DstStageMask: vk.PipelineStage2ComputeShaderBit, DstAccessMask: vk.Access2ShaderReadBit | vk.Access2ShaderWriteBit,
	}
	dependency := &vk.DependencyInfo{SType: vk.StructureTypeDependencyInfo, MemoryBarrierCount: 1, PMemoryBarriers: barrier}
	for i := range l.plan.Dispatches {
		d := &l.plan.Dispatches[i]
		if d.Barrier {
			g.cmd.CmdPipelineBarrier2(g.commands, dependency)
		}
		g.cmd.CmdBindPipeline(g.commands, vk.PipelineBindPointCompute, l.pipelines[i].handle)
		g.cmd.CmdBindDescriptorSets(g.commands, vk.PipelineBindPointCompute, l.pipelines[i].layout, 0, 1, &l.sets[i], 0, nil)
		g.cmd.CmdPushConstants(g.commands, l.pipelines[i].layout, vk.ShaderStageComputeBit, 0, uint32(4*len(d.Constants)), unsafe.Pointer(&d.Constants[0]))
		g.cmd.CmdDispatch(g.commands, d.Groups[0], d.Groups[1], d.Groups[2])
	}
	require.NoError(t, g.cmd.EndCommandBuffer(g.commands).Check())
}

// run runs the plan once and returns how long it took.
func (l *loaded) run(t tb) time.Duration {
	t.Helper()
	command := &vk.CommandBufferSubmitInfo{SType: vk.StructureTypeCommandBufferSubmitInfo, CommandBuffer: l.g.commands}
	submit := &vk.SubmitInfo2{SType: vk.StructureTypeSubmitInfo2, CommandBufferInfoCount: 1, PCommandBufferInfos: command}
	start := time.Now()
	require.NoError(t, l.g.cmd.QueueSubmit2(l.g.queue, 1, submit, 0).Check())
	require.NoError(t, l.g.cmd.QueueWaitIdle(l.g.queue).Check())
	return time.Since(start)
}

func size(tensor network.Tensor) int64 {
	return int64(metal.TensorDescriptor{Type: tensor.Type, Dimensions: tensor.Dimensions}.Size())
}

// walk calls f with the byte offset of every element of a tensor in row-major
// order.
func walk(tensor network.Tensor, f func(i, at int)) {
	strides := metal.PackedStrides(tensor.Type, tensor.Dimensions)
	total := 1
	for _, n := range tensor.Dimensions {
		total *= n
	}
	for i := range total {
		rest, at := i, 0
		for d, n := range tensor.Dimensions {
			at += rest % n * strides[d]
			rest /= n
		}
		f(i, at*tensor.Type.Bytes())
	}
}

// write puts row-major elements into a tensor's memory.
func write(tensor network.Tensor, to []byte, data []float32) {
	walk(tensor, func(i, at int) { putElement(to[at:], tensor.Type, data[i]) })
}

// read takes row-major elements out of a tensor's memory.
func read(tensor network.Tensor, from []byte) []float32 {
	var data []float32
	walk(tensor, func(_, at int) { data = append(data, element(from[at:], tensor.Type)) })
	return data
}

// putElement writes a number that the type holds.
func putElement(to []byte, t metal.TensorDataType, v float32) {
	bits := uint32(int64(v))
	switch t {
	case metal.TensorDataTypeFloat16:
		bits = uint32(float16.Fromfloat32(v).Bits())
	case metal.TensorDataTypeBFloat16:
		bits = math.Float32bits(v) >> 16
	case metal.TensorDataTypeFloat32:
		bits = math.Float32bits(v)
	}
	for i := range t.Bytes() {
		to[i] = byte(bits >> (8 * i))
	}
}

func element(from []byte, t metal.TensorDataType) float32 {
	var bits uint32
	for i := range t.Bytes() {
		bits |= uint32(from[i]) << (8 * i)
	}
	switch t {
	case metal.TensorDataTypeFloat16:
		return float16.Frombits(uint16(bits)).Float32()
	case metal.TensorDataTypeBFloat16:
		return math.Float32frombits(bits << 16)
	case metal.TensorDataTypeFloat32:
		return math.Float32frombits(bits)
	case metal.TensorDataTypeInt8:
		return float32(int8(bits))
	case metal.TensorDataTypeInt16:
		return float32(int16(bits))
	case metal.TensorDataTypeInt32:
		return float32(int32(bits))
	}
	return float32(bits)
}
