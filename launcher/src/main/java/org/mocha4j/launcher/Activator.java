package org.mocha4j.launcher;

import java.io.PrintWriter;
import java.util.Hashtable;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.mocha4j.launcher.command.Mocha;
import org.mocha4j.launcher.command.Host;
import org.mocha4j.runtime.PluginSource;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Offers the command line to the boot program outside the framework, as a service of types that both sides know. */
public final class Activator implements BundleActivator {
    @Override public void start(BundleContext context) {
        ToIntFunction<String[]> command = args -> new Mocha(host(context)).run(args);
        context.registerService(ToIntFunction.class, command, new Hashtable<>(Map.of("mocha.command", true)));
    }

    @Override public void stop(BundleContext context) { }

    private static Host host(BundleContext context) {
        ServiceReference<PluginSource> source = context.getServiceReference(PluginSource.class);
        return new Host(context.getService(source), failures(context),
            new PrintWriter(System.out, true), new PrintWriter(System.err, true), System.getenv());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Throwable> failures(BundleContext context) {
        try {
            ServiceReference<?>[] found = context.getServiceReferences(Map.class.getName(), "(mocha.failures=true)");
            return found == null ? Map.of() : (Map<String, Throwable>) context.getService(found[0]);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
