package org.mocha4j.solvers;

import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;

/** The standard solvers: update rules, policies of rate and momentum, gradient rules. */
public final class SolversPlugin implements Plugin {
    @Override
    public PluginInfo info() {
        return PluginInfo.of(SolversPlugin.class, "",
                "Standard solvers: update rules, policies of rate and momentum, gradient rules");
    }

    @Override
    public void register(Registrar r) {
        r.types(SGD.class, Nesterov.class, AdaGrad.class, AdaDelta.class, RMSProp.class, Adam.class);
        r.types(Fixed.class, Step.class, Exp.class, Inv.class, Linear.class, Multistep.class, Poly.class, Sigmoid.class,
                Cosine.class, Staged.class, DecayOnValidation.class);
        r.types(ClipByGlobalNorm.class);
    }
}
