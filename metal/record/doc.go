// Package record is a driver without a GPU. It implements all of weft/metal,
// keeps every call in order, and refuses what Metal 4 refuses, by name.
//
// # What it is for
//
// Metal's own debug layer says nothing about many mistakes, and a CPU driver
// forgives most. This one forgives none: a frame that records here without a
// fault follows the rules that Metal 4 documents for encoders, allocators,
// argument tables, residency, copies, attachments and barriers. (Whether the
// barriers are enough is another question, and weft/barriers answers it.)
//
// A [Fault] names the object, the call, what is wrong, what would be right, and
// the caller's file and line. Faults of encoder verbs come back from
// CommandBuffer.End, as weft/metal says; all of them, also those of verbs that
// return nothing, are in [Device.Faults].
//
// # What happens to the work
//
// Draws, dispatches and networks do nothing. Copies, fills and timestamps are
// carried out when their buffer is committed, in encoding order: memory is
// real, in heaps too, so what a copy wrote can be read from a shared buffer.
// The time a timestamp writes is a count that goes up by [Tick] each time.
//
// Events are signaled at once, and nothing stays in flight, unless
// [Device.Hold] stops the GPU: then commits wait until [Device.Resume], and
// everything that may not be done while the GPU is busy can be tried.
//
// # The log
//
// With Options.Log every call is kept as a [Call], a plain value whose String
// is one line, the same on every run: a frame's log can be a golden. Objects
// are named by label, or by kind and number of creation where they have none.
// Without Options.Log, recording and committing a frame again allocates nothing.
package record
