// The numbers of org.mocha4j.api.Philox: Philox 4x32-10.
struct Words {
    unsigned v[4];
};

DEVICE Words philox(natural key, natural step, natural block) {
    unsigned c0 = (unsigned)block, c1 = (unsigned)(block >> 32), c2 = (unsigned)step, c3 = (unsigned)(step >> 32);
    unsigned k0 = (unsigned)key, k1 = (unsigned)(key >> 32);
    for (int round = 0; round < 10; round++) {
        const natural p0 = (natural)0xD2511F53u * c0, p1 = (natural)0xCD9E8D57u * c2;
        c0 = (unsigned)(p1 >> 32) ^ c1 ^ k0;
        c1 = (unsigned)p1;
        c2 = (unsigned)(p0 >> 32) ^ c3 ^ k1;
        c3 = (unsigned)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    Words w = {{c0, c1, c2, c3}};
    return w;
}

// A number from 0 to below 1, exact in float.
DEVICE double unit(unsigned word) { return (double)(word >> 8) * (1.0 / 16777216); }

// smallest + width · u; each thread makes the four numbers of a counter. counters: seed, step.
KERNEL uniform(whole n, natural key, double smallest, double width, const natural *counters, real *y) {
    EACH(b, (n + 3) / 4) {
        const Words w = philox(counters[0] ^ key, counters[1], (natural)b);
        for (int k = 0; k < 4; k++)
            if (4 * b + k < n) y[4 * b + k] = (real)(smallest + width * unit(w.v[k]));
    }
}

// mean + deviation · z by Box and Muller in double; each thread makes the two numbers of a counter.
KERNEL normal(whole n, natural key, double mean, double deviation, const natural *counters, real *y) {
    EACH(b, (n + 1) / 2) {
        const Words w = philox(counters[0] ^ (key + 1), counters[1], (natural)b);
        for (int k = 0; k < 2; k++) {
            if (2 * b + k >= n) continue;
            const double radius = sqrt(-2 * log(1 - unit(w.v[2 * k])));
            y[2 * b + k] = (real)(mean + deviation * (radius * cos(6.283185307179586 * unit(w.v[2 * k + 1]))));
        }
    }
}
