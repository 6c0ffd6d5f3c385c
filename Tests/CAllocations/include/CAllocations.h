#pragma once
#include <stdint.h>

// How often the process has asked for memory so far. A program that links this counts each call of malloc and its kin.
uint64_t callocations_count(void);
