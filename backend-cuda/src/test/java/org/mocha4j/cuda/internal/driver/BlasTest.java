package org.mocha4j.cuda.internal.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mocha4j.api.DataType;
import org.mocha4j.api.DeviceException;

/** What cuBLAS is asked, by a library that does what its documentation says. */
class BlasTest {
    private static final long WORKSPACE = 4096;
    @TempDir
    static Path folder;
    private NativeLibrary library;

    @BeforeEach
    void load() throws IOException, InterruptedException {
        Path source = folder.resolve("cublas.cpp");
        Path file = folder.resolve("cublas.so");
        if (!Files.exists(file)) {
            try (InputStream in = BlasTest.class.getResourceAsStream("cublas.cpp")) {
                Files.write(source, in.readAllBytes());
            }
            int status;
            try {
                status = new ProcessBuilder("g++", "-std=c++17", "-O1", "-fPIC", "-shared", "-ffp-contract=off", "-o",
                        file.toString(), source.toString()).inheritIO().start().waitFor();
            } catch (IOException e) {
                assumeTrue(false, "no g++, so there is no library to ask");
                return;
            }
            assertEquals(0, status);
        }
        library = NativeLibrary.getInstance(file.toString());
    }

    @AfterEach
    void close() {
        if (library != null) {
            library.close();
        }
    }

    private Blas blas(boolean tf32) {
        Driver d = (Driver) Proxy.newProxyInstance(Driver.class.getClassLoader(), new Class<?>[] {Driver.class},
                (p, m, a) -> m.getName().equals("allocate") ? WORKSPACE : null);
        return new Blas(library, d, tf32);
    }

    private String told() {
        return library.getFunction("fake_told").invokeString(new Object[0], false);
    }

    private static void set(Memory m, DataType t, long i, double v) {
        if (t == DataType.FLOAT32) {
            m.setFloat(4 * i, (float) v);
        } else {
            m.setDouble(8 * i, v);
        }
    }

    private static double get(Memory m, DataType t, long i) {
        return t == DataType.FLOAT32 ? m.getFloat(4 * i) : m.getDouble(8 * i);
    }

    private static Memory filled(DataType t, long n, int seed) {
        Memory m = new Memory(n * t.bytes());
        for (long i = 0; i < n; i++) {
            set(m, t, i, (i * 7 + seed) % 11 - 5);
        }
        return m;
    }

    private static double expected(Product p, Memory a, Memory b, int s, int i, int j) {
        double sum = 0;
        for (int e = 0; e < p.k(); e++) {
            long at = s * p.sizeA() + (p.transposeA() ? (long) e * p.m() + i : (long) i * p.k() + e);
            long bt = s * p.sizeB() + (p.transposeB() ? (long) j * p.k() + e : (long) e * p.n() + j);
            sum += get(a, p.type(), at) * get(b, p.type(), bt);
        }
        return sum;
    }

    private static void check(Blas blas, Product p) {
        try (Memory a = filled(p.type(), p.batch() * p.sizeA(), 1);
                Memory b = filled(p.type(), p.batch() * p.sizeB(), 2);
                Memory y = filled(p.type(), p.batch() * p.sizeY(), 3)) {
            set(y, p.type(), 0, Double.NaN);
            blas.multiply(p, Pointer.nativeValue(a), Pointer.nativeValue(b), Pointer.nativeValue(y),
                    new Pointers.Stream());
            for (int s = 0; s < p.batch(); s++) {
                for (int i = 0; i < p.m(); i++) {
                    for (int j = 0; j < p.n(); j++) {
                        assertEquals(expected(p, a, b, s, i, j), get(y, p.type(), s * p.sizeY() + (long) i * p.n() + j),
                                p + " at " + i + ", " + j);
                    }
                }
            }
        }
    }

    @Test
    void rowMajorProductsAreAskedForByColumns() {
        Blas blas = blas(false);
        for (DataType t : new DataType[] {DataType.FLOAT32, DataType.FLOAT64}) {
            for (int batch : new int[] {1, 3}) {
                for (int transposed = 0; transposed < 4; transposed++) {
                    check(blas, new Product(t, batch, 2, 5, 3, transposed % 2 == 1, transposed / 2 == 1));
                    check(blas, new Product(t, batch, 1, 1, 4, transposed % 2 == 1, transposed / 2 == 1));
                }
            }
        }
        blas.close();
    }

    @Test
    void theStreamComesBeforeTheWorkspaceWhichItTakesAway() {
        Blas blas = blas(false);
        check(blas, new Product(DataType.FLOAT32, 1, 2, 2, 2, false, false));
        blas.close();
        assertEquals("create stream 0 workspace 4096 of 33554432 destroy", told());
    }

    @Test
    void factorsAreRoundedOnlyIfThatIsAskedFor() {
        blas(true).close();
        assertEquals("create math 3 destroy", told());
        blas(false).close();
        assertEquals("create destroy", told());
        assertEquals("13.1.0", blas(false).version());
    }

    @Test
    void aFailureNamesTheCallAndTheLibrarysWords() {
        Blas blas = blas(false);
        assertEquals("cuda: cublasSgemm_v2: CUBLAS_STATUS_INVALID_VALUE", assertThrows(DeviceException.class,
                () -> blas.multiply(new Product(DataType.FLOAT32, 1, -1, 1, 1, false, false), 0, 0, 0,
                        new Pointers.Stream())).getMessage());
        blas.close();
    }
}
