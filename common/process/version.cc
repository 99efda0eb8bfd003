#include "common/process/version.h"

namespace alliance::process {

const char* Version() { return ALLIANCE_VERSION " (" ALLIANCE_COMMIT ")"; }

}  // namespace alliance::process
