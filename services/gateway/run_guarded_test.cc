// One handler that throws takes neither the thread nor the others with it (docs/threats.md B1-D3).

#include "services/gateway/run_guarded.h"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <memory>
#include <stdexcept>

namespace alliance::gateway {
namespace {

TEST(RunGuarded, AHandlerThatThrowsLosesOnlyWhatItHeld) {
  boost::asio::io_context context;
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> seen = held;
  int ran = 0;
  boost::asio::post(context, [held = std::move(held)] { throw std::length_error("too long"); });
  boost::asio::post(context, [&ran] { ++ran; });
  boost::asio::post(context, [] { throw 1; });
  boost::asio::post(context, [&ran] { ++ran; });
  RunGuarded(context);
  EXPECT_EQ(ran, 2);
  EXPECT_TRUE(seen.expired()) << "the session is gone";
}

}  // namespace
}  // namespace alliance::gateway
