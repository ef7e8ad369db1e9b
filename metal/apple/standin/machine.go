package standin

import (
	"weft/metal"
	"weft/metal/apple/objc"
)

// The machine is what the messages are about: it carries them out on a
// metal.Device, and keeps the rules of Metal 4 that no signature shows. Which
// objects exist, and whether a message fits its receiver, is the checker's
// business: the machine sees only calls that it let through.
type machine struct {
	device    metal.Device
	options   *Options
	functions map[string]metal.Function // by their MSL
	networks  map[string]metal.Network  // by the path of the compiled package

	addresses addresses
	names     []any // what has an MTLResourceID, by it; 0 is nothing
	queues    []*queue
	spare     []metal.CommandBuffer
	presented int
	committed []*commit // all, with Options.Log
	failures  []failure
	gone      map[*object]bool // what the client has released for the last time

	// What the machine asks of the checker: to run something without the lock
	// that is held while messages are carried out, to make an object that it
	// keeps itself, and to call a block with a new one.
	apart   func(func())
	own     func(class string, state any) *object
	deliver func(state any, block func(objc.ID))
}

// failure is an error of the GPU that a commit is made to report.
type failure struct {
	Code int // of MTL4CommandQueueError
	Text string
}

func newMachine(o *Options) *machine {
	m := &machine{device: o.Device, options: o, functions: map[string]metal.Function{}, networks: o.Networks, names: make([]any, 1), gone: map[*object]bool{}}
	for _, f := range o.Functions {
		m.functions[f.MSL] = f
	}
	return m
}

// name gives out a resource ID.
func (m *machine) name(x any) uint64 {
	m.names = append(m.names, x)
	return uint64(len(m.names) - 1)
}

// named is what has a resource ID, nil where nothing has it.
func (m *machine) named(id uint64) any {
	if id >= uint64(len(m.names)) {
		return nil
	}
	return m.names[id]
}

// takeFailure is the failure of the next commit, nil for none.
func (m *machine) takeFailure() *failure {
	if len(m.failures) == 0 {
		return nil
	}
	f := m.failures[0]
	m.failures = m.failures[1:]
	return &f
}

// handlers are what the machine does, by type and selector.
var handlers = map[string]func(*machine, *call){
	"MTLDevice name":                                      (*machine).deviceName,
	"MTLDevice supportsFamily:":                           (*machine).supportsFamily,
	"MTLDevice maxBufferLength":                           (*machine).maxBufferLength,
	"MTLDevice supportsTextureSampleCount:":               (*machine).supportsSamples,
	"MTLDevice queryTimestampFrequency":                   (*machine).timestampFrequency,
	"MTLDevice sizeOfCounterHeapEntry:":                   (*machine).counterEntrySize,
	"MTLDevice heapTextureSizeAndAlignWithDescriptor:":    (*machine).textureSize,
	"MTLDevice heapBufferSizeAndAlignWithLength:options:": (*machine).bufferSize,
	"MTLDevice newHeapWithDescriptor:":                    (*machine).newHeap,
	"MTLDevice newBufferWithLength:options:":              (*machine).newBuffer,
	"MTLDevice newTextureWithDescriptor:":                 (*machine).newTexture,
	"MTLDevice newSamplerStateWithDescriptor:":            (*machine).newSampler,
	"MTLDevice newDepthStencilStateWithDescriptor:":       (*machine).newDepthStencil,
	"MTLDevice newLibraryWithURL:error:":                  (*machine).newLibraryWithURL,
	"MTLDevice newFence":                                  (*machine).newFence,
	"MTLDevice newSharedEvent":                            (*machine).newEvent,
	"MTLDevice newResidencySetWithDescriptor:error:":      (*machine).newResidencySet,
	"MTLDevice newCommandAllocatorWithDescriptor:error:":  (*machine).newAllocator,
	"MTLDevice newCommandBuffer":                          (*machine).newCommandBuffer,
	"MTLDevice newMTL4CommandQueueWithDescriptor:error:":  (*machine).newQueue,
	"MTLDevice newArgumentTableWithDescriptor:error:":     (*machine).newArgumentTable,
	"MTLDevice newCompilerWithDescriptor:error:":          (*machine).newCompiler,
	"MTLDevice newCounterHeapWithDescriptor:error:":       (*machine).newCounterHeap,

	"MTLAllocation allocatedSize": (*machine).allocatedSize,

	"MTLHeap size": (*machine).heapSize,
	"MTLHeap newBufferWithLength:options:offset:": (*machine).newBufferInHeap,
	"MTLHeap newTextureWithDescriptor:offset:":    (*machine).newTextureInHeap,

	"MTLBuffer contents":                              (*machine).bufferContents,
	"MTLBuffer gpuAddress":                            (*machine).gpuAddress,
	"MTLBuffer newTensorWithDescriptor:offset:error:": (*machine).newTensorInBuffer,

	"MTLTexture gpuResourceID": (*machine).resourceID,
	"MTLTexture newTextureViewWithPixelFormat:textureType:levels:slices:": (*machine).newView,
	"MTLTexture width":       (*machine).textureFact,
	"MTLTexture height":      (*machine).textureFact,
	"MTLTexture pixelFormat": (*machine).textureFact,

	"MTLTensor gpuResourceID":                  (*machine).resourceID,
	"MTLTensorExtents initWithRank:values:":    (*machine).initExtents,
	"MTLTensorExtents rank":                    (*machine).extentsRank,
	"MTLTensorExtents extentAtDimensionIndex:": (*machine).extentAt,
	"MTLSamplerState gpuResourceID":            (*machine).resourceID,

	"MTLResidencySet addAllocation:":    (*machine).addAllocation,
	"MTLResidencySet removeAllocation:": (*machine).removeAllocation,
	"MTLResidencySet commit":            (*machine).commitSet,

	"MTLSharedEvent signaledValue":                     (*machine).signaledValue,
	"MTLSharedEvent waitUntilSignaledValue:timeoutMS:": (*machine).waitUntilSignaled,

	"MTL4CounterHeap resolveCounterRange:":         (*machine).resolveCounters,
	"MTL4ArgumentTable setAddress:atIndex:":        (*machine).setAddress,
	"MTL4ArgumentTable setResource:atBufferIndex:": (*machine).setResource,
	"MTL4ArgumentTable setTexture:atIndex:":        (*machine).setTexture,
	"MTL4ArgumentTable setSamplerState:atIndex:":   (*machine).setSampler,

	"MTL4CommandAllocator reset": (*machine).resetAllocator,

	"MTL4CommandQueue commit:count:":         (*machine).commit,
	"MTL4CommandQueue commit:count:options:": (*machine).commit,
	"MTL4CommandQueue signalEvent:value:":    (*machine).signalEvent,
	"MTL4CommandQueue waitForEvent:value:":   (*machine).waitForEvent,
	"MTL4CommandQueue signalDrawable:":       (*machine).signalDrawable,
	"MTL4CommandQueue waitForDrawable:":      (*machine).waitForDrawable,
	"MTL4CommandQueue addResidencySet:":      (*machine).addQueueSet,
	"MTL4CommandQueue removeResidencySet:":   (*machine).removeQueueSet,

	"MTL4CommandBuffer beginCommandBufferWithAllocator:":    (*machine).beginBuffer,
	"MTL4CommandBuffer endCommandBuffer":                    (*machine).endBuffer,
	"MTL4CommandBuffer renderCommandEncoderWithDescriptor:": (*machine).newEncoder,
	"MTL4CommandBuffer computeCommandEncoder":               (*machine).newEncoder,
	"MTL4CommandBuffer machineLearningCommandEncoder":       (*machine).newEncoder,
	"MTL4CommandBuffer useResidencySet:":                    (*machine).useResidencySet,
	"MTL4CommandBuffer writeTimestampIntoHeap:atIndex:":     (*machine).bufferTimestamp,

	"MTL4CommandEncoder barrierAfterQueueStages:beforeStages:visibilityOptions:":          (*machine).barrier,
	"MTL4CommandEncoder barrierAfterStages:beforeQueueStages:visibilityOptions:":          (*machine).barrier,
	"MTL4CommandEncoder barrierAfterEncoderStages:beforeEncoderStages:visibilityOptions:": (*machine).barrier,
	"MTL4CommandEncoder updateFence:afterEncoderStages:":                                  (*machine).fencing,
	"MTL4CommandEncoder waitForFence:beforeEncoderStages:":                                (*machine).fencing,
	"MTL4CommandEncoder pushDebugGroup:":                                                  (*machine).pushGroup,
	"MTL4CommandEncoder popDebugGroup":                                                    (*machine).popGroup,
	"MTL4CommandEncoder endEncoding":                                                      (*machine).endEncoding,

	"MTL4RenderCommandEncoder setRenderPipelineState:":                                            (*machine).setRenderPipeline,
	"MTL4RenderCommandEncoder setArgumentTable:atStages:":                                         (*machine).setRenderTable,
	"MTL4RenderCommandEncoder setViewport:":                                                       (*machine).setViewport,
	"MTL4RenderCommandEncoder setScissorRect:":                                                    (*machine).setScissor,
	"MTL4RenderCommandEncoder setCullMode:":                                                       (*machine).setCullMode,
	"MTL4RenderCommandEncoder setFrontFacingWinding:":                                             (*machine).setFrontFacing,
	"MTL4RenderCommandEncoder setDepthStencilState:":                                              (*machine).setDepthStencil,
	"MTL4RenderCommandEncoder setDepthBias:slopeScale:clamp:":                                     (*machine).setDepthBias,
	"MTL4RenderCommandEncoder setBlendColorRed:green:blue:alpha:":                                 (*machine).setBlendColor,
	"MTL4RenderCommandEncoder setStencilReferenceValue:":                                          (*machine).setStencilReference,
	"MTL4RenderCommandEncoder drawPrimitives:vertexStart:vertexCount:instanceCount:baseInstance:": (*machine).drawPrimitives,
	"MTL4RenderCommandEncoder drawIndexedPrimitives:indexCount:indexType:indexBuffer:indexBufferLength:instanceCount:baseVertex:baseInstance:": (*machine).drawIndexed,
	"MTL4RenderCommandEncoder drawPrimitives:indirectBuffer:":                                                                                  (*machine).drawIndirect,
	"MTL4RenderCommandEncoder drawIndexedPrimitives:indexType:indexBuffer:indexBufferLength:indirectBuffer:":                                   (*machine).drawIndexedIndirect,
	"MTL4RenderCommandEncoder writeTimestampWithGranularity:afterStage:intoHeap:atIndex:":                                                      (*machine).renderTimestamp,

	"MTL4ComputeCommandEncoder setComputePipelineState:":                                                                                                                    (*machine).setComputePipeline,
	"MTL4ComputeCommandEncoder setArgumentTable:":                                                                                                                           (*machine).setTable,
	"MTL4ComputeCommandEncoder dispatchThreadgroups:threadsPerThreadgroup:":                                                                                                 (*machine).dispatchThreadgroups,
	"MTL4ComputeCommandEncoder dispatchThreadgroupsWithIndirectBuffer:threadsPerThreadgroup:":                                                                               (*machine).dispatchIndirect,
	"MTL4ComputeCommandEncoder copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:":                                                                                (*machine).copyBuffer,
	"MTL4ComputeCommandEncoder copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toTexture:destinationSlice:destinationLevel:destinationOrigin:":              (*machine).copyTexture,
	"MTL4ComputeCommandEncoder copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toBuffer:destinationOffset:destinationBytesPerRow:destinationBytesPerImage:": (*machine).copyTextureToBuffer,
	"MTL4ComputeCommandEncoder copyFromBuffer:sourceOffset:sourceBytesPerRow:sourceBytesPerImage:sourceSize:toTexture:destinationSlice:destinationLevel:destinationOrigin:": (*machine).copyBufferToTexture,
	"MTL4ComputeCommandEncoder generateMipmapsForTexture:":                                                                                                                  (*machine).generateMipmaps,
	"MTL4ComputeCommandEncoder fillBuffer:range:value:":                                                                                                                     (*machine).fillBuffer,
	"MTL4ComputeCommandEncoder writeTimestampWithGranularity:intoHeap:atIndex:":                                                                                             (*machine).computeTimestamp,

	"MTL4MachineLearningCommandEncoder setPipelineState:":                     (*machine).setNetworkPipeline,
	"MTL4MachineLearningCommandEncoder setArgumentTable:":                     (*machine).setTable,
	"MTL4MachineLearningCommandEncoder dispatchNetworkWithIntermediatesHeap:": (*machine).dispatchNetwork,

	"MTL4Compiler newLibraryWithDescriptor:error:":                                  (*machine).newLibrary,
	"MTL4Compiler newComputePipelineStateWithDescriptor:compilerTaskOptions:error:": (*machine).newComputePipeline,
	"MTL4Compiler newRenderPipelineStateWithDescriptor:compilerTaskOptions:error:":  (*machine).newRenderPipeline,
	"MTL4Compiler newMachineLearningPipelineStateWithDescriptor:error:":             (*machine).newNetworkPipeline,

	"MTL4MachineLearningPipelineDescriptor setInputDimensions:atBufferIndex:": (*machine).setInputDimensions,
	"MTL4MachineLearningPipelineState reflection":                             (*machine).reflection,
	"MTL4MachineLearningPipelineState intermediatesHeapSize":                  (*machine).intermediatesSize,
	"MTL4MachineLearningPipelineReflection bindings":                          (*machine).reflectedBindings,
	"MTLBinding name":                 (*machine).binding,
	"MTLBinding type":                 (*machine).binding,
	"MTLBinding access":               (*machine).binding,
	"MTLBinding index":                (*machine).binding,
	"MTLTensorBinding tensorDataType": (*machine).binding,
	"MTLTensorBinding dimensions":     (*machine).binding,

	"MTL4CommitOptions addFeedbackHandler:": (*machine).addHandler,
	"MTL4CommitFeedback error":              (*machine).feedbackError,

	"CAMetalLayer nextDrawable": (*machine).nextDrawable,
	"CAMetalLayer residencySet": (*machine).layerResidency,
	"CAMetalDrawable texture":   (*machine).drawableTexture,
	"MTLDrawable present":       (*machine).present,
}
