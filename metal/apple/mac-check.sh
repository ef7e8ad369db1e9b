#!/bin/sh
# Runs on a Mac what could not be run where weft is written, and writes a report
# that its owner can send: make mac-check. It changes nothing outside out/ and
# models/, and goes on where a step fails.
set -u
if [ "$(uname -s) $(uname -m)" != "Darwin arm64" ]; then
	echo "mac-check runs on a Mac with Apple silicon and macOS 26; this is $(uname -sm)" >&2
	exit 1
fi
cd "$(dirname "$0")/../.." || exit 1
out=out/mac-check
rm -rf "$out"
mkdir -p "$out"
report=$out/report.txt
summary=$out/summary.txt
failed=0

# Metal's own checks, of calls and inside shaders; what they find is printed and
# does not end the program (man MetalValidation).
export MTL_DEBUG_LAYER=1 MTL_SHADER_VALIDATION=1
export MTL_DEBUG_LAYER_ERROR_MODE=nslog MTL_DEBUG_LAYER_WARNING_MODE=nslog
export WEFT_MAC_CHECK=1

# step NAME COMMAND... runs a command, with its output in the report.
step() {
	name=$1
	shift
	echo "mac-check: $name"
	printf '\n== %s: %s\n' "$name" "$*" >>"$report"
	if "$@" >"$out/step.txt" 2>&1; then result=pass; else result="FAIL ($?)"; failed=1; fi
	cat "$out/step.txt" >>"$report"
	said=$(grep -c -i -E 'validation|assert|MTLDebug' "$out/step.txt")
	printf '%-24s %s, %s lines of Metal'"'"'s checks\n' "$name" "$result" "$said" >>"$summary"
}

facts() {
	sw_vers
	uname -a
	sysctl -n machdep.cpu.brand_string hw.memsize
	system_profiler SPDisplaysDataType | grep -E 'Chipset|Cores|Metal' || true
	xcodebuild -version || true
	$GO version
	git rev-parse HEAD
	git status --short
}

pictures() {
	for f in low bilinear bicubic neural reference compare; do test -s "out/upscale/$f.png" || return 1; done
	shasum -a 256 out/upscale/*.png
	cat out/upscale/report.json
}

test="$GO test -count=1 -v -timeout 10m"
step facts facts
step objective-c $test ./metal/apple/objc
step sdk $test ./metal/apple/sdk
step models $MAKE models
step conformance $test -run ConformanceOfTheSystem ./metal/apple
step tensors $test -run ConvolveOfTheSystem ./shaders
step system $test ./metal/system
step passes $test ./passes
step frames $test -run SharedMemoryChangesNoResult ./graph
step demo $GO run ./demos/upscale
step pictures pictures
step goldens $test -run 'GoldenPictures|NetworkBeatsBicubic|DemoWrites|Photos' ./demos/upscale
step calls $GO test -run '^$' -bench . -benchmem ./metal/apple ./metal/apple/objc

rm -f "$out/step.txt"
{ echo "weft on Metal: make mac-check"; cat "$summary" "$report"; } >"$out/all.txt"
mv "$out/all.txt" "$report"
cat "$summary"
rm -f "$summary"
echo "the report is $report; the pictures are in out/upscale"
exit $failed
