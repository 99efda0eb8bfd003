// The one font of all prints, and what Pango makes of it.

#ifndef ALLIANCE_COMMON_PRINT_FONTS_H_
#define ALLIANCE_COMMON_PRINT_FONTS_H_

#include <pango/pango.h>

#include <memory>

#include "absl/status/statusor.h"

namespace alliance::print {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

struct FreeDescription {
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
using Description = std::unique_ptr<PangoFontDescription, FreeDescription>;

// A context on a font map of its own, for one thread at a time. One unit is one point.
absl::StatusOr<Owned<PangoContext>> NewContext();

Description FontOf(double size, bool bold);

}  // namespace alliance::print

#endif  // ALLIANCE_COMMON_PRINT_FONTS_H_
