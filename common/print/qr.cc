#include "common/print/qr.h"

#include <qrencode.h>

#include <cstddef>
#include <memory>

#include "absl/status/status.h"

namespace alliance::print {

absl::StatusOr<Qr> MakeQr(const std::string& text) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), &QRcode_free);
  if (code == nullptr) return absl::InternalError("print: the text is too long for a QR code");
  Qr qr{.side = code->width};
  const size_t modules = static_cast<size_t>(qr.side) * static_cast<size_t>(qr.side);
  for (size_t i = 0; i < modules; ++i) qr.dark.push_back((code->data[i] & 1) != 0);
  return qr;
}

}  // namespace alliance::print
