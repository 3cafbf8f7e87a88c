// Stands after a source of kernels: calls them by name. KERNELS lists them as X(name); TOGETHER says whether threads wait
// for each other.
template <unsigned... I> struct Numbers {};
template <class... A> constexpr unsigned place(unsigned i) {
    const unsigned words[] = {unsigned((sizeof(A) + 7) / 8)..., 0};
    unsigned n = 0;
    for (unsigned k = 0; k < i; k++) n += words[k];
    return n;
}
template <class A> A taken(const long long *words) {
    A a;
    __builtin_memcpy(&a, words, sizeof a);
    return a;
}
template <class... A, unsigned... I> void called(void (*f)(A...), const long long *words, Numbers<I...>) {
    f(taken<A>(words + place<A...>(I))...);
}
template <class... A> void called(void (*f)(A...), const long long *words) {
    called(f, words, Numbers<__integer_pack(sizeof...(A))...>());
}
template <class... A> constexpr unsigned words_of(void (*)(A...)) { return place<A...>(sizeof...(A)); }

#define X(name) \
    static void call_##name(const long long *words) { called(name, words); }
KERNELS
#undef X

// How many words its arguments have; -1 for an unknown kernel.
extern "C" int simulate_words(const char *name) {
#define X(k) \
    if (!__builtin_strcmp(name, #k)) return (int)words_of(k);
    KERNELS
#undef X
    return -1;
}

extern "C" void simulate(const char *name, unsigned blocks, unsigned threads, const long long *words, void (*wait)(),
                         void (*run)(void (*)(const long long *), const long long *, unsigned, unsigned *)) {
    void (*f)(const long long *) = nullptr;
#define X(k) \
    if (!__builtin_strcmp(name, #k)) f = call_##k;
    KERNELS
#undef X
    barrier = wait;
    together = run;
    if (TOGETHER) threads = THREADS;
    gridDim = {blocks, 1, 1};
    blockDim = {threads, 1, 1};
    for (blockIdx = {0, 0, 0}; blockIdx.x < blocks; blockIdx.x++) {
        if (TOGETHER) {
            together(f, words, threads, &threadIdx.x);
            continue;
        }
        for (threadIdx = {0, 0, 0}; threadIdx.x < threads; threadIdx.x++) f(words);
    }
}
