#include "services/gateway/routes.h"

#include <map>

namespace alliance::gateway {

const Route* FindRoute(std::string_view path) {
  static const auto& by_path = *[] {
    auto* map = new std::map<std::string_view, const Route*>;
    for (const Route& route : kRoutes) map->emplace(route.path, &route);
    return map;
  }();
  const auto found = by_path.find(path);
  return found == by_path.end() ? nullptr : found->second;
}

}  // namespace alliance::gateway
