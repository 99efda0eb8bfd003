#include "common/print/fonts.h"

#include <cairo-ft.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/status_macros.h"
#include "common/base/str.h"

namespace alliance::print {
namespace {

// Debian's fonts-noto-cjk: it has all of 通用规范汉字表, rare characters of names included.
constexpr char kFamily[] = "Noto Serif CJK SC";
constexpr const char* kFiles[] = {"/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
                                  "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"};

// Made at the first print and kept: reading the tables of both files takes a tenth of a second.
absl::StatusOr<FcConfig*> Config() {
  static absl::Mutex mutex;
  static FcConfig* config ABSL_PT_GUARDED_BY(mutex) = nullptr;
  absl::MutexLock lock(&mutex);
  if (config != nullptr) return config;
  FcConfig* made = FcConfigCreate();
  for (const char* file : kFiles) {
    if (FcConfigAppFontAddFile(made, reinterpret_cast<const FcChar8*>(file)) != FcTrue) {
      FcConfigDestroy(made);
      return absl::InternalError(
          base::StrCat("print: cannot read ", file, "; is fonts-noto-cjk installed?"));
    }
  }
  config = made;
  return made;
}

}  // namespace

absl::StatusOr<Owned<PangoContext>> NewContext() {
  ASSIGN_OR_RETURN(FcConfig * config, Config());
  const Owned<PangoFontMap> map(pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT));
  pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map.get()), config);
  pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map.get()), 72);
  Owned<PangoContext> context(pango_font_map_create_context(map.get()));
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(context.get(), options);
  cairo_font_options_destroy(options);
  pango_context_set_round_glyph_positions(context.get(), FALSE);
  pango_context_set_language(context.get(), pango_language_from_string("zh-cn"));
  pango_context_set_base_dir(context.get(), PANGO_DIRECTION_LTR);
  return context;
}

Description FontOf(double size, bool bold) {
  Description font(pango_font_description_new());
  pango_font_description_set_family_static(font.get(), kFamily);
  pango_font_description_set_absolute_size(font.get(), size * PANGO_SCALE);
  pango_font_description_set_weight(font.get(), bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  return font;
}

}  // namespace alliance::print
