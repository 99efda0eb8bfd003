// Who may read a private key.

#ifndef ALLIANCE_COMMON_CRYPTO_KEY_FILE_H_
#define ALLIANCE_COMMON_CRYPTO_KEY_FILE_H_

#include <cstdint>

namespace alliance::crypto {

// True when the permissions let somebody else read or change the file. A key of our own is for us
// alone; one of root's may be read by our group, when we are not root ourselves: so a cluster
// mounts the Secrets of a pod.
constexpr bool KeyFileIsOpen(uint32_t mode, bool of_root_for_another) {
  return (mode & (of_root_for_another ? 037U : 077U)) != 0;
}

}  // namespace alliance::crypto

#endif  // ALLIANCE_COMMON_CRYPTO_KEY_FILE_H_
