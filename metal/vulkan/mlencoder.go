package vulkan

import (
	"errors"

	"weft/metal"
)

type networkEncoder struct{ encoder }

func (e *networkEncoder) reset() {}

func (e *networkEncoder) SetMachineLearningPipeline(metal.MachineLearningPipeline) {}
func (e *networkEncoder) SetArgumentTable(metal.ArgumentTable)                     {}
func (e *networkEncoder) DispatchNetwork(metal.Heap)                               {}

func (d *Device) NewMachineLearningPipeline(metal.MachineLearningPipelineDescriptor) (metal.MachineLearningPipeline, error) {
	return nil, errors.New("not yet")
}
