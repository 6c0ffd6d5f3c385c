#pragma once
#include "CNetCurl.h"
#include "CNetSockets.h"
