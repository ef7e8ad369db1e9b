// What this declares, metal_stdlib does already.
#pragma once
