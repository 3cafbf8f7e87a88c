// The threads of this process that work for plans: one pool for all devices and all threads that call.
//
// Who runs a program takes part in its work. It asks threads of the pool to help, but waits only for those that have begun: one that
// sleeps, or works for somebody else, is done without, and what it was meant to do is done by the others. So the number of
// threads that work may change from loop to loop, and results must not depend on it.
#pragma once
#include <cstdint>

namespace mocha {

// A loop of `units` pieces of work; run does those from ... to.
struct Loop {
    void (*run)(const void *f, int64_t from, int64_t to);
    const void *f;
    int64_t units, chunk;  // chunk: units that are taken at a time
};

class Pool {
public:
    static constexpr int MOST = 512;  // threads that can work for one program

    // Makes sure that as many threads can work for a program, the caller among them. Devices and programs do so; each call needs a
    // release, and the threads end with the last one. Throws Error where a thread cannot be started.
    static void retain(int threads);
    static void release();

    // In the scope of one, the calling thread runs a program of a device with that many threads.
    class Caller {
    public:
        explicit Caller(int threads);
        ~Caller();
        Caller(const Caller &) = delete;
        Caller &operator=(const Caller &) = delete;

    private:
        int threads_before_, omp_before_;
    };

    // How many threads may work for the calling thread now: 1 within a loop of several threads, and fewer than the device has where others run programs.
    static int share();
    // Runs all of a loop with at most as many threads.
    static void run(const Loop &loop, int threads);
    // Of the thread that works in a loop: 0 ... threads of the device - 1. For scratch memory of its own.
    static int me();
};

}  // namespace mocha
