// WorkerPool: the fixed number of threads that may wait for the database, with a bounded queue.
//
// gRPC's own threads never block: they hand the work over here. A full queue sheds the call at
// once, so that an overload answers quickly instead of growing.

#ifndef ALLIANCE_COMMON_RPC_WORKER_POOL_H_
#define ALLIANCE_COMMON_RPC_WORKER_POOL_H_

#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace alliance::rpc {

class WorkerPool {
 public:
  using Work = absl::AnyInvocable<void()>;

  WorkerPool(int workers, int queue_limit);
  // Finishes what is queued, then joins.
  ~WorkerPool();

  // False when the queue is full; `work` was then not taken.
  bool Submit(Work&& work);

  // Work waits for a worker.
  bool Crowded() const;

 private:
  void Run();

  const size_t queue_limit_;
  mutable absl::Mutex mutex_;
  absl::CondVar work_or_stop_;
  std::deque<Work> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace alliance::rpc

#endif  // ALLIANCE_COMMON_RPC_WORKER_POOL_H_
