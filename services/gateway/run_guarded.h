// RunGuarded: the exception barrier of every connection.
//
// Runs the handlers of an io_context until it is stopped or out of work. A handler that throws
// loses what it held, its connection with it, and nothing else: the error is logged and counted
// (gateway_handler_exceptions_total) and the thread goes on with the next.

#ifndef ALLIANCE_SERVICES_GATEWAY_RUN_GUARDED_H_
#define ALLIANCE_SERVICES_GATEWAY_RUN_GUARDED_H_

#include <utility>  // Boost 1.74 forgets it under C++20

#include <boost/asio/io_context.hpp>

namespace alliance::gateway {

void RunGuarded(boost::asio::io_context& context);

}  // namespace alliance::gateway

#endif  // ALLIANCE_SERVICES_GATEWAY_RUN_GUARDED_H_
