package barriers

import "testing"

// FuzzDerive has Check judge what Derive makes of any frame.
func FuzzDerive(f *testing.F) {
	for _, seed := range []string{"", "draw, compute, copy, infer", "\x03\x01\x04\x01\x05\x09\x02\x06\x05\x03\x05\x08\x09\x07\x09\x03", "\xff\x80\x40\x20\x10\x08\x04\x02\x01\xfe\xdc\xba\x98"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		next := 0
		d := dice(func(n int) int {
			next++
			if next > len(data) {
				return (next * 7) % n
			}
			return int(data[next-1]) % n
		})
		frame := randomFrame(d, 1+d(12))
		barriers := Derive(frame)
		if report := Check(frame, barriers); !report.OK() {
			t.Fatalf("%v\n%s", &report, dump(frame, barriers))
		}
		for range 2 {
			list := broken(d, frame, barriers)
			if len(frame.Passes) <= 6 {
				agree(t, frame, list)
			}
		}
	})
}
