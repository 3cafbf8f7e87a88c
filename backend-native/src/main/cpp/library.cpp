#include "mocha.h"
#include "plan.h"
#include "pool.h"
#include <cstdio>
#include <cstdlib>
#include <new>
#include <oneapi/dnnl/dnnl.hpp>

using namespace mocha;

namespace {

// Not a string, since there may be no memory for one.
thread_local char last_error[1024];

void failed_with(const char *what, const char *why) { std::snprintf(last_error, sizeof last_error, "%s%s", what, why); }

// Runs f; what it throws becomes the thread's message and the given result.
template <class R, class F> R guarded(R failed, const F &f) {
    try {
        return f();
    } catch (const std::bad_alloc &) {
        failed_with("out of memory", "");
    } catch (const dnnl::error &e) {
        failed_with("oneDNN: ", e.what());
    } catch (const std::exception &e) {
        failed_with("", e.what());
    } catch (...) {
        failed_with("unknown failure", "");
    }
    return failed;
}

template <class T> int64_t handle(T *p) { return static_cast<int64_t>(reinterpret_cast<intptr_t>(p)); }
template <class T> T *pointer(int64_t h) { return reinterpret_cast<T *>(static_cast<intptr_t>(h)); }

struct Command {
    const Plan *plan;
    Buffers buffers;
    std::unique_ptr<Prepared> prepared;
};

// Keeps the pool's threads, since it may be run when its device is closed.
struct Program {
    const int threads;
    std::vector<Command> commands;

    explicit Program(int threads) : threads(threads) { Pool::retain(threads); }
    ~Program() { Pool::release(); }
    Program(const Program &) = delete;
    Program &operator=(const Program &) = delete;
};

// Reads addresses from the words of a program.
class Words {
public:
    Words(const int64_t *from, int64_t count) : at_(from), end_(from + count) {}
    bool more() const { return at_ != end_; }
    int64_t next() {
        if (at_ == end_) throw Error("a program ends in the middle of a command");
        return *at_++;
    }
    std::vector<void *> addresses() {
        int64_t n = next();
        if (n < 0 || n > end_ - at_) throw Error("a command has " + std::to_string(n) + " buffers");
        std::vector<void *> all;
        for (int64_t i = 0; i < n; i++) all.push_back(pointer<void>(next()));
        return all;
    }

private:
    const int64_t *at_, *end_;
};

}  // namespace

int32_t mocha_version() { return MOCHA_VERSION; }

const char *mocha_description() {
    static const std::string text = [] {
        const dnnl_version_t *v = dnnl_version();
        std::string isa;
        switch (dnnl::get_effective_cpu_isa()) {
        case dnnl::cpu_isa::sse41: isa = "SSE4.1"; break;
        case dnnl::cpu_isa::avx: isa = "AVX"; break;
        case dnnl::cpu_isa::avx2:
        case dnnl::cpu_isa::avx2_vnni:
        case dnnl::cpu_isa::avx2_vnni_2: isa = "AVX2"; break;
        default: isa = "AVX-512"; break;
        }
        return "oneDNN " + std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch) + ", " + isa;
    }();
    return text.c_str();
}

const char *mocha_error() { return last_error; }

int64_t mocha_device(int32_t threads) {
    return guarded<int64_t>(0, [&] {
        auto d = std::make_unique<Device>(Device{threads});
        Pool::retain(threads);
        return handle(d.release());
    });
}

void mocha_device_close(int64_t device) {
    delete pointer<Device>(device);
    Pool::release();
}

int64_t mocha_plan(int64_t device, const char *name, const int64_t *whole, int32_t wholes, const double *reals,
                   int32_t real_count) {
    return guarded<int64_t>(0, [&] {
        Factory f = find(name);
        if (!f) throw Error(std::string("there is no plan of the name ") + name);
        const Device &d = *pointer<Device>(device);
        Pool::Caller caller(d.threads);  // oneDNN takes the number of threads, one, when a primitive is made
        Args args(d, whole, wholes, reals, real_count);
        return handle(f(args).release());
    });
}

int32_t mocha_plan_info(int64_t plan, int64_t *out, int32_t capacity) {
    return guarded<int32_t>(-1, [&] {
        const Plan &p = *pointer<Plan>(plan);
        std::vector<int64_t> all{static_cast<int64_t>(p.scratch_bytes), static_cast<int64_t>(p.saved_bytes)};
        for (const Layout &l : p.chosen) {
            all.push_back(l.kind == Layout::plain);
            all.push_back(l.elements);
            all.push_back(static_cast<int64_t>(l.words.size()));
            all.insert(all.end(), l.words.begin(), l.words.end());
        }
        for (size_t i = 0; i < all.size() && i < static_cast<size_t>(capacity); i++) out[i] = all[i];
        return static_cast<int32_t>(all.size());
    });
}

void mocha_plan_close(int64_t plan) { delete pointer<Plan>(plan); }

int64_t mocha_program(int64_t device, const int64_t *words, int64_t count) {
    return guarded<int64_t>(0, [&] {
        auto p = std::make_unique<Program>(pointer<Device>(device)->threads);
        Words w(words, count);
        while (w.more()) {
            Command c;
            c.plan = pointer<Plan>(w.next());
            c.buffers.in = w.addresses();
            c.buffers.out = w.addresses();
            c.buffers.scratch = pointer<void>(w.next());
            c.buffers.saved = pointer<void>(w.next());
            c.buffers.status = pointer<int64_t>(w.next());
            c.prepared = c.plan->prepare(c.buffers);
            c.buffers.prepared = c.prepared.get();
            p->commands.push_back(std::move(c));
        }
        return handle(p.release());
    });
}

int32_t mocha_run(int64_t program) {
    return guarded<int32_t>(1, [&] {
        const Program &p = *pointer<Program>(program);
        Pool::Caller caller(p.threads);
        for (const Command &c : p.commands) c.plan->run(c.buffers);
        return 0;
    });
}

void mocha_program_close(int64_t program) { delete pointer<Program>(program); }

int64_t mocha_allocate(int64_t bytes) {
    constexpr int64_t align = 64;
    if (bytes < 0 || bytes > INT64_MAX - align) return 0;
    int64_t size = (bytes + align - 1) / align * align;
#if defined(_WIN32)
    void *p = _aligned_malloc(static_cast<size_t>(std::max<int64_t>(size, align)), align);
#else
    void *p = std::aligned_alloc(align, static_cast<size_t>(std::max<int64_t>(size, align)));
#endif
    if (p) std::memset(p, 0, static_cast<size_t>(std::max<int64_t>(size, align)));
    return handle(p);
}

void mocha_free(int64_t address, int64_t) {
#if defined(_WIN32)
    _aligned_free(pointer<void>(address));
#else
    std::free(pointer<void>(address));
#endif
}
