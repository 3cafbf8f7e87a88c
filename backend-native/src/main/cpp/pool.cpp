#include "pool.h"
#include "plan.h"
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if defined(_WIN32)
#if !defined(NOMINMAX)
#define NOMINMAX
#endif
#include <windows.h>
// Microsoft's, which has no import library for other compilers.
template <class F> static F openmp(const char *name) {
    return reinterpret_cast<F>(reinterpret_cast<void *>(GetProcAddress(GetModuleHandleA("vcomp140.dll"), name)));
}
#endif

// Of the OpenMP library that oneDNN is linked with.
#if defined(_WIN32)
static int omp_get_max_threads() { return openmp<int (*)()>("omp_get_max_threads")(); }
static void omp_set_num_threads(int n) { openmp<void (*)(int)>("omp_set_num_threads")(n); }
#else
extern "C" {
int omp_get_max_threads(void);
void omp_set_num_threads(int n);
}
#endif

namespace mocha {

namespace {

// How long a thread without work looks for some before it sleeps: longer than the serial parts of a step, much shorter than a
// time slice, which it may take from others.
constexpr auto SEARCH = std::chrono::microseconds(200);

inline void pause() {
#if defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

// What one thread has to do of a loop; others take from it when they have nothing left.
struct alignas(64) Share {
    std::atomic<int64_t> next;
    int64_t end;
};

struct Job {
    const Loop *loop;
    Share *shares;
    int count;

    void work(int own) noexcept {
        for (int k = 0; k < count; k++) {
            Share &s = shares[(own + k) % count];
            // looked at first, so that what is finished is not written by everybody
            while (s.next.load(std::memory_order_relaxed) < s.end) {
                int64_t from = s.next.fetch_add(loop->chunk, std::memory_order_relaxed);
                if (from >= s.end) break;
                loop->run(loop->f, from, std::min(s.end, from + loop->chunk));
            }
        }
    }
};

thread_local int allowed = 1;     // threads of the device whose program this thread runs
thread_local int number = 0;      // see Pool::me
thread_local bool busy = false;   // within a loop

std::atomic<int> callers{0};

// A thread of the pool. Its word is what it has to do: nothing, a job that it may begin or that is withdrawn, or one that it works on.
class Helper {
public:
    explicit Helper(int index) : index_(index), thread_([this] { live(); }) {}
    ~Helper() {
        {
            std::lock_guard<std::mutex> lock(mutex_);
            ended_.store(true);
        }
        wake_.notify_one();
        thread_.join();
    }

    // Keeps others away, if the thread is free.
    bool reserve() {
        uintptr_t free = NOTHING;
        return word_.load(std::memory_order_relaxed) == NOTHING && word_.compare_exchange_strong(free, RESERVED);
    }
    // To a thread that was reserved.
    void give(Job *job, int share) {
        share_ = share;
        word_.store(reinterpret_cast<uintptr_t>(job));
        if (asleep_.load()) {
            { std::lock_guard<std::mutex> lock(mutex_); }
            wake_.notify_one();
        }
    }
    // When nothing of the job is left: returns when this thread is done with it, or will never begin.
    void take_back(Job *job) {
        uintptr_t given = reinterpret_cast<uintptr_t>(job);
        if (word_.compare_exchange_strong(given, NOTHING)) return;
        const uintptr_t working = reinterpret_cast<uintptr_t>(job) | WORKING;
        for (int i = 0; word_.load(std::memory_order_acquire) == working; i++) {
            if (i < 4096)
                pause();
            else
                std::this_thread::yield();  // it may wait for this processor
        }
    }

private:
    static constexpr uintptr_t NOTHING = 0, WORKING = 1, RESERVED = 2;  // addresses of jobs are multiples of 8

    void live() {
        omp_set_num_threads(1);  // for oneDNN, whose primitives are made for one thread
        number = index_ + 1;
        busy = true;
        while (await()) {
            uintptr_t given = word_.load();
            if (given <= RESERVED || !word_.compare_exchange_strong(given, given | WORKING)) continue;
            reinterpret_cast<Job *>(given)->work(share_);
            word_.store(NOTHING, std::memory_order_release);
        }
    }
    bool has_work() const { return word_.load() > RESERVED; }
    // False if the thread has to end.
    bool await() {
        const auto until = std::chrono::steady_clock::now() + SEARCH;
        do {
            for (int i = 0; i < 64; i++) {
                if (has_work()) return true;
                pause();
            }
        } while (std::chrono::steady_clock::now() < until && !ended_.load());
        std::unique_lock<std::mutex> lock(mutex_);
        asleep_.store(true);
        wake_.wait(lock, [this] { return ended_.load() || has_work(); });
        asleep_.store(false);
        return !ended_.load();
    }

    const int index_;
    int share_ = 0;
    alignas(64) std::atomic<uintptr_t> word_{NOTHING};
    std::atomic<bool> asleep_{false}, ended_{false};
    std::mutex mutex_;
    std::condition_variable wake_;
    std::thread thread_;
};

// Never destroyed: the process may end while devices are open.
struct State {
    std::mutex mutex;
    int users = 0;
    std::atomic<int> count{0};
    std::unique_ptr<Helper> helpers[Pool::MOST - 1];
};

State &state() {
    static State &s = *new State;
    return s;
}

void grow(State &s, int helpers) {
    for (int i = s.count.load(); i < helpers; i++) {
        s.helpers[i] = std::make_unique<Helper>(i);
        s.count.store(i + 1, std::memory_order_release);
    }
}

void end_all(State &s) {
    for (int i = s.count.exchange(0); i-- > 0;) s.helpers[i].reset();
}

}  // namespace

void Pool::retain(int threads) {
    if (threads < 1 || threads > MOST)
        throw Error("threads must be 1 to " + std::to_string(MOST) + ", found " + std::to_string(threads));
    State &s = state();
    std::lock_guard<std::mutex> lock(s.mutex);
    const int more = threads - 1 - s.count.load();
    try {
        grow(s, threads - 1);
    } catch (const std::system_error &e) {
        if (s.users == 0) end_all(s);
        throw Error("cannot start " + std::to_string(more) + " threads more: " + e.code().message() +
                    "; ask for fewer, or raise the limit of processes or memory");
    }
    s.users++;
}

void Pool::release() {
    State &s = state();
    std::lock_guard<std::mutex> lock(s.mutex);
    if (--s.users == 0) end_all(s);
}

Pool::Caller::Caller(int threads) : threads_before_(allowed), omp_before_(omp_get_max_threads()) {
    if (omp_before_ != 1) omp_set_num_threads(1);
    allowed = threads;
    callers.fetch_add(1, std::memory_order_relaxed);
}

Pool::Caller::~Caller() {
    callers.fetch_sub(1, std::memory_order_relaxed);
    allowed = threads_before_;
    if (omp_before_ != 1) omp_set_num_threads(omp_before_);
}

int Pool::share() {
    if (busy || allowed == 1) return 1;
    return std::max(1, allowed / std::max(1, callers.load(std::memory_order_relaxed)));
}

int Pool::me() { return number; }

void Pool::run(const Loop &loop, int threads) {
    State &s = state();
    Helper *helpers[MOST - 1];
    int count = 0;
    const int there = std::min({s.count.load(std::memory_order_acquire), allowed - 1});
    const int wanted = static_cast<int>(std::min<int64_t>(threads, (loop.units + loop.chunk - 1) / loop.chunk)) - 1;
    for (int i = 0; i < there && count < wanted; i++)
        if (s.helpers[i]->reserve()) helpers[count++] = s.helpers[i].get();
    if (count == 0) {
        loop.run(loop.f, 0, loop.units);
        return;
    }
    Share shares[MOST];
    const int64_t chunks = (loop.units + loop.chunk - 1) / loop.chunk;
    for (int i = 0; i <= count; i++) {
        shares[i].next.store(chunks * i / (count + 1) * loop.chunk, std::memory_order_relaxed);
        shares[i].end = std::min(loop.units, chunks * (i + 1) / (count + 1) * loop.chunk);
    }
    Job job{&loop, shares, count + 1};
    for (int i = 0; i < count; i++) helpers[i]->give(&job, i + 1);
    busy = true;
    job.work(0);
    busy = false;
    for (int i = 0; i < count; i++) helpers[i]->take_back(&job);
}

}  // namespace mocha
