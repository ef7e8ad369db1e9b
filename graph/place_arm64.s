//go:build gc

#include "textflag.h"

// func callersCaller() place
//
// R29 points at the frame record of here, laid out as on amd64.
TEXT ·callersCaller(SB), NOSPLIT, $0-8
	MOVD (R29), R0
	MOVD 8(R0), R0
	MOVD R0, ret+0(FP)
	RET
