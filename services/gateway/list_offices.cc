// ListOffices: the directory of Annex 3, in the notice's order.

#include <algorithm>
#include <charconv>
#include <string>

#include "common/base/str.h"
#include "common/domain/errors.h"
#include "services/gateway/gateway_service.h"
#include "services/gateway/problem.h"

namespace alliance::gateway {
namespace {

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 200;

// "o15": go on behind the office at position 15.
constexpr std::string_view kTokenMark = "o";

absl::StatusOr<size_t> StartOf(std::string_view page_token, size_t offices) {
  if (page_token.empty()) return size_t{0};
  size_t start = 0;
  const char* end = page_token.data() + page_token.size();
  if (!page_token.starts_with(kTokenMark)) return domain::Refuse(domain::Reason::kPageTokenInvalid);
  const auto parsed = std::from_chars(page_token.data() + kTokenMark.size(), end, start);
  if (parsed.ec != std::errc() || parsed.ptr != end || start == 0 || start >= offices) {
    return domain::Refuse(domain::Reason::kPageTokenInvalid);
  }
  return start;
}

}  // namespace

std::string ShownPhone(std::string_view phone) {
  const bool mobile = phone.size() == 11 && phone.front() == '1' &&
                      phone.find_first_not_of("0123456789") == std::string_view::npos;
  return mobile ? base::StrCat(phone.substr(0, 3), "****", phone.substr(7)) : std::string(phone);
}

absl::Status GatewayService::ListOffices(const Request&, const v1::ListOfficesRequest& request,
                                         v1::ListOfficesResponse* answer) {
  if (request.page_size() < 0) {
    return BadRequest("page_size", "NEGATIVE", "每页条数不能为负数。",
                      "The page size must not be negative.");
  }
  const absl::StatusOr<size_t> start = StartOf(request.page_token(), parts_.offices.size());
  if (!start.ok()) return start.status();
  const size_t page =
      request.page_size() == 0 ? kDefaultPage : std::min(request.page_size(), kLargestPage);
  const size_t end = std::min(parts_.offices.size(), *start + page);
  for (size_t i = *start; i < end; ++i) {
    v1::Office* office = answer->add_offices();
    *office = parts_.offices[i];
    office->set_phone(ShownPhone(office->phone()));
  }
  if (end < parts_.offices.size()) {
    answer->set_next_page_token(base::StrCat(kTokenMark, end));
  }
  return absl::OkStatus();
}

}  // namespace alliance::gateway
