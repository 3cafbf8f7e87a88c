// Local response normalisation and its gradient: y = x / d^power, d = shift + scale/n · sum of squares.
#include "parallel.h"
#include "plan.h"
#include "powers.h"

namespace mocha {

namespace {

// Tensors as planes of rows of places of neighbouring elements that are treated alike. A neighbourhood is `high` rows
// by `wide` places; rows that are no neighbours (high = 1) may be those of different images.
template <class T> struct Neighbourhoods : Plan {
    int64_t planes, rows, places;
    int64_t inner, step;  // elements of a place; from one place to the next
    int64_t chunks, chunk;  // of the elements of a place, so that what a thread holds stays in its cache
    int64_t high, wide, before;
    T factor, shift;
    double power;
    int64_t thread_elements;  // of scratch

    explicit Neighbourhoods(Args &a) {
        Shape s = a.shape();
        bool within = a.flag();
        int64_t size = a.whole();
        bool last = a.flag();
        double scale = a.real();
        shift = static_cast<T>(a.real()) + T(0);  // never -0
        power = a.real();
        factor = static_cast<T>(scale / static_cast<double>(within ? size * size : size));
        before = (size - 1) / 2;
        wide = size;
        high = within ? size : 1;
        const int64_t places_of_image = product(s, 2, s.size());
        if (within) {
            planes = last ? s[0] : s[0] * s[1];
            rows = s[2];
            places = s[3];
            inner = last ? s[1] : 1;
        } else {
            planes = last ? 1 : s[0];
            rows = last ? s[0] * places_of_image : 1;
            places = s[1];
            inner = last ? 1 : places_of_image;
        }
        step = inner;
        constexpr int64_t room = 8192;
        chunk = inner;
        if (inner * (places + wide) > room) chunk = std::min(inner, std::max<int64_t>(64, room / (places + wide)));
        chunks = chunk == 0 ? 0 : (inner + chunk - 1) / chunk;
    }

    int64_t elements() const { return planes * rows * places * inner; }
    int64_t padded() const { return round_up((places + wide - 1) * chunk); }
    int64_t line() const { return round_up(places * chunk); }
    static int64_t round_up(int64_t n) { return (n + 15) / 16 * 16; }
    void need(const Args &a, int64_t of_thread) {
        thread_elements = of_thread;
        scratch_bytes = static_cast<size_t>(of_thread * a.device.threads) * sizeof(T);
    }

    // Calls f(first element, elements of a place, first row, last row, scratch) for bands of rows.
    template <class F> void bands(const Buffers &b, const F &f) const {
        const int64_t least = std::max<int64_t>(high == 1 ? 1 : 8, 2 * high);
        const int64_t wanted = 8 * Pool::share() / std::max<int64_t>(1, planes * chunks);
        const int64_t bands = std::max<int64_t>(1, std::min(rows / least, wanted));
        int64_t n = planes * chunks * bands;
        parallel(n, 1, elements() < (1 << 13) ? n + 1 : 0, [&](int64_t from, int64_t to) {
            T *own = static_cast<T *>(b.scratch) + Pool::me() * thread_elements;
            for (int64_t i = from; i < to; i++) {
                const int64_t band = i % bands, c = i / bands % chunks, plane = i / bands / chunks;
                f(plane * rows * places * step + c * chunk, std::min(chunk, inner - c * chunk), rows * band / bands,
                  rows * (band + 1) / bands, own);
            }
        });
    }

    // Calls f(where in a packed row, where in the tensor's row, length) for what is contiguous in both.
    template <class F> void runs(int64_t of_place, const F &f) const {
        if (of_place == step) return f(0, 0, places * of_place);
        for (int64_t p = 0; p < places; p++) f(p * of_place, p * step, of_place);
    }

    // Zeros before and after a packed row.
    void margins(T *padded, int64_t left, int64_t right, int64_t of_place) const {
        std::fill(padded, padded + left * of_place, T(0));
        std::fill(padded + (left + places) * of_place, padded + (left + places + right) * of_place, T(0));
    }

    // Sums over `wide` places of a padded row.
    void across(const T *__restrict in, T *__restrict out, int64_t of_place) const {
        const int64_t n = places * of_place, s = of_place;
        if (wide == 3) {
            for (int64_t i = 0; i < n; i++) out[i] = in[i] + in[i + s] + in[i + 2 * s];
        } else if (wide == 5) {
            for (int64_t i = 0; i < n; i++) out[i] = in[i] + in[i + s] + in[i + 2 * s] + in[i + 3 * s] + in[i + 4 * s];
        } else {
            for (int64_t i = 0; i < n; i++) out[i] = in[i];
            for (int64_t j = 1; j < wide; j++) {
                const T *__restrict more = in + j * s;
                for (int64_t i = 0; i < n; i++) out[i] += more[i];
            }
        }
    }

    // d of a row; column is a padded row for sums along the columns, its margins zero.
    void denominators(const T *plane, int64_t row, int64_t of_place, T *column, T *__restrict d) const {
        const int64_t pitch = places * step, from = std::max<int64_t>(0, row - (high == 1 ? 0 : before));
        const int64_t to = std::min(rows, row - (high == 1 ? 0 : before) + high);
        runs(of_place, [&](int64_t at, int64_t place, int64_t n) {
            T *__restrict sum = column + before * of_place + at;
            const T *__restrict a = plane + from * pitch + place;
            const T *__restrict b = a + pitch, *__restrict c = b + pitch;
            if (to - from == 3) {
                for (int64_t i = 0; i < n; i++) sum[i] = a[i] * a[i] + b[i] * b[i] + c[i] * c[i];
                return;
            }
            for (int64_t i = 0; i < n; i++) sum[i] = a[i] * a[i];
            for (int64_t r = from + 1; r < to; r++) {
                a += pitch;
                for (int64_t i = 0; i < n; i++) sum[i] += a[i] * a[i];
            }
        });
        across(column, d, of_place);
        const T f = factor, s = shift;
        for (int64_t i = 0, n = places * of_place; i < n; i++) d[i] = s + f * d[i];
    }
};

template <class T> struct Lrn : Neighbourhoods<T> {
    explicit Lrn(Args &a) : Neighbourhoods<T>(a) { this->need(a, this->padded() + 2 * this->line()); }

    void run(const Buffers &b) const override {
        this->bands(b, [&](int64_t first, int64_t of_place, int64_t from, int64_t to, T *own) {
            T *column = own, *d = column + this->padded(), *inverse = d + this->line();
            this->margins(column, this->before, this->wide - 1 - this->before, of_place);
            const T *x = b.input<T>(0) + first;
            T *y = b.output<T>(0) + first;
            for (int64_t row = from; row < to; row++) {
                this->denominators(x, row, of_place, column, d);
                inverse_powers(this->places * of_place, d, inverse, this->power);
                const int64_t start = row * this->places * this->step;
                this->runs(of_place, [&](int64_t at, int64_t place, int64_t n) {
                    const T *__restrict in = x + start + place, *__restrict t = inverse + at;
                    T *__restrict out = y + start + place;
                    for (int64_t i = 0; i < n; i++) out[i] = in[i] * t[i];
                });
            }
        });
    }
};

// dx = dy / d^power - 2 · power · scale/n · x · (sum of dy·y/d over the elements that have this one as neighbour).
template <class T> struct LrnGradient : Neighbourhoods<T> {
    T outer;
    explicit LrnGradient(Args &a) : Neighbourhoods<T>(a) {
        outer = static_cast<T>(2 * this->power * static_cast<double>(this->factor));
        this->need(a, 2 * this->padded() + (2 * this->high + 1) * this->line());
    }

    // What a thread holds: of the last `high` rows d^-power and dy·y/d.
    struct Own {
        T *column, *shares, *d, *inverse, *ring;
    };

    void run(const Buffers &b) const override {
        this->bands(b, [&](int64_t first, int64_t of_place, int64_t from, int64_t to, T *own) {
            const int64_t line = this->line(), before = this->before, after = this->wide - 1 - before;
            Own o{own, own + this->padded(), own + 2 * this->padded(), nullptr, nullptr};
            o.inverse = o.d + line;
            o.ring = o.inverse + this->high * line;
            this->margins(o.column, before, after, of_place);
            this->margins(o.shares, after, before, of_place);
            const int64_t up = this->high == 1 ? 0 : after, down = this->high == 1 ? 0 : before;
            int64_t next = std::max<int64_t>(0, from - up);
            for (int64_t row = from; row < to; row++) {
                for (; next < std::min(this->rows, row + down + 1); next++) prepare(b, first, of_place, next, o);
                finish(b, first, of_place, row, std::max<int64_t>(0, row - up), next, o);
            }
        });
    }

    void prepare(const Buffers &b, int64_t first, int64_t of_place, int64_t row, const Own &o) const {
        this->denominators(b.input<T>(0) + first, row, of_place, o.column, o.d);
        const int64_t start = first + row * this->places * this->step, slot = row % this->high * this->line();
        inverse_powers(this->places * of_place, o.d, o.inverse + slot, this->power);
        this->runs(of_place, [&](int64_t at, int64_t place, int64_t n) {
            const T *__restrict y = b.input<T>(1) + start + place, *__restrict dy = b.input<T>(2) + start + place;
            const T *__restrict d = o.d + at;
            T *__restrict share = o.ring + slot + at;
            for (int64_t i = 0; i < n; i++) share[i] = dy[i] * y[i] / d[i];
        });
    }

    void finish(const Buffers &b, int64_t first, int64_t of_place, int64_t row, int64_t from, int64_t to,
                const Own &o) const {
        const int64_t all = this->places * of_place, line = this->line();
        T *__restrict sum = o.shares + (this->wide - 1 - this->before) * of_place;
        std::copy(o.ring + from % this->high * line, o.ring + from % this->high * line + all, sum);
        for (int64_t r = from + 1; r < to; r++) {
            const T *__restrict more = o.ring + r % this->high * line;
            for (int64_t i = 0; i < all; i++) sum[i] += more[i];
        }
        this->across(o.shares, o.d, of_place);
        const int64_t start = first + row * this->places * this->step, slot = row % this->high * line;
        this->runs(of_place, [&](int64_t at, int64_t place, int64_t n) {
            const T *__restrict x = b.input<T>(0) + start + place, *__restrict dy = b.input<T>(2) + start + place;
            const T *__restrict t = o.inverse + slot + at, *__restrict s = o.d + at;
            T *__restrict dx = b.output<T>(0) + start + place;
            const T f = outer;
            for (int64_t i = 0; i < n; i++) dx[i] = dy[i] * t[i] - f * x[i] * s[i];
        });
    }
};

}  // namespace

PlanPtr lrn(Args &a) { return of_type<Lrn>(a); }
PlanPtr lrn_gradient(Args &a) { return of_type<LrnGradient>(a); }

}  // namespace mocha
