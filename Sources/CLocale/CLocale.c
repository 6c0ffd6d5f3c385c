#include "CLocale.h"
