#pragma once
#include "CNetCurl.h"
