// Ops that move elements and compute nothing.
#include "parallel.h"
#include "plan.h"
#include "transpose.h"

namespace mocha {

namespace {

struct Copy : Plan {
    int64_t bytes;
    explicit Copy(Args &a) {
        a.type();
        bytes = a.whole();
    }
    void run(const Buffers &b) const override {
        auto *from = b.input<char>(0);
        auto *to = b.output<char>(0);
        if (from != to) parallel(bytes, 4096, 1 << 18, [&](int64_t i, int64_t end) { std::memcpy(to + i, from + i, end - i); });
    }
};

// Transposes the rows and columns of matrices, one per image: [rows, columns] to [columns, rows].
template <class T> struct Channels : Plan {
    int64_t images, rows, columns;
    explicit Channels(Args &a) {
        Shape s = a.shape();
        bool last = a.flag();  // to channels last, or back
        images = s[0];
        rows = last ? s[1] : s[2] * s[3];
        columns = last ? s[2] * s[3] : s[1];
    }
    void run(const Buffers &b) const override {
        const T *x = b.input<T>(0);
        T *y = b.output<T>(0);
        constexpr int64_t strip = 64 / sizeof(T);
        const int64_t strips = (columns + strip - 1) / strip;
        parallel(images * strips, 1, images * rows * columns < (1 << 14) ? INT64_MAX : 0, [&](int64_t from, int64_t to) {
            for (int64_t p = from; p < to; p++) {
                const int64_t image = p / strips * rows * columns, c = p % strips * strip;
                transpose(x + image + c, columns, y + image + c * rows, rows, rows, std::min(strip, columns - c));
            }
        });
    }
};

}  // namespace

PlanPtr copy(Args &a) { return std::make_unique<Copy>(a); }
PlanPtr channels(Args &a) { return of_type<Channels>(a); }

}  // namespace mocha
