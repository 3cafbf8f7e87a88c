package org.mocha4j.cuda.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.DataType;
import org.mocha4j.api.ops.Add;
import org.mocha4j.api.ops.Exp;
import org.mocha4j.cuda.internal.Command;
import org.mocha4j.cuda.internal.Launch;
import org.mocha4j.cuda.internal.Queue;

class ElementGroupTest {
    private static final ElementCode EXP = code(false);
    private static final long STATUS = 1 << 20;

    private static ElementCode code(boolean predicated) {
        ElementSource s = new ElementSource(1, Set.of());
        s.instruction(new Exp(), List.of(0));
        return s.code(List.of(1), predicated);
    }

    private static Elements exp(long n, long from, long to) {
        return new Elements("exp", EXP, DataType.FLOAT32, n, List.of(from, to), 0);
    }

    private static List<String> joined(List<? extends Command> commands) {
        return ElementGroup.join(new ArrayList<>(commands)).stream()
                .map(c -> c instanceof Launch l ? l.source().name() + " on " + l.blocks() : "other").toList();
    }

    @Test
    void manyTensorsAreOneKernelWithASectionForEachCode() {
        ElementSource sum = new ElementSource(2, Set.of(1));
        sum.instruction(new Add(), List.of(0, 1));
        assertEquals("""

                struct Tensors {
                    whole count;
                    whole first[8], size[8], code[8];
                    void *at[8][3];
                };

                KERNEL elements(const whole *status, Tensors t) {
                    int k = 0, end = (int)t.count;
                    while (end - k > 1) {
                        const int middle = (k + end) / 2;
                        if (t.first[middle] <= (whole)blockIdx.x) k = middle;
                        else end = middle;
                    }
                    const whole from = ((whole)blockIdx.x - t.first[k]) * 1024, end_of = from + 1024;
                    const whole to = end_of < t.size[k] ? end_of : t.size[k];
                    switch (t.code[k]) {
                    case 0: {
                        if (!clear(status)) return;
                        const real *x0 = (const real *)t.at[k][0];
                        const real *x1 = (const real *)t.at[k][1];
                        real *y0 = (real *)t.at[k][2];
                        for (whole i = from + threadIdx.x; i < to; i += blockDim.x) {
                            const real v0 = x0[i];
                            const real v1 = x1[0];
                            const real v2 = v0 + v1;
                            y0[i] = v2;
                        }
                        break;
                    }
                    case 1: {
                        const real *x0 = (const real *)t.at[k][0];
                        real *y0 = (real *)t.at[k][1];
                        for (whole i = from + threadIdx.x; i < to; i += blockDim.x) {
                            const real v0 = x0[i];
                            const real v1 = exp(v0);
                            y0[i] = v1;
                        }
                        break;
                    }
                    }
                }
                """, ElementCode.kernel(List.of(sum.code(List.of(2), true), EXP), 8, 3, 1024));
    }

    @Test
    void aPredicatedPassLooksAtTheStatusWordFirst() {
        assertEquals("""

                KERNEL elements(whole n, const whole *status, const real *x0, real *y0) {
                    if (!clear(status)) return;
                    EACH(i, n) {
                        const real v0 = x0[i];
                        const real v1 = exp(v0);
                        y0[i] = v1;
                    }
                }
                """, code(true).kernel());
    }

    @Test
    void passesThatDoNotNeedEachOtherAreOneLaunch() {
        assertEquals(List.of("3 passes on 4"), joined(List.of(exp(1025, 0, 8000), exp(5, 0, 16_000),
                exp(1024, 20_000, 20_000))));
        assertEquals(List.of("exp on 1"), joined(List.of(exp(5, 0, 8000))));
        assertEquals(List.of(), joined(List.of(exp(0, 0, 8000))));
    }

    @Test
    void aPassThatNeedsAnotherComesAfterIt() {
        assertEquals(List.of("exp on 1", "exp on 1"), joined(List.of(exp(10, 0, 100), exp(10, 139, 200))));
        assertEquals(List.of("2 passes on 2"), joined(List.of(exp(10, 0, 100), exp(10, 140, 200))));
        assertEquals(List.of("exp on 1", "exp on 1"), joined(List.of(exp(10, 0, 100), exp(10, 200, 0))));
        assertEquals(List.of("exp on 1", "exp on 1"), joined(List.of(exp(10, 0, 100), exp(10, 200, 100))));
        ElementSource repeated = new ElementSource(1, Set.of(0));
        ElementCode code = repeated.code(List.of(0), false);
        Elements before = new Elements("single", code, DataType.FLOAT32, 10, List.of(96L, 1000L), 0);
        assertEquals(List.of("2 passes on 2"), joined(List.of(exp(10, 0, 100), before)));
        Elements within = new Elements("single", code, DataType.FLOAT32, 10, List.of(136L, 1000L), 0);
        assertEquals(List.of("exp on 1", "single on 1"), joined(List.of(exp(10, 0, 100), within)));
    }

    @Test
    void otherCommandsTypesAndStatusWordsAreBetween() {
        Command other = new Command() {
            @Override
            public void issue(Queue q) {
            }
        };
        assertEquals(List.of("exp on 1", "other", "exp on 1"), joined(List.of(exp(10, 0, 100), other, exp(10, 0, 200))));
        Elements twofold = new Elements("exp", EXP, DataType.FLOAT64, 10, List.of(1000L, 2000L), 0);
        assertEquals(List.of("exp on 1", "exp on 1"), joined(List.of(exp(10, 0, 100), twofold)));
        Elements a = new Elements("a", code(true), DataType.FLOAT32, 10, List.of(0L, 100L), STATUS);
        Elements b = new Elements("b", code(true), DataType.FLOAT32, 10, List.of(200L, 300L), STATUS + 32);
        assertEquals(List.of("a on 1", "b on 1"), joined(List.of(a, b)));
        assertEquals(List.of("2 passes on 2"), joined(List.of(a, exp(10, 200, 300))));
    }

    @Test
    void moreTensorsThanArgumentsHaveRoomForAreSeveralLaunches() {
        List<Elements> many = IntStream.range(0, 205).mapToObj(i -> exp(1, 1000 + 8 * i, 100_000 + 8 * i))
                .toList();
        assertEquals(List.of("102 passes on 102", "102 passes on 102", "exp on 1"), joined(many));
    }
}
