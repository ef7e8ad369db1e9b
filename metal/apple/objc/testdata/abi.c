// Methods of Metal's shapes, as C functions that write down what they receive.
//
// On arm64 they take structures by value, as the methods do, so the compiler
// says how such a call looks: the address of a copy for more than 16 bytes, two
// registers for 16, float registers for up to four doubles. On amd64 a structure
// of more than 16 bytes travels on the stack instead, and one of two words never
// in the last register: there BIG is the address that arm64 would pass, PAIR is
// two words, and what is tested is that words arrive.
#include <stdint.h>

#ifdef __aarch64__
#define BIG(T, name) T name
#define AT(name) &name
#define PAIR(name) Two name
#define BOTH(name) two(&name)
#else
#define BIG(T, name) T *name
#define AT(name) name
#define PAIR(name) uint64_t name##0, uint64_t name##1
#define BOTH(name) one(name##0), one(name##1)
#endif

typedef struct { uint64_t a, b, c; } Three;          // MTLSize, MTLOrigin
typedef struct { uint64_t a, b; } Two;               // NSRange, MTL4BufferRange, MTLSizeAndAlign
typedef struct { double a, b, c, d, e, f; } Viewport; // MTLViewport
typedef struct { double a, b, c, d; } Color;         // MTLClearColor
typedef struct { double a, b; } Extent;              // CGSize

uint64_t seen[32];
static int n;

static void one(uint64_t v) { seen[n++] = v; }
static __attribute__((unused)) void two(Two *t) { one(t->a); one(t->b); }
static void three(Three *t) { one(t->a); one(t->b); one(t->c); t->a = t->b = t->c = ~0ul; } // the callee's to change
static void real(double d) { union { double d; uint64_t u; } v = {d}; one(v.u); }
#define BEGIN n = 0; one(self); one(op)
#define SELF uint64_t self, uint64_t op

void words13(SELF, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f, uint64_t g, uint64_t h, uint64_t i, uint64_t j, uint64_t k) {
	BEGIN; one(a); one(b); one(c); one(d); one(e); one(f); one(g); one(h); one(i); one(j); one(k);
}
// copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toTexture:destinationSlice:destinationLevel:destinationOrigin:
void textureToTexture(SELF, uint64_t src, uint64_t slice, uint64_t level, BIG(Three, origin), BIG(Three, size), uint64_t dst, uint64_t dslice, uint64_t dlevel, BIG(Three, dorigin)) {
	BEGIN; one(src); one(slice); one(level); three(AT(origin)); three(AT(size)); one(dst); one(dslice); one(dlevel); three(AT(dorigin));
}
// copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toBuffer:destinationOffset:destinationBytesPerRow:destinationBytesPerImage:
void textureToBuffer(SELF, uint64_t src, uint64_t slice, uint64_t level, BIG(Three, origin), BIG(Three, size), uint64_t dst, uint64_t offset, uint64_t row, uint64_t image) {
	BEGIN; one(src); one(slice); one(level); three(AT(origin)); three(AT(size)); one(dst); one(offset); one(row); one(image);
}
// copyFromTexture:sourceSlice:sourceLevel:sourceOrigin:sourceSize:toBuffer:destinationOffset:destinationBytesPerRow:destinationBytesPerImage:options:
void textureToBufferOptions(SELF, uint64_t src, uint64_t slice, uint64_t level, BIG(Three, origin), BIG(Three, size), uint64_t dst, uint64_t offset, uint64_t row, uint64_t image, uint64_t options) {
	BEGIN; one(src); one(slice); one(level); three(AT(origin)); three(AT(size)); one(dst); one(offset); one(row); one(image); one(options);
}
// copyFromBuffer:sourceOffset:sourceBytesPerRow:sourceBytesPerImage:sourceSize:toTexture:destinationSlice:destinationLevel:destinationOrigin:
void bufferToTexture(SELF, uint64_t src, uint64_t offset, uint64_t row, uint64_t image, BIG(Three, size), uint64_t dst, uint64_t slice, uint64_t level, BIG(Three, origin)) {
	BEGIN; one(src); one(offset); one(row); one(image); three(AT(size)); one(dst); one(slice); one(level); three(AT(origin));
}
// copyFromBuffer:sourceOffset:sourceBytesPerRow:sourceBytesPerImage:sourceSize:toTexture:destinationSlice:destinationLevel:destinationOrigin:options:
void bufferToTextureOptions(SELF, uint64_t src, uint64_t offset, uint64_t row, uint64_t image, BIG(Three, size), uint64_t dst, uint64_t slice, uint64_t level, BIG(Three, origin), uint64_t options) {
	BEGIN; one(src); one(offset); one(row); one(image); three(AT(size)); one(dst); one(slice); one(level); three(AT(origin)); one(options);
}
// drawIndexedPrimitives:indexCount:indexType:indexBuffer:indexBufferLength:instanceCount:baseVertex:baseInstance:
void drawIndexed(SELF, uint64_t type, uint64_t count, uint64_t itype, uint64_t buffer, uint64_t length, uint64_t instances, int64_t base, uint64_t binstance) {
	BEGIN; one(type); one(count); one(itype); one(buffer); one(length); one(instances); one((uint64_t)base); one(binstance);
}
// resolveCounterHeap:withRange:intoBuffer:waitFence:updateFence:
void resolveCounters(SELF, uint64_t heap, PAIR(range), PAIR(buffer), uint64_t wait, uint64_t update) { BEGIN; one(heap); BOTH(range); BOTH(buffer); one(wait); one(update); }
// dispatchThreadgroups:threadsPerThreadgroup:
void dispatch(SELF, BIG(Three, groups), BIG(Three, threads)) { BEGIN; three(AT(groups)); three(AT(threads)); }
// newTextureViewWithPixelFormat:textureType:levels:slices:
uint64_t view(SELF, uint64_t format, uint64_t type, PAIR(levels), PAIR(slices)) {
	BEGIN; one(format); one(type); BOTH(levels); BOTH(slices);
	return 0x1122334455667788;
}
// fillBuffer:range:value:
void fill(SELF, uint64_t buffer, PAIR(range), uint8_t value) { BEGIN; one(buffer); BOTH(range); one(value); }
// setStencilReferenceValue:
void stencil(SELF, uint32_t value) { BEGIN; one(value); }
// setViewport:
void viewport(SELF, BIG(Viewport, v)) {
	BEGIN; Viewport *p = AT(v); real(p->a); real(p->b); real(p->c); real(p->d); real(p->e); real(p->f);
}
// heapBufferSizeAndAlignWithLength:options:
Two sizeAndAlign(SELF, uint64_t length, uint64_t options) { BEGIN; one(length); one(options); Two t = {length + 1, options + 2}; return t; }
// supportsFamily:
// Only the low byte of a BOOL is defined.
uint64_t no(SELF) { BEGIN; return 0xdeadbeef00; }
uint64_t yes(SELF) { BEGIN; return 0xdeadbeef01; }
// commit:count:
void commit(SELF, uint64_t *buffers, uint64_t count) { BEGIN; for (uint64_t i = 0; i < count; i++) one(buffers[i]); }
// newLibraryWithURL:error:
uint64_t fails(SELF, uint64_t url, uint64_t *error) { BEGIN; one(url); *error = 77; return 0; }
// initWithUTF8String:
uint64_t text(SELF, const char *s) { BEGIN; while (*s) one((uint8_t)*s++); one(0); return 5; }

// setLodMinClamp:
// setLodMaxClamp:
void floats1(SELF, float a) { BEGIN; real(a); }
// setDepthTestMinBound:maxBound:
void floats2(SELF, float a, float b) { BEGIN; real(a); real(b); }
// setDepthBias:slopeScale:clamp:
void floats3(SELF, float a, float b, float c) { BEGIN; real(a); real(b); real(c); }
// setBlendColorRed:green:blue:alpha:
void floats4(SELF, float a, float b, float c, float d) { BEGIN; real(a); real(b); real(c); real(d); }
// setClearDepth:
void doubles1(SELF, double a) { BEGIN; real(a); }
// setDrawableSize:
void doubles2(SELF, Extent e) { BEGIN; real(e.a); real(e.b); }
// setClearColor:
#ifdef __aarch64__
void doubles4(SELF, Color c) { BEGIN; real(c.a); real(c.b); real(c.c); real(c.d); }
#else
void doubles4(SELF, double a, double b, double c, double d) { BEGIN; real(a); real(b); real(c); real(d); }
#endif
void nothing(void) {}
