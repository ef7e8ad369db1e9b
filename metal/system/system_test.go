package system

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"weft/metal"
	"weft/metal/record"
)

func TestRecordIsAlwaysThere(t *testing.T) {
	none := driver{
		open: func(Options) (metal.Device, error) { return nil, errors.New("no loader (install libvulkan1)") },
		list: func() ([]string, error) { return nil, errors.New("no loader (install libvulkan1)") },
	}
	d, err := open(Options{Name: "Record"}, none)
	require.NoError(t, err)
	assert.IsType(t, &record.Device{}, d)
	d.Release()

	_, err = open(Options{}, none)
	assert.ErrorIs(t, err, ErrNoDevice)
	assert.EqualError(t, err, `no device can be opened: no loader (install libvulkan1)`)

	names, err := list(none)
	assert.Equal(t, []string{Record}, names)
	assert.ErrorIs(t, err, ErrNoDevice)
	assert.ErrorContains(t, err, "libvulkan1")
}

func TestOptionsReachTheDriver(t *testing.T) {
	var got Options
	d := driver{
		open: func(o Options) (metal.Device, error) { got = o; return record.New(record.Options{Name: "gpu"}), nil },
		list: func() ([]string, error) { return []string{"gpu"}, nil },
	}
	device, err := open(Options{Name: "gp", Validation: true}, d)
	require.NoError(t, err)
	assert.Equal(t, "gpu", device.Name())
	assert.Equal(t, Options{Name: "gp", Validation: true}, got)
	names, err := list(d)
	require.NoError(t, err)
	assert.Equal(t, []string{"gpu", Record}, names)
}

// On this machine: every device that is listed opens by its name.
func TestDevicesOpen(t *testing.T) {
	names, err := Devices()
	if err != nil {
		t.Fatalf("there is no device here but %q: run make setup: %v", Record, err)
	}
	for _, name := range names {
		d, err := Device(Options{Name: name})
		require.NoError(t, err, name)
		assert.NotEmpty(t, d.Name())
		d.Release()
	}
	_, err = Device(Options{Name: "no such device"})
	assert.ErrorIs(t, err, ErrNoDevice)
	assert.ErrorContains(t, err, "no such device")
}
