// Several threads that call the pool at once, each of whose results is compared. Built with ThreadSanitizer, see docs/native.md.
#include "parallel.h"
#include "plan.h"
#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

namespace {

constexpr int ROUNDS = 1000;
constexpr int64_t LENGTH = 5000;

int64_t expected(int64_t i, int64_t touched) { return i < touched ? 2 * (i + 1) + 1 : 1; }

// Counts the elements that are wrong, and threads that worked under one number at once.
int64_t calls(int threads, int caller) {
    int64_t wrong = 0;
    const int64_t touched = 37 + caller;
    std::vector<int64_t> x(LENGTH), scratch(static_cast<size_t>(threads) * 16);
    std::vector<std::atomic<int>> at_work(static_cast<size_t>(threads));
    std::atomic<int64_t> doubled{0};
    for (int r = 0; r < ROUNDS; r++) {
        mocha::Pool::Caller in(threads);
        std::fill(x.begin(), x.end(), 0);
        mocha::each(touched, true, [&](int64_t i) {
            const size_t me = static_cast<size_t>(mocha::Pool::me());
            if (at_work[me].fetch_add(1) != 0) doubled++;
            scratch[me * 16] = i;
            x[static_cast<size_t>(i)] += scratch[me * 16] + 1;
            at_work[me].fetch_sub(1);
        });
        mocha::parallel(LENGTH, 8, 0, [&](int64_t from, int64_t to) {
            for (int64_t i = from; i < to; i++) x[static_cast<size_t>(i)] = 2 * x[static_cast<size_t>(i)] + 1;
        });
        for (int64_t i = 0; i < LENGTH; i++) wrong += x[static_cast<size_t>(i)] != expected(i, touched);
        // so that threads of the pool sleep now and then
        if (r % 100 == 0 && caller % 2) std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
    return wrong + doubled;
}

}  // namespace

int main() {
    int64_t wrong = 0;
    for (auto [threads, callers] : {std::pair{1, 3}, {2, 1}, {2, 8}, {4, 6}, {8, 2}}) {
        mocha::Pool::retain(threads);
        std::atomic<int64_t> sum{0};
        std::vector<std::thread> all;
        for (int c = 0; c < callers; c++) all.emplace_back([&, t = threads, c] { sum += calls(t, c); });
        for (std::thread &t : all) t.join();
        mocha::Pool::release();
        wrong += sum;
    }
    std::printf("the pool of threads: %lld wrong results\n", static_cast<long long>(wrong));
    return wrong != 0;
}
