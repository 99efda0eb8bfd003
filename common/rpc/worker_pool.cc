#include "common/rpc/worker_pool.h"

#include <utility>

namespace alliance::rpc {

WorkerPool::WorkerPool(int workers, int queue_limit) : queue_limit_(queue_limit) {
  threads_.reserve(workers);
  for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { Run(); });
}

WorkerPool::~WorkerPool() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    work_or_stop_.SignalAll();
  }
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::Submit(Work&& work) {
  absl::MutexLock lock(&mutex_);
  if (stopping_ || queue_.size() >= queue_limit_) return false;
  queue_.push_back(std::move(work));
  work_or_stop_.Signal();
  return true;
}

bool WorkerPool::Crowded() const {
  absl::MutexLock lock(&mutex_);
  return !queue_.empty();
}

void WorkerPool::Run() {
  while (true) {
    Work work;
    {
      absl::MutexLock lock(&mutex_);
      while (!stopping_ && queue_.empty()) work_or_stop_.Wait(&mutex_);
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace alliance::rpc
