// The functions of cuBLAS that are used, as its documentation has them: matrices by columns. What they are told is a
// text.
#include <cstddef>
#include <cstring>
#include <string>

static std::string told;
static int object;

template <class T>
static int gemm(void *handle, int ta, int tb, int m, int n, int k, const T *alpha, const T *a, int lda, const T *b,
        int ldb,
                const T *beta, T *c, int ldc) {
    const int rows_a = ta ? k : m, rows_b = tb ? n : k;
    if (handle != &object || m < 0 || n < 0 || k < 0 || lda < rows_a || ldb < rows_b || ldc < m) return 7;
    for (int j = 0; j < n; j++)
        for (int i = 0; i < m; i++) {
            T sum = 0;
            for (int e = 0; e < k; e++) sum += a[ta ? i * lda + e : e * lda + i] * b[tb ? e * ldb + j : j * ldb + e];
            c[j * ldc + i] = *alpha * sum + (*beta == 0 ? 0 : *beta * c[j * ldc + i]);
        }
    return 0;
}

template <class T>
static int batched(void *handle, int ta, int tb, int m, int n, int k, const T *alpha, const T *a, int lda, long long
        stride_a,
                   const T *b, int ldb, long long stride_b, const T *beta, T *c, int ldc, long long stride_c, int
                           count) {
    for (int s = 0; s < count; s++) {
        const int r = gemm(handle, ta, tb, m, n, k, alpha, a + s * stride_a, lda, b + s * stride_b, ldb, beta, c + s
                * stride_c,
                           ldc);
        if (r) return r;
    }
    return 0;
}

extern "C" {
const char *fake_told() { return told.c_str(); }
int cublasCreate_v2(void **handle) { return *handle = &object, told = "create", 0; }
int cublasDestroy_v2(void *) { return told += " destroy", 0; }
int cublasGetVersion_v2(void *, int *version) { return *version = 130100, 0; }
const char *cublasGetStatusString(int) { return "CUBLAS_STATUS_INVALID_VALUE"; }
int cublasSetMathMode(void *, int mode) { return told += " math " + std::to_string(mode), 0; }
int cublasSetStream_v2(void *, void *stream) { return told += " stream " + std::to_string((size_t)stream), 0; }
int cublasSetWorkspace_v2(void *, void *at, size_t bytes) {
    return told += " workspace " + std::to_string((size_t)at) + " of " + std::to_string(bytes), 0;
}
int cublasSgemm_v2(void *h, int ta, int tb, int m, int n, int k, const float *alpha, const float *a, int lda, const
        float *b,
                   int ldb, const float *beta, float *c, int ldc) {
    return gemm(h, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
int cublasDgemm_v2(void *h, int ta, int tb, int m, int n, int k, const double *alpha, const double *a, int lda,
                   const double *b, int ldb, const double *beta, double *c, int ldc) {
    return gemm(h, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
int cublasSgemmStridedBatched(void *h, int ta, int tb, int m, int n, int k, const float *alpha, const float *a, int lda,
                              long long sa, const float *b, int ldb, long long sb, const float *beta, float *c, int ldc,
                              long long sc, int count) {
    return batched(h, ta, tb, m, n, k, alpha, a, lda, sa, b, ldb, sb, beta, c, ldc, sc, count);
}
int cublasDgemmStridedBatched(void *h, int ta, int tb, int m, int n, int k, const double *alpha, const double *a, int
        lda,
                              long long sa, const double *b, int ldb, long long sb, const double *beta, double *c,
                                      int ldc,
                              long long sc, int count) {
    return batched(h, ta, tb, m, n, k, alpha, a, lda, sa, b, ldb, sb, beta, c, ldc, sc, count);
}
}
