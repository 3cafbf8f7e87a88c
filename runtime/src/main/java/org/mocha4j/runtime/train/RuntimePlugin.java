package org.mocha4j.runtime.train;

import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;

/** The runtime's own coffee breaks. */
public final class RuntimePlugin implements Plugin {
    @Override
    public PluginInfo info() {
        return new PluginInfo("", "0.1.0", "Coffee breaks: summary, validation, snapshots, early stopping, statistics");
    }

    @Override
    public void register(Registrar r) {
        r.types(TrainingSummary.class, Snapshot.class, BestSnapshot.class, ValidationPerformance.class, EarlyStopping.class,
                CoffeeLounge.class);
    }
}
