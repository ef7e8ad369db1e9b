package vulkan

import (
	"fmt"
	"slices"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"

	"weft/metal/vulkan/vk"
)

// messageLog collects what the validation layer says about one instance.
type messageLog struct {
	id   uintptr
	mu   sync.Mutex
	text []string
}

// messageLogs finds the log of an instance by the number given to Vulkan as
// user data, which must not be a Go pointer.
var messageLogs = struct {
	sync.Mutex
	open map[uintptr]*messageLog
	last uintptr
}{open: map[uintptr]*messageLog{}}

// messageCallback is one for all instances: purego's callbacks are never freed.
var messageCallback = sync.OnceValue(func() uintptr { return purego.NewCallback(onMessage) })

func onMessage(_, _ uintptr, data *vk.DebugUtilsMessengerCallbackDataEXT, user uintptr) uintptr {
	messageLogs.Lock()
	log := messageLogs.open[user]
	messageLogs.Unlock()
	if log != nil {
		log.mu.Lock()
		defer log.mu.Unlock()
		log.text = append(log.text, vk.GoString(data.PMessageIdName)+": "+vk.GoString(data.PMessage))
	}
	return 0
}

func newMessageLog() *messageLog {
	messageLogs.Lock()
	defer messageLogs.Unlock()
	messageLogs.last++
	l := &messageLog{id: messageLogs.last}
	messageLogs.open[l.id] = l
	return l
}

func (l *messageLog) close() {
	if l == nil {
		return
	}
	messageLogs.Lock()
	defer messageLogs.Unlock()
	delete(messageLogs.open, l.id)
}

// messenger asks for warnings and errors. Performance advice is left out: the
// layout GENERAL draws it at each copy.
func (l *messageLog) messenger() *vk.DebugUtilsMessengerCreateInfoEXT {
	return &vk.DebugUtilsMessengerCreateInfoEXT{
		SType:           vk.StructureTypeDebugUtilsMessengerCreateInfoEXT,
		MessageSeverity: vk.DebugUtilsMessageSeverityWarningBitEXT | vk.DebugUtilsMessageSeverityErrorBitEXT,
		MessageType:     vk.DebugUtilsMessageTypeGeneralBitEXT | vk.DebugUtilsMessageTypeValidationBitEXT,
		PfnUserCallback: messageCallback(),
		PUserData:       l.id,
	}
}

// wantValidation adds the layer and its synchronization checks to an instance.
func (in *instance) wantValidation(info *vk.InstanceCreateInfo) error {
	if !hasLayer(in.lib, validationLayer) {
		return fmt.Errorf("vulkan: %s is not installed (on Debian it is in vulkan-validationlayers)", validationLayer)
	}
	in.log = newMessageLog()
	info.EnabledLayerCount, info.PpEnabledLayerNames = 1, vk.CStrings([]string{validationLayer})
	extensions := []string{"VK_EXT_debug_utils", "VK_EXT_validation_features"}
	info.EnabledExtensionCount, info.PpEnabledExtensionNames = uint32(len(extensions)), vk.CStrings(extensions)
	on := []vk.ValidationFeatureEnableEXT{vk.ValidationFeatureEnableSynchronizationValidationEXT}
	info.PNext = unsafe.Pointer(&vk.ValidationFeaturesEXT{
		SType: vk.StructureTypeValidationFeaturesEXT, PNext: unsafe.Pointer(in.log.messenger()),
		EnabledValidationFeatureCount: uint32(len(on)), PEnabledValidationFeatures: &on[0],
	})
	return nil
}

// configureValidation sets the layer's variables before it is loaded. Hazards
// between submissions are looked for only with the first (the separator is a
// colon on Linux and a semicolon on Windows); the second lifts the limit of ten
// equal messages, which would make a later test pass for want of an eleventh.
func configureValidation() {
	setenv("VK_LAYER_ENABLES", "VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT"+envSeparator+
		"VALIDATION_CHECK_ENABLE_SYNCHRONIZATION_VALIDATION_QUEUE_SUBMIT")
	setenv("VK_LAYER_DUPLICATE_MESSAGE_LIMIT", "0")
}

// Validation reports whether the validation layer watches this device.
func (d *Device) Validation() bool { return d.instance.log != nil }

// ValidationMessages returns what the validation layer has said since the last
// call, oldest first, each as "identifier: text". It is empty without
// validation.
func (d *Device) ValidationMessages() []string {
	l := d.instance.log
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	text := slices.Clone(l.text)
	l.text = l.text[:0]
	return text
}
