// Matrix products of one thread by OpenBLAS, for both types.
#pragma once
#include "plan.h"
#include <cstdint>
#include <initializer_list>

extern "C" {
void cblas_sgemm(int order, int ta, int tb, int m, int n, int k, float alpha, const float *a, int lda, const float *b, int ldb,
                 float beta, float *c, int ldc);
void cblas_dgemm(int order, int ta, int tb, int m, int n, int k, double alpha, const double *a, int lda, const double *b, int ldb,
                 double beta, double *c, int ldc);
void openblas_set_num_threads(int n);
char *openblas_get_config();
}

namespace mocha {

// OpenBLAS has threads of its own, which this library never uses: work is cut before.
inline void single_threaded_blas() {
    static const bool done = (openblas_set_num_threads(1), true);
    (void)done;
}

// OpenBLAS takes rows and columns in 32 bits; for plans, before they run.
inline void require_extents(std::initializer_list<int64_t> extents) {
    for (int64_t e : extents)
        if (e > INT32_MAX)
            throw Error("matrices have at most 2147483647 rows and columns, found " + std::to_string(e) + "; use a smaller batch");
}

// c = a·b + beta·c, row-major, a [m, k] or transposed, b [k, n] or transposed.
inline void gemm(bool ta, bool tb, int64_t m, int64_t n, int64_t k, const float *a, int64_t lda, const float *b, int64_t ldb,
                 float beta, float *c, int64_t ldc) {
    cblas_sgemm(101, ta ? 112 : 111, tb ? 112 : 111, int(m), int(n), int(k), 1, a, int(lda), b, int(ldb), beta, c, int(ldc));
}
inline void gemm(bool ta, bool tb, int64_t m, int64_t n, int64_t k, const double *a, int64_t lda, const double *b, int64_t ldb,
                 double beta, double *c, int64_t ldc) {
    cblas_dgemm(101, ta ? 112 : 111, tb ? 112 : 111, int(m), int(n), int(k), 1, a, int(lda), b, int(ldb), beta, c, int(ldc));
}

}  // namespace mocha
