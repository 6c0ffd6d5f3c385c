#pragma once
#include "CNetCurl.h"
#include "CNetMail.h"
#include "CNetSockets.h"
