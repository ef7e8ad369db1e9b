//go:build gc

#include "textflag.h"

// func callersCaller() place
//
// BP points at the frame record of here: the saved BP of the function that
// called it, below a return address into that function. That one's record holds
// the return address into its caller.
TEXT ·callersCaller(SB), NOSPLIT, $0-8
	MOVQ (BP), AX
	MOVQ 8(AX), AX
	MOVQ AX, ret+0(FP)
	RET
