package org.mocha4j.runtime.train;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mocha4j.api.DataException;
import org.mocha4j.api.HostTensor;
import org.mocha4j.runtime.StatusReport;
import org.mocha4j.runtime.Tensors;
import org.mocha4j.runtime.Training;

/** What the loop needs of a {@link Training}; its methods are explained there. */
interface Steps extends AutoCloseable {
    void accumulate(List<List<HostTensor>> batch, long step, int index);

    void apply(long iteration);

    double objective();

    Optional<StatusReport> status();

    default Optional<StatusReport> known() {
        return status();
    }

    DataException explain(StatusReport r, List<List<HostTensor>> batch, long step);

    Tensors slots();

    void set(String blob, HostTensor value);

    void freeze(Set<String> layers);

    Set<String> freezable();

    @Override
    void close();

    static Steps of(Training t) {
        return new Steps() {
            @Override
            public void accumulate(List<List<HostTensor>> batch, long step, int index) {
                t.accumulate(batch, step, index);
            }

            @Override
            public void apply(long iteration) {
                t.apply(iteration);
            }

            @Override
            public double objective() {
                return t.objective();
            }

            @Override
            public Optional<StatusReport> status() {
                return t.status();
            }

            @Override
            public Optional<StatusReport> known() {
                return t.known();
            }

            @Override
            public DataException explain(StatusReport r, List<List<HostTensor>> batch, long step) {
                return t.explain(r, batch, step);
            }

            @Override
            public Tensors slots() {
                return t.slots();
            }

            @Override
            public void set(String blob, HostTensor value) {
                t.set(blob, value);
            }

            @Override
            public void freeze(Set<String> layers) {
                t.freeze(layers);
            }

            @Override
            public Set<String> freezable() {
                return t.freezable();
            }

            @Override
            public void close() {
                t.close();
            }
        };
    }
}
